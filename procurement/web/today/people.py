"""What waits for a word to somebody: whom to phone, whether a contact may be asked, and what a contact was asked themselves."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.people import Contact, Membership
from partners.roles import Power
from partners.rules.powers import Powers
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.days import MOST_CHASES
from procurement.verification.models.checks import VerificationTask
from procurement.web.today.rows import Kind, Row, mine
from workflow.doors.words import moment
from workflow.errors import Words


def _checks_to_phone(by: Powers) -> QuerySet[Any]:
    """What three reminders did not move: somebody phones. The asking city's officers, and coordinators."""
    tasks = VerificationTask.objects.visible_to(by).waiting().filter(chases__gte=MOST_CHASES)
    return _watched(tasks.exclude(contact__in=Contact.objects.left_alone()), by, Power.ASSIGN_CHECK)


def _questions_to_phone(by: Powers) -> QuerySet[Any]:
    asked = Inquiry.objects.visible_to(by).waiting().filter(chases__gte=MOST_CHASES, paused_at=None)
    return _watched(asked.exclude(contact__in=Contact.objects.left_alone()), by, Power.ASK)


def _silent(by: Powers) -> QuerySet[Any]:
    """Questions that may be put to somebody else by now. After three reminders, phoning stands there in their place."""
    silent = Inquiry.objects.giving_way().filter(contact__user__bounced_at=None, city__in=mine(by, Power.ASK))
    return silent.filter(Q(chases__lt=MOST_CHASES) | Q(contact__in=Contact.objects.left_alone()))


def _partner_silent(by: Powers) -> QuerySet[Any]:
    """Questions to a partner city that it has not answered by their day."""
    silent = Inquiry.objects.awaiting_consent().filter(next_from__isnull=False)
    return silent.filter(city__in=mine(by, Power.ASK))


def _unreached(by: Powers) -> QuerySet[Any]:
    """Questions that never reached anybody: mail to the contact comes back."""
    gone = Inquiry.objects.waiting().filter(contact__user__bounced_at__isnull=False)
    return gone.filter(city__in=mine(by, Power.ASK))


def _addresses_to_give(by: Powers) -> QuerySet[Any]:
    """Contacts whose mail comes back, for those who may give another address: their own city, and who coordinates it.

    For who oversees the whole network, those of cities in which there is no one to do it.
    """
    theirs = Q(city__in=mine(by, Power.KEEP_CONTACT))
    if by.watches_all:
        looking_after = (Membership.Role.ADMINISTRATOR, Membership.Role.OFFICER)
        staffed = Membership.objects.active().filter(city__isnull=False, role__in=looking_after)
        theirs |= ~Q(city__in=staffed.values("city"))
    return _gone(by).filter(theirs)


def _addresses_gone(by: Powers) -> QuerySet[Any]:
    """The same, for cities that named them or asked them once: they may ask their office. A city that waits for an answer has another
    row.
    """
    keepers = mine(by, Power.INVITE_CONTACT)
    asked = Inquiry.objects.filter(city__in=keepers, sent_at__isnull=False)
    known = Q(introduced_by__in=keepers) | Q(pk__in=asked.values("contact"))
    elsewhere = _gone(by).filter(known).exclude(city__in=mine(by, Power.KEEP_CONTACT))
    return elsewhere.exclude(pk__in=asked.waiting().values("contact"))


def _gone(by: Powers) -> QuerySet[Any]:
    gone = Contact.objects.visible_to(by).filter(user__bounced_at__isnull=False)
    return gone.exclude(status=Contact.Status.STOPPED)


def _watched(query: QuerySet[Any], by: Powers, power: Power) -> QuerySet[Any]:
    """Rows of one's own cities; for who coordinates, all they oversee."""
    return query if by.coordinates else query.filter(city__in=mine(by, power))


def _consents(by: Powers) -> QuerySet[Any]:
    """Questions that wait for the word of one's own city: of its officers, where no contact of it was asked."""
    return Inquiry.objects.awaiting_consent().filter(through_city__in=mine(by, Power.ASK), introducer=None)


def _call(thing: VerificationTask | Inquiry, at: datetime) -> Row:
    contact: Any = thing.contact  # a check that was asked for has one
    words = _("Phone %(contact)s about %(thing)s: three reminders went out")
    keeper = thing.author if isinstance(thing, Inquiry) else thing.lead.kept_by
    told = {
        "caller": keeper or thing.city,
        "phone": contact.phone or _("no number known"),
        "zone": moment(at, contact.user.time_zone, short=True),
    }
    return Row(
        words % {"contact": contact, "thing": thing.reference},
        pgettext_lazy("a link", "Open"),
        f"{thing.get_absolute_url()}#call",
        _("%(caller)s phones · %(phone)s · their clock is %(zone)s") % told,
        thing.due_at or at,
        thing.reference,
    )


def _ask_next(inquiry: Inquiry, at: datetime) -> Row:
    words = _("%(contact)s has not answered %(thing)s: ask somebody else")
    return Row(
        words % {"contact": inquiry.contact, "thing": inquiry.reference},
        pgettext_lazy("a link", "Open"),
        inquiry.get_absolute_url(),
        _("Whoever is suggested next stands there, with the reason; one button asks them."),
        inquiry.next_from or at,
        inquiry.reference,
    )


