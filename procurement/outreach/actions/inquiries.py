"""Actions on an inquiry: draft, send through a partner city, forward, answer, remind, pause, cancel."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.links import issue_link
from accounts.models import ActionLink, User
from partners.cities.models import City
from partners.contacts.actions import begin_question, end_question
from partners.contacts.models import Contact
from partners.contacts.working_hours import (
    closing_time_after,
    closing_time_for,
    due_time_within_hours,
    next_contact_time,
    next_working_time,
)
from partners.powers import Power
from partners.routing.recommendations import expired_links
from procurement.outreach.letter_pdf import freeze_letter, letter_content, new_code
from procurement.outreach.models import Inquiry, SentLetter
from procurement.outreach.queries.letters import current_need_text
from procurement.outreach.rules import consent, dates, inquiries, people
from procurement.outreach.rules.consent import officers_between
from procurement.outreach.rules.dates import next_reminder_at, valid_call_time, valid_due_time
from procurement.outreach.rules.inquiries import no_duplicate_inquiry
from procurement.outreach.rules.people import (
    choice_explained,
    inquiries_not_stopped,
    may_take_over,
    no_room,
    reminder_words,
)
from procurement.outreach.rules.readiness import may_be_copied
from procurement.requests.models import SupplyRequest
from workflow.actors import NO_CITIES, Actor
from workflow.errors import Refused
from workflow.moves import select_locked
from workflow.outbox import queue


def draft_inquiry(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    subject: str,
    body: str,
    subject_own: str = "",
    body_own: str = "",
    reasons: Sequence[dict[str, Any]] = (),
    through_city: City | None = None,
    best: Contact | None = None,
    chosen_because: str = "",
    author: User,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Write an inquiry to a contact, so that the officer can read it before it is sent.

    Refuses to ask a person twice for one need, an ended agreement, and an address that returns mail. It needs
    a written reason for a contact other than `best` (first in the ranking), and for one without room.
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
        worded_at=at,
    )
    refused = inquiries.PROPOSE.refusal(by, inquiry, at)
    if refused is not None:  # checked first: an actor who may not ask must not learn who was asked
        raise refused
    with transaction.atomic():
        select_locked(contact)  # contact before person, the same order as in sending, to avoid a deadlock
        lock_contact(contact)
        _check_contact(inquiry, best, at)
        return inquiries.PROPOSE.start(inquiry, by=by, at=at, suggested_first=best.pk if best else None)


def lock_contact(contact: Contact) -> None:
    """Lock the person of this contact, so that two officers who write to them take turns.

    The lock covers all offices of that person.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=contact.user_id)


def _check_contact(inquiry: Inquiry, best: Contact | None, at: datetime) -> None:
    """Refuse a contact who was asked before, cannot be reached, or is reached by an ended agreement.

    Also refuse one whose choice lacks a needed reason.
    """
    contact, need = inquiry.contact, inquiry.supply_request
    if need.inquiries.filter(contact__user=contact.user_id).exists():  # at any of their offices
        words = _("%(contact)s has been asked about %(need)s already.")
        raise Refused("asked_already", words % {"contact": contact, "need": need}, field="contact")
    refused = inquiries_not_stopped(inquiry.city_id, contact) or people.reachable(contact)
    refused = refused or choice_explained(contact, best, inquiry.chosen_because)
    refused = refused or no_duplicate_inquiry(inquiry)
    if refused is not None:
        raise refused
    check_agreements(inquiry, at)


def check_agreements(inquiry: Inquiry, at: datetime) -> None:
    """Refuse to write through an agreement that has ended."""
    former = expired_links(at)
    if any(there in former.get(here, ()) for here, there in inquiry.ties):
        words = _("The agreement with %(city)s has ended, so nobody is asked through it.")
        city = inquiry.through_city or inquiry.contact.city
        raise Refused("tie_ended", words % {"city": city}, field="contact")


def revise_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime, **facts: Any) -> Inquiry:
    """Change the words of an unsent inquiry, or the reason for its contact.

    The words are `subject` and `body`, and both in the author's own language. Refuses a change of
    `body` without `body_own`: both are sent together and must agree.
    """
    with inquiries.REVISE.on(inquiry, by=by, at=at) as row:
        if row.body_own and facts.get("body", row.body) != row.body and "body_own" not in facts:
            words = _("Give the message in your own language as well, or empty: both are sent together.")
            raise Refused("other_message", words, field="body_own")
        if any(facts.get(name, getattr(row, name)) != getattr(row, name) for name in ("body", "body_own")):
            row.worded_at = at
        for name in facts.keys() & {"subject", "body", "subject_own", "body_own", "chosen_because"}:
            setattr(row, name, facts[name])
    return inquiry


