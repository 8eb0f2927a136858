"""Tests of requests for missing certificates: sent once, reminded, and ended by the file or a refusal."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.contacts.actions import stop_city_inquiries
from partners.powers import Power
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.rules.leads import LEAD_MOVES
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.verification.actions.assignment import decline_check, send_reminders
from procurement.verification.actions.certificates import request_certificates
from procurement.verification.actions.checks import propose_check
from procurement.verification.actions.periodic import update_checks
from procurement.verification.actions.reports import accept_report, return_report, submit_report
from procurement.verification.models import CheckKind
from tests.procurement.refusals import assert_refused, open_verbs
from tests.workflow.files import photo_with_location
from tests.worlds.checks import contact_by_link
from tests.worlds.leads import drafted_offer
from tests.worlds.need_to_order import AT
from tests.worlds.reported_leads import submitted_lead
from workflow.journal.entries import history_of

ASK = "request_certificates"


@pytest.fixture
def lead(story):
    """Return an offer of Li Wei in which screening misses two certificates."""
    for code in ("CN_NMPA_REG", "CN_NMPA_PROD"):
        CertificateTypeStatus.objects.create(
            code=f"R-{code}",
            kind=CertificateType.objects.get(code=code),
            status="required",
            market="CN",
            products=["MASK_SURG"],
            confidence="firm",
            reason_en="required",
            reason_fr="exigé",
            reason_zh="法规要求",
        )
    lead = submitted_lead(story)
    rescreen_lead(lead, at=AT)
    assert lead.certificates_to_request == ["CN_NMPA_PROD", "CN_NMPA_REG"]
    return lead


def request_certificates_of(story, lead, *codes, at=AT):
    kinds = list(CertificateType.objects.filter(code__in=codes))
    request_certificates(lead, kinds=kinds, by=story.officer.by, at=at)
    return list(lead.checks.filter(check_kind=CheckKind.MISSING_CERTIFICATE).order_by("pk"))


def attach_scan(task, *, at=AT):
    upload = SimpleUploadedFile("证书.jpg", photo_with_location(), "image/jpeg")
    return attach_file_and_flag_companies(
        task, upload, by=contact_by_link(task), at=at, kind="certificate_sent", power=Power.REPORT_ON_CHECK
    )


def submit_scan(task, *files, number="2020-0017", answer="yes", at=AT):
    return submit_report(
        task,
        answers={"certificate_sent": {"answer": answer, "seen": number}},
        method="document",
        seen_on=at.date(),
        confidence=2,
        files=[file.pk for file in files],
        author=task.contact.user,
        by=contact_by_link(task),
        at=at,
    )


def test_contact_is_asked_once_for_each_missing_certificate(story, lead):
    missing = lead.certificates_to_request
    tasks = request_certificates_of(story, lead)
    assert [task.requested_certificate_type.code for task in tasks] == missing
    assert {(task.status, task.contact, task.needed) for task in tasks} == {
        ("requested", story.contact, False)
    }
    assert all(task.due_at > AT and task.next_reminder_at for task in tasks)
    assert history_of(lead).get(verb=ASK).facts["certificates"] == missing
    assert ASK not in open_verbs(LEAD_MOVES, lead, story.officer.by)
    with assert_refused("not_ready", lead):
        request_certificates(lead, by=story.officer.by, at=AT)


def test_single_missing_certificate_can_be_requested(story, lead):
    first, *others = lead.certificates_to_request
    (task,) = request_certificates_of(story, lead, first)
    assert task.requested_certificate_type.code == first
    assert lead.certificates_to_request == others
    with assert_refused("not_missing", lead):
        request_certificates_of(story, lead, first)


@pytest.mark.parametrize(
    ("role", "may"),
    [("officer", True), ("verifier", True), ("approver", False), ("logistics", False), ("observer", False)],
)
def test_missing_certificates_are_requested_by_officers_and_verifiers_only(story, lead, role, may):
    assert (ASK in open_verbs(LEAD_MOVES, lead, story.person(role).by)) is may
    assert ASK not in open_verbs(LEAD_MOVES, lead, story.stranger.by)


def test_certificates_of_a_draft_or_rejected_offer_cannot_be_requested(story, lead):
    draft = drafted_offer(story, contact=story.contact)
    assert ASK not in open_verbs(LEAD_MOVES, draft, story.officer.by)
    lead.status = "rejected"
    lead.save()
    assert ASK not in open_verbs(LEAD_MOVES, lead, story.officer.by)


def test_certificates_of_an_offer_without_a_contact_cannot_be_requested(story, lead):
    lead.contact = None
    lead.save()
    with assert_refused("not_ready", lead):
        request_certificates(lead, by=story.officer.by, at=AT)


def test_certificates_cannot_be_requested_from_a_contact_the_city_stopped_asking(story, lead):
    stop_city_inquiries(story.contact, reason="He retired.", by=story.officer.by, at=AT)
    lead.refresh_from_db()
    with assert_refused("not_ready", lead):
        request_certificates(lead, by=story.officer.by, at=AT)


def test_sent_certificate_file_is_entered_and_ends_the_request(story, lead):
    task = request_certificates_of(story, lead)[0]
    file = attach_scan(task)
    report = submit_scan(task, file)
    task.refresh_from_db()
    assert (task.status, task.next_reminder_at, report.file_ids) == ("submitted", None, [file.pk])
    certificate = task.certificate
    assert (certificate.kind, certificate.number) == (task.requested_certificate_type, "2020-0017")
    assert (certificate.contact, certificate.entered_by) == (story.contact, story.contact.user)
    assert list(certificate.products.all()) == [lead.product]
    accept_report(task, reviewer=story.officer.user, by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (lead.checks_accepted, lead.checks_by_others) == (0, 0), "a certificate proves nothing by itself"


def test_certificate_of_a_returned_report_is_entered_once(story, lead):
    task = request_certificates_of(story, lead)[0]
    submit_scan(task, attach_scan(task))
    return_report(task, question="Please send the second page too.", by=story.officer.by, at=AT)
    submit_scan(task, attach_scan(task), number="2020-0018")
    task.refresh_from_db()
    assert story.supplier.certificates.filter(kind=task.requested_certificate_type).count() == 1
    update_checks(AT)
    task.refresh_from_db()
    assert task.status == "submitted"


@pytest.mark.parametrize("answer", ["no", "could_not_check"])
def test_certificate_report_answered_no_is_refused(story, lead, answer):
    task = request_certificates_of(story, lead)[0]
    file = attach_scan(task)
    task.refresh_from_db()
    with assert_refused("certificate_missing", task):
        submit_scan(task, file, answer=answer)


def test_certificate_report_without_a_file_is_refused(story, lead):
    task = request_certificates_of(story, lead)[0]
    with assert_refused("certificate_missing", task):
        submit_scan(task)


def test_certificate_request_is_reminded_when_due(story, lead):
    task = request_certificates_of(story, lead)[0]
    send_reminders(AT)
    task.refresh_from_db()
    assert task.reminder_count == 0
    send_reminders(task.next_reminder_at + timedelta(days=3))
    task.refresh_from_db()
    assert task.reminder_count == 1


def test_certificate_received_otherwise_cancels_its_request(story, lead):
    first, second = request_certificates_of(story, lead)[:2]
    record_shown_certificate(
        story.supplier,
        first.requested_certificate_type,
        number="2020-0017",
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT + timedelta(minutes=1),
    )
    update_checks(AT + timedelta(minutes=2))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("cancelled", "requested")


def test_contact_declines_a_certificate_request_with_a_remark(story, lead):
    task = request_certificates_of(story, lead)[0]
    decline_check(task, remark="工厂没有这份文件。", by=contact_by_link(task), at=AT)
    assert task.status == "declined"
    assert task.requested_certificate_type.code not in lead.certificates_to_request, (
        "an officer decides who is asked next"
    )


def test_certificate_can_be_requested_again_after_an_ended_request(story, lead):
    task = request_certificates_of(story, lead)[0]
    stop_city_inquiries(story.contact, reason="He retired.", by=story.officer.by, at=AT)
    update_checks(AT)
    task.refresh_from_db()
    assert task.status == "cancelled"
    assert not lead.checks.filter(
        status="unassigned", requested_certificate_type=task.requested_certificate_type
    ).exists(), "no one else has it"
    assert task.requested_certificate_type.code in lead.certificates_to_request


def test_missing_certificate_cannot_be_opened_as_an_ordinary_check(story, lead):
    with assert_refused("bad_check", lead):
        propose_check(lead, CheckKind.MISSING_CERTIFICATE, by=story.officer.by, at=AT)
