"""A world for each status of each thing of the story, from the tables of who may do what: for tests of who goes on with it."""

from collections.abc import Callable
from typing import Any

from accounts import actors
from partners.actions.corrections import reopen_correction
from procurement.orders.actions import ending, payments
from procurement.orders.models.payment import Payment
from procurement.shipments.actions.after.packs import leave_pack
from procurement.shipments.actions.after.reliefs import fail_claim
from procurement.shipments.actions.handing.calls import withdraw_call
from procurement.shipments.actions.handing.versions import give_paper_back, take_paper
from procurement.shipments.models.handing import PaperCall, PaperVersion
from procurement.shipments.models.thanks import ThanksPack
from procurement.verification.actions import reporting
from tests.partners import test_matrix
from tests.procurement.orders.play import LATE
from tests.procurement.orders.test_matrix import TABLE
from tests.procurement.shipments.after.play import declare
from tests.procurement.shipments.handing.play import Desk
from tests.procurement.shipments.matrix import test_arrival, test_customs, test_shipments
from tests.procurement.shipments.play import DOOR
from tests.procurement.shipments.ways.test_table import DESTRUCTIONS
from tests.procurement.story import AT
from tests.procurement.test_matrix import TABLES
from tests.procurement.verification import play
from workflow.clock import real_now

type World = tuple[str, str, Callable[[Any], Any]]


def payment(status: str) -> Callable[[Desk], Payment]:
    def reach(story: Desk) -> Payment:
        order = story.placed(bank_account=story.account())
        deposit = order.payments.get(milestone="deposit")
        if status in ("proposed", "paid"):
            payments.propose(deposit, by=story.officer.by, at=LATE)
        if status == "paid":
            payments.pay(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
        if status == "cancelled":
            ending.cancel(order, reason="no longer needed", by=story.officer.by, at=LATE)
        return deposit

    return reach


def call(status: str) -> Callable[[Desk], PaperCall]:
    def reach(story: Desk) -> PaperCall:
        asked = story.call(story.plan(), "supplier")
        if status == "done":
            for paper in list(asked.missing):
                story.hand_in(paper)
        if status == "withdrawn":
            withdraw_call(asked, by=story.officer.by, at=AT, real_at=real_now())
        return asked

    return reach


def version(status: str) -> Callable[[Desk], PaperVersion]:
    def reach(story: Desk) -> PaperVersion:
        came = story.handed_in(story.call(story.plan()))
        if status == "taken":
            take_paper(came, by=story.officer.by, at=AT)
        if status == "given_back":
            give_paper_back(came, reason="No stamp.", by=story.officer.by, at=AT)
        return came

    return reach


def pack(status: str) -> Callable[[Desk], ThanksPack]:
    def reach(story: Desk) -> ThanksPack:
        ready = story.released().thanks_packs.get()
        if status == "left":
            leave_pack(ready, reason="By telephone.", by=story.officer.by, at=DOOR)
        return ready

    return reach


def not_proven(story: Desk) -> Any:
    return fail_claim(declare(story), reason="Sold on.", by=story.logistics.by, at=DOOR)


def checked(story: Desk) -> Any:
    """An offer whose last check has just been accepted, by an officer who may not verify it."""
    task = play.submitted(story)
    lead = task.lead
    for other in lead.checks.exclude(pk=task.pk).filter(status="proposed").order_by("pk"):
        story.report(other)
    reporting.accept(task, judge=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    return lead


def correction(story: Desk) -> Any:
    made = test_matrix.correction("declined")
    reopen_correction(made, by=actors.CONSOLE, at=AT, reason="Another minute book.")
    return made


WORLDS: list[World] = [
    *((label, status, reach) for label, rows in TABLES.items() for status, reach, *_may in rows),
    *(("procurement.order", status, reach) for status, reach, *_may in TABLE),
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
    ("partners.dispute", "open", lambda story: test_matrix.dispute("open")),
]
