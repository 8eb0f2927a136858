"""What happens to organisations and contacts: added, agreed, corrected, away, stopped; and how many questions each has open."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import people
from accounts.actions.people import change_email
from accounts.models import Language, User
from partners.models.cities import City
from partners.models.people import Contact, Organisation
from partners.roles import Power
from partners.rules.answers import usual, with_one_more
from partners.rules.hours import today_of
from partners.rules.people import (
    CONFIRM,
    CONFIRM_PLACE,
    CORRECT,
    DROP_DEPUTY,
    GO_AWAY,
    INVITE,
    NAME_DEPUTY,
    NEW_ADDRESS,
    RESUME,
    RESUME_FOR_CITY,
    STOP,
    STOP_FOR_CITY,
    SUGGEST_CHANGE,
    order_of,
)
from partners.rules.trust import is_self, keeps, names_for
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import locked


# --- organisations ----------------------------------------------------------------------------------------------
def add_organisation(
    city: City, *, kind: str, name_en: str, by: Actor, at: datetime, **facts: Any
) -> Organisation:
    """Enter an office of a city of one's own, or of a city twinned with it. Refuses everybody else, and a name known there."""
    organisation = Organisation(city=city, kind=kind, name_en=name_en.strip(), **facts)
    _may_edit(organisation, by)
    with transaction.atomic():
        if city.organisations.filter(name_en=organisation.name_en).exists():
            raise Refused(
                "already_known", _("This organisation is already in the register."), field="name_en"
            )
        organisation.save(force_insert=True)
        entries.record(organisation, "add", by=by, at=at, after=entries.snapshot(organisation))
    return organisation


def correct_organisation(
    organisation: Organisation, *, by: Actor, at: datetime, **facts: Any
) -> Organisation:
    """Set facts of an office right. Records nothing where they are right already."""
    _may_edit(organisation, by)
    with transaction.atomic():
        row = locked(organisation)
        before = entries.snapshot(row)
        for name, value in facts.items():
            setattr(row, name, value)
        if names := entries.changed(before, row):
            row.save(update_fields=names)
            entries.record(row, "correct", by=by, at=at, before=before, after=entries.snapshot(row))
    return row


def _may_edit(organisation: Organisation, by: Actor) -> None:
    if not by.may(Power.INVITE_CONTACT, organisation):
        raise Refused(NOT_ALLOWED, _("You may add offices of your own city and of its partner cities only."))


# --- contacts ---------------------------------------------------------------------------------------------------
def add_contact(
    organisation: Organisation,
    *,
    email: str,
    name: str,
    by: Actor,
    at: datetime,
    language: str = "",
    **facts: Any,
) -> Contact:
    """Name somebody at an office as a contact. They are written to once, and asked nothing before they agree.

    Somebody whose address is known keeps the name and language they have. Refuses a person named there already.
    """
    city = organisation.city
    facts["holiday_country"] = facts.get("holiday_country") or city.country
    if "introduced_by" not in facts:
        facts["introduced_by_id"] = names_for(by, city)
    facts["name_order"] = facts.get("name_order") or order_of(city.country)
    contact = Contact(organisation=organisation, city=city, **facts)
    refused = INVITE.refusal(by, contact, at)
    if refused is not None:  # first: whoever may not is told nothing of who is known here
        raise refused
    with transaction.atomic():
        user = known_or_new(email, name, language or language_of(city), city.timezone or "UTC", by=by, at=at)
        if organisation.contacts.filter(user=user).exists():
            raise Refused(
                "already_known", _("%(name)s is already a contact there.") % {"name": user}, field="email"
            )
        contact.user = user
        if keeps(by, contact):
            contact.place_confirmed_at = at
        _hours_hold(contact)
        return INVITE.start(contact, by=by, at=at)


def known_or_new(email: str, name: str, language: str, time_zone: str, *, by: Actor, at: datetime) -> User:
    """The person with this address, entered if nobody has it."""
    user = User.objects.filter(email=email.strip().lower()).first()
    return user or people.add(email=email, name=name, language=language, time_zone=time_zone, by=by, at=at)


