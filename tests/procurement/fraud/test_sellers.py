"""Fraud cases found by facts about the seller: 3 (Finland) and 11 (Panthera).

The answer of a register is recorded, and it is the fact that counts. Each case has two variants of other
companies, currencies and numbers, and near misses without a finding.
"""

from datetime import date

import pytest

from tests.worlds.fraud_cases import has_finding
from tests.worlds.need_to_order import AT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-sellers")]
COURT = "https://insolvency.example/search"


@pytest.mark.parametrize(
    ("seller", "country", "role", "product", "pieces", "price", "currency", "percent"),
    [
        ("Pikavippi Tuonti", "FI", "broker", "MASK_SURG", 2_000_000, "2.19", "EUR", 100),
        ("Kevät Kauneus", "FI", "trader", "RESP_FFP2", 230_000, "2.30", "EUR", 49),
        pytest.param(
            "Prairie Payday Imports",
            "CA",
            "broker",
            "MASK_SURG",
            40_000,
            "0.90",
            "CAD",
            60,
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_03_finland_indebted_seller_without_history_and_false_declared_use_is_flagged(
    fraud_story, seller, country, role, product, pieces, price, currency, percent
):
    firm = fraud_story.enter_company(seller, country, role=role)
    lead = fraud_story.enter_offer(
        firm,
        product,
        pieces,
        unit_price=price,
        currency=currency,
        prepayment_percent=percent,
        declared_use="non_medical",
    )
    fraud_story.record_lookup(
        firm, "insolvency", "debts", party="person", address=COURT, answered_on=date(2020, 3, 20)
    )
    fraud_story.record_lookup(firm, "history", "no_trade")
    found, name = fraud_story.findings_of(lead), f"{seller} DEMO"
    assert has_finding(
        found["company_debts"],
        "warn",
        (
            f"{name} (its owner or director): court records show debts (LU-",
            f"{name} (son propriétaire ou sa direction) : ",
            f"{name}（",
        ),
    )
    assert has_finding(
        found["company_debts"],
        "warn",
        ("2020-03-20). Pay nothing in advance.", "dettes constatées par un tribunal", "有法院债务记录"),
    )
    assert found["company_debts"].source == COURT
    assert has_finding(
        found["no_trade"],
        "warn",
        (
            f"No trading activity of {name} was found",
            f"Aucune activité commerciale n’a été trouvée pour {name}",
            f"未发现{name}的任何经营记录",
        ),
    )
    assert has_finding(
        found["use_mismatch"],
        "block",
        (
            "Declared use: Non-medical use. Use stated in the need: Medical use.",
            "Usage déclaré : Usage non médical. Usage prévu dans le besoin : Usage médical.",
            "申报用途：非医用；需求用途：医用。",
        ),
    )
    assert has_finding(
        found["prepayment_high"],
        "warn",
        (f"{percent}% is requested before", f"{percent} % du prix est demandé", f"预付{percent}%"),
    )
    assert fraud_story.required_checks(lead) >= {
        "business_licence",
        "production_and_stock_visit",
        "bank_account",
    }


def test_03_near_miss_known_importer_with_the_needed_use_is_not_flagged(fraud_story):
    firm = fraud_story.enter_company("Suomen Sairaalatarvike", "FI", role="trader")
    lead = fraud_story.enter_offer(
        firm, "MASK_SURG", 2_000_000, unit_price="0.60", currency="EUR", prepayment_percent=30
    )
    fraud_story.record_lookup(firm, "insolvency", "nothing_found", party="person", address=COURT)
    fraud_story.record_lookup(firm, "history", "same_goods")
    told = {"company_debts", "no_trade", "other_goods", "use_mismatch", "prepayment_high"}
    assert not told & set(fraud_story.findings_of(lead))


def test_03_near_miss_non_medical_goods_for_a_non_medical_need_are_not_flagged(fraud_story):
    firm = fraud_story.enter_company("Espoo Tukku", "FI", role="trader")
    lead = fraud_story.enter_offer(
        firm, "MASK_SURG", 10_000, needed="non_medical", declared_use="non_medical"
    )
    assert "use_mismatch" not in fraud_story.findings_of(lead)


@pytest.mark.parametrize(
    ("seller", "country", "product", "pieces", "price", "currency", "ended", "no_staff_since", "founded"),
    [
        (
            "Panther Tactical",
            "US",
            "RESP_N95",
            10_000_000,
            "5.50",
            "USD",
            date(2019, 12, 31),
            date(2018, 1, 1),
            None,
        ),
        (
            "Grenzland Security",
            "DE",
            "RESP_FFP2",
            350_000,
            "2.80",
            "EUR",
            date(2020, 2, 14),
            date(2019, 6, 30),
            None,
        ),
        pytest.param(
            "海宁安保培训",
            "CN",
            "RESP_KN95",
            75_000,
            "9.80",
            "CNY",
            date(2020, 4, 1),
            date(2020, 1, 1),
            date(2019, 12, 1),
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_11_panthera_struck_off_company_with_a_bankrupt_parent_is_flagged(
    fraud_story, seller, country, product, pieces, price, currency, ended, no_staff_since, founded
):
    firm = fraud_story.enter_company(seller, country, role="trader", founded_on=founded)
    lead = fraud_story.enter_offer(firm, product, pieces, unit_price=price, currency=currency)
    fraud_story.record_lookup(
        firm, "company_register", "struck_off", since=ended, address="https://register.example/entity"
    )
    fraud_story.record_lookup(firm, "insolvency", "insolvent", party="parent", address=COURT)
    fraud_story.record_lookup(firm, "staff", "no_staff", party="parent", since=no_staff_since)
    fraud_story.record_lookup(firm, "history", "no_trade")
    found, name = fraud_story.findings_of(lead), f"{seller} DEMO"
    for code, severity, words in (
        (
            "company_struck_off",
            "block",
            (
                f"{name} (the company itself): the registration ended on {ended}",
                f"l’immatriculation a pris fin le {ended}",
                f"登记已于{ended}终止",
            ),
        ),
        (
            "company_insolvent",
            "warn",
            (
                f"{name} (its parent company): insolvent",
                "insolvable selon le registre",
                "破产登记显示已破产",
            ),
        ),
        (
            "no_staff",
            "warn",
            (
                f"{name} (its parent company): no staff",
                "aucun personnel ni aucune activité",
                "未发现员工和经营活动",
            ),
        ),
        (
            "no_trade",
            "warn",
            (
                f"No trading activity of {name} was found",
                f"Aucune activité commerciale n’a été trouvée pour {name}",
                f"未发现{name}",
            ),
        ),
    ):
        assert has_finding(found[code], severity, words)
    assert found["company_insolvent"].unsure == "other_party"
    assert ("company_young" in found) == (founded is not None)
    if founded:
        assert has_finding(
            found["company_young"],
            "warn",
            (f"founded on {founded}", f"fondée le {founded}", f"成立于{founded}"),
        )


def test_11_near_miss_registered_company_with_staff_is_not_flagged(fraud_story):
    firm = fraud_story.enter_company(
        "Old Dominion Medical", "US", role="trader", founded_on=date(2019, 10, 15)
    )
    lead = fraud_story.enter_offer(firm, "RESP_N95", 10_000, unit_price="5.50", currency="USD")
    for kind, answer in (
        ("company_register", "in_order"),
        ("insolvency", "nothing_found"),
        ("staff", "active"),
        ("history", "same_goods"),
    ):
        fraud_story.record_lookup(firm, kind, answer)
    told = {
        "company_struck_off",
        "company_insolvent",
        "company_unregistered",
        "no_staff",
        "no_trade",
        "company_young",
    }
    assert not told & set(fraud_story.findings_of(lead, AT))
