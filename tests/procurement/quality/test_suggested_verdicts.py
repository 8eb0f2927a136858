"""Tests of the verdict that the results of an inspection suggest."""

import pytest

from procurement.quality.rules import NO_SUGGESTION, Outcome, Verdict, suggest_verdict
from workflow.errors import Refused


class Result:
    """Result of one inspection point."""

    def __init__(self, outcome: str) -> None:
        self.outcome = outcome


MEASURED, OPEN = Result(Outcome.WITHIN_LIMIT), Result(Outcome.NOT_MEASURED)


@pytest.mark.parametrize("code", ["outside_limit", "point_not_seen", "too_many_defects"])
@pytest.mark.parametrize("found", [[MEASURED], [OPEN], []])
def test_results_beyond_a_limit_suggest_that_the_lot_fails(code, found):
    refused = Refused(code, "Eight of 200 are defective.")
    suggested = suggest_verdict(found, refused, supported=False)
    assert (suggested.verdict, suggested.reason) == (Verdict.FAILED, "Eight of 200 are defective.")
    assert not suggested.can_pass


@pytest.mark.parametrize("refused", [None, Refused("not_ready", "Take a larger sample.")])
def test_nothing_is_suggested_while_no_point_is_measured(refused):
    assert suggest_verdict([OPEN, OPEN], refused, supported=False) is NO_SUGGESTION
    assert suggest_verdict([OPEN, MEASURED], refused, supported=False) is not NO_SUGGESTION


@pytest.mark.parametrize("found", [[MEASURED], [OPEN, MEASURED], []])
def test_another_refusal_is_shown_without_a_verdict(found):
    suggested = suggest_verdict(found, Refused("not_ready", "Take a larger sample."), supported=False)
    assert (suggested.verdict, suggested.reason) == ("", "Take a larger sample.")
    assert not suggested.can_pass


@pytest.mark.parametrize(
    ("found", "supported"), [([MEASURED], False), ([OPEN, MEASURED], False), ([OPEN], True), ([], False)]
)
def test_results_within_all_limits_suggest_that_the_lot_passes(found, supported):
    suggested = suggest_verdict(found, None, supported=supported)
    assert (suggested.verdict, suggested.can_pass) == (Verdict.PASSED, True)
    assert str(suggested.reason) == (
        "All binding limits are met, and the number of defective units is acceptable."
    )
