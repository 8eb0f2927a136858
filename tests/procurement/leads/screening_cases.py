"""Offers with one defect each, the code of its finding and its severity, and builders of such offers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from procurement.leads.screening.offer_data import (
    AccountData,
    CertificateData,
    FalseUse,
    LookupResult,
    MissingCertificate,
    OfferData,
    OtherGoodsCertificate,
    PriceData,
    PriceList,
    PublishedPrice,
    WatchlistHit,
)

KIND = {"en": "Test report", "fr": "Rapport d’essai", "zh": "检测报告"}
WHY = {"en": "why", "fr": "pourquoi", "zh": "原因"}
PAPER = CertificateData(reference="CE-2020-0001", kind=KIND, number="AB12")
PEERS = [Decimal(n) for n in ("1.90", "2.00", "2.05", "2.10", "2.20", "2.30")]
PRICE = PriceData(
    unit_price=Decimal("2.10"),
    currency="CAD",
    peer_prices=PEERS,
    peer_cities=3,
    highest_known_price=Decimal(3),
    price_floor=Decimal("0.40"),
)
NORMAL = PublishedPrice("floor", date(2019, 1, 1), date(2020, 1, 20), "memory", WHY)
LISTED = PriceList(
    maker="3M",
    low=Decimal("0.60"),
    high=Decimal("2.40"),
    source_is_reliable=True,
    manufacturer_known=True,
    paid_range=(Decimal(2), Decimal(3)),
)
HONEST = OfferData(
    as_of=date(2020, 4, 16),
    seller_country="CN",
    registration_number="91330100799655058B",
    founded_on=date(2010, 1, 1),
    seller_role="maker",
    email="sales@kanghu.example",
    standard_match="equal",
    required_standards="ASTM F2100 Level 2",
    offered_standard="ASTM F2100 Level 2",
    certificates=[PAPER],
    price=PRICE,
    prepayment_percent=30,
    declared_use="medical",
    need_declared_use="medical",
    stock=10_000,
    capacity=1_000,
)


def false_use(end_users=None, *, is_blocking=True):
    """Return goods declared for a use they are not for.

    `end_users` is None if no users are named. With `is_blocking`, the broken rule has a reliable source.
    """
    named = end_users and dict.fromkeys(("en", "fr", "zh"), end_users)
    rule = {"en": "a rule", "fr": "une règle", "zh": "规则"}
    return {
        "false_uses": [
            FalseUse(need_reference="SR-2020-0001", rule_name=rule, is_blocking=is_blocking, end_users=named)
        ]
    }


ACCOUNT = AccountData(account_id="7", masked_number="•••• 0017", holder="中山康护 DEMO", country="CN")


def priced(**facts):
    return {"price": replace(PRICE, **facts)}


def paper(**facts):
    return {"certificates": [replace(PAPER, **facts)]}


OTHERS = OtherGoodsCertificate(
    reference="CE-2020-0002", kind=KIND, number="X", products={"en": "gloves", "fr": "gants", "zh": "手套"}
)


NEEDED = MissingCertificate(
    kind_code="CN_NMPA_REG", kind=KIND, market="CN", reason=WHY, source_is_reliable=True, source="a law"
)


def needed(**facts):
    return {"required_certificates": [replace(NEEDED, **facts)]}


def account(**facts):
    return {"accounts": [replace(ACCOUNT, **facts)]}


ACME = {"en": "Kanghu DEMO", "fr": "Kanghu DEMO", "zh": "中山康护 DEMO"}


def register_lookups(kind, answer, **facts):
    given = {
        "reference": "LU-2020-0001",
        "company": ACME,
        "answered_on": date(2020, 4, 16),
        "official": True,
        **facts,
    }
    return {"register_lookups": [LookupResult(kind=kind, answer=answer, **given)]}


ENDED = {"effective_since": date(2020, 3, 1)}


def on_a_list(**facts):
    match = WatchlistHit(
        reference="LM-2020-0001",
        name="Kanghu",
        name_source="english",
        listed_name="KANGHU",
        watchlist="Practice",
        score=96,
    )
    return {"watchlist_hits": [replace(match, **facts)]}


# facts, the code of the finding, its severity
CASES = [
    ({"registration_number": ""}, "uscc_missing", "warn"),
    (on_a_list(), "list_match", "block"),
    (on_a_list(confirmed=True), "list_confirmed", "block"),
    ({"registration_number_error": "check_digit"}, "uscc_malformed", "block"),
    ({"malformed_number_type": "BN (CA)"}, "number_malformed", "warn"),
    ({"founded_on": date(2020, 2, 1)}, "company_young", "warn"),
    ({"similar_companies": ["SU-2020-0007"], "duplicate_reasons": ["phone"]}, "duplicate_company", "warn"),
    ({"email": "boss@QQ.com"}, "free_mail", "note"),
    ({"email": "boss@yahoo.co.jp"}, "free_mail", "note"),
    ({"email": "chef@hotmail.fr"}, "free_mail", "note"),
    ({"intermediaries": ["a", "b", "c"]}, "chain_long", "warn"),
    (
        {"standard_match": "no", "standard_match_is_reliable": True, "standard_match_reason": WHY},
        "standard_below",
        "block",
    ),
    ({"standard_match": "no", "standard_match_reason": WHY}, "standard_below", "warn"),
    ({"standard_match": "neighbour", "standard_match_reason": WHY}, "standard_neighbour", "warn"),
    ({"standard_match": "unknown"}, "standard_unknown", "warn"),
    (
        {"outdated_standard": WHY, "standard_match": "neighbour", "standard_match_reason": WHY},
        "standard_ended",
        "warn",
    ),
    (
        {"number_region": WHY, "manufacturer_region": WHY, "manufacturer_number": "91650100799655058B"},
        "uscc_region",
        "warn",
    ),
    ({"non_business_number": "52440000MJK1234567"}, "uscc_no_business", "warn"),
    ({"only_mark_country": "KR"}, "mark_other_country", "warn"),
    ({"free_texts": ["N95, FDA approved"]}, "words_of_no_paper", "warn"),
    (paper(wrong_declarant="A Test Installation"), "certificate_declared_by", "warn"),
    (
        paper(stated_device_class="I", required_device_class="II", class_source_is_reliable=True),
        "certificate_too_low",
        "block",
    ),
    (paper(stated_device_class="II", required_device_class="III"), "certificate_too_low", "warn"),
    ({"required_certificates": [replace(NEEDED, needs_list_lookup=True)]}, "certificate_required", "warn"),
    ({"certificates": []}, "certificate_missing", "warn"),
    (paper(number_format_fault=WHY, format_source_is_reliable=True), "certificate_malformed", "block"),
    (paper(number_format_fault=WHY), "certificate_malformed", "warn"),
    (paper(rejection_reason=WHY, rejection_source_is_reliable=True), "certificate_worthless", "block"),
    (paper(company_with_same_number="SU-2020-0009"), "certificate_elsewhere", "block"),
    (
        paper(company_with_same_number="SU-2020-0009", shared_number_reason="laboratory"),
        "certificate_elsewhere",
        "warn",
    ),
    (
        paper(company_with_same_number="SU-2020-0009", shared_number_reason="letter"),
        "certificate_elsewhere",
        "note",
    ),
    (paper(other_models="KH-1"), "report_two_models", "warn"),
    (paper(held_by_importer=True), "certificate_importers", "warn"),
    (paper(class_one_body_number="1282"), "certificate_class_one", "warn"),
    ({"class_one_body_number": "0598"}, "mark_class_one", "warn"),
    (paper(report_number_missing=True), "certificate_report_open", "note"),
    (
        paper(held_by_company=False, unauthorized_holder="另一公司", authorization_impossible=True),
        "certificate_not_lent",
        "warn",
    ),
    (paper(holder_in_other_script="Kanghu Co., Ltd."), "certificate_holder_unread", "note"),
    (paper(rejection_reason=WHY), "certificate_worthless", "warn"),
    (paper(signer="0598", signer_unsuitable_reason=WHY), "certificate_body", "warn"),
    (
        paper(signer="2163", signer_unsuitable_reason=WHY, signer_source_is_reliable=True),
        "certificate_body",
        "block",
    ),
    (paper(signer="0598", signer_lookup_advice=WHY), "certificate_body_to_check", "warn"),
    (paper(differing_module="D", module_of_type="B"), "certificate_other_module", "warn"),
    (paper(valid_until=date(2020, 4, 15)), "certificate_expired", "block"),
    (paper(issued=date(2020, 4, 18)), "certificate_future", "block"),
    (paper(issued=date(2019, 12, 31), number_year=2020), "certificate_before_number", "block"),
    (paper(issued=date(2009, 12, 31)), "certificate_before_company", "warn"),
    (paper(number_year=2030), "certificate_number_future", "block"),
    (paper(wrong_product_group="40"), "certificate_number_other_goods", "warn"),
    (paper(wrong_number_office=WHY), "certificate_number_office", "warn"),
    (
        paper(max_validity_years=5, issued=date(2020, 3, 1), valid_until=date(2026, 3, 2)),
        "certificate_holds_too_long",
        "warn",
    ),
    (paper(held_by_company=False, unauthorized_holder="另一公司"), "certificate_holder", "warn"),
    (
        paper(differing_manufacturer="另一工厂", offer_manufacturer=WHY),
        "certificate_other_manufacturer",
        "warn",
    ),
    (paper(status="altered", invalidated=True), "certificate_doubted", "block"),
    (priced(unit_price=Decimal("2.95")), "price_high", "warn"),
    (priced(unit_price=Decimal("0.90")), "price_low", "warn"),
    (priced(unit_price=Decimal("6.01")), "price_above_band", "warn"),
    (priced(unit_price=Decimal("12.01"), highest_reliable_price=Decimal(3)), "price_four_times", "block"),
    (
        priced(unit_price=Decimal("4.01"), highest_reliable_price=Decimal(1), peer_prices=[]),
        "price_four_times",
        "block",
    ),
    (
        priced(unit_price=Decimal("4.00"), highest_reliable_price=Decimal(1), peer_prices=[]),
        "price_above_band",
        "warn",
    ),
    (
        priced(unit_price=Decimal("0.005"), price_floor=Decimal("0.02"), price_floor_published=NORMAL),
        "price_under_old_floor",
        "warn",
    ),
    (paper(notified_body_missing=True), "certificate_unsigned", "warn"),
    (priced(unit_price=Decimal("12.01")), "price_four_times", "warn"),
    (priced(unit_price=Decimal("0.39")), "price_under_floor", "warn"),
    (priced(price_limit=Decimal("2.00")), "price_above_limit", "warn"),
    (
        priced(unit_price=Decimal("9.61"), peer_prices=[], manufacturer_price_list=LISTED),
        "price_times_list",
        "block",
    ),
    (priced(manufacturer_price_list=replace(LISTED, low=Decimal("0.50"))), "price_times_list", "warn"),
    (
        priced(manufacturer_price_list=replace(LISTED, low=Decimal("0.50"), manufacturer_known=False)),
        "price_times_list",
        "warn",
    ),
    (priced(peer_prices=PEERS[:4]), "price_few", "note"),
    (priced(peer_cities=1), "price_few", "note"),
    ({"prepayment_percent": 31}, "prepayment_high", "warn"),
    ({"declared_use": "non_medical"}, "use_mismatch", "block"),
    ({"need_declared_use": "non_medical"}, "use_stricter", "note"),
    (false_use(end_users="clinic"), "use_false", "block"),
    (false_use(end_users="clinic", is_blocking=False), "use_false", "warn"),
    (false_use(), "receiver_unstated", "warn"),
    ({"standard_match": "other"}, "goods_other", "warn"),
    ({"stock": 60_001}, "stock_implausible", "warn"),
    ({"stock": 0, "capacity": 0}, "capacity_missing", "warn"),
    ({"feature_differences": [("straps", "loops")]}, "feature_differs", "warn"),
    ({"counterfeit_signs": ["children"]}, "counterfeit_sign", "warn"),
    ({"stock": 2_000_001, "capacity": 0, "family": "mask"}, "stock_unproven", "warn"),
    (
        {"stock": 600_000, "capacity": 0, "family": "gown", "seller_role": "broker"},
        "stock_unconfirmed",
        "warn",
    ),
    (
        {"prepayment_percent": None, "mentions_advance": True, "stated_advance_percent": 31},
        "advance_stated",
        "warn",
    ),
    ({"prepayment_percent": None, "mentions_advance": True}, "advance_open", "warn"),
    ({"prepayment_percent": 0, "mentions_advance": True}, "advance_denied", "warn"),
    (
        register_lookups("export_list", "listed", is_in_order=True, outdated_after_days=30),
        "looked_up_long_ago",
        "warn",
    ),
    ({"prepayment_percent": None, "full_payment_time_unstated": True}, "payment_unstated", "warn"),
    (
        {"prepayment_percent": 30, "mentions_advance": True, "stated_advance_percent": 100},
        "advance_differs",
        "warn",
    ),
    ({"prepayment_percent": 31, "presses_for_payment": True}, "flags_together", "warn"),
    ({"prepayment_percent": 100, "email": "boss@qq.com"}, "flags_together", "warn"),
    ({"capacity": 500_000, "founded_on": date(2019, 4, 18)}, "capacity_young", "warn"),
    ({"other_certificates": [OTHERS]}, "certificate_other_product", "warn"),
    (paper(covers_offered_standard=False, standards="YY/T 0969"), "certificate_other_standard", "warn"),
    (paper(module="B"), "certificate_modules", "warn"),
    (paper(other_province={"en": "Hubei", "fr": "Hubei", "zh": "湖北省"}), "certificate_province", "warn"),
    ({"companies_with_same_files": ["SU-2020-0009"]}, "file_elsewhere", "warn"),
    (needed(), "certificate_required", "block"),
    (needed(source_is_reliable=False), "certificate_required", "warn"),
    (
        {
            "certificates": [
                replace(PAPER, module="B", signer="0370"),
                replace(PAPER, reference="CE-2020-0002", module="D", signer="0598", format_source="an act"),
            ]
        },
        "certificate_two_bodies",
        "warn",
    ),
    (paper(signer="2163", signer_warning=WHY), "certificate_body_watched", "warn"),
    (
        paper(held_by_company=False, unauthorized_holder="制造商", held_by_manufacturer=True),
        "certificate_makers",
        "note",
    ),
    (
        paper(line_standard_match="no", line_match_is_reliable=True, line_match_reason=WHY),
        "certificate_not_the_lines",
        "block",
    ),
    (paper(line_standard_match="no", line_match_reason=WHY), "certificate_not_the_lines", "warn"),
    ({"model": "AL-S3", **paper(models="AL-S1", covers_model=False)}, "certificate_other_model", "warn"),
    (
        {"arrives_on": date(2020, 4, 25), "travel_days": 9, **paper(valid_until=date(2020, 4, 24))},
        "certificate_ends_on_the_way",
        "warn",
    ),
    (paper(max_validity_years=5), "certificate_no_end", "note"),
    (paper(issuer_asked_on=date(2020, 4, 15), issuer_result="unknown"), "issuer_denies", "block"),
    (paper(issuer_asked_on=date(2020, 1, 16), issuer_result="confirms"), "issuer_asked_long_ago", "warn"),
    (paper(max_validity_years=5, issued=date(2015, 4, 15)), "certificate_long_ago", "warn"),
    (account(other_companies=["SU-2020-0009"]), "account_elsewhere", "block"),
    (account(holder="Li Wei", holder_matches_company=False), "account_holder", "warn"),
    (account(country="HK"), "account_country", "warn"),
    (account(is_callback_open=True), "account_changed", "block"),
    ({"intermediaries": ["a", "b", "c"]}, "maker_unconfirmed", "warn"),
    (register_lookups("company_register", "not_registered"), "company_unregistered", "block"),
    (
        register_lookups("company_register", "not_registered", about_company_itself=False),
        "company_unregistered",
        "warn",
    ),
    (register_lookups("company_register", "struck_off", **ENDED), "company_struck_off", "block"),
    (register_lookups("insolvency", "debts", about_company_itself=False), "company_debts", "warn"),
    (register_lookups("insolvency", "insolvent"), "company_insolvent", "block"),
    (register_lookups("insolvency", "insolvent", about_company_itself=False), "company_insolvent", "warn"),
    (register_lookups("licence", "no_licence", about_company_itself=False), "maker_unlicensed", "block"),
    (register_lookups("licence", "licence_ended", **ENDED), "licence_ended", "block"),
    (register_lookups("product_list", "not_listed"), "not_on_list", "block"),
    (register_lookups("export_list", "not_listed"), "not_on_list", "warn"),
    (register_lookups("product_list", "cut", **ENDED), "cut_from_list", "block"),
    (register_lookups("export_list", "cut", **ENDED), "cut_from_list", "warn"),
    (register_lookups("distributor", "not_known", official=False), "distributor_unknown", "block"),
    (register_lookups("lot", "not_known", official=False), "lot_unknown", "block"),
    (
        register_lookups("production_count", "counted", official=False, existing_piece_count=9_999),
        "made_fewer",
        "warn",
    ),
    (register_lookups("domain", "owner_hidden", official=False, **ENDED), "domain_young", "warn"),
    (register_lookups("domain", "owner_differs", official=False), "domain_owner", "warn"),
    (register_lookups("staff", "no_staff", official=False), "no_staff", "warn"),
    (register_lookups("history", "other_goods", official=False), "other_goods", "warn"),
    (register_lookups("history", "no_trade", official=False), "no_trade", "warn"),
]