def _go_another_way(inquiry: Inquiry, at: datetime) -> Row:
    assert inquiry.through_city is not None  # it was asked
    words = _("%(city)s has not said whether %(contact)s may be asked: %(thing)s")
    told = {"city": inquiry.through_city.name, "contact": inquiry.contact, "thing": inquiry.reference}
    return Row(
        words % told,
        pgettext_lazy("a link", "Open"),
        inquiry.get_absolute_url(),
        _("No contact has been asked so far. Remind them, ask another contact, or take the question back."),
        inquiry.next_from or at,
        inquiry.reference,
    )


def _reach(inquiry: Inquiry, at: datetime) -> Row:
    words = _("Mail to %(contact)s about %(thing)s came back: ask another contact")
    more = _(
        "The question has not been read, and nothing more is sent there. The office in %(city)s may know a new address: "
        "that city or a coordinator enters it."
    )
    return Row(
        words % {"contact": inquiry.contact, "thing": inquiry.reference},
        pgettext_lazy("a link", "Open"),
        inquiry.get_absolute_url(),
        more % {"city": inquiry.contact.city.name},
        inquiry.contact.user.bounced_at or at,
        inquiry.reference,
    )


def _give_address(contact: Contact, at: datetime) -> Row:
    return Row(
        _came_back(contact, at),
        _("Give another address"),
        reverse("contact_move", args=[contact.pk, "new_address"]),
        _("They are asked nothing by mail until then. Or name somebody else at their office."),
        contact.user.bounced_at or at,
        f"contact {contact.pk}",
    )


def _ask_their_office(contact: Contact, at: datetime) -> Row:
    words = _(
        "They are asked nothing by mail until then. Ask the office in %(city)s for a new address, which that city or a coordinator "
        "enters; or choose another contact."
    )
    return Row(
        _came_back(contact, at),
        _("Find their office"),
        contact.city.get_absolute_url(),
        words % {"city": contact.city.name},
        contact.user.bounced_at or at,
        f"contact {contact.pk}",
    )


def _came_back(contact: Contact, at: datetime) -> Words:
    told = {"contact": contact, "day": moment(contact.user.bounced_at or at)}
    return _("Mail to %(contact)s came back on %(day)s") % told


def _consent(inquiry: Inquiry, at: datetime) -> Row:
    words = _("%(city)s would like to ask your contact %(contact)s")
    return Row(
        words % {"city": inquiry.city.name, "contact": inquiry.contact},
        _("Decide"),
        inquiry.get_absolute_url(),
        _("They are not asked without you."),
        inquiry.due_at or at,
        inquiry.reference,
    )


def _asked_of_me(by: Powers) -> QuerySet[Any]:
    """A contact's own questions and checks. They open the same pages as the links in their mail."""
    return Inquiry.objects.filter(contact__in=by.contacts).waiting()


def _checks_of_mine(by: Powers) -> QuerySet[Any]:
    return VerificationTask.objects.filter(contact__in=by.contacts).waiting()


def _help(inquiry: Inquiry, at: datetime) -> Row:
    return Row(
        _("%(city)s asks whether you can help") % {"city": inquiry.city.name},
        _("Answer"),
        reverse("open_answer", args=[inquiry.reference]),
        _("A no, or a colleague's name, helps too."),
        inquiry.due_at or at,
        inquiry.reference,
        posts=True,
    )


def _introductions_of_mine(by: Powers) -> QuerySet[Any]:
    """What a contact is asked for their partner city: whether a person they know may be asked."""
    return Inquiry.objects.awaiting_consent().filter(introducer__in=by.contacts)


def _agree(inquiry: Inquiry, at: datetime) -> Row:
    words = _("%(city)s would like to ask your contact %(contact)s")
    return Row(
        words % {"city": inquiry.city.name, "contact": inquiry.contact},
        _("Decide"),
        reverse("open_answer", args=[inquiry.reference]),
        _("They are not asked without you."),
        inquiry.due_at or at,
        inquiry.reference,
        posts=True,
    )


def _say_what_you_saw(task: VerificationTask, at: datetime) -> Row:
    facts = {
        "city": task.city.name,
        "supplier": task.supplier.name,
        "check": task.get_check_kind_display(),
    }
    return Row(
        _("%(city)s asks you to look at %(supplier)s: %(check)s") % facts,
        _("Say what you saw"),
        reverse("open_report", args=[task.reference]),
        _("You tell what you saw; you vouch for nothing."),
        task.due_at or at,
        task.reference,
        posts=True,
    )


_KEEPER = ("city", "lead__author", "lead__contact", "lead__inquiry__author")
KINDS = (
    Kind(_asked_of_me, _help, ("city",), ("due_at", "pk")),
    Kind(_introductions_of_mine, _agree, ("city", "contact__user"), ("due_at", "pk")),
    Kind(_checks_of_mine, _say_what_you_saw, ("city", "supplier"), ("due_at", "pk")),
    Kind(_checks_to_phone, _call, ("contact__user", "supplier", *_KEEPER), ("due_at", "pk")),
    Kind(_questions_to_phone, _call, ("contact__user", "author"), ("due_at", "pk")),
    Kind(_silent, _ask_next, ("contact__user",), ("next_from", "pk")),
    Kind(_partner_silent, _go_another_way, ("contact__user", "through_city"), ("next_from", "pk")),
    Kind(_unreached, _reach, ("contact__user", "contact__city")),
    Kind(_addresses_to_give, _give_address, ("user",)),
    Kind(_addresses_gone, _ask_their_office, ("user", "city")),
    Kind(_consents, _consent, ("city", "contact__user")),
)
