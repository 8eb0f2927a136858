"""Rows of the start page (“Today”) about contacts: phone calls, consents, silent contacts, returned mail, own inquiries."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.contacts.models import Contact
from partners.memberships.models import Membership
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.verification.models import VerificationTask
from workflow.errors import LazyText
from workflow.formatting import format_moment, quote_typed


def _checks_to_phone(by: Permissions) -> QuerySet[Any]:
    """Return checks that still wait after all reminders, so that the contact should be phoned.

    For officers of the asking city, and for coordinators.
    """
    tasks = VerificationTask.objects.visible_to(by).waiting().filter(reminder_count__gte=MAX_REMINDERS)
    return _rows_overseen(
        tasks.exclude(contact__in=Contact.objects.declining_contact()), by, Power.ASSIGN_CHECK
    )


def _questions_to_phone(by: Permissions) -> QuerySet[Any]:
    inquiries = (
        Inquiry.objects.visible_to(by)
        .awaiting_reply()
        .filter(reminder_count__gte=MAX_REMINDERS, paused_at=None)
    )
    return _rows_overseen(
        inquiries.exclude(contact__in=Contact.objects.declining_contact()), by, Power.SEND_INQUIRY
    )


def _unanswered_inquiries(by: Permissions) -> QuerySet[Any]:
    """Return inquiries for which another contact may now be asked.

    After all reminders the row to phone replaces this one, unless the contact must be left alone.
    """
    silent = Inquiry.objects.alternates_allowed().filter(
        contact__user__bounced_at=None, city__in=cities_with_power(by, Power.SEND_INQUIRY)
    )
    return silent.filter(
        Q(reminder_count__lt=MAX_REMINDERS) | Q(contact__in=Contact.objects.declining_contact())
    )


def _inquiries_with_question(by: Permissions) -> QuerySet[Any]:
    """Return inquiries whose contact waits for the answer to a question."""
    return Inquiry.objects.with_open_question().filter(city__in=cities_with_power(by, Power.SEND_INQUIRY))


def _unanswered_introductions(by: Permissions) -> QuerySet[Any]:
    """Return inquiries that a partner city has not answered by their due date.

    After all reminders to its contact the row to phone replaces this one.
    """
    silent = Inquiry.objects.awaiting_consent().filter(alternates_allowed_from__isnull=False)
    silent = silent.filter(city__in=cities_with_power(by, Power.SEND_INQUIRY))
    return silent.exclude(pk__in=_introducers_to_phone(by).values("pk"))


def _introducers_to_phone(by: Permissions) -> QuerySet[Any]:
    """Return inquiries whose partner city's contact did not answer three reminders, so that a person should phone."""
    silent = Inquiry.objects.awaiting_consent().filter(
        introducer__isnull=False,
        reminder_count__gte=MAX_REMINDERS,
        city__in=cities_with_power(by, Power.SEND_INQUIRY),
    )
    return silent.exclude(introducer__in=Contact.objects.declining_contact())


def _undelivered_inquiries(by: Permissions) -> QuerySet[Any]:
    """Return inquiries that reached no one because mail to the contact is returned."""
    gone = Inquiry.objects.awaiting_reply().filter(contact__user__bounced_at__isnull=False)
    return gone.filter(city__in=cities_with_power(by, Power.SEND_INQUIRY))


def _contacts_needing_address(by: Permissions) -> QuerySet[Any]:
    """Return contacts with returned mail, for those who may enter another address.

    These are their own city and its coordinator. A coordinator of the whole network gets the contacts of
    cities without an administrator or officer.
    """
    theirs = Q(city__in=cities_with_power(by, Power.EDIT_CONTACT))
    if by.oversees_all_cities:
        looking_after = (Membership.Role.ADMINISTRATOR, Membership.Role.OFFICER)
        staffed = Membership.objects.active().filter(city__isnull=False, role__in=looking_after)
        theirs |= ~Q(city__in=staffed.values("city"))
    return _contacts_with_bounced_mail(by).filter(theirs)


