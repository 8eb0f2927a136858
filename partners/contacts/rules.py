"""Moves of a contact, the rules for changes of contacts and organizations (ADR 92), and answer times."""

from collections.abc import Iterable, Sequence
from statistics import median

from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.powers import Power
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready_refusal, one_of

FAMILY_NAME_FIRST_COUNTRIES = frozenset({"CN", "HK", "MO", "TW", "JP", "KR", "KP", "HU", "VN"})


def default_name_order(country: str) -> str:
    """Return the usual order of name parts in a country, as a default that can be changed."""
    return (
        Contact.NameOrder.FAMILY_FIRST
        if country in FAMILY_NAME_FIRST_COUNTRIES
        else Contact.NameOrder.GIVEN_FIRST
    )


# --- contacts ---------------------------------------------------------------------------------------------------
def mail_not_bounced_refusal(contact: Contact) -> Refused | None:
    """Return a refusal of a new address unless e-mail bounces and the person does not sign in here.

    People who sign in change their address themselves.
    """
    if contact.user.bounced_at is None:
        return not_ready_refusal(
            _(
                "Email to the current address is still being delivered, "
                "so only the contact can change the address."
            )
        )
    if contact.user.has_usable_password():
        return not_ready_refusal(
            _("This contact signs in to Twinlane, so only the contact can change the address. Let them know.")
        )
    return None


def no_deputies_refusal(contact: Contact) -> Refused | None:
    """Return a refusal if the contact has no deputies."""
    if contact.pk and contact.deputies.exists():
        return None
    return not_ready_refusal(_("This contact has no deputy."))


def may_invite(by: Actor, contact: Contact | Organization) -> bool:
    """Return True for those who invite contacts and add organizations for this city or its partners."""
    return by.may(Power.INVITE_CONTACT, contact)


INVITE = Move[Contact](
    verb="invite",
    label=_("Add contact"),
    past_tense=_("added the contact"),
    target=Contact.Status.INVITED,
    allowed=may_invite,
)


def is_self(by: Actor, contact: Contact) -> bool:
    """Return True for the contact, signed in or by their own link. No other person may consent for them."""
    return by.may(Power.ANSWER_INQUIRY, contact)


CONSENT_TO_INQUIRIES = Move[Contact](
    verb="confirm",
    label=_("I agree to receive requests"),
    past_tense=_("agreed to receive requests"),
    source=one_of(Contact.Status.INVITED),
    target=Contact.Status.ACTIVE,
    allowed=is_self,
)


def may_confirm_workplace(by: Actor, contact: Contact) -> bool:
    """Return True for those who manage the city's contacts, if another city named this contact."""
    return contact.named_by_other_city and may_manage_contact(by, contact)


CONFIRM_WORKPLACE = Move[Contact](
    verb="confirm_place",
    label=_("Confirm that they work here"),
    past_tense=_("confirmed that they work here"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE),
    allowed=may_confirm_workplace,
)


def may_correct(by: Actor, contact: Contact) -> bool:
    """Return True for the contact, and for those who manage their city's contacts and see the details."""
    if is_self(by, contact):
        return True
    return may_be_changed(contact) and may_manage_contact(by, contact) and may_see_details(by, contact)


CORRECT = Move[Contact](
    verb="correct",
    label=_("Correct details"),
    past_tense=_("corrected the contact’s details"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE, Contact.Status.OPTED_OUT),
    allowed=may_correct,
)


def is_self_or_manager(by: Actor, contact: Contact) -> bool:
    """Return True for the contact, and for those who manage the contacts of their city."""
    return is_self(by, contact) or may_manage_contact(by, contact)


