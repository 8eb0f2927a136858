"""Base models and choices that all reference rows share: code, dates, confidence and sources."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self, overload

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

STALE_AFTER = timedelta(days=730)  # a rule that was not confirmed for two years may only warn
LANGUAGES = ("en", "fr", "zh")
EU_COUNTRIES = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
SINGLE_COUNTRY_MARKETS = frozenset({"CA", "US", "CN", "JP", "KR"})


class Confidence(models.TextChoices):
    """Confidence in a row.

    A finding that rests on a firm row blocks the offer or the shipment. A finding on any other row only warns.
    """

    RELIABLE = "firm", _("Reliable")  # an official text, or several sources that agree
    WEAK = "weak", _("Weak")  # one secondary page, or only a part of a text was read
    DERIVED = "derived", _("Calculated")  # computed by us from figures with a source
    NO_SOURCE = "memory", _("No source")  # no source: to be confirmed before use


class Market(models.TextChoices):
    """Market: a country or region with its own product rules, as origin or destination of goods."""

    CA = "CA", _("Canada")
    US = "US", _("United States")
    EU = "EU", _("European Union")
    CN = "CN", _("China")
    JP = "JP", _("Japan")
    KR = "KR", _("South Korea")


def market_of_country(country: str) -> str:
    """Return the market whose rules apply in a country, or an empty string if we have none."""
    return "EU" if country in EU_COUNTRIES else country if country in SINGLE_COUNTRY_MARKETS else ""


class DeclaredUse(models.TextChoices):
    """Declared use of the goods, on which customs rules and standards depend."""

    MEDICAL = "medical", _("Medical use")
    NON_MEDICAL = "non_medical", _("Non-medical use")


class EndUserType(models.TextChoices):
    """Kinds of places that use the goods.

    Customs rules and reliefs depend on them (customs.md 1.1 and 3.2).
    """

    HOSPITAL = "hospital", _("Hospital")
    CLINIC = "clinic", _("Clinic or health centre")
    LONG_TERM_CARE = "long_term_care", _("Long-term care home")
    EMERGENCY_SERVICES = "emergency_services", _("Emergency services: paramedics, fire, police")
    HOME_CARE = "home_care", _("Home care")
    PHARMACY = "pharmacy", _("Pharmacy or dental practice")
    HEALTH_AUTHORITY = "health_authority", _("Health authority")
    LABORATORY = "laboratory", _("Medical laboratory")
    SHELTER = "shelter", _("Shelter")
    MUNICIPALITY = "municipality", _("Municipality, non-medical services")
    SCHOOL = "school", _("School or day care")
    ASSOCIATION = "association", _("Association")
    PUBLIC = "public", _("The public")

    @property
    def is_medical(self) -> bool:
        """True if the place uses goods on patients. True as well if only some of its staff do so."""
        return self not in NON_MEDICAL_END_USER_TYPES


NON_MEDICAL_END_USER_TYPES = frozenset(
    {
        EndUserType.SHELTER,
        EndUserType.MUNICIPALITY,
        EndUserType.SCHOOL,
        EndUserType.ASSOCIATION,
        EndUserType.PUBLIC,
    }
)


class AcquisitionType(models.TextChoices):
    """Type of acquisition: purchase or donation."""

    PURCHASE = "purchase", _("Purchase")
    DONATION = "donation", _("Donation")


class Validity(models.TextChoices):
    """State of a row on a day: in force, not in force, or unknown."""

    YES = "yes", _("In force")
    NO = "no", _("Not in force")
    UNKNOWN = "unknown", _("Unknown, to be confirmed")


def column_language() -> str:
    """Return the suffix of our columns for the active language: en, fr or zh.

    Other languages give en.
    """
    language = (get_language() or "en")[:2]
    return language if language in LANGUAGES else "en"


class TranslatedField:
    """Text kept in three columns (`name_en`, `name_fr`, `name_zh`), read in the active language.

    Falls back to English if the column of that language is empty.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.stem = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: models.Model, owner: type) -> str: ...
    def __get__(self, row: models.Model | None, owner: type) -> str | Self:
        if row is None:
            return self
        own: str = getattr(row, f"{self.stem}_{column_language()}")
        english: str = getattr(row, f"{self.stem}_en")
        return own or english


