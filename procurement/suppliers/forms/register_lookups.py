"""Form of a register lookup: what a register or a manufacturer answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.products import Product
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.rules import register_lookups
from workflow.http.forms import DayField, QuantityField


def _answer_choices() -> list[tuple[str, str]]:
    """Return each answer with the kind of lookup, since the same answer serves several kinds."""
    return [
        (f"{kind}:{answer}", f"{RegisterLookup.Kind(kind).label} – {RegisterLookup.Answer(answer).label}")
        for kind, answers in register_lookups.ANSWERS_BY_KIND.items()
        for answer in answers
    ]


class RegisterLookupForm(forms.Form):
    """Form for a register lookup and its answer."""

    found = forms.ChoiceField(
        label=_("Lookup and answer"), choices=lambda: [("", _("– choose –")), *_answer_choices()]
    )
    party = forms.ChoiceField(label=_("Subject of the lookup"), choices=RegisterLookup.Party.choices)
    address = forms.CharField(
        label=_("Link or number used"),
        max_length=600,
        help_text=_("The web address you opened or the number you called."),
    )
    answered_on = DayField(
        label=_("Date of the answer"), help_text=_("The date you read or heard the answer.")
    )
    since = DayField(
        label=_("Since (date)"),
        required=False,
        help_text=_(
            "Enter the date as the source states it: removal from the list, expiry, or registration of "
            "a web domain."
        ),
    )
    count = QuantityField(
        label=_("Number of units"),
        required=False,
        help_text=_("Only if the manufacturer stated how many units exist."),
    )
    product = forms.ModelChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("Goods concerned"),
        required=False,
        help_text=_("Leave blank if the answer applies to everything the company offers."),
    )
    model = forms.CharField(label=_("Model"), max_length=100, required=False)
    words = forms.CharField(
        label=_("Description"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=register_lookups.MAX_WORDS_LENGTH,
        help_text=_("What you found. Every city in the network can read this."),
    )

    def action_arguments(self) -> dict[str, Any]:
        """Return the arguments of the action."""
        facts = dict(self.cleaned_data)
        facts["kind"], _colon, facts["answer"] = facts.pop("found").partition(":")
        return facts
