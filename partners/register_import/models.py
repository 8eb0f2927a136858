"""Imports of files into the register: the rows, the matched columns and places, and the result."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the imports that the user uploaded."""
        return self.filter(by=permissions.user_id)

    def not_discarded(self) -> Self:
        """Return the imports that were not discarded."""
        return self.exclude(status=Import.Status.DISCARDED)

    def waiting_for_job(self) -> Self:
        """Return the imports that wait for the periodic job, the oldest first."""
        return self.filter(status__in=Import.WAITING_STATUSES).order_by("pk")


class Import(JournaledModel):
    """Import of a file into the register. Its rows are in `ImportData`, the places it names in `ImportPlace`."""

    URL_NAME = "import"

    class Status(StatusChoices):
        # Its rows and answers are deleted. Listed first because no move starts from this status.
        DISCARDED = "discarded", StatusGroup.VOID, pgettext_lazy("a file", "Discarded")
        UPLOADED = "uploaded", StatusGroup.OPEN, pgettext_lazy("a file", "Uploaded")  # waits for its columns
        # waits for the periodic job
        VALIDATING = "validating", StatusGroup.OPEN, pgettext_lazy("a file", "Being checked")
        # faults and open places are known
        VALIDATED = "validated", StatusGroup.OPEN, pgettext_lazy("a file", "Checked")
        # waits for the periodic job, or is being processed
        IMPORTING = "importing", StatusGroup.OPEN, pgettext_lazy("a file", "Importing")
        IMPORTED = "imported", StatusGroup.DONE, pgettext_lazy("a file", "Imported")
        # nothing was imported; see its faults
        FAILED = "failed", StatusGroup.OPEN, pgettext_lazy("a file", "Import failed")
        ROLLING_BACK = "rolling_back", StatusGroup.OPEN, pgettext_lazy("a file", "Undoing import")
        ROLLED_BACK = "rolled_back", StatusGroup.VOID, pgettext_lazy("a file", "Import undone")

    class Table(models.TextChoices):
        CITIES = "cities", _("Cities")
        AGREEMENTS = "agreements", _("Agreements")
        EXCHANGES = "exchanges", _("Exchanges")

    WAITING_STATUSES: ClassVar[tuple[str, ...]] = (Status.VALIDATING, Status.IMPORTING, Status.ROLLING_BACK)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    table = models.CharField(_("file contents"), max_length=12, choices=Table)
    name = models.CharField(_("file"), max_length=200)
    reason = models.CharField(_("source of the file"), max_length=300)
    columns = models.JSONField(
        default=dict,
        help_text="For each register column: its position in the file, or its value for every row.",
    )
    only_new = models.BooleanField(_("keep existing register values"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    faults = models.PositiveIntegerField(_("errors to correct"), default=0)
    open_places = models.PositiveIntegerField(_("places to confirm"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("unchanged"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    left = models.PositiveIntegerField(_("not undone"), default=0)

    objects = ImportQuerySet.as_manager()
    city_id: ClassVar[None] = None  # the register belongs to no single city

    class Meta:
        indexes = [
            models.Index(
                "id",
                name="import_waiting",
                condition=Q(status__in=("validating", "importing", "rolling_back")),
            ),
            models.Index("by", F("id").desc(), name="import_of_person"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_answered_places(self) -> bool:
        """True if a person has answered about at least one of its places."""
        return self.places.filter(answered=True).exists()

    @property
    def is_imported(self) -> bool:
        """True if the file was imported, even if it is being undone or was undone."""
        return self.status in (self.Status.IMPORTED, self.Status.ROLLING_BACK, self.Status.ROLLED_BACK)

    @property
    def is_waiting(self) -> bool:
        """True if the import waits for the periodic job or is being processed."""
        return self.status in self.WAITING_STATUSES


class ImportData(models.Model):
    """Rows of an imported file, with the faults and changes that its check found.

    A separate model, because the history of the import would otherwise repeat all rows.
    """

    source_import = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="data")
    header = models.JSONField(default=list)
    lines = models.JSONField(default=list, help_text="The rows below the heading, as lists of cells.")
    faults = models.JSONField(default=list, help_text="Row, column and the reason in three languages.")
    changes = models.JSONField(
        default=list,
        help_text="For each changed row: number, name in three languages, differing values (column, register, file).",
    )
    repeated = models.JSONField(
        default=list, help_text="Rows with the same content as an earlier row: both row numbers."
    )
    entries = models.JSONField(
        default=list, help_text="The ids of the journal entries of the import, in order."
    )
    left = models.JSONField(
        default=list,
        help_text="Entries that were not undone: page address, and name and reason in three languages.",
    )

    def __str__(self) -> str:
        return str(self.source_import)


class ImportPlaceQuerySet(models.QuerySet["ImportPlace"]):
    def undecided(self) -> Self:
        """Return the places that a person must decide about."""
        return self.filter(verdict=ImportPlace.Verdict.DOUBTFUL)

    def in_review_order(self) -> Self:
        """Return doubtful places first, then new, excluded and known ones; in each group the most used first."""
        verdicts = ImportPlace.Verdict
        kinds = (verdicts.DOUBTFUL, verdicts.NEW, verdicts.EXCLUDED, verdicts.KNOWN)
        positions = [When(verdict=verdict, then=place) for place, verdict in enumerate(kinds)]
        return self.order_by(Case(*positions), "-times", "pk")


class ImportPlace(models.Model):
    """Place as a file names it, and the city of the register it is matched to."""

    class Verdict(models.TextChoices):
        KNOWN = "known", _("In the register")
        NEW = "new", _("To be added")
        DOUBTFUL = "doubtful", _("To be confirmed")
        EXCLUDED = "out", _("Left out")

    source_import = models.ForeignKey(Import, models.CASCADE, related_name="places")
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=60, blank=True)
    latitude = models.CharField(max_length=40, blank=True)
    longitude = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    slug = models.CharField(
        max_length=80, blank=True, help_text="The key of the matched city, or of the city to be added."
    )
    facts = models.JSONField(default=dict, help_text="The facts of a city to be added.")
    options = models.JSONField(
        default=list, help_text="The cities it may be: key, label, and the facts of a city to be added."
    )
    answered = models.BooleanField(
        default=False, help_text="True if a person decided; a new match does not overwrite it."
    )
    times = models.PositiveIntegerField(default=0, help_text="How often the file names the place.")

    objects = ImportPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_import", "name", "country", "latitude", "longitude"], name="import_place_once"
            )
        ]
        indexes = [models.Index("source_import", "verdict", "id", name="import_place_open")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Name, country, latitude and longitude, as in the cells of the file."""
        return self.name, self.country, self.latitude, self.longitude

    @property
    def matched_city_label(self) -> str:
        """Key of the matched city, followed by its GeoNames number if its facts come from there."""
        number = self.facts.get("geonames_id")
        return f"{self.slug} (GeoNames {number})" if number else self.slug

    def facts_from_file(self) -> dict[str, Any]:
        """Return the facts of a new city that the file itself gives."""
        facts: dict[str, Any] = {"name_en": self.name[:120], "country": self.country}
        if self.latitude and self.longitude:
            facts |= {"latitude": self.latitude, "longitude": self.longitude, "coord_source": "file"}
        return facts

    def find_option(self, option: str) -> dict[str, Any] | None:
        """Return the option with this key, or None."""
        return next((one for one in self.options if one["slug"] == option), None)
