"""Forms of watchlists and matches: upload, filters, and the decision on a match."""

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.sanctions.models import Watchlist, WatchlistMatch
from workflow.http.forms import DayField
from workflow.input_limits import LONGEST_WORDS


class MatchFilterForm(forms.Form):
    """Form that filters the worklist."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("Name in any script, or reference."))
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("any")), *WatchlistMatch.Status.choices], required=False
    )


class MatchReviewForm(forms.Form):
    """Form for the written reasons of a decision."""

    reason = forms.CharField(
        label=_("In writing"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST_WORDS,
        help_text=_("What you compared: address, number, owners, date of birth, and where you looked."),
    )


class WatchlistUploadForm(forms.Form):
    """Form for a watchlist file and the facts about it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX (10 MB at most) with a column “Name”; or XML (40 MB at most) as the United Nations, the European "
            "Union, OFAC or Canada publish it."
        ),
    )
    name = forms.CharField(
        label=_("Name of the list"), max_length=200, help_text=_("The same for each version of it.")
    )
    kind = forms.ChoiceField(label=_("Kind of list"), choices=Watchlist.Kind.choices)
    publisher = forms.CharField(label=_("Publisher"), max_length=200)
    source = forms.URLField(
        label=_("Where it was taken from"),
        max_length=600,
        assume_scheme="https",
        help_text=_("The address of the file."),
    )
    published_on = DayField(label=_("Day of the list"))
    replaces = forms.ModelChoiceField(
        Watchlist.objects.in_force().order_by("name", "pk"),
        label=_("Newer version of"),
        required=False,
        empty_label=_("– none: it is a list of its own –"),
    )


class WatchlistFilterForm(forms.Form):
    """Form that filters the watchlists."""

    q = forms.CharField(
        label=_("Search"), required=False, help_text=_("Name of the list, publisher or reference.")
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("any")), *Watchlist.Status.choices], required=False
    )


class EntryFilterForm(forms.Form):
    """Form that filters the names on a watchlist."""

    q = forms.CharField(label=_("Search"), required=False, help_text=_("Name in any script, or number."))
