"""Forms of watchlists and matches: upload, filters, and the decision on a match."""

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.sanctions.models import Watchlist, WatchlistMatch
from workflow.http.forms import DayField
from workflow.input_limits import MAX_TEXT_LENGTH


class MatchFilterForm(forms.Form):
    """Form that filters the worklist."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("Name in any script, or reference."))
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("any")), *WatchlistMatch.Status.choices], required=False
    )


class MatchReviewForm(forms.Form):
    """Form for the written reasons of a decision."""

    reason = forms.CharField(
        label=_("Written explanation"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_TEXT_LENGTH,
        help_text=_("What you compared (address, number, owners, date of birth) and where you checked."),
    )


class WatchlistUploadForm(forms.Form):
    """Form for a watchlist file and the facts about it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX (up to 10 MB) with a “Name” column, or XML (up to 40 MB) as published by "
            "the United Nations, the European Union, OFAC or Canada."
        ),
    )
    name = forms.CharField(
        label=_("List name"), max_length=200, help_text=_("The same name for every version.")
    )
    kind = forms.ChoiceField(label=_("List type"), choices=Watchlist.Kind.choices)
    publisher = forms.CharField(label=_("Publisher"), max_length=200)
    source = forms.URLField(
        label=_("Source of the list"),
        max_length=600,
        assume_scheme="https",
        help_text=_("Link to the file."),
    )
    published_on = DayField(label=_("List date"))
    replaces = forms.ModelChoiceField(
        Watchlist.objects.in_force().order_by("name", "pk"),
        label=_("Newer version of"),
        required=False,
        empty_label=_("– none: this is a separate list –"),
    )


class WatchlistFilterForm(forms.Form):
    """Form that filters the watchlists."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("List name, publisher or reference."))
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("any")), *Watchlist.Status.choices], required=False
    )


class EntryFilterForm(forms.Form):
    """Form that filters the names on a watchlist."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("Name in any script, or number."))
