"""Facts of companies that all cities share: for whom what one city entered counts."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models


class SharedQuerySet[M: models.Model](models.QuerySet[M]):
    """Facts that cities entered about companies."""

    def for_city(self, city_id: int) -> Self:
        """Those that count for the offers and orders of a city."""
        return self.exclude(not_for__contains=[city_id])


class Shared(models.Model):
    """A fact about a company that one city entered. It counts for every city but those that dealt with the company by then.

    Each of these is asked whether it counts for them, too (`CompanyChange` with the verb "count"), but for what a source says of a fact
    by which no companies are compared: until it is settled it changes nothing for anybody.
    """

    not_for = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        editable=False,
        help_text="The cities, by id, for whose offers and orders it does not count.",
    )

    class Meta:
        abstract = True
