"""Tests of duty relief claims: the amount saved, and the deadline and proof of the end use."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city
from procurement.catalogue.models.customs import DutyRelief
from procurement.catalogue.models.prices import DutyRate
from procurement.catalogue.models.products import Product, TariffCode
from procurement.customs.actions import DeclaredLine, add_declaration
from procurement.customs.duty_relief.actions import (
    ClaimEdit,
    correct_claim,
    mark_unproven,
    record_repayment,
    reopen_claim,
    send_relief_reminders,
)
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.duty_relief.rules import RELIEF_MOVES, reminders_due, saved_amount
from procurement.distribution.actions import record_end_use_proof
from procurement.logistics.actions.planning import assign_broker
from procurement.notifications.builder import build_notifications_for_entry
from tests.procurement.refusals import assert_refused
from tests.procurement.shipments.compared_permissions import compare_with_rules, officers_and_logistics
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import DELIVERED_AT, Journey, noon_of
from tests.worlds.thank_yous import (
    add_hospital,
    attach_photo,
    correct_amounts,
    declared_relief_claim,
    distribute,
    enter_rates,
)
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

LAST = date(2020, 7, 1)


def declared_line(hs_code: str) -> DeclaredLine:
    return DeclaredLine(hs_code=hs_code, origin="CN", value=Decimal(9), currency="CAD", relief="CA-20-08")


# --- opened with the declaration --------------------------------------------------------------------------------
def test_each_declared_line_claiming_a_relief_has_a_claim(story: Journey) -> None:
    claim = declared_relief_claim(story)
    line = claim.shipment.lines.get()
    assert (claim.reference, claim.status, claim.held) == ("RC-2020-0001", "proof_due", "yes")
    assert (claim.line, claim.pieces, claim.position, claim.number) == (line, 10_000, 1, "73-2529")
    assert claim.saved is None
    assert {"municipality", "health_authority", "hospital", "emergency_services"} <= set(claim.places)
    assert str(claim) == "RC-2020-0001"
    assert ReliefClaim.objects.visible_to(story.observer.by).get() == claim
    assert not ReliefClaim.objects.visible_to(story.stranger.by).exists()


def test_declared_line_without_relief_has_no_claim_and_an_unconditional_one_is_settled(
    story: Journey,
) -> None:
    clearance = story.clearance(story.plan(), "import")
    facts = {"hs_code": "6307909870", "origin": "CN", "value": Decimal(9), "currency": "CAD"}
    lines = [
        DeclaredLine(**facts),
        DeclaredLine(**facts, relief="CA-SOR-2020-101"),
    ]
    made = add_declaration(clearance, number="1", lines=lines, by=story.logistics.by, at=AT)
    claim = made.relief_claims.get()
    assert (claim.position, claim.status, claim.places) == (2, "no_proof_needed", [])


def test_relief_is_claimed_by_the_broker_and_proven_by_the_city(story: Journey) -> None:
    shipment = assign_broker(story.plan(), story.broker.user, by=story.logistics.by, at=AT)
    clearance = story.clearance(shipment, "import")
    given = {"hs_code": "6307909870", "origin": "CN", "value": Decimal(9), "currency": "CAD"}
    line = DeclaredLine(**given, relief="CA-20-08")
    made = add_declaration(clearance, number="1", lines=[line], by=story.broker.by, at=AT)
    claim = made.relief_claims.get()
    with assert_refused("not_allowed", claim):
        mark_unproven(claim, reason="No papers.", by=story.broker.by, at=AT)
    assert not ReliefClaim.objects.visible_to(story.broker.by).exists()


@pytest.mark.parametrize(
    ("relief", "held"), [("CA-20-08", "yes"), ("EU-2020-491", "no"), ("CA-SOR-2020-101", "no")]
)
def test_relief_claimed_outside_its_validity_is_stored_as_not_held(
    story: Journey, relief: str, held: str
) -> None:
    row = DutyRelief.objects.get(code=relief)
    if row.country == "CA" and held == "no":
        row.valid_from = AT.date() + timedelta(days=1)
        row.save()
    assert declared_relief_claim(story, relief=relief).held == held


def test_goods_of_a_claim_are_matched_by_tariff_code_or_as_the_only_ones(story: Journey) -> None:
    mask, glove = Product.objects.get(code="MASK_SURG"), Product.objects.get(family="glove")
    TariffCode.objects.all().delete()
    for product, number in ((mask, "630790"), (glove, "401512")):
        TariffCode.objects.create(
            code=number, product=product, scheme="HS6", number=number, confidence="firm"
        )
    mixed = story.plan(story.ready(), story.ready())
    first, second = mixed.lines.order_by("pk")
    lead = second.order_line.allocation.lead
    lead.product = glove
    lead.save()
    assert declared_relief_claim(story, mixed, hs_code="4015129000").line == second
    unknown = add_declaration(
        story.clearance(mixed, "import"),
        number="2",
        lines=[declared_line("9999999999"), declared_line("6307909870")],
        by=story.logistics.by,
        at=AT,
    )
    found = [claim.line for claim in unknown.relief_claims.order_by("position")]
    assert found == [None, first]
    assert declared_relief_claim(story, story.plan(), hs_code="9999999999").line is not None


def test_known_duty_rate_is_stored_with_its_source(story: Journey) -> None:
    product = Product.objects.get(code="MASK_SURG")
    DutyRate.objects.create(
        code="CA/MASK_SURG", country="CA", product=product, percent=18, valid_from=AT.date(),
        seen_on=AT.date(), confidence="firm", source_urls=["https://tariff.example/"],
    )  # fmt: skip
    claim = declared_relief_claim(story)
    assert (claim.duty_percent, claim.duty_source) == (18, "CA/MASK_SURG: https://tariff.example/")
    assert claim.saved is None  # the tax is unknown


def test_unconfirmed_duty_rate_is_treated_as_unknown(story: Journey) -> None:
    product = Product.objects.get(code="MASK_SURG")
    DutyRate.objects.create(code="CA/MASK_SURG", country="CA", product=product, percent=18, confidence="weak")
    assert declared_relief_claim(story).duty_percent is None


# --- what it saves ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("duty", "tax", "relieves", "saved"),
    [
        ("18", "5", (True, True), "239"),  # 180, and 5 per cent of 1,180
        ("18", "5", (True, False), "189"),  # the tax on the duty is no longer due either
        ("18", None, (True, False), "180"),
        ("0", "5", (True, True), "50"),
        ("18", "5", (False, True), "59"),
        (None, "5", (False, True), "50"),
        (None, "5", (True, False), None),
        ("18", None, (True, True), None),
        ("18", "5", (False, False), "0"),
    ],
)
def test_saved_amount_depends_on_duty_and_tax_rates(
    duty: str | None, tax: str | None, relieves: tuple[bool, bool], saved: str | None
) -> None:
    relief = DutyRelief(relieves_duty=relieves[0], relieves_tax=relieves[1])
    percent = [None if one is None else Decimal(one) for one in (duty, tax)]
    found = saved_amount(Decimal(1000), *percent, relief)
    assert found == (None if saved is None else Decimal(saved))


def test_saved_amount_is_stored_in_the_declared_currency_and_that_of_the_city(story: Journey) -> None:
    claim = enter_rates(story, declared_relief_claim(story))
    assert claim.saved == Decimal("1195.0000")
    assert (claim.currency, claim.currency_here) == ("USD", "CAD")
    assert claim.saved_here is not None
    assert claim.rate is not None
    assert claim.saved_here == (claim.saved * claim.rate).quantize(Decimal("0.01"))
    assert claim.rate_on is not None
    assert claim.rate_on <= AT.date()
    entry = history_of(claim).first()
    assert entry is not None
    assert (entry.verb, entry.reason, entry.before["duty_percent"]) == ("correct", "From the tariff.", None)


def test_saved_amount_without_known_rates_is_entered_with_its_source(story: Journey) -> None:
    claim = correct_amounts(
        story, declared_relief_claim(story), saved=Decimal("812.40"), saved_source="Form B3, field 40"
    )
    assert (claim.saved, claim.saved_source) == (Decimal("812.40"), "Form B3, field 40")
    again = enter_rates(story, claim, saved=None, saved_source="")
    assert again.saved == Decimal("1195.0000")


def test_saved_amount_without_an_exchange_rate_stays_in_its_own_currency(story: Journey) -> None:
    claim = enter_rates(story, declared_relief_claim(story, currency="VND"))
    assert (claim.saved, claim.saved_here, claim.rate) == (Decimal("1195.0000"), None, None)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"duty_percent": Decimal(18)}, "source_missing"),
        ({"tax_percent": Decimal(5), "tax_source": " "}, "source_missing"),
        ({"saved": Decimal(5)}, "source_missing"),
        ({"saved": Decimal(-5), "saved_source": "Form B3"}, "amount_missing"),
        ({"duty_percent": Decimal(101), "duty_source": "x"}, "bad_rate"),
        ({"tax_percent": Decimal(-1), "tax_source": "x"}, "bad_rate"),
        ({"saved_source": "Form B3"}, "amount_missing"),
        ({"value": Decimal(0)}, "bad_amount"),
        ({"pieces": 10_001}, "too_many_pieces"),
    ],
)
def test_invalid_correction_of_a_relief_claim_is_refused(
    story: Journey, facts: dict[str, Any], code: str
) -> None:
    claim = declared_relief_claim(story)
    with assert_refused(code, claim):
        correct_amounts(story, claim, **facts)


def test_goods_of_another_shipment_cannot_be_chosen_for_a_relief_claim(story: Journey) -> None:
    claim, other = declared_relief_claim(story), story.plan()
    with assert_refused("not_of_this_shipment", claim):
        correct_amounts(story, claim, line=other.lines.get())
    with assert_refused("reason_missing", claim):
        correct_claim(claim, ClaimEdit(number="7"), reason=" ", by=story.logistics.by, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReliefClaim.objects.filter(pk=claim.pk).update(duty_percent=3)


# --- the end use ------------------------------------------------------------------------------------------------
@pytest.fixture
def distributed_claim(story: Journey) -> ReliefClaim:
    """Return a claim whose goods are released: 6,000 at a hospital, and 1,000 at a place of unknown type."""
    shipment = story.released()
    claim = declared_relief_claim(story, shipment)
    lot = shipment.lots.get()
    distribute(story, lot, 6_000, organization=add_hospital(story))
    distribute(story, lot, 1_000, place="Town hall")
    return claim


def test_distributed_units_count_as_end_use_only_at_eligible_places(
    story: Journey, distributed_claim: ReliefClaim
) -> None:
    with assert_refused("file_missing", distributed_claim):
        record_end_use_proof(distributed_claim, by=story.logistics.by, at=DELIVERED_AT)
    attach_photo(story, distributed_claim)
    with assert_refused("not_all_shown", distributed_claim) as no:
        record_end_use_proof(distributed_claim, by=story.logistics.by, at=DELIVERED_AT)
    assert (no.value.details["shown"], no.value.details["pieces"]) == (6_000, 10_000)
    with assert_refused("not_allowed", distributed_claim):
        record_end_use_proof(distributed_claim, by=story.observer.by, at=DELIVERED_AT)
    made = record_end_use_proof(
        distributed_claim, explanation="The rest lies in the store.", by=story.logistics.by, at=DELIVERED_AT
    )
    assert (made.status, made.shown, made.explanation) == ("proven", 6_000, "The rest lies in the store.")
    assert made.settled_on == story.city.day_at(DELIVERED_AT)


def test_claim_is_proven_without_explanation_when_every_unit_is_at_an_eligible_place(
    story: Journey, distributed_claim: ReliefClaim
) -> None:
    attach_photo(story, distributed_claim)
    with assert_refused("pieces_missing", correct_amounts(story, distributed_claim, pieces=None)):
        record_end_use_proof(distributed_claim, by=story.logistics.by, at=DELIVERED_AT)
    correct_amounts(story, distributed_claim, pieces=7_000, places=[])
    assert record_end_use_proof(distributed_claim, by=story.logistics.by, at=DELIVERED_AT).shown == 7_000


def test_claim_without_a_line_counts_the_whole_shipment(
    story: Journey, distributed_claim: ReliefClaim
) -> None:
    correct_amounts(story, distributed_claim, line=None, pieces=6_000)
    attach_photo(story, distributed_claim)
    assert record_end_use_proof(distributed_claim, by=story.logistics.by, at=DELIVERED_AT).shown == 6_000


def test_claim_is_marked_unproven_for_repayment_and_can_be_reopened(story: Journey) -> None:
    claim = declared_relief_claim(story)
    mark_unproven(claim, reason="They were sold on.", by=story.logistics.by, at=DELIVERED_AT)
    assert claim.status == "unproven"
    paid: dict[str, Any] = {"repaid_on": DELIVERED_AT.date(), "by": story.logistics.by, "at": DELIVERED_AT}
    with assert_refused("bad_amount", claim):
        record_repayment(claim, repaid=Decimal(0), **paid)
    with assert_refused("in_the_future", claim):
        record_repayment(claim, repaid=Decimal(9), **{**paid, "repaid_on": date(2021, 1, 1)})
    record_repayment(claim, repaid=Decimal(9), explanation="Receipt 7", **paid)
    assert (claim.status, claim.repaid, claim.explanation) == ("repaid", 9, "Receipt 7")
    reopen_claim(claim, reason="A mistake.", by=story.logistics.by, at=DELIVERED_AT)
    assert (claim.status, claim.repaid, claim.settled_on, claim.explanation) == ("proof_due", None, None, "")


# --- the deadline -----------------------------------------------------------------------------------------------
def test_relief_deadline_is_reminded_30_and_7_days_before_and_on_the_day(story: Journey) -> None:
    claim = correct_amounts(story, declared_relief_claim(story), prove_by=LAST)
    told = []
    for days in (40, 31, 30, 29, 8, 7, 1, 0, -1, -40):
        at = noon_of(story, LAST - timedelta(days=days))
        told.append((days, send_relief_reminders(at), send_relief_reminders(at)))
    assert [(days, first) for days, first, _again in told if first] == [(30, 1), (7, 1), (0, 1)]
    assert not any(again for _days, _first, again in told)
    claim.refresh_from_db()
    assert claim.reminded == 3


def test_relief_deadline_reminder_follows_the_citys_local_day(story: Journey) -> None:
    correct_city(
        story.city, CityEdit(timezone="Pacific/Kiritimati"), by=CONSOLE_ACTOR, at=AT, reason="A test."
    )
    correct_amounts(story, declared_relief_claim(story), prove_by=LAST)
    morning = datetime(2020, 6, 1, 0, 30, tzinfo=story.city.zone)  # in UTC it is still 31 May
    assert send_relief_reminders(morning - timedelta(hours=1)) == 0
    assert send_relief_reminders(morning) == 1


def test_late_relief_reminder_is_sent_once_to_officer_and_logistics(story: Journey) -> None:
    correct_amounts(story, declared_relief_claim(story), prove_by=LAST)
    assert send_relief_reminders(noon_of(story, LAST)) == 1
    entry = Entry.objects.get(thing_label="procurement.reliefclaim", verb="remind")
    plan = build_notifications_for_entry(entry, noon_of(story, LAST))
    assert {one.recipient for one in plan.notices} == {story.officer.user, story.logistics.user}


def test_new_relief_deadline_restarts_reminders_and_no_deadline_stops_them(story: Journey) -> None:
    claim = correct_amounts(story, declared_relief_claim(story), prove_by=LAST)
    send_relief_reminders(noon_of(story, LAST))
    correct_amounts(story, claim, prove_by=LAST + timedelta(days=90))
    assert claim.reminded == 0
    correct_amounts(story, claim, prove_by=None)
    assert reminders_due(claim, LAST) == 0
    assert send_relief_reminders(noon_of(story, LAST)) == 0


# --- permissions ------------------------------------------------------------------------------------------------
def proven_claim(story: Journey) -> ReliefClaim:
    claim = declared_relief_claim(story)
    attach_photo(story, claim)
    return record_end_use_proof(claim, explanation="Consumed.", by=story.logistics.by, at=DELIVERED_AT)


def failed_claim(story: Journey) -> ReliefClaim:
    return mark_unproven(
        declared_relief_claim(story), reason="Sold on.", by=story.logistics.by, at=DELIVERED_AT
    )


def repaid_claim(story: Journey) -> ReliefClaim:
    data = {"repaid": Decimal(9), "repaid_on": AT.date()}
    return record_repayment(failed_claim(story), **data, by=story.logistics.by, at=DELIVERED_AT)


CLAIMS = [
    ("proof_due", declared_relief_claim, officers_and_logistics("correct prove mark_unproven")),
    (
        "no_proof_needed",
        lambda story: declared_relief_claim(story, relief="CA-SOR-2020-101"),
        officers_and_logistics("correct"),
    ),
    ("proven", proven_claim, officers_and_logistics("reopen")),
    ("unproven", failed_claim, officers_and_logistics("correct repay reopen")),
    ("repaid", repaid_claim, officers_and_logistics("reopen")),
]


@pytest.mark.parametrize(("status", "reach", "expected"), CLAIMS)
def test_allowed_relief_claim_actions_by_status_and_role(
    story: Journey, status: str, reach: Any, expected: dict[str, str]
) -> None:
    compare_with_rules(story, RELIEF_MOVES, reach(story), status, expected)


def test_relief_claims_are_found_by_reference_shipment_and_authorization(story: Journey) -> None:
    claim = declared_relief_claim(story)
    for text in ("RC-2020", claim.shipment.reference, "73-25"):
        assert ReliefClaim.objects.search(text).get() == claim
    assert not ReliefClaim.objects.search("nothing").exists()
