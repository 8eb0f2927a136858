"""Fraud cases found by facts about the goods.

These are the cases 9 (39 million respirators), 10 (seven times the list price), 17 (ear loops), 19 (a filter
that is none) and 20 (counterfeit approvals) of docs/fraud_cases.md. Each has two variants of other companies,
currencies and numbers, and near misses without a finding.
"""

import pytest

from tests.worlds.fraud_cases import has_finding

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-goods")]


@pytest.mark.parametrize(
    ("seller", "country", "product", "stock", "exist", "shown", "chain"),
    [
        (
            "Pittsburgh Brokers",
            "US",
            "RESP_N95",
            39_000_000,
            20_000_000,
            ("39,000,000", "39 000 000", "39,000,000"),
            3,
        ),
        ("Golfo Salud", "KW", "RESP_FFP3", 5_000_000, 4_999_999, ("5,000,000", "5 000 000", "5,000,000"), 4),
        pytest.param(
            "鹏城口罩",
            "CN",
            "MASK_SURG",
            800_000,
            0,
            ("800,000", "800 000", "800,000"),
            3,
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_09_offer_above_the_makers_total_stock_through_many_hands_is_flagged(
    fraud_story, seller, country, product, stock, exist, shown, chain
):
    firm, maker = (
        fraud_story.enter_company(seller, country, role="broker"),
        fraud_story.enter_company(f"Maker of {stock}", "US"),
    )
    hands = [f"hand {number}" for number in range(chain)]
    lead = fraud_story.enter_offer(firm, product, stock, maker=maker, referred_by=hands)
    fraud_story.record_lookup(maker, "production_count", "counted", count=exist, address="+1 651 000 0000")
    fraud_story.record_lookup(firm, "distributor", "not_known", address="+1 651 000 0000")
    found = fraud_story.findings_of(lead)
    english, french, chinese = shown
    assert has_finding(
        found["made_fewer"],
        "warn",
        (
            f"{english} units are offered, but according to the manufacturer only {exist:,} exist",
            f"{french} unités sont offertes",
            f"所报数量为{chinese}，",
        ),
    )
    assert has_finding(
        found["chain_long"],
        "warn",
        (f"{chain} intermediaries: hand 0", f"{chain} intermédiaires : hand 0", f"{chain}个中间环节"),
    )
    assert has_finding(
        found["distributor_unknown"],
        "block",
        (
            "does not know this distributor: ",
            "ne connaît pas ce distributeur : ",
            "生产企业不认识这家经销商：",
        ),
    )
    assert has_finding(
        found["certificate_missing"],
        "warn",
        ("No certificate was provided.", "Aucun certificat", "未提供任何证书"),
    )
    assert "production_and_stock_visit" in fraud_story.required_checks(lead), (
        "somebody independent goes and looks"
    )


@pytest.mark.parametrize(
    ("capacity", "stock", "told"),
    [
        (100_000, 39_000_000, True),
        (5_000, 300_001, True),
        pytest.param(5_000, 300_000, False, marks=pytest.mark.every_way),
    ],
)
def test_09_stock_above_sixty_days_of_production_is_flagged(fraud_story, capacity, stock, told):
    """The last row of parameters is the near miss."""
    maker = fraud_story.enter_company(f"库存 {stock}")
    found = fraud_story.findings_of(
        fraud_story.enter_offer(maker, "MASK_SURG", stock, capacity_per_day=capacity)
    )
    assert ("stock_implausible" in found) == told
    if told:
        assert has_finding(
            found["stock_implausible"],
            "warn",
            (
                f"A stock of {stock:,} units is more than 60 days of production",
                "Un stock de "
                + f"{stock:,}".replace(",", " ")
                + " unités représente plus de 60 jours de production",
                "计算的60天产量",
            ),
        )


def test_09_near_miss_existing_stock_through_known_distributors_is_not_flagged(fraud_story):
    firm, maker = (
        fraud_story.enter_company("Known Broker", "US", role="broker"),
        fraud_story.enter_company("Known Maker", "US"),
    )
    lead = fraud_story.enter_offer(
        firm, "RESP_N95", 20_000_000, maker=maker, referred_by=["a hospital", "their buyer"]
    )
    fraud_story.record_lookup(maker, "production_count", "counted", count=20_000_000)
    fraud_story.record_lookup(firm, "distributor", "confirmed")
    told = {"made_fewer", "chain_long", "maker_unconfirmed", "distributor_unknown", "stock_implausible"}
    assert not told & set(fraud_story.findings_of(lead))


@pytest.mark.parametrize(
    ("seller", "country", "pieces", "price", "currency", "model"),
    [
        (
            "Performance of New Jersey",
            "US",
            7_000_000,
            "23.80",
            "USD",
            "3M 1860",
        ),  # seven times the highest price, 3.40
        ("Fournitures du Nord", "BE", 120_000, "21.76", "EUR", "1870+ (3M)"),
        pytest.param("粤港医疗器材", "CN", 30_000, "135", "CNY", "3M 9132", marks=pytest.mark.every_way),
    ],
)
def test_10_seven_times_the_list_price_by_an_unknown_distributor_is_flagged(
    fraud_story, seller, country, pieces, price, currency, model
):
    firm = fraud_story.enter_company(seller, country, role="trader")
    lead = fraud_story.enter_offer(firm, "RESP_N95", pieces, unit_price=price, currency=currency, model=model)
    fraud_story.record_lookup(firm, "distributor", "not_known", address="+1 651 000 0000")
    found, name = fraud_story.findings_of(lead), f"{seller} DEMO"
    high = found["price_times_list"].figures["least"]["decimal"]
    assert has_finding(
        found["price_times_list"],
        "block",
        (f"is {high} to ", "fois le prix de catalogue du fabricant 3M", f"是3M目录价的{high}"),
    )
    assert 5 < float(high) < 8
    assert "postbulletin" in found["price_times_list"].source
    assert has_finding(
        found["distributor_unknown"],
        "block",
        (
            f"The manufacturer does not know this distributor: {name}",
            f"ne connaît pas ce distributeur : {name}",
            f"生产企业不认识这家经销商：{name}",
        ),
    )
    assert "price_explanation" in fraud_story.required_checks(lead)


@pytest.mark.parametrize("price", ["0.68", "2.70"])
def test_10_near_miss_list_price_from_a_known_distributor_is_not_flagged(fraud_story, price):
    firm = fraud_story.enter_company(f"Authorised {price}", "US", role="trader")
    lead = fraud_story.enter_offer(
        firm, "RESP_N95", 10_000, unit_price=price, currency="USD", model="3M 8210"
    )
    fraud_story.record_lookup(firm, "distributor", "confirmed")
    found = fraud_story.findings_of(lead)
    assert not {"price_times_list", "distributor_unknown", "price_four_times"} & set(found)


@pytest.mark.parametrize(
    ("seller", "country", "product", "asked", "offered", "code", "severity", "words"),
    [
        (
            "Thames Investments",
            "GB",
            "MASK_SURG",
            "ASTM-F2100-L2",
            "YYT0969-2013",
            "standard_below",
            "block",
            (
                "YY/T 0969-2013 does not meet ASTM F2100",
                "YY/T 0969-2013 ne répond pas à ASTM F2100",
                "YY/T 0969-2013不符合ASTM F2100",
            ),
        ),
        (
            "Hanse Kapital",
            "DE",
            "MASK_SURG",
            "ASTM-F2100-L3",
            "YYT0969-2013",
            "standard_below",
            "block",
            ("does not meet ASTM F2100", "ne répond pas à ASTM F2100", "不符合ASTM F2100"),
        ),
        pytest.param(
            "Lakeside Family Office",
            "US",
            "RESP_KN95",
            "NIOSH-N95",
            "GB2626-2006-KN95",
            "standard_neighbour",
            "warn",
            ("is comparable but not equivalent to NIOSH", "est comparable à NIOSH", "与NIOSH"),
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_17_offer_of_another_standard_than_requested_is_flagged(
    fraud_story, seller, country, product, asked, offered, code, severity, words
):
    firm = fraud_story.enter_company(seller, country, role="trader")
    found = fraud_story.findings_of(
        fraud_story.enter_offer(firm, product, 500_000, asked=[asked], standard=offered)
    )
    assert has_finding(found[code], severity, words)
    assert found[code].source.startswith("http")


@pytest.mark.parametrize(
    "product", ["RESP_N95", "RESP_CAN95", pytest.param("RESP_N95_SURG", marks=pytest.mark.every_way)]
)
def test_17_ear_loops_reported_by_the_inspector_are_flagged(fraud_story, product):
    """NIOSH and Canadian masks have head straps and no ear loops, so their checks ask about them.

    A "no" to this question is a finding about the offer until a person decides on it.
    """
    firm = fraud_story.enter_company(f"Loop Trading {product}", "GB", role="trader")
    lead = fraud_story.enter_offer(firm, product, 50_000)
    task = fraud_story.request_check(lead, "production_and_stock_visit")
    fraud_story.submit_report_on(task, "head_bands")
    found = fraud_story.findings_of(lead)["reported_no"]
    assert has_finding(
        found,
        "warn",
        (
            f"({task.reference}) answers “no” to these questions: Does it have two head straps and no ear loops?",
            f"({task.reference}) répond « non » à ces questions : Y a-t-il deux sangles de tête",
            "是否为两条头带",
        ),
    )


def test_17_near_miss_requested_standard_with_head_bands_is_not_flagged(fraud_story):
    firm = fraud_story.enter_company("Right Masks", "GB", role="trader")
    lead = fraud_story.enter_offer(firm, "RESP_FFP2", 50_000, asked=["EN149-FFP2"], standard="EN149-FFP2")
    fraud_story.submit_report_on(
        fraud_story.request_check(lead, "production_and_stock_visit"),
        not_seen=["tc_number_printed", "niosh_spelt"],
    )
    told = {"standard_below", "standard_neighbour", "standard_unknown", "reported_no"}
    assert not told & set(fraud_story.findings_of(lead))


@pytest.mark.parametrize(
    ("maker", "price", "currency", "facts"),
    [
        ("温州纺粘布", "0.30", "USD", {}),
        ("石家庄滤层", "2.50", "CNY", {"incoterm": "EXW"}),
        pytest.param("Izmir Nonwoven", "0.35", "EUR", {}, marks=pytest.mark.every_way),
    ],
)
def test_19_price_below_the_cost_of_the_filter_is_flagged(fraud_story, maker, price, currency, facts):
    firm = fraud_story.enter_company(maker, "TR" if maker.startswith("Izmir") else "CN")
    lead = fraud_story.enter_offer(firm, "RESP_KN95", 9_000, unit_price=price, currency=currency, **facts)
    found = fraud_story.findings_of(lead)["price_under_floor"]
    assert has_finding(
        found,
        "warn",
        (
            "below the estimated production cost",
            "inférieur au coût de production estimé",
            "估算的生产成本",
        ),
    )
    assert found.source.startswith("http")
    assert "sample_test" in fraud_story.required_checks(lead), (
        "a laboratory tests nature of the interest made of"
    )


def test_19_laboratory_result_below_the_standard_is_flagged(fraud_story):
    lead = fraud_story.enter_offer(
        fraud_story.enter_company("晋江替代料"), "RESP_KN95", 9_000, unit_price="0.30", currency="USD"
    )
    fraud_story.submit_report_on(fraud_story.request_check(lead, "sample_test"), "result_meets")
    assert has_finding(
        fraud_story.findings_of(lead)["reported_no"],
        "warn",
        (
            "Does the result meet the standard offered?",
            "Le résultat répond-il à la norme",
            "检测结果是否符合所报标准",
        ),
    )


@pytest.mark.parametrize(
    ("price", "currency"),
    [("0.41", "USD"), ("3.00", "CNY"), pytest.param("0.60", "CAD", marks=pytest.mark.every_way)],
)
def test_19_near_miss_price_just_above_the_filter_cost_is_not_flagged(fraud_story, price, currency):
    firm = fraud_story.enter_company(f"够本滤材 {price}")
    lead = fraud_story.enter_offer(firm, "RESP_KN95", 9_000, unit_price=price, currency=currency)
    assert "price_under_floor" not in fraud_story.findings_of(lead)
    assert "sample_test" not in fraud_story.required_checks(lead)


@pytest.mark.parametrize(
    ("maker", "country", "number", "marks"),
    [
        ("仿冒厂", "CN", "N95", ("tc_number_printed", "head_bands", "niosh_spelt", "not_for_children")),
        ("Kids Air", "US", "NIOSH", ("not_for_children", "head_bands")),
        pytest.param("Niosch Safety", "MX", "84A-1234", ("niosh_spelt",), marks=pytest.mark.every_way),
    ],
)
def test_20_respirator_with_counterfeit_marks_is_flagged(fraud_story, maker, country, number, marks):
    firm = fraud_story.enter_company(maker, country)
    lead = fraud_story.enter_offer(firm, "RESP_N95", 12_000)
    assert fraud_story.missing_certificates(lead)["CA/US_NIOSH"] == "block"
    fraud_story.enter_certificate(firm, "US_NIOSH", number)
    fraud_story.record_lookup(
        firm, "product_list", "not_listed", address="https://www.cdc.gov.example/niosh/cel"
    )
    task = fraud_story.request_check(lead, "production_and_stock_visit")
    fraud_story.submit_report_on(task, *marks)
    found, name = fraud_story.findings_of(lead), f"{maker} DEMO"
    assert has_finding(
        found["certificate_malformed"],
        "warn",
        (
            f"{number} does not look genuine",
            f"{number} ne semble pas authentique",
            f"{number}不像真实编号",
        ),
    )
    assert found["certificate_malformed"].unsure == "form"
    assert has_finding(
        found["not_on_list"],
        "block",
        (
            f"The goods of {name} are not on the authority’s list",
            f"Les articles de l’entreprise {name} ne figurent pas sur la liste de l’autorité",
            f"{name}的产品不在主管机关的名单上",
        ),
    )
    assert len(found["reported_no"].figures["questions"]) == len(marks)
    data = {
        "tc_number_printed": "is an approval number",
        "head_bands": "two head straps",
        "niosh_spelt": "is NIOSH spelled correctly",
        "not_for_children": "it is for children",
    }
    for mark in marks:
        assert has_finding(
            found["reported_no"], "warn", (data[mark], "répond « non » à ces questions : ", task.reference)
        )


def test_20_near_miss_genuine_respirator_with_a_listed_number_is_not_flagged(fraud_story):
    firm = fraud_story.enter_company("Honest Respirators", "US")
    fraud_story.enter_certificate(firm, "US_NIOSH", "TC-84A-0007")
    lead = fraud_story.enter_offer(firm, "RESP_N95", 12_000)
    fraud_story.record_lookup(firm, "product_list", "listed", address="https://www.cdc.gov.example/niosh/cel")
    fraud_story.submit_report_on(fraud_story.request_check(lead, "production_and_stock_visit"))
    assert "CA/US_NIOSH" not in fraud_story.missing_certificates(lead)
    assert not {"certificate_malformed", "not_on_list", "reported_no"} & set(fraud_story.findings_of(lead))
