"""What things with a life cycle have in common, and the numbers they are quoted by."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from workflow.actors import Reads


class Tracked(models.Model):
    """A thing with a life cycle. Its model nests `Status`, says `REFERENCE_PREFIX` if people quote it, and has a `city_id`."""

    REFERENCE_PREFIX: ClassVar[str] = ""
    PAGE: ClassVar[str] = ""  # the URL name of its page; empty where it has none
    PAPERS_FOR_CONTACT: ClassVar[bool] = False  # whether files may be added for whoever is asked about it
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset()
    # The powers whose holders, once the thing was given to them, add words and files to it and read them, city or not.
    SHARED_WITH: ClassVar[frozenset[str]] = frozenset()

    status = models.CharField(_("status"), max_length=20)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The thing's own page, with its moves at addresses below it; empty for a thing without a page."""
        return self.PAGE and reverse(self.PAGE, args=[getattr(self, "reference", "") or self.pk])

    @property
    def reference_prefix(self) -> str:
        """The kind of reference this thing gets; empty for none."""
        return self.REFERENCE_PREFIX

    def get_status_display(self) -> str:
        """The label of the status, translated."""
        statuses: type[models.TextChoices] = self.Status  # type: ignore[attr-defined]  # every Tracked model nests one
        return str(statuses(self.status).label)


def given_to(powers: "Reads") -> Q:
    """Rows that speak of a thing that was given to somebody by name, such as a customs paper to its broker (`SHARED_WITH`)."""
    if not powers.brokers:
        return Q(pk__in=())
    shared = [model for model in apps.get_models() if getattr(model, "SHARED_WITH", ())]
    given = ((model, model._default_manager.visible_to(powers)) for model in shared)  # type: ignore[attr-defined]  # every thing of the story has one
    about = [Q(thing_label=model._meta.label_lower, thing_id__in=rows.values("pk")) for model, rows in given]
    return reduce(or_, about, Q(pk__in=()))


class AboutQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that speak of a thing by its label and id."""

    def about(self, thing: models.Model) -> Self:
        """Those that speak of this thing."""
        return self.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk)


class Counter(models.Model):
    """The last number given of one kind of reference in one year."""

    prefix = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04d}"
