"""Tests of discrepancies: opened by a receipt, mailed once to the contact, answered, settled, and reversed with it."""

from datetime import date
from decimal import Decimal

import pytest

from partners.permissions.permissions import permissions_by_link
from procurement.distribution.actions import distribute_lot, recall_lot
from procurement.logistics.actions.journey import close_shipment
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.notifications.builder import build_messages, is_relevant
from procurement.orders.actions.approve import mark_ready
from procurement.quality.actions import reject_lot, release_lot
from procurement.receiving.actions.discrepancies import (
    answer_discrepancies_together,
    answer_discrepancy,
    discard_discrepancy,
    settle_discrepancy,
)
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import Discrepancy, GoodsReceipt
from procurement.receiving.rules.discrepancies import DISCREPANCY_MOVES
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.journal.models import Entry
from workflow.outbox.models import Message


def receive_with_discrepancies(
    story: Journey, shipment: Shipment | None = None, **facts: object
) -> GoodsReceipt:
    """Receive a shipment with 200 pieces missing and 300 rejected, unless `facts` name other figures."""
    chosen = shipment or story.delivered()
    given = {"missing": 200, "rejected": 300, "reason": "One carton is wet.", **facts}
    return story.receive(chosen, story.count(chosen.lines.get(), **given))


def discrepancies_of(receipt: GoodsReceipt) -> list[Discrepancy]:
    return list(receipt.discrepancies.order_by("pk"))


def mails_about(case: Discrepancy) -> list[Message]:
    entry = Entry.objects.about(case).get(verb="open")
    return build_messages(entry, DELIVERED_AT)


def powers_by_own_link(story: Journey, case: Discrepancy):
    return permissions_by_link(story.contact.user, story.contact, (case._meta.label_lower, case.pk))


def test_goods_receipt_opens_a_discrepancy_for_each_line_and_type(story: Journey) -> None:
    receipt = receive_with_discrepancies(story, surplus=7)
    told = [(one.kind, one.pieces, one.status, one.reason) for one in discrepancies_of(receipt)]
    assert told == [
        ("missing", 200, "open", "One carton is wet."),
        ("rejected", 300, "open", "One carton is wet."),
        ("surplus", 7, "open", "One carton is wet."),
    ]
    first = discrepancies_of(receipt)[0]
    assert first.reference.startswith("DC-2020-")
    assert first.contact == story.contact
    assert str(first.summary).endswith("200 units missing")


def test_complete_goods_receipt_opens_no_discrepancy(story: Journey) -> None:
    shipment = story.delivered()
    story.receive(shipment)
    assert not Discrepancy.objects.exists()


# --- notified ---------------------------------------------------------------------------------------------------
def test_contact_is_mailed_once_about_all_discrepancies_of_a_receipt(story: Journey) -> None:
    missing, rejected = discrepancies_of(receive_with_discrepancies(story))
    (mail,) = mails_about(missing)
    assert mail.recipient == story.contact.user
    assert mail.template == "discrepancies_found"
    assert mail.link == {"purpose": "answer"}
    for words in ("200", "300", "One carton is wet.", missing.reference, rejected.reference):
        assert words in mail.body
    assert mails_about(rejected) == []


def test_discrepancy_of_a_donation_is_reported_without_a_request(story: Journey) -> None:
    gift = mark_ready(story.accepted(), by=story.officer.by, at=AT)
    shipment = story.delivered(story.plan(gift))
    missing, rejected = discrepancies_of(receive_with_discrepancies(story, shipment))
    (mail,) = mails_about(missing)
    assert mail.template == "donation_discrepancies"
    assert mail.link["purpose"] == "my-page"
    assert "200" in mail.body
    assert mails_about(rejected) == []
    with assert_refused("not_ready", missing):
        answer_discrepancy(missing, answer="We are sorry.", by=story.officer.by, at=DELIVERED_AT)
    assert open_verbs(DISCREPANCY_MOVES, missing, story.officer.by) == "settle discard reverse"


def test_discrepancy_of_an_offer_without_a_contact_is_mailed_to_no_one(story: Journey) -> None:
    allocation = story.promise(contact=None)
    shipment = story.delivered(story.plan(story.ready(allocation)))
    missing, _rejected = discrepancies_of(receive_with_discrepancies(story, shipment))
    assert missing.contact is None
    assert mails_about(missing) == []


def test_discrepancy_email_of_a_reversed_receipt_is_not_sent(story: Journey) -> None:
    receipt = receive_with_discrepancies(story)
    missing, _rejected = discrepancies_of(receipt)
    (mail,) = mails_about(missing)
    assert is_relevant(mail)
    reverse_receipt(receipt, reason="They stood outside.", by=story.logistics.by, at=DELIVERED_AT)
    assert not is_relevant(mail)
    assert [one.status for one in discrepancies_of(receipt)] == ["discarded", "discarded"]


