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
PURCHASE_STATUS_PAIRS = (
    ("confirmed", "planned"),
    ("ready_to_ship", "packed"),
    ("ready_to_ship", "in_transit"),
    ("ready_to_ship", "arrived"),
)
DONATION_STATUS_PAIRS = (
    ("accepted", "planned"),
    ("ready_to_ship", "in_transit"),
    ("completed", "closed"),
    ("thanked", "closed"),
)
FINISHED_STATUS_PAIRS = (("completed", "closed"),) * 9 + (("completed", "delivered"),)
DEPARTED_STATUSES = frozenset({"in_transit", "arrived", "delivered", "closed"})
ARRIVED_STATUSES = frozenset({"arrived", "delivered", "closed"})
GOODS_COUNTED_STATUSES = frozenset({"delivered", "closed"})


@dataclass(frozen=True)
class RandomStory:
    """One story. Its need, line, offer, check, order and shipment all have the primary key `number` in their tables."""

    number: int
    city: City
    officer_id: int
    shared_city_id: int | None
    product: Product
    ward: str
    status: str
    visibility: str
    posted_at: datetime
    days_until_needed: int | None  # from `at` until the date needed
    quantity: int
    price_cents: int  # in cents
    contact_id: int
    supplier_id: int
    has_draft: bool
    progress_draw: float  # decides the progress of the later stages

    @property
    def title(self) -> str:
        """The title of the need."""
        return f"{self.product.name_en} for {self.city.name_en}, {self.ward}"

    @property
    def was_cancelled(self) -> bool:
        """True if the offer led to nothing: its order was cancelled."""
        return self.progress_draw < 0.3

    @property
    def allocated_quantity(self) -> int:
        """The quantity of the offer that is allocated to the line."""
        return 0 if self.was_cancelled else self.shipped_quantity

    @property
    def is_donation(self) -> bool:
        """True for a donation, False for a purchase."""
        return self.progress_draw > 0.85

    @property
    def order_and_shipment_statuses(self) -> tuple[str, str]:
        """The statuses of the order and of the shipment."""
        if self.was_cancelled:
            return "cancelled", "cancelled"
        purchase_statuses = PURCHASE_STATUS_PAIRS if self.progress_draw < 0.5 else FINISHED_STATUS_PAIRS
        ways = DONATION_STATUS_PAIRS if self.is_donation else purchase_statuses
        return ways[self.number // IDS_PER_STORY % len(ways)]

    @property
    def shipped_quantity(self) -> int:
        """The quantity that was ordered and is in the shipment."""
        return self.quantity // 2

    def quantity_if_status_in(self, statuses: Collection[str]) -> int:
        """Return all pieces if the shipment is in one of these statuses, else 0."""
        return self.shipped_quantity if self.order_and_shipment_statuses[1] in statuses else 0

    @property
    def is_on_customs_hold(self) -> bool:
        """True if the shipment is on customs hold."""
        return self.order_and_shipment_statuses[1] == "arrived" and self.progress_draw > 0.4

    @property
    def shipment_alerts(self) -> list[str]:
        """The alerts of a shipment under way; one in six has some."""
        if self.was_cancelled or self.order_and_shipment_statuses[1] in GOODS_COUNTED_STATUSES:
            return []
        return [
            code for place, code in enumerate(ALERT_TYPES) if (self.number // IDS_PER_STORY + place) % 17 == 0
        ]

    def reference(self, prefix: str, more: int = 0) -> str:
        """Return the reference of one of the story's items, such as its order.

        `more` is added to the story's number, for further items of the same kind.
        """
        return f"{prefix}-{self.posted_at.year}-{self.number + more:04d}"


@dataclass
class StorySource:
    """Rows of the database from which stories are drawn."""

    latest_time: datetime
    cities: list[City]
    officer_id_by_city: dict[int, int]
    city_weights: list[float]
    products: list[Product]
    standard_id_by_product: dict[int, int]
    contact_ids: list[int]
    supplier_ids: list[int]

    @classmethod
    def load(cls, at: datetime) -> Self:
        """Read the rows. The n-th city gets a share of 1 / (n + 3), so that large cities need more."""
        cities = list(City.objects.filter(memberships__role="officer").order_by("pk"))
        officers = {city.pk: city.memberships.get().user_id for city in cities}
        products = list(Product.objects.order_by("pk"))
        standards = Standard.objects.filter(products__in=products).order_by("products__pk", "pk")
        return cls(
            latest_time=at,
            cities=cities,
            officer_id_by_city=officers,
            city_weights=[1 / (place + 3) for place in range(len(cities))],
            products=products,
            standard_id_by_product=dict(standards.values_list("products__pk", "pk")),
            contact_ids=list(Contact.objects.order_by("pk").values_list("pk", flat=True)),
            supplier_ids=list(Supplier.objects.order_by("pk").values_list("pk", flat=True)),
        )

    def random_story(self, seed: int, number: int) -> RandomStory:
        """Return the story with this number. The same seed gives the same story in every run."""
        luck = Random(seed)
        city = luck.choices(self.cities, self.city_weights)[0]
        return RandomStory(
            number=number,
            city=city,
            officer_id=self.officer_id_by_city[city.pk],
            shared_city_id=luck.choice(self.cities).pk if luck.random() < SHARED_FRACTION else None,
            product=luck.choice(self.products),
            ward=luck.choice(WARDS),
            status=luck.choices(list(NEED_STATUS_WEIGHTS), list(NEED_STATUS_WEIGHTS.values()))[0],
            visibility=luck.choices(list(VISIBILITY_WEIGHTS), list(VISIBILITY_WEIGHTS.values()))[0],
            posted_at=self.latest_time - timedelta(days=40 + MAX_AGE_DAYS * luck.random()),
            days_until_needed=luck.randrange(10, 90) if luck.random() < 0.95 else None,
            quantity=luck.randrange(1, 200) * 500,
            price_cents=luck.randrange(20, 900),
            contact_id=luck.choice(self.contact_ids),
            supplier_id=luck.choice(self.supplier_ids),
            has_draft=luck.random() < DRAFT_FRACTION,
            progress_draw=luck.random(),
        )
