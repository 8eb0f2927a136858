"""Base model of objects with a life cycle, base query set of rows about an object, and the counters of references."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workflow.statuses import StatusChoices

if TYPE_CHECKING:
    from workflow.actors import Reader


class JournaledModel(models.Model):
    """Abstract model of an object with a life cycle.

    A subclass nests `Status`, sets `REFERENCE_PREFIX` if its objects have a public reference, and has a `city_id`.
    """

    REFERENCE_PREFIX: ClassVar[str] = ""
    URL_NAME: ClassVar[str] = ""  # the URL name of its page; empty where it has none
    ALLOWS_FILES_FOR_CONTACT: ClassVar[bool] = False  # True if files may be added for the asked contact
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset()
    # Powers whose holders may comment on the object, add files and read both, once it was given to them, in any city.
    SHARED_WITH_POWERS: ClassVar[frozenset[str]] = frozenset()

    status = models.CharField(_("status"), max_length=24)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Return the address of the object's own page; empty if it has none.

        The moves of the object are at addresses below it.
        """
        return self.URL_NAME and reverse(self.URL_NAME, args=[getattr(self, "reference", "") or self.pk])

    @property
    def reference_prefix(self) -> str:
        """Prefix of this object's public reference, such as PO; empty if it gets none."""
        return self.REFERENCE_PREFIX

    def get_status_display(self) -> str:
        """Return the label of the status, translated."""
        statuses: type[StatusChoices] = self.Status  # type: ignore[attr-defined]  # every JournaledModel nests one
        return str(statuses(self.status).label)


def assigned_to_reader(permissions: "Reader") -> Q:
    """Return the condition for rows about an object that is assigned to the reader.

    An example is a customs document that is assigned to its broker (`SHARED_WITH_POWERS`).
    """
    if not permissions.is_broker:
        return Q(pk__in=())
    shared = [model for model in apps.get_models() if getattr(model, "SHARED_WITH_POWERS", ())]
    assigned = ((model, model._default_manager.visible_to(permissions)) for model in shared)  # type: ignore[attr-defined]  # these models have visible_to()
    about = [
        Q(thing_label=model._meta.label_lower, thing_id__in=rows.values("pk")) for model, rows in assigned
    ]
    return reduce(or_, about, Q(pk__in=()))


class ObjectReferenceQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that refer to an object by its label and id."""

    def about(self, thing: models.Model) -> Self:
        """Return the rows that refer to this object."""
        return self.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk)


class Counter(models.Model):
    """Last number given for one kind of reference in one year."""

    prefix = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04d}"
