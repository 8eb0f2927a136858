"""Tests of facts that a seller leaves out or states in words only: quantities, terms, phone numbers, combined signs."""

from datetime import date

import pytest

from procurement.orders.rules.blockers import blocking_or_overruled_findings, non_overridable_references
from procurement.outreach.actions.replies import record_phone_reply
from tests.procurement.api.program import Program
from tests.worlds.fraud_cases import afternoon_of, has_finding
from tests.worlds.need_to_order import AT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("fraud-open")]
STOCK = {"stock_unproven", "stock_unconfirmed", "stock_implausible"}
ADVANCE = {"advance_stated", "advance_open", "advance_differs", "advance_denied", "prepayment_high"}


@pytest.mark.parametrize(
    ("name", "country", "role", "founded", "product", "stock", "capacity", "told"),
    [
        ("宁波新盾", "CN", "maker", date(2020, 3, 20), "MASK_SURG", 50_000_000, 0, {"stock_unproven"}),
        ("Baltic Shield", "LV", "maker", date(2020, 2, 1), "RESP_FFP2", 150_000, 0, {"stock_unproven"}),
        (
            "Tasman Brokers",
            "AU",
            "broker",
            date(2008, 5, 1),
            "RESP_N95",
            39_000_000,
            0,
            {"stock_unconfirmed"},
        ),
        ("Maple Traders", "CA", "trader", None, "GOWN_ISO_L2", 400_000, 0, {"stock_unconfirmed"}),
        ("青岛老牌手套", "CN", "maker", date(1998, 5, 1), "GLOVE_EXAM_NITRILE", 15_000_000, 0, set()),
        ("Suomen Maski", "FI", "maker", date(2001, 1, 1), "MASK_SURG", 2_000_000, 0, set()),
        ("广州大产能", "CN", "maker", date(2009, 1, 1), "RESP_KN95", 6_000_000, 100_000, set()),
        ("广州产能", "CN", "maker", date(2009, 1, 1), "RESP_KN95", 6_000_001, 100_000, {"stock_implausible"}),
        ("Small Young", "KR", "maker", date(2020, 2, 1), "RESP_KF94", 60_000, 0, set()),
    ],
)
def test_large_stock_with_an_unstated_capacity_is_flagged(
    fraud_story, name, country, role, founded, product, stock, capacity, told
):
    firm = fraud_story.enter_company(name, country, role=role, founded_on=founded)
    lead = fraud_story.enter_offer(firm, product, stock, capacity_per_day=capacity)
    found = fraud_story.findings_of(lead)
    assert STOCK & set(found) == told
    for code in told - {"stock_implausible"}:
        assert has_finding(
            found[code],
            "warn",
            ("capacity is not stated", "capacité de production n’est pas indiquée", "未说明"),
        )


def test_large_stock_confirmed_by_the_makers_count_is_not_flagged(fraud_story):
    firm = fraud_story.enter_company("Count Brokers", "US", role="broker", founded_on=date(2000, 1, 1))
    lead = fraud_story.enter_offer(firm, "RESP_N95", 5_000_000)
    assert "stock_unconfirmed" in fraud_story.findings_of(lead)
    fraud_story.record_lookup(firm, "production_count", "counted", count=5_000_000)
    assert "stock_unconfirmed" not in fraud_story.findings_of(lead)


