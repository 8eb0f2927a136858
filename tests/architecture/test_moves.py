"""Every life cycle is complete: each status is reached, and is left or named as an end.

docs/states.md is current.
"""

from io import StringIO

import pytest
from django.core.management import call_command

from workflow.moves import Moves

CYCLES = sorted(Moves.registry)
STARTED_ELSEWHERE = {
    # The first status, where the action chooses it and the move does not name it.
    "procurement.supplierstatus": {"approved", "on_watch", "suspended", "banned"},
}


def test_life_cycles_of_all_stages_are_registered():
    assert {
        "procurement.supplyrequest",
        "procurement.shipment",
        "partners.contact",
        "partners.import",
        "procurement.lot",
    } <= set(CYCLES)


@pytest.mark.parametrize("label", CYCLES)
def test_every_status_of_life_cycle_is_reachable(label):
    moves = Moves.registry[label]
    reached = {move.target for move in moves if move.target} | STARTED_ELSEWHERE.get(label, set())
    assert set(moves.statuses.values) <= reached


@pytest.mark.parametrize("label", CYCLES)
def test_every_status_can_be_left_or_is_declared_final(label):
    moves = Moves.registry[label]
    left = {status for move in moves if move.target for status in move.source if status != move.target}
    ends = set(moves.statuses.values) - left
    assert ends <= set(moves.ends)
    assert all(reason.strip() for reason in moves.ends.values())


@pytest.mark.parametrize("label", CYCLES)
def test_every_status_change_has_labels_and_starts_from_known_statuses(label):
    moves = Moves.registry[label]
    known = set(moves.statuses.values)
    for move in moves:
        assert str(move.label)
        assert str(move.past_tense)
        assert move.source <= known
        assert move.target is None or move.target in known
    verbs = [move.verb for move in moves]
    assert len(verbs) == len(set(verbs))


@pytest.mark.parametrize("label", CYCLES)
def test_no_button_label_equals_status_label_of_same_record(label):
    moves = Moves.registry[label]
    statuses = {str(status) for status in moves.statuses.labels}
    assert not [move.verb for move in moves if str(move.label) in statuses]


def test_status_diagrams_in_docs_match_code():
    call_command("draw_states", check=True, stdout=StringIO())
