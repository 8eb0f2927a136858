"""What a scene has at hand: the practice clock, the people by their part, and the things by the name the story gives them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import User
from partners.models.cities import City
from partners.models.people import Contact
from partners.rules.powers import Powers, powers_by_link, powers_of
from procurement import tasks
from procurement.leads.models.offer import SupplierLead
from procurement.orders.models.order import Order
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.shipments.models.shipment import Shipment
from procurement.suppliers.models.company import Supplier
from procurement.verification.models.checks import VerificationTask
from workflow import clock
from workflow.clock import move_on
from workflow.days import day_at
from workflow.models.post import Message
from workflow.models.tracked import Tracked

MOST_TICKS = 50
A_TICK = timedelta(seconds=30)


def moment(text: str) -> datetime:
    """A moment of the story, as it is written in the script: the day and the hour in Vancouver."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.PRACTICE_ZONE)


@dataclass
class Stage:
    """The people and things of the story, each under the name the scenes call it by."""

    cities: dict[str, City] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    needs: dict[str, SupplyRequest] = field(default_factory=dict)
    inquiries: dict[str, Inquiry] = field(default_factory=dict)
    suppliers: dict[str, Supplier] = field(default_factory=dict)
    leads: dict[str, SupplierLead] = field(default_factory=dict)
    checks: dict[str, VerificationTask] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    shipments: dict[str, Shipment] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """Now, by the practice clock."""
        return clock.now()

    @property
    def day(self) -> date:
        """The day it is in Vancouver, where the scenario is told."""
        return day_at(self.at, clock.PRACTICE_ZONE)

    def by(self, part: str) -> Powers:
        """What one of the staff may do."""
        return powers_of(self.staff[part], via="session")

    def by_link(self, contact: str, about: Tracked | None = None) -> Powers:
        """What a contact may do by their link: on one thing, or on their own page."""
        person = self.contacts[contact]
        only = (about._meta.label_lower, about.pk) if about is not None else None
        return powers_by_link(person.user, person, only)


type Scene = Callable[[Stage], None]


def go_on(to: str) -> None:
    """Let the practice clock reach a moment, and do what is due by then, as the tick would: reminders, messages, seals.

    A person is sent one message a tick, so there are as many ticks, half a minute apart, as somebody has messages.
    """
    move_on(moment(to))
    for _round in range(MOST_TICKS):
        more = tasks.run(clock.now())
        if Message.objects.filter(state=Message.State.PLANNED, next_try_at__lte=clock.now()).exists():
            move_on(clock.now() + A_TICK)
        elif not more:
            return
    raise RuntimeError(f"The tick at {to} does not come to an end.")
