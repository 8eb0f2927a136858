"""Tests of every finding.

Each has a sentence in three languages, is answered in writing, and opens again when its facts change.
"""

from dataclasses import replace

import pytest
from django.utils import translation

from procurement.leads.actions.findings import answer_finding, record_findings
from procurement.leads.hooks import screening_rules
from procurement.leads.models.findings import Finding
from procurement.leads.rules.finding_transitions import is_settled_only_by_remedy
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.offer_data import FindingData
from procurement.leads.screening.screen_offer import OFFER_RULE_CODES, screen_offer
from tests.procurement.leads.screening_cases import CASES, HONEST
from tests.procurement.refusals import assert_refused
from tests.worlds.leads import submitted_offer
from tests.worlds.need_to_order import AT

LANGUAGES = ("en", "fr-ca", "zh-hans")
CODES = frozenset(screening_rules.get())
NOT_ANSWERABLE = set(filter(is_settled_only_by_remedy, CODES))


def findings_of_every_code() -> list[FindingData]:
    """Return one finding of each code with the figures of screening.

    Findings that orders, payments and shipments raise get a common set of figures.
    """
    first: dict[str, FindingData] = {}
    for facts, code, _severity in CASES:
        found = {one.code: one for one in screen_offer(replace(HONEST, **facts))}
        first.setdefault(code, found[code])
    texts = {"en": "a check", "fr": "une vérification", "zh": "核查"}
    figures = {
        "shipment": "SH-2020-0001",
        "what": texts,
        "why": texts,
        "codes": ["3926909090"],
        "certificate": "CT-2020-0001",
        "old_for": "ended",
        "departed": "2020-04-16",
        "parcels": 2,
        "missing": 3,
        "rejected": 4,
        "check": texts,
        "task": "VT-2020-0001",
        "questions": [texts],
        "order": "PO-2020-0001",
        "placed": "2020-04-16",
        "account": "•••• 0001",
        "amount": {"amount": "880000.00", "currency": "EUR"},
        "asked": "2020-04-17",
    }
    later = [
        FindingData(code=code, severity="warn", subject="SH", figures=figures)
        for code in CODES - OFFER_RULE_CODES
    ]
    return [*first.values(), *later]


@pytest.mark.parametrize("code", sorted({one.code for one in findings_of_every_code()}))
def test_every_finding_is_explained_with_its_figures_in_each_language(code):
    (found,) = [one for one in findings_of_every_code() if one.code == code]
    said = set()
    for language in LANGUAGES:
        with translation.override(language):
            words = finding_sentence(code, found.figures)
        assert "%(" not in words
        assert words.strip()
        said.add(words)
    assert len(said) == len(LANGUAGES), "no language is left in English"


@pytest.mark.django_db
def test_every_finding_not_settled_elsewhere_can_be_answered_and_reopens_when_its_figures_change(story):
    lead = submitted_offer(story)
    found = [replace(one, subject=f"{one.code}"[:60]) for one in findings_of_every_code()]

    def note(these):
        record_findings(lead, these, at=AT, only=CODES)
        return {one.code: one for one in Finding.objects.filter(lead=lead, subject__in=CODES)}

    who = {"answered_by": story.officer.user, "by": story.officer.by, "at": AT}
    for code, one in note(found).items():
        if code in NOT_ANSWERABLE:
            with assert_refused("not_ready", one):
                answer_finding(one, answer="Not the same company.", **who)
            continue
        with assert_refused("reason_missing", one):
            answer_finding(one, answer="  ", **who)
        answer_finding(one, answer="Seen and explained.", **who)
    after = note(found)
    assert {code for code, one in after.items() if one.status == "open"} == NOT_ANSWERABLE
    changed = [replace(one, figures={**one.figures, "changed": 1}) for one in found]
    again = note(changed)
    assert {one.status for one in again.values()} == {"open"}
    kept = {code for code, one in again.items() if one.answer}
    assert kept == set(again) - NOT_ANSWERABLE, "what was answered stays to be read"
    assert {one.status for one in note([]).values()} == {"resolved"}
