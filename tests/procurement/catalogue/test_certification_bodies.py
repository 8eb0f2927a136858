"""Tests that a certification body may sign only if act, scope, module and day all fit."""

from datetime import date

import pytest
from django.utils.translation import override

from procurement.catalogue.models.certificates import NotifiedBody
from procurement.catalogue.rules.certification_bodies import (
    BodyResult,
    BodyVerdict,
    CertificationScope,
    body_number_shown,
    has_complete_modules,
    notified_body_verdict,
    unnotified_body,
)
from tests.procurement.catalogue import catalogue_in_memory

PPE = NotifiedBody.LegalAct.PPE
APRIL = date(2020, 4, 16)
TODAY = date(2026, 11, 25)


def verdict_on(
    number: str,
    *,
    act: str = PPE,
    scope: CertificationScope = CertificationScope.RESPIRATORS,
    module: str = "B",
    on: date = APRIL,
) -> BodyVerdict:
    return notified_body_verdict(
        number, act=act, scope=scope, module=module, on=on, bodies=catalogue_in_memory.bodies()
    )


@pytest.mark.parametrize(
    ("number", "module", "on", "outcome", "blocks"),
    [
        ("0370", "B", APRIL, "holds", False),
        ("2233", "C2", TODAY, "holds", False),
        ("2233", "D", TODAY, "holds", False),
        ("2233", "A", TODAY, "refused", True),
        ("2233", "", TODAY, "to_check", False),
        ("1370", "B", APRIL, "refused", True),  # well known, but not notified for protective equipment
        ("2703", "B", APRIL, "refused", True),
        ("2037", "B", APRIL, "refused", True),
        ("1299", "B", APRIL, "refused", True),
        ("2163", "B", APRIL, "holds", False),
        ("2163", "B", date(2021, 5, 30), "holds", False),
        ("2163", "B", date(2021, 5, 31), "refused", True),
        ("2163", "D", APRIL, "to_check", False),  # its modules are from memory
        ("0194", "B", date(2020, 12, 31), "holds", False),
        ("0194", "B", date(2021, 1, 1), "refused", True),
        ("0598", "B", APRIL, "holds", False),  # listed; the answer states that no source names its modules
        ("1008", "B", APRIL, "to_check", False),
        ("2849", "B", APRIL, "to_check", False),
        ("0075", "B", APRIL, "to_check", False),
        ("0120", "B", TODAY, "refused", False),  # number and name only: warns
        ("0086", "B", TODAY, "refused", False),  # from memory: warns
        ("2834", "B", TODAY, "to_check", False),
        ("9999", "B", APRIL, "unknown", False),
        ("", "B", APRIL, "unknown", False),
    ],
)
def test_certification_body_is_assessed_by_number_module_and_date(number, module, on, outcome, blocks):
    found = verdict_on(number, module=module, on=on)
    assert (found.outcome, found.is_blocking) == (outcome, blocks)
    assert found.reason


def test_body_2163_is_accepted_with_a_warning():
    found = verdict_on("2163")
    assert found.outcome == BodyResult.NOTIFIED
    assert found.needs_review
    assert "700" in str(verdict_on("2163", on=date(2021, 5, 30)).note)
    assert not verdict_on("0370").needs_review


def test_authorization_ended_for_respirators_still_holds_for_goggles():
    assert verdict_on("2163", scope=CertificationScope.OTHER, on=TODAY).outcome == BodyResult.NOTIFIED
    assert verdict_on("1299", scope=CertificationScope.OTHER).outcome == BodyResult.TO_CHECK
    assert verdict_on("2849", scope=CertificationScope.OTHER).outcome == BodyResult.TO_CHECK
    assert verdict_on("0194", scope=CertificationScope.OTHER, on=TODAY).outcome == BodyResult.NOT_NOTIFIED


def test_certification_body_under_another_act_needs_a_manual_check():
    assert verdict_on("0370", act="2017/745").outcome == BodyResult.TO_CHECK


