"""Fraud cases found by payment terms and accounts: 5 (Tango) and 8 (North Rhine-Westphalia).

Each has two variants of other companies, currencies and numbers, and near misses without a finding.
"""

from datetime import date

import pytest

from procurement.orders.payments.rules.payments import PaymentShare
from tests.procurement.refusals import assert_refused
from tests.worlds.fraud_cases import has_finding, with_plain_spaces

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-money")]


@pytest.mark.parametrize(
    ("seller", "country", "product", "pieces", "price", "currency", "percent"),
    [
        ("Promo Tango", "CA", "RESP_KN95", 37_000_000, "3.00", "CAD", 73),  # 81 of 111 million
        ("Werbemittel Süd", "DE", "RESP_FFP2", 1_200_000, "2.10", "EUR", 50),
        pytest.param(
            "Gadget & Giveaway", "US", "RESP_N95", 90_000, "5.20", "USD", 31, marks=pytest.mark.every_way
        ),
    ],
)
def test_05_tango_large_prepayment_to_an_importer_of_other_goods_is_flagged(
    fraud_story, seller, country, product, pieces, price, currency, percent
):
    firm, maker = (
        fraud_story.enter_company(seller, country, role="trader"),
        fraud_story.enter_company(f"供货厂 {percent}"),
    )
    lead = fraud_story.enter_offer(
        firm,
        product,
        pieces,
        maker=maker,
        unit_price=price,
        currency=currency,
        prepayment_percent=percent,
    )
    fraud_story.record_lookup(firm, "history", "other_goods", words="promotional goods since 2008")
    found, name = fraud_story.findings_of(lead), f"{seller} DEMO"
    assert has_finding(
        found["prepayment_high"],
        "warn",
        (
            f"{percent}% is requested before shipment; the usual maximum is 30%",
            f"{percent} % du prix est demandé avant toute expédition; l’usage va jusqu’à 30 %",
            f"发货前要求预付{percent}%；通常不超过30%",
        ),
    )
    assert has_finding(
        found["other_goods"],
        "warn",
        (
            f"{name} has traded only in other goods (LU-",
            f"{name} n’a fait le commerce que d’autres articles",
            f"{name}以往只经营其他商品",
        ),
    )
    assert fraud_story.required_checks(lead) >= {"sample_test", "bank_account", "production_and_stock_visit"}


@pytest.mark.parametrize("percent", [0, 29, pytest.param(30, marks=pytest.mark.every_way)])
def test_05_near_miss_prepayment_up_to_30_percent_is_not_flagged(fraud_story, percent):
    firm = fraud_story.enter_company(f"Hospital Supply {percent}", "CA", role="trader")
    lead = fraud_story.enter_offer(
        firm, "RESP_KN95", 37_000_000, unit_price="3.00", currency="CAD", prepayment_percent=percent
    )
    fraud_story.record_lookup(firm, "history", "same_goods")
    assert not {"prepayment_high", "other_goods", "no_trade"} & set(fraud_story.findings_of(lead))


@pytest.mark.parametrize(
    ("deposit", "fine"),
    [(73, False), (31, False), (30, True), pytest.param(29, True, marks=pytest.mark.every_way)],
)
def test_05_deposit_above_30_percent_requires_a_reason(fraud_story, deposit, fine):
    promised = fraud_story.promise(1_000)
    shares = [PaymentShare("deposit", deposit), PaymentShare("after_inspection", 100 - deposit)]
    if fine:
        order = fraud_story.draft(promised, shares=shares)
        assert [one.percent for one in order.payments.order_by("pk")] == [deposit, 100 - deposit]
        return
    with assert_refused("deposit_too_high", promised) as no:
        fraud_story.draft(promised, shares=shares)
    assert no.value.details["most"] == 30
    assert "Enter a reason to pay more than 30 percent before shipping." in with_plain_spaces(str(no.value))


