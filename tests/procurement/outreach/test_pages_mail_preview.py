"""Tests of the preview of an inquiry: the email in both languages, and the page behind its link."""

import pytest
from django.conf import settings

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.tasks import _render_message
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.generated_documents import text_of
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        cities.organization("burnaby", "municipality", name_en="City Hall", phone="+1 604 555 0100")
        edit_person(story.contact.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)
        assert story.officer and story.observer and story.stranger
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def test_inquiry_preview_shows_the_complete_email_in_both_languages(story, officer):
    page = officer.open(f"{story.need.get_absolute_url()}ask/{story.contact.pk}/").press("Preview")
    for words in (settings.DEFAULT_FROM_EMAIL, story.officer.user.email, "(your link)", "（您的专属链接）"):
        assert words in page, words
    assert "To unsubscribe from these emails, open:" in page
    assert page.text.index("The email as it will be sent") < page.text.index(
        "The same email in your language"
    )
    assert not Inquiry.objects.exists()


def test_inquiry_preview_equals_the_email_that_is_sent(story, officer):
    page = officer.open(f"{story.need.get_absolute_url()}ask/{story.contact.pk}/").press("Preview")
    shown = page.main.xpath(".//section[.//h2[contains(., 'as it will be sent')]]//div[@class='letter']")
    page.press("Send request")
    entry = Entry.objects.filter(thing_label="procurement.inquiry", verb="send").latest("pk")
    (mail,) = build_messages(entry, AT)
    mail.save()
    filled = _render_message(mail, AT)
    assert filled.reply_to == story.officer.user.email
    sent = " ".join(mail.body.split()).split("[[")[0]
    assert " ".join(shown[0].text_content().split()).startswith(sent[:200])


def test_letter_is_signed_with_officer_office_and_place(story, officer):
    body = officer.open(f"{story.need.get_absolute_url()}ask/{story.contact.pk}/").value("body_own")
    for words in (
        story.officer.user.name,
        "Procurement officer",
        "City Hall",
        "City of Burnaby, British Columbia, Canada",
        "Phone: +1 604 555 0100",
        story.officer.user.email,
        "Twinlane is the website where partner cities ask each other for protective equipment.",
    ):
        assert words in body, words


def test_preview_of_the_contact_page_is_in_the_contacts_language_and_for_officers_only(story, officer):
    page = officer.open(f"{story.need.get_absolute_url()}ask/{story.contact.pk}/page/")
    assert page.status == 200
    assert page.main.xpath(".//fieldset[@disabled]//button")
    assert "50,000" in page
    assert page.root.get("lang") == "zh-hans"
    assert Browser(story.observer.user).open(page.at).status == 403
    assert Browser(story.stranger.user).open(page.at).status == 404


def unbroken_text(text: str) -> str:
    """Return the text of a PDF without the breaks of lines and inside long words."""
    return " ".join(text.replace("\u200b", "").split())


def test_printed_letter_has_a_signature_line_and_optionally_a_qr_code_with_a_new_link(story, officer):
    made = draft_inquiry(
        story.need, story.contact, subject="口罩", body="您好", subject_own="Masks", body_own="Good day",
        author=story.officer.user, by=story.officer.by, at=AT,
    )  # fmt: skip
    inquiry = send_inquiry(made, by=story.officer.by, at=AT)
    plain = unbroken_text(text_of(officer.client.get(f"{inquiry.get_absolute_url()}letter/").content))
    assert "Signature and date" in plain
    assert "Official seal" in plain
    assert "/l/" not in plain
    before = ActionLink.objects.count()
    page = officer.open(inquiry)
    assert "Print letter with the contact’s link" in page
    answer = officer.client.post(f"{inquiry.get_absolute_url()}print/")
    assert answer["Content-Type"] == "application/pdf"
    printed = unbroken_text(text_of(answer.content))
    assert "/l/" in printed
    assert "Answer on your own page" in printed
    assert ActionLink.objects.count() == before + 1
    assert officer.client.get(f"{inquiry.get_absolute_url()}print/").status_code == 405


def test_only_officers_of_the_asking_city_can_print_a_contact_link(story):
    made = draft_inquiry(
        story.need,
        story.contact,
        subject="口罩",
        body="您好",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    inquiry = send_inquiry(made, by=story.officer.by, at=AT)
    at = f"{inquiry.get_absolute_url()}print/"
    assert Browser(story.observer.user).client.post(at).status_code == 403
    assert "contact’s link" not in Browser(story.observer.user).open(inquiry)
    assert Browser(story.stranger.user).client.post(at).status_code == 404
