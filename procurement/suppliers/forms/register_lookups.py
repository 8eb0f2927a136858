"""Form of a register lookup: what a register or a manufacturer answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.rules import register_lookups
from workflow.http.forms import DayField, QuantityField


def _answers() -> list[tuple[str, str]]:
    """Return each answer with the kind of lookup, since the same answer serves several kinds."""
    return [
        (f"{kind}:{answer}", f"{RegisterLookup.Kind(kind).label} – {RegisterLookup.Answer(answer).label}")
        for kind, answers in register_lookups.ANSWERS.items()
        for answer in answers
    ]


class LookupForm(forms.Form):
    """Form for a register lookup and its answer."""

    found = forms.ChoiceField(
        label=_("What was looked up, and the answer"), choices=lambda: [("", _("choose")), *_answers()]
    )
    whom = forms.ChoiceField(label=_("About whom"), choices=RegisterLookup.Whom.choices)
    address = forms.CharField(
        label=_("Address opened"), max_length=600, help_text=_("The web address, or the number you called.")
    )
    answered_on = DayField(label=_("Day of the answer"), help_text=_("The day you read or heard it."))
    since = DayField(
        label=_("Since which day"),
        required=False,
        help_text=_("As written there: cut from the list on, ended on; of a web domain, registered on."),
    )
    count = QuantityField(
        label=_("How many pieces"), required=False, help_text=_("Where the maker said how many exist.")
    )
    product = forms.ModelChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("For which goods"),
        required=False,
        help_text=_("Open: it counts for all they offer."),
    )
    model = forms.CharField(label=_("Model"), max_length=100, required=False)
    words = forms.CharField(
        label=_("In words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=register_lookups.LONGEST_WORDS,
        help_text=_("What stood there. Every city of the network reads it."),
    )

    def facts(self) -> dict[str, Any]:
        """Return the arguments of the action."""
        facts = dict(self.cleaned_data)
        facts["kind"], _colon, facts["answer"] = facts.pop("found").partition(":")
        return facts
