"""hand-outs: where a released lot went, and whether the place was told of a recall."""

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import Language
from partners.models.people import Organisation
from procurement.requests.models import MOST
from procurement.shipments.actions.handouts import hand_out, take_hand_out_back, tell_place
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.handouts import HandOut
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Numbered, Ref, reason
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row


class HandOutRow(Row):
    """Pieces of a lot at a place."""

    lot = Named()
    city = Named("slug")
    organisation = Named("id", allow_null=True)
    by = Named("name")
    told_by = Named("name", allow_null=True)

    class Meta:
        model = HandOut
        fields = (
            *("id", "status", "lot", "city", "organisation", "place", "receiver", "quantity", "handed_on"),
            *("by", "name", "email", "told_at", "told_by", "created_at"),
        )


class NewHandOut(New):
    """Pieces of a released lot that went to a place: an organisation of the city, or a named one."""

    lot = Ref(Lot)
    organisation = Numbered(Organisation, required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST)
    language = serializers.ChoiceField(
        Language.choices, required=False, help_text="Somebody who is known already keeps the one they chose."
    )

    class Meta:
        model = HandOut
        fields = (
            *("lot", "organisation", "place", "receiver", "quantity", "handed_on", "name", "email"),
            "language",
        )


class HandOutFilter(Searched):
    """Which of them."""

    search = search_in("The reference of the lot, or how it begins: LT-2020.")
    status = ChoiceFilter(choices=HandOut.Status.choices)
    city = CharFilter("city__slug")
    lot = CharFilter("lot__reference")


class HandOuts(Collection):
    """Where one's own city's lots went."""

    model = HandOut
    path = "hand-outs"
    key = "id"
    row = HandOutRow
    filterset_class = HandOutFilter
    orders = {"handed_on": "handed_on"}
    begin = Verb(hand_out, body=NewHandOut, me="author")
    verbs = {
        "tell": Verb(tell_place),
        "take-back": Verb(take_hand_out_back, reason=reason()),
    }
