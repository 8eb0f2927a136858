"""What waits for a word to somebody: whom to phone, whether a contact may be asked, and what a contact was asked themselves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.roles import Power
from partners.rules import Powers
from procurement.outreach.models import Inquiry
from procurement.outreach.rules import MOST_CHASES
from procurement.verification.models import VerificationTask
from procurement.web.today.rows import EACH, Row, mine
from workflow.doors.words import moment


def to_phone(by: Powers, at: datetime) -> Iterator[Row]:
    """What three reminders did not move: somebody phones. The asking city's officers, and coordinators."""
    tasks = VerificationTask.objects.visible_to(by).waiting().filter(chases__gte=MOST_CHASES)
    for task in (
        _watched(tasks, by, Power.ASSIGN_CHECK)
        .select_related("contact__user", "supplier")
        .order_by("due_at", "pk")[:EACH]
    ):
        yield _call(task.contact, task, task.due_at or at, at)
    asked = Inquiry.objects.visible_to(by).waiting().filter(chases__gte=MOST_CHASES)
    for inquiry in (
        _watched(asked, by, Power.ASK).select_related("contact__user").order_by("due_at", "pk")[:EACH]
    ):
        yield _call(inquiry.contact, inquiry, inquiry.due_at or at, at)


def _watched(query: Any, by: Powers, power: Power) -> Any:
    """Rows of one's own cities; for who coordinates, all they oversee."""
    return query if by.coordinates else query.filter(city__in=mine(by, power))


def _call(contact: Any, thing: Any, due: datetime, at: datetime) -> Row:
    zone = contact.user.time_zone
    return Row(
        _("Phone %(contact)s about %(thing)s: three reminders went out")
        % {"contact": contact, "thing": thing.reference},
        pgettext_lazy("a link", "Open"),
        thing.get_absolute_url(),
        _("%(phone)s · their clock is %(zone)s")
        % {"phone": contact.phone or _("no number known"), "zone": moment(at, zone, short=True)},
        due,
        thing.reference,
    )


def consents(by: Powers, at: datetime) -> Iterator[Row]:
    """Questions of other cities to contacts of this one, which wait for its word."""
    waiting = Inquiry.objects.filter(
        through_city__in=mine(by, Power.ASK), status=Inquiry.Status.AWAITING_CONSENT
    )
    for inquiry in waiting.select_related("city", "contact__user").order_by("pk")[:EACH]:
        words = _("%(city)s would like to ask your contact %(contact)s")
        yield Row(
            words % {"city": inquiry.city.name, "contact": inquiry.contact},
            _("Decide"),
            inquiry.get_absolute_url(),
            _("They are not asked without you."),
            inquiry.created_at + timedelta(days=1),
            inquiry.reference,
        )


def asked_of_me(by: Powers, at: datetime) -> Iterator[Row]:
    """A contact's own questions and checks. They open the same pages as the links in their mail."""
    if not by.contacts:
        return
    questions = Inquiry.objects.filter(contact__in=by.contacts).waiting()
    for inquiry in questions.select_related("city").order_by("due_at", "pk")[:EACH]:
        yield Row(
            _("%(city)s asks whether you can help") % {"city": inquiry.city.name},
            _("Answer"),
            reverse("open_answer", args=[inquiry.reference]),
            _("A no, or a colleague's name, helps too."),
            inquiry.due_at or at,
            inquiry.reference,
            posts=True,
        )
    tasks = VerificationTask.objects.filter(contact__in=by.contacts).waiting()
    for task in tasks.select_related("city", "supplier").order_by("due_at", "pk")[:EACH]:
        facts = {
            "city": task.city.name,
            "supplier": task.supplier.name,
            "check": task.get_check_kind_display(),
        }
        yield Row(
            _("%(city)s asks you to look at %(supplier)s: %(check)s") % facts,
            _("Say what you saw"),
            reverse("open_report", args=[task.reference]),
            _("You tell what you saw; you vouch for nothing."),
            task.due_at or at,
            task.reference,
            posts=True,
        )
