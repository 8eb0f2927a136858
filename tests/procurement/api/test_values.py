"""Values that no column takes: refused with their field; and the last line, where a rule forgot one."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError

from procurement.leads.models import SupplierLead
from procurement.leads.rules import facts
from procurement.suppliers.models import Certificate
from tests.procurement.api.program import Program
from tests.procurement.shipments.play import Voyage


def offer(story: Voyage, **values: Any) -> dict[str, Any]:
    return {
        "city": story.city.slug,
        "supplier": story.supplier.reference,
        "product": "MASK_SURG",
        "stock_quantity": 5_000,
        **values,
    }


def certificate(story: Voyage, **values: Any) -> dict[str, Any]:
    return {"supplier": story.supplier.reference, "kind": "CN_TEST_CNAS", "number": "CNAS L1", **values}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"prepayment_percent": 150}, "prepayment_percent"),
        ({"prepayment_percent": -1}, "prepayment_percent"),
        ({"prepayment_percent": 10**20}, "prepayment_percent"),
        ({"unit_price": "9999999999.9999", "currency": "USD"}, "unit_price"),
        ({"unit_price": "9999999999.9999", "currency": "CAD"}, "unit_price"),
        ({"unit_price": "99999999999", "currency": "CAD"}, "unit_price"),
        ({"unit_price": "0", "currency": "CAD", "kind": "donation"}, "unit_price"),
        ({"unit_price": "NaN", "currency": "CAD"}, "unit_price"),
        ({"stock_quantity": 10**30}, "stock_quantity"),
        ({"stock_quantity": -5}, "stock_quantity"),
        ({"capacity_per_day": 2**31}, "capacity_per_day"),
        ({"capacity_per_day": 2**31 - 1}, "capacity_per_day"),
        ({"min_order_quantity": 5_001}, "min_order_quantity"),
        ({"lead_days": 40_000}, "lead_days"),
        ({"ready_on": "9999-12-31", "lead_days": 30}, "ready_on"),
        ({"valid_until": "0001-01-01"}, "valid_until"),
        ({"remark": "a\0b"}, "remark"),
        ({"remark": "x" * 10_001}, "remark"),
        ({"stock_place": "x" * 201}, "stock_place"),
        ({"referred_by": ["x" * 201]}, "referred_by/0"),
        ({"referred_by": ["a\0b"]}, "referred_by/0"),
        ({"payment_terms": "x" * 201}, "payment_terms"),
        ({"sample_available": "perhaps"}, "sample_available"),
        ({"reference_customers": ["x" * 201]}, "reference_customers/0"),
        ({"reference_customers": ["x"] * 21}, "reference_customers"),
    ],
)
def test_a_value_no_offer_can_have_is_pointed_at(
    story: Voyage, officer: Program, values: dict[str, Any], field: str
) -> None:
    told = officer.refused("supplier-leads/", offer(story, **values))
    assert (told["status"], {one["pointer"] for one in told["errors"]}) == (422, {f"#/{field}"})
    assert not SupplierLead.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"issued_on": "2020-04-02", "valid_until": "2020-04-01"}, "valid_until"),
        ({"issued_on": "0020-04-02"}, "issued_on"),
        ({"number": "x" * 81}, "number"),
        ({"number": "a\0"}, "number"),
        ({"holder": "x" * 201}, "holder"),
    ],
)
def test_a_value_no_certificate_can_have_is_pointed_at(
    story: Voyage, officer: Program, values: dict[str, Any], field: str
) -> None:
    told = officer.refused("certificates/", certificate(story, **values))
    assert (told["status"], {one["pointer"] for one in told["errors"]}) == (422, {f"#/{field}"})
    known = officer.post("certificates/", certificate(story))["reference"]
    told = officer.refused(f"certificates/{known}/amend/", values)
    assert {one["pointer"] for one in told["errors"]} == {f"#/{field}"}


def test_a_certificates_standards_and_goods_are_corrected(story: Voyage, officer: Program) -> None:
    given = {"standards": ["ASTM-F2100-L2"], "products": ["MASK_SURG"]}
    at = f"certificates/{officer.post('certificates/', certificate(story, **given))['reference']}"
    officer.post(f"{at}/amend/", {"standards": ["GB2626-2006-KN95"], "issuer": "A house"})
    told = officer.get(f"{at}/")
    assert (told["standards"], told["products"], told["issuer"]) == (
        ["GB2626-2006-KN95"],
        ["MASK_SURG"],
        "A house",
    )
    officer.post(f"{at}/amend/", {"products": []})
    assert officer.get(f"{at}/")["products"] == []
    wrong = officer.refused(f"{at}/amend/", {"standards": ["NO-SUCH"]})
    assert wrong["errors"][0]["pointer"].startswith("#/standards")


@pytest.mark.parametrize(
    ("column", "value", "error"),
    [("prepayment_percent", 150, IntegrityError), ("unit_price", 10**12, DataError)],
)
@pytest.mark.parametrize("language", ["en", "fr-ca"])
def test_what_no_rule_refused_and_the_database_does_is_no_fault_of_the_server(
    story: Voyage,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    column: str,
    value: int,
    error: type[Exception],
    language: str,
) -> None:
    """A rule that forgot a value, forced: the database's own constraint and its own columns say no."""
    monkeypatch.setattr(facts, "fault", lambda lead: setattr(lead, column, value))
    monkeypatch.setattr(facts, "MOST_PRICE", 10**15)
    told = Program(story.officer.user, language=language).refused(
        "supplier-leads/", offer(story, currency="CAD")
    )
    assert (told["status"], told["code"]) == (422, "does_not_fit")
    assert "constraint" not in str(told) and "numeric" not in str(told)
    assert any(isinstance(one.exc_info[1], error) for one in caplog.records if one.exc_info)
    assert not SupplierLead.objects.exists()


def test_offers_are_found_by_the_names_of_their_company_and_goods(story: Voyage, officer: Program) -> None:
    made = officer.post("supplier-leads/", offer(story))["reference"]
    for typed in ("中山", "康护用品", "Surgical mask"):
        assert [row["reference"] for row in officer.get(f"supplier-leads/?search={typed}")["results"]] == [
            made
        ]
    assert officer.get("supplier-leads/?search=佛山")["results"] == []
    assert not Certificate.objects.exists()