@pytest.mark.parametrize(
    ("terms", "percent", "told"),
    [
        ("100% TT in advance", None, {"advance_stated"}),
        ("50% à la commande, 50% avant expédition", None, {"advance_stated"}),
        ("全款预付", 20, {"advance_differs"}),
        ("advance payment", None, {"advance_open"}),
        ("advance payment", 0, {"advance_denied"}),
        ("paiement d’avance", 0, {"advance_denied"}),
        ("70% deposit, balance on B/L", 70, {"prepayment_high"}),
        ("30% deposit, balance against B/L", None, set()),
        ("30% deposit, balance against B/L", 30, set()),
        ("100% after inspection", None, set()),
        ("irrevocable letter of credit at sight", 0, set()),
        ("L/C at sight, SGS report before shipment", 0, set()),
        ("Paiement à 45 jours, photos avant envoi", 0, set()),
        ("100% PIA", None, {"advance_stated"}),
        ("80 % à la réception de la facture pro forma", 0, {"advance_differs"}),
        ("验货后付款", None, set()),
    ],
)
def test_advance_payment_in_the_terms_is_compared_with_its_field(fraud_story, terms, percent, told):
    firm = fraud_story.enter_company(f"Terms {len(terms)} {percent}", "VN")
    lead = fraud_story.enter_offer(firm, "MASK_SURG", 40_000, payment_terms=terms, prepayment_percent=percent)
    found = fraud_story.findings_of(lead)
    assert ADVANCE & set(found) == told
    for code in told & {"advance_stated", "advance_differs", "advance_open", "advance_denied"}:
        assert has_finding(found[code], "warn", (terms, terms, terms))


@pytest.mark.parametrize(
    ("email", "percent", "terms", "remark", "flags"),
    [
        ("boss@qq.com", 100, "", "", ["free_mail", "advance"]),
        ("sales@yahoo.fr", 40, "", "Virement aujourd'hui svp", ["free_mail", "pressed", "advance"]),
        ("", None, "100% TT in advance", "URGENT wire today", ["pressed", "advance"]),
        ("boss@qq.com", 30, "", "", None),
        ("boss@qq.com", None, "", "URGENT wire today", None),
        ("sales@maker.example", 80, "", "URGENT - COVID-19", None),
        ("sales@maker.example", None, "100% after inspection", "Pay today", None),
    ],
)
def test_combined_warning_signs_are_reported_together(fraud_story, email, percent, terms, remark, flags):
    firm = fraud_story.enter_company(f"Signs {email} {percent} {len(remark)}", "TR", email=email)
    facts = {"prepayment_percent": percent, "payment_terms": terms, "remark": remark}
    found = fraud_story.findings_of(fraud_story.enter_offer(firm, "COVERALL", 900, **facts)).get(
        "flags_together"
    )
    assert (found and found.figures["flags"]) == flags
    if found:
        parts = ("a large advance payment", "une avance importante", "预付款比例高")
        assert has_finding(found, "warn", parts)


@pytest.mark.parametrize(
    ("told_by_phone", "offers", "flags"),
    [
        ("他们说今天必须付款，否则卖给别的客户", 1, ["pressed", "advance"]),
        ("They want the money wired within 24 hours.", 1, ["pressed", "advance"]),
        ("Veuillez virer l’acompte aujourd’hui", 1, ["pressed", "advance"]),
        ("URGENT – COVID-19, goods are ready to ship on today", 1, None),
        (
            "They want the money wired within 24 hours.",
            2,
            None,
        ),  # the report does not name which of the two offers it means
    ],
)
def test_phone_remark_may_add_pressure_for_payment_to_the_signs(fraud_story, told_by_phone, offers, flags):
    firm = fraud_story.enter_company(f"By phone {offers} {told_by_phone[:9]}", "VN")
    line = fraud_story.line(product="GOWN_ISO_L2", quantity=900, declared_use="medical")
    asked = fraud_story.asked(line)
    record_phone_reply(
        asked, stated_by="Li Wei", stated_at=AT, remark=told_by_phone, by=fraud_story.officer.by, at=AT
    )
    leads_of = [
        fraud_story.enter_offer(firm, "GOWN_ISO_L2", 900, prepayment_percent=80, inquiry=asked)
        for _ in range(offers)
    ]
    found = fraud_story.findings_of(leads_of[0], AT).get("flags_together")
    assert (found and found.figures["flags"]) == flags


