"""What looks wrong in an offer: found, answered, upheld, raised again, and in the way of verifying it."""

from procurement.catalogue.models import CertificateKind
from procurement.leads import actions
from procurement.leads.models import Finding
from procurement.leads.rules import FINDING_MOVES
from procurement.suppliers import actions as suppliers
from tests.procurement.leads.play import offered, verified
from tests.procurement.refusals import open_verbs, refused
from tests.procurement.story import AT


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


def test_an_offer_with_a_blocking_finding_is_not_verified(story):
    lead = offered(story)
    story.check(lead)
    suppliers.correct(story.supplier, uscc="91330100799655058X", by=story.officer.by, at=AT)
    actions.look_again(lead, at=AT)
    with refused("not_ready", lead) as no:
        actions.verify(lead, verifier=story.verifier.user, by=story.verifier.by, at=AT)
    assert no.value.details["blocking_findings"] == 1
