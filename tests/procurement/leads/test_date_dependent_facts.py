"""Tests of facts that change with time alone and are screened again before a decision.

A certificate ends, an issuer's answer becomes old, or a rule begins.
"""

from datetime import UTC, datetime, timedelta

import pytest

from partners.cities.models import City
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.leads import verify_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    place_order,
    rescreen_undecided_orders,
)
from procurement.suppliers.actions.certificates import confirm_certificate
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.register_lookups import record_lookup
from tests.worlds.leads import enter_certificate, submitted_offer
from tests.worlds.need_to_order import AT, LATER
from workflow.errors import Refused

TODAY = AT.date()
NEXT_DAY = TODAY + timedelta(days=1)


def reloaded_status(lead):
    lead.refresh_from_db()
    return {one.code: one.severity for one in lead.findings.filter(status="open")}


def test_offer_with_a_certificate_expired_since_screening_cannot_be_verified(story):
    enter_certificate(story, valid_until=NEXT_DAY)
    lead = submitted_offer(story)
    story.check(lead)
    assert reloaded_status(lead).get("certificate_expired") != "block"
    with pytest.raises(Refused) as no:
        verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=LATER)
    assert no.value.code == "not_ready"
    assert reloaded_status(lead)["certificate_expired"] == "block", "what was found stays"


def draft_and_approval(story):
    return story.draft(), approve_order


def approved_order_and_placing(story):
    return story.approved(), place_order


def gift_and_acceptance(story):
    return story.gift(), accept_donation


@pytest.mark.parametrize("deciding", [draft_and_approval, approved_order_and_placing, gift_and_acceptance])
def test_order_or_donation_with_a_certificate_expired_since_screening_is_refused(story, deciding):
    enter_certificate(story, valid_until=NEXT_DAY)
    order, decide = deciding(story)
    lead = story.supplier.leads.get()
    with pytest.raises(Refused) as no:
        decide(order, by=story.officer.by, at=LATER)
    assert lead.reference in no.value.details["obstacles"]
    assert (reloaded_status(lead)["certificate_expired"], lead.status) == ("block", "under_review")


def end_standard(story):
    Standard.objects.filter(code="ASTM-F2100-L2").update(valid_to=NEXT_DAY)
    return submitted_offer(story), "standard_ended"


def end_certificate(story):
    enter_certificate(story, valid_until=NEXT_DAY)
    return submitted_offer(story), "certificate_expired"


def age_issuer_answer(story):
    looked = {
        "looked_up_by": story.officer.user,
        "by": story.officer.by,
        "at": AT,
        "address": "https://a.example",
    }
    confirm_certificate(
        enter_certificate(story), reason="the same", seen_on=TODAY - timedelta(days=89), **looked
    )
    return submitted_offer(story), "issuer_asked_long_ago"


def begin_rule(story):
    certificate = enter_certificate(story)
    rule = {
        "kind": certificate.kind,
        "reason_en": "none",
        "reason_fr": "rien",
        "reason_zh": "无",
        "confidence": "firm",
    }
    CertificateTypeStatus.objects.create(
        code="W-TEST", status="worthless", family="mask", valid_from=NEXT_DAY + timedelta(days=1), **rule
    )
    return submitted_offer(story), "certificate_worthless"


def end_rule(story):
    needed = CertificateType.objects.get(code="CN_NMPA_REG")
    rule = {"kind": needed, "reason_en": "none", "reason_fr": "rien", "reason_zh": "无", "confidence": "firm"}
    CertificateTypeStatus.objects.create(
        code="R-TEST", status="required", market="CN", products=["MASK_SURG"], valid_to=NEXT_DAY, **rule
    )
    return submitted_offer(story), "certificate_required"


def age_register_answer(story):
    record_answer(story, "company_register", "in_order", 89)
    return submitted_offer(story), "looked_up_long_ago"


def age_export_list(story):
    record_answer(story, "export_list", "listed", 29)
    return submitted_offer(story), "looked_up_long_ago"


def age_maker_answer(story):
    maker = story.company("惠州美达防护 DEMO")
    record_answer(story, "licence", "licensed", 89, maker)
    return submitted_offer(story, maker=maker), "looked_up_long_ago"


