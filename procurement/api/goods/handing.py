"""paper-calls, paper-versions: who is asked for the papers of a shipment by link, and each version of a paper as it came in."""

from datetime import datetime

from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import Language
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.actions.handing.calls import call_for_papers, withdraw_call
from procurement.shipments.actions.handing.reminding import remind_call
from procurement.shipments.actions.handing.versions import give_paper_back, take_paper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.shipment import Shipment
from procurement.suppliers.models.company import Supplier
from workflow.actors import Actor
from workflow.clock import real_now
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref, reason
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row


class PaperCallRow(Row):
    """The papers of a shipment that one person owes, asked of them by a link."""

    shipment = Named()
    city = Named("slug")
    supplier = Named(allow_null=True)
    author = Named("name")

    class Meta:
        model = PaperCall
        fields = (
            *("reference", "status", "shipment", "city", "role", "supplier", "name", "email", "author"),
            *("due_on", "note", "chases", "chase_at"),
            "created_at",
        )


class NewPaperCall(New):
    """Papers to ask for. A message with a link of their own goes to the address."""

    shipment = Ref(Shipment)
    supplier = Ref(
        Supplier,
        required=False,
        help_text="Of a supplier's papers, whose. It may be left out where one company sells all the goods.",
    )
    language = serializers.ChoiceField(
        Language.choices, required=False, help_text="Somebody who is known already keeps the one they chose."
    )

    class Meta:
        model = PaperCall
        fields = ("shipment", "role", "supplier", "name", "email", "language", "due_on", "note")


class PaperCallFilter(Searched):
    """Which calls."""

    search = search_in("The call's reference, or the shipment's, or how one of them begins: HI-2020.")
    status = ChoiceFilter(choices=PaperCall.Status.choices)
    role = ChoiceFilter(choices=CustomsRule.Owner.choices)
    supplier = CharFilter("supplier__reference")
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


def withdraw(call: PaperCall, *, by: Actor, at: datetime) -> PaperCall:
    """Ask no more: every link of the call ends at once. Refuses whoever may not ask."""
    return withdraw_call(call, by=by, at=at, real_at=real_now())


class PaperCalls(Collection):
    """Whom one's own city asks for papers. What they hand in are paper versions."""

    model = PaperCall
    path = "paper-calls"
    row = PaperCallRow
    filterset_class = PaperCallFilter
    orders = {"created_at": "created_at"}
    begin = Verb(call_for_papers, body=NewPaperCall, me="author")
    verbs = {"remind": Verb(remind_call), "withdraw": Verb(withdraw)}


class PaperVersionRow(Row):
    """A paper as it came in once: by whose link, what was said with it, and what the city said of it."""

    paper = Named()
    city = Named("slug")
    call = Named(allow_null=True)

    class Meta:
        model = PaperVersion
        fields = (
            *("id", "status", "paper", "city", "call", "number", "paper_number", "remark", "by_copied_link"),
            *("answer", "judged_at", "filed_at", "created_at"),
        )


class PaperVersionFilter(Searched):
    """Which versions."""

    search = search_in("The paper's reference, or the shipment's, or how one of them begins: CP-2020.")
    status = ChoiceFilter(choices=PaperVersion.Status.choices)
    city = CharFilter("city__slug")
    paper = CharFilter("paper__reference")
    shipment = CharFilter("paper__shipment__reference")


class PaperVersions(Collection):
    """The versions of the papers one sees; the newest that was taken is the paper."""

    model = PaperVersion
    path = "paper-versions"
    key = "id"
    row = PaperVersionRow
    filterset_class = PaperVersionFilter
    orders = {"created_at": "created_at"}
    verbs = {
        "take": Verb(take_paper),
        "give-back": Verb(give_paper_back, reason=reason()),
    }
