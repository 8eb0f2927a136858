"""Forms of allocations: quantities to allocate, pieces to remove, and the criteria for judging offers."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.allocations.rules import (
    MAX_POINT_LENGTH,
    MAX_POINTS,
    Criterion,
    OfferForLine,
    unexplained_shortage_refusal,
)
from procurement.leads.models.leads import SupplierLead
from procurement.requests.alternatives.rules import EVIDENCE_MISSING
from procurement.requests.models import RequestLine
from workflow.http.forms import LinesField, QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH


class ChosenQuantity(NamedTuple):
    """Quantity of an offer for a need line."""

    line: RequestLine
    lead: SupplierLead
    pieces: int
    evidence: str = ""
    reason: str = ""


class OfferRow(NamedTuple):
    """Pair of a need line and an offer, with its bound fields.

    `evidence` only for goods that need it, `reason` only for goods offered for another need that still needs goods.
    """

    pair: OfferForLine
    quantity: forms.BoundField
    evidence: forms.BoundField | None
    reason: forms.BoundField | None


class QuantitiesForm(forms.Form):
    """Form with one quantity field for each pair of a need line and an offer that could serve it.

    Goods that are not known to meet the standards of the line have a field for the evidence; goods offered for another
    need that still needs goods have one for the reason.

    `proposed` holds the quantities to fill in, by the ids of line and offer.
    """

    def __init__(
        self, data: Any, pairs: Sequence[OfferForLine], proposed: Mapping[tuple[int, int], int]
    ) -> None:
        super().__init__(data)
        self.pairs = pairs
        for pair in pairs:
            self.fields[quantity_field_name(pair.line, pair.lead)] = QuantityField(
                label=_("Units"), required=False, initial=proposed.get(pair.key)
            )
            if pair.match.needs_evidence:
                self.fields[evidence_field_name(pair.line, pair.lead)] = forms.CharField(
                    label=_("Evidence seen"),
                    required=False,
                    max_length=MAX_TEXT_LENGTH,
                    help_text=str(pair.match.standard_match.evidence)
                    or _("What shows that the goods meet the requirements of the need line."),
                )
            if pair.other_line is not None:
                self.fields[reason_field_name(pair.line, pair.lead)] = forms.CharField(
                    label=_("Reason"),
                    required=False,
                    max_length=MAX_TEXT_LENGTH,
                    help_text=_("Required if %(need)s would be left short.")
                    % {"need": pair.other_line.supply_request.reference},
                )

    @property
    def rows(self) -> list[OfferRow]:
        """Pairs of need line and offer, each with its bound fields."""
        return [
            OfferRow(
                pair,
                self[quantity_field_name(pair.line, pair.lead)],
                self[evidence_field_name(pair.line, pair.lead)] if pair.match.needs_evidence else None,
                self[reason_field_name(pair.line, pair.lead)] if pair.other_line is not None else None,
            )
            for pair in self.pairs
        ]

    def clean(self) -> dict[str, Any]:
        """Require the evidence for chosen goods that need it, and the reason for leaving another need short."""
        facts = super().clean() or {}
        taken: Counter[int] = (
            Counter()
        )  # pieces from each other need, in the order in which they are allocated
        for pair in sorted(self.pairs, key=lambda one: one.lead.pk):
            pieces = facts.get(quantity_field_name(pair.line, pair.lead))
            if not pieces:
                continue
            evidence = evidence_field_name(pair.line, pair.lead)
            if pair.match.needs_evidence and not facts.get(evidence):
                self.add_error(evidence, EVIDENCE_MISSING)
            other = pair.other_line
            if other is None:
                continue
            taken[other.pk] += pieces
            name = reason_field_name(pair.line, pair.lead)
            refused = unexplained_shortage_refusal(
                taken[other.pk], pair.lead, pair.line, facts.get(name) or ""
            )
            if refused is not None:
                self.add_error(name, str(refused.message))
        return facts

    @property
    def chosen_quantities(self) -> list[ChosenQuantity]:
        """Chosen quantity of each pair of offer and line, without zeros. Before submission, the proposed quantities."""
        names = [(pair, quantity_field_name(pair.line, pair.lead)) for pair in self.pairs]
        given = self.cleaned_data if self.is_bound else {name: self[name].initial for _pair, name in names}
        return [
            ChosenQuantity(
                pair.line,
                pair.lead,
                given[name],
                given.get(evidence_field_name(pair.line, pair.lead)) or "",
                given.get(reason_field_name(pair.line, pair.lead)) or "",
            )
            for pair, name in names
            if given.get(name)
        ]


def quantity_field_name(line: RequestLine, lead: SupplierLead) -> str:
    """Return the name of the form field for the quantity of an offer for a need line."""
    return f"line{line.pk}_lead{lead.pk}"


def evidence_field_name(line: RequestLine, lead: SupplierLead) -> str:
    """Return the name of the form field for the evidence that an offer will do for a need line."""
    return f"evidence_line{line.pk}_lead{lead.pk}"


def reason_field_name(line: RequestLine, lead: SupplierLead) -> str:
    """Return the name of the form field for the reason why goods offered for another need go to a need line."""
    return f"reason_line{line.pk}_lead{lead.pk}"


class ConfirmAllocationForm(forms.Form):
    """Form for confirming a proposed allocation. The evidence or the reason may be needed since it was proposed."""

    evidence = forms.CharField(
        label=_("Evidence seen"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
        help_text=_("Only for goods that are not known to meet the standards of the need line."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
        help_text=_("Only for goods offered for another need that would be left short."),
    )


class ReduceAllocationForm(forms.Form):
    """Form for reducing an allocation: the number of pieces to remove and the reason."""

    by_pieces = QuantityField(label=_("Units to remove"), min_value=1)
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )


# Chinese has no spaces, so that a Han character may follow the number directly.
WEIGHTED_CRITERION_PATTERN = re.compile(r"(\d{1,3})\s*%?(?:[\s:：]+|(?=[\u3400-\u9fff]))(.+)")


class AllocationCriteriaForm(forms.Form):
    """Form for the criteria of a need line: one criterion on each line of text, preceded by its weight."""

    points = LinesField(
        label=_("Criteria, one per line"),
        longest=MAX_POINT_LENGTH + 6,
        most=MAX_POINTS,
        help_text=_(
            "Start each line with its weight, such as “60 Landed cost”. A line without a number "
            "is a requirement. Weights must add up to 100."
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Required if two offers have come in, goods have been allocated or criteria already exist."
        ),
    )

    def clean_points(self) -> list[Criterion]:
        """Return the lines as criteria."""
        return [parse_criterion(line) for line in self.cleaned_data["points"]]


def parse_criterion(line: str) -> Criterion:
    """Convert a line to a criterion: “60 Landed price” and “60到岸成本” have the weight 60.

    A line without a number, such as “Certificate confirmed”, is a criterion that must hold.
    """
    weighed = WEIGHTED_CRITERION_PATTERN.fullmatch(line)
    return Criterion(weighed[2].strip(), int(weighed[1])) if weighed else Criterion(line)
