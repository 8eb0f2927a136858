"""Forms of receiving: cartons, goods receipts, discrepancies, the sender's answer, destruction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.form_fields import CurrencyField
from procurement.catalogue.forms import ProductSearchField, product_condition
from procurement.receiving.models import CartonReceipt, Discrepancy
from procurement.receiving.queries import rejected_goods_left
from procurement.receiving.rules.cartons import MAX_PIECES_IN_CARTON, SHORTAGE_LABEL, CartonObservation
from procurement.receiving.rules.discrepancies import MAX_ANSWER_LENGTH
from procurement.receiving.rules.receipts import LotCount
from procurement.receiving.rules.rejected_goods import RejectedGoods
from procurement.shipments.models import Carton, Shipment, ShipmentLine
from procurement.suppliers.models.suppliers import Supplier
from workflow import clock
from workflow.errors import Refused
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DayField, MoneyField, QuantityField
from workflow.http.lists import ListFilterForm, day_range_conditions
from workflow.http.move_forms import ReasonForm
from workflow.input_limits import MAX_TEXT_LENGTH

State = CartonReceipt.State


class ScanLabelForm(forms.Form):
    """Form with a photo of a label, or the number on it."""

    photo = forms.FileField(
        label=_("Photo of the label"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    number = forms.CharField(
        label=_("Or the carton number"),
        required=False,
        max_length=20,
        help_text=_("For example, 7 or CT-2020-0007."),
        widget=forms.TextInput(attrs={"class": "w-number", "autocomplete": "off"}),
    )
    carton = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class CartonForm(forms.Form):
    """Form for the condition and the content of a carton."""

    state = forms.ChoiceField(
        label=_("Carton condition"), choices=State.choices, widget=forms.RadioSelect, initial=State.INTACT
    )
    pieces = QuantityField(
        label=_("Units inside"),
        max_value=MAX_PIECES_IN_CARTON,
        required=False,
        help_text=_("As packed, unless you counted the units."),
    )
    unusable = QuantityField(
        label=_("Unusable units"),
        max_value=MAX_PIECES_IN_CARTON,
        required=False,
        help_text=_("For a damaged carton. Leave blank if all units are unusable."),
    )
    lot_number = forms.CharField(label=_("Lot number"), max_length=60, required=False)
    expires_on = DayField(label=_("Expiry date"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)

    @property
    def action_arguments(self) -> dict[str, Any]:
        """Facts for the action: a missing carton is empty, and a damaged one has no usable pieces by default."""
        values = dict(self.cleaned_data)
        values["pieces"] = values["pieces"] or 0
        if values["state"] == State.DAMAGED and values["unusable"] is None:
            values["unusable"] = values["pieces"]
        if values["state"] == State.MISSING:
            values |= {"pieces": 0, "unusable": 0, "lot_number": "", "expires_on": None}
        return values | {"unusable": values["unusable"] or 0}


INTACT_ALL, EXCEPTIONS = "intact", "exceptions"  # the two buttons of the form below
SHORTAGE_CHOICE = "short"
MAX_MARKED_CARTONS = (
    200  # cartons that can be marked on one page; of a longer list, the others are counted singly
)


@dataclass
class PackedLotCartons:
    """Cartons of one line that were packed with one lot number, on the form that receives a shipment."""

    line: ShipmentLine
    lot_number: str
    field_name_suffix: str
    cartons: list[Carton]

    @property
    def pieces(self) -> int:
        """Number of pieces packed in these cartons."""
        return sum(carton.pieces for carton in self.cartons)


class ReceiveAllForm(forms.Form):
    """Form that receives all cartons that were not counted yet: intact, but for the marked ones.

    Lot and expiry date are entered once for each packed lot. A carton's own fields are `state` and
    `usable`, each followed by the id of the carton; an empty state means intact. Of more than
    MAX_MARKED_CARTONS cartons, the others have no fields here.
    """

    CARTON_STATE_CHOICES = (
        ("", State.INTACT.label),
        (State.DAMAGED, State.DAMAGED.label),
        (SHORTAGE_CHOICE, SHORTAGE_LABEL),
        (State.MISSING, State.MISSING.label),
    )

    remark = forms.CharField(
        label=_("What happened"),
        max_length=MAX_TEXT_LENGTH,
        required=False,
        help_text=_("For example: wet on one side. The sender sees this text."),
    )

    def __init__(self, data: Any, cartons: Sequence[Carton]) -> None:
        super().__init__(data)
        self.lots = _packed_lots(cartons)
        for lot in self.lots:
            self.fields[f"lot{lot.field_name_suffix}"] = forms.CharField(
                label=_("Lot number"), max_length=60, required=False, initial=lot.lot_number
            )
            self.fields[f"expires{lot.field_name_suffix}"] = DayField(label=_("Expiry date"), required=False)
        self.marked = {carton.pk for carton in cartons[:MAX_MARKED_CARTONS]}
        for carton in cartons[:MAX_MARKED_CARTONS]:
            self.fields[f"state{carton.pk}"] = forms.ChoiceField(
                choices=self.CARTON_STATE_CHOICES, required=False
            )
            self.fields[f"usable{carton.pk}"] = QuantityField(
                label=_("Usable units inside"), max_value=carton.pieces, required=False
            )

    @property
    def packed_lot_fields(self) -> list[dict[str, Any]]:
        """Packed lots with their two fields and their cartons, for the page."""
        return [
            {
                "lot": lot,
                "fields": [self[f"lot{lot.field_name_suffix}"], self[f"expires{lot.field_name_suffix}"]],
                "cartons": [
                    (carton, self[f"state{carton.pk}"], self[f"usable{carton.pk}"])
                    for carton in lot.cartons
                    if carton.pk in self.marked
                ],
            }
            for lot in self.lots
        ]

    @property
    def carton_observations(self) -> list[tuple[Carton, CartonObservation]]:
        """Each carton with what was entered for it."""
        return [(carton, self._observation(lot, carton)) for lot in self.lots for carton in lot.cartons]

    def clean(self) -> None:
        """Check that the pressed button fits the marked cartons.

        Also requires the number of pieces of each carton that is marked as short.
        """
        super().clean()
        marked = [carton for lot in self.lots for carton in lot.cartons if self._state(carton)]
        if self.data.get("how") == INTACT_ALL and marked:
            words = _("You marked cartons as damaged, short or missing. Use “Receive with exceptions”.")
            self.add_error(None, words)
        if self.data.get("how") != INTACT_ALL and not marked:
            self.add_error(None, _("Mark at least one carton, or use “All arrived intact”."))
        for carton in marked:
            if self._state(carton) == SHORTAGE_CHOICE and self.cleaned_data.get(f"usable{carton.pk}") is None:
                self.add_error(f"usable{carton.pk}", _("Enter the number of units inside."))
        if not self.errors:
            self._require_lots()

    def _require_lots(self) -> None:
        words = _("Enter the lot number printed on the cartons. It is needed for inspection and recalls.")
        for lot in self.lots:
            used = any(
                seen.pieces > seen.unusable
                for seen in (self._observation(lot, carton) for carton in lot.cartons)
            )
            if used and not self.cleaned_data[f"lot{lot.field_name_suffix}"].strip():
                self.add_error(f"lot{lot.field_name_suffix}", words)

    def _state(self, carton: Carton) -> str:
        return str(self.cleaned_data.get(f"state{carton.pk}", ""))

    def _observation(self, lot: PackedLotCartons, carton: Carton) -> CartonObservation:
        """Return what the action records: of a damaged carton, pieces not named usable are unusable."""
        facts = {
            "lot_number": self.cleaned_data[f"lot{lot.field_name_suffix}"].strip(),
            "expires_on": self.cleaned_data[f"expires{lot.field_name_suffix}"],
        }
        usable = self.cleaned_data.get(f"usable{carton.pk}") or 0
        match self._state(carton):
            case State.MISSING:
                return CartonObservation(state=State.MISSING)
            case State.DAMAGED:
                unusable = carton.pieces - usable
                return CartonObservation(
                    state=State.DAMAGED, pieces=carton.pieces, unusable=unusable, **facts
                )
            case "short":
                return CartonObservation(state=State.INTACT, pieces=usable, **facts)
        return CartonObservation(state=State.INTACT, pieces=carton.pieces, **facts)


def _packed_lots(cartons: Sequence[Carton]) -> list[PackedLotCartons]:
    found: dict[tuple[int, str], PackedLotCartons] = {}
    for carton in cartons:
        key = (carton.line_id, carton.lot_number)
        lot = found.setdefault(key, PackedLotCartons(carton.line, carton.lot_number, str(len(found)), []))
        lot.cartons.append(carton)
    return list(found.values())


Outcome = Discrepancy.Outcome
DISCREPANCY_STATUS_CHOICES = [("", _("Any")), *Discrepancy.Status.choices]
DISCREPANCY_KIND_CHOICES = [("", _("Any")), *Discrepancy.Kind.choices]


OPENED_SINCE, OPENED_UNTIL = day_range_conditions("created_at")
LEAD_PATH = "line__order_line__allocation__lead"


class DiscrepancyFilterForm(ListFilterForm):
    """Form that filters the discrepancies by number, status, kind, supplier, goods and day."""

    always_shown_fields = ("q", "status", "kind", "supplier")
    lookups: ClassVar = {
        "status": "status",
        "kind": "kind",
        "supplier": lambda text, _by: Q(**{f"{LEAD_PATH}__supplier__in": Supplier.objects.search(text)}),
        "product": product_condition(f"{LEAD_PATH}__product"),
        "since": OPENED_SINCE,
        "until": OPENED_UNTIL,
    }

    q = forms.CharField(label=_("Discrepancy or shipment number"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("Status"), choices=DISCREPANCY_STATUS_CHOICES, required=False)
    kind = forms.ChoiceField(label=_("Difference"), choices=DISCREPANCY_KIND_CHOICES, required=False)
    supplier = forms.CharField(label=_("Supplier"), required=False, max_length=100)
    product = ProductSearchField()
    since = DayField(label=_("Opened on or after"), required=False, help_text="")
    until = DayField(label=_("Opened on or before"), required=False, help_text="")

    sorts = (("supplier", _("Supplier")), ("pieces", _("Units")))


class SenderAnswerForm(EditForm):
    """Form for the sender's answer, as an officer recorded it."""

    answer = forms.CharField(
        label=_("Sender’s explanation"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MAX_ANSWER_LENGTH,
    )

    def __init__(self, data: Any, thing: Discrepancy) -> None:
        super().__init__(data, initial={"answer": thing.answer})


class SettlementForm(forms.Form):
    """Form for the settlement of a discrepancy."""

    outcome = forms.ChoiceField(label=_("Resolution"), choices=Outcome.choices, widget=forms.RadioSelect)
    amount = MoneyField(label=_("Amount credited"), required=False, max_digits=16, decimal_places=2)
    currency = CurrencyField(label=_("Currency"), required=False)
    words = forms.CharField(
        label=_("Description"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_ANSWER_LENGTH,
        required=False,
    )

    def __init__(self, data: Any, thing: Discrepancy) -> None:
        super().__init__(data, initial={"currency": thing.line.order_line.order.currency})
        if thing.kind != Discrepancy.Kind.SURPLUS:
            return
        self.fields["outcome"].choices = [one for one in Outcome.choices if one[0] != Outcome.REPLACED]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["lot_number"] = forms.CharField(
            label=_("Lot number"),
            max_length=60,
            required=False,
            help_text=_("These units go into quarantine. Leave blank to use the lot they were counted with."),
        )
        self.fields["expires_on"] = DayField(label=_("Expiry date"), required=False)

    def clean(self) -> dict[str, Any]:
        """Clear the currency if there is no amount, because the form proposes the currency."""
        facts = super().clean() or {}
        known = facts.get("amount") is not None
        return facts | {"currency": str(facts.get("currency", "")).upper() if known else ""}


PART, WHOLE = "part", "whole"


class FinishCountForm(forms.Form):
    """Form that asks if more is to come, and why each line differs."""

    how = forms.ChoiceField(
        label=_("Has everything arrived?"),
        widget=forms.RadioSelect,
        choices=[
            (PART, _("More goods are coming: leave uncounted cartons open")),
            (WHOLE, _("That is everything: mark uncounted cartons as missing")),
        ],
    )
    remark = forms.CharField(label=_("Remark"), max_length=MAX_TEXT_LENGTH, required=False)

    def __init__(self, data: Any, lines: list[ShipmentLine], reasons: dict[int, str]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"reason{line.pk}"] = forms.CharField(
                label=_("Reason for the discrepancy"),
                max_length=MAX_TEXT_LENGTH,
                required=False,
                initial=reasons.get(line.pk, ""),
                help_text=_("Required if units are rejected, missing or surplus. The sender sees this text."),
            )

    @property
    def reasons(self) -> dict[int, str]:
        """Reasons by the id of the line."""
        return {line.pk: self.cleaned_data[f"reason{line.pk}"] for line in self.lines}


# The action's names of a line's facts, and the prefixes of the form's fields.
FORM_FIELD_BY_FACT = {"lines": "accepted", "lot_number": "lot", "reason": "reason"}


class GoodsReceiptForm(forms.Form):
    """Form for a goods receipt: accepted, rejected, missing and surplus pieces of each line, with reasons."""

    cartons = QuantityField(label=_("Cartons counted"), required=False)
    more_to_come = forms.BooleanField(
        label=_("More goods are still to come"),
        required=False,
        help_text=_(
            "What you do not count now stays open. Also choose this if a line arrived in several lots, and "
            "count the lots one by one."
        ),
    )

    def __init__(self, data: Any, lines: list[ShipmentLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"accepted{line.pk}"] = QuantityField(
                label=pgettext_lazy("pieces", "Accepted"), initial=line.uncounted_pieces
            )
            self.fields[f"rejected{line.pk}"] = QuantityField(label=_("Rejected"), initial=0, required=False)
            self.fields[f"missing{line.pk}"] = QuantityField(label=_("Missing"), initial=0, required=False)
            self.fields[f"surplus{line.pk}"] = QuantityField(label=_("Surplus"), initial=0, required=False)
            self.fields[f"lot{line.pk}"] = forms.CharField(
                label=_("Lot number"),
                max_length=60,
                required=False,
                help_text=_("The lot of the units you accept."),
            )
            self.fields[f"expires{line.pk}"] = DayField(label=_("Expiry date"), required=False)
            self.fields[f"reason{line.pk}"] = forms.CharField(
                label=_("Reason for the discrepancy"), max_length=MAX_TEXT_LENGTH, required=False
            )

    @property
    def line_fields(self) -> list[tuple[ShipmentLine, list[Any]]]:
        """Lines, each with its fields."""
        names = ("accepted", "rejected", "missing", "surplus", "lot", "expires", "reason")
        return [(line, [self[f"{name}{line.pk}"] for name in names]) for line in self.lines]

    @property
    def counts(self) -> list[LotCount]:
        """Counts by line. If more is to come, lines without any counted piece are omitted."""
        counts = [self._count(line) for line in self.lines]
        partial = self.cleaned_data["more_to_come"]
        return [count for count in counts if not partial or count.shipped_pieces or count.surplus]

    def refusal_for_form_field(self, refused: Refused) -> Refused:
        """Return the refusal with the name of the form field it concerns."""
        name = (
            f"{FORM_FIELD_BY_FACT.get(refused.details.get('field', ''), '')}{refused.details.get('line', '')}"
        )
        if name not in self.fields:
            return refused
        return Refused(refused.code, refused.message, **{**refused.details, "field": name})

    def _count(self, line: ShipmentLine) -> LotCount:
        facts = self.cleaned_data
        return LotCount(
            line=line,
            accepted=facts[f"accepted{line.pk}"] or 0,
            rejected=facts[f"rejected{line.pk}"] or 0,
            missing=facts[f"missing{line.pk}"] or 0,
            surplus=facts[f"surplus{line.pk}"] or 0,
            lot_number=facts[f"lot{line.pk}"],
            expires_on=facts[f"expires{line.pk}"],
            reason=facts[f"reason{line.pk}"],
        )


class DiscrepancyAnswerForm(EditForm):
    """Form for the sender's answer about the discrepancies."""

    answer = forms.CharField(
        label=_("Sender’s explanation"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=MAX_ANSWER_LENGTH,
    )


def rejected_goods_label(one: RejectedGoods) -> str:
    """Return the label of rejected pieces: the goods and the lot."""
    goods = one.line.order_line.allocation.lead.product.name
    of = _("lot %(number)s") % {"number": one.lot.number} if one.lot else _("rejected on receipt")
    return f"{goods} · {of}"


class DestructionForm(ReasonForm):
    """Form for a destruction: the rejected pieces, the date, and the description with the reason."""

    which = forms.ChoiceField(label=_("Which goods"))
    quantity = QuantityField(label=_("Units"), min_value=1)
    destroyed_on = DayField(label=_("Destroyed on"))
    field_order = ("which", "quantity", "destroyed_on", "reason")

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data, initial={"destroyed_on": thing.city.day_at(clock.now())})
        self.left = {str(number): one for number, one in enumerate(rejected_goods_left(thing))}
        field = self.fields["which"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [
            (number, f"{rejected_goods_label(one)} · {one.pieces}") for number, one in self.left.items()
        ]
        self.fields["reason"].label = _("How, where and why")

    @property
    def action_arguments(self) -> dict[str, Any]:
        """Facts for the action, with the line and the lot of the pieces."""
        values = dict(self.cleaned_data)
        one = self.left[values.pop("which")]
        return values | {"line": one.line, "lot": one.lot}

    def clean(self) -> None:
        """Replace the cleaned data with the arguments of the action."""
        super().clean()
        self.cleaned_data = self.action_arguments if not self.errors else self.cleaned_data
