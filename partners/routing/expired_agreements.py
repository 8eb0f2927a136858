"""Messages about ended agreements, for pages of inquiries that go through them. Reads only.

Routing excludes such agreements. These messages explain why an expected name is missing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import AgreementStatus, ended_status, is_in_force
from partners.cities.models import City
from partners.exchanges.active_pairs import Pair
from partners.partial_dates import PartialDate
from workflow.errors import LazyText

STATUS_WORDS: dict[AgreementStatus, LazyText] = {
    AgreementStatus.EXPIRED: _(
        "The agreement between %(a)s and %(b)s has expired. No new contacts can be asked under it."
    ),
    AgreementStatus.TERMINATED: _(
        "The agreement between %(a)s and %(b)s has ended. No new contacts can be asked under it."
    ),
    AgreementStatus.SUSPENDED: _(
        "The agreement between %(a)s and %(b)s is suspended. No new contacts can be asked under "
        "it until it is resumed."
    ),
}


@dataclass(frozen=True)
class ExpiredPair:
    """Two cities without an agreement in force, with the agreement that ended last."""

    tie: TwinningAgreement
    status: AgreementStatus

    @property
    def words(self) -> str:
        """Message for the page, in the language of the reader."""
        return str(STATUS_WORDS[self.status]) % {"a": self.tie.city_a.name, "b": self.tie.city_b.name}

    @property
    def since(self) -> PartialDate:
        """Date of the end or suspension, or the last day in force; unknown if no source gives it."""
        return self.tie.ended or (
            self.tie.expires if self.status is AgreementStatus.EXPIRED else PartialDate()
        )


def expired_pairs(pairs: Iterable[Collection[int]], on: date) -> list[ExpiredPair]:
    """Return an ending for each pair that had agreements of which none is in force on a date. One query.

    The order is that of the pairs.
    """
    wanted = [frozenset(pair) for pair in pairs]
    cities = {city for pair in wanted for city in pair}
    agreements = TwinningAgreement.objects.filter(city_a__in=cities, city_b__in=cities).select_related(
        "city_a", "city_b"
    )
    found = expired_by_pair(agreements.order_by("pk"), on)
    return [found[pair] for pair in dict.fromkeys(wanted) if pair in found]


def expired_partners(city: City, on: date) -> list[ExpiredPair]:
    """Return an ending for each former partner of a city on a date, sorted by name. One query."""
    agreements = TwinningAgreement.objects.of(city).select_related("city_a", "city_b").order_by("pk")
    found = expired_by_pair(agreements, on).values()
    return sorted(found, key=lambda ending: (ending.tie.partner_of(city).name_en, ending.tie.pk))


def expired_by_pair(agreements: Iterable[TwinningAgreement], on: date) -> dict[Pair, ExpiredPair]:
    """Return the pairs without an agreement in force, each with the agreement that ended last.

    Among several ends without a known date, the agreement that was recorded last counts.
    """
    held: set[Pair] = set()
    over: dict[Pair, ExpiredPair] = {}
    for tie in agreements:
        pair = frozenset((tie.city_a_id, tie.city_b_id))
        if is_in_force(tie, on):
            held.add(pair)
        elif (status := ended_status(tie, on)) is not None:
            ending = ExpiredPair(tie, status)
            known = over.get(pair)
            if known is None or (ending.since.on or date.min) >= (known.since.on or date.min):
                over[pair] = ending
    return {pair: ending for pair, ending in over.items() if pair not in held}
