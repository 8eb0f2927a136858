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


def test_every_stage_brought_its_life_cycles():
    assert {
        "procurement.supplyrequest",
        "procurement.shipment",
        "partners.contact",
        "partners.import",
        "procurement.lot",
    } <= set(CYCLES)


@pytest.mark.parametrize("label", CYCLES)
def test_every_status_is_reached(label):
    moves = Moves.registry[label]
    reached = {move.target for move in moves if move.target} | STARTED_ELSEWHERE.get(label, set())
    assert set(moves.statuses.values) <= reached


@pytest.mark.parametrize("label", CYCLES)
def test_every_status_has_a_way_out_or_is_named_an_end(label):
    moves = Moves.registry[label]
    left = {status for move in moves if move.target for status in move.source if status != move.target}
    ends = set(moves.statuses.values) - left
    assert ends <= set(moves.ends)
    assert all(reason.strip() for reason in moves.ends.values())


@pytest.mark.parametrize("label", CYCLES)
def test_every_move_has_words_and_starts_from_known_statuses(label):
    moves = Moves.registry[label]
    known = set(moves.statuses.values)
    for move in moves:
        assert str(move.label)
        assert str(move.past)
        assert move.source <= known
        assert move.target is None or move.target in known
    verbs = [move.verb for move in moves]
    assert len(verbs) == len(set(verbs))


@pytest.mark.parametrize("label", CYCLES)
def test_no_button_reads_like_a_status_of_the_same_thing(label):
    moves = Moves.registry[label]
    statuses = {str(status) for status in moves.statuses.labels}
    assert not [move.verb for move in moves if str(move.label) in statuses]


def test_the_drawn_states_are_what_the_code_says():
    call_command("draw_states", check=True, stdout=StringIO())
