"""Tests of every row of the data files: three languages, a source or a mark as from memory, and existing references."""

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
from tests.procurement.catalogue.catalogue_in_memory import catalogue_rows

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


def rows_of(model: type[ReferenceRow]) -> Iterable[Any]:
    return catalogue_rows()[model].values()


def test_catalogue_files_contain_the_expected_number_of_rows():
    counts = {model: len(catalogue_rows()[model]) for model in MODELS}
    assert counts[Product] == 37
    assert counts[CertificateType] == 41
    assert counts[NotifiedBody] == 72
    assert counts[Standard] == 100
    assert counts[StandardEquivalence] > 800
    assert counts[CustomsRule] > 50


@pytest.mark.parametrize("model", MODELS)
def test_every_row_has_a_source_or_is_marked_as_from_memory(model):
    for row in rows_of(model):
        assert row.source_urls or row.confidence in {Confidence.NO_SOURCE, Confidence.DERIVED}, row.code
        assert not (row.confidence == Confidence.RELIABLE and not row.source_urls), row.code
        assert all(row._meta.get_field(name) for name in row.unsourced_columns), row.code


@pytest.mark.parametrize("model", MODELS)
def test_every_text_for_readers_exists_in_three_languages(model):
    stems = [name for name, value in vars(model).items() if isinstance(value, TranslatedField)]
    for row in rows_of(model):
        for stem in stems:
            english, french, chinese = (getattr(row, f"{stem}_{language}") for language in ("en", "fr", "zh"))
            assert bool(english) == bool(french) == bool(chinese), (row.code, stem)
            assert not chinese or HAN.search(chinese) or chinese in SAME_IN_CHINESE, (row.code, stem)


def test_every_product_has_a_tariff_code_and_a_known_unit():
    with_code = {code.product.code for code in rows_of(TariffCode)}
    assert with_code == set(catalogue_rows()[Product])
    assert {product.unit for product in rows_of(Product)} <= set(Product.Unit)


def test_every_standard_is_used_by_a_product():
    assert {link.standard.code for link in rows_of(ProductStandard)} == set(catalogue_rows()[Standard])


def test_rules_refer_only_to_existing_products_certificate_types_and_families():
    products, kinds = set(catalogue_rows()[Product]), set(catalogue_rows()[CertificateType])
    for rule in rows_of(CustomsRule):
        assert set(rule.products) <= products, rule.code
        assert set(rule.satisfied_by) <= kinds, rule.code
        assert rule.why_en or rule.effect != "blocks", rule.code
    for status in rows_of(CertificateTypeStatus):
        assert set(status.products) <= products, status.code


def test_blocking_rule_is_reliable_and_dated():
    for rule in rows_of(CustomsRule):
        if rule.effect == CustomsRule.Effect.BLOCKS:
            assert rule.confidence == Confidence.RELIABLE, rule.code
            assert rule.valid_from, rule.code
            assert rule.valid_to or rule.seen_on, rule.code


def test_row_with_a_source_has_a_validity_or_reading_date():
    for model in UNDATED:
        for row in rows_of(model):
            if row.source_urls:
                assert row.seen_on or row.valid_from or row.valid_to, f"{model.__name__} {row}"
    assert {row.seen_on for row in rows_of(Product)} == {READ}


def test_rows_from_memory_or_already_ended_have_no_reading_date():
    for model in UNDATED:
        for row in rows_of(model):
            if row.confidence == Confidence.NO_SOURCE:
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
def test_certification_body_was_seen_on_the_first_date_of_its_source(code, seen):
    assert str(catalogue_rows()[NotifiedBody][code].seen_on) == seen  # type: ignore[attr-defined]  # rows of every model


def test_certification_bodies_keep_the_grade_of_their_source():
    grades = [body.source_quality for body in rows_of(NotifiedBody)]
    assert {grade: grades.count(grade) for grade in "ABCMN"} == {"A": 4, "B": 7, "C": 21, "M": 20, "N": 20}
    for body in rows_of(NotifiedBody):
        assert (body.source_quality == "N") <= (body.status == "refused"), body.code


def test_duty_reliefs_of_2020_have_their_authorization_and_end_date():
    reliefs = catalogue_rows()[DutyRelief]
    assert reliefs["CA-20-08"].authorisation == "73-2529"
    assert reliefs["CA-20-08"].relieves_tax
    assert reliefs["CA-SOR-2020-101"].authorisation == "20-304"
    assert not reliefs["CA-SOR-2020-101"].relieves_tax
    assert reliefs["CA-SOR-2020-101"].valid_to.isoformat() == "2022-05-07"


def test_price_range_has_dates_currency_and_ordered_limits():
    for band in rows_of(PriceBand):
        assert band.valid_from, band.code
        assert band.valid_to, band.code
        assert re.fullmatch(r"[A-Z]{3}", band.currency)
        assert 0 < band.low <= band.high
