"""What ties places: agreements and what passed between them. Public facts, each with its source."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.dates import Days, Known, Precision
from partners.models.cities import City
from partners.places import web_address
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


def _either(text: str, one: str, other: str, *columns: str) -> Q:
    """Ties of which every word of the text stands in a name of one of their places, or in one of the columns."""
    found = Q()
    for word in text.split():
        places = City.objects.search(word).values("pk")
        held = Q(**{f"{one}__in": places}) | Q(**{f"{other}__in": places})
        for column in columns:
            held |= Q(**{f"{column}__icontains": word})
        found &= held
    return found


class TwinningQuerySet(models.QuerySet["Twinning"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Agreements are public facts: open to everyone who is signed in."""
        return self.all()

    def of(self, city: City) -> Self:
        """The agreements of a city, on either side."""
        return self.filter(Q(city_a=city) | Q(city_b=city))

    def running_out(self) -> Self:
        """Agreements somebody was reminded of and nobody has renewed or ended since."""
        return self.standing().filter(reminded__gt=0)

    def search(self, text: str) -> Self:
        """Agreements whose places' names (in any of their scripts) or note hold the text."""
        return self.filter(_either(text, "city_a", "city_b", "note"))

    def near_their_end(self, first: date, last: date) -> Self:
        """Agreements in force as far as anybody decided, whose end lies between two days as it is stored, with reminders to come."""
        return self.standing().filter(expires_on__range=(first, last), reminded__lt=2)

    def confirmed(self, on: date) -> Self:
        """Agreements that both sides, or a coordinator, have confirmed as they are on a day."""
        return self.filter(Q(confirmed_a=True, confirmed_b=True) | Q(agreed_until__gte=on))

    def standing(self) -> Self:
        """Agreements nobody has ended or suspended; whether they have run out is a comparison with the day."""
        return self.filter(status=Twinning.Status.RECORDED)


