"""What one city proposes to other cities about a company they deal with: what should change, from what to what, and why."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from workflow.errors import Words
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class CompanyChangeQuerySet(models.QuerySet["CompanyChange"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city in the network, as the company it is about; and who proposed it."""
        return self.all() if powers.sees else self.filter(author=powers.user_id)

    def search(self, text: str) -> Self:
        """Proposals whose reference begins with the text."""
        return self.filter(reference__istartswith=text.strip())

    def waiting(self) -> Self:
        """Those that are not decided yet."""
        return self.filter(status=CompanyChange.Status.PROPOSED)

    def of(self, company: Supplier) -> Self:
        """Those about a company, under whichever of its rows."""
        return self.filter(supplier__in=company.rows)


class CompanyChange(Tracked):
    """One proposal: the move it would make, on which thing, with which values; who proposed it for which city; which cities decide.

    `values` holds what the move takes, `changes` the same in words: `[{"field", "old", "new"}]`. It is applied unchanged.
    """

    REFERENCE_PREFIX = "CC"
    PAGE = "company_change"
    SETTLE = "settle"  # the verb of one that makes the company say what one of its sources says
    COUNT = "count"  # the verb of a proposal that changes nothing: what another city entered is to count for the city asked

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACCEPTED = "accepted", pgettext_lazy("a correction", "Accepted")
        DECLINED = "declined", pgettext_lazy("a correction", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("a correction", "Withdrawn")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="changes", verbose_name=_("company"))
    thing_label = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    verb = models.CharField(_("move"), max_length=30)
    values = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    why = models.TextField(_("why"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_for = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    asked = ArrayField(models.BigIntegerField(), default=list, help_text="The cities, by id, that decide.")
    agreed = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Those of them, by id, that agreed."
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = CompanyChangeQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("accepted", "declined"), decided_at__isnull=False)
                | Q(status__in=("proposed", "withdrawn"), decided_at=None, decided_by=None, answer=""),
                name="company_change_decided_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(answer=""), name="company_change_declined_says_why"
            ),
            models.CheckConstraint(condition=~Q(why="") | Q(verb="count"), name="company_change_says_why"),
        ]
        indexes = [
            models.Index("supplier", F("id").desc(), name="company_change_of_company"),
            models.Index("thing_id", name="company_change_waits", condition=Q(status="proposed")),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.supplier}"

    @property
    def about(self) -> Tracked:
        """The company, certificate, account, fact, look-up or match that would change, or would count."""
        thing: Tracked = apps.get_model(self.thing_label)._default_manager.get(pk=self.thing_id)
        return thing

    @property
    def columns(self) -> dict[str, Words]:
        """What may change, by its name, as it is called: the columns of the thing; where a fact is settled, the company's too."""
        thing = apps.get_model(self.thing_label)._meta
        own: dict[str, Words] = {one.name: one.verbose_name for one in (*thing.fields, *thing.many_to_many)}
        return own | dict(CompanyFact.Name.choices) if self.verb == self.SETTLE else own

    @property
    def waits_for(self) -> frozenset[int]:
        """The cities, by id, that have still to agree."""
        return frozenset(self.asked) - frozenset(self.agreed)
