"""What is drawn for one story: whose it is, when, and how far it has come. All tables are filled from the same draws."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Self

from partners.models.cities import City
from partners.models.people import Contact
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.suppliers.models.company import Supplier

STEP = 8  # numbers kept for one story: as many as it has rows in any table
DAYS = 700  # how far back the first need lies
WARDS = tuple(
    f"{side} {kind} {number}"
    for side in ("North", "South", "East", "West", "Harbour", "Mountain", "River")
    for kind in ("hospital", "clinic", "care home", "depot")
    for number in range(1, 8)
)
NEEDS = {"open": 50, "fulfilled": 38, "withdrawn": 12}
SEEN_BY = {"twins": 80, "network": 14, "public": 6}
SHARED = 0.01  # of all needs and offers, by name with one city more
DRAFTS = 0.15  # of all stories have a draft beside them that nobody has posted yet

# How far an order and its shipment have come.
BOUGHT = (("confirmed", "planned"), ("ready", "packed"), ("ready", "departed"), ("ready", "arrived"))
GIVEN = (("accepted", "planned"), ("ready", "departed"), ("completed", "closed"), ("thanked", "closed"))
DONE = (("completed", "closed"),) * 9 + (("completed", "delivered"),)
GONE = frozenset({"departed", "arrived", "delivered", "closed"})
THERE = frozenset({"arrived", "delivered", "closed"})
COUNTED = frozenset({"delivered", "closed"})


@dataclass(frozen=True)
class Drawn:
    """One story. Its need, line, offer, check, order and shipment have the same number, each in its own table."""

    number: int
    city: City
    officer: int
    shared_with: int | None
    product: Product
    ward: str
    status: str
    visibility: str
    at: datetime
    days: int | None  # until it is needed, from `at`
    quantity: int
    price: int  # in cents
    contact: int
    supplier: int
    has_draft: bool
    luck: float  # decides how far the later stages have come

    @property
    def title(self) -> str:
        """What the need is called."""
        return f"{self.product.name_en} for {self.city.name_en}, {self.ward}"

    @property
    def given_up(self) -> bool:
        """Whether the offer led nowhere: its order was cancelled."""
        return self.luck < 0.3

    @property
    def promised(self) -> int:
        """How much of the offer is promised to the line."""
        return 0 if self.given_up else self.pieces

    @property
    def gift(self) -> bool:
        """Whether it is given, not bought."""
        return self.luck > 0.85

    @property
    def stands(self) -> tuple[str, str]:
        """The statuses of the order and of the shipment."""
        if self.given_up:
            return "cancelled", "cancelled"
        ways = GIVEN if self.gift else BOUGHT if self.luck < 0.5 else DONE
        return ways[self.number // STEP % len(ways)]

    @property
    def pieces(self) -> int:
        """How much of the offer was ordered and is in the shipment."""
        return self.quantity // 2

    def pieces_in(self, statuses: Collection[str]) -> int:
        """All of them if the shipment has come so far, else none."""
        return self.pieces if self.stands[1] in statuses else 0

    @property
    def held(self) -> bool:
        """Whether customs keeps the shipment."""
        return self.stands[1] == "arrived" and self.luck > 0.4

    def reference(self, prefix: str, more: int = 0) -> str:
        """What a thing of the story is quoted by."""
        return f"{prefix}-{self.at.year}-{self.number + more:04d}"


@dataclass
class World:
    """What the database holds already, and what stories are drawn from."""

    at: datetime
    cities: list[City]
    officers: dict[int, int]
    weights: list[float]
    products: list[Product]
    standards: dict[int, int]
    contacts: list[int]
    suppliers: list[int]

    @classmethod
    def known(cls, at: datetime) -> Self:
        """Read it. Large cities need more: the n-th has a share of 1 / (n + 3)."""
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

    def draw(self, seed: int, number: int) -> Drawn:
        """The story of this seed, the same in every run, under a number."""
        luck = Random(seed)
        city = luck.choices(self.cities, self.weights)[0]
        return Drawn(
            number=number,
            city=city,
            officer=self.officers[city.pk],
            shared_with=luck.choice(self.cities).pk if luck.random() < SHARED else None,
            product=luck.choice(self.products),
            ward=luck.choice(WARDS),
            status=luck.choices(list(NEEDS), list(NEEDS.values()))[0],
            visibility=luck.choices(list(SEEN_BY), list(SEEN_BY.values()))[0],
            at=self.at - timedelta(days=40 + DAYS * luck.random()),
            days=luck.randrange(10, 90) if luck.random() < 0.95 else None,
            quantity=luck.randrange(1, 200) * 500,
            price=luck.randrange(20, 900),
            contact=luck.choice(self.contacts),
            supplier=luck.choice(self.suppliers),
            has_draft=luck.random() < DRAFTS,
            luck=luck.random(),
        )
