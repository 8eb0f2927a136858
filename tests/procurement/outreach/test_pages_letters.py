"""Tests of the preview of a letter's two texts, and of the public page that verifies a letter."""

import pytest
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from accounts.throttling import LINK_PAGE_LIMIT
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.reminders import cancel_inquiry
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.text_changes import text_changes
from tests.browsing import Browser
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        edit_person(story.contact.user, PersonEdit(language="zh-hans"), by=CONSOLE_ACTOR, at=AT)
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def letter_page(story):
    return Browser(story.officer.user).open(f"{story.need.get_absolute_url()}ask/{story.contact.pk}/")


@pytest.fixture
def sent_letter(story):
    made = draft_inquiry(
        story.need,
        story.contact,
        subject="致李先生",
        body="口罩",
        author=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    return send_inquiry(made, by=story.officer.by, at=AT).letter


def test_letter_preview_shows_changes_from_the_draft_and_sends_nothing(letter_page):
    body = letter_page.value("body")
    looked = letter_page.press("Preview", body=body.replace("50,000", "5,000"))
    assert looked.status == 200
    assert "Changes from the draft" in looked
    assert "The numbers in the two versions differ." in looked
    assert not Inquiry.objects.exists()
    assert looked.value("body") != body
    assert "Changes from the draft" not in looked.press("Preview", body=body)


def test_letter_with_differing_figures_is_sent_after_one_warning(letter_page):
    body = letter_page.value("body").replace("50,000", "5,000")
    warned = letter_page.press("Send request", body=body)
    assert warned.status == 422
    assert "A number appears in one version only" in warned.alert
    assert not Inquiry.objects.exists()
    warned.press("Send request", figures_seen="on")
    inquiry = Inquiry.objects.get()
    assert "5,000" in inquiry.body
    assert "50,000" in inquiry.body_own
    assert (inquiry.language_own, inquiry.subject_own) == ("en", letter_page.value("subject_own"))


def test_text_changes_are_compared_by_word_in_english_and_by_character_in_chinese():
    assert list(text_changes("We need 50 masks", "We need 60 masks")) == [
        ("same", "We need "), ("out", "50"), ("in", "60"), ("same", " masks"),
    ]  # fmt: skip
    assert list(text_changes("急需口罩", "急需手套")) == [("same", "急需"), ("out", "口罩"), ("in", "手套")]


def test_public_letter_page_shows_sender_date_and_goods_and_no_private_text(story, sent_letter):
    page = Client().get(f"/letter/{sent_letter.code}/")
    text = page.content.decode()
    assert page.status_code == 200
    for told in (
        "This letter is genuine",
        "City of Burnaby",
        sent_letter.words["reference"],
        sent_letter.fingerprint,
        "April",
    ):
        assert told in text
    for private in ("致李先生", "口罩", story.contact.user.name, story.officer.user.name):
        assert private not in text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == ("no-referrer", "no-store")


def test_public_page_of_a_withdrawn_letter_says_it_was_withdrawn(story, sent_letter):
    cancel_inquiry(sent_letter.inquiry, by=story.officer.by, at=AT)
    assert "This letter was withdrawn" in Client().get(f"/letter/{sent_letter.code}/").content.decode()


def test_forged_or_altered_letter_code_gets_404_saying_it_is_not_from_us(sent_letter):
    SentLetter.objects.filter(pk=sent_letter.pk).update(words={**sent_letter.words, "reference": "IQ-9"})
    for code in (sent_letter.code, "0" * 24, sent_letter.inquiry.reference):
        page = Client().get(f"/letter/{code}/")
        assert page.status_code == 404
        assert "This letter is not from us" in page.content.decode()
        assert "Burnaby" not in page.content.decode()


def test_guessing_letter_codes_is_rate_limited_with_429(sent_letter):
    seen = [
        Client().get(f"/letter/{number:024x}/").status_code for number in range(LINK_PAGE_LIMIT.max_uses + 1)
    ]
    assert seen[-1] == 429
