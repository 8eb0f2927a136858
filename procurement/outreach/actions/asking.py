"""A question goes out: at once, through a partner city, on to a colleague, or to the next person. What goes is kept as it went."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.actions.people import begin_question
from partners.models.cities import City
from partners.models.people import Contact
from partners.rules.hours import closing_after, closing_for, due_within
from procurement.outreach import paper
from procurement.outreach.actions.waiting import end, next_reminder
from procurement.outreach.actions.writing import one_at_a_time, propose
from procurement.outreach.gathering.changes import needed_now
from procurement.outreach.models import Inquiry, SentLetter
from procurement.outreach.paper import new_code
from procurement.outreach.rules import between, days, inquiries
from procurement.outreach.rules.between import officers_between
from procurement.outreach.rules.days import due_holds
from procurement.outreach.rules.people import no_room, takes_over
from procurement.outreach.rules.repetition import no_repetition
from workflow.actors import NOTHING, Actor
from workflow.errors import Refused
from workflow.outbox import ledger


def send(inquiry: Inquiry, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Inquiry:
    """Send the question with its link, to be answered by `due_at` (UTC; outside their working hours, by the end of the working day that
    follows; where nothing is said, by the end of a working day in four days).

    Refuses a second-degree contact, whose city is asked first, a closed or stopped need, and less than a working day to answer.
    """
    with inquiries.SEND.on(inquiry, by=by, at=at) as row:
        refused = due_holds(due_at, at) if due_at is not None else None
        if refused is not None:
            raise refused
        _begin(row, at, due_at)
    return inquiry


def ask_partner(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Ask the partner city whether its contact may be asked: its officers, or else one of its contacts, by link.

    Its answer is due like any other. Refuses where no partner city is between, and where it has no one who could agree.
    """
    with inquiries.ASK_PARTNER.on(inquiry, by=by, at=at) as row:
        row.partner_asked_at = at
        row.introducer = between.introducer(row, at)
        if row.introducer is not None:
            row.due_at = closing_after(row.introducer, at, days.ANSWER_DAYS)
        else:
            row.due_at = closing_for(officers_between(row)[0], at, days.ANSWER_DAYS)
        row.chase_at = next_reminder(row, at)
    return inquiry


def consent(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """The partner city agrees: the question goes out. Refuses while the contact has no room for it."""
    with inquiries.CONSENT.on(inquiry, by=by, at=at) as row:
        ledger.cancel(row)  # what asks or reminds the partner city
        row.chases, row.next_from = 0, None
        try:
            _begin(row, at, None)
        except Refused as refused:
            raise no_room(refused, row.contact) from refused
    return inquiry


def refuse(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """The partner city would rather not. What it says goes to the city that asks."""
    with inquiries.REFUSE.on(inquiry, by=by, at=at, reason=reason) as row:
        end(row, at)
        row.remark = reason
    return inquiry


def hand_over(inquiry: Inquiry, *, to: Contact, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Pass the question on to a colleague, who gets their own link. Refuses one who was asked already. Returns the new inquiry."""
    with inquiries.HAND_OVER.on(inquiry, by=by, at=at, reason=remark, to=to.pk) as row:
        if to.city_id != row.contact.city_id:
            raise Refused(
                "another_city", _("A question can be handed to a colleague in the same city."), field="to"
            )
        if row.supply_request.inquiries.filter(contact__user=to.user_id).exists():
            raise Refused(
                "asked_already", _("%(contact)s has been asked already.") % {"contact": to}, field="to"
            )
        if (not_them := takes_over(row.city_id, to)) is not None:
            raise not_them
        end(row, at)
        row.answered_at = at
        row.remark = remark
        try:
            onward = _pass_on(row, to, at)
        except Refused as refused:
            raise no_room(refused, to, "to") from refused
        row.handed_to = onward
    return onward


def ask_next(
    inquiry: Inquiry,
    to: Contact,
    *,
    through_city: City | None = None,
    author: User,
    by: Actor,
    at: datetime,
    **words: Any,
) -> Inquiry:
    """Put a question that nobody answered to somebody else, and wait for the first no longer: they are told, and may still answer.

    `words` are those of `propose`, and so are the refusals: nobody is asked twice. Through a partner city, that city is asked first.
    Returns the new question.
    """
    with inquiries.ASK_NEXT.on(inquiry, by=by, at=at, to=to.pk) as row:
        end(row, at, answered=False)
        onward = propose(
            row.supply_request, to, through_city=through_city, author=author, by=by, at=at, **words
        )
        go = ask_partner if through_city is not None else send
        row.handed_to = go(onward, by=by, at=at)
    return onward


def _begin(row: Inquiry, at: datetime, due_at: datetime | None) -> None:
    row.sent_at = at
    row.due_at = (
        due_within(row.contact, due_at) if due_at else closing_after(row.contact, at, days.ANSWER_DAYS)
    )
    row.chase_at = next_reminder(row, at)
    _freeze(row, at)
    # Last, so that others who ask this person wait for as short as may be: the locks are held to the end.
    begin_question(row.contact, above_limit=bool(row.chosen_because.strip()))
    one_at_a_time(row.contact)
    refused = no_repetition(row)
    if refused is not None:
        raise refused


def _freeze(row: Inquiry, at: datetime) -> None:
    """Keep what the letter says, as it goes, under a code that nobody can guess and that its QR shows."""
    code = new_code()
    said = paper.words(row, code=code, at=at, now=needed_now)
    paper.frozen(said, code=code, at=at, inquiry=row).save(force_insert=True)


def keep_thanks(letters: Iterable[SentLetter]) -> None:
    """Keep letters of thanks as they go, in the transaction that plans their mail. One that is kept already stays as it is."""
    SentLetter.objects.bulk_create(letters, ignore_conflicts=True)


def _pass_on(row: Inquiry, to: Contact, at: datetime) -> Inquiry:
    """The same question to a colleague, sent at once in the name of the asking city."""
    onward = Inquiry(
        supply_request=row.supply_request,
        city=row.city,
        contact=to,
        reasons=[{"code": "handed_over", "by": str(row.contact)}],
        language=row.language,  # of the words, which are passed on as they are
        subject=row.subject,
        body=row.body,
        subject_own=row.subject_own,
        body_own=row.body_own,
        language_own=row.language_own,
        author=row.author,
        worded_at=row.worded_at,
    )
    author = ByOffice(row.author_id, str(row.city))
    inquiries.PROPOSE.start(onward, by=author, at=at)
    return send(onward, by=author, at=at)


class ByOffice:
    """The asking city's own standing wish to have its question passed on: it may ask, and nothing else."""

    via = "link"
    concerned = NOTHING

    def __init__(self, user_id: int, label: str) -> None:
        self.user_id = user_id
        self.label = label

    def may(self, power: str, thing: object) -> bool:
        """Only to ask on."""
        return power == "ask"

    def where(self, power: str) -> frozenset[int]:
        """Nowhere: it writes nothing of its own."""
        return frozenset()