# --- answered ---------------------------------------------------------------------------------------------------
def test_one_answer_by_link_answers_every_discrepancy_of_the_letter(story: Journey) -> None:
    missing, rejected = discrepancies_of(receive_with_discrepancies(story))
    by = powers_by_own_link(story, missing)
    answer_discrepancies_together(missing, answer=" A pallet was left behind. ", by=by, at=DELIVERED_AT)
    for case in (missing, rejected):
        case.refresh_from_db()
        assert (case.status, case.answer, case.answered_at) == (
            "answered",
            "A pallet was left behind.",
            DELIVERED_AT,
        )


def test_answer_applies_only_to_unsettled_discrepancies(story: Journey) -> None:
    missing, rejected = discrepancies_of(receive_with_discrepancies(story))
    settle_discrepancy(missing, outcome="accepted", by=story.officer.by, at=DELIVERED_AT)
    by = powers_by_own_link(story, missing)
    answer_discrepancies_together(rejected, answer="They were dry here.", by=by, at=DELIVERED_AT)
    missing.refresh_from_db()
    assert (missing.status, missing.answer, rejected.status) == ("settled", "", "answered")
    settle_discrepancy(rejected, outcome="accepted", by=story.officer.by, at=DELIVERED_AT)
    with assert_refused("wrong_status", missing, rejected):
        answer_discrepancies_together(missing, answer="Too late.", by=by, at=DELIVERED_AT)


@pytest.mark.parametrize(("words", "code"), [("  ", "answer_empty"), ("x" * 2001, "too_long")])
def test_blank_or_overlong_discrepancy_answer_is_refused(story: Journey, words: str, code: str) -> None:
    missing, _rejected = discrepancies_of(receive_with_discrepancies(story))
    with assert_refused(code, missing):
        answer_discrepancy(missing, answer=words, by=story.officer.by, at=DELIVERED_AT)


def test_discrepancy_link_cannot_answer_another_receipts_discrepancy(story: Journey) -> None:
    first, _second = discrepancies_of(receive_with_discrepancies(story))
    other = discrepancies_of(
        receive_with_discrepancies(story, story.delivered(story.plan(story.ready(story.promise()))))
    )[0]
    with assert_refused("not_allowed", other):
        answer_discrepancy(other, answer="No.", by=powers_by_own_link(story, first), at=DELIVERED_AT)


# --- settled ----------------------------------------------------------------------------------------------------
def test_officer_settles_a_discrepancy_with_a_credited_amount(story: Journey) -> None:
    missing, _rejected = discrepancies_of(receive_with_discrepancies(story))
    settle_discrepancy(
        missing,
        outcome="credited",
        amount=Decimal("100.00"),
        currency="USD",
        words=" Credit note 7. ",
        by=story.officer.by,
        at=DELIVERED_AT,
    )
    missing.refresh_from_db()
    assert (missing.status, missing.outcome, missing.amount, missing.currency, missing.words) == (
        *("settled", "credited", Decimal("100.00"), "USD", "Credit note 7."),
    )
    assert missing.settled_at == DELIVERED_AT


def test_credit_without_an_amount_is_refused(story: Journey) -> None:
    missing, _rejected = discrepancies_of(receive_with_discrepancies(story))
    with assert_refused("amount_missing", missing):
        settle_discrepancy(missing, outcome="credited", by=story.officer.by, at=DELIVERED_AT)


def test_discrepancy_is_discarded_with_a_reason(story: Journey) -> None:
    missing, _rejected = discrepancies_of(receive_with_discrepancies(story))
    with assert_refused("reason_missing", missing):
        discard_discrepancy(missing, reason=" ", by=story.officer.by, at=DELIVERED_AT)
    discard_discrepancy(missing, reason="Counted wrongly.", by=story.officer.by, at=DELIVERED_AT)
    assert missing.status == "discarded"


def test_receipt_with_a_settled_discrepancy_cannot_be_reversed(story: Journey) -> None:
    receipt = receive_with_discrepancies(story)
    missing, _rejected = discrepancies_of(receipt)
    settle_discrepancy(missing, outcome="replaced", by=story.officer.by, at=DELIVERED_AT)
    with assert_refused("not_ready", receipt, missing) as caught:
        reverse_receipt(receipt, reason="A slip.", by=story.logistics.by, at=DELIVERED_AT)
    assert caught.value.details["lots"] == [missing.reference]


def test_discarded_discrepancy_stays_discarded_when_its_receipt_is_reversed(story: Journey) -> None:
    receipt = receive_with_discrepancies(story)
    missing, rejected = discrepancies_of(receipt)
    discard_discrepancy(missing, reason="Counted wrongly.", by=story.officer.by, at=DELIVERED_AT)
    reverse_receipt(receipt, reason="They stood outside.", by=story.logistics.by, at=DELIVERED_AT)
    rejected.refresh_from_db()
    assert rejected.status == "discarded"
    assert [entry.verb for entry in Entry.objects.about(missing).order_by("pk")] == ["open", "discard"]


def test_discrepancies_are_found_by_reference_and_shipment(story: Journey) -> None:
    receipt = receive_with_discrepancies(story)
    missing, rejected = discrepancies_of(receipt)
    rows = Discrepancy.objects.visible_to(story.observer.by)
    assert list(rows.search(missing.reference)) == [missing]
    assert list(rows.search(receipt.shipment.reference).order_by("pk")) == [missing, rejected]
    assert not Discrepancy.objects.visible_to(story.stranger.by).exists()


