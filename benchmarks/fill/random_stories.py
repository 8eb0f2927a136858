"""Random facts of one story: its city, its date, and its progress.

A story is one need and all that follows from it: offer, check, order and shipment. The rows of all its tables are
made from the same random facts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Self

from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.logistics.rules.alerts import ALERT_TYPES
from procurement.suppliers.models.suppliers import Supplier

IDS_PER_STORY = 8  # ids reserved for one story: the most rows it has in any table
MAX_AGE_DAYS = 700  # age of the oldest need
WARDS = tuple(
    f"{side} {kind} {number}"
    for side in ("North", "South", "East", "West", "Harbour", "Mountain", "River")
    for kind in ("hospital", "clinic", "care home", "depot")
    for number in range(1, 8)
)
NEED_STATUS_WEIGHTS = {"open": 50, "fulfilled": 38, "withdrawn": 12}
VISIBILITY_WEIGHTS = {"partner_cities": 80, "network": 14, "public": 6}
SHARED_FRACTION = 0.01  # share of needs and offers shared by name with another city
DRAFT_FRACTION = 0.15  # share of stories with an additional draft that is not posted yet

# Statuses of an order and its shipment.
PURCHASE_STATUSES = (
    ("confirmed", "planned"),
    ("ready_to_ship", "packed"),
    ("ready_to_ship", "in_transit"),
    ("ready_to_ship", "arrived"),
)
DONATION_STATUSES = (
    ("accepted", "planned"),
    ("ready_to_ship", "in_transit"),
    ("completed", "closed"),
    ("thanked", "closed"),
)
FINISHED_STATUSES = (("completed", "closed"),) * 9 + (("completed", "delivered"),)
DEPARTED_STATUSES = frozenset({"in_transit", "arrived", "delivered", "closed"})
ARRIVED_STATUSES = frozenset({"arrived", "delivered", "closed"})
COUNTED_STATUSES = frozenset({"delivered", "closed"})


@dataclass(frozen=True)
class RandomStory:
    """One story. Its need, line, offer, check, order and shipment all have the primary key `number` in their tables."""

    number: int
    city: City
    officer: int
    shared_with: int | None
    product: Product
    ward: str
    status: str
    visibility: str
    at: datetime
    days: int | None  # from `at` until the date needed
    quantity: int
    price: int  # in cents
    contact: int
    supplier: int
    has_draft: bool
    luck: float  # decides the progress of the later stages

    @property
    def title(self) -> str:
        """The title of the need."""
        return f"{self.product.name_en} for {self.city.name_en}, {self.ward}"

    @property
    def was_cancelled(self) -> bool:
        """True if the offer led to nothing: its order was cancelled."""
        return self.luck < 0.3

    @property
    def allocated_quantity(self) -> int:
        """The quantity of the offer that is allocated to the line."""
        return 0 if self.was_cancelled else self.pieces

    @property
    def is_donation(self) -> bool:
        """True for a donation, False for a purchase."""
        return self.luck > 0.85

    @property
    def statuses(self) -> tuple[str, str]:
        """The statuses of the order and of the shipment."""
        if self.was_cancelled:
            return "cancelled", "cancelled"
        purchase_statuses = PURCHASE_STATUSES if self.luck < 0.5 else FINISHED_STATUSES
        ways = DONATION_STATUSES if self.is_donation else purchase_statuses
        return ways[self.number // IDS_PER_STORY % len(ways)]

    @property
    def pieces(self) -> int:
        """The quantity that was ordered and is in the shipment."""
        return self.quantity // 2

    def pieces_in(self, statuses: Collection[str]) -> int:
        """Return all pieces if the shipment is in one of these statuses, else 0."""
        return self.pieces if self.statuses[1] in statuses else 0

    @property
    def is_on_customs_hold(self) -> bool:
        """True if the shipment is on customs hold."""
        return self.statuses[1] == "arrived" and self.luck > 0.4

    @property
    def alerts(self) -> list[str]:
        """The alerts of a shipment under way; one in six has some."""
        if self.was_cancelled or self.statuses[1] in COUNTED_STATUSES:
            return []
        return [
            code for place, code in enumerate(ALERT_TYPES) if (self.number // IDS_PER_STORY + place) % 17 == 0
        ]

    def reference(self, prefix: str, more: int = 0) -> str:
        """Return the reference of one of the story's items, such as its order.

        `more` is added to the story's number, for further items of the same kind.
        """
        return f"{prefix}-{self.at.year}-{self.number + more:04d}"


@dataclass
class StorySource:
    """Rows of the database from which stories are drawn."""

    at: datetime
    cities: list[City]
    officers: dict[int, int]
    weights: list[float]
    products: list[Product]
    standards: dict[int, int]
    contacts: list[int]
    suppliers: list[int]

    @classmethod
    def load(cls, at: datetime) -> Self:
        """Read the rows. The n-th city gets a share of 1 / (n + 3), so that large cities need more."""
        cities = list(City.objects.filter(memberships__role="officer").order_by("pk"))
        officers = {city.pk: city.memberships.get().user_id for city in cities}
        products = list(Product.objects.order_by("pk"))
        standards = Standard.objects.filter(products__in=products).order_by("products__pk", "pk")
        return cls(
            at=at,
            cities=cities,
            officers=officers,
            weights=[1 / (place + 3) for place in range(len(cities))],
            products=products,
            standards=dict(standards.values_list("products__pk", "pk")),
            contacts=list(Contact.objects.order_by("pk").values_list("pk", flat=True)),
            suppliers=list(Supplier.objects.order_by("pk").values_list("pk", flat=True)),
        )

    def draw(self, seed: int, number: int) -> RandomStory:
        """Return the story with this number. The same seed gives the same story in every run."""
        luck = Random(seed)
        city = luck.choices(self.cities, self.weights)[0]
        return RandomStory(
            number=number,
            city=city,
            officer=self.officers[city.pk],
            shared_with=luck.choice(self.cities).pk if luck.random() < SHARED_FRACTION else None,
            product=luck.choice(self.products),
            ward=luck.choice(WARDS),
            status=luck.choices(list(NEED_STATUS_WEIGHTS), list(NEED_STATUS_WEIGHTS.values()))[0],
            visibility=luck.choices(list(VISIBILITY_WEIGHTS), list(VISIBILITY_WEIGHTS.values()))[0],
            at=self.at - timedelta(days=40 + MAX_AGE_DAYS * luck.random()),
            days=luck.randrange(10, 90) if luck.random() < 0.95 else None,
            quantity=luck.randrange(1, 200) * 500,
            price=luck.randrange(20, 900),
            contact=luck.choice(self.contacts),
            supplier=luck.choice(self.suppliers),
            has_draft=luck.random() < DRAFT_FRACTION,
            luck=luck.random(),
        )
