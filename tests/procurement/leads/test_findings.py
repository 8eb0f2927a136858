"""Tests of findings about an offer: found, answered, upheld, opened again, and blocking verification."""

from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.actions.findings import answer_finding, rescreen_lead, uphold_finding
from procurement.leads.actions.leads import verify_lead
from procurement.leads.models.findings import Finding
from procurement.leads.rules.finding_transitions import FINDING_MOVES
from procurement.suppliers.actions.certificates import (
    CertificateEdit,
    amend_certificate,
    record_shown_certificate,
)
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds.leads import submitted_offer, verified_offer
from tests.worlds.need_to_order import AT


def test_worthless_certificate_finding_is_answered_reopened_and_resolved(story):
    kind = CertificateType.objects.get(code="CN_USCC")
    lead = submitted_offer(story)
    paper = record_shown_certificate(
        story.supplier, kind, number="123", entered_by=story.officer.user, by=story.officer.by, at=AT
    )
    assert paper.status == "suspect"
    rescreen_lead(lead, at=AT)
    finding = lead.findings.get(code="certificate_malformed")
    assert (finding.severity, finding.status, lead.blocking_findings) == ("block", "open", 1)
    assert open_verbs(FINDING_MOVES, finding, story.officer.by) == "answer uphold"
    assert open_verbs(FINDING_MOVES, finding, story.observer.by) == ""
    with assert_refused("reason_missing", finding):
        answer_finding(finding, answer=" ", answered_by=story.officer.user, by=story.officer.by, at=AT)
    answer_finding(
        finding,
        answer="A typing error; the licence shows another.",
        answered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    lead.refresh_from_db()
    assert lead.blocking_findings == 0
    rescreen_lead(lead, at=AT)
    assert Finding.objects.get(pk=finding.pk).status == "explained", "an answer stays while its facts stay"
    amend_certificate(paper, CertificateEdit(number="91330100799655058"), by=story.officer.by, at=AT)
    rescreen_lead(lead, at=AT)
    assert Finding.objects.get(pk=finding.pk).status == "open"
    amend_certificate(paper, CertificateEdit(number="91330100799655058B"), by=story.officer.by, at=AT)
    rescreen_lead(lead, at=AT)
    lead.refresh_from_db()
    assert (Finding.objects.get(pk=finding.pk).status, lead.blocking_findings) == ("resolved", 0)


def test_blocking_finding_returns_a_verified_offer_to_review(story):
    lead = verified_offer(story)
    correct_supplier(story.supplier, SupplierEdit(uscc="91330100799655058X"), by=story.officer.by, at=AT)
    rescreen_lead(lead, at=AT)
    assert (lead.status, lead.blocking_findings) == ("under_review", 1)
    finding = lead.findings.get(code="uscc_malformed")
    uphold_finding(finding, answer="It is wrong.", answered_by=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert lead.blocking_findings == 1


def test_similar_company_under_another_row_is_found_as_duplicate(story):
    lead = submitted_offer(story)
    story.company("中山康护用品有限责任公司")
    rescreen_lead(lead, at=AT)
    assert lead.findings.filter(code="duplicate_company").exists()


def test_offer_with_a_blocking_finding_cannot_be_verified(story):
    lead = submitted_offer(story)
    story.check(lead)
    correct_supplier(story.supplier, SupplierEdit(uscc="91330100799655058X"), by=story.officer.by, at=AT)
    rescreen_lead(lead, at=AT)
    with assert_refused("not_ready", lead) as no:
        verify_lead(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert no.value.details["blocking_findings"] == 1
