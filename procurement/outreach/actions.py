"""Asking for help abroad and taking the answer. The only writer of inquiries."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions import links
from accounts.models import Link, User
from partners import actions as partners
from partners.candidates import ended_ties
from partners.models import City, Contact
from partners.rules.hours import back_at_work
from procurement.outreach import paper, rules
from procurement.outreach.models import Inquiry, SentLetter
from procurement.requests.models import SupplyRequest
from workflow import outbox
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.errors import Refused

CODE_BYTES = 12  # 96 bits: nobody finds a letter by trying


def propose(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    subject: str,
    body: str,
    subject_own: str = "",
    body_own: str = "",
    reasons: Sequence[dict[str, Any]] = (),
    through_city: City | None = None,
    chosen_because: str = "",
    author: User,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Write the question to a contact, for the officer to see before it goes.

    Refuses to ask the same person twice for one need, and to go through an agreement that has ended.
    """
    inquiry = Inquiry(
        supply_request=supply_request,
        city=supply_request.city,
        contact=contact,
        through_city=through_city,
        reasons=list(reasons),
        chosen_because=chosen_because,
        language=contact.user.language,
        subject=subject,
        body=body,
        subject_own=subject_own,
        body_own=body_own,
        language_own=author.language,
        author=author,
    )
    refused = rules.PROPOSE.refusal(by, inquiry)
    if refused is not None:  # first: whoever may not ask is told nothing of who was asked
        raise refused
    if supply_request.inquiries.filter(contact=contact).exists():
        words = _("%(contact)s has been asked about %(need)s already.")
        raise Refused("asked_already", words % {"contact": contact, "need": supply_request}, field="contact")
    former = ended_ties(at.date())
    if any(there in former.get(here, ()) for here, there in inquiry.ties):
        words = _("The agreement with %(city)s has ended, so nobody is asked through it.")
        raise Refused("tie_ended", words % {"city": through_city or contact.city}, field="contact")
    return rules.PROPOSE.start(inquiry, by=by, at=at)


def revise(inquiry: Inquiry, *, by: Actor, at: datetime, **facts: Any) -> Inquiry:
    """Change the words (subject, body, and both in one's own language) before they go.

    Refuses to change the one message and say nothing of the other, which is sent below it: it would tell something else.
    """
    with rules.REVISE.on(inquiry, by=by, at=at) as row:
        if row.body_own and facts.get("body", row.body) != row.body and "body_own" not in facts:
            words = _("Give the message in your own language as well, or empty: both are sent together.")
            raise Refused("other_message", words, field="body_own")
        for name in facts.keys() & {"subject", "body", "subject_own", "body_own"}:
            setattr(row, name, facts[name])
    return inquiry