def send_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Inquiry:
    """Send the inquiry with its link, to be answered by `due_at` (UTC).

    A `due_at` outside the contact's working hours becomes the end of the next working day. Without one,
    the answer is due at the end of a working day in four days. Refuses a second-degree contact, whose
    city must be asked first; a closed or stopped need; and less than a working day to answer.
    """
    with inquiries.SEND.on(inquiry, by=by, at=at) as row:
        refused = valid_due_time(due_at, at) if due_at is not None else None
        if refused is not None:
            raise refused
        _begin(row, at, due_at)
    return inquiry


def ask_partner_city(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Ask the partner city whether its contact may be asked: its officers, else one contact by link.

    The answer has a due date like any other. Refuses if the inquiry goes through no partner city, and
    if that city has no one who could agree.
    """
    with inquiries.ASK_PARTNER.on(inquiry, by=by, at=at) as row:
        row.partner_asked_at = at
        row.introducer = consent.introducer(row, at)
        if row.introducer is not None:
            row.due_at = closing_time_after(row.introducer, at, dates.ANSWER_DAYS)
        else:
            row.due_at = closing_time_for(officers_between(row)[0], at, dates.ANSWER_DAYS)
        row.chase_at = next_reminder_time(row, at)
    return inquiry


def give_consent(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Record that the partner city agrees, and send the inquiry to its contact.

    Refuses while the contact has no room for another inquiry.
    """
    with inquiries.CONSENT.on(inquiry, by=by, at=at) as row:
        queue.cancel(row)  # planned mail that asks or reminds the partner city
        row.chases, row.next_from = 0, None
        try:
            _begin(row, at, None)
        except Refused as refused:
            raise no_room(refused, row.contact) from refused
    return inquiry


def refuse_consent(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """Record that the partner city does not agree. Its reason goes to the asking city."""
    with inquiries.REFUSE.on(inquiry, by=by, at=at, reason=reason) as row:
        end_waiting(row, at)
        row.remark = reason
    return inquiry


def forward_inquiry(inquiry: Inquiry, *, to: Contact, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Pass the inquiry on to a colleague, who gets their own link. Return the new inquiry.

    Refuses a colleague in another city, who was already asked, who takes no inquiries from the asking
    city, or who has no room.
    """
    with inquiries.HAND_OVER.on(inquiry, by=by, at=at, reason=remark, to=to.pk) as row:
        if to.city_id != row.contact.city_id:
            raise Refused(
                "another_city", _("A question can be handed to a colleague in the same city."), field="to"
            )
        if row.supply_request.inquiries.filter(contact__user=to.user_id).exists():
            raise Refused(
                "asked_already", _("%(contact)s has been asked already.") % {"contact": to}, field="to"
            )
        if (not_them := may_take_over(row.city_id, to)) is not None:
            raise not_them
        end_waiting(row, at)
        row.answered_at = at
        row.remark = remark
        try:
            onward = _pass_on(row, to, at)
        except Refused as refused:
            raise no_room(refused, to, "to") from refused
        row.handed_to = onward
    return onward


def ask_next_contact(
    inquiry: Inquiry,
    to: Contact,
    *,
    through_city: City | None = None,
    author: User,
    by: Actor,
    at: datetime,
    **words: Any,
) -> Inquiry:
    """Ask another person instead of one who did not answer. Return the new inquiry.

    The first person is notified, and may still answer. `words` are arguments of `propose`, which
    refuses the same here, for instance to ask a person twice. With `through_city`, that city is asked
    first.
    """
    with inquiries.ASK_NEXT.on(inquiry, by=by, at=at, to=to.pk) as row:
        end_waiting(row, at, answered=False)
        onward = draft_inquiry(
            row.supply_request, to, through_city=through_city, author=author, by=by, at=at, **words
        )
        go = ask_partner_city if through_city is not None else send_inquiry
        row.handed_to = go(onward, by=by, at=at)
    return onward


def _begin(row: Inquiry, at: datetime, due_at: datetime | None) -> None:
    row.sent_at = at
    row.due_at = (
        due_time_within_hours(row.contact, due_at)
        if due_at
        else closing_time_after(row.contact, at, dates.ANSWER_DAYS)
    )
    row.chase_at = next_reminder_time(row, at)
    _freeze(row, at)
    # Locks last until the end of the transaction, so they are taken last: others who ask this person wait less.
    begin_question(row.contact, above_limit=bool(row.chosen_because.strip()))
    lock_contact(row.contact)
    refused = no_duplicate_inquiry(row)
    if refused is not None:
        raise refused


def _freeze(row: Inquiry, at: datetime) -> None:
    """Store the letter as it is sent, under a random code that its QR code shows."""
    code = new_code()
    said = letter_content(row, code=code, at=at, now=current_need_text)
    freeze_letter(said, code=code, at=at, inquiry=row).save(force_insert=True)


def save_thank_you_letters(letters: Iterable[SentLetter]) -> None:
    """Store thank-you letters as they are sent, in the transaction that plans their mail.

    A letter that is already stored is left unchanged.
    """
    SentLetter.objects.bulk_create(letters, ignore_conflicts=True)


def _pass_on(row: Inquiry, to: Contact, at: datetime) -> Inquiry:
    """Send the same inquiry to a colleague at once, in the name of the asking city. Return it."""
    onward = Inquiry(
        supply_request=row.supply_request,
        city=row.city,
        contact=to,
        reasons=[{"code": "handed_over", "by": str(row.contact)}],
        language=row.language,  # language of the words, which are passed on unchanged
        subject=row.subject,
        body=row.body,
        subject_own=row.subject_own,
        body_own=row.body_own,
        language_own=row.language_own,
        author=row.author,
        worded_at=row.worded_at,
    )
    author = OfficeActor(row.author_id, str(row.city))
    inquiries.PROPOSE.start(onward, by=author, at=at)
    return send_inquiry(onward, by=author, at=at)


class OfficeActor:
    """Actor for passing on an inquiry in the name of the asking city. It may ask, and nothing else."""

    via = "link"
    concerned = NO_CITIES

    def __init__(self, user_id: int, label: str) -> None:
        self.user_id = user_id
        self.label = label

    def may(self, power: str, thing: object) -> bool:
        """Return True for the power to ask only."""
        return power == "ask"

    def where(self, power: str) -> frozenset[int]:
        """Return no cities."""
        return frozenset()


def record_answer(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Record that an answer came. The offer itself is stored by the leads stage.

    Late answers and several answers are accepted.
    """
    with inquiries.ANSWER.on(inquiry, by=by, at=at) as row:
        end_waiting(row, at)
        row.answered_at = row.answered_at or at
        row.leads += 1
    return inquiry


def decline_inquiry(inquiry: Inquiry, *, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Record that the person asked cannot help.

    Refuses an empty remark if another person records this for them.
    """
    with inquiries.DECLINE.on(inquiry, by=by, at=at, reason=remark) as row:
        if not remark.strip() and not by.may(Power.ANSWER, row):
            raise Refused("remark_missing", _("Write what they said."), field="remark")
        end_waiting(row, at)
        row.answered_at = at
        row.remark = remark
    return inquiry


def record_phone_reply(
    inquiry: Inquiry,
    *,
    said_by: str,
    said_at: datetime | None = None,
    remark: str,
    offered: Mapping[str, str | int] | None = None,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Record an answer that came by phone. It ends the reminders like any answer.

    `said_by` is who answered, `said_at` is when (UTC, default now), and `remark` is what they answered.
    The offer itself is entered afterwards. `offered` holds what is known about it, stored with the
    journal entry to fill in the form; None if there is no offer. Refuses a call in the future, and a
    call from before the inquiry was sent.
    """
    said_at = said_at or at
    told: dict[str, Any] = {"said_by": said_by, "said_at": said_at}
    if offered is not None:
        told["offered"] = dict(offered)
    with inquiries.NOTE_CALL.on(inquiry, by=by, at=at, reason=remark, **told) as row:
        refused = valid_call_time(row.sent_at, said_at, at)
        if refused is not None:
            raise refused
        end_waiting(row, said_at)
        row.answered_at = said_at
        row.told_by = said_by
        row.remark = remark
    return inquiry


def copy_link(inquiry: Inquiry, *, user: User, by: Actor, at: datetime, real_at: datetime) -> str:
    """Create a link that a person carries by hand (by WeChat, for example) and return its address.

    The link is for the person whose answer is awaited. The journal records who copied it. `real_at` is
    the real time, by which links expire. Refuses if no answer is awaited.
    """
    refused = may_be_copied(inquiry, by)
    if refused is not None:
        raise refused
    person = inquiry.waits_for
    assert person is not None  # `may_be_copied`
    made = issue_link(
        person.user,
        purpose=ActionLink.Purpose.ANSWER,
        thing_label=inquiry._meta.label_lower,
        thing_id=inquiry.pk,
        city_id=inquiry.city_id,
        copied_by=user,
        by=by,
        at=at,
        real_at=real_at,
    )
    return made.url


def remind_contact(inquiry: Inquiry, *, by: Actor, at: datetime, **words: str) -> Inquiry:
    """Send a reminder with a new link and plan the next.

    With a `body`, the reminder uses the given words (`subject`, `body`, and both in the author's own
    language), which the journal entry stores. Refuses a fourth reminder, because a person should then
    phone; a reminder through an agreement that has ended; and one to a person whom mail does not reach.
    """
    said = reminder_words(**words)
    with inquiries.REMIND.on(inquiry, by=by, at=at, chase=inquiry.chases + 1, **said) as row:
        check_agreements(row, at)
        row.chases += 1
        person = row.waits_for
        row.chase_at = next_reminder_time(row, at if person is None else next_contact_time(person.user, at))
    return inquiry


def change_due_time(inquiry: Inquiry, *, due_at: datetime, by: Actor, at: datetime) -> Inquiry:
    """Change the date by which an answer is due, and notify the person asked.

    Reminders are planned again from the new date; those already sent still count. A time outside the
    contact's working hours becomes the end of the next working day. Refuses less than a working day,
    and a paused inquiry, which gets a new date when it resumes.
    """
    with inquiries.REDATE.on(inquiry, by=by, at=at) as row:
        refused = valid_due_time(due_at, at)
        if refused is not None:
            raise refused
        queue.cancel(row)  # planned mail names the old date; the mail about the new date repeats the inquiry
        row.due_at = due_time_within_hours(row.contact, due_at)
        row.next_from = None
        row.chase_at = next_reminder_time(row, at, since=at)
    return inquiry


def announce_change(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Announce that the need has changed. Mail that still waits is written again.

    People who have answered, or whose answer is no longer awaited, are also notified. Their planned
    mail, such as thanks, still goes out.
    """
    with inquiries.RESTATE.on(inquiry, by=by, at=at) as row:
        row.restated_at = at
        if row.status == Inquiry.Status.SENT:
            queue.cancel(row)  # planned mail describes the old need
    return inquiry


def pause_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Pause the inquiry because its need takes no offers for now. The person asked is notified.

    Planned reminders and mail are cancelled.
    """
    with inquiries.PAUSE.on(inquiry, by=by, at=at) as row:
        row.paused_at = at
        row.chase_at = None
        queue.cancel(row)
    return inquiry


def resume_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Resume the inquiry because its need takes offers again. The person asked gets it once more.

    They have as much time as was left at the pause, at least a working day, and until the end of that
    working day.
    """
    with inquiries.GO_ON.on(inquiry, by=by, at=at) as row:
        assert row.due_at is not None and row.paused_at is not None  # it was sent; see `may_be_resumed`
        left = max(row.due_at + (at - row.paused_at), at + dates.WORKING_DAY)
        row.due_at = closing_time_after(row.contact, left, 0)
        row.paused_at = row.next_from = None
        row.restated_at = at  # the same mail includes the changes made during the pause
        queue.cancel(row)
        row.chase_at = next_reminder_time(row, at)
    return inquiry


def allow_other_contact(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Allow another person to be asked from now on, and notify the author or the city's officers.

    The inquiry still waits for its answer until then.
    """
    with inquiries.GIVE_WAY.on(inquiry, by=by, at=at) as row:
        row.next_from = at
    return inquiry


def expire_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Stop waiting for this answer. A late answer is still accepted."""
    with inquiries.LAPSE.on(inquiry, by=by, at=at) as row:
        end_waiting(row, at, answered=False)
    return inquiry


def cancel_inquiry(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """Cancel the inquiry. A person already asked is notified, politely, that no answer is needed."""
    with inquiries.CANCEL.on(inquiry, by=by, at=at, reason=reason) as row:
        end_waiting(row, at, answered=False)
        if row.sent_at is not None:
            SentLetter.objects.filter(inquiry=row).update(withdrawn_at=at)
    return inquiry


def give_up_on_partner(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Stop waiting for a partner city that does not answer.

    Its contact is not asked, and both cities are notified.
    """
    with inquiries.GIVE_UP.on(inquiry, by=by, at=at) as row:
        end_waiting(row, at, answered=False)
    return inquiry


def end_waiting(row: Inquiry, at: datetime, *, answered: bool = True) -> None:
    """Stop the reminders, cancel planned mail, and reduce the contact's number of open inquiries."""
    row.chase_at = None
    row.paused_at = None
    queue.cancel(row)
    if row.status == Inquiry.Status.SENT:
        waited = (at - row.sent_at).total_seconds() / 3600 if answered and row.sent_at else None
        end_question(row.contact, waited, at=at)


def next_reminder_time(row: Inquiry, at: datetime, since: datetime | None = None) -> datetime | None:
    """Return the time of the next reminder, within the working hours of its reader; None after the last.

    It depends on the time of sending (or `since`) and on the due date.
    """
    asked_at = row.sent_at or row.partner_asked_at
    assert asked_at is not None and row.due_at is not None  # set when a contact or the partner city is asked
    planned, person = next_reminder_at(since or asked_at, row.due_at, row.chases, at), row.waits_for
    return planned if planned is None or person is None else next_working_time(person, planned)
