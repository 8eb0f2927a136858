"""Every move at its addresses on pages and in the API, by one who may, one who may not and a stranger.

A refusal changes neither the row nor the journal nor the outbox. test_permissions_in_memory.py asks for the rights of every
person.
"""

import pytest

from procurement.shared_api.object_urls import COLLECTION_BY_LABEL
from tests.rights.http_requests import (
    EVERY_PERSON,
    Differences,
    World,
    count_written_rows,
    identifier_of,
    people_to_ask,
    rolled_back,
)
from tests.rights.moves.moves_in_memory_table import kind_of
from tests.rights.moves.moves_table import AGAIN, LABELS, MOVES
from tests.rights.moves.verbs_table import Verb
from tests.rights.reading_rights_table import SEES
from workflow.journal.models import Entry
from workflow.outbox.models import Message

PATHS = {"city": "cities", "exchange": "exchanges", "organization": "organizations"}
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]


def every_verb():
    """Yield every verb with the object it is tried on."""
    for thing, verbs in MOVES.items():
        for verb, row in verbs.items():
            yield thing, verb, row
    for (thing, verb), may in AGAIN.items():
        yield thing, verb, MOVES[kind_of(thing)][verb]._replace(may=may)


def state_of(thing):
    """Return the row and the numbers of journal entries and messages."""
    row = type(thing)._base_manager.filter(pk=thing.pk).values().get()
    return row, Entry.objects.count(), Message.objects.count()


def test_api_verbs_equal_those_of_permission_table():
    """test_permissions_in_memory.py checks that the table has every verb."""
    wrong = Differences()
    for thing, label in LABELS.items():
        offered = {verb.replace("-", "_") for verb in COLLECTION_BY_LABEL[label].move_actions}
        listed = {verb for verb, row in MOVES[thing].items() if row.api}
        if offered != listed:
            wrong.add(thing, "api", offered ^ listed)
    assert wrong == []


def differences_for(world: World, thing: str, verb: str, row: Verb, post) -> list:
    """Let people with and without the right try one verb; return the differences from the table.

    `post(visitor)` returns the status of the answer.
    """
    wrong, target, may = Differences(), world.things[thing], row.may & SEES[thing]
    people = people_to_ask(may, SEES[thing])
    before, kept = count_written_rows(), state_of(target)
    for who in people:
        if who in may:
            continue
        status, expected = post(world.visitors[who]), 403 if who in SEES[thing] else 404
        if status != expected:
            wrong.add(thing, verb, who, status, expected)
    if count_written_rows() != before or state_of(target) != kept:
        wrong.add(thing, verb, "a no changed something")
    for who in may.intersection(people):
        with rolled_back():
            status = post(world.visitors[who])
        if status not in (200, 201, 302, 303, 409, 422):
            wrong.add(thing, verb, who, status, "may")
    return wrong


def test_status_actions_on_pages_follow_permission_table(world):
    wrong = Differences()
    for thing, verb, row in every_verb():
        if thing in PATHS:
            continue
        target = world.things[thing]
        url = f"{target.get_absolute_url()}{verb}/"
        if row.page:
            wrong += differences_for(
                world,
                thing,
                verb,
                row,
                lambda visitor, url=url: visitor.page("post", url).status_code,
            )
            if world.stranger.page("post", url).status_code != 302:
                wrong.add(thing, verb, "anonymous")
    assert wrong == []


def test_forms_of_status_actions_open_by_permission_table(world):
    """The form of a move has the same rights as the move.

    page_and_api/test_same_fields_on_page_and_api.py opens each form as a person who may.
    """
    wrong = Differences()
    for thing, verb, row in every_verb():
        if not row.page or thing in PATHS:
            continue
        url, may = f"{world.things[thing].get_absolute_url()}{verb}/", row.may & SEES[thing]
        for who in people_to_ask(may, SEES[thing]):
            if who in may and not EVERY_PERSON:
                continue
            status = world.visitors[who].page("get", url).status_code
            expected = (200, 405) if who in may else (403,) if who in SEES[thing] else (404,)
            if status not in expected:
                wrong.add(thing, verb, who, status, expected)
    assert wrong == []


def test_status_actions_in_api_follow_permission_table(world):
    wrong = Differences()
    for thing, verb, row in every_verb():
        if row.api:
            path = operation(world, thing, verb)
            wrong += differences_for(
                world,
                thing,
                verb,
                row,
                lambda visitor, path=path: visitor.api("post", path).status_code,
            )
            if world.stranger.api("post", path).status_code != 401:
                wrong.add(thing, verb, "anonymous")
    assert wrong == []


def operation(world: World, thing: str, verb: str) -> str:
    """Return the address of a verb below /api/v1/."""
    path = PATHS.get(thing) or COLLECTION_BY_LABEL[LABELS[kind_of(thing)]].path
    return f"{path}/{identifier_of(world.things[thing])}/{verb.replace('_', '-')}/"


@pytest.mark.parametrize("door", ["page", "api"])
def test_action_offered_nowhere_has_no_page_or_api_address(world, door):
    """The address does not exist, so the officer asks, who has most rights; in `make test-all` also others."""
    others = ("own administrator", "own approver", "coordinator", "foreign officer")
    for thing, verb, row in every_verb():
        if getattr(row, door) or thing in PATHS:
            continue
        for who in ("own officer", *(others if EVERY_PERSON else ())):
            visitor = world.visitors[who]
            with rolled_back():
                if door == "api":
                    answer = visitor.api("post", operation(world, thing, verb))
                else:
                    answer = visitor.page("post", f"{world.things[thing].get_absolute_url()}{verb}/")
            expected = (
                (404, 405) if door == "api" else (404, 403, 200, 422)
            )  # some verbs are also names of pages
            assert answer.status_code in expected, (thing, verb, who, answer.status_code)
