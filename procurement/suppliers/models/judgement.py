"""What people stand for towards a company: a city's judgement of it, and a person's own interest in it."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.suppliers.models.company import Supplier
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class StandingQuerySet(models.QuerySet["Standing"]):
    def visible_to(self, powers: "Powers") -> Self:
        """A city's judgement is its own."""
        return self.filter(city__in=powers.sees)

    def of(self, company: Supplier, city: City, day: date) -> "Standing | None":
        """What a city thinks of a company on a day, the hardest word first: of each row that is this company, merged or not."""
        said = self.filter(supplier__in=company.rows, city=city).order_by("pk")
        held = [one for one in said if one.holds_on(day)]
        return max(held, key=lambda one: Standing.Status.values.index(one.status), default=None)


class Standing(Tracked):
    """What one city thinks of a company, from when to when, and why."""

    PAGE = "standing"

    class Status(models.TextChoices):
        APPROVED = "approved", _("Approved")
        WATCHED = "watched", _("Watched")
        SUSPENDED = "suspended", pgettext_lazy("a company", "Suspended")
        BANNED = "banned", pgettext_lazy("a company", "Banned")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="standings")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "city"], name="standing_once_a_city")]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.get_status_display()}"

    def holds_on(self, day: date) -> bool:
        """Whether the city thinks so on a day."""
        return self.starts_on <= day <= (self.ends_on or day)


class InterestQuerySet(models.QuerySet["Interest"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Everyone who works for a city, who must know whom not to ask; who coordinates the network; and the person themself."""
        return self.all() if powers.sees or powers.watches_all else self.filter(person=powers.user_id)

    def search(self, text: str) -> Self:
        """Those in companies whose names, number or reference hold the text."""
        return self.filter(supplier__in=Supplier.objects.search(text))

    def standing(self) -> Self:
        """Those that still hold."""
        return self.filter(status=Interest.Status.DECLARED)

    def between(self, user_id: int, *supplier_ids: int | None) -> bool:
        """Whether a person has said that one of these companies concerns them, under whichever of its rows. None is no company."""
        declared = set(self.standing().filter(person=user_id).values_list("supplier", flat=True))
        companies = Supplier.objects.filter(pk__in=[pk for pk in supplier_ids if pk]) if declared else ()
        return any(not declared.isdisjoint(company.rows) for company in companies)


class Interest(Tracked):
    """A company concerns a person: a share, a post, a relative. They report on it no more, and decide nothing about it.

    `words` are the person's own: no page shows them to anybody else (ADR 75).
    """

    PAGE = "interest"

    class Status(models.TextChoices):
        DECLARED = "declared", _("Declared")
        ENDED = "ended", _("Over")

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.TextField(_("what it is"), blank=True)

    objects = InterestQuerySet.as_manager()
    city_id: ClassVar[None] = None

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "person"], name="interest_once_a_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.supplier}"


def concerning(user_id: int) -> frozenset[int]:
    """The companies in which a person declared an interest that still stands, under each of their rows, by id."""
    declared = Interest.objects.standing().filter(person=user_id).select_related("supplier")
    return frozenset(row for interest in declared for row in interest.supplier.rows)
