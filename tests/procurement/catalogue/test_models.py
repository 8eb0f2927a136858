"""Tests of the reference rows: names by language, dates, and the queries of other apps."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.actors import CONSOLE_ACTOR
from partners.permissions.permissions import Permissions
from procurement.catalogue.actions import load_catalogue
from procurement.catalogue.models.certificates import CertificateType, NotifiedBody
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.products import Product, TariffCode
from procurement.catalogue.models.reference_rows import TranslatedField, Validity
from procurement.catalogue.models.standards import EquivalenceReason, Standard, StandardEquivalence

APRIL = date(2020, 4, 16)


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    """Load the catalogue for all tests of this module, and undo it afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogue(by=CONSOLE_ACTOR, at=datetime(2020, 4, 1, tzinfo=UTC))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(loaded_once, db):
    """Provide the catalogue in the test's own transaction."""


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "mask"), ("fr-ca", "masque"), ("zh-hans", "口罩"), ("de", "mask")],
)
def test_catalogue_name_is_read_in_the_readers_language(language, name):
    row = Product(name_en="mask", name_fr="masque", name_zh="口罩")
    with override(language):
        assert row.name == name == str(row)


def test_missing_translation_falls_back_to_english():
    row = Product(name_en="mask")
    with override("zh-hans"):
        assert row.name == "mask"
    with override(None):
        assert row.name == "mask"
    assert isinstance(Product.name, TranslatedField)


@pytest.mark.parametrize(
    ("begins", "ends", "seen", "on", "holds"),
    [
        (None, None, None, APRIL, Validity.UNKNOWN),
        (date(2020, 4, 1), None, None, APRIL, Validity.UNKNOWN),
        (date(2020, 4, 1), None, date(2020, 4, 10), APRIL, Validity.YES),
        (date(2020, 4, 1), None, date(2018, 4, 16), APRIL, Validity.UNKNOWN),
        (date(2020, 4, 1), None, date(2018, 4, 17), APRIL, Validity.YES),
        (date(2020, 4, 16), date(2020, 4, 16), None, APRIL, Validity.YES),
        (date(2020, 4, 17), None, date(2021, 1, 1), APRIL, Validity.NO),
        (date(2020, 4, 1), date(2020, 4, 15), None, APRIL, Validity.NO),
        (None, date(2020, 4, 15), None, APRIL, Validity.NO),
        (None, date(2020, 5, 1), None, APRIL, Validity.UNKNOWN),
    ],
)
def test_row_with_unknown_dates_holds_unless_its_last_sighting_is_old(begins, ends, seen, on, holds):
    assert Standard(valid_from=begins, valid_to=ends, seen_on=seen).validity_on(on) is holds


def test_row_or_single_column_may_be_marked_as_from_memory():
    row = Standard(confidence="firm", unsourced_columns=["edition"])
    assert row.is_reliable
    assert row.is_unsourced("edition")
    assert not row.is_unsourced("level")
    assert Standard(confidence="memory").is_unsourced("level")
    assert not Standard(confidence="weak").is_reliable


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Standard(designation="ASTM F2100", level="Level 2", market="US"), "ASTM F2100 Level 2"),
        (Standard(designation="YY 0469", edition="2011", market="CN"), "YY 0469-2011"),
        (
            Standard(designation="EN 149", edition="2001+A1:2009", level="FFP2", market="EU"),
            "EN 149:2001+A1:2009 FFP2",
        ),
        (CertificateType(name_en="Filing"), "Filing"),
        (NotifiedBody(number="2163", name="Universal"), "2163 Universal"),
        (NotifiedBody(name="NPS"), "NPS"),
        (CustomsRule(name_en="Invoice"), "Invoice"),
        (DutyRelief(name_en="Order"), "Order"),
        (TariffCode(number="630790"), "630790"),
        (EquivalenceReason(code="LOWER"), "LOWER"),
    ],
)
def test_catalogue_row_is_displayed_by_its_usual_name(row, words):
    assert str(row) == words


