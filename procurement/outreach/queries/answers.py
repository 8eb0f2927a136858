"""Reads of questions about a need and their answers, for everyone asked or for one contact."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import SupplyRequest
from workflow.journal.models import Entry


class AnsweredQuestion(NamedTuple):
    """A question with its answer. `is_for_everyone` is False if only the contact who asked reads it."""

    question: str
    answer: str
    answered_at: datetime
    is_for_everyone: bool


def published_answers(need: SupplyRequest) -> list[AnsweredQuestion]:
    """Return the answers for everyone asked about a need, oldest first. They do not say who asked."""
    return [_from(entry) for entry in Entry.objects.filter(_published(need.pk)).order_by("pk")]


def answers_for(inquiry: Inquiry) -> list[AnsweredQuestion]:
    """Return the answers that the contact of an inquiry may read, oldest first.

    These are the answers for everyone, and those to them alone.
    """
    own = Q(thing_label=Inquiry._meta.label_lower, thing_id=inquiry.pk, verb="explain", facts__to_all=False)
    found = Entry.objects.filter(_published(inquiry.supply_request_id) | own)
    return [_from(entry) for entry in found.order_by("pk")]


def announced_answers(inquiry: Inquiry, announcement: Entry) -> list[AnsweredQuestion]:
    """Return the answers that a journal entry announces to a contact.

    It is the answer in the entry, or those published since the last announcement.
    """
    if announcement.verb == "explain":
        return [_from(announcement)]
    since = announcement.facts.get("since")
    if not since:
        return []
    after = datetime.fromisoformat(since)
    return [
        one for one in published_answers(inquiry.supply_request) if after < one.answered_at <= announcement.at
    ]


def _published(need_id: int) -> Q:
    return Q(thing_label=SupplyRequest._meta.label_lower, thing_id=need_id, verb="clarify")


def _from(entry: Entry) -> AnsweredQuestion:
    facts = entry.facts
    return AnsweredQuestion(facts["question"], facts["answer"], entry.at, facts.get("to_all", True))
