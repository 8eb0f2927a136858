"""What the article that began this project counted for Canada and China, to stand beside what the rows give. Values only."""

from dataclasses import dataclass
from datetime import date

from partners.register.potential import Figures


@dataclass(frozen=True)
class Article:
    """A published count: of which pair, on which day, by whom."""

    here: str
    there: str
    active_since: date
    on: date
    title: str
    publisher: str
    address: str
    figures: Figures


ARTICLE = Article(
    here="CA",
    there="CN",
    active_since=date(2015, 1, 1),
    on=date(2020, 4, 30),
    title="Rainy Day Connections: Sister Cities During COVID-19",
    publisher="Asia Pacific Foundation of Canada",
    address="https://www.asiapacific.ca/publication/rainy-day-connections-sister-cities-during-covid-19",
    figures=Figures(
        agreements=107,
        cities_here=66,
        cities_there=80,
        active=45,
        donors_abroad=41,
        donors_with_active_ties=29,
        donors_here=6,
    ),
)


def article_on(here: str, there: str) -> Article | None:
    """The published count for a pair of countries, where there is one."""
    return ARTICLE if (here, there) == (ARTICLE.here, ARTICLE.there) else None
