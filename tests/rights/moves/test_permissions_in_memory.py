"""The right of every person to every status change in every status, asked of the rules without a request."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.rights.http_requests import Differences, World
from tests.rights.moves.moves_in_memory_table import (
    CLOCK_TOO,
    LABELS,
    MOVES,
    PROPOSED,
    kind_of,
    people_who_may,
)
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.errors import NOT_ALLOWED
from workflow.moves import Moves

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
OTHER_NAMES = ("question to them", "check given to them")  # of an inquiry and a check, on a contact's page
# Operations of the API in the tables that make moves of another name or of another object.
NO_MOVES = {("need", "lines"), ("lead", "cut"), ("supplier", "set_status"), ("clearance", "hold")}


def objects_with_life_cycle(world: World, city: str) -> Iterator[tuple[str, Any, Moves[Any]]]:
    """Yield every object of a city that has a life cycle: its name, the row as it is stored, and its moves."""
    part = {"burnaby": world.own, "markham": world.shared}[city]
    for name, row in part.things.items():
        label = row._meta.label_lower
        if label in Moves.registry and name not in OTHER_NAMES:
            yield name, type(row)._base_manager.get(pk=row.pk), Moves.registry[label]


def refusals_by_actor(
    moves: Moves[Any], thing: Any, actors: dict[str, Any]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the verb, the status, the actor, and the code of the refusal or an empty string.

    The status is set in memory only.
    """
    for status in moves.statuses:
        thing.status = status
        for move in moves:
            for who, actor in actors.items():
                no = move.refusal(actor, thing, AT)
                yield move.verb, str(status), who, no.code if no else ""


@pytest.mark.parametrize("city", ["burnaby", "markham"])
def test_status_actions_are_allowed_or_proposed_by_permission_table_at_each_status(world, city):
    wrong = Differences()
    for thing, row, moves in objects_with_life_cycle(world, city):
        for verb, status, who, code in refusals_by_actor(moves, row, world.powers):
            if (code != NOT_ALLOWED) != (who in people_who_may(thing, verb, status, city)):
                wrong.add(thing, verb, status, who, code)
            if city == "burnaby" and (code == "relied_on") != (who in PROPOSED.get((thing, verb), ())):
                wrong.add(thing, verb, status, who, "may only propose it, because other cities rely on it")
    assert wrong == []


def test_periodic_job_can_make_only_its_own_status_changes(world):
    wrong = Differences()
    for thing, row, moves in objects_with_life_cycle(world, "burnaby"):
        for verb, status, _who, code in refusals_by_actor(moves, row, {"clock": SYSTEM}):
            its = MOVES[kind_of(thing)][verb].by_system or verb in CLOCK_TOO.get(kind_of(thing), ())
            if (code != NOT_ALLOWED) != its:
                wrong.add(thing, verb, status, code)
    assert wrong == []


def test_every_life_cycle_has_test_record_and_every_verb_a_permission_row(world):
    """The registry lists the verbs; only the tables have their rights."""
    assert {
        moves.model._meta.label_lower for _name, _row, moves in objects_with_life_cycle(world, "burnaby")
    } == set(Moves.registry)
    for thing, label in LABELS.items():
        verbs = {verb for verb in MOVES[thing] if (thing, verb) not in NO_MOVES}
        assert verbs == set(Moves.registry[label].by_verb), thing
