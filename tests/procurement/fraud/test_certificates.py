"""Fraud cases found by a certificate.

These are the cases 2 (Spain), 12 (the list of respirators), 13 (certificates of registration), 14 (voluntary
certificates) and 15 (CE 2163) of docs/fraud_cases.md. Each has two variants of other companies, goods and
numbers, and near misses without a finding.
"""

from datetime import date

import pytest

from tests.worlds.fraud_cases import afternoon_of, has_finding

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-papers")]
NMPA = "https://www.nmpa.gov.example/search"


@pytest.mark.parametrize(
    ("seller", "maker", "product", "pieces", "shown"),
    [
        (("Intermediaria Ibérica", "ES"), "深圳快检生物技术", "TEST_RAT", 640_000, ("EU_MD_DOC", "CE-IVD")),
        (("Kraków Med Handel", "PL"), "苏州蓝衣防护", "COVERALL", 12_500, ("EU_PPE_B", "0370/PPE/20/0123")),
        pytest.param(
            ("Melbourne Care Imports", "AU"),
            "福州测温仪器",
            "THERMO_IR",
            900,
            ("ISO_13485", "Q5 20 03 1"),
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_02_spain_foreign_approval_without_a_chinese_licence_is_found(
    fraud_story, seller, maker, product, pieces, shown
):
    trader, factory = fraud_story.enter_company(*seller, role="trader"), fraud_story.enter_company(maker)
    fraud_story.enter_certificate(trader, *shown, products=[product])
    lead = fraud_story.enter_offer(trader, product, pieces, maker=factory)
    fraud_story.record_lookup(factory, "licence", "no_licence", address=NMPA, answered_on=date(2020, 3, 26))
    found = fraud_story.findings_of(lead)
    name = f"{maker} DEMO"
    assert has_finding(
        found["maker_unlicensed"],
        "block",
        (
            f"{name} has no licence to make these goods (LU-",
            f"{name} n’a pas de licence",
            f"{name}没有生产这些物资的许可证",
        ),
    )
    assert has_finding(
        found["maker_unlicensed"],
        "block",
        ("2020-03-26). A foreign mark does not replace a licence.", "2020-03-26). Un marquage", "2020-03-26"),
    )
    assert found["maker_unlicensed"].source == NMPA
    assert fraud_story.missing_certificates(lead)["CN/CN_NMPA_REG"] == "block"
    missing = lead.findings.get(subject="CN/CN_NMPA_REG", status="open")
    assert has_finding(
        missing,
        "block",
        ("Missing (China): NMPA medical", "Manquant (Chine) : ", "缺少（中国）："),
    )
    assert fraud_story.required_checks(lead) >= {"export_permission", "production_and_stock_visit"}


def test_02_near_miss_chinese_licence_and_registration_are_not_flagged(fraud_story):
    trader, factory = (
        fraud_story.enter_company("Buena Fe", "ES", role="trader"),
        fraud_story.enter_company("无锡康测生物"),
    )
    fraud_story.enter_certificate(
        factory, "CN_NMPA_REG", "国械注准20203400123", valid_until=date(2021, 3, 25)
    )
    fraud_story.enter_certificate(
        trader,
        "CN_NMPA_REG",
        "国械注准20203400123",
        valid_until=date(2021, 3, 25),
        holder="无锡康测生物 DEMO",
    )
    lead = fraud_story.enter_offer(trader, "TEST_RAT", 640_000, maker=factory)
    fraud_story.record_lookup(factory, "licence", "licensed", address=NMPA)
    assert "maker_unlicensed" not in fraud_story.findings_of(lead)
    assert "CN/CN_NMPA_REG" not in fraud_story.missing_certificates(lead)


@pytest.mark.parametrize(
    ("maker", "product", "number", "cut"),
    [
        ("上海滤盾", "RESP_KN95", "EUA200123", date(2020, 5, 7)),
        ("广州呼吸防护", "RESP_KN95", "EUA200456", date(2020, 6, 6)),
        pytest.param(
            "Hanoi Loc Khi", "RESP_FFP2", "EUA200789", date(2020, 10, 15), marks=pytest.mark.every_way
        ),
    ],
)
def test_12_respirator_removed_from_the_authorization_list_is_flagged(
    fraud_story, maker, product, number, cut
):
    factory = fraud_story.enter_company(maker, "VN" if maker.startswith("Hanoi") else "CN")
    fraud_story.enter_certificate(factory, "US_EUA", number)
    lead = fraud_story.enter_offer(factory, product, 60_000)
    later = afternoon_of(2020, 11, 2)
    fraud_story.record_lookup(
        factory, "product_list", "cut", since=cut, at=later, address="https://www.fda.gov.example/appendix-a"
    )
    found = fraud_story.findings_of(lead, later)["cut_from_list"]
    name, day = f"{maker} DEMO", cut.isoformat()
    assert has_finding(
        found,
        "block",
        (
            f"The goods of {name} were removed from the authority’s list on {day}",
            f"Les articles de l’entreprise {name} ont été retirés de la liste de l’autorité le {day}",
            f"{name}的产品已于{day}从主管机关的名单中除名",
        ),
    )


@pytest.mark.parametrize(
    ("maker", "product"),
    [
        ("杭州滤材一", "RESP_KN95"),
        ("宁波滤材二", "RESP_KN95"),
        pytest.param("Da Nang Mask", "RESP_FFP2", marks=pytest.mark.every_way),
    ],
)
def test_12_certificate_is_worthless_after_the_authorization_was_revoked(fraud_story, maker, product):
    factory = fraud_story.enter_company(maker)
    fraud_story.enter_certificate(factory, "US_EUA", "EUA200321")
    lead = fraud_story.enter_offer(factory, product, 60_000)
    assert "certificate_worthless" not in fraud_story.findings_of(lead, afternoon_of(2021, 6, 30)), (
        "near miss: its last day"
    )
    late = fraud_story.findings_of(lead, afternoon_of(2021, 7, 1))["certificate_worthless"]
    assert has_finding(
        late,
        "block",
        ("proves nothing for these goods: ", "ne prouve rien pour ces articles : ", "没有证明效力："),
    )


def test_12_near_miss_listed_model_or_removal_of_another_model_is_not_flagged(fraud_story):
    factory = fraud_story.enter_company("嘉兴滤盾")
    lead = fraud_story.enter_offer(factory, "RESP_KN95", 60_000, model="JX-95")
    fraud_story.record_lookup(factory, "product_list", "listed")
    fraud_story.record_lookup(
        factory, "product_list", "cut", since=date(2020, 4, 7), model="JX-90", address="https://other.example"
    )
    assert not {"cut_from_list", "not_on_list"} & set(fraud_story.findings_of(lead))


@pytest.mark.parametrize(
    ("ready", "ends", "code"),
    [
        (date(2020, 4, 30), date(2020, 5, 3), "certificate_expired"),
        (date(2020, 5, 12), date(2020, 5, 15), "certificate_expired"),
        (date(2020, 6, 1), date(2020, 6, 4), "certificate_expired"),
        pytest.param(date(2020, 4, 30), date(2020, 5, 4), None, marks=pytest.mark.every_way),
    ],
)
def test_12_certificate_expiring_before_arrival_is_flagged(fraud_story, ready, ends, code):
    factory = fraud_story.enter_company(f"中山到期 {ends}")
    fraud_story.enter_certificate(factory, "CN_NMPA_REG", "粤械注准20202140555", valid_until=ends)
    found = fraud_story.findings_of(
        fraud_story.enter_offer(factory, "MASK_SURG", 5_000, ready_on=ready, air_days=4)
    )
    assert {"certificate_expired"} & set(found) == ({code} if code else set())
    if code:
        assert has_finding(
            found[code],
            "warn",
            (
                f"expires on {ends}, before the goods would arrive",
                f"expire le {ends}, avant l’arrivée prévue",
                f"于{ends}到期，早于预计到货时间",
            ),
        )


@pytest.mark.parametrize(
    ("maker", "country", "product", "number"),
    [
        ("淮安认证制品", "CN", "MASK_SURG", "3099999999"),
        ("温州注册医疗", "CN", "GOWN_ISO_L3", "D123456"),
        pytest.param("Busan Gloves", "KR", "GLOVE_EXAM_NITRILE", "3012345678", marks=pytest.mark.every_way),
    ],
)
def test_13_certificate_of_registration_is_worthless(fraud_story, maker, country, product, number):
    factory = fraud_story.enter_company(maker, country)
    fraud_story.enter_certificate(factory, "US_FDA_REG", number)
    found = fraud_story.findings_of(fraud_story.enter_offer(factory, product, 30_000))[
        "certificate_worthless"
    ]
    assert has_finding(
        found,
        "block",
        (
            "proves nothing for these goods: FDA registration is not approval",
            "ne prouve rien pour ces articles : L’inscription à la FDA n’est pas une approbation",
            "没有证明效力：",
        ),
    )
    assert found.source.startswith("http")


def test_13_near_miss_clearance_by_the_same_authority_is_not_flagged(fraud_story):
    factory = fraud_story.enter_company("宁波正规医疗")
    fraud_story.enter_certificate(factory, "US_510K", "K203161")
    found = fraud_story.findings_of(fraud_story.enter_offer(factory, "MASK_SURG", 30_000))
    assert not {"certificate_worthless", "certificate_malformed"} & set(found)


@pytest.mark.parametrize(
    ("maker", "kind", "issuer", "code", "words"),
    [
        (
            "义乌自愿认证",
            "EU_VOLUNTARY",
            "ICR Polska Sp. z o.o.",
            "certificate_worthless",
            ("proves nothing for these goods", "ne prouve rien pour ces articles", "没有证明效力"),
        ),
        (
            "永康防护",
            "EU_PPE_B",
            "CELAB S.r.l.",
            "certificate_body",
            (
                "(CELAB S.r.l.): The letterhead belongs to an organization that is not a notified body",
                "(CELAB S.r.l.)",
                "（CELAB S.r.l.）",
            ),
        ),
        pytest.param(
            "深圳海拓",
            "EU_PPE_B",
            "Shenzhen HTT Technology Co., Ltd.",
            "certificate_body",
            ("belongs to an organization that is not a notified body", "qui n’est pas notifié pour", "公告"),
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_14_voluntary_certificate_is_recognized_by_kind_and_letterhead(
    fraud_story, maker, kind, issuer, code, words
):
    factory = fraud_story.enter_company(maker)
    fraud_story.enter_certificate(factory, kind, "0P200325.HKTUD01", issuer=issuer)
    found = fraud_story.findings_of(fraud_story.enter_offer(factory, "RESP_FFP2", 50_000))[code]
    assert has_finding(found, "block", words)
    assert found.source.startswith("http")


def test_14_near_miss_honest_body_with_a_similar_name_is_not_flagged(fraud_story):
    factory = fraud_story.enter_company("嘉兴诚信认证")
    fraud_story.enter_certificate(
        factory, "EU_PPE_B", "1023/PPE/20/1", issuer="Institut pro testování a certifikaci (ITC)"
    )
    assert not {"certificate_body", "certificate_worthless"} & set(
        fraud_story.findings_of(fraud_story.enter_offer(factory, "RESP_FFP2", 50_000))
    )


@pytest.mark.parametrize(
    ("maker", "number", "issued", "code", "severity", "words"),
    [
        (
            "Boğaziçi Maske",
            "2163-PPE-1180",
            date(2021, 5, 31),
            "certificate_body",
            "block",
            ("2163 Universal", "2163 Universal", "2163"),
        ),
        (
            "湖州过滤",
            "2163-PPE-0907",
            date(2021, 9, 1),
            "certificate_body",
            "block",
            ("authorized to certify until 2021-05-30", "2021-05-30", "2021-05-30"),
        ),
        (
            "Izmir Solunum",
            "2163-PPE-0042",
            date(2021, 6, 1),
            "certificate_body",
            "block",
            ("authorized to certify until 2021-05-30", "2021-05-30", "2021-05-30"),
        ),
        pytest.param(
            "徐州面罩",
            "2163-PPE-0011",
            date(2021, 5, 30),
            "certificate_body_watched",
            "warn",
            (
                "but in this case that is not enough. Have a sample tested. It lost",
                "mais cela ne suffit pas en l’espèce",
                "有权签发，但仅凭此不够",
            ),
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_15_certificate_of_body_2163_is_watched_until_its_end_and_then_blocks(
    fraud_story, maker, number, issued, code, severity, words
):
    """The last row of parameters is the near miss: the body could still sign on its last day.

    That certificate is not refused, and a sample is asked for.
    """
    factory = fraud_story.enter_company(maker, "CN" if maker[0] > "z" else "TR")
    fraud_story.enter_certificate(factory, "EU_PPE_B", number, body="2163", module="B", issued_on=issued)
    found = fraud_story.findings_of(
        fraud_story.enter_offer(factory, "RESP_FFP2", 700), afternoon_of(2021, 10, 1)
    )
    assert {"certificate_body", "certificate_body_watched"} & set(found) == {code}
    assert has_finding(found[code], severity, words)


def test_15_near_miss_certificate_of_another_listed_body_is_not_flagged(fraud_story):
    factory = fraud_story.enter_company("江阴名录")
    fraud_story.enter_certificate(
        factory, "EU_PPE_B", "0370-4179", body="0370", module="B", issued_on=date(2020, 3, 1)
    )
    fraud_story.enter_certificate(
        factory, "EU_PPE_D", "0370", body="0370", module="D", issued_on=date(2020, 3, 1)
    )
    found = fraud_story.findings_of(fraud_story.enter_offer(factory, "RESP_FFP2", 70))
    assert not {"certificate_body", "certificate_body_watched", "certificate_modules"} & set(found)