def test_every_reader_sees_every_catalogue_row(loaded):
    nobody = Permissions(user_id=1, label="Somebody", via="session")
    assert Product.objects.visible_to(nobody).count() == 37
    assert Standard.objects.visible_to(nobody).count() == Standard.objects.count()


def test_products_are_searched_in_any_language(loaded):
    assert {row.code for row in Product.objects.search("charlotte")} == {"CAP_BOUFFANT"}
    assert "RESP_KN95" in {row.code for row in Product.objects.search("颗粒物")}
    assert Product.objects.search("").count() == 37


def test_product_knows_the_standards_of_every_market(loaded):
    mask = Product.objects.get(code="MASK_SURG")
    codes = set(mask.standards.values_list("code", flat=True))
    assert {"YY0469-2011", "ASTM-F2100-L2", "EN14683-IIR", "JIST9001-II", "MFDS-SURGICAL"} <= codes


def test_rules_of_a_route_are_ordered_and_exclude_ended_ones(loaded):
    rules = list(CustomsRule.objects.for_route("CN", "CA").possibly_in_force(APRIL))
    codes = [rule.code for rule in rules]
    assert {"CN-X-DECL5", "X-AWB", "CA-I-MDEL"} <= set(codes)
    assert "CN-X-JOINT12" not in codes
    assert "CA-I-CARM" not in codes
    assert codes == [rule.code for rule in sorted(rules, key=lambda rule: (rule.side, rule.position))]
    transport = {"X-AWB", "X-BL", "X-CIM", "X-COURIER_AWB", "X-DANGEROUS", "X-INSUR"}
    assert {rule.code for rule in CustomsRule.objects.for_route("KR", "JP")} == {
        *transport,
        *("JP-I-CLAIMS", "JP-I-PHOTOS", "JP-I-FREE"),
    }
    into_europe = {rule.code for rule in CustomsRule.objects.for_route("KR", "DE")}
    assert {"EU-I-CE-PPE", "EU-I-KN95"} <= into_europe


def test_price_ranges_of_a_product_family_are_those_begun_by_the_date(loaded):
    n95 = Product.objects.get(code="RESP_N95")
    begun = PriceBand.objects.of_product_family(n95, APRIL)
    in_april = {band.basis for band in begun if band.product == n95 and band.valid_to >= APRIL}
    assert in_april == {"paid", "list", "import", "floor"}
    assert {band.product.code for band in begun} >= {"RESP_N95", "RESP_KN95", "RESP_FFP2"}
    assert not PriceBand.objects.of_product_family(n95, date(2018, 1, 1)).exists()


@pytest.mark.parametrize(
    ("model", "code", "change", "constraint"),
    [
        (
            Product,
            "MASK_MED",
            {"valid_from": APRIL, "valid_to": date(2020, 1, 1)},
            "product_ends_after_it_begins",
        ),
        (PriceBand, "RESP_N95/US/list/USD/2020-01-21", {"low": 9}, "priceband_low_is_below_high"),
        (NotifiedBody, "2163", {"number": "216"}, "notifiedbody_number_is_four_digits"),
        (
            StandardEquivalence,
            "ASTM-F2100-L1<ASTM-F2100-L2",
            {"verdict": "unknown"},
            "standardequivalence_says_something",
        ),
    ],
)
def test_database_constraints_reject_invalid_catalogue_rows(loaded, model, code, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.filter(code=code).update(**change)


@pytest.mark.parametrize(
    ("language", "unit", "number", "word"),
    [
        ("en", "piece", 1, "piece"),
        ("en", "piece", 2, "pieces"),
        ("en", "litre", 1, "litre"),
        ("fr-ca", "pair", 1, "paire"),
        ("fr-ca", "unit", 2, "unités"),
        ("zh-hans", "test", 2, "人份"),
    ],
)
def test_unit_name_agrees_with_its_number(language, unit, number, word):
    with override(language):
        assert Product(unit=unit).unit_for_count(number) == word