# --- pieces too many --------------------------------------------------------------------------------------------
def receive_surplus(story: Journey, pieces: int, **facts: object) -> Discrepancy:
    """Receive a shipment with this number of pieces too many and no other discrepancy."""
    receipt = receive_with_discrepancies(story, missing=0, rejected=0, surplus=pieces, **facts)
    return receipt.discrepancies.get()


@pytest.mark.parametrize("pieces", [1, 200, 15_000])
@pytest.mark.parametrize(
    "settled",
    [{"outcome": "accepted"}, {"outcome": "credited", "amount": Decimal(40), "currency": "CNY"}],
    ids=lambda facts: facts["outcome"],
)
def test_accepted_surplus_becomes_a_lot_in_quarantine(
    story: Journey, pieces: int, settled: dict[str, object]
) -> None:
    case = receive_surplus(story, pieces, lot_number="B-77")
    settle_discrepancy(case, by=story.officer.by, at=DELIVERED_AT, **settled)
    counted, extra = case.line.lots.order_by("pk")
    assert (extra.number, extra.quantity, extra.status, extra.surplus) == (
        "B-77",
        pieces,
        "quarantined",
        True,
    )
    assert (counted.quantity, counted.surplus) == (10_000, False)
    line = case.shipment.lines.get()
    assert (line.accepted, line.surplus, line.surplus_kept) == (10_000, pieces, pieces)
    assert logistics_counter_mismatches() == []


def test_surplus_lot_is_inspected_released_distributed_and_recalled_like_any_lot(story: Journey) -> None:
    case = receive_surplus(story, 500)
    settle_discrepancy(case, outcome="accepted", by=story.officer.by, at=DELIVERED_AT)
    extra = case.line.lots.get(surplus=True)
    release_lot(story.pass_lot(extra, sampled=500), by=story.logistics.by, at=DELIVERED_AT)
    assert case.shipment.lines.get().released == 500
    distribute_lot(
        extra,
        480,
        distributed_on=DELIVERED_AT.date(),
        place="Ward 3",
        author=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
    )
    recall_lot(extra, reason="They tear.", by=story.logistics.by, at=DELIVERED_AT)
    assert (extra.status, case.shipment.lines.get().released) == ("recalled", 0)
    assert logistics_counter_mismatches() == []


def test_surplus_counted_without_a_lot_needs_a_lot_number_when_accepted(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    receipt = story.receive(
        shipment, story.count(line), LotCount(line=line, surplus=30, reason="A carton more than was packed.")
    )
    case = receipt.discrepancies.get()
    with assert_refused("lot_missing", case):
        settle_discrepancy(case, outcome="accepted", by=story.officer.by, at=DELIVERED_AT)
    settle_discrepancy(
        case,
        outcome="accepted",
        lot_number=" X-1 ",
        expires_on=date(2022, 5, 1),
        by=story.officer.by,
        at=DELIVERED_AT,
    )
    extra = line.lots.get(surplus=True)
    assert (extra.number, extra.quantity, extra.expires_on) == ("X-1", 30, date(2022, 5, 1))


def test_surplus_lot_accepted_after_closing_can_still_be_rejected(story: Journey) -> None:
    case = receive_surplus(story, 90)
    (lot,) = case.line.lots.all()
    release_lot(story.pass_lot(lot), by=story.logistics.by, at=DELIVERED_AT)
    close_shipment(case.shipment, by=story.logistics.by, at=DELIVERED_AT)
    settle_discrepancy(case, outcome="accepted", by=story.officer.by, at=DELIVERED_AT)
    extra = case.line.lots.get(surplus=True)
    reject_lot(extra, reason="Another product.", by=story.logistics.by, at=DELIVERED_AT)
    assert (extra.status, logistics_counter_mismatches()) == ("rejected", [])


def test_surplus_cannot_be_replaced_and_makes_no_lot_when_refused_or_discarded(story: Journey) -> None:
    case = receive_surplus(story, 60)
    with assert_refused("outcome_of_surplus", case):
        settle_discrepancy(case, outcome="replaced", by=story.officer.by, at=DELIVERED_AT)
    discard_discrepancy(case, reason="A carton was counted twice.", by=story.officer.by, at=DELIVERED_AT)
    assert not case.line.lots.filter(surplus=True).exists()
    assert case.shipment.lines.get().surplus == 0
    reverse_receipt(case.receipt, reason="They stood outside.", by=story.logistics.by, at=DELIVERED_AT)
    assert (case.shipment.lines.get().surplus, logistics_counter_mismatches()) == (0, [])


@pytest.mark.parametrize("kind", ["missing", "rejected"])
def test_accepted_missing_or_rejected_units_make_no_lot(story: Journey, kind: str) -> None:
    case = next(one for one in discrepancies_of(receive_with_discrepancies(story)) if one.kind == kind)
    settle_discrepancy(case, outcome="accepted", lot_number="N-1", by=story.officer.by, at=DELIVERED_AT)
    assert [lot.surplus for lot in case.line.lots.all()] == [False]
