"""Tests of the pages that explain every rule: none is missing, and texts and numbers agree with the rules."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.leads.hooks import screening_rules
from procurement.leads.rules.finding_transitions import is_settled_only_by_remedy
from procurement.leads.screening import payment_terms, prices, quantities, rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN
from procurement.leads.screening.rule_types import Rationale, Remedy, Source
from procurement.leads.screening.screen_offer import OFFER_RULE_CODES
from procurement.rulebook.sections import SECTIONS
from procurement.rulebook.views import RuleDisplay, rules_by_section
from procurement.verification.models import CheckKind
from procurement.verification.rules import needed_checks
from tests.procurement.leads.screening_cases import CASES
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance

RULES = {rule.code: rule for _name, rules in SECTIONS.values() for rule in rules}
FINDINGS = screening_rules.get()
LANGUAGES = ("en", "fr-ca", "zh-hans")


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story()
    clear_instance_cache()


def test_every_finding_and_check_rule_is_on_the_rules_page_once():
    assert set(FINDINGS) <= set(RULES)
    assert {code for code in RULES if code.startswith("check_")} == {
        f"check_{check}"
        for check in set(CheckKind) - {CheckKind.MISSING_CERTIFICATE}  # a person asks for it, no rule
    }
    assert len(RULES) == sum(len(rules) for _name, rules in SECTIONS.values())


@pytest.mark.parametrize("code", sorted(OFFER_RULE_CODES))
def test_rule_states_the_severities_of_its_findings(code):
    """The cases of screening show the severities of each finding.

    A rule states that its findings block only if they do.
    """
    seen = {severity for _facts, one, severity in CASES if one == code}
    assert seen <= set(FINDINGS[code].severities)
    assert (BLOCK in seen) == (BLOCK in FINDINGS[code].severities)


def test_findings_of_later_stages_have_one_severity():
    later = set(FINDINGS) - OFFER_RULE_CODES
    assert {FINDINGS[code].severities for code in later} == {(WARN,), (BLOCK,)}


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_rule_blocks_only_if_its_rationale_permits(code):
    rule = FINDINGS[code]
    assert (BLOCK in rule.severities) == rule.rationale.may_block
    if (
        NOTE in rule.severities and BLOCK not in rule.severities
    ):  # a finding that blocks and warns may be explained until only a note is left
        assert rule.severities == (NOTE,)


def test_findings_not_settled_by_an_answer_say_so():
    lifted = {code for code in FINDINGS if is_settled_only_by_remedy(code)}
    assert lifted == {
        code
        for code, rule in FINDINGS.items()
        if str(rule.remedy.text).startswith("A response does not resolve the finding")
    }
    assert lifted == {
        *("list_match", "list_confirmed", "account_changed", "account_after_contract", "payment_urgent"),
        *("use_false", "distributor_unknown", "lot_unknown"),
    }


@pytest.mark.parametrize("code", sorted(RULES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_complete_in_every_language(code, language):
    rule = RULES[code]
    with translation.override(language):
        told = [rule.description, rule.rationale.text, rule.remedy.text, *rule.further_sentences]
        assert all(str(one).strip() for one in [*told, *(one.description for one in rule.sources)])
        assert rule.sources, "a rule names its source, or that it is our own"
        assert all(one.formatted_value and str(one.label) for one in rule.numbers)
        says = RuleDisplay(rule, "").finding_text
        assert "%(" not in says
        assert not says.endswith("….")
        assert bool(says) == (code in FINDINGS)


def defined(module, kind):
    return {id(one) for one in vars(module).values() if isinstance(one, kind)}


def test_every_rationale_remedy_and_source_is_used_and_linked():
    assert {id(rule.rationale) for rule in RULES.values()} == defined(rationales, Rationale)
    assert {id(rule.remedy) for rule in RULES.values()} == defined(remedies, Remedy)
    used = [source for rule in RULES.values() for source in rule.sources]
    assert {id(source) for source in used} == defined(sources, Source)
    assert all(re.fullmatch(r"https?://[^\s]+", source.url) for source in used if source.url)


def test_every_reason_for_a_check_is_explained_with_the_rules_numbers():
    told = {reason for reasons, _numbers in needed_checks.REASONS_BY_CHECK.values() for reason in reasons}
    assert told == set(needed_checks.CHECK_REASON_TEXTS) - {"again", "missing"}  # those come from people
    for reason, number in (
        ("many_pieces", needed_checks.MIN_PIECES_FOR_VISIT),
        ("filter", needed_checks.MIN_RESPIRATORS_FOR_SAMPLE),
    ):
        assert f"{number:,}" in str(needed_checks.CHECK_REASON_TEXTS[reason])
    for reason, number in (
        ("few_pieces", needed_checks.MIN_PIECES_FOR_VISIT),
        ("known_manufacturer", needed_checks.MIN_PIECES_FOR_VISIT_OF_APPROVED),
    ):
        assert f"{number:,}" in str(needed_checks.NOT_NEEDED_REASON_TEXTS[reason])


def test_rules_page_numbers_are_the_constants_in_use():
    def numbers(code):
        return [one.value for one in RULES[code].numbers]

    def shown(code):
        return [one.formatted_value.replace("\xa0", " ") for one in RULES[code].numbers]

    assert numbers("prepayment_high") == [payment_terms.MAX_PREPAID_PERCENT]
    assert numbers("price_four_times") == [prices.BLOCKING_MULTIPLE]
    with translation.override("fr-ca"):
        assert "3,5" in shown("price_high")
        assert f"{quantities.LARGE_DAILY_PRODUCTION:,}".replace(",", " ") in shown("capacity_young")
    assert Decimal("0.6745") in numbers("price_high")


def test_rules_are_found_by_text_source_and_number():
    assert [one.rule.code for _key, _name, shown in rules_by_section("prepayment_high") for one in shown] == [
        "prepayment_high"
    ]
    by_source = {
        one.rule.code for _key, _name, shown in rules_by_section("clarksvilleonline") for one in shown
    }
    assert {"account_changed", "maker_unconfirmed"} <= by_source
    assert rules_by_section("no such words anywhere") == []
    with translation.override("zh-hans"):
        assert any(
            one.rule.code == "use_mismatch"
            for _key, _name, shown in rules_by_section("申报用途")
            for one in shown
        )


@pytest.mark.django_db
def test_rules_index_links_to_each_rule_and_search_filters_it(story, client):
    client.force_login(story.officer.user)
    page = client.get(reverse("rules")).content.decode()
    for code in RULES:
        assert f'href="{reverse("rule", args=[code])}"' in page
    assert "…% is requested before shipment" not in page
    few = client.get(reverse("rules"), {"q": "domain_young"}).content.decode()
    assert reverse("rule", args=["domain_young"]) in few
    assert reverse("rule", args=["use_mismatch"]) not in few
    none = client.get(reverse("rules"), {"q": "xyzzy"}).content.decode()
    assert "No rules match." in none


@pytest.mark.django_db
def test_every_rule_has_its_own_page(story, client):
    client.force_login(story.officer.user)
    for code, rule in RULES.items():
        page = " ".join(unescape(client.get(reverse("rule", args=[code])).content.decode()).split())
        for words in (rule.description, rule.rationale.text, rule.remedy.text):
            assert " ".join(str(words).split()) in page, code
    assert "…% is requested before shipment" in unescape(
        client.get(reverse("rule", args=["prepayment_high"])).content.decode()
    )
    assert client.get(reverse("rule", args=["no_such_rule"])).status_code == 404


@pytest.mark.django_db
def test_certificate_rules_have_their_own_page_and_are_searchable(story, client):
    client.force_login(story.officer.user)
    kind = CertificateType.objects.get(code="ISO_13485")
    row = CertificateTypeStatus.objects.create(
        code="ISO-CA", kind=kind, status="accepted", reason_en="A quality system.", confidence="firm"
    )
    anchor, number = f'id="{row.code}"', CertificateTypeStatus.objects.count()
    every = client.get(reverse("rules")).content.decode()
    assert anchor not in every
    assert f'<a href="?kinds=1">Value of certificate types</a> <span class="count">{number}</span>' in every
    alone = client.get(reverse("rules"), {"kinds": "1"}).content.decode()
    assert anchor in alone
    assert reverse("rule", args=["domain_young"]) not in alone
    assert anchor in client.get(reverse("rules"), {"q": row.code}).content.decode()


@pytest.mark.django_db
def test_rules_download_as_csv(story, client):
    client.force_login(story.officer.user)
    answer = client.get(reverse("rules"), {"as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Code"] for row in rows} == set(RULES)
    (prepaid,) = [row for row in rows if row["Code"] == "prepayment_high"]
    assert f"Maximum advance payment (percent): {payment_terms.MAX_PREPAID_PERCENT}" in prepaid["Parameters"]
    assert "tpsgc-pwgsc" in prepaid["Source"]


@pytest.mark.django_db
def test_every_finding_of_an_offer_links_to_its_rule(story, client):
    lead = submitted_offer(story, prepayment_percent=80)
    client.force_login(story.officer.user)
    page = client.get(lead.get_absolute_url()).content.decode()
    codes = set(lead.findings.exclude(status="resolved").values_list("code", flat=True))
    assert "prepayment_high" in codes
    for code in codes:
        assert f'href="{reverse("rule", args=[code])}"' in page
