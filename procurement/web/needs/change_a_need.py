"""Changing a need that is posted or still a draft: its own facts, and how many of each line; everything else stays as it is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.catalogue.models.facts import Receiver, Use
from procurement.requests.actions import needs
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import says_the_same
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, QuantityField


class ReceiversField(forms.MultipleChoiceField):
    """Who will use the goods: one kind of place or several."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Who will use the goods"),
            choices=Receiver.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "Tick every kind of place. If one of them treats patients, the goods count as medical."
            ),
            error_messages={"required": _("Say who will use the goods: customs declarations rest on it.")},
        )


class Change(Edit):
    """What partners were told, and how much of each line."""

    title = forms.CharField(label=_("Title"), max_length=160)
    declared_use = forms.ChoiceField(label=_("Declared use"), choices=Use.choices, widget=forms.RadioSelect)
    facility_kinds = ReceiversField()
    needed_by = DayField(label=_("Needed by"), required=False)
    deliver_to = forms.CharField(label=_("Deliver to"), max_length=300, required=False)
    notes = forms.CharField(
        label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )

    def __init__(self, data: Any, need: SupplyRequest) -> None:
        self.lines = list(need.lines.select_related("product").order_by("position"))
        super().__init__(data, initial={name: getattr(need, name) for name in self.base_fields})
        self.fields["reason"] = forms.CharField(
            label=_("Why it changes"),
            required=False,
            max_length=LONGEST_WORDS,
            help_text=_("Everyone who was asked is told."),
        )
        for line in self.lines:
            self.fields[f"quantity{line.pk}"] = QuantityField(
                label=_("%(product)s: quantity in %(unit)s")
                % {"product": line.product.name, "unit": line.product.get_unit_display()},
                min_value=1,
                initial=line.quantity,
            )

    def clean(self) -> dict[str, Any]:
        """The facts of the need by their names, and `quantities`: how many of each line, by position."""
        facts = super().clean() or {}
        quantities = [facts.pop(f"quantity{line.pk}", None) for line in self.lines]
        return facts | {"quantities": quantities}


def change(
    request: Visit, need: SupplyRequest, *, quantities: list[int], reason: str = "", **facts: Any
) -> SupplyRequest:
    """Change what differs, all of it or nothing."""
    at = clock.now()
    differing = {name: value for name, value in facts.items() if not says_the_same(need, name, value)}
    lines = list(need.lines.order_by("position"))
    recounted = [line.quantity for line in lines] != quantities
    if differing or not recounted:
        needs.edit(need, by=request.by, at=at, reason=reason, **differing)
    if recounted:
        told = [as_it_is(line, quantity=pieces) for line, pieces in zip(lines, quantities, strict=True)]
        set_lines(need, told, by=request.by, at=at, reason=reason)
    return need


def as_it_is(line: RequestLine, **changed: Any) -> LineFacts:
    """A line's facts as they stand, but for those that change."""
    names = (
        "product",
        "quantity",
        "needed_by",
        "max_unit_price",
        "currency",
        "days_left",
        "priority",
        "alternatives_allowed",
    )
    known = {name: getattr(line, name) for name in names}
    return LineFacts(**{**known, "standards": list(line.standards.all()), **changed})
