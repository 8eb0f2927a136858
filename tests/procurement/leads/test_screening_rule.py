"""Tests of the type of screening rules: an incomplete rule cannot be created, and each code has one rule."""

import ast

import pytest

from procurement.leads.hooks import screening_rules
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, CertificateData
from procurement.leads.screening.rule_types import Rule, ScreeningRule
from tests.architecture.sources import modules, name, tree
from workflow.hooks import KeyedHook

WHOLE = {
    "code": "too_good",
    "severities": (BLOCK, WARN),
    "description": "Whether the offer is too good",
    "message": "It is too good by %(points)s points.",
    "rationale": rationales.PUBLISHED_SOURCE,
    "remedy": remedies.WRITTEN_RESPONSE,
    "sources": (sources.EUROPE_FAULTY_MASKS,),
}


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_screening_rule_without_one_of_its_parts_cannot_be_created(missing):
    with pytest.raises(TypeError, match=missing):
        ScreeningRule(**{name: part for name, part in WHOLE.items() if name != missing})


@pytest.mark.parametrize(
    ("part", "empty", "why"),
    [
        ("description", " ", "does not say what it looks at"),
        ("message", "", "has no words"),
        ("sources", (), "names no source"),
        ("severities", (), "does not say whether"),
        ("severities", (WARN,), "does not fit its severities"),
        ("rationale", rationales.MAY_BE_LEGITIMATE, "does not fit its severities"),
    ],
)
def test_screening_rule_with_an_empty_part_or_an_unreliable_block_cannot_be_created(part, empty, why):
    with pytest.raises(ValueError, match=why):
        ScreeningRule(**{**WHOLE, part: empty})


@pytest.mark.parametrize(
    ("part", "empty", "why"),
    [
        ("description", "", "deposit does not say what it looks at"),
        ("sources", (), "deposit names no source"),
    ],
)
def test_rule_that_raises_no_findings_needs_a_description_and_a_source(part, empty, why):
    complete = {
        "code": "deposit",
        "description": "How much is paid before shipping",
        "rationale": rationales.ORDER_BLOCKED,
        "remedy": remedies.CHANGE_OR_EXPLAIN,
        "sources": (sources.TANGO_PREPAYMENT,),
    }
    assert Rule(**complete).description == "How much is paid before shipping"
    with pytest.raises(ValueError, match=why):
        Rule(**{**complete, part: empty})


def test_finding_takes_a_severity_of_its_rule_and_says_why_it_warns():
    rule = ScreeningRule(**WHOLE)
    weakest = rule.finding(points=3, unsure="rule")
    assert (weakest.code, weakest.severity, weakest.figures) == ("too_good", WARN, {"points": 3})
    assert weakest.downgrade_reason == "rule"
    assert rule.finding(BLOCK, unsure="rule").downgrade_reason == "", "a finding that blocks is not unsure"
    with pytest.raises(ValueError, match="too_good cannot have the severity note"):
        rule.finding(NOTE)


def test_finding_about_a_certificate_names_its_reference():
    paper = CertificateData(reference="CT-2020-0001", kind={"en": "A report"}, number="L3068/1")
    found = ScreeningRule(**WHOLE).certificate_finding(paper, points=3)
    assert found.subject == "CT-2020-0001"
    assert found.figures == {"kind": {"en": "A report"}, "number": "L3068/1", "points": 3}


def test_screening_code_has_exactly_one_rule():
    rules = KeyedHook[ScreeningRule]("tests.rules")
    rule = ScreeningRule(**WHOLE)
    rules.register(rule.code, rule)
    with pytest.raises(RuntimeError, match="already registered for too_good"):
        rules.register(rule.code, ScreeningRule(**WHOLE))
    assert all(code == one.code for code, one in screening_rules.get().items())


def test_findings_are_created_only_by_screening_rules():
    makers = {
        name(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "FindingData"
    }
    assert makers == {"procurement/leads/screening/rule_types.py"}
