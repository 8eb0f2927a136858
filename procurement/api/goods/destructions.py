"""destructions: refused goods that were destroyed where they are, as one person wrote it down and another confirmed it."""

from django_filters import CharFilter, ChoiceFilter

from procurement.shipments.actions.ways.destroying import confirm_destroyed, drop_destroyed
from procurement.shipments.models.ways import Destruction
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import reason
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row


class DestructionRow(Row):
    """Refused pieces that were destroyed: of a lot, or rejected at the door; how, where and why in `words`."""

    shipment = Named()
    city = Named("slug")
    allocation = Named(source="line.order_line.allocation")
    lot = Named(allow_null=True)
    author = Named("name")
    confirmed_by = Named("name", allow_null=True)

    class Meta:
        model = Destruction
        fields = (
            *("id", "status", "shipment", "city", "allocation", "lot", "quantity", "destroyed_on", "words"),
            *("author", "confirmed_by", "confirmed_at", "created_at"),
        )


class DestructionFilter(Searched):
    """Which of them."""

    search = search_in("The reference of the shipment, or how it begins: SH-2020.")
    status = ChoiceFilter(choices=Destruction.Status.choices)
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class Destructions(Collection):
    """What of one's own city's refused goods was destroyed: written down with a shipment's `destroy`, confirmed by a second person."""

    model = Destruction
    path = "destructions"
    key = "id"
    row = DestructionRow
    filterset_class = DestructionFilter
    orders = {"destroyed_on": "destroyed_on"}
    verbs = {
        "confirm": Verb(confirm_destroyed),
        "drop": Verb(drop_destroyed, reason=reason()),
    }