def language_of(city: City) -> Language:
    """The language a place is first written to in: a guess, until the person says otherwise."""
    if city.country in ("CN", "TW", "HK", "MO"):
        return Language.ZH_HANS
    return Language.FR_CA if city.subdivision == "CA-QC" or city.country == "FR" else Language.EN


def confirm(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Agree to be asked, and that name and work address are kept and shown to partner cities abroad. Only they themselves can."""
    with CONFIRM.on(contact, by=by, at=at) as row:
        row.consent_at = at
    return contact


def confirm_place(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Confirm that a person whom another city named works in this city. From then on every city finds them among those to ask."""
    with CONFIRM_PLACE.on(contact, by=by, at=at) as row:
        row.place_confirmed_at = at
    return contact


def correct_contact(
    contact: Contact,
    *,
    name: str = "",
    language: str = "",
    time_zone: str = "",
    by: Actor,
    at: datetime,
    reason: str = "",
    **facts: Any,
) -> Contact:
    """Change a contact's details: title, languages, what they know, hours, channels, most questions at once. How they are called, the
    language they are written to in and their clock are theirs alone to change: refused to everybody else.
    """
    own = (("name", name), ("language", language), ("time_zone", time_zone))
    person = {key: value for key, value in own if value}
    with CORRECT.on(contact, by=by, at=at, reason=reason) as row:
        if person and not is_self(by, row):
            raise Refused(NOT_ALLOWED, _("Only they themselves change their name, language and time zone."))
        if person:
            people.edit(row.user, by=by, at=at, **person)
        for field, value in facts.items():
            setattr(row, field, value)
        _hours_hold(row)
    return contact


def _hours_hold(contact: Contact) -> None:
    """Refuse working hours of no length. Such as last past midnight are fine."""
    if contact.working_from is not None and contact.working_from == contact.working_until:
        words = _("The working hours end when they begin. Give two different times, or neither.")
        raise Refused("no_hours", words, field="working_until")


def go_away(contact: Contact, until: date | None = None, *, by: Actor, at: datetime) -> Contact:
    """Say until when, that day included, a contact is away; None: they are back. Refuses a day that is over where they are."""
    if until is not None and until < today_of(contact, at):
        raise Refused("day_is_over", _("Give a day that is still to come."), field="away_until")
    with GO_AWAY.on(contact, by=by, at=at) as row:
        row.away_until = until
    return contact


def name_deputy(contact: Contact, deputy: Contact, *, by: Actor, at: datetime) -> Contact:
    """Name a colleague who answers when the contact cannot. Refuses oneself, somebody of another city, and who takes no questions."""
    if deputy.user_id == contact.user_id or deputy.city_id != contact.city_id:
        raise Refused("not_a_colleague", _("A deputy is a colleague from the same city."), field="deputy")
    if deputy.status != Contact.Status.ACTIVE:
        words = _("%(contact)s does not take questions.")
        raise Refused("not_asked", words % {"contact": deputy}, field="deputy")
    with NAME_DEPUTY.on(contact, by=by, at=at, deputy=deputy.pk) as row:
        row.deputies.add(deputy)
    return contact


def drop_deputy(contact: Contact, deputy: Contact, *, by: Actor, at: datetime) -> Contact:
    """Ask a colleague no longer in the contact's place. Refuses somebody who is no deputy of theirs."""
    with DROP_DEPUTY.on(contact, by=by, at=at, deputy=deputy.pk) as row:
        if not row.deputies.filter(pk=deputy.pk).exists():
            words = _("%(deputy)s is no deputy of %(contact)s.")
            raise Refused("no_deputy", words % {"deputy": deputy, "contact": contact}, field="deputy")
        row.deputies.remove(deputy)
    return contact


def new_address(contact: Contact, email: str, *, by: Actor, at: datetime, real_at: datetime) -> Contact:
    """Give a contact whose mail comes back another address, to which they are written at once. Links sent to the old one end.

    Refuses where mail arrives, for somebody who signs in or has a role here, and an address that somebody else has.
    """
    with NEW_ADDRESS.on(contact, by=by, at=at) as row:
        if row.user.memberships.active().exists():
            raise Refused(
                "has_a_role",
                _("They have a role here. Who looks after the people of their city invites them anew."),
            )
        change_email(row.user, email, by=by, at=at, real_at=real_at)
    return contact


def stop(contact: Contact, *, by: Actor, at: datetime, reason: str = "") -> Contact:
    """Ask this person nothing more. Only the contact can. The tick then lets others be asked their open questions."""
    with STOP.on(contact, by=by, at=at, reason=reason):
        pass
    return contact


def resume(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Agree anew to be asked. Only they themselves can."""
    with RESUME.on(contact, by=by, at=at) as row:
        row.consent_at = at
    return contact


def suggest_change(contact: Contact, *, by: Actor, at: datetime, reason: str) -> Contact:
    """Tell a contact, and who looks after the contacts of their city, what should change. Changes nothing itself."""
    cities = sorted(by.where(Power.INVITE_CONTACT))
    with SUGGEST_CHANGE.on(contact, by=by, at=at, reason=reason, cities=cities):
        pass
    return contact


def stop_for_city(contact: Contact, *, by: Actor, at: datetime, reason: str) -> Contact:
    """Stop the questions and checks of the cities one asks for; the tick ends their open ones. Other cities go on asking."""
    cities = sorted(by.where(Power.ASK) - {contact.city_id})
    with STOP_FOR_CITY.on(contact, by=by, at=at, reason=reason, cities=cities) as row:
        if set(cities) <= set(row.stopped_for):
            raise Refused("already_stopped", _("Your city asks %(contact)s nothing.") % {"contact": row})
        row.stopped_for = sorted({*row.stopped_for, *cities})
    return contact


def resume_for_city(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Allow again the questions of the cities one asks for; the contact allows those of every city that stopped its own."""
    mine = frozenset(contact.stopped_for) if is_self(by, contact) else by.where(Power.ASK)
    cities = sorted(mine & frozenset(contact.stopped_for))
    with RESUME_FOR_CITY.on(contact, by=by, at=at, cities=cities) as row:
        row.stopped_for = sorted(set(row.stopped_for) - mine)
    return contact


# --- open questions ---------------------------------------------------------------------------------------------
def begin_question(contact: Contact, *, above_limit: bool = False) -> None:
    """Count a question or check that now waits for this contact, under their lock: of two that come at once one is the first.

    Refuses one more than they want, but for somebody who wrote down why (`above_limit`). Called by outreach and verification inside
    their own transaction and entry; it records nothing itself.
    """
    with transaction.atomic():
        row = locked(contact)
        if row.open_questions >= row.task_limit and not above_limit:
            words = _(
                "%(contact)s has as many open questions as they want. Say why you ask them all the same."
            )
            raise Refused("reason_missing", words % {"contact": contact}, field="chosen_because")
        row.open_questions += 1
        row.save(update_fields=["open_questions"])


def end_question(contact: Contact, hours: float | None = None, *, at: datetime | None = None) -> None:
    """Count one fewer, however it ended. `hours` from question to answer enter the median; `at` is when the answer came.

    Called by outreach and verification inside their own transaction and entry; it records nothing itself.
    """
    with transaction.atomic():
        row = locked(contact)
        row.open_questions = max(row.open_questions - 1, 0)
        if hours is not None:
            row.answers += 1
            row.answer_times = with_one_more(row.answer_times, hours)
            row.answer_hours = usual(row.answer_times)
            row.last_answered_at = at or row.last_answered_at
        row.save(
            update_fields=["open_questions", "answers", "answer_times", "answer_hours", "last_answered_at"]
        )
