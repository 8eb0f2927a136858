"""Rules for the origin of an offer's goods, and for the fact it follows from."""

from dataclasses import dataclass
from enum import StrEnum

from procurement.leads.rules.place_names import country_in_text

# With these terms the named place is where the goods leave; with others, where they arrive.
ORIGIN_INCOTERMS = frozenset({"EXW", "FCA", "FAS", "FOB"})


class OriginSource(StrEnum):
    """Facts that give the origin of goods, strongest first."""

    STOCK = "stock"
    INCOTERM = "incoterm"
    MAKER = "maker"
    SELLER = "seller"


@dataclass(frozen=True)
class Origin:
    """Country of origin of goods, the fact it follows from, and other countries that other facts give.

    `country`: ISO 3166-1, "" if no fact gives one. `other_countries`: countries given by the place of the stock, the
    Incoterm place or the manufacturer's address. The seller's address counts only if nothing else gives a
    country.
    """

    country: str
    source: OriginSource
    other_countries: tuple[tuple[str, OriginSource], ...] = ()

    def foreign_origins(self, home: str) -> list[tuple[str, OriginSource]]:
        """Return the countries from which the goods may enter `home`, each with its fact.

        Empty if no fact gives a country, or if the goods are in `home` and only the manufacturer is abroad:
        goods in stock were usually made elsewhere. An Incoterm place abroad contradicts a stock at home and
        does count.
        """
        if not self.country or (
            self.country == home and all(by is OriginSource.MAKER for _, by in self.other_countries)
        ):
            return []
        return [
            (country, by)
            for country, by in ((self.country, self.source), *self.other_countries)
            if country != home
        ]

    def may_be_domestic(self, home: str) -> bool:
        """Return True if one fact places the goods in `home` and another one abroad."""
        here = {by for country, by in ((self.country, self.source), *self.other_countries) if country == home}
        return bool(self.foreign_origins(home)) and not here.isdisjoint(
            {OriginSource.STOCK, OriginSource.INCOTERM}
        )

    def crosses_border(self, home: str) -> bool:
        """Return True if the goods may have to cross a border. An unknown origin counts as abroad."""
        return not self.country or bool(self.foreign_origins(home))


def determine_origin(*, stock: str, incoterm: str, place: str, maker: str, seller: str) -> Origin:
    """Return the origin of goods.

    `stock` and `place` are words, `maker` and `seller` countries; "" if unknown.
    """
    leaves = country_in_text(place) if incoterm.upper() in ORIGIN_INCOTERMS else ""
    known = [
        (country, fact)
        for country, fact in (
            (country_in_text(stock), OriginSource.STOCK),
            (leaves, OriginSource.INCOTERM),
            (maker, OriginSource.MAKER),
            (seller, OriginSource.SELLER),
        )
        if country
    ]
    if not known:
        return Origin("", OriginSource.SELLER)
    (country, fact), *rest = known
    others: dict[str, OriginSource] = {}
    for other, by in rest:
        if by is not OriginSource.SELLER and other != country:
            others.setdefault(other, by)
    return Origin(country, fact, tuple(others.items()))