def _contacts_to_reach_by_office(by: Permissions) -> QuerySet[Any]:
    """Return contacts with returned mail, for cities that named or asked them and may call their office.

    A city with an open inquiry to the contact gets another row instead.
    """
    keepers = cities_with_power(by, Power.INVITE_CONTACT)
    inquiries = Inquiry.objects.filter(city__in=keepers, sent_at__isnull=False)
    known = Q(introduced_by__in=keepers) | Q(pk__in=inquiries.values("contact"))
    elsewhere = (
        _contacts_with_bounced_mail(by)
        .filter(known)
        .exclude(city__in=cities_with_power(by, Power.EDIT_CONTACT))
    )
    return elsewhere.exclude(pk__in=inquiries.awaiting_reply().values("contact"))


def _contacts_with_bounced_mail(by: Permissions) -> QuerySet[Any]:
    gone = Contact.objects.visible_to(by).filter(user__bounced_at__isnull=False)
    return gone.exclude(status=Contact.Status.OPTED_OUT)


def _rows_overseen(query: QuerySet[Any], by: Permissions, power: Power) -> QuerySet[Any]:
    """Return the rows of this person's own cities; for coordinators, all rows of `query`."""
    return query if by.is_coordinator else query.filter(city__in=cities_with_power(by, power))


def _inquiries_awaiting_consent(by: Permissions) -> QuerySet[Any]:
    """Return inquiries that need the consent of this person's city, if none of its contacts was asked."""
    return Inquiry.objects.awaiting_consent().filter(
        through_city__in=cities_with_power(by, Power.SEND_INQUIRY), introducer=None
    )


def _subject(thing: VerificationTask | Inquiry) -> str:
    """Return what a contact was asked about: the title of the need, or the kind of check and its supplier."""
    if isinstance(thing, Inquiry):
        return quote_typed(thing.supply_request.title)
    return f"{thing.get_check_kind_display()} · {thing.supplier.name}"


def _phone_contact_item(thing: VerificationTask | Inquiry, at: datetime) -> TodoItem:
    contact: Any = thing.contact  # a requested check always has a contact
    words = _("Phone %(contact)s about %(thing)s: three reminders have been sent")
    keeper = thing.author if isinstance(thing, Inquiry) else thing.lead.responsible_user
    params = {
        "caller": keeper or thing.city,
        "phone": contact.phone or _("no number on file"),
        "zone": format_moment(at, contact.user.time_zone, short=True),
    }
    return TodoItem(
        words % {"contact": contact, "thing": _subject(thing)},
        pgettext_lazy("a link", "Open call script"),
        f"{thing.get_absolute_url()}#call",
        _("Caller: %(caller)s · %(phone)s · contact’s local time: %(zone)s") % params,
        thing.due_at or at,
        thing.reference,
    )


def _phone_introducer_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    person: Any = inquiry.introducer  # `_introducers_to_phone`
    words = _("Phone %(contact)s about %(thing)s: three reminders have been sent")
    params = {
        "phone": person.phone or person.organization.phone or _("no number on file"),
        "zone": format_moment(at, person.user.time_zone, short=True),
    }
    more = _(
        "%(phone)s · local time for this person: %(zone)s. Until this person agrees, no contact is asked. "
        "You can also ask another contact."
    )
    return TodoItem(
        words % {"contact": person, "thing": _subject(inquiry)},
        pgettext_lazy("a link", "Open inquiry"),
        inquiry.get_absolute_url(),
        more % params,
        inquiry.due_at or at,
        inquiry.reference,
    )


def _ask_next_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    words = _("%(contact)s has not answered about %(thing)s: ask someone else")
    return TodoItem(
        words % {"contact": inquiry.contact, "thing": _subject(inquiry)},
        pgettext_lazy("a link", "Open inquiry"),
        inquiry.get_absolute_url(),
        _(
            "The inquiry page shows the next suggested contact and the reason for the suggestion. You can "
            "ask that person with one click."
        ),
        inquiry.alternates_allowed_from or at,
        inquiry.reference,
    )


def _partner_city_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    assert inquiry.through_city is not None  # the inquiry waits for this city's consent
    words = _("%(city)s has not said whether %(contact)s can be asked: %(thing)s")
    params = {"city": inquiry.through_city.name, "contact": inquiry.contact, "thing": _subject(inquiry)}
    return TodoItem(
        words % params,
        pgettext_lazy("a link", "Open inquiry"),
        inquiry.get_absolute_url(),
        _("No contact has been asked so far. Remind the city, ask another contact, or withdraw the inquiry."),
        inquiry.alternates_allowed_from or at,
        inquiry.reference,
    )