class Twinning(Days, Tracked):
    """A tie between two places. `status` is what somebody decided; `status_on(day)` in register.py is what holds on a day."""

    PAGE = "twinning"

    class Kind(models.TextChoices):
        SISTER = "sister", _("Sister cities")
        FRIENDSHIP = "friendship", _("Friendship cities")
        OTHER = "other", _("Other agreement")

    class Status(models.TextChoices):
        # signed, or in force as far as the sources say
        RECORDED = "recorded", pgettext_lazy("an agreement", "Recorded")
        # one side has put it aside; it may come back
        SUSPENDED = "suspended", pgettext_lazy("an agreement", "Suspended")
        # expired or terminated; kept, never used for routing
        ENDED = "ended", pgettext_lazy("an agreement", "Ended")

    class Why(models.TextChoices):
        EXPIRED = "expired", pgettext_lazy("an agreement", "Expired")
        TERMINATED = "terminated", pgettext_lazy("an agreement", "Terminated")

    city_a = models.ForeignKey(City, models.PROTECT, related_name="twinnings_a")
    city_b = models.ForeignKey(City, models.PROTECT, related_name="twinnings_b")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    signed_precision = models.CharField(max_length=16, choices=Precision, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    expires_precision = models.CharField(max_length=16, choices=Precision, blank=True)
    reminded = models.PositiveSmallIntegerField(
        default=0,
        help_text="How many of the two reminders of its end went out; none of another day than `expires_on`.",
    )
    ended_on = models.DateField(
        _("ended"), null=True, blank=True, help_text="Or suspended, while it is suspended."
    )
    ended_precision = models.CharField(max_length=16, choices=Precision, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=12, choices=Why, blank=True)
    certain = models.BooleanField(
        _("known to be in force"), default=True, help_text="No means: no source says so."
    )
    confirmed_a = models.BooleanField(_("confirmed by the first city"), default=False)
    confirmed_b = models.BooleanField(_("confirmed by the second city"), default=False)
    agreed_until = models.DateField(
        _("confirmed until"),
        null=True,
        blank=True,
        help_text="The last day both sides confirmed, while one side alone says that it holds longer.",
    )
    source_url = models.CharField(_("source"), max_length=600, blank=True, validators=[web_address])
    source_type = models.CharField(max_length=12, blank=True)
    scope = models.CharField(max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    conflict = models.TextField(
        _("what sources disagree about"),
        blank=True,
        help_text="Which source says what; empty where they agree.",
    )
    recorded_on = models.DateField(
        _("recorded"),
        help_text="The day of its source; where that is not known, the day it came into this register.",
    )

    objects = TwinningQuerySet.as_manager()
    city_id: ClassVar[None] = None  # the register belongs to all

    class Meta:
        constraints = [
            models.UniqueConstraint(  # whichever side is named first
                Least("city_a", "city_b"), Greatest("city_a", "city_b"), "kind", name="twinning_once_a_kind"
            ),
            models.CheckConstraint(condition=~Q(city_a=F("city_b")), name="twinning_is_of_two_places"),
            models.CheckConstraint(
                condition=Q(status="ended") & ~Q(ended_why="") | ~Q(status="ended") & Q(ended_why=""),
                name="twinning_ended_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status="recorded") | Q(ended_on=None, ended_precision=""),
                name="twinning_recorded_has_no_end",
            ),
        ]
        indexes = [
            models.Index("city_b", "status", name="twinning_of_b"),
            models.Index("city_a", "status", name="twinning_of_a"),
            models.Index(
                "expires_on", name="twinning_to_end", condition=Q(status="recorded", reminded__lt=2)
            ),
            models.Index("id", name="twinning_reminded", condition=Q(status="recorded", reminded__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.city_a} – {self.city_b}"

    def is_confirmed(self, on: date) -> bool:
        """Whether both sides, or a coordinator, have confirmed it as it is on a day."""
        held = self.agreed_until is not None and self.agreed_until >= on
        return held or (self.confirmed_a and self.confirmed_b)

    @property
    def unconfirmed(self) -> list[City]:
        """The cities that have not confirmed it as it is now."""
        sides = ((self.confirmed_a, self.city_a), (self.confirmed_b, self.city_b))
        return [city for confirmed, city in sides if not confirmed]

    def partner_of(self, city: City) -> City:
        """The other side."""
        return self.city_b if city.pk == self.city_a_id else self.city_a


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Exchanges are public facts: open to everyone who is signed in."""
        return self.all()

    def of(self, city: City) -> Self:
        """What a city gave or received."""
        return self.filter(Q(from_city=city) | Q(to_city=city))

    def search(self, text: str) -> Self:
        """Exchanges whose places' names (in any of their scripts), goods, note or shipment hold the text."""
        return self.filter(_either(text, "from_city", "to_city", "items", "note", "shipment_reference"))


class Exchange(models.Model):
    """Something that passed between two places on a day: a gift, a visit, a letter."""

    class Kind(models.TextChoices):
        PPE_DONATION = "ppe_donation", _("Gift of protective equipment")
        PPE_PURCHASE = "ppe_purchase", _("Purchase of protective equipment")
        DELEGATION_VISIT = "delegation_visit", _("Visit of a delegation")
        LETTER = "letter", _("Letter")
        FUNDRAISING = "fundraising", _("Money raised")
        CULTURAL_EVENT = "cultural_event", _("Cultural event")
        JOINT_DECLARATION = "joint_declaration", _("Joint declaration")
        GIFT = "gift", _("Gift")
        ANNIVERSARY_EVENT = "anniversary_event", _("Anniversary")
        PPE_OFFER_NOT_DELIVERED = "ppe_offer_not_delivered", _("Offer that was not delivered")
        VISIT_CANCELLED = "visit_cancelled", _("Cancelled visit")
        EVENT_CANCELLED = "event_cancelled", _("Cancelled event")

    NOT_HELD: ClassVar[frozenset[str]] = frozenset(
        {Kind.PPE_OFFER_NOT_DELIVERED, Kind.VISIT_CANCELLED, Kind.EVENT_CANCELLED}
    )

    from_city = models.ForeignKey(City, models.PROTECT, related_name="exchanges_given")
    to_city = models.ForeignKey(City, models.PROTECT, related_name="exchanges_received")
    on = models.DateField(_("day"))
    precision = models.CharField(max_length=16, choices=Precision)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    items = models.CharField(_("items"), max_length=300, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    source_url = models.CharField(_("source"), max_length=600, blank=True, validators=[web_address])
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
    def when(self) -> Known:
        """When it happened, as exactly as the source says."""
        return Known(self.on, self.precision)

    @property
    def counts(self) -> bool:
        """Whether it makes a tie active: a cancelled visit or event and an offer not delivered do not."""
        return self.kind not in self.NOT_HELD
