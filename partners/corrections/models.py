"""Proposed corrections of the register: the fact, the proposed value, its source, and the reason."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.validators import validate_web_address
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

type Registered = City | TwinningAgreement | Exchange


class RegisterFactQuerySet[M: models.Model](models.QuerySet[M]):
    """Query set of objects about a fact of the register."""

    def about_entry(self, thing: Registered) -> Self:
        """Return the objects about one city, agreement or exchange."""
        return self.filter(**{ENTRY_FIELD_BY_MODEL[type(thing)]: thing})

    def of_city(self, city: City) -> Self:
        """Return the objects about a city, its agreements and its exchanges."""
        return self.filter(Q(side_a=city) | Q(side_b=city))


class RegisterFact(models.Model):
    """Abstract model of an object about one fact of a register entry.

    `side_a` and `side_b` are the one or two cities that the entry is about, whose register editors decide.
    """

    place = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    agreement = models.ForeignKey(TwinningAgreement, models.PROTECT, null=True, blank=True, related_name="+")
    exchange = models.ForeignKey(Exchange, models.PROTECT, null=True, blank=True, related_name="+")
    side_a = models.ForeignKey(City, models.PROTECT, related_name="+")
    side_b = models.ForeignKey(City, models.PROTECT, null=True, blank=True, related_name="+")
    fact = models.CharField(_("detail to correct"), max_length=20)

    city_id: ClassVar[None] = None  # the register belongs to no single city

    class Meta:
        abstract = True

    @property
    def register_entry(self) -> Registered:
        """City, agreement or exchange that the object is about."""
        thing = self.place or self.agreement or self.exchange
        assert thing is not None, "a constraint says so"
        return thing

    @property
    def entry_model(self) -> type[Registered]:
        """Class of the register entry, without reading the entry."""
        return City if self.place_id else TwinningAgreement if self.agreement_id else Exchange


ENTRY_RELATIONS = (
    "place",
    "agreement__city_a",
    "agreement__city_b",
    "exchange__from_city",
    "exchange__to_city",
)
ENTRY_FIELD_BY_MODEL: dict[type[models.Model], str] = {
    City: "place",
    TwinningAgreement: "agreement",
    Exchange: "exchange",
}
EXACTLY_ONE_ENTRY = (
    Q(place__isnull=False, agreement=None, exchange=None)
    | Q(place=None, agreement__isnull=False, exchange=None)
    | Q(place=None, agreement=None, exchange__isnull=False)
)


class CorrectionQuerySet(RegisterFactQuerySet["Correction"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all corrections: they are open to everyone who is signed in, like the register."""
        return self.all()

    def undecided(self) -> Self:
        """Return the corrections that are not decided yet."""
        return self.filter(status=Correction.Status.PROPOSED)

    def search(self, text: str) -> Self:
        """Return the correction with this reference."""
        return self.filter(reference__iexact=text.strip())


class Correction(RegisterFact, JournaledModel):
    """Correction that any signed-in user can propose.

    The editors of that part of the register decide, and the author is notified.
    """

    REFERENCE_PREFIX = "CN"
    URL_NAME = "correction"

    class Status(StatusChoices):
        # waits for an editor of that part of the register
        PROPOSED = "proposed", StatusGroup.OPEN, pgettext_lazy("a correction", "Proposed")
        # the register has the proposed value
        ACCEPTED = "accepted", StatusGroup.DONE, pgettext_lazy("a correction", "Accepted")
        # the register stays unchanged, for a written reason
        DECLINED = "declined", StatusGroup.VOID, pgettext_lazy("a correction", "Declined")
        # withdrawn by its author
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("a correction", "Withdrawn")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    value = models.TextField(
        _("correct value"), blank=True, help_text="As written in a register file; empty for no value."
    )
    previous_value = models.TextField(
        _("previous value"), blank=True, help_text="The value in the register before the correction."
    )
    source_url = models.CharField(_("source"), max_length=600, validators=[validate_web_address])
    why = models.TextField(_("reason"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decision date"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_ENTRY, name="correction_is_of_one_thing"),
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
        return f"{self.reference} · {self.register_entry}"
