"""Who may do what with a question to a contact, in every status."""

from typing import Any

from procurement.outreach.actions import answering, asking
from procurement.outreach.actions.asking import hand_over
from tests import world
from tests.procurement.outreach import test_questions
from tests.procurement.outreach.test_questions import asked_partner, by_link
from tests.procurement.story import AT, Story
from tests.procurement.tables import Row, officers


def refused_by_partner(story: Story) -> Any:
    inquiry = asked_partner(story)
    there = world.powers("officer", world.city("zhongshan"))
    return asking.refuse(inquiry, by=there, at=AT)


def answered(story: Story) -> Any:
    inquiry = test_questions.sent(story)
    return answering.answer(inquiry, by=by_link(inquiry), at=AT)


def question_handed_over(story: Story) -> Any:
    inquiry = test_questions.sent(story)
    hand_over(inquiry, to=story.checker, by=by_link(inquiry), at=AT)
    return inquiry


ANSWERS = "answer decline hand_over"
BY_PHONE = "answer decline note_call hand_over"
QUESTIONS: list[Row] = [
    ("proposed", test_questions.proposed, officers("revise send cancel")),
    ("proposed", test_questions.through, officers("revise ask_partner cancel")),
    ("awaiting_consent", asked_partner, officers("remind cancel")),
    ("refused", refused_by_partner, {}),
    ("sent", test_questions.sent, officers(f"{BY_PHONE} remind redate lapse cancel", contact=ANSWERS)),
    (
        "sent",
        test_questions.silent,
        officers(f"{BY_PHONE} remind redate ask_next lapse cancel", contact=ANSWERS),
    ),
    ("answered", answered, officers("answer", contact="answer")),
    ("declined", test_questions.declined, {}),
    ("handed_over", question_handed_over, {}),
    ("lapsed", test_questions.lapsed, officers(BY_PHONE, contact=ANSWERS)),
    ("cancelled", test_questions.cancelled, {}),
]