def _question_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    words = _("%(contact)s asks about %(thing)s: %(question)s")
    params = {
        "contact": inquiry.contact,
        "thing": _subject(inquiry),
        "question": quote_typed(inquiry.question),
    }
    return TodoItem(
        words % params,
        _("Answer question"),
        reverse("inquiry_move", args=[inquiry.reference, "explain"]),
        _("The contact may be waiting for your answer before helping."),
        (inquiry.questioned_at or at) + timedelta(days=1),
        inquiry.reference,
    )


def _undelivered_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    words = _("Email to %(contact)s about %(thing)s was returned: ask another contact")
    more = _(
        "The inquiry has not been read, and no more email is sent to that address. The office in "
        "%(city)s may know a new one: that city or a coordinator can enter it."
    )
    return TodoItem(
        words % {"contact": inquiry.contact, "thing": _subject(inquiry)},
        pgettext_lazy("a link", "Open inquiry"),
        inquiry.get_absolute_url(),
        more % {"city": inquiry.contact.city.name},
        inquiry.contact.user.bounced_at or at,
        inquiry.reference,
    )


def _new_address_item(contact: Contact, at: datetime) -> TodoItem:
    return TodoItem(
        _bounce_text(contact, at),
        _("Enter a new email address"),
        reverse("contact_move", args=[contact.pk, "new_address"]),
        _(
            "This contact receives no email until you enter a new address. You can also name someone else "
            "at the contact’s office."
        ),
        contact.user.bounced_at or at,
        f"contact {contact.pk}",
    )


def _call_office_item(contact: Contact, at: datetime) -> TodoItem:
    words = _(
        "This contact receives no email until a new address is entered. Ask the office in %(city)s for a "
        "new address; that city or a coordinator can enter it. You can also choose another contact."
    )
    return TodoItem(
        _bounce_text(contact, at),
        _("Find the contact’s office"),
        contact.city.get_absolute_url(),
        words % {"city": contact.city.name},
        contact.user.bounced_at or at,
        f"contact {contact.pk}",
    )


def _bounce_text(contact: Contact, at: datetime) -> LazyText:
    params = {"contact": contact, "day": format_moment(contact.user.bounced_at or at)}
    return _("An email to %(contact)s was returned on %(day)s") % params


def _consent_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    words = _("%(city)s would like to ask your contact %(contact)s for help")
    return TodoItem(
        words % {"city": inquiry.city.name, "contact": inquiry.contact},
        _("Review request"),
        inquiry.get_absolute_url(),
        _("This contact will not be asked unless you agree."),
        inquiry.due_at or at,
        inquiry.reference,
    )


def _own_inquiries(by: Permissions) -> QuerySet[Any]:
    """Return a contact's own open inquiries. They open the same pages as the links in their mail."""
    return Inquiry.objects.filter(contact__in=by.contact_ids).awaiting_reply()


def _own_checks(by: Permissions) -> QuerySet[Any]:
    return VerificationTask.objects.filter(contact__in=by.contact_ids).waiting()


def _own_inquiry_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    return TodoItem(
        _("%(city)s asks whether you can help") % {"city": inquiry.city.name},
        _("Answer"),
        reverse("portal_open_inquiry", args=[inquiry.reference]),
        _("Declining or naming a colleague also helps."),
        inquiry.due_at or at,
        inquiry.reference,
        is_post_button=True,
    )


def _own_introductions(by: Permissions) -> QuerySet[Any]:
    """Return inquiries for which this person, as a contact, is asked to agree to an introduction."""
    return Inquiry.objects.awaiting_consent().filter(introducer__in=by.contact_ids)


def _introduction_item(inquiry: Inquiry, at: datetime) -> TodoItem:
    words = _("%(city)s would like to ask your contact %(contact)s for help")
    return TodoItem(
        words % {"city": inquiry.city.name, "contact": inquiry.contact},
        _("Review request"),
        reverse("portal_open_inquiry", args=[inquiry.reference]),
        _("This contact will not be asked unless you agree."),
        inquiry.due_at or at,
        inquiry.reference,
        is_post_button=True,
    )