@pytest.mark.parametrize(
    ("remark", "terms", "code"),
    [
        ("Ready in Izmir. 100% TT in advance.", "", "advance_stated"),
        ("现货。预付八成。", "", "advance_stated"),
        ("Ready in Penang.", "T/T 100%", "payment_unstated"),
        ("Ready in Monterrey.", "Paiement intégral par virement", "payment_unstated"),
        ("100% inspected before shipment.", "", None),
        ("Ready.", "100% T/T against copy of B/L", None),
        ("Ready.", "30 % à la commande, solde à réception", None),
    ],
)
def test_payment_terms_without_a_percentage_are_asked_about(fraud_story, remark, terms, code):
    firm = fraud_story.enter_company(f"Terms {remark[:12]} {terms[:12]}", "MX")
    found = fraud_story.findings_of(
        fraud_story.enter_offer(firm, "GOGGLES", 700, remark=remark, payment_terms=terms)
    )
    asked = {"advance_stated", "advance_open", "payment_unstated"} & set(found)
    assert asked == ({code} if code else set())
    assert all(found[one].severity == "warn" for one in asked)


def test_makers_denial_of_its_distributor_blocks_the_offer_until_confirmed(fraud_story):
    firm = fraud_story.enter_company("Kessel Vertrieb", "DE", role="trader")
    lead = fraud_story.enter_offer(firm, "RESP_FFP2", 8_000)
    fraud_story.record_lookup(firm, "distributor", "not_known")
    assert fraud_story.findings_of(lead)["distributor_unknown"].severity == "block"
    fraud_story.record_lookup(
        firm, "distributor", "confirmed", at=afternoon_of(2020, 4, 17), answered_on=date(2020, 4, 17)
    )
    assert "distributor_unknown" not in fraud_story.findings_of(lead, afternoon_of(2020, 4, 17))


@pytest.mark.parametrize(("kind", "code"), [("distributor", "distributor_unknown"), ("lot", "lot_unknown")])
def test_makers_denial_cannot_be_settled_by_an_officers_answer(fraud_story, kind, code):
    """The finding about the denial always blocks.

    It ends when the lookup is removed because it was a mistake, or when the manufacturer gives a new answer.
    """
    firm = fraud_story.enter_company("Kessel Vertrieb", "DE", role="trader")
    lead = fraud_story.enter_offer(firm, "RESP_FFP2", 8_000)
    row = fraud_story.record_lookup(firm, kind, "not_known")
    finding = fraud_story.findings_of(lead)[code]
    program = Program(fraud_story.officer.user)
    no = program.refused(f"findings/{finding.reference}/answer/", {"answer": "They showed us a letter."})
    assert (no["code"], row.reference in no["detail"]) == ("not_ready", True)
    assert [finding.reference] == non_overridable_references(blocking_or_overruled_findings([lead])), (
        "nor is anything ordered in spite of it"
    )
    program.post(f"register-lookups/{row.reference}/retract/", {"reason": "It was another seller."})
    assert code not in fraud_story.findings_of(lead)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        (("138 0000 2222 (WeChat)", "+86 138 0000 2222"), True),
        (("13800003333微信", "微信同号 138-0000-3333"), True),
        (("0760 8800 4444 ext 12", "0760 8800 4444 ext 13"), False),
        (("WeChat: tom88", "WeChat: tom88"), False),
        (("Tel 0760-88005555 Mobile 138 0000 5555", "13800005555"), True),
        (("13800006666 QQ 12345678", "13800007777 QQ 12345678"), False),
    ],
)
def test_one_phone_number_in_two_notations_identifies_a_duplicate(fraud_story, written, same):
    mine, theirs = written
    fraud_story.enter_company(f"他家 {mine}", phone=theirs)
    firm = fraud_story.enter_company(f"Phone {mine}", phone=mine)
    found = fraud_story.findings_of(fraud_story.enter_offer(firm, "MASK_SURG", 500))
    assert ("duplicate_company" in found) == same
