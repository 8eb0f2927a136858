"""Actions on questions that contacts ask about a need: ask, answer, remind, inform the other contacts."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules import inquiries
from procurement.requests.actions.requests import publish_question_and_answer
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import Refused
from workflow.moves import register_action


@register_action(inquiries.ASK_QUESTION)
def ask_question(inquiry: Inquiry, *, question: str, by: Actor, at: datetime) -> Inquiry:
    """Record a question about the need that the contact of an inquiry asks the city.

    Refuses an empty question, and another one before the last was answered.
    """
    text = question.strip()
    with inquiries.ASK_QUESTION.apply_to(inquiry, by=by, at=at) as row:
        if not text:
            raise Refused("question_missing", _("Enter the question."), field="question")
        row.question, row.questioned_at, row.question_reminders = text, at, 0
    return inquiry


@register_action(inquiries.ANSWER_QUESTION)
def answer_question(
    inquiry: Inquiry, *, answer: str, question: str = "", to_all: bool = True, by: Actor, at: datetime
) -> Inquiry:
    """Answer the question of a contact: to everyone who was asked, or to this contact alone.

    `question` is the wording that everyone reads, by default the contact's own; readers do not learn who
    asked. Refuses an empty answer, and an answer to everyone about a need that is not open.
    """
    reply = answer.strip()
    wording = question.strip() or inquiry.question
    with inquiries.ANSWER_QUESTION.apply_to(
        inquiry, by=by, at=at, question=wording, answer=reply, to_all=to_all
    ) as row:
        if not reply:
            raise Refused("answer_missing", _("Enter the answer."), field="answer")
        if to_all:
            publish_question_and_answer(row.supply_request, question=wording, answer=reply, by=by, at=at)
        row.question, row.questioned_at, row.question_reminders = "", None, 0
    return inquiry


def remind_of_question(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Remind the city of an open question."""
    with inquiries.REMIND_OF_QUESTION.apply_to(inquiry, by=by, at=at) as row:
        row.question_reminders += 1
    return inquiry


def inform_of_answers(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Send a contact the answers meant for everyone asked, except those they already received."""
    since = inquiry.informed_at or inquiry.sent_at
    with inquiries.SEND_ANSWERS.apply_to(
        inquiry, by=by, at=at, since=since.isoformat() if since else ""
    ) as row:
        row.informed_at = at
    return inquiry


def send_answers(at: datetime) -> int:
    """Send new answers to everyone asked, and remind cities of open questions.

    Run by the periodic job. Returns how many inquiries were handled.
    """
    asked = Inquiry.objects
    done = process_due(
        asked.with_unsent_answers().order_by("pk"),
        lambda inquiry: inform_of_answers(inquiry, by=SYSTEM, at=at),
    )
    return done + process_due(
        asked.question_reminders_due(at).order_by("pk"),
        lambda inquiry: remind_of_question(inquiry, by=SYSTEM, at=at),
    )
