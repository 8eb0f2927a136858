"""What somebody proposes to set right in the register: which fact, the value it should have, by which source, and why."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from partners.places import web_address
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers

type Registered = City | Twinning | Exchange


class AboutQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that speak of a fact of the register."""

    def about(self, thing: Registered) -> Self:
        """Those of one place, agreement or exchange."""
        return self.filter(**{NAMES[type(thing)]: thing})

    def of(self, city: City) -> Self:
        """Those of a place itself, and of its agreements and exchanges."""
        return self.filter(Q(side_a=city) | Q(side_b=city))


class About(models.Model):
    """A fact of one thing of the register; and the one or two places whose register it stands in, who keep it."""

    place = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    twinning = models.ForeignKey(Twinning, models.PROTECT, null=True, blank=True, related_name="+")
    exchange = models.ForeignKey(Exchange, models.PROTECT, null=True, blank=True, related_name="+")
    side_a = models.ForeignKey(City, models.PROTECT, related_name="+")
    side_b = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    fact = models.CharField(_("which fact"), max_length=20)

    city_id: ClassVar[None] = None  # the register belongs to all

    class Meta:
        abstract = True

    @property
    def about(self) -> Registered:
        """The place, agreement or exchange."""
        thing = self.place or self.twinning or self.exchange
        assert thing is not None, "a constraint says so"
        return thing

    @property
    def kind(self) -> type[Registered]:
        """Which sort of thing it is, without reading it."""
        return City if self.place_id else Twinning if self.twinning_id else Exchange


ABOUT = ("place", "twinning__city_a", "twinning__city_b", "exchange__from_city", "exchange__to_city")
NAMES: dict[type[models.Model], str] = {City: "place", Twinning: "twinning", Exchange: "exchange"}
OF_ONE_THING = (
    Q(place__isnull=False, twinning=None, exchange=None)
    | Q(place=None, twinning__isnull=False, exchange=None)
    | Q(place=None, twinning=None, exchange__isnull=False)
)


class CorrectionQuerySet(AboutQuerySet["Correction"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Open to everyone who is signed in, as the register and its history are."""
        return self.all()

    def waiting(self) -> Self:
        """What nobody has decided yet."""
        return self.filter(status=Correction.Status.PROPOSED)

    def search(self, text: str) -> Self:
        """By its reference."""
        return self.filter(reference__iexact=text.strip())


class Correction(About, Tracked):
    """A proposal of anybody who is signed in. Who keeps that part of the register decides; the proposer hears of it."""

    REFERENCE_PREFIX = "CN"
    PAGE = "correction"

    class Status(models.TextChoices):
        # waits for whoever keeps that part of the register
        PROPOSED = "proposed", pgettext_lazy("a correction", "Proposed")
        # the register says it now
        ACCEPTED = "accepted", pgettext_lazy("a correction", "Accepted")
        # the register stays as it is, for a reason
        DECLINED = "declined", pgettext_lazy("a correction", "Declined")
        # taken back by whoever proposed it
        WITHDRAWN = "withdrawn", pgettext_lazy("a correction", "Withdrawn")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    value = models.TextField(
        _("should be"), blank=True, help_text="As it would stand in a file; empty for none."
    )
    said = models.TextField(_("stands there"), blank=True, help_text="What the register said before.")
    source_url = models.CharField(_("source"), max_length=600, validators=[web_address])
    why = models.TextField(_("why"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=OF_ONE_THING, name="correction_is_of_one_thing"),
            models.CheckConstraint(
                condition=Q(status__in=("accepted", "declined"), decided_at__isnull=False)
                | Q(status__in=("proposed", "withdrawn"), decided_at=None, decided_by=None, answer=""),
                name="correction_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(answer=""), name="correction_declined_says_why"
            ),
        ]
        indexes = [
            models.Index("side_a", name="correction_waits_a", condition=Q(status="proposed")),
            models.Index("side_b", name="correction_waits_b", condition=Q(status="proposed")),
            models.Index("author", "id", name="correction_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.about}"
