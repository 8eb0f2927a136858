"""Form that asks whether a new supplier is one of the similar suppliers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.suppliers.actions.duplicate_search import PossibleDuplicate
from procurement.suppliers.models.suppliers import Supplier
from workflow.errors import LazyText

ANOTHER_SUPPLIER = "another"
DUPLICATE_REASONS: dict[str, LazyText] = {
    "number": _("the same registration number"),
    "phone": _("the same phone number"),
    "account": _("the same account"),
    "address": _("the same address"),
    "name": _("the same name"),
    "near": pgettext_lazy("of two companies", "nearly the same name"),
}


class DuplicateForm(forms.Form):
    """Form that asks if a company is one of the similar ones, or another, with the reason."""

    asked = forms.CharField(widget=forms.HiddenInput, initial="1")
    same_as = forms.ChoiceField(label=_("Is it one of these companies?"), widget=forms.RadioSelect)
    another_because = forms.CharField(
        label=_("If not, how do you know that it is a different company?"),
        max_length=300,
        required=False,
        help_text=_("Your explanation is recorded in the company’s history."),
    )

    def __init__(self, data: Any, known: list[PossibleDuplicate]) -> None:
        super().__init__(data if data and "asked" in data else None)
        self.companies = {one.supplier.reference: one.supplier for one in known}
        field = self.fields["same_as"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [
            *((one.supplier.reference, _duplicate_text(one)) for one in known),
            (ANOTHER_SUPPLIER, _("Another company")),
        ]

    def clean(self) -> dict[str, Any]:
        """Require a reason if it is another company."""
        facts = super().clean() or {}
        if facts.get("same_as") == ANOTHER_SUPPLIER and not facts.get("another_because", "").strip():
            self.add_error("another_because", _("Explain how you know that this is a different company."))
        return facts

    @property
    def company(self) -> Supplier | None:
        """Chosen company, or None if it is another."""
        return self.companies.get(self.cleaned_data["same_as"])


def _duplicate_text(one: PossibleDuplicate) -> str:
    """Return the label of a company: its names, and what both have in common."""
    company = one.supplier
    names = " · ".join(name for name in (company.legal_name_local, company.name_en) if name)
    return f"{company.reference} {names}: {', '.join(str(DUPLICATE_REASONS[why]) for why in one.reasons)}"
