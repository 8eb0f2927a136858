"""Offers as they come in, are changed, verified and ended; their findings; and what they add up to for a line."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.catalogue.models import CertificateKind, Standard
from procurement.leads import actions
from procurement.leads.models import Finding, SupplierLead
from procurement.leads.money import convert
from procurement.leads.rules import FINDING_MOVES, LEAD_MOVES, supply
from procurement.requests.models import MOST
from procurement.suppliers import actions as suppliers
from procurement.verification import actions as verification
from tests import world
from tests.procurement.refusals import open_verbs, refused
from tests.procurement.story import AT
from workflow.errors import Refused


def drafted(story, **facts):
    line = facts.pop("line", None) or story.line()
    given = {
        "line": line,
        "product": line.product,
        "standard": Standard.objects.get(code="ASTM-F2100-L2"),
        "supplier": story.supplier,
        "stock_quantity": 5_000,
        **facts,
    }
    return actions.draft(story.city, author=story.officer.user, by=story.officer.by, at=AT, **given)


def offered(story, **facts):
    return actions.offer(drafted(story, **facts), by=story.officer.by, at=AT)


def checking(story):
    lead = offered(story)
    verification.open_checks(lead, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    return lead


def verified(story):
    line = story.line()
    return story.lead(line)


def rejected(story):
    return actions.reject(offered(story), reason="a trader without goods", by=story.officer.by, at=AT)


# status: how to get there; what the author, a second officer and a verifier may do then.
TABLE = [
    ("draft", drafted, "edit offer withdraw", "edit offer withdraw", ""),
    (
        "offered",
        offered,
        "edit check reject withdraw share",
        "edit check reject withdraw share",
        "check reject share",
    ),
    ("checking", checking, "edit reject withdraw share", "edit reject withdraw share", "reject share"),
    (
        "verified",
        verified,
        "change remark reopen reject withdraw share",
        "change remark reopen reject withdraw share",
        "reopen reject share",
    ),
    ("rejected", rejected, "", "", ""),
]


@pytest.mark.parametrize(
    ("status", "reach", "author", "officer", "verifier"), TABLE, ids=[row[1].__name__ for row in TABLE]
)
def test_what_each_person_may_do_with_an_offer(story, status, reach, author, officer, verifier):
    lead = reach(story)
    assert lead.status == status
    assert open_verbs(LEAD_MOVES, lead, story.officer.by) == author
    assert open_verbs(LEAD_MOVES, lead, story.second_officer.by) == officer
    assert open_verbs(LEAD_MOVES, lead, story.verifier.by) == verifier
    for role in ("approver", "logistics", "observer"):
        assert open_verbs(LEAD_MOVES, lead, story.person(role).by) == "", role
    assert open_verbs(LEAD_MOVES, lead, story.stranger.by) == ""


@pytest.mark.parametrize(
    ("facts", "pieces"),
    [
        ((100, 0, None, None), 100),
        ((100, 10, date(2020, 4, 20), date(2020, 4, 30)), 200),
        ((100, 10, date(2020, 4, 30), date(2020, 4, 20)), 100),
        ((100, 10, None, date(2020, 4, 20)), 100),
        ((MOST, 10, date(2020, 4, 20), date(2020, 4, 30)), MOST),
    ],
)
def test_supply_is_stock_and_what_is_made_in_whole_days(facts, pieces):
    assert supply(*facts) == pieces


def test_an_offer_of_nothing_is_not_sent(story):
    lead = drafted(story, stock_quantity=0)
    with refused("not_ready", lead):
        actions.offer(lead, by=story.officer.by, at=AT)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"unit_price": Decimal(2), "currency": ""}, "currency_missing"),
        ({"unit_price": Decimal(0), "currency": "CNY"}, "bad_price"),
        ({"unit_price": Decimal(2), "currency": "XYZ"}, "no_rate"),
    ],
)
def test_a_price_makes_sense(story, facts, code):
    with pytest.raises(Refused) as no:
        drafted(story, **facts)
    assert no.value.code == code


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"prepayment_percent": 101}, "prepayment_percent"),
        ({"prepayment_percent": 150}, "prepayment_percent"),
        ({"unit_price": Decimal("9999999999.9999"), "currency": "USD"}, "unit_price"),
        ({"unit_price": Decimal(10_000_000), "currency": "CAD"}, "unit_price"),
        ({"unit_price": Decimal(9_000_000), "currency": "EUR"}, "unit_price"),
        ({"unit_price": Decimal(0), "currency": "CNY", "kind": "donation"}, "unit_price"),
        ({"stock_quantity": -1}, "stock_quantity"),
        ({"capacity_per_day": MOST + 1}, "capacity_per_day"),
        ({"min_order_quantity": 5_001}, "min_order_quantity"),
        ({"lead_days": 1_000}, "lead_days"),
        ({"air_days": 32_768}, "air_days"),
        ({"sea_days": -1}, "sea_days"),
        ({"ready_on": date(9999, 12, 31)}, "ready_on"),
        ({"valid_until": date(1, 1, 1)}, "valid_until"),
        ({"ready_on": date(2020, 5, 2), "available_until": date(2020, 5, 1)}, "available_until"),
        ({"referred_by": ["A friend"] * 21}, "referred_by"),
    ],
)
def test_what_no_offer_can_say_is_refused_at_its_field(story, facts, field):
    with pytest.raises(Refused) as no:
        drafted(story, **facts)
    assert no.value.details["field"] == field
    lead = drafted(story)
    with refused(no.value.code, lead):
        actions.change(lead, by=story.officer.by, at=AT, **facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"prepayment_percent": 0},
        {"prepayment_percent": 100},
        {"unit_price": Decimal(6_000_000), "currency": "EUR"},
        {"min_order_quantity": 5_000},
        {"stock_quantity": 0, "min_order_quantity": 5_000},
        {"lead_days": 999, "sea_days": 999, "ready_on": date(2099, 12, 31)},
        {"ready_on": date(2020, 5, 1), "available_until": date(2020, 5, 1)},
    ],
)
def test_what_is_only_just_possible_is_entered(story, facts):
    lead = drafted(story, **facts)
    assert SupplierLead.objects.filter(pk=lead.pk, **facts).exists()


def test_an_offer_that_shrinks_keeps_its_smallest_order_for_the_officer_to_correct(story):
    lead = drafted(story, min_order_quantity=5_000)
    actions.change(lead, stock_quantity=4_000, by=story.officer.by, at=AT)
    assert (lead.supply, lead.min_order_quantity) == (4_000, 5_000)


def test_a_line_of_another_city_is_refused(story):
    line = story.line()
    with pytest.raises(Refused) as no:
        actions.draft(
            world.city("markham"),
            author=story.stranger.user,
            by=story.stranger.by,
            at=AT,
            line=line,
            product=line.product,
            supplier=story.supplier,
        )
    assert no.value.code == "another_city"


def test_a_price_is_kept_in_the_citys_currency_with_the_day_of_its_rate(story):
    lead = offered(story, unit_price=Decimal(10), currency="CNY")
    assert lead.rate_on == date(2020, 4, 16)
    assert lead.price_here == convert(Decimal(10), "CNY", "CAD", AT.date()).amount


def test_the_rate_of_a_holiday_is_that_of_the_working_day_before():
    assert convert(Decimal(10), "CNY", "CAD", date(2020, 4, 12)).rate_on == date(2020, 4, 9)
    assert convert(Decimal(10), "CAD", "CAD", date(2020, 4, 12)) == (Decimal(10), date(2020, 4, 12))


def test_there_is_no_rate_before_the_history_begins():
    with pytest.raises(Refused):
        convert(Decimal(10), "CNY", "CAD", date(1990, 1, 1))


def test_only_what_meets_the_standard_counts_for_the_line(story):
    line = story.line()
    line.standards.set([Standard.objects.get(code="ASTM-F2100-L2")])
    offered(story, line=line, stock_quantity=3_000)
    offered(story, line=line, stock_quantity=4_000, standard=Standard.objects.get(code="GB2626-2006-KN95"))
    line.refresh_from_db()
    assert (line.offered, line.offered_short, line.verified_free) == (3_000, 4_000, 0)


def test_a_rejected_offer_counts_no_more(story):
    lead = offered(story, stock_quantity=3_000)
    actions.reject(lead, reason="fake", by=story.officer.by, at=AT)
    lead.line.refresh_from_db()
    assert lead.line.offered == 0


def test_an_offer_is_not_verified_by_whoever_entered_it_nor_before_its_checks(story):
    lead = checking(story)
    with refused("not_allowed", lead):
        actions.verify(lead, verifier=story.officer.user, by=story.officer.by, at=AT)
    with refused("not_ready", lead) as no:
        actions.verify(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert no.value.details["checks_open"] == lead.checks_open > 0


def test_a_changed_fact_sends_a_verified_offer_back_and_opens_its_checks_again(story):
    lead = verified(story)
    made = dict(lead.checks.values_list("check_kind", "pk"))
    actions.change(lead, stock_quantity=9_000, by=story.officer.by, at=AT)
    assert (lead.status, lead.recheck, lead.supply) == ("checking", True, 9_000)
    with refused("not_ready", lead):
        actions.verify(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert verification.settle(AT) == 1
    lead.refresh_from_db()
    assert (lead.recheck, lead.checks_open, lead.checks_accepted) == (False, 1, len(made) - 1)
    again = lead.checks.get(status="proposed")
    assert (again.check_kind, again.previous_id) == ("production_and_stock_visit", made[again.check_kind])


def test_a_remark_sends_nothing_back(story):
    lead = actions.change(verified(story), remark="they answer quickly", by=story.officer.by, at=AT)
    assert lead.status == "verified"


def test_an_offer_does_not_fall_under_what_is_allocated(story):
    promised = story.promise(1_000)
    lead = SupplierLead.objects.get(pk=promised.lead_id)
    with refused("not_enough_supply", lead):
        actions.change(lead, stock_quantity=999, by=story.officer.by, at=AT)
    with refused("not_ready", lead):
        actions.reject(lead, reason="no", by=story.officer.by, at=AT)


def test_an_offer_expires_by_its_day_but_not_while_allocated(story):
    lead = offered(story, valid_until=date(2020, 4, 20))
    promised = story.promise(1_000, valid_until=date(2020, 4, 20))
    assert actions.expire_old(AT + timedelta(days=4)) == 0
    assert actions.expire_old(AT + timedelta(days=5)) == 1
    lead.refresh_from_db()
    assert lead.status == "expired"
    assert SupplierLead.objects.get(pk=promised.lead_id).status == "verified"


def test_a_worthless_certificate_is_found_answered_and_raised_again_when_its_facts_change(story):
    kind = CertificateKind.objects.get(code="CN_USCC")
    lead = offered(story)
    paper = suppliers.claim(
        story.supplier, kind, number="123", entered_by=story.officer.user, by=story.officer.by, at=AT
    )
    assert paper.status == "suspect"
    actions.look_again(lead, at=AT)
    finding = lead.findings.get(code="certificate_malformed")
    assert (finding.severity, finding.status, lead.blocking_findings) == ("block", "open", 1)
    assert open_verbs(FINDING_MOVES, finding, story.officer.by) == "answer uphold"
    assert open_verbs(FINDING_MOVES, finding, story.observer.by) == ""
    with refused("reason_missing", finding):
        actions.answer_finding(
            finding, answer=" ", answered_by=story.officer.user, by=story.officer.by, at=AT
        )
    actions.answer_finding(
        finding,
        answer="A typing error; the licence shows another.",
        answered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    lead.refresh_from_db()
    assert lead.blocking_findings == 0
    actions.look_again(lead, at=AT)
    assert Finding.objects.get(pk=finding.pk).status == "answered", "an answer stays while its facts stay"
    suppliers.amend(paper, number="91330100799655058", by=story.officer.by, at=AT)
    actions.look_again(lead, at=AT)
    assert Finding.objects.get(pk=finding.pk).status == "open"
    suppliers.amend(paper, number="91330100799655058B", by=story.officer.by, at=AT)
    actions.look_again(lead, at=AT)
    lead.refresh_from_db()
    assert (Finding.objects.get(pk=finding.pk).status, lead.blocking_findings) == ("gone", 0)


def test_a_blocking_finding_sends_a_verified_offer_back(story):
    lead = verified(story)
    suppliers.correct(story.supplier, uscc="91330100799655058X", by=story.officer.by, at=AT)
    actions.look_again(lead, at=AT)
    assert (lead.status, lead.blocking_findings) == ("checking", 1)
    finding = lead.findings.get(code="uscc_malformed")
    actions.uphold(finding, answer="It is wrong.", answered_by=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.blocking_findings == 1


def test_the_same_company_under_another_row_is_found(story):
    lead = offered(story)
    story.company("中山康护用品有限责任公司")
    actions.look_again(lead, at=AT)
    assert lead.findings.filter(code="duplicate_company").exists()


def test_an_offer_is_shared_with_a_named_city_only(story):
    lead = offered(story)
    oakville = world.city("oakville")
    there = world.powers("officer", oakville)
    assert lead not in SupplierLead.objects.visible_to(there)
    actions.share(lead, city=oakville, by=story.officer.by, at=AT)
    assert lead in SupplierLead.objects.visible_to(there)
    assert not Finding.objects.visible_to(there).exists()
    with refused("own_city", lead):
        actions.share(lead, city=story.city, by=story.officer.by, at=AT)


def test_an_officer_may_take_it_back_to_checking(story):
    lead = actions.reopen(verified(story), reason="a doubt", by=story.officer.by, at=AT)
    assert (lead.status, lead.free) == ("checking", 10_000)


@pytest.mark.django_db
def test_an_offer_that_meets_no_line_is_added_up_nowhere(django_assert_num_queries):
    with django_assert_num_queries(0):
        actions.recount(SupplierLead())


def test_an_offer_with_a_blocking_finding_is_not_verified(story):
    lead = offered(story)
    story.check(lead)
    suppliers.correct(story.supplier, uscc="91330100799655058X", by=story.officer.by, at=AT)
    actions.look_again(lead, at=AT)
    with refused("not_ready", lead) as no:
        actions.verify(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert no.value.details["blocking_findings"] == 1
