"""Exchanges between two places: public facts, each with its source."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City, either_city_matches
from partners.partial_dates import PartialDate, Precision
from partners.validators import validate_web_address

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all exchanges: they are public facts, open to everyone who is signed in."""
        return self.all()

    def of_city(self, city: City) -> Self:
        """Return the exchanges that a city gave or received."""
        return self.filter(Q(from_city=city) | Q(to_city=city))

    def search(self, text: str) -> Self:
        """Return the exchanges that contain the text.

        Searches the cities' names in all scripts, the items, the note, and the reference of the shipment.
        """
        return self.filter(
            either_city_matches(text, "from_city", "to_city", "items", "note", "shipment_reference")
        )


class Exchange(models.Model):
    """Exchange between two cities on a date: a donation, a visit, a letter."""

    class Kind(models.TextChoices):
        PPE_DONATION = "ppe_donation", _("Donation of protective equipment")
        PPE_PURCHASE = "ppe_purchase", _("Purchase of protective equipment")
        DELEGATION_VISIT = "delegation_visit", _("Delegation visit")
        LETTER = "letter", _("Letter")
        FUNDRAISING = "fundraising", _("Fundraising")
        CULTURAL_EVENT = "cultural_event", _("Cultural event")
        JOINT_DECLARATION = "joint_declaration", _("Joint declaration")
        GIFT = "gift", _("Donation")
        ANNIVERSARY_EVENT = "anniversary_event", _("Anniversary")
        PPE_OFFER_NOT_DELIVERED = "ppe_offer_not_delivered", _("Undelivered offer")
        VISIT_CANCELLED = "visit_cancelled", _("Cancelled visit")
        EVENT_CANCELLED = "event_cancelled", _("Cancelled event")

    UNREALIZED_KINDS: ClassVar[frozenset[str]] = frozenset(
        {Kind.PPE_OFFER_NOT_DELIVERED, Kind.VISIT_CANCELLED, Kind.EVENT_CANCELLED}
    )

    from_city = models.ForeignKey(City, models.PROTECT, related_name="exchanges_given")
    to_city = models.ForeignKey(City, models.PROTECT, related_name="exchanges_received")
    on = models.DateField(_("date"))
    precision = models.CharField(max_length=16, choices=Precision)
    kind = models.CharField(_("type"), max_length=30, choices=Kind)
    items = models.CharField(_("items"), max_length=300, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    source_url = models.CharField(_("source"), max_length=600, blank=True, validators=[validate_web_address])
    note = models.TextField(_("note"), blank=True)
    shipment_reference = models.CharField(_("shipment"), max_length=20, blank=True, db_index=True)

    objects = ExchangeQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_city", "to_city", "on", "precision", "kind", "items", "shipment_reference"],
                name="exchange_once",
            )
        ]
        indexes = [
            models.Index("from_city", F("on").desc(), name="exchange_given"),
            models.Index("to_city", F("on").desc(), name="exchange_received"),
            models.Index("on", "id", name="exchange_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.from_city} → {self.to_city}: {self.get_kind_display()}"

    @property
    def when(self) -> PartialDate:
        """Date of the exchange, as exact as its source."""
        return PartialDate(self.on, self.precision)

    @property
    def took_place(self) -> bool:
        """True if the exchange makes a pair of cities active; False for cancelled events and undelivered offers."""
        return self.kind not in self.UNREALIZED_KINDS