@pytest.mark.parametrize(
    ("seller", "home", "chain", "since", "account", "price", "currency"),
    [
        (
            "Máscaras Clonadas",
            "NL",
            ["a site in Spain", "a trusted dealer in Ireland", "a supplier in the Netherlands"],
            date(2020, 3, 5),
            ("Lagos Holding DEMO", "NG55 0001", "NG"),
            "1.47",
            "EUR",
        ),
        (
            "Hồng Kông Khẩu Trang",
            "VN",
            ["mail from nobody", "a broker in Dubai", "an agent in Macau", "a friend of the maker"],
            date(2019, 11, 1),
            ("J. Doe DEMO", "HK11 0002", "HK"),
            "1.60",
            "USD",
        ),
        pytest.param(
            "北方应急物资",
            "CN",
            ["a chat group", "a dealer in Perth", "a warehouse keeper"],
            date(2020, 4, 1),
            ("Personal Account DEMO", "LT77 0003", "LT"),
            "11.00",
            "CNY",
            marks=pytest.mark.every_way,
        ),
    ],
)
def test_08_north_rhine_westphalia_cloned_website_long_chain_and_foreign_account_are_flagged(
    fraud_story, seller, home, chain, since, account, price, currency
):
    firm = fraud_story.enter_company(seller, home, role="trader")
    first = fraud_story.enter_account(firm, f"{seller} DEMO", f"{home} 4410", home)
    fraud_story.confirm_account_by_call(first, "+31 20 000 0000")
    lead = fraud_story.enter_offer(
        firm,
        "RESP_FFP2",
        10_000_000,
        unit_price=price,
        currency=currency,
        referred_by=chain,
        prepayment_percent=15,
    )
    assert "account_changed" not in fraud_story.findings_of(lead), "one account, and someone called back"
    fraud_story.record_lookup(firm, "domain", "owner_differs", since=since, address="https://whois.example")
    fraud_story.enter_account(firm, *account)
    found, name, links = fraud_story.findings_of(lead), f"{seller} DEMO", len(chain)
    shown = found["account_changed"].figures["account"]
    assert account[1].replace(" ", "") not in shown, "accounts are shown masked"
    for code, severity, words in (
        (
            "chain_long",
            "warn",
            (
                f"passed through {links} intermediaries: {' → '.join(chain)}",
                f"est passée par {links} intermédiaires : {chain[0]}",
                f"经{links}个中间环节转来：{chain[0]}",
            ),
        ),
        (
            "maker_unconfirmed",
            "warn",
            (
                "no one has asked the manufacturer",
                "personne n’a demandé au fabricant",
                "尚无人向生产企业询问",
            ),
        ),
        (
            "domain_young",
            "warn",
            (
                f"The web domain of {name} was registered only on {since}",
                f"Le domaine Web de l’entreprise {name} n’a été enregistré que le {since}",
                f"{name}的网站域名于{since}才注册",
            ),
        ),
        (
            "domain_owner",
            "warn",
            (
                f"{name} is registered to another party",
                f"{name} est enregistré au nom d’un tiers",
                f"{name}的网站域名登记在他人名下",
            ),
        ),
        (
            "account_holder",
            "warn",
            (f"in the name of {account[0]}, not", f"est au nom de {account[0]}", f"户名为{account[0]}"),
        ),
        (
            "account_country",
            "warn",
            (
                f"is in {account[2]}, but the supplier is in {home}",
                "ne sont pas dans le même pays (compte",
                f"开在{account[2]}",
            ),
        ),
        (
            "account_changed",
            "block",
            (
                "A different account was provided later: ••••",
                "Un autre compte a été fourni par la suite : ••••",
                "此后又提供了另一账户：••••",
            ),
        ),
    ):
        assert has_finding(found[code], severity, words)
    odd = {
        "price_high",
        "price_above_band",
        "price_four_times",
        "price_times_list",
        "price_low",
        "price_under_floor",
    }
    assert not odd & set(found), "its price was plausible: price alone finds no cloned site"


def test_08_near_miss_short_chain_old_domain_and_own_account_are_not_flagged(fraud_story):
    firm = fraud_story.enter_company("Oude Handel", "NL", role="trader")
    lead = fraud_story.enter_offer(
        firm,
        "RESP_FFP2",
        10_000_000,
        unit_price="1.47",
        currency="EUR",
        referred_by=["a ministry", "their agent"],
    )
    fraud_story.record_lookup(firm, "domain", "owner_fits", since=date(2019, 10, 16))
    fraud_story.enter_account(firm, "Oude Handel DEMO", "NL91 0417", "NL")
    told = {"chain_long", "maker_unconfirmed", "domain_young", "domain_owner"}
    assert not (told | {"account_holder", "account_country", "account_changed"}) & set(
        fraud_story.findings_of(lead)
    )


def test_08_near_miss_long_chain_confirmed_by_the_maker_is_only_noted_as_long(fraud_story):
    firm = fraud_story.enter_company("Lange Kette", "DE", role="trader")
    lead = fraud_story.enter_offer(firm, "RESP_FFP2", 10_000, referred_by=["one", "two", "three"])
    fraud_story.record_lookup(firm, "distributor", "confirmed", address="+49 211 000 0000")
    assert {"chain_long", "maker_unconfirmed"} & set(fraud_story.findings_of(lead)) == {"chain_long"}
