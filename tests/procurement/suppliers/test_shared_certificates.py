"""Tests of a certificate number or bank account that a second company shows later.

Both companies get a finding; the first one gets it in the next run of the periodic job.
"""

from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.suppliers.actions.certificates import CertificateEdit, amend_certificate
from tests.worlds.leads import enter_certificate, submitted_offer
from tests.worlds.need_to_order import AT


def open_finding_codes(lead):
    rescreen_changed_offers(AT)
    return set(lead.findings.filter(status="open").values_list("code", flat=True))


def test_certificate_number_shown_later_by_another_company_is_reported_to_the_first(story):
    lead = submitted_offer(story)
    enter_certificate(story, kind="US_510K", number="K203161")
    theirs = enter_certificate(story, story.company("别的公司 DEMO"), kind="US_510K", number="K203162")
    assert "certificate_elsewhere" not in open_finding_codes(lead)
    for number, shared in (("K203161", True), ("K203163", False)):
        amend_certificate(theirs, CertificateEdit(number=number), by=story.officer.by, at=AT)
        assert ("certificate_elsewhere" in open_finding_codes(lead)) == shared
    enter_certificate(story, story.company("第三家公司 DEMO"), kind="US_510K", number="K 203161")
    assert "certificate_elsewhere" in open_finding_codes(lead)


def test_bank_account_named_later_by_another_company_is_reported_to_the_first(story):
    lead = submitted_offer(story)
    story.account()
    assert "account_elsewhere" not in open_finding_codes(lead)
    story.account(story.company("别的公司 DEMO"), confirmed=False)
    assert "account_elsewhere" in open_finding_codes(lead)
