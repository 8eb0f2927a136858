"""Base classes of shared facts about suppliers: for which cities a fact counts."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SharedFactQuerySet[M: models.Model](models.QuerySet[M]):
    """Queries on facts that cities entered about suppliers."""

    def for_city(self, city_id: int) -> Self:
        """Return the facts that count for the offers and orders of a city."""
        return self.exclude(excluded_city_ids__contains=[city_id])


class SharedFact(models.Model):
    """A fact about a supplier that one city entered, and the cities for which it does not count.

    It counts for every city except those that already dealt with the supplier when it was entered. Each of
    these is asked whether it counts for its offers as well (`SupplierChange` with the verb "count"). No city
    is asked about a fact that is not used to compare suppliers: it has no effect until a person selects it
    for the supplier's row.
    """

    excluded_city_ids = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        editable=False,
        help_text="The cities, by id, for whose offers and orders it does not count.",
    )

    class Meta:
        abstract = True
