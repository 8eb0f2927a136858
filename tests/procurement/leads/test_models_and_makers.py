"""Tests of the model on the pack and of the owner of a certificate, compared with the offer."""

import pytest

from tests.procurement.leads.documented_case_steps import (
    enter_certificate_of,
    enter_maker,
    enter_offer,
    findings_by_code,
)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("papers-of-cases")]


@pytest.mark.parametrize(
    ("models", "model", "told"),
    [
        ("AL-S1; AL-S2", "AL-S3", True),
        ("KN95-xxx", "FM-01", True),
        ("AL-S1~AL-S5", "AL-S3", False),
        ("AL-S3", "", False),
        ("", "AL-S3", False),
    ],
)
def test_offered_model_not_covered_by_the_certificate_is_flagged(town, models, model, told):
    company = enter_maker(town, f"型号有限公司 {models} {model} DEMO")
    enter_certificate_of(town, company, "CN_NMPA_REG", "粤械注准20202140777", models_covered=models)
    lead = enter_offer(town, company, "MASK_SURG", model=model)
    assert ("certificate_other_model" in findings_by_code(lead)) == told


@pytest.mark.parametrize(
    ("holder", "letter", "code"),
    [
        ("佛山安澜制造有限公司", "", "certificate_makers"),
        ("佛山安澜制造有限公司", "佛山安澜制造有限公司", None),
        ("第三家制造有限公司", "", "certificate_not_lent"),
        ("远帆贸易有限公司 DEMO", "", None),
    ],
)
def test_traders_certificate_held_by_its_maker_is_only_noted(town, holder, letter, code):
    factory = enter_maker(town, "佛山安澜制造有限公司 DEMO", role="maker")
    company = enter_maker(town, "远帆贸易有限公司 DEMO", role="trader")
    enter_certificate_of(town, company, "CN_NMPA_REG", "粤械注准20202140888", holder=holder)
    if letter:
        enter_certificate_of(town, company, "DIST_LETTER", "2020-3", holder=letter)
    findings = findings_by_code(enter_offer(town, company, "MASK_SURG", maker=factory))
    assert {"certificate_makers", "certificate_holder", "certificate_not_lent"} & set(findings) == (
        {code} if code else set()
    )
    if code == "certificate_makers":
        assert findings[code].severity == "note"