SET_ABSENCE = Move[Contact](
    verb="go_away",
    label=_("Record absence"),
    past_tense=_("recorded an absence"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=is_self_or_manager,
)
ADD_DEPUTY = Move[Contact](
    verb="name_deputy",
    label=_("Name a deputy"),
    past_tense=_("named a deputy"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=is_self_or_manager,
)
REMOVE_DEPUTY = Move[Contact](
    verb="drop_deputy",
    label=_("Remove a deputy"),
    past_tense=_("removed a deputy"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=is_self_or_manager,
    ready=no_deputies_refusal,
)


def may_manage_contact(by: Actor, contact: Contact) -> bool:
    """Return True for those who manage the contacts of the contact's own city, and for its coordinators.

    Agreements give no other city this right.
    """
    return by.may(Power.EDIT_CONTACT, contact)


CHANGE_EMAIL_ADDRESS = Move[Contact](
    verb="new_address",
    label=_("Enter a new email address"),
    past_tense=_("entered a new email address"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE),
    allowed=may_manage_contact,
    ready=mail_not_bounced_refusal,
)
OPT_OUT = Move[Contact](
    verb="stop",
    label=_("Stop all requests to this contact"),
    past_tense=_("stopped all requests"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE),
    target=Contact.Status.OPTED_OUT,
    allowed=is_self,
    undo_verb="resume",
)
OPT_IN = Move[Contact](
    verb="resume",
    label=_("Accept requests again"),
    past_tense=_("agreed to receive requests again"),
    source=one_of(Contact.Status.OPTED_OUT),
    target=Contact.Status.ACTIVE,
    allowed=is_self,
    undo_verb="stop",
)


def may_suggest_change(by: Actor, contact: Contact) -> bool:
    """Return True for a city that may invite contacts there but not change this one."""
    return may_invite(by, contact) and not is_self_or_manager(by, contact)


SUGGEST_CHANGE = Move[Contact](
    verb="suggest_change",
    label=_("Suggest a change"),
    past_tense=_("suggested a change"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=may_suggest_change,
    requires_reason=True,
)


def may_send_inquiries(by: Actor, contact: Contact) -> bool:
    """Return True for those who send inquiries for a city other than the contact's own."""
    return bool(by.cities_with(Power.SEND_INQUIRY) - {contact.city_id})


STOP_CITY_INQUIRIES = Move[Contact](
    verb="stop_for_city",
    label=_("Stop our city’s requests"),
    past_tense=_("stopped one city’s requests"),
    source=one_of(Contact.Status.ACTIVE),
    allowed=may_send_inquiries,
    requires_reason=True,
)


def may_resume_city_inquiries(by: Actor, contact: Contact) -> bool:
    """Return True for those who may allow inquiries that a city has stopped.

    These are the contact, and those who send inquiries for that city.
    """
    stopped = frozenset(contact.stopped_for)
    if is_self(by, contact):
        return bool(stopped)
    return may_be_changed(contact) and bool(stopped & by.cities_with(Power.SEND_INQUIRY))


RESUME_CITY_INQUIRIES = Move[Contact](
    verb="resume_for_city",
    label=_("Allow requests again"),
    past_tense=_("allowed one city’s requests again"),
    source=one_of(Contact.Status.INVITED, Contact.Status.ACTIVE, Contact.Status.OPTED_OUT),
    allowed=may_resume_city_inquiries,
)

CONTACT_MOVES = Moves(
    Contact,
    INVITE,
    CONSENT_TO_INQUIRIES,
    CONFIRM_WORKPLACE,
    CORRECT,
    SET_ABSENCE,
    ADD_DEPUTY,
    REMOVE_DEPUTY,
    CHANGE_EMAIL_ADDRESS,
    SUGGEST_CHANGE,
    STOP_CITY_INQUIRIES,
    RESUME_CITY_INQUIRIES,
    OPT_OUT,
    OPT_IN,
    ends={},
)


def may_see_details(by: Actor, contact: Contact) -> bool:
    """Return True if the actor may see e-mail, phone and WeChat of a contact.

    The contact and their own city may always see them. Others may see them while the contact takes inquiries.
    """
    return contact.status == Contact.Status.ACTIVE or is_self(by, contact) or by.may(Power.SEE, contact)


def may_be_changed(contact: Contact) -> bool:
    """Return True if others may change data of the contact.

    They may not after the contact stopped all inquiries, because a notice would not reach the contact.
    """
    return contact.status != Contact.Status.OPTED_OUT


def introducing_city_id(by: Actor, city: City) -> int | None:
    """Return the id of the city for which the actor names a contact in `city`.

    It is `city` itself if the actor works for it, otherwise the actor's own city that is twinned with `city`,
    otherwise the province or city that the actor coordinates. It is None for a coordinator of `city` itself and for
    the console of the server, because they act for no single city.
    """
    overseen_ids: frozenset[int] = getattr(by, "overseen_city_ids", frozenset())
    # without the permission to comment, the actor only oversees a city as a coordinator
    working_city_ids = by.cities_with(Power.INVITE_CONTACT) - (overseen_ids - by.cities_with(Power.COMMENT))
    if city.pk in working_city_ids:
        return city.pk
    partner_city_ids = getattr(by, "partner_city_ids_by_city", {})
    twinned_id = next(
        (own for own in sorted(working_city_ids) if city.pk in partner_city_ids.get(own, ())), None
    )
    if twinned_id is not None or city.pk in overseen_ids:
        return twinned_id
    overseen_cities = City.objects.filter(pk__in=overseen_ids).order_by("pk")
    province_id = (
        overseen_cities.filter(level__in=City.WHOLE_SUBDIVISION_LEVELS).values_list("pk", flat=True).first()
    )
    return province_id or overseen_cities.values_list("pk", flat=True).first()


MAX_ANSWER_TIMES_KEPT = 30  # latest answers of a person; older ones are not relevant any more


def add_response_time(times: Sequence[int], hours: float) -> list[int]:
    """Return the latest answer times with a new one added at the end, in whole hours, at least 1."""
    return [*times, max(1, round(hours))][-MAX_ANSWER_TIMES_KEPT:]


def median_response_time(times: Iterable[int]) -> int | None:
    """Return the median in whole hours, rounded half up; None without answers."""
    hours = list(times)
    return int(median(hours) + 0.5) if hours else None
