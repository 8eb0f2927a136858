"""Pairs of cities whose agreements have all ended, with messages for the pages of inquiries. Reads only.

Routing excludes such agreements. The messages explain why an expected contact is missing.
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

STATUS_MESSAGES: dict[AgreementStatus, LazyText] = {
    AgreementStatus.EXPIRED: _(
        "The agreement between %(a)s and %(b)s has expired. No new contacts can be asked under this "
        "agreement."
    ),
    AgreementStatus.TERMINATED: _(
        "The agreement between %(a)s and %(b)s has ended. No new contacts can be asked under this agreement."
    ),
    AgreementStatus.SUSPENDED: _(
        "The agreement between %(a)s and %(b)s is suspended. No new contacts can be asked until the "
        "agreement is resumed."
    ),
}


@dataclass(frozen=True)
class ExpiredPair:
    """Two cities without an agreement in force, with the agreement that ended last (`last_agreement`) and how it ended."""

    last_agreement: TwinningAgreement
    status: AgreementStatus

    @property
    def message(self) -> str:
        """Message for the page, in the language of the reader."""
        return str(STATUS_MESSAGES[self.status]) % {
            "a": self.last_agreement.city_a.name,
            "b": self.last_agreement.city_b.name,
        }

    @property
    def ended_on(self) -> PartialDate:
        """Date of the end or suspension, or the last day in force; unknown if no source gives it."""
        return self.last_agreement.ended or (
            self.last_agreement.expires if self.status is AgreementStatus.EXPIRED else PartialDate()
        )


def expired_pairs(pairs: Iterable[Collection[int]], on: date) -> list[ExpiredPair]:
    """Return the pairs among these that had agreements, none of which is in force on a date. One query.

    The order is that of the pairs.
    """
    unordered = [frozenset(pair) for pair in pairs]
    cities = {city for pair in unordered for city in pair}
    agreements = TwinningAgreement.objects.filter(city_a__in=cities, city_b__in=cities).select_related(
        "city_a", "city_b"
    )
    expired = expired_by_pair(agreements.order_by("pk"), on)
    return [expired[pair] for pair in dict.fromkeys(unordered) if pair in expired]


def expired_partners(city: City, on: date) -> list[ExpiredPair]:
    """Return the pairs of a city and its former partners on a date, sorted by the partner's name. One query."""
    agreements = TwinningAgreement.objects.of_city(city).select_related("city_a", "city_b").order_by("pk")
    found = expired_by_pair(agreements, on).values()
    return sorted(
        found, key=lambda ending: (ending.last_agreement.partner_of(city).name_en, ending.last_agreement.pk)
    )


def expired_by_pair(agreements: Iterable[TwinningAgreement], on: date) -> dict[Pair, ExpiredPair]:
    """Return the pairs without an agreement in force, each with the agreement that ended last.

    Among several ends without a known date, the agreement that was recorded last counts.
    """
    in_force: set[Pair] = set()
    ended: dict[Pair, ExpiredPair] = {}
    for agreement in agreements:
        pair = frozenset((agreement.city_a_id, agreement.city_b_id))
        if is_in_force(agreement, on):
            in_force.add(pair)
        elif (status := ended_status(agreement, on)) is not None:
            ending = ExpiredPair(agreement, status)
            other = ended.get(pair)
            if other is None or (ending.ended_on.first_day or date.min) >= (
                other.ended_on.first_day or date.min
            ):
                ended[pair] = ending
    return {pair: ending for pair, ending in ended.items() if pair not in in_force}
