"""Actions on organizations and contacts, and the counter of the open inquiries of each contact."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import PersonEdit, change_email, edit_person
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.contacts.rules import (
    ADD_DEPUTY,
    CHANGE_EMAIL_ADDRESS,
    CONFIRM_WORKPLACE,
    CONSENT_TO_INQUIRIES,
    CORRECT,
    INVITE,
    OPT_IN,
    OPT_OUT,
    REMOVE_DEPUTY,
    RESUME_CITY_INQUIRIES,
    SET_ABSENCE,
    STOP_CITY_INQUIRIES,
    SUGGEST_CHANGE,
    add_response_time,
    default_name_order,
    introducing_city_id,
    is_self,
    may_manage_contact,
    median_response_time,
)
from partners.contacts.working_hours import local_day_of
from partners.memberships.actions import default_language, find_or_add_user
from partners.powers import Power
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.journal.entries import changed_fields
from workflow.moves import register_action, select_locked
from workflow.person_names import NameReading


# --- organizations ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class OrganizationEdit(Edit):
    """Facts of an organization to correct."""

    kind: str | Unset = UNSET
    name_en: str | Unset = UNSET
    name_fr: str | Unset = UNSET
    name_local: str | Unset = UNSET
    address: str | Unset = UNSET
    phone: str | Unset = UNSET


def add_organization(
    city: City,
    *,
    kind: str,
    name_en: str,
    name_fr: str = "",
    name_local: str = "",
    address: str = "",
    phone: str = "",
    by: Actor,
    at: datetime,
) -> Organization:
    """Add an organization to one's own city or to a city twinned with it.

    Refuses every other city, and a name that exists there already.
    """
    organization = Organization(
        city=city,
        kind=kind,
        name_en=name_en.strip(),
        name_fr=name_fr,
        name_local=name_local,
        address=address,
        phone=phone,
    )
    _may_edit(organization, by)
    with transaction.atomic():
        if city.organizations.filter(name_en=organization.name_en).exists():
            raise Refused(
                "already_known", _("This organization is already in the register."), field="name_en"
            )
        organization.save(force_insert=True)
        entries.record(organization, "add", by=by, at=at, after=entries.snapshot(organization))
    return organization


def correct_organization(
    organization: Organization, edit: OrganizationEdit, *, by: Actor, at: datetime
) -> Organization:
    """Correct facts of an organization. Records nothing if they are correct already."""
    _may_edit(organization, by)
    with transaction.atomic():
        row = select_locked(organization)
        before = entries.snapshot(row)
        edit.apply_to(row)
        if names := changed_fields(before, row):
            row.save(update_fields=names)
            entries.record(row, "correct", by=by, at=at, before=before, after=entries.snapshot(row))
    return row


def _may_edit(organization: Organization, by: Actor) -> None:
    if not by.may(Power.INVITE_CONTACT, organization):
        raise Refused(NOT_ALLOWED, _("You can add offices only for your own city and its partner cities."))


# --- contacts ---------------------------------------------------------------------------------------------------
class ContactFacts(TypedDict, total=False):
    """Fields of a new contact, without organization, e-mail address, name and language, which `add_contact` takes."""

    form_of_address: str
    title: str
    title_en: str
    title_fr: str
    title_zh: str
    name_order: str
    languages: list[str]
    families: list[str]
    checks: list[str]
    phone: str
    wechat: str
    working_from: time | None
    working_until: time | None
    holiday_country: str
    task_limit: int
    introduced_by: City | None


@dataclass(frozen=True, kw_only=True)
class ContactEdit(Edit):
    """Fields of a contact to change. Only the contact may change `name`, `language` and `time_zone`."""

    name: str | Unset = UNSET
    name_latin: str | Unset = UNSET
    family_name: str | Unset = UNSET
    language: str | Unset = UNSET
    time_zone: str | Unset = UNSET
    form_of_address: str | Unset = UNSET
    title: str | Unset = UNSET
    title_en: str | Unset = UNSET
    title_fr: str | Unset = UNSET
    title_zh: str | Unset = UNSET
    name_order: str | Unset = UNSET
    languages: list[str] | Unset = UNSET
    families: list[str] | Unset = UNSET
    checks: list[str] | Unset = UNSET
    phone: str | Unset = UNSET
    wechat: str | Unset = UNSET
    working_from: time | Unset | None = UNSET
    working_until: time | Unset | None = UNSET
    holiday_country: str | Unset = UNSET
    task_limit: int | Unset = UNSET


@register_action(INVITE)
def add_contact(
    organization: Organization,
    *,
    email: str,
    name: str,
    by: Actor,
    at: datetime,
    name_latin: str = "",
    family_name: str = "",
    language: str = "",
    **facts: Unpack[ContactFacts],
) -> Contact:
    """Add a person as a contact of an organization and write to them once.

    The person receives no inquiry before they agree. A person whose address is known keeps their name, its Latin
    form and their language. Refuses a person who is a contact there already.
    """
    city = organization.city
    facts["holiday_country"] = facts.get("holiday_country") or city.country
    facts["name_order"] = facts.get("name_order") or default_name_order(city.country)
    contact = Contact(organization=organization, city=city, **facts)
    if "introduced_by" not in facts:
        contact.introduced_by_id = introducing_city_id(by, city)
    name_reading = NameReading(name_latin, family_name)
    refusal = INVITE.refusal(by, contact, at)
    if refusal is not None:  # checked first, so that the answer does not reveal which people are known here
        raise refusal
    with transaction.atomic():
        user = find_or_add_user(
            *(email, name, language or default_language(city), city.timezone or "UTC", name_reading),
            by=by,
            at=at,
        )
        if organization.contacts.filter(user=user).exists():
            raise Refused(
                "already_known",
                _("%(name)s is already a contact at this organization.") % {"name": user},
                field="email",
            )
        contact.user = user
        if may_manage_contact(by, contact):
            contact.place_confirmed_at = at
        _require_valid_hours(contact)
        return INVITE.create(contact, by=by, at=at)


@register_action(CONSENT_TO_INQUIRIES)
def record_consent(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Record that the contact agrees to be asked. Only the contact may do this.

    The consent also covers that the name and work address are stored and shown to partner cities abroad.
    """
    with CONSENT_TO_INQUIRIES.apply_to(contact, by=by, at=at) as row:
        row.consent_at = at
    return contact