def send(inquiry: Inquiry, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Inquiry:
    """Send the question with its link, to be answered by `due_at` (UTC; four days where nothing is said).

    Refuses a second-degree contact, whose city is asked first, a closed or stopped need, and less than a working day to answer.
    """
    with rules.SEND.on(inquiry, by=by, at=at) as row:
        refused = rules.due_holds(due_at, at) if due_at is not None else None
        if refused is not None:
            raise refused
        _begin(row, at, due_at)
    return inquiry


def ask_partner(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Ask the partner city whether its contact may be asked. Refuses where no partner city is between."""
    with rules.ASK_PARTNER.on(inquiry, by=by, at=at):
        pass
    return inquiry


def consent(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """The partner city agrees: the question goes out."""
    with rules.CONSENT.on(inquiry, by=by, at=at) as row:
        _begin(row, at, None)
    return inquiry


def refuse(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """The partner city would rather not; it need not say why."""
    with rules.REFUSE.on(inquiry, by=by, at=at, reason=reason) as row:
        row.remark = reason
    return inquiry


def answer(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Note that an answer came; the offer itself is a lead. A late answer is as welcome, and there may be several."""
    with rules.ANSWER.on(inquiry, by=by, at=at) as row:
        _end(row, at)
        row.answered_at = row.answered_at or at
        row.leads += 1
    return inquiry


def decline(inquiry: Inquiry, *, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Take a no, which costs the same as a yes."""
    with rules.DECLINE.on(inquiry, by=by, at=at, reason=remark) as row:
        _end(row, at)
        row.answered_at = at
        row.remark = remark
    return inquiry


def note_call(
    inquiry: Inquiry, *, said_by: str, said_at: datetime, remark: str, by: Actor, at: datetime
) -> Inquiry:
    """Take an answer that came by phone: who said it, when (UTC), and what. It ends the reminders like any answer.

    An offer in it is entered as a lead afterwards. Refuses a call to come, and one from before the question went.
    """
    with rules.NOTE_CALL.on(inquiry, by=by, at=at, reason=remark, said_by=said_by, said_at=said_at) as row:
        refused = rules.call_holds(row.sent_at, said_at, at)
        if refused is not None:
            raise refused
        _end(row, said_at)
        row.answered_at = said_at
        row.told_by = said_by
        row.remark = remark
    return inquiry


def copy_link(inquiry: Inquiry, *, user: User, by: Actor, at: datetime, real_at: datetime) -> str:
    """Make a link that somebody carries to the contact by hand (WeChat, say), journaled with who copied it. Returns the address.

    `real_at` is the real moment, by which links expire. Refuses where no answer is waited for.
    """
    refused = rules.may_be_copied(inquiry, by)
    if refused is not None:
        raise refused
    made = links.issue(
        inquiry.contact.user,
        purpose=Link.Purpose.ANSWER,
        thing_label=inquiry._meta.label_lower,
        thing_id=inquiry.pk,
        city_id=inquiry.city_id,
        copied_by=user,
        by=by,
        at=at,
        real_at=real_at,
    )
    return made.url


def hand_over(inquiry: Inquiry, *, to: Contact, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Pass the question on to a colleague, who gets their own link. Refuses one who was asked already. Returns the new inquiry."""
    with rules.HAND_OVER.on(inquiry, by=by, at=at, reason=remark, to=to.pk) as row:
        if to.city_id != row.contact.city_id:
            raise Refused(
                "another_city", _("A question can be handed to a colleague in the same city."), field="to"
            )
        if row.supply_request.inquiries.filter(contact=to).exists():
            raise Refused(
                "asked_already", _("%(contact)s has been asked already.") % {"contact": to}, field="to"
            )
        _end(row, at)
        row.answered_at = at
        row.remark = remark
        try:
            onward = _pass_on(row, to, at)
        except Refused as refused:
            raise rules.at_field(refused, "to") from refused
        row.handed_to = onward
    return onward


def remind(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Send a reminder with a fresh link and plan the next. Refuses a fourth: then somebody should phone."""
    with rules.REMIND.on(inquiry, by=by, at=at, chase=inquiry.chases + 1) as row:
        row.chases += 1
        row.chase_at = _next(row, at)
    return inquiry


def redate(inquiry: Inquiry, *, due_at: datetime, by: Actor, at: datetime) -> Inquiry:
    """Give the person asked another day, and tell them. Reminders are planned anew by it; those that went out still count.

    Refuses less than a working day, and a paused question, which gets its day when it goes on.
    """
    with rules.REDATE.on(inquiry, by=by, at=at, due_at=due_at.isoformat()) as row:
        refused = rules.due_holds(due_at, at)
        if refused is not None:
            raise refused
        outbox.cancel(row)  # what names the old day; the message about the new one holds the question as well
        row.due_at = due_at
        row.chase_at = _next(row, at, since=at)
    return inquiry


def pause(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """The need takes no offers for a while: no reminder goes, what is planned is taken back, and whoever was asked is told."""
    with rules.PAUSE.on(inquiry, by=by, at=at) as row:
        row.paused_at = at
        row.chase_at = None
        outbox.cancel(row)
    return inquiry


def go_on(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """The need takes offers again: whoever was asked gets the question once more, with as much time as was left."""
    with rules.GO_ON.on(inquiry, by=by, at=at) as row:
        assert row.due_at is not None and row.paused_at is not None  # it was sent, and `may_go_on`
        row.due_at = max(row.due_at + (at - row.paused_at), at + rules.A_WORKING_DAY)
        row.paused_at = None
        outbox.cancel(row)
        row.chase_at = _next(row, at)
    return inquiry


def lapse(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Wait no longer for this answer; it stays welcome."""
    with rules.LAPSE.on(inquiry, by=by, at=at) as row:
        _end(row, at, answered=False)
    return inquiry


def cancel(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """Take the question back. Whoever was asked is told, politely, that no answer is needed."""
    with rules.CANCEL.on(inquiry, by=by, at=at, reason=reason) as row:
        if row.sent_at is not None:
            _end(row, at, answered=False)
            SentLetter.objects.filter(inquiry=row).update(withdrawn_at=at)
    return inquiry


def settle(at: datetime) -> int:
    """Cancel the questions about ended needs, and those through an agreement that has ended; pause those about needs that
    were stopped, and take up again those whose needs go on. Returns how many.
    """
    former, asked = ended_ties(at.date()), Inquiry.objects
    done = sum(
        work_off(moot.order_by("pk"), lambda inquiry: cancel(inquiry, by=CLOCK, at=at))
        for moot in (asked.moot(), asked.through_ended(former))
    )
    done += work_off(asked.to_pause().order_by("pk"), lambda inquiry: pause(inquiry, by=CLOCK, at=at))
    return done + work_off(asked.to_take_up().order_by("pk"), lambda inquiry: go_on(inquiry, by=CLOCK, at=at))


def chase(at: datetime) -> int:
    """Send the reminders that are due, oldest first, each in its reader's hours. Returns how many were dealt with."""
    due = Inquiry.objects.due_for_chasing(at).order_by("chase_at", "pk")
    return work_off(due, lambda inquiry: _remind_or_wait(inquiry, at))


def lapse_old(at: datetime) -> int:
    """Let go of questions that nobody answered long after their day, once every reminder went out. Returns how many."""
    old = Inquiry.objects.given_up(due_before=at - rules.LAPSE_AFTER, silent_since=at - rules.LAST_WORD)
    return work_off(old.order_by("pk"), lambda inquiry: lapse(inquiry, by=CLOCK, at=at))


def _begin(row: Inquiry, at: datetime, due_at: datetime | None) -> None:
    row.sent_at = at
    row.due_at = due_at or at + timedelta(days=rules.ANSWER_DAYS)
    row.chase_at = _next(row, at)
    _freeze(row, at)
    partners.begin_question(row.contact)


def _freeze(row: Inquiry, at: datetime) -> None:
    """Keep what the letter says, as it goes, under a code that nobody can guess and that its QR shows."""
    code = secrets.token_hex(CODE_BYTES)
    words = paper.words(row, code=code, at=at)
    SentLetter.objects.create(inquiry=row, code=code, words=words, sha256=paper.hashed(words), sent_at=at)


def _end(row: Inquiry, at: datetime, *, answered: bool = True) -> None:
    """No more reminders; what is planned is taken back; the contact has one open question less."""
    row.chase_at = None
    row.paused_at = None
    outbox.cancel(row)
    if row.status == Inquiry.Status.SENT:
        waited = (at - row.sent_at).total_seconds() / 3600 if answered and row.sent_at else None
        partners.end_question(row.contact, waited, at=at)


def _remind_or_wait(row: Inquiry, at: datetime) -> None:
    """Remind now, or as soon as they are at work again: the tick may be late, and hours and absences change."""
    there = back_at_work(row.contact, at)
    if there > at:
        Inquiry.objects.filter(pk=row.pk).update(chase_at=there)
    else:
        remind(row, by=CLOCK, at=at)


def _next(row: Inquiry, at: datetime, since: datetime | None = None) -> datetime | None:
    """When to remind next: by the days from its sending, or from `since`, to the day hoped for; at an hour when they work."""
    assert (
        row.sent_at is not None and row.due_at is not None
    )  # a sent question has both: inquiry_sent_has_a_time
    planned = rules.next_chase(since or row.sent_at, row.due_at, row.chases, at)
    return None if planned is None else back_at_work(row.contact, planned)


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
    )
    author = ByOffice(row.author_id, str(row.city))
    rules.PROPOSE.start(onward, by=author, at=at)
    return send(onward, by=author, at=at)


class ByOffice:
    """The asking city's own standing wish to have its question passed on: it may ask, and nothing else."""

    via = "link"

    def __init__(self, user_id: int, label: str) -> None:
        self.user_id = user_id
        self.label = label

    def may(self, power: str, thing: object) -> bool:
        """Only to ask on."""
        return power == "ask"

    def where(self, power: str) -> frozenset[int]:
        """Nowhere: it writes nothing of its own."""
        return frozenset()
