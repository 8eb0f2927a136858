"""Tests of facts that change after their check: which checks are repeated, which remain, and who may not make them."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import add_contact, record_consent
from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.actions.leads import LeadEdit, change_lead, verify_lead
from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.lead_facts import VERIFIED_FACTS
from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    mark_certificate_invalid,
    record_shown_certificate,
)
from procurement.suppliers.actions.statuses import declare_interest, end_interest
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.verification.actions.assignment import (
    accept_check,
    decline_check,
    forward_check,
    reopen_check,
    request_check,
)
from procurement.verification.actions.checks import open_checks, propose_check
from procurement.verification.actions.periodic import _replace_changed_checks, update_checks
from procurement.verification.actions.reports import accept_report
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.rules.needed_checks import FACTS_BY_CHECK
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.alternatives import accept_alternative
from tests.worlds.checks import contact_by_link, submit_positive_report
from tests.worlds.cities import own_link, powers_for
from tests.worlds.leads import drafted_offer, submitted_offer, verified_offer
from tests.worlds.need_to_order import AT

LICENCE, VISIT, EXPORT, BANK = (
    CheckKind.BUSINESS_LICENCE,
    CheckKind.VISIT,
    CheckKind.EXPORT_PERMISSION,
    CheckKind.BANK_ACCOUNT,
)


def check_kinds(lead, status):
    return set(lead.checks.filter(status=status).values_list("check_kind", flat=True))


def test_every_verified_fact_has_a_check_based_on_it():
    assert frozenset().union(*FACTS_BY_CHECK.values()) >= VERIFIED_FACTS
    assert set(FACTS_BY_CHECK) == set(CheckKind.values)


@pytest.mark.parametrize(
    ("fact", "anew_of"),
    [
        ({"stock_quantity": 9_500}, {VISIT}),
        ({"declared_use": "medical"}, {EXPORT}),
        ({"unit_price": Decimal("0.55")}, set()),
        ({"unit_price": Decimal(55)}, set()),
    ],
)
def test_only_checks_based_on_the_changed_fact_are_repeated(story, fact, anew_of):
    lead = verified_offer(story)
    made = check_kinds(lead, "accepted")
    change_lead(lead, LeadEdit(**fact), by=story.officer.by, at=AT)
    assert (lead.status, lead.recheck, lead.changed_facts) == ("under_review", True, sorted(fact))
    assert update_checks(AT) == 1
    assert check_kinds(lead, "outdated") == anew_of
    assert check_kinds(lead, "accepted") == made - anew_of
    assert anew_of <= check_kinds(lead, "unassigned")
    lead.refresh_from_db()
    assert (lead.recheck, lead.changed_facts) == (False, [])
    assert update_checks(AT) == 0


def test_changed_price_that_requires_another_check_opens_it(story):
    """Fifty dollars a mask is a high price, and therefore noticed."""
    lead = verified_offer(story)
    change_lead(lead, LeadEdit(unit_price=Decimal(55)), by=story.officer.by, at=AT)
    update_checks(AT)
    assert BANK in check_kinds(lead, "unassigned")
    lead.refresh_from_db()
    with assert_refused("not_ready", lead):
        verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)


def test_saving_unchanged_facts_keeps_the_offer_verified(story):
    lead = verified_offer(story)
    change_lead(
        lead,
        LeadEdit(stock_quantity=lead.stock_quantity, unit_price=lead.unit_price),
        by=story.officer.by,
        at=AT,
    )
    assert (lead.status, lead.recheck) == ("verified", False)


def test_fact_changed_during_a_check_requires_a_new_check(story):
    lead = submitted_offer(story, stock_quantity=10_000)
    tasks = {task.check_kind: task for task in open_checks(lead, by=story.officer.by, at=AT)}
    story.report(tasks[VISIT])
    waiting = request_check(tasks[EXPORT], story.checker, by=story.officer.by, at=AT)
    submit_positive_report(waiting)
    change_lead(lead, LeadEdit(stock_quantity=20_000, declared_use="medical"), by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.recheck
    update_checks(AT)
    waiting.refresh_from_db()
    assert check_kinds(lead, "outdated") == {VISIT}
    assert waiting.status == "cancelled", "no one accepts by mistake what was written about other facts"
    assert {VISIT, EXPORT} <= check_kinds(lead, "unassigned")


def test_corrected_supplier_outdates_its_check_and_returns_the_verified_offer(story):
    lead = verified_offer(story)
    correct_supplier(
        story.supplier, SupplierEdit(website="https://kanghu.example"), by=story.officer.by, at=AT
    )
    rescreen_changed_offers(AT)
    assert update_checks(AT) == 0, "no check rests on an address in the web"
    correct_supplier(
        story.supplier, SupplierEdit(legal_name_local="另一家公司 DEMO"), by=story.officer.by, at=AT
    )
    assert rescreen_changed_offers(AT) == 1
    update_checks(AT)
    lead.refresh_from_db()
    assert lead.status == "under_review"
    assert LICENCE in check_kinds(lead, "outdated")
    assert rescreen_changed_offers(AT) == 0


def test_amended_certificate_requires_a_new_check(story):
    paper = claim_report(story)
    lead = verified_offer(story)
    assert lead.checks.get(check_kind=CheckKind.CERTIFICATE).certificate == paper
    amend_certificate(paper, CertificateEdit(models_covered="KH-2"), by=story.officer.by, at=AT)
    rescreen_changed_offers(AT)
    update_checks(AT)
    again = lead.checks.get(status="unassigned", check_kind=CheckKind.CERTIFICATE)
    assert again.certificate == paper
    lead.refresh_from_db()
    assert lead.status == "under_review"


def test_altered_certificate_returns_a_verified_offer_to_review(story):
    paper = claim_report(story)
    lead = verified_offer(story)
    mark_certificate_invalid(
        paper,
        "altered",
        reason="the day was changed",
        looked_up_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    rescreen_changed_offers(AT)
    lead.refresh_from_db()
    assert (lead.status, lead.blocking_findings) == ("under_review", 1)
    assert lead.findings.get(code="certificate_doubted").severity == "block"


def claim_report(story):
    return record_shown_certificate(
        story.supplier,
        CertificateType.objects.get(code="CN_TEST_CNAS"),
        number="CNAS L0001",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )


def contact_at_other_office(contact):
    """Return the same person as a contact of another office in the city."""
    office = cities.organization("zhongshan", "hospital")
    user = contact.user
    second = add_contact(office, email=user.email, name=user.name, by=CONSOLE_ACTOR, at=AT)
    return record_consent(second, by=own_link(second), at=AT)


def test_contact_who_provided_the_offer_cannot_report_all_its_checks_from_another_office(story):
    lead = submitted_offer(story, contact=story.contact)
    tasks = open_checks(lead, by=story.officer.by, at=AT)
    for task in tasks:
        request_check(
            task,
            contact_at_other_office(story.contact) if task is tasks[0] else story.contact,
            by=story.officer.by,
            at=AT,
        )
        submit_positive_report(task)
        accept_report(task, reviewer=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (lead.checks_open, lead.checks_by_others) == (0, 0)
    with assert_refused("not_ready", lead):
        verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    one_more = propose_check(lead, CheckKind.SAMPLE_TEST, by=story.officer.by, at=AT)
    story.report(one_more)
    lead.refresh_from_db()
    assert verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT).status == "verified"


def test_contact_with_an_interest_in_the_company_cannot_be_asked_for_a_check(story):
    lead = submitted_offer(story)
    first, second, *_rest = open_checks(lead, by=story.officer.by, at=AT)
    request_check(first, story.contact, by=story.officer.by, at=AT)
    request_check(second, story.contact, by=story.officer.by, at=AT)
    decline_check(first, remark="my sister works there", interest=True, by=contact_by_link(first), at=AT)
    interest = InterestDeclaration.objects.get(person=story.contact.user)
    assert (interest.supplier, interest.words) == (lead.supplier, "my sister works there")
    with assert_refused("not_ready", second):
        accept_check(second, by=contact_by_link(second), at=AT)
    with assert_refused("not_ready", second):
        submit_positive_report(second)
    reopen_check(first, by=story.officer.by, at=AT)
    first = VerificationTask.objects.get(pk=first.pk)
    with assert_refused("not_ready", first):
        request_check(first, story.contact, by=story.officer.by, at=AT)
    onward = forward_check(second, to=story.checker, by=contact_by_link(second), at=AT)
    assert onward.status == "requested"


def test_contact_cannot_end_their_own_declared_interest(story):
    mine = own_link(story.contact)
    interest = declare_interest(story.supplier, story.contact.user, words="shares", by=mine, at=AT)
    assert declare_interest(story.supplier, story.contact.user, by=mine, at=AT) == interest
    with assert_refused("not_allowed", interest):
        end_interest(interest, reason="sold", by=mine, at=AT)
    with assert_refused("not_allowed"):
        declare_interest(story.supplier, story.checker.user, by=mine, at=AT)
    with assert_refused("not_allowed", interest):
        end_interest(interest, reason="they showed the sale", by=story.officer.by, at=AT)
    keeper = powers_for(cities.member("coordinator"))
    end_interest(interest, reason="they showed the sale", by=keeper, at=AT)
    task = open_checks(submitted_offer(story), by=story.officer.by, at=AT)[0]
    assert request_check(task, story.contact, by=story.officer.by, at=AT).status == "requested"
    declare_interest(story.supplier, story.contact.user, words="again", by=mine, at=AT)
    task = VerificationTask.objects.get(pk=task.pk)
    with assert_refused("not_ready", task) as no:
        accept_check(task, by=contact_by_link(task), at=AT)
    assert no.value.details["field"] == "contact"


def test_offer_of_other_goods_is_refused_or_marked_as_alternative(story):
    masks, respirators = story.line(), story.line(product="RESP_KN95", declared_use="non_medical")
    company = story.supplier
    with assert_refused("another_product", company):
        drafted_offer(story, line=respirators, product=masks.product, supplier=company)
    accept_alternative(masks, "RESP_KN95")
    other = submitted_offer(story, line=masks, product=respirators.product)
    assert SupplierLead.objects.get(pk=other.pk).meets == "accepted"


def test_offer_rechecked_by_another_process_is_not_rechecked_again(story):
    lead = submitted_offer(story)
    assert not lead.recheck
    assert _replace_changed_checks(lead.pk, AT) == 0, "another runner had it in between"