@register_action(CONFIRM_WORKPLACE)
def confirm_workplace(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Confirm that a person whom another city named works in this city.

    From then on, every city finds this person among its possible contacts.
    """
    with CONFIRM_WORKPLACE.apply_to(contact, by=by, at=at) as row:
        row.place_confirmed_at = at
    return contact


@register_action(CORRECT)
def correct_contact(
    contact: Contact, edit: ContactEdit, *, by: Actor, at: datetime, reason: str = ""
) -> Contact:
    """Change details of a contact, such as titles, Latin name, languages, skills, hours, phone and task limit.

    Only the contact may change the name, the language of messages and the time zone.
    """
    own_fields = PersonEdit(name=edit.name, language=edit.language, time_zone=edit.time_zone)
    person = replace(own_fields, name_latin=edit.name_latin, family_name=edit.family_name)
    with CORRECT.apply_to(contact, by=by, at=at, reason=reason) as row:
        if own_fields.changes() and not is_self(by, row):
            raise Refused(
                NOT_ALLOWED, _("Only the contact can change their own name, language and time zone.")
            )
        edit.apply_to(row, leave=person.changes())
        if person.changes():
            edit_person(row.user, person, by=by, at=at)
        _require_valid_hours(row)
    return contact


def _require_valid_hours(contact: Contact) -> None:
    """Refuse working hours of zero length. Hours past midnight are allowed."""
    if contact.working_from is not None and contact.working_from == contact.working_until:
        message = _(
            "Working hours cannot start and end at the same time. Enter two different times, or leave "
            "both blank."
        )
        raise Refused("no_hours", message, field="working_until")


@register_action(SET_ABSENCE)
def set_absence(contact: Contact, until: date | None = None, *, by: Actor, at: datetime) -> Contact:
    """Set the last day of a contact's absence; None means that they are back.

    Refuses a day that is past in the contact's time zone.
    """
    if until is not None and until < local_day_of(contact, at):
        raise Refused("day_is_over", _("Enter today’s date or a later date."), field="away_until")
    with SET_ABSENCE.apply_to(contact, by=by, at=at) as row:
        row.away_until = until
    return contact


@register_action(ADD_DEPUTY)
def add_deputy(contact: Contact, deputy: Contact, *, by: Actor, at: datetime) -> Contact:
    """Name a colleague who answers when the contact cannot.

    Refuses the contact themselves, a person of another city, and a person who takes no inquiries.
    """
    if deputy.user_id == contact.user_id or deputy.city_id != contact.city_id:
        raise Refused(
            "not_a_colleague", _("A deputy must be a colleague from the same city."), field="deputy"
        )
    if deputy.status != Contact.Status.ACTIVE:
        message = _("%(contact)s does not accept inquiries.")
        raise Refused("not_asked", message % {"contact": deputy}, field="deputy")
    with ADD_DEPUTY.apply_to(contact, by=by, at=at, deputy=deputy.pk) as row:
        row.deputies.add(deputy)
    return contact


@register_action(REMOVE_DEPUTY)
def remove_deputy(contact: Contact, deputy: Contact, *, by: Actor, at: datetime) -> Contact:
    """Remove a deputy of the contact. Refuses a person who is not their deputy."""
    with REMOVE_DEPUTY.apply_to(contact, by=by, at=at, deputy=deputy.pk) as row:
        if not row.deputies.filter(pk=deputy.pk).exists():
            message = _("%(deputy)s is not a deputy for %(contact)s.")
            raise Refused("no_deputy", message % {"deputy": deputy, "contact": contact}, field="deputy")
        row.deputies.remove(deputy)
    return contact


@register_action(CHANGE_EMAIL_ADDRESS)
def change_email_address(
    contact: Contact, email: str, *, by: Actor, at: datetime, real_at: datetime
) -> Contact:
    """Replace the address of a contact whose e-mail bounces, and write to the new one at once.

    Links sent to the old address end. Refuses if e-mail arrives, if the person signs in or has a role in a city,
    and if another person has the new address.
    """
    with CHANGE_EMAIL_ADDRESS.apply_to(contact, by=by, at=at) as row:
        if row.user.memberships.active().exists():
            raise Refused(
                "has_a_role",
                _(
                    "This person already has a role in Twinlane. An administrator of their "
                    "city must invite them again."
                ),
            )
        change_email(row.user, email, by=by, at=at, real_at=real_at)
    return contact


@register_action(OPT_OUT)
def opt_out(contact: Contact, *, by: Actor, at: datetime, reason: str = "") -> Contact:
    """Stop all inquiries to this person. Only the contact may do this.

    The periodic job then lets the cities ask other contacts instead.
    """
    with OPT_OUT.apply_to(contact, by=by, at=at, reason=reason):
        pass
    return contact


@register_action(OPT_IN)
def opt_in(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Record that the contact agrees to be asked again. Only the contact may do this."""
    with OPT_IN.apply_to(contact, by=by, at=at) as row:
        row.consent_at = at
    return contact


@register_action(SUGGEST_CHANGE)
def suggest_change(contact: Contact, *, by: Actor, at: datetime, reason: str) -> Contact:
    """Suggest a change of a contact's data to the contact and to those who manage them. Changes no data."""
    cities = sorted(by.cities_with(Power.INVITE_CONTACT))
    with SUGGEST_CHANGE.apply_to(contact, by=by, at=at, reason=reason, cities=cities):
        pass
    return contact


@register_action(STOP_CITY_INQUIRIES)
def stop_city_inquiries(contact: Contact, *, by: Actor, at: datetime, reason: str) -> Contact:
    """Stop the inquiries and checks of the actor's cities to this contact. Other cities can still ask.

    The periodic job ends those that are open.
    """
    cities = sorted(by.cities_with(Power.SEND_INQUIRY) - {contact.city_id})
    with STOP_CITY_INQUIRIES.apply_to(contact, by=by, at=at, reason=reason, cities=cities) as row:
        if set(cities) <= set(row.stopped_for):
            raise Refused(
                "already_stopped",
                _("Your city has already stopped sending requests to %(contact)s.") % {"contact": row},
            )
        row.stopped_for = sorted({*row.stopped_for, *cities})
    return contact


@register_action(RESUME_CITY_INQUIRIES)
def resume_city_inquiries(contact: Contact, *, by: Actor, at: datetime) -> Contact:
    """Allow the inquiries of the actor's cities again; if the actor is the contact, those of all cities."""
    actor_cities = (
        frozenset(contact.stopped_for) if is_self(by, contact) else by.cities_with(Power.SEND_INQUIRY)
    )
    cities = sorted(actor_cities & frozenset(contact.stopped_for))
    with RESUME_CITY_INQUIRIES.apply_to(contact, by=by, at=at, cities=cities) as row:
        row.stopped_for = sorted(set(row.stopped_for) - actor_cities)
    return contact


# --- open inquiries and checks ----------------------------------------------------------------------------------
def increment_open_tasks(contact: Contact, *, above_limit: bool = False) -> None:
    """Count one more open inquiry or check of this contact, under the lock of the contact.

    Refuses to exceed the contact's limit, unless the city gave a written reason (`above_limit`). Called by the
    packages of inquiries and of checks, inside their own transaction and journal entry. Records nothing itself.
    """
    with transaction.atomic():
        row = select_locked(contact)
        if row.open_questions >= row.task_limit and not above_limit:
            message = _(
                "%(contact)s has reached their maximum number of open requests. Enter the reason for "
                "asking anyway."
            )
            raise Refused("reason_missing", message % {"contact": contact}, field="chosen_because")
        row.open_questions += 1
        row.save(update_fields=["open_questions"])


def decrement_open_tasks(contact: Contact, hours: float | None = None, *, at: datetime | None = None) -> None:
    """Count one open inquiry or check less, for whatever reason it ended.

    `hours` from inquiry to answer go into the median; `at` is the time of the answer. Called by the packages of
    inquiries and of checks, inside their own transaction and journal entry. Records nothing itself.
    """
    with transaction.atomic():
        row = select_locked(contact)
        row.open_questions = max(row.open_questions - 1, 0)
        if hours is not None:
            row.answers += 1
            row.answer_times = add_response_time(row.answer_times, hours)
            row.answer_hours = median_response_time(row.answer_times)
            row.last_answered_at = at or row.last_answered_at
        row.save(
            update_fields=["open_questions", "answers", "answer_times", "answer_hours", "last_answered_at"]
        )