def record_answer(story, kind, answer, days, company=None):
    record_lookup(
        company or story.supplier,
        kind,
        answer=answer,
        address="https://register.example/1",
        answered_on=TODAY - timedelta(days=days),
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


CHANGES_WITH_TIME = [
    end_certificate,
    age_issuer_answer,
    begin_rule,
    end_rule,
    age_register_answer,
    age_export_list,
    age_maker_answer,
    end_standard,
]


@pytest.mark.parametrize(
    ("kind", "answer", "days", "old"),
    [
        ("company_register", "in_order", 90, False),
        ("company_register", "in_order", 91, True),
        ("licence", "licensed", 400, True),
        ("distributor", "confirmed", 91, True),
        ("product_list", "listed", 30, False),
        ("product_list", "listed", 31, True),
        ("company_register", "not_registered", 400, False),  # a negative answer is a finding of its own
        ("history", "same_goods", 400, False),
    ],
)
def test_clear_register_lookup_that_is_too_old_is_warned_about(story, kind, answer, days, old):
    record_answer(story, kind, answer, days)
    lead = submitted_offer(story)
    rescreen_changed_offers(AT)
    assert reloaded_status(lead).get("looked_up_long_ago") == ("warn" if old else None)
    record_answer(story, kind, answer, 0)
    rescreen_changed_offers(AT)
    assert "looked_up_long_ago" not in reloaded_status(lead)


@pytest.mark.parametrize("passing", CHANGES_WITH_TIME)
def test_periodic_job_rescreens_an_offer_once_after_a_dated_change(story, passing):
    lead, code = passing(story)
    rescreen_changed_offers(AT)
    before = lead.findings.filter(code=code).values_list("status", "severity").first()
    assert rescreen_changed_offers(AT + timedelta(days=1)) == 0
    assert rescreen_changed_offers(LATER) == 1
    assert lead.findings.filter(code=code).values_list("status", "severity").first() != before
    assert rescreen_changed_offers(LATER) == 0


ONE_OF_EACH_SORT = [
    end_certificate,
    age_issuer_answer,
    begin_rule,
    end_rule,
    age_export_list,
    end_standard,
]


@pytest.mark.parametrize("passing", ONE_OF_EACH_SORT)
@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("America/Vancouver", datetime(2020, 4, 18, 0, 30, tzinfo=UTC), datetime(2020, 4, 18, 7, 30, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2020, 4, 17, 15, 30, tzinfo=UTC), datetime(2020, 4, 17, 16, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_rescreening_day_follows_the_citys_time_zone(story, passing, zone, before, after):
    """A fact that ends on 17 April has ended when it is 18 April in the city, not in Greenwich."""
    City.objects.filter(pk=story.city.pk).update(timezone=zone)
    lead, code = passing(story)
    rescreen_changed_offers(AT)
    found = lead.findings.filter(code=code).values_list("status", "severity")
    was = found.first()
    assert (rescreen_changed_offers(before), found.first()) == (0, was)
    assert rescreen_changed_offers(after) == 1
    assert found.first() != was
    assert rescreen_changed_offers(after + timedelta(minutes=10)) == 0


def test_allocated_offers_are_rescreened_only_until_their_order_is_placed(story):
    """Otherwise a rule that begins after the goods have left would count against them."""
    enter_certificate(story, valid_until=NEXT_DAY)
    order = story.approved()
    lead = story.supplier.leads.get()
    rescreen_changed_offers(AT)
    assert rescreen_changed_offers(LATER) == 0
    assert rescreen_undecided_orders(LATER) == 1
    assert reloaded_status(lead)["certificate_expired"] == "block"
    lead.findings.update(status="resolved")
    type(lead).objects.update(screened_on=TODAY, status="verified", blocking_findings=0)
    type(order).objects.update(status="placed", placed_at=AT)
    assert rescreen_undecided_orders(LATER) == 0


def test_certificates_of_a_merged_company_count_in_rescreening(story):
    other = story.company("中山康护集团 DEMO")
    lead = submitted_offer(story)
    merge_suppliers(story.supplier, into=other, reason="one company", by=story.officer.by, at=AT)
    enter_certificate(story, other, valid_until=NEXT_DAY)
    rescreen_changed_offers(AT)
    assert rescreen_changed_offers(LATER) == 1
    assert reloaded_status(lead)["certificate_expired"] == "block"