def test_end_date_of_an_authorization_is_stated_in_every_language():
    found = verdict_on("2163", on=TODAY)
    for language in ("en", "fr-ca", "zh-hans"):
        with override(language):
            assert "2021-05-30" in str(found.reason)


@pytest.mark.parametrize(
    ("modules", "complete"),
    [(["B", "C2"], True), (["B", "D"], True), (["B"], False), (["C2", "D"], False), ([], False)],
)
def test_certificate_modules_must_cover_design_and_production(modules, complete):
    assert has_complete_modules(modules) is complete


@pytest.mark.parametrize(
    ("issuer", "code"),
    [
        ("Shenzhen CIC Testing Technology Co., Ltd.", "N-CIC"),
        ("CIC", "N-CIC"),
        ("Ente Certificazione Macchine Srl", "1282"),
        ("ICR Polska Sp. z o.o.", "2703"),
        ("CELAB", "2037"),
        ("AMTRE VERITAS", "N-AMTRE-VERITAS"),
        ("Guangzhou Bestek Testing Services Limited", "N-BTK"),
        ("ITC Shenzhen", "N-ITC"),
        ("BTK Bestek", "N-BTK"),
        ("ENC East Notice", "N-ENC"),
        ("Huawei Testing", "N-SHENZHEN-HUAWEI-TESTING-CERTIFICATION"),
        ("HX Huaxun", "N-HX-HUAXUN"),
        ("TSU Slovakia", "1299"),
        ("CELAB Srl, Latina", "2037"),
        ("ISET S.r.l. Unipersonale", "0865"),
    ],
)
def test_issuer_of_worthless_certificates_is_recognized_by_its_letterhead(issuer, code):
    found = unnotified_body(issuer, scope=CertificationScope.RESPIRATORS, bodies=catalogue_in_memory.bodies())
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "Institut pro testování a certifikaci (ITC)",
        "DEKRA Testing and Certification GmbH",
        "SGS Fimko Ltd",
        "Bureau Veritas",
        "Shenzhen Testing Technology Services",
        "Ente Certificazione",
        "ITC, Praha",
        "Huaxun Medical",
    ],
)
def test_legitimate_certification_body_is_not_taken_for_a_worthless_issuer(issuer):
    assert (
        unnotified_body(issuer, scope=CertificationScope.RESPIRATORS, bodies=catalogue_in_memory.bodies())
        is None
    )


def test_body_refused_for_respirators_is_accepted_for_gowns():
    name = "TSÚ Slovakia (Technický skúšobný ústav Piešťany)"
    assert unnotified_body(name, scope=CertificationScope.OTHER, bodies=catalogue_in_memory.bodies()) is None
    assert (
        unnotified_body(name, scope=CertificationScope.RESPIRATORS, bodies=catalogue_in_memory.bodies())
        is not None
    )


@pytest.mark.parametrize(
    ("issuer", "key", "number"),
    [
        ("CE 9999 Prime Testing", "", "9999"),
        ("Prime Testing, notified body No. 2703", "", "2703"),
        ("NB-2703", "AB12", "2703"),
        ("", "2703", "2703"),
        ("Prime Testing 2020", "2703PPE17", ""),
        ("CE 27031 Prime", "", ""),
        ("Prime Testing, Organisme notifié n° 2703", "", "2703"),
        ("Prime Testing, organisme notifié (ON) 0333", "", "0333"),
        ("公告机构 2703", "", "2703"),
        ("公告机构编号：2163", "", "2163"),
        ("Benannte Stelle 0158", "", "0158"),
        ("Prime Testing, CE 2017/745", "", ""),
        ("Prime Testing, CE 2016/425, NB 2797", "", "2797"),
        ("Règlement (CE) n° 1907/2006", "", ""),
        ("CE 0598/20", "", "0598"),
        ("Prime Testing, notified body 2020", "", ""),
        ("Prime Testing, notified body 2020, NB 2797", "", "2797"),
    ],
)
def test_body_number_is_read_from_the_issuer_text(issuer, key, number):
    assert body_number_shown(issuer, key) == number
