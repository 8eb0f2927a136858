"""Who may do what with a question to a contact, in every status."""

from typing import Any

from procurement.outreach import actions as outreach
from tests import world
from tests.procurement.outreach import test_questions as questions
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row, officers


def refused_by_partner(story: Story) -> Any:
    inquiry = questions.asked_partner(story)
    there = world.powers("officer", world.city("zhongshan"))
    return outreach.refuse(inquiry, by=there, at=AT)


def answered(story: Story) -> Any:
    inquiry = questions.sent(story)
    return outreach.answer(inquiry, by=questions.by_link(inquiry), at=AT)


def question_handed_over(story: Story) -> Any:
    inquiry = questions.sent(story)
    outreach.hand_over(inquiry, to=story.checker, by=questions.by_link(inquiry), at=AT)
    return inquiry


ANSWERS = "answer decline hand_over"
BY_PHONE = "answer decline note_call hand_over"
QUESTIONS: list[Row] = [
    ("proposed", questions.proposed, officers("revise send cancel")),
    ("proposed", questions.through, officers("revise ask_partner cancel")),
    ("awaiting_consent", questions.asked_partner, officers("remind cancel")),
    ("refused", refused_by_partner, {}),
    ("sent", questions.sent, officers(f"{BY_PHONE} remind redate lapse cancel", contact=ANSWERS)),
    ("sent", questions.silent, officers(f"{BY_PHONE} remind redate ask_next lapse cancel", contact=ANSWERS)),
    ("answered", answered, officers("answer", contact="answer")),
    ("declined", questions.declined, {}),
    ("handed_over", question_handed_over, {}),
    ("lapsed", questions.lapsed, officers(BY_PHONE, contact=ANSWERS)),
    ("cancelled", questions.cancelled, {}),
]
