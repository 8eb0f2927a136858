"""Twenty-one documented failures of 2020, and for each the check of this program that would have caught it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.catalogue import rules as catalogue
from procurement.catalogue.models import NotifiedBody
from procurement.leads.screening import Account, screen
from procurement.orders import actions as orders
from procurement.orders.rules import Share, shares_hold
from procurement.shipments import actions
from procurement.shipments.models import Lot
from procurement.shipments.rules import lots
from procurement.verification.models import Check
from procurement.verification.rules import Case, needed_checks
from tests.procurement.catalogue import book
from tests.procurement.leads.test_screening import HONEST, PRICE, paper, priced
from tests.procurement.refusals import refused
from tests.procurement.shipments.play import DOOR, SENT, Voyage

APRIL = date(2020, 4, 16)
CASE = Case(quantity=9_999, role="maker", origin="CN", medical=True)


def found(**facts):
    return {one.code: one.severity for one in screen(replace(HONEST, **facts))}


def needed(**facts):
    return {one.check for one in needed_checks(replace(CASE, **facts))}


def lot(verdict: str) -> Lot:
    return Lot(reference="LT-2020-0001", quantity=10_000, verdict=verdict, status="quarantined")


def body(number: str, on: date = APRIL) -> str:
    scope = catalogue.Scope.RESPIRATORS
    return catalogue.notified_body_verdict(
        number, act=NotifiedBody.Act.PPE, scope=scope, module="B", on=on, bodies=book.bodies()
    ).outcome


def meets(asked: str, offered: str) -> str:
    return catalogue.meets(
        book.standard(asked),
        book.standard(offered),
        market="CA",
        use="medical",
        rows=book.acceptances(),
        on=APRIL,
    ).verdict


def test_01_netherlands_nothing_reaches_a_ward_before_its_lot_was_tested():
    assert lots.passed(lot("")) is not None
    assert lots.passed_or_conditional(lot("failed")) is not None
    assert Check.SAMPLE in needed(family="respirator", quantity=1_300_000)


def test_02_spain_a_foreign_mark_is_no_licence_to_export():
    assert Check.EXPORT in needed()
    assert Check.VISIT in needed(role="trader"), "an intermediary's maker is looked up where it is"


def test_03_finland_a_broker_without_history_and_goods_declared_as_something_else():
    assert {Check.BUSINESS_LICENCE, Check.VISIT, Check.BANK} <= needed(role="broker", much_money=True)
    assert found(declared_use="non_medical")["use_mismatch"] == "block"
    no = shares_hold([Share("deposit", 100)], "")
    assert no is not None
    assert no.code == "deposit_too_high"


@pytest.mark.django_db
def test_04_canada_a_gift_waits_in_quarantine_like_a_purchase():
    story = Voyage()
    order = orders.ready(story.accepted(), by=story.officer.by, at=SENT)
    waiting = story.lot(story.plan(order))
    with refused("not_ready", waiting):
        actions.release_lot(waiting, by=story.logistics.by, at=DOOR)


def test_05_tango_most_of_the_money_is_not_paid_in_advance():
    no = shares_hold([Share("deposit", 73), Share("after_inspection", 27)], "")
    assert no is not None
    assert no.details["most"] == 30
    assert found(prepayment=73)["prepayment_high"] == "warn"


@pytest.mark.django_db
def test_06_tcg_said_to_have_left_and_no_carrier_knows_of_it():
    story = Voyage()
    shipment = story.departed()
    assert actions.watch(SENT + timedelta(hours=47)) == 0
    assert actions.watch(SENT + timedelta(hours=48)) == 1
    lead = shipment.lines.get().order_line.allocation.lead
    assert lead.findings.get(code="no_hand_over").status == "open"


def test_07_toronto_a_torn_mask_in_the_sample_too_many_and_the_lot_fails():
    plan = catalogue.sample_plan(200_000, "II", Decimal("2.5"))
    no = lots.fits_the_sample(plan, 10_000, plan.sample_size, plan.accept + 1, "passed")
    assert no is not None
    assert no.code == "too_many_defects"


def test_08_north_rhine_westphalia_a_referral_chain_and_an_account_that_is_not_theirs():
    account = Account(
        key="1", shown="•••• 1", holder="Somebody", holder_fits=False, country="NG", waiting=True
    )
    seen = found(
        chain=["a site in Spain", "a dealer in Ireland", "a site in the Netherlands"], accounts=[account]
    )
    assert seen["chain_long"] == "warn"
    assert seen["account_changed"] == "block"
    assert {"account_holder", "account_country"} <= set(seen)


def test_09_phantom_stock_is_more_than_a_maker_can_have():
    assert found(stock=39_000_000, capacity=100_000)["stock_implausible"] == "warn"
    assert Check.VISIT in needed(quantity=39_000_000)


def test_10_seven_times_the_list_price():
    firm = priced(value=Decimal("23.80"), high=Decimal("3.40"), firm_high=Decimal("3.40"))
    assert found(**firm)["price_four_times"] == "block"


def test_11_a_shell_without_history_is_young_and_visited():
    assert found(founded_on=date(2020, 2, 1))["company_young"] == "warn"
    assert Check.VISIT in needed(role="broker")


def test_12_a_paper_counts_as_of_the_day_the_goods_come():
    soon = found(arrives_on=date(2020, 5, 20), **paper(ends=date(2020, 5, 7)))
    assert soon["certificate_expired"] == "warn"
    assert found(**paper(ends=date(2020, 4, 1)))["certificate_expired"] == "block"
    assert meets("NIOSH-N95", "GB2626-2006-KN95") != "equal"


def test_13_a_registration_certificate_proves_nothing():
    worth = catalogue.is_worthless(
        book.kind("US_FDA_REG"), book.product("MASK_SURG"), market="CA", on=APRIL, standings=book.standings()
    )
    assert worth is not None
    assert worth.backing.firm


@pytest.mark.parametrize(
    "house", ["ICR Polska Sp. z o.o.", "CELAB S.r.l.", "ECM - Ente Certificazione Macchine", "NPS"]
)
def test_14_a_voluntary_paper_is_known_by_its_letterhead(house):
    assert catalogue.refused_by_name(house, bodies=book.bodies()) is not None


def test_15_a_real_body_signs_until_its_day_and_not_after():
    assert body("2163", date(2021, 5, 30)) == "holds"
    assert body("2163", date(2021, 5, 31)) == "refused"


def test_16_each_batch_is_released_by_its_own_test():
    assert lots.passed(lot("failed")) is not None
    assert lots.passed(lot("passed")) is None


def test_17_the_wrong_standard_does_not_meet_the_line():
    assert meets("ASTM-F2100-L2", "YYT0969-2013") == "no"
    assert found(meets="no", meets_firm=True)["standard_below"] == "block"


def test_18_a_kn95_is_a_neighbour_of_what_a_hospital_asks_for():
    assert meets("NIOSH-N95", "GB2626-2006-KN95") == "neighbour"
    assert "standard_neighbour" in found(meets="neighbour")


def test_19_cheaper_than_its_material_and_a_laboratory_looks():
    assert found(**priced(value=PRICE.floor - Decimal("0.01")))["price_under_floor"] == "warn"
    assert Check.SAMPLE in needed(too_cheap=True)


@pytest.mark.parametrize("number", ["84A-1234", "TC-84-1234", "NIOSH N95", ""])
def test_20_an_approval_without_its_number_is_no_approval(number):
    assert catalogue.judge_number(book.kind("US_NIOSH"), number).outcome == "malformed"
    assert catalogue.judge_number(book.kind("US_NIOSH"), "TC-84A-0007").outcome == "ok"


@pytest.mark.django_db
def test_21_annapolis_the_papers_are_asked_for_when_the_goods_are_planned():
    shipment = Voyage().plan()
    asked = list(shipment.papers.all())
    assert asked
    assert all(one.owner and one.due_before and one.asked_on == shipment.created_at.date() for one in asked)
    assert shipment.papers_missing == sum(one.blocks and one.status == "missing" for one in asked)
