"""A world for each status of each thing of the story, from the tables of who may do what: for tests of who goes on with it."""

from collections.abc import Callable
from typing import Any

from procurement.orders import actions as orders
from procurement.orders.models import Payment
from procurement.shipments import actions
from procurement.shipments.models import PaperCall, PaperVersion, ThanksPack
from procurement.verification import actions as verification
from tests.partners import test_matrix as register
from tests.procurement import test_matrix as first
from tests.procurement.orders import test_matrix as ordering
from tests.procurement.orders.play import LATE
from tests.procurement.shipments.after.play import declare
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.matrix import test_arrival, test_customs, test_shipments
from tests.procurement.shipments.play import DOOR
from tests.procurement.shipments.ways.test_table import DESTRUCTIONS
from tests.procurement.story import AT
from tests.procurement.verification import play as checks
from workflow import clock

type World = tuple[str, str, Callable[[Any], Any]]


def payment(status: str) -> Callable[[Desk], Payment]:
    def reach(story: Desk) -> Payment:
        order = story.placed(bank_account=story.account())
        deposit = order.payments.get(milestone="deposit")
        if status in ("proposed", "paid"):
            orders.propose(deposit, by=story.officer.by, at=LATE)
        if status == "paid":
            orders.pay(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
        if status == "cancelled":
            orders.cancel(order, reason="no longer needed", by=story.officer.by, at=LATE)
        return deposit

    return reach


def call(status: str) -> Callable[[Desk], PaperCall]:
    def reach(story: Desk) -> PaperCall:
        asked = story.call(story.plan(), "supplier")
        if status == "done":
            for paper in list(asked.missing):
                story.hand_in(paper)
        if status == "withdrawn":
            actions.withdraw_call(asked, by=story.officer.by, at=AT, real_at=clock.real_now())
        return asked

    return reach


def version(status: str) -> Callable[[Desk], PaperVersion]:
    def reach(story: Desk) -> PaperVersion:
        came = story.handed_in(story.call(story.plan()))
        if status == "taken":
            actions.take_paper(came, by=story.officer.by, at=AT)
        if status == "given_back":
            actions.give_paper_back(came, reason="No stamp.", by=story.officer.by, at=AT)
        return came

    return reach


def pack(status: str) -> Callable[[Desk], ThanksPack]:
    def reach(story: Desk) -> ThanksPack:
        ready = story.released().thanks_packs.get()
        if status == "left":
            actions.leave_pack(ready, reason="By telephone.", by=story.officer.by, at=DOOR)
        return ready

    return reach


def not_proven(story: Desk) -> Any:
    return actions.fail_claim(declare(story), reason="Sold on.", by=story.logistics.by, at=DOOR)


def checked(story: Desk) -> Any:
    """An offer whose last check has just been accepted, by an officer who may not verify it."""
    task = checks.submitted(story)
    lead = task.lead
    for other in lead.checks.exclude(pk=task.pk).filter(status="proposed").order_by("pk"):
        story.report(other)
    verification.accept(task, judge=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    return lead


def correction(story: Desk) -> Any:
    made = register.correction("declined")
    register.actions.reopen_correction(made, by=register.CONSOLE, at=AT, reason="Another minute book.")
    return made


WORLDS: list[World] = [
    *((label, status, reach) for label, rows in first.TABLES.items() for status, reach, *_may in rows),
    *(("procurement.order", status, reach) for status, reach, *_may in ordering.TABLE),
    *(("procurement.payment", status, payment(status)) for status in Payment.Status.values),
    *(("procurement.shipment", status, reach) for status, reach, *_may in test_shipments.SHIPMENTS),
    *(("procurement.customslane", status, reach) for status, reach, *_may in test_customs.LANES),
    *(("procurement.customshold", status, reach) for status, reach, *_may in test_customs.HOLDS),
    *(("procurement.customspaper", status, reach) for status, reach, *_may in test_customs.PAPERS),
    *(("procurement.receipt", status, reach) for status, reach, *_may in test_arrival.RECEIPTS),
    *(("procurement.lot", status, reach) for status, reach, *_may in test_arrival.LOTS),
    *(("procurement.differencecase", status, reach) for status, reach, *_may in test_arrival.CASES),
    *(("procurement.handout", status, reach) for status, reach, *_may in test_arrival.HAND_OUTS),
    *(("procurement.destruction", status, reach) for status, reach, *_may in DESTRUCTIONS),
    *(("procurement.papercall", status, call(status)) for status in PaperCall.Status.values),
    *(
        ("procurement.paperversion", status, version(status))
        for status in ("received", "taken", "given_back")
    ),
    *(("procurement.thankspack", status, pack(status)) for status in ("ready", "left")),
    ("procurement.reliefclaim", "open", declare),
    ("procurement.reliefclaim", "not_proven", not_proven),
    ("procurement.supplierlead", "checking", checked),
    ("partners.correction", "proposed", correction),
    ("partners.dispute", "open", lambda story: register.dispute("open")),
]
