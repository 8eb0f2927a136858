"""State of the scenario while it is played: the practice time, and people and objects by key."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions, permissions_by_link, permissions_of
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.shipments.models import Shipment
from procurement.suppliers.models.suppliers import Supplier
from procurement.tasks import run_tick
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.base_models import JournaledModel
from workflow.clock import advance_clock
from workflow.days import day_at
from workflow.outbox.models import Message

MAX_TICKS = 50
TICK_INTERVAL = timedelta(seconds=30)


def vancouver_time(text: str) -> datetime:
    """Return a time of the script, given as day and hour in Vancouver."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.PRACTICE_TIME_ZONE)


@dataclass
class ScenarioState:
    """People and objects of the scenario, by the keys that its steps use."""

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
    def now(self) -> datetime:
        """The current time of the practice clock."""
        return clock.now()

    @property
    def today(self) -> date:
        """The current day in Vancouver."""
        return day_at(self.now, clock.PRACTICE_TIME_ZONE)

    def by(self, role_key: str) -> Permissions:
        """Return the powers of a member of staff."""
        return permissions_of(self.staff[role_key], via="session")

    def by_link(self, contact: str, about: JournaledModel | None = None) -> Permissions:
        """Return a contact's powers by link: on one object, or on their own page."""
        person = self.contacts[contact]
        only = (about._meta.label_lower, about.pk) if about is not None else None
        return permissions_by_link(person.user, person, only)


type Scene = Callable[[ScenarioState], None]


def advance_clock_to(to: str) -> None:
    """Move the practice clock to a time and do everything due until then, as the periodic job would.

    A person gets one message per run, so the job runs again, half a minute later each time, until no
    message waits.
    """
    advance_clock(vancouver_time(to))
    for _round in range(MAX_TICKS):
        more = run_tick(clock.now())
        if Message.objects.filter(state=Message.State.PLANNED, next_try_at__lte=clock.now()).exists():
            advance_clock(clock.now() + TICK_INTERVAL)
        elif not more:
            return
    raise RuntimeError(f"The tick at {to} does not come to an end.")
