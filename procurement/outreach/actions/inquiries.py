"""Actions that send an inquiry: draft, send, ask for consent, forward, ask the next contact."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from partners.cities.models import City
from partners.contacts.actions import decrement_open_tasks, increment_open_tasks
from partners.contacts.models import Contact
from partners.contacts.working_hours import (
    closing_time_after,
    due_time_within_hours,
    next_working_time,
    user_closing_time_after,
)
from partners.routing.ranking_reasons import CITY_ONLY_REASONS
from partners.routing.recommendations import former_partners_by_city
from procurement.outreach.actions.consents import (
    consent_facts,
    consent_period_facts,
    grant_consent,
    require_consent,
)
from procurement.outreach.letter_pdf import letter_content, new_sent_letter, new_verification_code
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.models.letters import SentLetter
from procurement.outreach.queries.letters import changed_need_text, letter_drafts
from procurement.outreach.rules import dates, inquiries, people
from procurement.outreach.rules.consents import consent_in_force
from procurement.outreach.rules.dates import invalid_due_time_refusal, next_reminder_at
from procurement.outreach.rules.inquiries import duplicate_inquiry_refusal
from procurement.outreach.rules.lines import unknown_line_refusal
from procurement.outreach.rules.people import (
    contact_has_no_room_refusal,
    partner_city_officers,
    stopped_contact_refusal,
    unaskable_colleague_refusal,
    unexplained_choice_refusal,
)
from procurement.requests.models import SupplyRequest
from workflow.actors import NO_CITIES, Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused, raise_refusal
from workflow.moves import register_action, select_locked
from workflow.outbox import queue


class InquiryFacts(TypedDict, total=False):
    """Facts of a new inquiry, besides its need, contact and author.

    `subject` and `body` are in the contact's language, `subject_own` and `body_own` in the author's. `best`
    is the contact that routing ranks first; the choice of another needs the reason `chosen_because`. `line_numbers` are
    the lines of the need that it is about; none are all.
    """

    subject: str
    body: str
    subject_own: str
    body_own: str
    reasons: Sequence[dict[str, Any]]
    line_numbers: Sequence[int]
    best: Contact | None
    chosen_because: str


@dataclass(frozen=True, kw_only=True)
class InquiryEdit(Edit):
    """Changes to an unsent inquiry: its texts, or the reason for choosing its contact."""

    subject: str | Unset = UNSET
    body: str | Unset = UNSET
    subject_own: str | Unset = UNSET
    body_own: str | Unset = UNSET
    chosen_because: str | Unset = UNSET


@register_action(inquiries.DRAFT_INQUIRY)
def draft_inquiry(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    subject: str,
    body: str,
    subject_own: str = "",
    body_own: str = "",
    reasons: Sequence[dict[str, Any]] = (),
    line_numbers: Sequence[int] = (),
    through_city: City | None = None,
    best: Contact | None = None,
    chosen_because: str = "",
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Write an inquiry to a contact, so that the officer can read it before it is sent.

    Reasons that only the asking city may read are not kept, because the contact and a partner city read the inquiry.
    Refuses to ask twice for one need, an ended agreement, returned mail, a choice without reason, and an unknown line.
    """
    inquiry = Inquiry(
        supply_request=supply_request,
        city=supply_request.city,
        contact=contact,
        line_numbers=sorted(set(line_numbers)),
        through_city=through_city,
        reasons=[one for one in reasons if one.get("code") not in CITY_ONLY_REASONS],
        chosen_because=chosen_because,
        language=contact.user.language,
        subject=subject,
        body=body,
        subject_own=subject_own,
        body_own=body_own,
        language_own=author.language,
        author=author,
        text_written_at=at,
    )
    inquiry.is_unedited = _is_unedited_draft(inquiry, at)
    if (refused := inquiries.DRAFT_INQUIRY.refusal(by, inquiry, at)) is not None:
        raise refused  # before the contact is checked: an actor who may not ask must not learn who was asked
    with transaction.atomic():
        _lock_and_check_contact(inquiry, best, at)
        return inquiries.DRAFT_INQUIRY.create(inquiry, by=by, at=at, suggested_first=best and best.pk)


