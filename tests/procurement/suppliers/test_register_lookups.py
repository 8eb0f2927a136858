"""Tests of register lookups: possible answers, their findings about offers, and the checks they reopen."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.register_lookups import record_lookup, retract_lookup
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.rules import register_lookups
from procurement.suppliers.rules.register_lookups import source_key
from procurement.verification.actions.periodic import update_checks
from procurement.verification.models import CheckKind
from tests.worlds.leads import drafted_offer, findings_by_code, submitted_offer, verified_offer
from tests.worlds.need_to_order import AT
from workflow.errors import Refused

TODAY = AT.date()
REGISTER = "https://www.register.example/search?q=kanghu"


def record_answer(story, kind, answer, company=None, **facts):
    given = {"address": REGISTER, "answered_on": TODAY, "words": "as it stood there", **facts}
    return record_lookup(
        company or story.supplier,
        kind,
        answer=answer,
        entered_by=story.officer.user,
        by=story.officer.by,
        at=AT,
        **given,
    )


@pytest.mark.parametrize(
    ("kind", "answer", "facts", "code", "field"),
    [
        ("insolvency", "no_licence", {}, "bad_answer", "answer"),
        ("horoscope", "insolvent", {}, "bad_answer", "answer"),
        ("insolvency", "insolvent", {"address": " — "}, "no_address", "address"),
        ("insolvency", "insolvent", {"answered_on": TODAY + timedelta(days=2)}, "bad_day", "answered_on"),
        ("insolvency", "insolvent", {"answered_on": date(202, 4, 1)}, "bad_day", "answered_on"),
        ("insolvency", "insolvent", {"since": TODAY + timedelta(days=1)}, "bad_day", "since"),
        ("insolvency", "insolvent", {"since": date(1, 1, 1)}, "bad_day", "since"),
        ("product_list", "cut", {}, "no_day", "since"),
        ("company_register", "struck_off", {}, "no_day", "since"),
        ("licence", "licence_ended", {}, "no_day", "since"),
        ("domain", "owner_fits", {}, "no_day", "since"),
        ("production_count", "counted", {}, "no_count", "count"),
        ("production_count", "counted", {"count": -1}, "no_count", "count"),
        (
            "production_count",
            "counted",
            {"count": register_lookups.MAX_STATED_UNITS + 1},
            "no_count",
            "count",
        ),
        ("staff", "active", {"count": 3}, "no_count", "count"),
        ("history", "other_goods", {"words": "  "}, "no_words", "words"),
        ("staff", "active", {"words": "x" * 2_001}, "too_long", "words"),
    ],
)
def test_impossible_register_lookup_is_refused_at_its_field(story, kind, answer, facts, code, field):
    with pytest.raises(Refused) as no:
        record_answer(story, kind, answer, **facts)
    assert (no.value.code, no.value.details["field"]) == (code, field)
    assert not RegisterLookup.objects.exists()


def test_every_register_type_has_answers_and_a_fact_for_checks():
    assert (
        set(register_lookups.ANSWERS_BY_KIND)
        == set(register_lookups.CHANGED_FACT_BY_KIND)
        == set(RegisterLookup.Kind.values)
    )
    assert {answer for known in register_lookups.ANSWERS_BY_KIND.values() for answer in known} == set(
        RegisterLookup.Answer.values
    )


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://www.gsxt.gov.example/a?b", "gsxt.gov.example"),
        ("http://gsxt.gov.example/c", "gsxt.gov.example"),
        ("+1 651 000 0000", "16510000000"),
        ("x" * 300, "x" * 200),
    ],
)
def test_register_source_is_identified_by_host_or_phone_number(address, key):
    assert source_key(address) == key


def test_database_rejects_a_register_count_with_the_wrong_answer(story):
    row = record_answer(story, "production_count", "counted", count=20_000_000)
    for wrong in (
        {"count": None},
        {"answer": "active"},
        {"address": ""},
        {"since": TODAY + timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegisterLookup.objects.filter(pk=row.pk).update(**wrong)


# The answer, its subject, the finding about the offer, and words of its sentence.
STATED = [
    ("company_register", "not_registered", {}, "company_unregistered", "block", "not found in the register"),
    ("company_register", "struck_off", {"since": date(2020, 3, 1)}, "company_struck_off", "block", "ended on 2020-03-01"),
    ("insolvency", "insolvent", {}, "company_insolvent", "block", "insolvent"),
    ("insolvency", "insolvent", {"party": "parent"}, "company_insolvent", "warn", "(its parent company): insolvent according"),
    ("insolvency", "debts", {"party": "person"}, "company_debts", "warn", "(its owner or director): court records show debts"),
    ("licence", "no_licence", {}, "maker_unlicensed", "block", "has no licence to make these goods"),
    ("licence", "licence_ended", {"since": date(2020, 4, 15)}, "licence_ended", "block", "expired on 2020-04-15"),
    ("product_list", "not_listed", {}, "not_on_list", "block", "not on the authority’s list"),
    ("product_list", "cut", {"since": date(2020, 4, 7)}, "cut_from_list", "block", "list on 2020-04-07"),
    ("export_list", "not_listed", {}, "not_on_list", "warn", "not on the authority’s list"),
    ("distributor", "not_known", {}, "distributor_unknown", "block", "does not know this distributor"),
    ("lot", "not_known", {}, "lot_unknown", "block", "is not its own"),
    (
        "production_count", "counted", {"count": 4_999}, "made_fewer", "warn",
        "5,000 units are offered, but according to the manufacturer only 4,999",
    ),
    ("domain", "owner_fits", {"since": date(2020, 3, 20)}, "domain_young", "warn", "registered only on 2020-03-20"),
    ("domain", "owner_differs", {"since": date(2012, 1, 1)}, "domain_owner", "warn", "registered to another party"),
    ("staff", "no_staff", {"since": date(2018, 1, 1)}, "no_staff", "warn", "no staff or business activity"),
    ("history", "other_goods", {}, "other_goods", "warn", "has traded only in other goods"),
    ("history", "no_trade", {}, "no_trade", "warn", "No trading activity of"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "answer", "facts", "code", "severity", "words"),
    STATED,
    ids=[f"{row[3]}-{row[4]}" for row in STATED],
)
def test_adverse_register_answer_becomes_a_finding_until_retracted(
    story, kind, answer, facts, code, severity, words
):
    lead = submitted_offer(story)
    assert code not in findings_by_code(lead)
    row = record_answer(story, kind, answer, **facts)
    assert rescreen_changed_offers(AT) == 1
    found = lead.findings.get(code=code)
    assert (found.severity, found.status, found.source) == (severity, "open", REGISTER)
    text = finding_sentence(code, found.figures)
    assert words in text
    assert row.reference in text
    retract_lookup(row, reason="It was another company.", by=story.officer.by, at=AT)
    rescreen_changed_offers(AT)
    found.refresh_from_db()
    assert found.status == "resolved"


@pytest.mark.parametrize(
    ("kind", "answer", "facts"),
    [
        ("company_register", "in_order", {}),
        ("insolvency", "nothing_found", {}),
        ("licence", "licensed", {}),
        ("product_list", "listed", {}),
        ("export_list", "listed", {}),
        ("distributor", "confirmed", {}),
        ("lot", "confirmed", {}),
        ("production_count", "counted", {"count": 5_000}),
        ("domain", "owner_fits", {"since": date(2019, 10, 16)}),
        ("domain", "owner_hidden", {"since": date(2012, 1, 1)}),
        ("staff", "active", {}),
        ("history", "same_goods", {}),
        ("product_list", "not_listed", {"model": "KH-9502"}),
    ],
)
def test_favourable_register_answer_or_one_about_other_goods_is_no_finding(story, kind, answer, facts):
    lead = submitted_offer(story, model="KH-9501")
    before = set(findings_by_code(lead))
    record_answer(story, kind, answer, **facts)
    assert set(findings_by_code(lead)) == before


def test_register_answer_counts_only_for_the_goods_looked_up(story):
    lead = submitted_offer(story, model="KH-9501")
    gloves = story.line(product="GLOVE_EXAM_NITRILE").product
    record_answer(story, "product_list", "not_listed", product=gloves)
    assert "not_on_list" not in findings_by_code(lead)
    record_answer(story, "product_list", "not_listed", product=lead.product, model="kh 9501")
    assert "not_on_list" in findings_by_code(lead)


def test_missing_licence_only_warns_for_non_medical_goods(story):
    lead = submitted_offer(story, line=story.line(declared_use="non_medical"), declared_use="non_medical")
    record_answer(story, "licence", "no_licence")
    found = findings_by_code(lead)["maker_unlicensed"]
    assert (found.severity, found.unsure) == ("warn", "use")


def test_newest_answer_of_each_register_counts(story):
    lead = submitted_offer(story)
    record_answer(story, "product_list", "not_listed", answered_on=TODAY - timedelta(days=3))
    record_answer(story, "product_list", "not_listed", address="https://other.example/list")
    assert [one.code for one in lead.findings.filter(code="not_on_list")] == []
    assert len([one for one in _found(lead) if one.code == "not_on_list"]) == 2
    record_answer(story, "product_list", "listed", address="https://register.example/again")
    (left,) = [one for one in _found(lead) if one.code == "not_on_list"]
    assert left.source == "https://other.example/list"


def _found(lead):
    findings_by_code(lead)
    return list(lead.findings.exclude(status="resolved"))


def test_register_lookup_of_the_maker_is_reported_on_a_traders_offer(story):
    maker, trader = story.company("深圳易瑞 DEMO"), story.company("Intermediario DEMO")
    lead = submitted_offer(story, supplier=trader, maker=maker)
    record_answer(story, "licence", "no_licence", maker)
    record_answer(story, "insolvency", "insolvent", maker)
    assert rescreen_changed_offers(AT) == 1
    found = {one.code: one for one in _found(lead)}
    assert found["maker_unlicensed"].severity == "block"
    assert (found["company_insolvent"].severity, found["company_insolvent"].unsure) == ("warn", "other_party")
    assert "深圳易瑞" in finding_sentence("maker_unlicensed", found["maker_unlicensed"].figures)


def test_register_lookup_of_a_merged_row_counts_for_the_company(story):
    other = story.company("中山康护集团 DEMO")
    record_answer(story, "insolvency", "insolvent", other)
    merge_suppliers(other, into=story.supplier, reason="one company", by=story.officer.by, at=AT)
    assert "company_insolvent" in findings_by_code(submitted_offer(story))
    assert record_answer(story, "staff", "active", other).supplier == story.supplier


def test_long_referral_chain_is_flagged_until_the_maker_confirms(story):
    lead = submitted_offer(
        story, referred_by=["a site in Spain", "a dealer in Ireland", "a site in the Netherlands"]
    )
    assert findings_by_code(lead)["maker_unconfirmed"].figures == {"links": 3}
    record_answer(story, "distributor", "confirmed")
    assert "maker_unconfirmed" not in findings_by_code(lead)


@pytest.mark.parametrize(
    ("kind", "answer", "facts", "again"),
    [
        ("company_register", "struck_off", {"since": date(2020, 4, 1)}, {CheckKind.BUSINESS_LICENCE}),
        ("company_register", "in_order", {}, set()),
        ("export_list", "not_listed", {}, {CheckKind.EXPORT_PERMISSION}),
        ("production_count", "counted", {"count": 5_000}, {CheckKind.VISIT}),
        ("distributor", "confirmed", {}, set()),
    ],
)
def test_register_answer_outdates_only_the_checks_based_on_it(story, kind, answer, facts, again):
    lead = verified_offer(story)
    record_answer(story, kind, answer, **facts)
    rescreen_changed_offers(AT)
    update_checks(AT)
    assert set(lead.checks.filter(status="outdated").values_list("check_kind", flat=True)) == again


def test_register_lookup_does_not_affect_drafts_and_other_companies(story):
    draft = drafted_offer(story)
    record_answer(story, "insolvency", "insolvent", story.company("别的公司 DEMO"))
    assert rescreen_changed_offers(AT) == 0
    assert not draft.findings.exists()
    assert str(RegisterLookup.objects.get()).endswith("Insolvency register")
