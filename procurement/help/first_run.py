"""Set-up checklist of a city on a new site, for its first administrator. Reads only."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.memberships.models import Membership
from workflow.errors import LazyText
from workflow.outbox.models import Message


@dataclass(frozen=True)
class SetupTask:
    """One task of the set-up: its text and reason, its page, and whether it is done."""

    title: LazyText
    why: LazyText
    url: str
    action: LazyText
    done: bool


def setup_tasks(city: City) -> list[SetupTask]:
    """Return the five steps for a city, in the order in which they depend on each other."""
    roles = set(Membership.objects.active().filter(city=city).values_list("role", flat=True))
    return [
        SetupTask(
            _("City details"),
            _("Currency, time zone and position. Times, amounts and the map depend on them."),
            city.get_absolute_url(),
            _("Check city details"),
            bool(city.currency and city.timezone and city.latitude is not None),
        ),
        SetupTask(
            _("People"),
            _("At least one procurement officer and one approver: no one can approve their own order."),
            reverse("invite", args=[city.slug]),
            _("Invite staff"),
            {Membership.Role.OFFICER, Membership.Role.APPROVER} <= roles,
        ),
        SetupTask(
            _("Agreements"),
            _(
                "Your twinning agreements, entered one by one or imported as a list. They determine whom you can ask."
            ),
            reverse("register_files"),
            _("Import a list"),
            TwinningAgreement.objects.of(city).exists(),
        ),
        SetupTask(
            _("Approval limit"),
            _("The amount above which an order needs approval, as set by your purchasing rules."),
            reverse("approval_limits", args=[city.slug]),
            _("Set the approval limit"),
            city.approval_limit is not None,
        ),
        SetupTask(
            _("Email"),
            _(
                "Invite a colleague and look for the message in the outbox. If it has not been sent, check the settings."
            ),
            reverse("outbox"),
            _("Open the outbox"),
            Message.objects.filter(state=Message.State.SENT).exists(),
        ),
    ]
