"""Tests of the thank-you letter, stored when its mail is planned, in both languages, with a number and a public page."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.actions.close import thank_donor
from procurement.outreach.actions.inquiries import save_thank_you_letters
from procurement.outreach.actions.replies import record_answer
from procurement.outreach.letter_pdf import letter_content, render_sent_letter
from procurement.outreach.models.letters import SentLetter
from procurement.tasks import plan_messages
from procurement.verification.actions.reports import accept_report
from tests.browsing import Browser
from tests.procurement.outreach.test_inquiries import powers_by_own_link, sent_inquiry
from tests.procurement.portal.test_pages_self_service import open_own_page
from tests.worlds import checks, cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Iterator[Journey]:
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Journey()
    clear_instance_cache()


def answered_inquiry(story) -> Any:
    return record_answer(inquiry := sent_inquiry(story), by=powers_by_own_link(inquiry), at=AT) and inquiry


def thank_you_entry(story) -> SentLetter:
    inquiry = answered_inquiry(story)
    plan_messages(AT)
    return SentLetter.objects.thank_you_letters_about("procurement.inquiry", inquiry.pk).get()


def test_thank_you_letter_is_stored_once_with_the_text_of_its_email(story):
    edit_person(story.contact.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)
    letter = thank_you_entry(story)
    first, own = letter.words["languages"]
    mail = Message.objects.get(template="inquiry_thanks")
    assert (first["language"], own["language"]) == ("zh", "en")
    assert first["subject"] == mail.subject
    assert all(part in mail.body for part in first["paragraphs"][:2])
    assert (first["paragraphs"][-1], own["paragraphs"][-1]) == ("此致\n敬礼\n本拿比", "On behalf of Burnaby")
    assert own["paragraphs"][1].startswith("Thank you. Burnaby has received your reply")
    assert not any("{{" in part or "Twinlane" in part for part in (*first["paragraphs"], *own["paragraphs"]))
    plan_messages(AT)
    save_thank_you_letters(build_notifications_for_entry(letter.entry, AT).letters)
    assert SentLetter.objects.filter(inquiry=None).count() == 1


def test_each_thank_you_letter_has_its_own_number_and_one_text_for_a_shared_language(story):
    edit_person(story.contact.user, PersonEdit(language="en"), by=CONSOLE_ACTOR, at=AT)
    inquiry = answered_inquiry(story)
    record_answer(inquiry, by=powers_by_own_link(inquiry), at=AT)
    plan_messages(AT)
    numbers = [
        str(one) for one in SentLetter.objects.thank_you_letters_about("procurement.inquiry", inquiry.pk)
    ]
    assert numbers == [f"{inquiry.reference}-T1", f"{inquiry.reference}-T2"]
    assert len(SentLetter.objects.filter(inquiry=None)[0].words["languages"]) == 1


@pytest.mark.parametrize(("theirs", "own"), [("zh-hans", "en"), ("en", "fr-ca"), ("fr-ca", "zh-hans")])
def test_thank_you_letter_prints_as_pdf_a_in_each_language_pair(story, theirs, own):
    edit_person(story.contact.user, PersonEdit(language=theirs), by=CONSOLE_ACTOR, at=AT)
    edit_person(story.officer.user, PersonEdit(language=own), by=CONSOLE_ACTOR, at=AT)
    letter = thank_you_entry(story)
    with pikepdf.open(BytesIO(render_sent_letter(letter).pdf)) as pdf, pdf.open_metadata() as facts:
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
        assert facts["dc:title"] == letter.words["languages"][0]["subject"]
    assert render_sent_letter(letter) == render_sent_letter(SentLetter.objects.get(pk=letter.pk))


def test_public_page_of_a_thank_you_letter_confirms_it_without_names(story):
    letter = thank_you_entry(story)
    text = Client().get(f"/letter/{letter.code}/").content.decode()
    for told in (
        "This letter is genuine",
        "City of Burnaby",
        str(letter),
        letter.fingerprint,
        "Thank you for your reply: ",
    ):
        assert told in text
    for private in (story.contact.user.name, story.officer.user.name, "A request for help"):
        assert private not in text


def test_checks_and_donations_get_printed_thank_you_letters(story):
    task = checks.requested_check(story)
    checks.submit_positive_report(task)
    accept_report(task, reviewer=story.officer.user, by=story.officer.by, at=AT)
    letter = _plan_mail(
        Entry.objects.get(thing_id=task.pk, verb="accept", thing_label="procurement.verificationtask")
    )
    assert letter.words["about"]["en"].startswith("Thank you for your check: ")
    gift = story.accepted()
    gift.contact = story.contact
    type(gift).objects.filter(pk=gift.pk).update(contact=story.contact, status="completed", completed_at=AT)
    thank_donor(gift, by=story.officer.by, at=AT)
    letter = _plan_mail(Entry.objects.get(thing_id=gift.pk, verb="thank"))
    assert letter.words["about"]["en"].startswith("Thank you for your donation: ")
    page = Browser(story.officer.user).open(gift.get_absolute_url())
    assert f"{gift.reference}-T1" in page


def _plan_mail(entry: Entry) -> SentLetter:
    save_thank_you_letters(build_notifications_for_entry(entry, AT).letters)
    return SentLetter.objects.get(entry=entry)


def test_thank_you_letter_downloads_for_the_city_and_its_own_contact_only(story):
    letter = thank_you_entry(story)
    Message.objects.filter(entry=letter.entry).update(state="sent", sent_at=AT)
    page = Browser(story.officer.user).open(letter.entry and f"/inquiries/{letter.entry.reference}/")
    assert str(letter) in page
    answer = Browser(story.officer.user).client.get(f"/thanks/{letter.pk}/")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f'"{letter}.pdf"' in answer["Content-Disposition"]
    assert Browser(story.stranger.user).client.get(f"/thanks/{letter.pk}/").status_code == 404
    mine = open_own_page(story.contact)
    assert "Download letter (PDF)" in mine
    client = mine.browser.client
    assert client.get(f"/me/{story.contact.pk}/thanks/{letter.pk}/").content == answer.content
    colleague = cities.contact("zhongshan", "Zhao Min")
    other = open_own_page(colleague).browser.client
    assert other.get(f"/me/{colleague.pk}/thanks/{letter.pk}/").status_code == 404


def test_thank_you_sent_before_letters_were_stored_is_shown_without_pdf(story):
    letter = thank_you_entry(story)
    Message.objects.filter(entry=letter.entry).update(state="sent", sent_at=AT)
    letter.delete()
    page = open_own_page(story.contact)
    assert letter.words["languages"][0]["subject"] in page
    assert "Download letter (PDF)" not in page


def test_inquiry_sent_before_letters_were_stored_prints_with_a_notice(story):
    inquiry = sent_inquiry(story)
    plain = "This inquiry was sent before Twinlane began keeping letters"
    officer = Browser(story.officer.user)
    assert plain not in officer.open(inquiry.get_absolute_url())
    SentLetter.objects.all().delete()
    assert plain in officer.open(inquiry.get_absolute_url())
    assert officer.client.get(f"{inquiry.get_absolute_url()}letter/").status_code == 200
    inquiry.refresh_from_db()
    (language,) = letter_content(inquiry, at=AT)["languages"][:1]
    assert language["draft"].startswith("事后打印")