class ReferenceRowQuerySet[F_: "ReferenceRow"](models.QuerySet[F_]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all rows, because reference data is visible to every signed-in user."""
        return self.all()

    def possibly_in_force(self, on: date) -> Self:
        """Return the rows that may be in force on a day. For certainty, use `validity_on`."""
        return self.started_by_day(on).filter(Q(valid_to=None) | Q(valid_to__gte=on))

    def started_by_day(self, on: date) -> Self:
        """Return the rows whose first day is unknown or not after a day.

        A row that begins later was not known on that day.
        """
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on))


class ReferenceRow(models.Model):
    """Abstract reference row.

    It has no life cycle. A load changes it, and the journal records the load.
    """

    code = models.CharField(_("code"), max_length=90, unique=True)
    valid_from = models.DateField(
        _("in force from"),
        null=True,
        blank=True,
        help_text="Its first day, or the first day a source shows it. Empty: unknown.",
    )
    valid_to = models.DateField(
        _("in force until"), null=True, blank=True, help_text="Its last day. Empty: unknown, not always."
    )
    seen_on = models.DateField(
        _("last confirmed in force"),
        null=True,
        blank=True,
        help_text="The latest day on which a source shows it in force.",
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence)
    unsourced_columns = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="The columns of this row that have no source.",
    )
    source_urls = ArrayField(models.TextField(), default=list, blank=True, verbose_name=_("sources"))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse a last day before the first day.

        Subclasses refuse other impossible values. The loader reports the column at fault.
        """
        super().clean()
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The end date cannot be before the start date.")})

    def validity_on(self, on: date) -> Validity:
        """Return the state of the row on a day: in force, not in force or unknown.

        From its first day on, a row is surely in force in two cases: it has a last day that has not passed, or a source
        showed it in force at most two years before the day.
        """
        if (self.valid_from and on < self.valid_from) or (self.valid_to and on > self.valid_to):
            return Validity.NO
        if self.valid_from is None:
            return Validity.UNKNOWN
        fresh = self.seen_on is not None and on <= self.seen_on + STALE_AFTER
        return Validity.YES if self.valid_to or fresh else Validity.UNKNOWN

    def year_last_confirmed(self, on: date) -> int | None:
        """Return the year the row was last seen in force, if it may have ended since; otherwise None.

        Pages show it as "not confirmed since 2020".
        """
        if self.seen_on is None or self.valid_to is not None:
            return None
        return self.seen_on.year if on > self.seen_on + STALE_AFTER else None

    @property
    def is_reliable(self) -> bool:
        """True if findings that rest on the row may block. A single column may still be from memory."""
        return self.confidence == Confidence.RELIABLE

    def is_unsourced(self, column: str) -> bool:
        """Return True if the column of this row is from memory and may therefore only warn."""
        return self.confidence == Confidence.NO_SOURCE or column in self.unsourced_columns


class ManuallyMaintained(models.Model):
    """Abstract row that a coordinator may change by hand.

    After a manual change, a load leaves the row alone and notes the values of the file that differ.
    """

    edited_manually_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when it is kept by hand: a load does not change it. None: it follows the file.",
    )
    added_manually = models.BooleanField(
        default=False, editable=False, help_text="Added here by hand: no file had it when it was added."
    )
    file_values = models.JSONField(
        default=dict,
        editable=False,
        encoder=DjangoJSONEncoder,
        help_text="What the file says otherwise, by column, as far as the last load knows.",
    )

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """Code of the row, as its journal entries quote it."""
        return str(self.code)[:40]  # type: ignore[attr-defined]  # every subclass is a ReferenceRow


class ReferenceLoad(models.Model):
    """Load of the reference data that changed something: time, digest of the files and numbers of rows.

    Its journal entry names the actor.
    """

    at = models.DateTimeField(_("loaded"))
    digest = models.CharField(max_length=64, help_text="SHA-256 over the files, in order.")
    counts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [models.Index(F("id").desc(), name="reference_load_latest")]

    def __str__(self) -> str:
        return self.digest[:12]
