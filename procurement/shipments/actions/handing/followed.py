"""What follows when a paper moves: calls that are done or not done any more, and the broker who is told once that all is there."""

from datetime import datetime

from django.db.models import Max

from procurement.shipments.actions.handing.reminding import next_reminder
from procurement.shipments.models.customs import CustomsLane, CustomsPaper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules import customs, handing
from procurement.shipments.rules.handing import Owner, all_in, asked_of, whole_with
from workflow.actors import CLOCK
from workflow.tongues import InThreeLanguages, in_three

WORKED_ON = (CustomsLane.Status.OPEN, CustomsLane.Status.FILED)


def follow(shipment: Shipment, at: datetime, back: CustomsPaper | None = None, reason: str = "") -> None:
    """Look at the calls and the lanes of a shipment anew. Called under its lock, after any of its papers moved.

    A broker is told at once when the last paper of a lane is in hand; undone and in hand again, only where something else is in hand.
    `back` is a paper that customs asks about or refused, and why: whoever handed it in hears of it.
    """
    papers = list(shipment.papers.order_by("pk"))
    calls = list(shipment.calls.exclude(status=PaperCall.Status.WITHDRAWN).order_by("pk"))
    if calls:
        brought = PaperVersion.objects.filter(paper=back, call__isnull=False).values_list("call", flat=True)
        _calls(calls, papers, at, frozenset(brought) if back is not None else frozenset(), reason)
    _lanes(shipment, calls, papers, at)


def _calls(
    calls: list[PaperCall], papers: list[CustomsPaper], at: datetime, back: frozenset[int | None], reason: str
) -> None:
    received = PaperVersion.objects.filter(paper__in=papers, status=PaperVersion.Status.RECEIVED)
    waiting = frozenset(received.values_list("paper", flat=True))
    asked = {_whose(call) for call in calls if call.status == PaperCall.Status.ASKED}
    for call in calls:
        theirs = asked_of(call, papers)
        if call.status == PaperCall.Status.ASKED and all_in(theirs, waiting):
            with handing.FINISH.on(call, by=CLOCK, at=at) as row:
                row.chase_at = None
            continue
        opens = call.status == PaperCall.Status.DONE and _whose(call) not in asked
        if call.pk in back and (opens or call.status == PaperCall.Status.ASKED):
            _again(call, at, reason)
        elif opens and not all_in(theirs, frozenset()):
            _again(call, at, "")
            asked.add(_whose(call))


def _whose(call: PaperCall) -> tuple[str, int | None, int]:
    return call.role, call.supplier_id, call.person_id


def _again(call: PaperCall, at: datetime, reason: str) -> None:
    with handing.ASK_AGAIN.on(call, by=CLOCK, at=at, reason=reason) as row:
        row.chases = 0
        row.chase_at = next_reminder(row, at, anew=True)


def _lanes(shipment: Shipment, calls: list[PaperCall], papers: list[CustomsPaper], at: datetime) -> None:
    brokers = [call for call in calls if call.role == Owner.BROKER]
    if shipment.broker_id is None and not brokers:
        return  # nobody to tell yet: whoever is named later is told then
    asked = frozenset(paper.pk for call in calls for paper in asked_of(call, papers))
    taken = _taken(papers)
    for lane in shipment.lanes.filter(status__in=WORKED_ON).order_by("pk"):
        of_lane = [one for one in papers if one.lane_id == lane.pk]
        told = whole_with(of_lane, asked, taken)
        if told and told != lane.told_with:
            named = [_named(one) for one in of_lane if one.status in one.IN_HAND]
            with customs.WHOLE.on(lane, by=CLOCK, at=at, papers=named) as row:
                row.told_with = told
            for call in brokers:
                if call.person_id != shipment.broker_id:
                    with handing.TELL.on(call, by=CLOCK, at=at, lane=lane.reference):
                        pass


def _named(paper: CustomsPaper) -> InThreeLanguages:
    return in_three(lambda: paper.name)


def _taken(papers: list[CustomsPaper]) -> dict[int, int]:
    newest = (
        PaperVersion.objects.taken().filter(paper__in=papers).values("paper").annotate(last=Max("number"))
    )
    return dict(newest.order_by("paper").values_list("paper", "last"))
