"""Tests of the sources of rules: publisher and reliability in words, official texts first."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from procurement.catalogue.rules.sources import (
    OFFICIAL_DOMAINS,
    PUBLISHER_BY_DOMAIN,
    SourceRating,
    has_official_source,
    rated_sources,
    sort_official_first,
)

CBSA = "https://www.cbsa-asfc.gc.ca/publications/d8-2-1-eng.html"
BROKER = "https://welke.com/news"
OTHER = "http://m.woodhp.cn/article/5.html"


@pytest.mark.parametrize(
    ("source", "publisher", "grade"),
    [
        (CBSA, "Canada Border Services Agency", SourceRating.OFFICIAL),
        ("https://canada.ca/en/health", "Government of Canada", SourceRating.OFFICIAL),
        ("http://english.mofcom.gov.cn/a", "Ministry of Commerce of China", SourceRating.OFFICIAL),
        ("http://www.customs.gov.cn/a", "Chinese authority", SourceRating.OFFICIAL),
        ("https://eur-lex.europa.eu/x", "European Union", SourceRating.OFFICIAL),
        ("https://luria.house.gov/x", "United States House of Representatives", SourceRating.OFFICIAL),
        (BROKER, "welke.com", SourceRating.BROKER),
        ("https://info.expeditors.com/x", "info.expeditors.com", SourceRating.BROKER),
        (OTHER, "m.woodhp.cn", SourceRating.OTHER),
        ("https://notgc.ca.example/x", "notgc.ca.example", SourceRating.OTHER),
        ("A letter of the broker", "A letter of the broker", SourceRating.OTHER),
    ],
)
def test_source_has_a_publisher_and_a_grade(source: str, publisher: str, grade: SourceRating) -> None:
    (found,) = rated_sources([source])
    assert (str(found.publisher), found.grade) == (publisher, grade)
    assert found.url == (source if source.startswith("http") else "")


def test_official_sources_are_listed_before_other_sources() -> None:
    assert sort_official_first([OTHER, BROKER, "", CBSA]) == [CBSA, BROKER, OTHER]
    assert [one.grade for one in rated_sources([OTHER, CBSA])] == [SourceRating.OFFICIAL, SourceRating.OTHER]
    assert has_official_source([OTHER, CBSA])
    assert not has_official_source([OTHER, BROKER, ""])


def test_rule_without_a_source_is_marked_as_from_memory() -> None:
    for none in ([], [""]):
        (found,) = rated_sources(none)
        assert (str(found.grade.label), found.url) == ("From memory: ask your broker", "")


def test_every_official_domain_has_a_publisher() -> None:
    assert set(OFFICIAL_DOMAINS) <= set(PUBLISHER_BY_DOMAIN)


def test_every_source_in_the_customs_rules_has_a_publisher() -> None:
    with (Path(settings.BASE_DIR) / "procurement/catalogue/data/customs_rules.csv").open(
        encoding="utf-8"
    ) as file:
        cells = [row["source_urls"] for row in csv.DictReader(file)]
    found = rated_sources(source.strip() for cell in cells for source in cell.split("|"))
    assert len(found) > 100
    assert all(one.publisher for one in found)
