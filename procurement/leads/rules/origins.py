"""Where the goods of an offer come from, and which of its facts says so. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from procurement.leads.rules.places import country_named

# The place named with one of these terms is where the goods leave; that of other terms is where they go.
LEAVES_FROM = frozenset({"EXW", "FCA", "FAS", "FOB"})


class Said(StrEnum):
    """The fact that says where goods come from, the strongest first."""

    STOCK = "stock"
    INCOTERM = "incoterm"
    MAKER = "maker"
    SELLER = "seller"


@dataclass(frozen=True)
class Origin:
    """Where goods come from (ISO 3166-1, "" where nothing says it), by which fact, and what other facts say instead.

    `others` are the countries that the stock's place, the place named with the term or the maker's address give, with the fact; the
    seller's address is no statement about the goods, and only counts where nothing else does.
    """

    country: str
    said: Said
    others: tuple[tuple[str, Said], ...] = ()

    def routes(self, home: str) -> list[tuple[str, Said]]:
        """Where the goods may come from into a country, by which fact; none where nothing says so, or only the maker is abroad.

        A stock in the country is of goods that were made elsewhere as a rule; that the seller hands them over abroad contradicts it.
        """
        if not self.country or (self.country == home and all(by is Said.MAKER for _, by in self.others)):
            return []
        return [(country, by) for country, by in ((self.country, self.said), *self.others) if country != home]

    def is_at_home_too(self, home: str) -> bool:
        """Whether one fact says that the goods are in the country already, and another that they have to come there."""
        here = {by for country, by in ((self.country, self.said), *self.others) if country == home}
        return bool(self.routes(home)) and not here.isdisjoint({Said.STOCK, Said.INCOTERM})

    def crosses(self, home: str) -> bool:
        """Whether the goods may have to cross a border; what is not known may be so."""
        return not self.country or bool(self.routes(home))


def origin_of(*, stock: str, incoterm: str, place: str, maker: str, seller: str) -> Origin:
    """Where goods come from: `stock` and `place` in words, `maker` and `seller` as countries; "" where not stated."""
    leaves = country_named(place) if incoterm.upper() in LEAVES_FROM else ""
    said = [
        (country, fact)
        for country, fact in (
            (country_named(stock), Said.STOCK),
            (leaves, Said.INCOTERM),
            (maker, Said.MAKER),
            (seller, Said.SELLER),
        )
        if country
    ]
    if not said:
        return Origin("", Said.SELLER)
    (country, fact), *rest = said
    others: dict[str, Said] = {}
    for other, by in rest:
        if by is not Said.SELLER and other != country:
            others.setdefault(other, by)
    return Origin(country, fact, tuple(others.items()))
