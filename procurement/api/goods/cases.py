"""difference-cases: what was missing, rejected or too many at the door, what the sender says, and how it was settled."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from partners.api.fields import Currency
from procurement.shipments.actions.dock.cases import answer_case, drop_case, settle_case
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.rules.dock.cases import LONGEST
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import reason, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row


class CaseRow(Row):
    """One difference of one line, as one counting found it."""

    shipment = Named()
    receipt = Named("id")
    allocation = Named(source="line.order_line.allocation")
    city = Named("slug")
    contact = Named("id", allow_null=True)

    class Meta:
        model = DifferenceCase
        fields = (
            *(
                "reference",
                "status",
                "shipment",
                "receipt",
                "allocation",
                "city",
                "contact",
                "kind",
                "pieces",
            ),
            *("reason", "answer", "answered_at", "outcome", "amount", "currency", "words", "settled_at"),
            "created_at",
        )


class CaseFilter(Searched):
    """Which cases."""

    search = search_in("The reference of the case or the shipment, or how it begins: DC-2020.")
    status = ChoiceFilter(choices=DifferenceCase.Status.choices)
    kind = ChoiceFilter(choices=DifferenceCase.Kind.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")
    supplier = CharFilter(
        "line__order_line__allocation__lead__supplier__reference",
        help_text="The company that the goods come from.",
    )


class DifferenceCases(Collection):
    """Cases of one's own city. A counting opens them, and takes them back with itself."""

    model = DifferenceCase
    path = "difference-cases"
    row = CaseRow
    filterset_class = CaseFilter
    orders = {"created_at": "created_at"}
    verbs = {
        "answer": Verb(answer_case, answer=serializers.CharField(max_length=LONGEST)),
        "settle": Verb(
            settle_case,
            outcome=serializers.ChoiceField(DifferenceCase.Outcome.choices),
            amount=serializers.DecimalField(
                max_digits=16,
                min_value=0,
                decimal_places=2,
                required=False,
                allow_null=True,
                help_text="What was credited.",
            ),
            currency=Currency(required=False),
            words=words(),
            lot_number=words(
                60, help_text="Of pieces too many: their lot. Empty: the lots they were counted with."
            ),
            expires_on=serializers.DateField(required=False, allow_null=True),
        ),
        "drop": Verb(drop_case, reason=reason()),
    }
