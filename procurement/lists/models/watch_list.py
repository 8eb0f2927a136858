"""A list of names as it was uploaded, with where it comes from; its versions; and the names on it."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from workflow.models.tracked import Tracked
from workflow.search import GramsField, matching

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class WatchListQuerySet(models.QuerySet["WatchList"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city, and who coordinates: whoever may upload a list sees what there is."""
        return self.all() if powers.sees or powers.coordinates else self.none()

    def search(self, text: str) -> Self:
        """Lists whose reference, name or publisher hold the text."""
        return self.filter(matching(text))

    def in_force(self) -> Self:
        """Those names are compared with now."""
        return self.filter(status__in=WatchList.IN_FORCE)

    def due(self) -> Self:
        """Those that wait for the machine, the first come first."""
        return self.filter(status=WatchList.Status.UPLOADED).order_by("pk")


class WatchList(Tracked):
    """One version of a list: its file is known by its hash, its names stay readable when a newer one replaces it."""

    REFERENCE_PREFIX = "WL"
    PAGE = "watch_list"

    class Status(models.TextChoices):
        UPLOADED = (
            "uploaded",
            pgettext_lazy("a list", "Being compared"),
        )  # waits for the machine, or is with it
        IN_FORCE = "in_force", pgettext_lazy("a list", "In force")
        REPLACED = "replaced", pgettext_lazy("a list", "Replaced")  # by a newer version
        WITHDRAWING = (
            "withdrawing",
            pgettext_lazy("a list", "To be withdrawn"),
        )  # in force until a second person agrees
        WITHDRAWN = "withdrawn", pgettext_lazy("a list", "Withdrawn")
        FAILED = "failed", pgettext_lazy("a list", "Not compared")  # the machine stumbled over it

    IN_FORCE = (Status.IN_FORCE, Status.WITHDRAWING)

    class Kind(models.TextChoices):
        SANCTIONS = "sanctions", _("Sanctions")
        FORCED_LABOUR = "forced_labour", _("Forced labour")

    class Shape(models.TextChoices):
        TABLE = "table", _("Table (CSV or XLSX)")
        UN = "un", _("Consolidated list of the United Nations (XML)")
        EU = "eu", _("Consolidated list of the European Union (XML)")
        OFAC = "ofac", _("SDN list of OFAC (XML)")
        SEMA = "sema", _("Consolidated list of Canada (XML)")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("name of the list"), max_length=200)
    kind = models.CharField(_("kind of list"), max_length=20, choices=Kind)
    publisher = models.CharField(_("publisher"), max_length=200)
    source = models.URLField(_("where it was taken from"), max_length=600)
    published_on = models.DateField(_("day of the list"))
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    shape = models.CharField(_("shape of the file"), max_length=10, choices=Shape)
    names = models.PositiveIntegerField(_("names"), default=0)
    unread = ArrayField(
        models.CharField(max_length=100),
        default=list,
        blank=True,
        verbose_name=_("columns that were not read"),
        help_text="The headings of a table that are not known.",
    )
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="newer",
        verbose_name=_("newer version of"),
    )
    turn = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text="The how many-th change of the lists it was; 0 until it is in force.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who proposed to withdraw it; somebody else agrees.",
    )
    search = GramsField(of=("reference", "name", "publisher"))

    objects = WatchListQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(status__in=("in_force", "withdrawing")),
                name="watch_list_one_version_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("in_force", "withdrawing", "replaced")) | Q(turn__gt=0),
                name="watch_list_in_force_has_a_turn",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawing") | Q(withdrawn_by__isnull=False),
                name="watch_list_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index("id", name="watch_list_waiting", condition=Q(status="uploaded")),
            models.Index(F("published_on").desc(), "id", name="watch_list_by_day"),
            models.Index("sha256", name="watch_list_by_hash"),
            GinIndex(fields=["search"], name="watch_list_search"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def waits(self) -> bool:
        """Whether the machine has it, or will soon."""
        return self.status == self.Status.UPLOADED


class ListedNameQuerySet(models.QuerySet["ListedName"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Whoever sees the list."""
        return self.all() if powers.sees or powers.coordinates else self.none()

    def search(self, text: str) -> Self:
        """Names, aliases and numbers that hold the text."""
        return self.filter(matching(text))

    def like(self, keys: list[str]) -> Self:
        """Candidates for a name: those of lists in force that share a key with it."""
        return self.sharing(keys).filter(watch_list__status__in=WatchList.IN_FORCE)

    def sharing(self, keys: list[str]) -> Self:
        """Those that share a key with a name."""
        return self.filter(keys__overlap=keys)


class ListedName(models.Model):
    """Somebody on a list, as the file writes them."""

    watch_list = models.ForeignKey(WatchList, models.PROTECT, related_name="listed")
    row = models.PositiveIntegerField(_("row in the file"))
    name = models.CharField(_("name"), max_length=400)
    aliases = ArrayField(models.CharField(max_length=400), default=list, verbose_name=_("other names"))
    country = models.CharField(_("country or region"), max_length=100, blank=True)
    numbers = ArrayField(models.CharField(max_length=100), default=list, verbose_name=_("numbers"))
    remark = models.TextField(_("remark"), blank=True)
    digest = models.CharField(
        max_length=64,
        help_text="SHA-256 of names, country and numbers: whether a newer version says the same of them.",
    )
    keys = ArrayField(
        models.CharField(max_length=420), default=list, help_text="By what it is found as a candidate."
    )
    search = GramsField(of=("name", "aliases", "numbers"))

    objects = ListedNameQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["watch_list", "row"], name="listed_name_once_a_row")]
        indexes = [
            models.Index("watch_list", "digest", name="listed_name_same"),
            GinIndex(fields=["keys"], name="listed_name_keys"),
            GinIndex(fields=["search"], name="listed_name_search"),
        ]

    def __str__(self) -> str:
        return self.name
