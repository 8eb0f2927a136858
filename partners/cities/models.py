"""Cities: their names in several scripts, their location, and their approval limit."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.place_labels import country_label, subdivision_label
from partners.validators import validate_country_code, validate_subdivision_code, validate_time_zone
from workflow.days import day_at
from workflow.search import GramsField, name_contains

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

MAX_APPROVAL_DAYS = 366
MAX_OFFER_VALIDITY_DAYS = 366


class CityQuerySet(models.QuerySet["City"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all cities: the register is open to everyone who is signed in."""
        return self.all()

    def search(self, text: str) -> Self:
        """Return the cities whose names contain the text, in any script."""
        return self.filter(name_contains(text))


class CityDay(Func):
    """SQL function for the date in a row's city at a given time.

    For a city without a time zone, it is the date in UTC. `zone` is the lookup path from the row to the time
    zone, such as `city__timezone`.
    """

    template = "(timezone(%(expressions)s))::date"

    def __init__(self, at: datetime, zone: str = "city__timezone") -> None:
        known = Coalesce(NullIf(F(zone), Value("")), Value("UTC"))
        super().__init__(known, Value(at), output_field=models.DateField())


class City(models.Model):
    """City of the register. It can also be a district, a county or a province."""

    URL_NAME: ClassVar[str] = "city"  # URL name of the page of a city

    class Level(models.TextChoices):
        CITY = "city", _("City")
        COUNTY_LEVEL_CITY = "county-level city", _("County-level city")
        MUNICIPALITY = "municipality", _("Municipality")
        METROPOLIS = "metropolis", _("Metropolis")
        TOWN = "town", _("Town")
        TOWNSHIP = "township", _("Township")
        VILLAGE = "village", _("Village")
        BOROUGH = "borough", _("Borough")
        DISTRICT = "district", _("District")
        SPECIAL_WARD = "special ward", _("Special ward")
        COUNTY = "county", _("County")
        REGIONAL_MUNICIPALITY = "regional municipality", _("Regional municipality")
        REGIONAL_DISTRICT = "regional district", _("Regional district")
        DEPARTMENT = "department", _("Department")
        PROVINCE = "province", _("Province")
        STATE = "state", _("State")
        PREFECTURE = "prefecture", _("Prefecture")
        REGION = "region", _("Region")
        OBLAST = "oblast", _("Oblast")
        VOIVODESHIP = "voivodeship", _("Voivodeship")
        FORMER_PROVINCE = "former province", _("Former province")
        FORMER_REGION = "former region", _("Former region")
        UNKNOWN = "unknown", _("Not known")

    class NeedApproval(models.TextChoices):
        NONE = "none", _("Without approval")
        ALWAYS = "always", _("Always with approval")
        ABOVE = "above", _("With approval above an estimated value")

    WHOLE_SUBDIVISION_LEVELS: ClassVar[frozenset[str]] = frozenset(
        {Level.PROVINCE, Level.STATE, Level.PREFECTURE, Level.REGION, Level.OBLAST, Level.VOIVODESHIP}
    )

    slug = models.SlugField(_("key"), max_length=80, unique=True)
    name_en = models.CharField(_("English name"), max_length=120)
    name_fr = models.CharField(_("French name"), max_length=120, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=120, blank=True)
    name_local = models.CharField(_("local name"), max_length=120, blank=True)
    country = models.CharField(_("country or region"), max_length=2, validators=[validate_country_code])
    subdivision = models.CharField(
        _("province or state"),
        max_length=6,
        blank=True,
        help_text="ISO 3166-2",
        validators=[validate_subdivision_code],
    )
    level = models.CharField(_("level"), max_length=30, choices=Level)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    coord_source = models.CharField(max_length=80, blank=True)
    geonames_id = models.PositiveIntegerField(null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, blank=True, validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    approval_limit = models.DecimalField(
        _("orders above this amount need approval"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
    )
    approval_days = models.PositiveSmallIntegerField(
        _("period for adding up orders to one company (days)"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_APPROVAL_DAYS)],
    )
    offer_validity_days = models.PositiveSmallIntegerField(
        _("default validity of an offer without an end date (days)"),
        default=30,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_OFFER_VALIDITY_DAYS)],
    )
    need_approval = models.CharField(
        _("how needs are posted"), max_length=6, choices=NeedApproval, default=NeedApproval.NONE
    )
    need_approval_limit = models.DecimalField(
        _("estimated value above which a need requires approval"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="In the city's currency; set only for needs that are posted with approval above a value.",
    )
    registration_number = models.CharField(
        _("registration number of the city"),
        max_length=40,
        blank=True,
        help_text="As a buyer, such as the Business Number in Canada.",
    )
    purchase_conditions = models.TextField(
        _("conditions of purchase"), blank=True, help_text="Printed on each purchase order as typed."
    )
    search = GramsField(of=("name_en", "name_fr", "name_zh", "name_local"))

    objects = CityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False)
                & Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="city_is_on_the_globe",
            ),
            models.CheckConstraint(
                condition=Q(need_approval="above", need_approval_limit__isnull=False)
                | (~Q(need_approval="above") & Q(need_approval_limit=None)),
                name="city_need_approval_has_its_limit",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="city_search"),
            models.Index("country", "name_en", "id", name="city_by_name"),
            models.Index("name_en", "id", name="city_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the page of the city."""
        return reverse(self.URL_NAME, args=[self.slug])

    @property
    def city_id(self) -> int:
        """Id of the city itself, so that rules treat a city like an object that belongs to a city."""
        return self.pk

    @property
    def name(self) -> str:
        """Name in the language of the reader, or in English if there is none."""
        return {"fr": self.name_fr, "zh": self.name_zh}.get((get_language() or "en")[:2], "") or self.name_en

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the city, or UTC if it is not known."""
        return ZoneInfo(self.timezone or "UTC")

    def day_at(self, at: datetime) -> date:
        """Return the date in the city at a given time."""
        return day_at(at, self.zone)

    @property
    def country_label(self) -> str:
        """Name of the country or region in the language of the reader."""
        return country_label(self.country)

    @property
    def subdivision_label(self) -> str:
        """Name of the province or state in the language of the reader.

        Empty if the city has none, is one itself, or has the same name.
        """
        label = "" if self.is_province else subdivision_label(self.subdivision)
        return "" if label == self.name else label

    @property
    def is_province(self) -> bool:
        """True if this entry represents a whole province or state."""
        return self.level in self.WHOLE_SUBDIVISION_LEVELS


def either_city_matches(text: str, first_city: str, second_city: str, *columns: str) -> Q:
    """Return a filter: each word of the text is in a name of one of two cities, or in one of the columns.

    `first_city` and `second_city` are the lookup paths from a row to its cities.
    """
    condition = Q()
    for word in text.split():
        places = City.objects.search(word).values("pk")
        word_condition = Q(**{f"{first_city}__in": places}) | Q(**{f"{second_city}__in": places})
        for column in columns:
            word_condition |= Q(**{f"{column}__icontains": word})
        condition &= word_condition
    return condition
