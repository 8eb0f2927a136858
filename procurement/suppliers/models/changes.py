"""Proposals to other cities about a supplier: what should change, from what to what, and why."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class SupplierChangeQuerySet(models.QuerySet["SupplierChange"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all proposals for people who work for a city, else those the person made."""
        return self.all() if permissions.visible_cities else self.filter(author=permissions.user_id)

    def search(self, text: str) -> Self:
        """Return the proposals whose reference starts with the text."""
        return self.filter(reference__istartswith=text.strip())

    def waiting(self) -> Self:
        """Return the proposals that are not decided yet."""
        return self.filter(status=SupplierChange.Status.PROPOSED)

    def about_supplier(self, company: Supplier) -> Self:
        """Return the proposals about a supplier, including its merged rows."""
        return self.filter(supplier__in=company.row_ids)


class SupplierChange(JournaledModel):
    """A proposal: its move, object and values, its author and city, and the cities that decide.

    `values` holds the arguments of the move. `changes` holds the same in words: `[{"field", "old",
    "new"}]`. A proposal is applied unchanged.
    """

    REFERENCE_PREFIX = "CC"
    URL_NAME = "supplier_change"
    SELECT_VALUE_VERB = (
        "select"  # the verb of a proposal to take the value of one source into the supplier's row
    )
    ACCEPT_FACT_VERB = "count"  # the verb of a proposal that changes no value: a fact of another city is to count for the asked city

    class Status(StatusChoices):
        PROPOSED = "proposed", StatusGroup.OPEN, _("Proposed")
        ACCEPTED = "accepted", StatusGroup.DONE, pgettext_lazy("a correction", "Accepted")
        DECLINED = "declined", StatusGroup.VOID, pgettext_lazy("a correction", "Declined")
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("a correction", "Withdrawn")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="changes", verbose_name=_("company"))
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    verb = models.CharField(_("action"), max_length=30)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    why = models.TextField(_("reason"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    asked = ArrayField(models.BigIntegerField(), default=list, help_text="The cities, by id, that decide.")
    agreed = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Those of them, by id, that agreed."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decision date"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = SupplierChangeQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("accepted", "declined"), decided_at__isnull=False)
                | Q(status__in=("proposed", "withdrawn"), decided_at=None, decided_by=None, answer=""),
                name="supplier_change_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(answer=""), name="supplier_change_declined_says_why"
            ),
            models.CheckConstraint(condition=~Q(why="") | Q(verb="count"), name="supplier_change_says_why"),
        ]
        indexes = [
            models.Index("supplier", F("id").desc(), name="supplier_change_of_company"),
            models.Index("thing_id", name="supplier_change_waits", condition=Q(status="proposed")),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.supplier}"

    @property
    def changed_object(self) -> JournaledModel:
        """The object that would change or count: supplier, certificate, account, fact, lookup or match."""
        thing: JournaledModel = apps.get_model(self.thing_label)._default_manager.get(pk=self.thing_id)
        return thing

    @property
    def field_labels(self) -> dict[str, LazyText]:
        """The labels of the fields that the change may set, by field name.

        These are the fields of the object; if the change selects a fact, also those of the supplier.
        """
        thing = apps.get_model(self.thing_label)._meta
        own: dict[str, LazyText] = {
            one.name: one.verbose_name for one in (*thing.fields, *thing.many_to_many)
        }
        return own | dict(SupplierFact.FactName.choices) if self.verb == self.SELECT_VALUE_VERB else own

    @property
    def undecided_city_ids(self) -> frozenset[int]:
        """The ids of the cities that have not agreed yet."""
        return frozenset(self.asked) - frozenset(self.agreed)
