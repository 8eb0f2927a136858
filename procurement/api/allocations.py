"""allocations: a part of a verified offer promised to a line of a need."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.api.requests import LineRef, line_name
from procurement.leads.models.offer import SupplierLead
from procurement.requests.models import MOST
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Quantity, Ref, reason
from workflow.doors.api.filters import Quoted
from workflow.doors.api.reading import Named, Row


class AllocationRow(Row):
    """So many pieces of an offer for a line of a need. Confirmed ones count against both."""

    city = Named("slug")
    lead = Named()
    line = line_name()
    author = Named("name")

    class Meta:
        model = Allocation
        fields = (
            *("reference", "status", "city", "lead", "line", "quantity", "author"),
            *("confirmed_at", "override_reason"),
            "created_at",
        )


class AllocationFilter(Quoted):
    """Which allocations."""

    status = ChoiceFilter(choices=Allocation.Status.choices)
    city = CharFilter("city__slug")
    lead = CharFilter("lead__reference")
    supply_request = CharFilter("line__supply_request__reference")
    supplier = CharFilter("lead__supplier__reference")


class Allocations(Collection):
    """Promises. Never more than there is, never more than is needed."""

    model = Allocation
    path = "allocations"
    row = AllocationRow
    filterset_class = AllocationFilter
    orders = {"quantity": "quantity"}
    begin = Verb(
        actions.propose,
        me="author",
        lead=Ref(SupplierLead),
        line=LineRef(),
        quantity=Quantity(),
    )
    verbs = {
        "confirm": Verb(actions.confirm),
        "drop": Verb(actions.drop),
        "release": Verb(actions.release, reason=reason()),
        "lower": Verb(
            actions.lower,
            by_pieces=serializers.IntegerField(
                min_value=1, max_value=MOST, help_text="How many are given back."
            ),
            reason=reason(),
            says={"quantity": "by_pieces"},
        ),
    }
