"""Moves that each role may make with an inquiry, in every status."""

from typing import Any

from procurement.outreach.actions.inquiries import forward_inquiry, refuse_consent
from procurement.outreach.actions.replies import record_answer
from tests.procurement.outreach import test_inquiries
from tests.procurement.outreach.test_inquiries import asked_partner, by_link
from tests.procurement.permission_tables import Row, officers
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story


def refused_by_partner(story: Story) -> Any:
    inquiry = asked_partner(story)
    there = cities.powers("officer", cities.city("zhongshan"))
    return refuse_consent(inquiry, by=there, at=AT)


def answered(story: Story) -> Any:
    inquiry = test_inquiries.sent(story)
    return record_answer(inquiry, by=by_link(inquiry), at=AT)


def question_handed_over(story: Story) -> Any:
    inquiry = test_inquiries.sent(story)
    forward_inquiry(inquiry, to=story.checker, by=by_link(inquiry), at=AT)
    return inquiry


ANSWERS = "answer query decline forward"
BY_PHONE = "answer decline record_phone_reply forward"
QUESTIONS: list[Row] = [
    ("draft", test_inquiries.proposed, officers("revise send cancel")),
    ("draft", test_inquiries.through, officers("revise ask_partner cancel")),
    ("awaiting_consent", asked_partner, officers("remind cancel")),
    ("consent_declined", refused_by_partner, {}),
    ("sent", test_inquiries.sent, officers(f"{BY_PHONE} remind redate expire cancel", contact=ANSWERS)),
    (
        "sent",
        test_inquiries.silent,
        officers(f"{BY_PHONE} remind redate ask_next expire cancel", contact=ANSWERS),
    ),
    ("answered", answered, officers("answer", contact="answer query")),
    ("declined", test_inquiries.declined, officers("translate")),
    ("forwarded", question_handed_over, {}),
    ("no_reply", test_inquiries.lapsed, officers(BY_PHONE, contact=ANSWERS)),
    ("cancelled", test_inquiries.cancelled, {}),
]
