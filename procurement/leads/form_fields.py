"""Form fields of the terms of an offer or order."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INCOTERMS: dict[str, str | Promise] = {
    "EXW": _("EXW, ex works"),
    "FCA": _("FCA, free carrier"),
    "FAS": _("FAS, free alongside ship"),
    "FOB": _("FOB, free on board"),
    "CFR": _("CFR, cost and freight"),
    "CIF": _("CIF, cost, insurance and freight"),
    "CPT": _("CPT, carriage paid to"),
    "CIP": _("CIP, carriage and insurance paid to"),
    "DAP": _("DAP, delivered at place"),
    "DPU": _("DPU, delivered at place unloaded"),
    "DDP": _("DDP, delivered duty paid"),
}  # Incoterms 2020 of the International Chamber of Commerce, from the least to the most that the seller does


class IncotermField(forms.ChoiceField):
    """Field that chooses an Incoterms 2020 rule. `add_stored_choice` adds a stored value of another edition to the choices."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Incoterms rule"))
        listed: list[tuple[str, Any]] = [("", _("Not stated")), *INCOTERMS.items()]
        super().__init__(choices=listed, required=False, **kwargs)

    def add_stored_choice(self, value: str) -> None:
        """Add a stored value that is not on the list."""
        if value and value not in INCOTERMS:
            listed: list[tuple[str, Any]] = [("", _("Not stated")), *INCOTERMS.items(), (value, value)]
            self.choices = listed
