"""Tests of the page that explains every rule.

No rule is missing, no text claims more than its rule does, and the numbers are those of the rules.
"""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.leads.rules.findings import NOT_ANSWERABLE
from procurement.leads.screening import prices, seller_and_terms
from procurement.leads.screening.finding_messages import LATER, SENTENCES
from procurement.rulebook.checks import REASONS
from procurement.rulebook.entries import BLOCKS, NOTES, WARNS
from procurement.rulebook.numbers import NUMBERS
from procurement.rulebook.rationales import FIRM_RATIONALES, RATIONALES, SETTLED
from procurement.rulebook.sections import ENTRIES, SECTIONS
from procurement.rulebook.sources import FACTS, SOURCES
from procurement.rulebook.views import finding_template, rules_by_section
from procurement.verification.models.tasks import Check
from procurement.verification.rules import needed_checks
from tests.procurement.leads.play import offered
from tests.procurement.leads.test_screening import CASES
from tests.procurement.story import AT, Story
from workflow.clock import clear_cache, create_instance

FINDINGS = {code: entry for code, entry in ENTRIES.items() if entry.does}
LANGUAGES = ("en", "fr-ca", "zh-hans")


@pytest.fixture
def story():
    clear_cache()
    create_instance("practice", AT)
    yield Story()
    clear_cache()


def test_every_finding_check_and_payment_rule_has_its_entry_once():
    assert set(FINDINGS) == set(SENTENCES | LATER)
    assert {code for code in ENTRIES if code.startswith("check_")} == {f"check_{check}" for check in Check}
    assert len(ENTRIES) == sum(len(entries) for _name, entries in SECTIONS.values())


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_an_entry_says_what_its_finding_does(code):
    """The cases of screening show the severities of each finding.

    An entry states that its finding blocks only if it does.
    """
    seen = {severity for _facts, one, severity in CASES if one == code}
    assert seen <= set(ENTRIES[code].does)
    assert (BLOCKS in seen) == (BLOCKS in ENTRIES[code].does)


def test_what_later_stages_find_only_warns():
    assert {ENTRIES[code].does for code in LATER} <= {(WARNS,), (BLOCKS,), (BLOCKS, WARNS)}


@pytest.mark.parametrize("code", sorted(FINDINGS))
def test_only_firm_ground_blocks_and_what_blocks_stands_on_firm_ground(code):
    entry = FINDINGS[code]
    assert (BLOCKS in entry.does) == (entry.ground in FIRM_RATIONALES)
    if (
        NOTES in entry.does and BLOCKS not in entry.does
    ):  # a finding that blocks and warns may be explained until only a note is left
        assert entry.does == (NOTES,)


def test_what_no_answer_lifts_says_so_and_nothing_else_does():
    assert {
        code
        for code, entry in FINDINGS.items()
        if entry.settled in ("two", "second_call", "receiver", "maker_again")
    } == NOT_ANSWERABLE


