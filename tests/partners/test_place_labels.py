"""Names of countries, regions, provinces and states in the reader's language."""

import csv

import pytest
from django.utils import translation

from partners.cities.models import City
from partners.place_labels import _table, country_label, letterhead_city_label, subdivision_label
from partners.register_import.shipped_register import DATA_DIRECTORY


@pytest.mark.parametrize(
    ("language", "country", "region", "province"),
    [
        ("en", "China", "Hong Kong", "British Columbia"),
        ("fr-ca", "Chine", "Hong Kong", "Colombie-Britannique"),
        ("zh-hans", "中国", "香港", "不列颠哥伦比亚省"),
        ("de", "China", "Hong Kong", "British Columbia"),
    ],
)
def test_countries_and_provinces_are_named_in_the_readers_language(language, country, region, province):
    with translation.override(language):
        assert country_label("CN") == country
        assert country_label("HK") == region
        assert subdivision_label("CA-BC") == province


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("en", "Oakville", "City of Oakville"),
        ("fr-ca", "Oakville", "Ville d’Oakville"),
        ("fr-ca", "Île-Perrot", "Ville d’Île-Perrot"),
        ("fr-ca", "Halifax", "Ville de Halifax"),
        ("zh-hans", "本拿比", "本拿比市政府"),
        ("zh-hans", "中山市", "中山市政府"),
    ],
)
def test_city_in_a_letterhead_is_named_in_its_language(language, name, said):
    with translation.override(language):
        assert letterhead_city_label(name) == said


def test_place_name_missing_from_the_table_falls_back_to_lists_then_the_code():
    with translation.override("fr-ca"):
        assert subdivision_label("US-CA") == "Californie"
        assert subdivision_label("ZZ-ZZ") == "ZZ-ZZ"
        assert country_label("ZZ-") == "ZZ-"
        assert subdivision_label("") == ""


def test_operators_own_place_names_override_the_shipped_ones(settings, tmp_path):
    (tmp_path / "labels.csv").write_text(
        "code,en,fr,zh\nCN,Mainland China,Chine continentale,中国大陆\n", encoding="utf-8"
    )
    settings.DATA_DIR = tmp_path
    _table.cache_clear()
    try:
        assert country_label("CN") == "Mainland China"
        assert subdivision_label("CA-BC") == "British Columbia"
    finally:
        _table.cache_clear()


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
def test_every_place_of_the_shipped_register_has_labels_in_three_languages(language):
    with (DATA_DIRECTORY / "cities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with translation.override(language):
        for row in rows:
            assert country_label(row["country"]) != row["country"]
            assert subdivision_label(row["subdivision"]) != row["subdivision"] or not row["subdivision"]
            assert City.Level(row["level"]).label


def test_province_is_not_labelled_as_lying_in_itself():
    assert City(country="CA", subdivision="CA-ON", level="province").subdivision_label == ""
    assert City(country="CA", subdivision="CA-ON", level="city").subdivision_label == "Ontario"
    assert City(country="CA").country_label == "Canada"


def test_every_canadian_place_has_a_chinese_name():
    def ids(name):
        with (DATA_DIRECTORY / name).open(encoding="utf-8") as file:
            return {row["id"]: row for row in csv.DictReader(file)}

    cities, names = ids("cities.csv"), ids("names_zh.csv")
    assert {key for key, row in cities.items() if row["country"] == "CA"} <= set(names)
    assert set(names) <= set(cities)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in row["name_zh"]) for row in names.values())
    assert all(not cities[key]["name_fr"] for key in ids("names_fr.csv"))
