"""What was sent by link stands: no letter, mail or page tells a contact that they may change it, in any language."""

import re

import pytest
from django.utils import translation

from accounts.actions import people
from accounts.actors import CONSOLE
from procurement.notices import planning
from procurement.outreach.actions import answering, waiting
from procurement.outreach.letters import compose
from tests.procurement.outreach.test_questions import by_link
from tests.procurement.story import AT, Story
from tests.procurement.web.contacts.by_link import pressed
from tests.world import powers_for
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
# To change, correct, edit or take back what was sent; a mail's foot and a person's own page speak of other things.
PROMISES = {
    "en": r"\b(chang|correct|edit|revis|updat|amend|withdraw)\w*\b",
    "fr-ca": r"\b(modifi|corrig|révis|rectifi|chang|mettre à jour|retir)\w*",
    "zh-hans": "修改|更正|改正|更改|变更|修正|撤回",
}


@pytest.fixture(params=PROMISES)
def asked(request, db):
    story = Story()
    people.edit(story.contact.user, language=request.param, by=CONSOLE, at=AT)
    inquiry = story.asked(story.line(7_300))
    inquiry.refresh_from_db()
    return inquiry


def promises(asked, text: str) -> list[str]:
    return re.findall(PROMISES[asked.contact.user.language], text, re.IGNORECASE)


def test_the_patterns_find_such_a_promise():
    for language, words in {
        "en": "You may come back and change your answer.",
        "fr-ca": "Vous pouvez revenir modifier votre réponse.",
        "zh-hans": "您可随时返回修改。",
    }.items():
        assert re.search(PROMISES[language], words)


def test_no_letter_and_no_mail_promises_it(asked):
    need, language = asked.supply_request, asked.contact.user.language
    assert promises(asked, compose(need, list(need.lines.all()), asked.contact, language).body) == []
    waiting.remind(asked, by=powers_for(asked.author), at=AT)
    answering.answer(asked, by=by_link(asked), at=AT)
    for verb in ("send", "remind", "answer"):
        for mail in planning.plan(history_of(asked).get(verb=verb), AT):
            if mail.recipient == asked.contact.user:
                assert promises(asked, mail.body) == [], verb


def test_no_page_promises_it_before_or_after_the_answer(asked):
    language = asked.contact.user.language
    before = pressed(asked)
    with translation.override(language):
        assert promises(asked, before.text) == []
    answering.answer(asked, by=by_link(asked), at=AT)
    assert promises(asked, pressed(asked).text) == []
