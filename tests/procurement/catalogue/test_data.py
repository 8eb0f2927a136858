"""Tests of every row of the files: three languages, a source or a mark, and only existing references."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from procurement.catalogue import reference_data
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus, NotifiedBody
from procurement.catalogue.models.check_questions import CheckQuestion
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.products import Product, ProductClassification, ProductStandard, TariffCode
from procurement.catalogue.models.reference_rows import Confidence, ReferenceRow, TranslatedField
from procurement.catalogue.models.standards import EquivalenceReason, Standard, StandardEquivalence
from tests.procurement.catalogue.catalogue_in_memory import book

HAN = re.compile(r"[\u4e00-\u9fff]")
# Names that are the same in every language: a class that a standard defines.
SAME_IN_CHINESE = {"CA-N95"}
READ = date(2026, 11, 1)  # when the facts were gathered: November 2026
MODELS = list(reference_data.MODELS_BY_FILE.values())
# Their sources seldom state a start date.
UNDATED = (
    CertificateType,
    CheckQuestion,
    EquivalenceReason,
    Product,
    ProductClassification,
    ProductStandard,
    Standard,
    TariffCode,
)


def rows(model: type[ReferenceRow]) -> Iterable[Any]:
    return book()[model].values()


def test_the_catalogue_is_whole():
    counts = {model: len(book()[model]) for model in MODELS}
    assert counts[Product] == 37
    assert counts[CertificateType] == 41
    assert counts[NotifiedBody] == 72
    assert counts[Standard] == 100
    assert counts[StandardEquivalence] > 800
    assert counts[CustomsRule] > 50


@pytest.mark.parametrize("model", MODELS)
def test_every_row_is_sourced_or_says_that_it_is_from_memory(model):
    for row in rows(model):
        assert row.source_urls or row.confidence in {Confidence.MEMORY, Confidence.DERIVED}, row.code
        assert not (row.confidence == Confidence.FIRM and not row.source_urls), row.code
        assert all(row._meta.get_field(name) for name in row.unsourced_columns), row.code


@pytest.mark.parametrize("model", MODELS)
def test_every_text_for_people_is_there_in_three_languages(model):
    stems = [name for name, value in vars(model).items() if isinstance(value, TranslatedField)]
    for row in rows(model):
        for stem in stems:
            english, french, chinese = (getattr(row, f"{stem}_{language}") for language in ("en", "fr", "zh"))
            assert bool(english) == bool(french) == bool(chinese), (row.code, stem)
            assert not chinese or HAN.search(chinese) or chinese in SAME_IN_CHINESE, (row.code, stem)


def test_every_product_has_a_tariff_code_and_lists_only_what_its_column_says():
    with_code = {code.product.code for code in rows(TariffCode)}
    assert with_code == set(book()[Product])
    assert {product.unit for product in rows(Product)} <= set(Product.Unit)


def test_every_standard_is_used_by_a_product_somewhere():
    assert {link.standard.code for link in rows(ProductStandard)} == set(book()[Standard])


def test_rules_name_only_products_kinds_and_families_that_exist():
    products, kinds = set(book()[Product]), set(book()[CertificateType])
    for rule in rows(CustomsRule):
        assert set(rule.products) <= products, rule.code
        assert set(rule.satisfied_by) <= kinds, rule.code
        assert rule.why_en or rule.effect != "blocks", rule.code
    for status in rows(CertificateTypeStatus):
        assert set(status.products) <= products, status.code


def test_a_rule_that_blocks_is_firm_and_dated():
    for rule in rows(CustomsRule):
        if rule.effect == CustomsRule.Effect.BLOCKS:
            assert rule.confidence == Confidence.FIRM, rule.code
            assert rule.valid_from, rule.code
            assert rule.valid_to or rule.seen_on, rule.code


def test_a_row_with_a_source_says_when_it_was_so_or_when_it_was_read():
    for model in UNDATED:
        for row in rows(model):
            if row.source_urls:
                assert row.seen_on or row.valid_from or row.valid_to, f"{model.__name__} {row}"
    assert {row.seen_on for row in rows(Product)} == {READ}


def test_a_row_from_memory_and_a_row_that_had_ended_were_not_seen():
    for model in UNDATED:
        for row in rows(model):
            if row.confidence == Confidence.MEMORY:
                assert row.seen_on is None, f"{model.__name__} {row}"
            if row.seen_on == READ:
                assert row.valid_from is None or row.valid_from <= READ, f"{model.__name__} {row}"
                assert row.valid_to is None or row.valid_to >= READ, f"{model.__name__} {row}"


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("0370", "2021-10-01"),  # as of 2021-10
        ("2163", "2020-01-01"),  # as of 2020-2021
        ("1008", "2020-12-10"),
        ("2849", "2024-01-01"),  # as of 2024/25
        ("0082", "None"),  # as of the 2010s
        ("0086", "None"),  # from memory
    ],
)
def test_a_body_was_seen_on_the_first_day_of_what_its_own_source_names(code, seen):
    assert str(book()[NotifiedBody][code].seen_on) == seen  # type: ignore[attr-defined]  # rows of every model


def test_bodies_keep_the_grade_of_their_source():
    grades = [body.source_quality for body in rows(NotifiedBody)]
    assert {grade: grades.count(grade) for grade in "ABCMN"} == {"A": 4, "B": 7, "C": 21, "M": 20, "N": 20}
    for body in rows(NotifiedBody):
        assert (body.source_quality == "N") <= (body.status == "refused"), body.code


def test_the_reliefs_of_2020_are_over_and_say_until_when():
    reliefs = book()[DutyRelief]
    assert reliefs["CA-20-08"].authorisation == "73-2529"
    assert reliefs["CA-20-08"].relieves_tax
    assert reliefs["CA-SOR-2020-101"].authorisation == "20-304"
    assert not reliefs["CA-SOR-2020-101"].relieves_tax
    assert reliefs["CA-SOR-2020-101"].valid_to.isoformat() == "2022-05-07"


def test_a_price_band_has_days_and_a_currency():
    for band in rows(PriceBand):
        assert band.valid_from, band.code
        assert band.valid_to, band.code
        assert re.fullmatch(r"[A-Z]{3}", band.currency)
        assert 0 < band.low <= band.high