@pytest.mark.parametrize("code", sorted(ENTRIES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_whole_in_every_language(code, language):
    entry = ENTRIES[code]
    with translation.override(language):
        told = [entry.looks_at, entry.why, entry.settles, *entry.more, *(one.words for one in entry.rests_on)]
        assert all(str(one).strip() for one in told)
        assert entry.rests_on, "a rule names its source, or that it is our own"
        assert all(one.shown and str(one.label) for one in entry.figures)
        assert "%(" not in finding_template(code)
        assert not finding_template(code).endswith("….")


def test_every_table_is_used_and_every_address_is_one():
    assert {entry.ground for entry in ENTRIES.values()} == set(RATIONALES)
    assert {entry.settled for entry in ENTRIES.values()} == set(SETTLED)
    assert {key for entry in ENTRIES.values() for key in entry.numbers} == set(NUMBERS)
    assert {key for entry in ENTRIES.values() for key in entry.sources} == set(SOURCES)
    assert all(re.fullmatch(r"https?://[^\s]+", url) for url in FACTS.values())


def test_every_reason_for_a_check_is_told_and_the_words_hold_the_constants_of_the_rule():
    told = {reason for reasons, _numbers in REASONS.values() for reason in reasons}
    assert told == set(needed_checks.WHY) - {"again"}
    for reason, number in (("many_pieces", needed_checks.VISIT_FROM), ("filter", needed_checks.SAMPLE_FROM)):
        assert f"{number:,}" in str(needed_checks.WHY[reason])
    for reason, number in (
        ("few_pieces", needed_checks.VISIT_FROM),
        ("known_maker", needed_checks.KNOWN_VISIT_FROM),
    ):
        assert f"{number:,}" in str(needed_checks.WHY_NOT[reason])


def test_the_numbers_are_the_rules_own(monkeypatch):
    assert NUMBERS["prepaid"].value == seller_and_terms.MOST_PREPAID
    assert NUMBERS["hard"].value == prices.HARD_TIMES
    with translation.override("fr-ca"):
        assert NUMBERS["robust"].shown == "3,5"
        assert NUMBERS["much"].shown.replace("\xa0", " ") == f"{seller_and_terms.MUCH_A_DAY:,}".replace(
            ",", " "
        )
    assert NUMBERS["factor"].value == Decimal("0.6745")


def test_words_find_rules_by_what_they_say_their_source_and_their_numbers():
    assert [
        one.entry.code for _key, _name, shown in rules_by_section("prepayment_high") for one in shown
    ] == ["prepayment_high"]
    by_source = {
        one.entry.code for _key, _name, shown in rules_by_section("clarksvilleonline") for one in shown
    }
    assert {"account_changed", "maker_unconfirmed"} <= by_source
    assert rules_by_section("no such words anywhere") == []
    with translation.override("zh-hans"):
        assert any(
            one.entry.code == "use_mismatch"
            for _key, _name, shown in rules_by_section("申报用途")
            for one in shown
        )


@pytest.mark.django_db
def test_the_page_has_an_anchor_for_each_rule_and_the_certificate_rules(story, client):
    client.force_login(story.officer.user)
    page = client.get(reverse("rules")).content.decode()
    for code in ENTRIES:
        assert f'id="{code}"' in page
    assert "… % is asked before anything is shipped" in page
    few = client.get(reverse("rules"), {"q": "domain_young"}).content.decode()
    assert 'id="domain_young"' in few
    assert 'id="use_mismatch"' not in few
    none = client.get(reverse("rules"), {"q": "xyzzy"}).content.decode()
    assert "No rule matches." in none


@pytest.mark.django_db
def test_the_certificate_rules_have_a_page_of_their_own_and_are_found_by_words(story, client):
    client.force_login(story.officer.user)
    kind = CertificateType.objects.get(code="ISO_13485")
    row = CertificateTypeStatus.objects.create(
        code="ISO-CA", kind=kind, standing="accepted", reason_en="A quality system.", confidence="firm"
    )
    anchor, number = f'id="{row.code}"', CertificateTypeStatus.objects.count()
    every = client.get(reverse("rules")).content.decode()
    assert anchor not in every
    assert (
        f'<a href="?kinds=1">What kinds of certificates are worth</a> <span class="count">{number}</span>'
        in every
    )
    alone = client.get(reverse("rules"), {"kinds": "1"}).content.decode()
    assert anchor in alone
    assert 'id="domain_young"' not in alone
    assert anchor in client.get(reverse("rules"), {"q": row.code}).content.decode()


@pytest.mark.django_db
def test_the_rules_as_a_file(story, client):
    client.force_login(story.officer.user)
    answer = client.get(reverse("rules"), {"as": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["Code"] for row in rows} == set(ENTRIES)
    (prepaid,) = [row for row in rows if row["Code"] == "prepayment_high"]
    assert f"Percent in advance at most: {seller_and_terms.MOST_PREPAID}" in prepaid["Its numbers"]
    assert "tpsgc-pwgsc" in prepaid["Source"]


@pytest.mark.django_db
def test_every_finding_of_an_offer_leads_to_its_rule(story, client):
    lead = offered(story, prepayment_percent=80)
    client.force_login(story.officer.user)
    page = client.get(lead.get_absolute_url()).content.decode()
    codes = set(lead.findings.exclude(status="resolved").values_list("code", flat=True))
    assert "prepayment_high" in codes
    for code in codes:
        assert f'href="{reverse("rules")}#{code}"' in page