def _is_unedited_draft(inquiry: Inquiry, at: datetime) -> bool:
    """Return True if the words are those that the product composes, apart from white space."""
    composed = _composed_texts(inquiry, at)
    return all(getattr(inquiry, name).split() == text.split() for name, text in composed.items())


def _composed_texts(inquiry: Inquiry, at: datetime) -> dict[str, str]:
    """Return the words that the product composes for this inquiry now, by the names of its fields."""
    need = inquiry.supply_request
    drafts = letter_drafts(need, inquiry.contact, inquiry.author, need.city.day_at(at), inquiry.line_numbers)
    return {"subject_own": "", "body_own": "", **drafts}


def recompose_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Compose the text of an unsent inquiry again after a change of its need.

    A text that a person edited stays as it is.
    """
    with inquiries.RECOMPOSE_INQUIRY.apply_to(inquiry, by=by, at=at) as row:
        if row.is_unedited:
            for name, text in _composed_texts(row, at).items():
                setattr(row, name, text)
            row.text_written_at = at
    return inquiry


def lock_contact_person(contact: Contact) -> None:
    """Lock the person of this contact, so that two officers who write to them take turns.

    The lock covers all offices of that person.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=contact.user_id)


def _lock_and_check_contact(inquiry: Inquiry, best: Contact | None, at: datetime) -> None:
    """Refuse a contact who was asked before, cannot be reached, or is reached by an ended agreement.

    Also refuse one whose choice lacks a needed reason, and lines that the need does not have.
    """
    contact, need = inquiry.contact, inquiry.supply_request
    select_locked(contact)  # contact before person, the same order as in sending, to avoid a deadlock
    lock_contact_person(contact)
    if need.inquiries.filter(contact__user=contact.user_id).exists():  # at any of their offices
        words = _("%(contact)s has already been asked about %(need)s.")
        raise Refused("asked_already", words % {"contact": contact, "need": need}, field="contact")
    refused = stopped_contact_refusal(inquiry.city_id, contact) or people.bouncing_contact_refusal(contact)
    refused = refused or unexplained_choice_refusal(contact, best, inquiry.chosen_because)
    refused = refused or unknown_line_refusal(need, inquiry.line_numbers)
    raise_refusal(refused or duplicate_inquiry_refusal(inquiry))
    require_active_agreements(inquiry, at)


def require_active_agreements(inquiry: Inquiry, at: datetime) -> None:
    """Refuse to write through an agreement that has ended."""
    former = former_partners_by_city(at)
    if any(there in former.get(here, ()) for here, there in inquiry.agreement_city_pairs):
        words = _("The agreement with %(city)s has ended, so you cannot ask anyone under it.")
        city = inquiry.through_city or inquiry.contact.city
        raise Refused("tie_ended", words % {"city": city}, field="contact")


@register_action(inquiries.EDIT_INQUIRY)
def revise_inquiry(inquiry: Inquiry, edit: InquiryEdit, *, by: Actor, at: datetime) -> Inquiry:
    """Change the words of an unsent inquiry, or the reason for its contact.

    The words are `subject` and `body` in the contact's language, and `subject_own` and `body_own` in the
    author's. Refuses a change of `body` without `body_own`: both are sent together and must agree.
    """
    with inquiries.EDIT_INQUIRY.apply_to(inquiry, by=by, at=at) as row:
        edit.check_version(row)
        facts = edit.changes()
        if row.body_own and facts.get("body", row.body) != row.body and "body_own" not in facts:
            words = _(
                "Also enter the message in your own language, or clear it. Both versions are sent together."
            )
            raise Refused("other_message", words, field="body_own")
        if any(facts.get(name, getattr(row, name)) != getattr(row, name) for name in ("body", "body_own")):
            row.text_written_at = at
            row.is_unedited = False
        edit.apply_to(row)
    return inquiry


