"""Files brought into the register: what came, what its columns are, which places it means, what became of it."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The files one brought oneself."""
        return self.filter(by=powers.user_id)

    def kept(self) -> Self:
        """Those that were not dropped."""
        return self.exclude(status=Import.Status.DROPPED)

    def due(self) -> Self:
        """Those that wait for the machine, the first come first."""
        return self.filter(status__in=Import.WAITING).order_by("pk")


class Import(Tracked):
    """A file on its way into the register. Its rows stand in `Sheet`, the places it names in `ImportPlace`."""

    PAGE = "import"

    class Status(models.TextChoices):
        # Its rows and answers are gone. It stands first: dropping a file leads nowhere.
        DROPPED = "dropped", pgettext_lazy("a file", "Dropped")
        UPLOADED = "uploaded", pgettext_lazy("a file", "Uploaded")  # waits for its columns
        MATCHED = "matched", pgettext_lazy("a file", "Being checked")  # waits for the machine
        CHECKED = "checked", pgettext_lazy("a file", "Checked")  # its faults and its open places are known
        RUNNING = (
            "running",
            pgettext_lazy("a file", "Being brought in"),
        )  # waits for the machine, or is with it
        DONE = "done", pgettext_lazy("a file", "Brought in")
        FAILED = "failed", pgettext_lazy("a file", "Not brought in")  # nothing was: its faults say why
        WITHDRAWING = "withdrawing", pgettext_lazy("a file", "Being taken back")
        WITHDRAWN = "withdrawn", pgettext_lazy("a file", "Taken back")

    class Table(models.TextChoices):
        CITIES = "cities", _("Cities")
        AGREEMENTS = "agreements", _("Agreements")
        EXCHANGES = "exchanges", _("Exchanges")

    WAITING: ClassVar[tuple[str, ...]] = (Status.MATCHED, Status.RUNNING, Status.WITHDRAWING)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    table = models.CharField(_("what the file holds"), max_length=12, choices=Table)
    name = models.CharField(_("file"), max_length=200)
    reason = models.CharField(_("where it comes from"), max_length=300)
    columns = models.JSONField(
        default=dict, help_text="By column: its position in the file, or the text that holds for every row."
    )
    only_new = models.BooleanField(_("leave what the register has as it is"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    faults = models.PositiveIntegerField(_("things to put right"), default=0)
    open_places = models.PositiveIntegerField(_("places to ask about"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    same = models.PositiveIntegerField(_("as they were"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    left = models.PositiveIntegerField(_("not taken back"), default=0)

    objects = ImportQuerySet.as_manager()
    city_id: ClassVar[None] = None  # the register belongs to all

    class Meta:
        indexes = [
            models.Index(
                "id", name="import_waiting", condition=Q(status__in=("matched", "running", "withdrawing"))
            ),
            models.Index("by", F("id").desc(), name="import_of_person"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def answered(self) -> bool:
        """Whether somebody said of one of its places which it is."""
        return self.places.filter(answered=True).exists()

    @property
    def is_in(self) -> bool:
        """Whether it was brought in, whatever became of it then."""
        return self.status in (self.Status.DONE, self.Status.WITHDRAWING, self.Status.WITHDRAWN)

    @property
    def waits(self) -> bool:
        """Whether the machine has it, or will soon."""
        return self.status in self.WAITING


class Sheet(models.Model):
    """What a file held and what was found in it: kept apart from the import, whose history would repeat all of it."""

    batch = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="sheet")
    header = models.JSONField(default=list)
    lines = models.JSONField(default=list, help_text="The rows below the heading, as lists of cells.")
    faults = models.JSONField(default=list, help_text="Row, column and the reason in three languages.")
    changes = models.JSONField(
        default=list, help_text="Row, name in three languages, and what differs: column, register, file."
    )
    repeated = models.JSONField(
        default=list, help_text="Rows that say what an earlier one says: both numbers."
    )
    entries = models.JSONField(default=list, help_text="The journal's entries of what it did, in order.")
    left = models.JSONField(
        default=list, help_text="What was not taken back: address, name and reason in three languages."
    )

    def __str__(self) -> str:
        return str(self.batch)


class ImportPlaceQuerySet(models.QuerySet["ImportPlace"]):
    def open(self) -> Self:
        """Those that somebody must decide about."""
        return self.filter(verdict=ImportPlace.Verdict.DOUBTFUL)

    def in_order(self) -> Self:
        """What is to be asked first, then what would be added, left out, and is known; the most used first."""
        verdicts = ImportPlace.Verdict
        kinds = (verdicts.DOUBTFUL, verdicts.NEW, verdicts.OUT, verdicts.KNOWN)
        whens = [When(verdict=verdict, then=place) for place, verdict in enumerate(kinds)]
        return self.order_by(Case(*whens), "-times", "pk")


class ImportPlace(models.Model):
    """A place as a file names it, and which place of the register it is taken for."""

    class Verdict(models.TextChoices):
        KNOWN = "known", _("In the register")
        NEW = "new", _("To be added")
        DOUBTFUL = "doubtful", _("To be asked about")
        OUT = "out", _("Left out")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="places")
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=60, blank=True)
    latitude = models.CharField(max_length=40, blank=True)
    longitude = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    slug = models.CharField(max_length=80, blank=True, help_text="The key of the place it is, or will be.")
    facts = models.JSONField(default=dict, help_text="Of a place to be added.")
    options = models.JSONField(
        default=list, help_text="What it may be: key, words, facts of a place to be added."
    )
    answered = models.BooleanField(default=False, help_text="By a person: looking again leaves it.")
    times = models.PositiveIntegerField(default=0, help_text="How often the file names it.")

    objects = ImportPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "name", "country", "latitude", "longitude"], name="import_place_once"
            )
        ]
        indexes = [models.Index("batch", "verdict", "id", name="import_place_open")]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The place as the file's cells name it."""
        return self.name, self.country, self.latitude, self.longitude

    @property
    def taken_for(self) -> str:
        """The key of the place it is taken for, and the number GeoNames gives it where that is where it comes from."""
        number = self.facts.get("geonames_id")
        return f"{self.slug} (GeoNames {number})" if number else self.slug

    def own_facts(self) -> dict[str, Any]:
        """The facts of a new place as far as the file itself gives them."""
        facts: dict[str, Any] = {"name_en": self.name[:120], "country": self.country}
        if self.latitude and self.longitude:
            facts |= {"latitude": self.latitude, "longitude": self.longitude, "coord_source": "file"}
        return facts

    def chosen(self, option: str) -> dict[str, Any] | None:
        """The option of this key, if it is one of its own."""
        return next((one for one in self.options if one["slug"] == option), None)
