"""What a page says where somebody was asked, or could have been, through an agreement that has ended since. Reads only.

Routing leaves such ties out (partners/routing); here is why a name that was expected does not stand there.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.dates import Known
from partners.models.cities import City
from partners.models.ties import Twinning
from partners.register.passed import Pair
from partners.register.standing import Standing, holds, how_it_ended
from workflow.errors import Words

WORDS: dict[Standing, Words] = {
    Standing.EXPIRED: _("The agreement of %(a)s and %(b)s has run out. Nobody new is asked through it."),
    Standing.TERMINATED: _("The agreement of %(a)s and %(b)s has ended. Nobody new is asked through it."),
    Standing.SUSPENDED: _(
        "The agreement of %(a)s and %(b)s is suspended. Nobody new is asked through it until it is taken up again."
    ),
}


@dataclass(frozen=True)
class Ending:
    """Two places of whom no agreement holds any more, and the one that ended last."""

    tie: Twinning
    standing: Standing

    @property
    def words(self) -> str:
        """What the page says, in the reader's language."""
        return str(WORDS[self.standing]) % {"a": self.tie.city_a.name, "b": self.tie.city_b.name}

    @property
    def since(self) -> Known:
        """The day it ended or was suspended, or the last on which it held; unknown where no source says."""
        return self.tie.ended or (self.tie.expires if self.standing is Standing.EXPIRED else Known())


def endings(pairs: Iterable[Collection[int]], on: date) -> list[Ending]:
    """Of these pairs of places those that had agreements of which none holds on a day, in the order of the pairs. One query."""
    asked = [frozenset(pair) for pair in pairs]
    cities = {city for pair in asked for city in pair}
    ties = Twinning.objects.filter(city_a__in=cities, city_b__in=cities).select_related("city_a", "city_b")
    found = over(ties.order_by("pk"), on)
    return [found[pair] for pair in dict.fromkeys(asked) if pair in found]


def endings_of(city: City, on: date) -> list[Ending]:
    """The former partners of a place: those of whom no agreement with it holds on a day, by their names. One query."""
    ties = Twinning.objects.of(city).select_related("city_a", "city_b").order_by("pk")
    found = over(ties, on).values()
    return sorted(found, key=lambda ending: (ending.tie.partner_of(city).name_en, ending.tie.pk))


def over(ties: Iterable[Twinning], on: date) -> dict[Pair, Ending]:
    """The pairs of whom nothing holds, each with the agreement that ended last; of several on no known day the last recorded."""
    held: set[Pair] = set()
    over: dict[Pair, Ending] = {}
    for tie in ties:
        pair = frozenset((tie.city_a_id, tie.city_b_id))
        if holds(tie, on):
            held.add(pair)
        elif (standing := how_it_ended(tie, on)) is not None:
            ending = Ending(tie, standing)
            known = over.get(pair)
            if known is None or (ending.since.on or date.min) >= (known.since.on or date.min):
                over[pair] = ending
    return {pair: ending for pair, ending in over.items() if pair not in held}