@register_action(inquiries.SEND_INQUIRY)
def send_inquiry(inquiry: Inquiry, *, by: Actor, at: datetime, due_at: datetime | None = None) -> Inquiry:
    """Send the inquiry with its link, to be answered by `due_at` (UTC).

    A `due_at` outside the contact's working hours becomes the end of the next working day. Without one,
    the answer is due in four days, at the end of a working day. Refuses a contact whom only a partner city
    can introduce, unless an earlier consent of that city is in force; a closed or stopped need; and less than
    a working day to answer.
    """
    consent = consent_in_force(inquiry, at)
    with inquiries.SEND_INQUIRY.apply_to(inquiry, by=by, at=at, **consent_facts(consent)) as row:
        refused = invalid_due_time_refusal(due_at, at) if due_at is not None else None
        if refused is not None:
            raise refused
        if row.through_city is not None and consent is None:  # given between its query and the lock
            words = _("%(city)s has just consented to inquiries to this contact. Send the inquiry again.")
            raise Refused("consent_given", words % {"city": row.through_city})
        row.consent = consent
        _start_waiting(row, at, due_at)
        if consent is not None:
            require_consent(consent, row, at)
    return inquiry


def send_or_ask_partner(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Send the inquiry, or ask the partner city first if it goes through one whose consent is not in force.

    If a consent is given or lost meanwhile, what was refused is replaced by the other.
    """
    if inquiry.through_city_id is None:
        return send_inquiry(inquiry, by=by, at=at)
    had_consent = consent_in_force(inquiry, at) is not None
    first, other = (send_inquiry, ask_partner_city) if had_consent else (ask_partner_city, send_inquiry)
    try:
        return first(inquiry, by=by, at=at)
    except Refused:
        if (consent_in_force(inquiry, at) is not None) is had_consent:  # it was refused for another reason
            raise
    return other(inquiry, by=by, at=at)


@register_action(inquiries.ASK_PARTNER_CITY)
def ask_partner_city(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Ask the partner city for its consent: its officers, or one of its contacts by link if it has none.

    The answer has a due date like any other. Refuses if the inquiry goes through no partner city, and
    if that city has no one who could agree.
    """
    with inquiries.ASK_PARTNER_CITY.apply_to(inquiry, by=by, at=at) as row:
        _wait_for_consent(row, at)
    return inquiry


def _wait_for_consent(row: Inquiry, at: datetime) -> None:
    row.partner_asked_at = at
    row.introducer = people.choose_introducer(row, at)
    if row.introducer is not None:
        row.due_at = closing_time_after(row.introducer, at, dates.DAYS_TO_ANSWER)
    else:
        row.due_at = user_closing_time_after(partner_city_officers(row)[0], at, dates.DAYS_TO_ANSWER)
    row.next_reminder_at = next_reminder_time(row, at)


def return_to_partner(inquiry: Inquiry, *, by: Actor, at: datetime) -> Inquiry:
    """Ask the partner city after all, because the earlier consent was lost before the contact got the inquiry.

    Its mail is cancelled, and its letter stays as a withdrawn one, since it may be on paper. Refuses an inquiry
    that reached the contact or whose mail is on its way. If no one in the partner city can be asked, the inquiry
    waits for the periodic job, which cancels it.
    """
    with inquiries.RETURN_TO_PARTNER.apply_to(inquiry, by=by, at=at) as row:
        stop_waiting_for_answer(row, at, answered=False)
        # Its mail may have left between the query of the periodic job and the lock.
        if Inquiry.objects.reached_contact().filter(pk=row.pk).exists():
            raise Refused("reached", _("%(contact)s already has the inquiry.") % {"contact": row.contact})
        SentLetter.objects.filter(inquiry=row).update(inquiry=None, former_inquiry=row, withdrawn_at=at)
        row.sent_at = row.due_at = row.consent = row.alternates_allowed_from = None
        row.reminder_count = 0
        if people.has_person_to_consent(row):
            _wait_for_consent(row, at)
    return inquiry


@register_action(inquiries.GIVE_CONSENT)
def give_consent(
    inquiry: Inquiry,
    *,
    introduction: str = "",
    until: date | None = None,
    reports_each_use: bool = False,
    by: Actor,
    at: datetime,
) -> Inquiry:
    """Record that the partner city agrees, and send the inquiry to its contact.

    `introduction` is a line of the person who agrees; the contact reads it above the message. With `until`, the
    consent also covers later inquiries of the same city to this contact until that day (`grant_consent`), and
    `reports_each_use` asks for a message about each. Refuses while the contact has no room for another inquiry,
    and `reports_each_use` without `until`.
    """
    facts = consent_period_facts(inquiry, until)
    with inquiries.GIVE_CONSENT.apply_to(inquiry, by=by, at=at, **facts) as row:
        if reports_each_use and until is None:
            raise Refused("until_missing", _("Enter the last day."), field="until")
        queue.cancel_messages_about(row)  # planned mail that asks or reminds the partner city
        row.reminder_count, row.alternates_allowed_from = 0, None
        row.introduction_text = introduction.strip()
        try:
            _start_waiting(row, at, None)
        except Refused as refused:
            raise contact_has_no_room_refusal(refused, row.contact) from refused
        if until is not None:  # under the contact's lock, which `_start_waiting` took
            grant_consent(row, until=until, reports_each_use=reports_each_use, by=by, at=at)
    return inquiry


@register_action(inquiries.REFUSE_CONSENT)
def refuse_consent(inquiry: Inquiry, *, reason: str = "", by: Actor, at: datetime) -> Inquiry:
    """Record that the partner city refuses consent. The reason is sent to the asking city."""
    with inquiries.REFUSE_CONSENT.apply_to(inquiry, by=by, at=at, reason=reason) as row:
        stop_waiting_for_answer(row, at)
        row.remark = reason
    return inquiry


@register_action(inquiries.FORWARD_INQUIRY)
def forward_inquiry(inquiry: Inquiry, *, to: Contact, remark: str = "", by: Actor, at: datetime) -> Inquiry:
    """Pass the inquiry on to a colleague, who gets their own link. Return the new inquiry.

    Refuses a colleague who works in another city, was already asked, takes no inquiries from the asking
    city, or has as many open inquiries as they want.
    """
    with inquiries.FORWARD_INQUIRY.apply_to(inquiry, by=by, at=at, reason=remark, to=to.pk) as row:
        if to.city_id != row.contact.city_id:
            raise Refused(
                "another_city", _("You can pass a request only to a colleague in the same city."), field="to"
            )
        if row.supply_request.inquiries.filter(contact__user=to.user_id).exists():
            raise Refused(
                "asked_already", _("%(contact)s has already been asked.") % {"contact": to}, field="to"
            )
        if (not_them := unaskable_colleague_refusal(row.city_id, to)) is not None:
            raise not_them
        stop_waiting_for_answer(row, at)
        row.answered_at = at
        row.remark = remark
        try:
            onward = _forward_to_colleague(row, to, at)
        except Refused as refused:
            raise contact_has_no_room_refusal(refused, to, "to") from refused
        row.forwarded_to = onward
    return onward


@register_action(inquiries.ASK_NEXT_CONTACT)
def ask_next_contact(
    inquiry: Inquiry,
    to: Contact,
    *,
    through_city: City | None = None,
    author: ActingUser,
    by: Actor,
    at: datetime,
    **words: Unpack[InquiryFacts],
) -> Inquiry:
    """Ask another person about the same lines instead of one who did not answer. Return the new inquiry.

    The first person is notified, and may still answer. `words` are passed on to `draft_inquiry`; what it
    refuses is refused here too, for instance to ask a person twice. With `through_city`, that city is asked
    for its consent first, unless an earlier one is in force.
    """
    with inquiries.ASK_NEXT_CONTACT.apply_to(inquiry, by=by, at=at, to=to.pk) as row:
        stop_waiting_for_answer(row, at, answered=False)
        known: InquiryFacts = {"line_numbers": row.lines_left, **words}
        onward = draft_inquiry(
            row.supply_request, to, through_city=through_city, author=author, by=by, at=at, **known
        )
        row.forwarded_to = send_or_ask_partner(onward, by=by, at=at)
    return onward


def _start_waiting(row: Inquiry, at: datetime, due_at: datetime | None) -> None:
    row.sent_at = at
    row.due_at = (
        due_time_within_hours(row.contact, due_at)
        if due_at
        else closing_time_after(row.contact, at, dates.DAYS_TO_ANSWER)
    )
    row.next_reminder_at = next_reminder_time(row, at)
    _store_sent_letter(row, at)
    # Locks last until the end of the transaction, so they are taken last: others who ask this person wait less.
    increment_open_tasks(row.contact, above_limit=bool(row.chosen_because.strip()))
    lock_contact_person(row.contact)
    refused = duplicate_inquiry_refusal(row)
    if refused is not None:
        raise refused


def _store_sent_letter(row: Inquiry, at: datetime) -> None:
    """Store the letter as it is sent, under a random code that its QR code shows."""
    code = new_verification_code()
    content = letter_content(row, code=code, at=at, now=changed_need_text)
    new_sent_letter(content, code=code, at=at, inquiry=row).save(force_insert=True)


def save_thank_you_letters(letters: Iterable[SentLetter]) -> None:
    """Store thank-you letters as they are sent, in the transaction that plans their mail.

    A letter that is already stored is left unchanged.
    """
    SentLetter.objects.bulk_create(letters, ignore_conflicts=True)


def _forward_to_colleague(row: Inquiry, to: Contact, at: datetime) -> Inquiry:
    """Send the same inquiry to a colleague at once, in the name of the asking city. Return it."""
    onward = Inquiry(
        supply_request=row.supply_request,
        city=row.city,
        contact=to,
        line_numbers=row.line_numbers,
        reasons=[{"code": "handed_over", "by": str(row.contact)}],
        language=row.language,  # language of the words, which are passed on unchanged
        subject=row.subject,
        body=row.body,
        subject_own=row.subject_own,
        body_own=row.body_own,
        language_own=row.language_own,
        author=row.author,
        text_written_at=row.text_written_at,
    )
    author = AskingCityActor(row.author_id, str(row.city))
    inquiries.DRAFT_INQUIRY.create(onward, by=author, at=at)
    return send_inquiry(onward, by=author, at=at)


class AskingCityActor:
    """Actor that passes an inquiry on to a colleague in the name of the asking city. It may only ask."""

    via = "link"
    companies_with_interest = NO_CITIES

    def __init__(self, user_id: int, label: str) -> None:
        self.user_id = user_id
        self.label = label

    def may(self, power: str, thing: object) -> bool:
        """Return True for the power to ask only."""
        return power == "ask"

    def cities_with(self, power: str) -> frozenset[int]:
        """Return no cities."""
        return frozenset()


def stop_waiting_for_answer(row: Inquiry, at: datetime, *, answered: bool = True) -> None:
    """Stop the reminders, cancel planned mail, and reduce the contact's number of open inquiries.

    With `answered`, the time since sending counts as the contact's response time.
    """
    row.next_reminder_at = None
    row.paused_at = None
    queue.cancel_messages_about(row)
    if row.status == Inquiry.Status.SENT:
        waited = (at - row.sent_at).total_seconds() / 3600 if answered and row.sent_at else None
        decrement_open_tasks(row.contact, waited, at=at)


def next_reminder_time(row: Inquiry, at: datetime, since: datetime | None = None) -> datetime | None:
    """Return the time of the next reminder, within the working hours of its reader; None after the last.

    It depends on the time at which the reader was asked (or `since`, if given) and on the due date.
    """
    asked_at = row.sent_at or row.partner_asked_at
    assert asked_at is not None and row.due_at is not None  # set when a contact or the partner city is asked
    planned, person = (
        next_reminder_at(since or asked_at, row.due_at, row.reminder_count, at),
        row.awaited_contact,
    )
    return planned if planned is None or person is None else next_working_time(person, planned)