def _own_check_item(task: VerificationTask, at: datetime) -> TodoItem:
    facts = {
        "city": task.city.name,
        "supplier": task.supplier.name,
        "check": task.get_check_kind_display(),
    }
    return TodoItem(
        _("%(city)s asks you to visit %(supplier)s: %(check)s") % facts,
        _("Report what you saw"),
        reverse("portal_open_check", args=[task.reference]),
        _("You report what you saw. You do not guarantee anything."),
        task.due_at or at,
        task.reference,
        is_post_button=True,
    )


_RESPONSIBLE_RELATIONS = ("city", "lead__author", "lead__contact", "lead__inquiry__author")
CONTACT_TODO_KINDS = (
    TodoKind(
        "my_inquiries",
        _("Inquiries to answer"),
        _own_inquiries,
        _own_inquiry_item,
        ("city",),
        order=("due_at", "pk"),
        waiting_since_field="sent_at",
    ),
    TodoKind(
        "my_introductions",
        _("Introductions to approve"),
        _own_introductions,
        _introduction_item,
        ("city", "contact__user"),
        order=("due_at", "pk"),
        waiting_since_field="partner_asked_at",
    ),
    TodoKind(
        "my_checks",
        _("Checks to report on"),
        _own_checks,
        _own_check_item,
        ("city", "supplier"),
        order=("due_at", "pk"),
        waiting_since_field="offered_at",
    ),
    TodoKind(
        "checks_to_phone",
        _("Contacts to phone"),
        _checks_to_phone,
        _phone_contact_item,
        ("contact__user", "supplier", *_RESPONSIBLE_RELATIONS),
        order=("due_at", "pk"),
        waiting_since_field="",
        required_facts=("contact_id",),
    ),
    TodoKind(
        "inquiries_to_phone",
        _("Contacts to phone"),
        _questions_to_phone,
        _phone_contact_item,
        ("contact__user", "author", "supply_request"),
        order=("due_at", "pk"),
        waiting_since_field="",
    ),
    TodoKind(
        "introducers_to_phone",
        _("Contacts to phone"),
        _introducers_to_phone,
        _phone_introducer_item,
        ("introducer__user", "introducer__organization", "supply_request"),
        order=("due_at", "pk"),
        waiting_since_field="",
        required_facts=("introducer_id",),
    ),
    TodoKind(
        "questions",
        _("Questions to answer"),
        _inquiries_with_question,
        _question_item,
        ("contact__user", "supply_request"),
        order=("questioned_at", "pk"),
        waiting_since_field="questioned_at",
    ),
    TodoKind(
        "silent",
        _("Inquiries without a reply"),
        _unanswered_inquiries,
        _ask_next_item,
        ("contact__user", "supply_request"),
        order=("alternates_allowed_from", "pk"),
        waiting_since_field="alternates_allowed_from",
    ),
    TodoKind(
        "partner_silent",
        _("Inquiries without a reply"),
        _unanswered_introductions,
        _partner_city_item,
        ("contact__user", "through_city", "supply_request"),
        order=("alternates_allowed_from", "pk"),
        waiting_since_field="alternates_allowed_from",
        required_facts=("through_city_id",),
    ),
    TodoKind(
        "unreached",
        _("Returned email"),
        _undelivered_inquiries,
        _undelivered_item,
        ("contact__user", "contact__city", "supply_request"),
        waiting_since_field="",
    ),
    TodoKind(
        "addresses",
        _("Returned email"),
        _contacts_needing_address,
        _new_address_item,
        ("user",),
        waiting_since_field="",
    ),
    TodoKind(
        "offices",
        _("Returned email"),
        _contacts_to_reach_by_office,
        _call_office_item,
        ("user", "city"),
        waiting_since_field="",
    ),
    TodoKind(
        "consents",
        _("Requests from other cities"),
        _inquiries_awaiting_consent,
        _consent_item,
        ("city", "contact__user"),
        waiting_since_field="partner_asked_at",
    ),
)
