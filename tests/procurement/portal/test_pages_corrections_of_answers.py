"""Tests that no letter, mail or page promises a contact that a sent answer can be changed, in every language."""

import re

import pytest
from django.utils import translation

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.actions.replies import record_answer
from procurement.outreach.letters import compose_letter
from tests.procurement.outreach.test_inquiries import powers_by_own_link
from tests.procurement.portal.by_link import open_link_page
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
# Change, correct, edit or take back what was sent. The foot of a mail and a person's own page mean other facts.
PROMISES = {
    "en": r"\b(chang|correct|edit|revis|updat|amend|withdraw)\w*\b",
    "fr-ca": r"\b(modifi|corrig|révis|rectifi|chang|mettre à jour|retir)\w*",
    "zh-hans": "修改|更正|改正|更改|变更|修正|撤回",
}


@pytest.fixture(params=PROMISES)
def sent_inquiry(request, db):
    story = Story()
    edit_person(story.contact.user, PersonEdit(language=request.param), by=CONSOLE_ACTOR, at=AT)
    inquiry = story.asked(story.line(7_300))
    inquiry.refresh_from_db()
    return inquiry


def promises_in(sent_inquiry, text: str) -> list[str]:
    return re.findall(PROMISES[sent_inquiry.contact.user.language], text, re.IGNORECASE)


def test_promise_patterns_match_a_promise_in_each_language():
    for language, words in {
        "en": "You may come back and change your answer.",
        "fr-ca": "Vous pouvez revenir modifier votre réponse.",
        "zh-hans": "您可随时返回修改。",
    }.items():
        assert re.search(PROMISES[language], words)


def test_no_letter_or_email_promises_that_an_answer_can_be_changed(sent_inquiry):
    need, language = sent_inquiry.supply_request, sent_inquiry.contact.user.language
    assert (
        promises_in(
            sent_inquiry, compose_letter(need, list(need.lines.all()), sent_inquiry.contact, language).body
        )
        == []
    )
    remind_contact(sent_inquiry, by=powers_for(sent_inquiry.author), at=AT)
    record_answer(sent_inquiry, by=powers_by_own_link(sent_inquiry), at=AT)
    for verb in ("send", "remind", "answer"):
        for mail in build_messages(history_of(sent_inquiry).get(verb=verb), AT):
            if mail.recipient == sent_inquiry.contact.user:
                assert promises_in(sent_inquiry, mail.body) == [], verb


def test_no_contact_page_promises_that_an_answer_can_be_changed(sent_inquiry):
    language = sent_inquiry.contact.user.language
    before = open_link_page(sent_inquiry)
    with translation.override(language):
        assert promises_in(sent_inquiry, before.text) == []
    record_answer(sent_inquiry, by=powers_by_own_link(sent_inquiry), at=AT)
    assert promises_in(sent_inquiry, open_link_page(sent_inquiry).text) == []
