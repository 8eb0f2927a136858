"""Tests of missing certificates on pages: requested on the offer, and sent by the contact as files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.leads.actions.findings import rescreen_lead
from procurement.notifications.builder import build_messages, is_relevant, rewrite_message
from procurement.verification.actions.certificates import request_certificates
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.portal.by_link import button_text, open_link_page
from tests.workflow.files import photo_with_location
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from tests.worlds.reported_leads import submitted_lead
from workflow.journal.entries import history_of
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
ZH = "zh-hans"
CODES = ("CN_NMPA_PROD", "CN_NMPA_REG")


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        edit_person(
            story.contact.user, PersonEdit(language=ZH, time_zone="Asia/Shanghai"), by=CONSOLE_ACTOR, at=AT
        )
        for code in CODES:
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
        story.offer = submitted_lead(story)
        rescreen_lead(story.offer, at=AT)
        yield story


def open_offer(story, person=None):
    return Browser((person or story.officer).user).open(story.offer.get_absolute_url())


def ask_for_all(story):
    return open_offer(story).press(f"Ask {story.contact} for the missing certificates")


def open_requests(story):
    return list(story.offer.checks.filter(check_kind="missing_certificate").order_by("pk"))


def test_offer_page_asks_the_contact_for_all_missing_certificates(story):
    after = ask_for_all(story)
    first, second = open_requests(story)
    assert [first.requested_certificate_type.code, second.requested_certificate_type.code] == list(CODES)
    assert ("get", first.get_absolute_url()) in after.ways
    assert f"Requested from {story.contact} on" in " ".join(after.text.split())
    assert f"Ask {story.contact} for the missing certificates" not in after.buttons


def test_single_missing_certificate_is_requested_from_its_row(story):
    page = open_offer(story)
    missing = CertificateType.objects.get(code=CODES[1])
    after = page.press(f"Request {missing.name}")
    (task,) = open_requests(story)
    assert task.requested_certificate_type == missing
    assert not [button for button in after.buttons if button.startswith(f"Request {missing.name}")]
    first = CertificateType.objects.get(code=CODES[0])
    assert f"Request {first.name}" not in after.buttons, "the button for all of them asks for the last one"


def test_request_for_a_certificate_that_is_not_missing_is_refused(story):
    address = f"{story.offer.get_absolute_url()}request_certificates/"
    other = CertificateType.objects.exclude(code__in=CODES).order_by("code").first()
    for code, status in ((other.code, 422), ("nothing", 422)):
        assert Browser(story.officer.user).client.post(address, {"kinds": code}).status_code == status, code
    assert not open_requests(story)


def test_single_missing_certificate_is_requested_through_the_api(story):
    Program(story.officer.user).post(
        f"supplier-leads/{story.offer.reference}/request-certificates/", {"kinds": [CODES[1]]}
    )
    (task,) = open_requests(story)
    assert task.requested_certificate_type.code == CODES[1]


def test_approver_and_observer_see_no_button_to_request_certificates(story):
    for role in ("approver", "observer"):
        page = open_offer(story, story.person(role))
        assert f"Ask {story.contact} for the missing certificates" not in page.buttons, role


def test_one_email_in_the_contacts_language_names_all_requested_certificates(story):
    ask_for_all(story)
    first, second = open_requests(story)
    mails = []
    for task in (first, second):
        (message,) = build_messages(history_of(task).get(verb="offer"), AT)
        message.save()
        mails.append(message)
    words = rewrite_message(mails[0], AT)
    assert words is not None
    assert (mails[0].template, mails[0].language) == ("certificates_asked", ZH)
    for task in (first, second):
        assert task.requested_certificate_type.name_zh in words.body
    sent_at = mails[1].entry.at
    Message.objects.filter(pk=mails[0].pk).update(state=Message.State.SENT, sent_at=sent_at)
    assert not is_relevant(mails[1])


def sent_file(page, task, own):
    """Send a photo as the page's script does."""
    photo = SimpleUploadedFile("证书.jpg", photo_with_location(), "image/jpeg")
    address = f"/c/{own.reference}/photo/?check={task.reference}&of=certificate_sent"
    answer = page.browser.client.post(address, {"file": photo}, headers={"accept": "application/json"})
    assert answer.status_code == 201, answer.content


def test_contact_sends_requested_certificate_files_on_one_page_without_visit_questions(story):
    ask_for_all(story)
    first, second = open_requests(story)
    page = open_link_page(first)
    assert button_text("How did you check?", ZH) not in page.text
    for task in (first, second):
        sent_file(page, task, first)
    typed = {"certificate_sent_seen": "粤械注准20202140017", f"{second.reference}-outcome": "later"}
    check = page.browser.open(f"/c/{first.reference}/").press(
        button_text("Check and send", ZH), outcome="same", **typed
    )
    assert check.status == 200, check.wrong
    check.press(button_text("Send", ZH))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("submitted", "requested")
    assert first.certificate.number == "粤械注准20202140017"
    assert ("get", first.certificate.get_absolute_url()) in open_offer(story).ways


def test_single_requested_certificate_is_sent_without_a_choice(story):
    kinds = list(CertificateType.objects.filter(code=CODES[0]))
    request_certificates(story.offer, kinds=kinds, by=story.officer.by, at=AT)
    (task,) = open_requests(story)
    page = open_link_page(task)
    sent_file(page, task, task)
    check = page.browser.open(f"/c/{task.reference}/").press(
        button_text("Check and send", ZH), certificate_sent_seen="粤械注准20202140017"
    )
    assert check.status == 200, check.wrong
    check.press(button_text("Send", ZH))
    task.refresh_from_db()
    assert task.status == "submitted"


def test_certificate_page_without_a_file_is_refused_at_its_field(story):
    ask_for_all(story)
    first, second = open_requests(story)
    page = open_link_page(first)
    wrong = page.press(
        button_text("Check and send", ZH), outcome="same", **{f"{second.reference}-outcome": "later"}
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"certificate_sent_seen"})
    first.refresh_from_db()
    assert first.status == "requested"


def test_contact_declines_one_of_two_requested_certificates(story):
    ask_for_all(story)
    first, second = open_requests(story)
    page = open_link_page(first).follow(button_text("I cannot get this certificate", ZH))
    page.press(button_text("Tell the city", ZH), remark="工厂没有。", checks=[first.reference])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("declined", "requested")
