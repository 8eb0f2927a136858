"""Every action offered in the practice scenario can be made: actions listed by the API, links and primary buttons.

An action listed as open succeeds, or is refused only for a field of its own body. A primary button succeeds, opens a
form, or is refused only for a field of its form.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from partners.memberships.models import Membership
from procurement.management.scenario.state import ScenarioState
from procurement.shared_api.all_collections import COLLECTIONS
from tests.journeys.scenario.link_crawler import Walk, state_by_address
from tests.procurement.api.program import Program
from tests.worlds.cities import powers_for
from workflow import clock
from workflow.clock import advance_clock
from workflow.moves import moves_of

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scenario")]
# Each moment has another date in Vancouver than in Beijing or Auckland.
MOMENTS = [
    "2020-04-16T18:30-07:00",
    "2020-04-21T07:30+08:00",
    "2020-05-02T00:30+12:00",
    "2020-06-30T17:30-07:00",
    "2022-05-01T08:00+08:00",
]
REASON = "The reason is written here."
LATER = MOMENTS[1:]


def people(*roles: Membership.Role) -> list[User]:
    """Return one person for each role (or each given role) in each city of the scenario."""
    found = Membership.objects.active().order_by("pk").select_related("user")
    found = found.filter(role__in=roles) if roles else found
    return list({(one.city_id, one.role): one.user for one in found}.values())


def open_moves(at: datetime) -> Iterator[tuple[Program, str, dict[str, str]]]:
    """Yield each move that is open to a person once, as (API client, address, body)."""
    known = set()
    for person in people():
        program, by = Program(person), powers_for(person)
        for collection in COLLECTIONS:
            addresses = collection.url_verbs_by_move() if collection.has_moves() else {}
            for thing in collection.model._default_manager.visible_to(by) if addresses else ():
                for move, no in moves_of(thing).available(by, thing, at):
                    verb = addresses.get(move.verb)
                    address = f"{collection.path}/{getattr(thing, collection.lookup_field)}/{verb}/"
                    if no is None and verb is not None and address not in known:
                        known.add(address)
                        body = collection.move_actions[verb].body().fields
                        yield program, address, {"reason": REASON} if "reason" in body else {}


def asks_for(answer: Any) -> bool:
    """Return True if a refusal points at a field of the body."""
    data = answer.json()
    return answer.status_code == 422 and bool(data.get("errors"))


@pytest.mark.parametrize(
    "moment", [pytest.param(one, marks=[pytest.mark.every_way] if one in LATER else []) for one in MOMENTS]
)
def test_every_action_listed_as_open_by_api_can_be_made_in_scenario(
    stage: ScenarioState, moment: str
) -> None:
    tried, wrong = 0, []
    with transaction.atomic():
        advance_clock(datetime.fromisoformat(moment))
        for program, address, body in open_moves(clock.now()):
            tried += 1
            with transaction.atomic():
                answer = program.ask("post", address, body)
                transaction.set_rollback(True)
            if answer.status_code >= 400 and not asks_for(answer):
                wrong.append((address, answer.status_code, answer.json()["detail"]))
        transaction.set_rollback(True)
    assert tried > 100
    assert wrong == []


# --- pages ------------------------------------------------------------------------------------------------------
@pytest.mark.every_way  # opens a thousand pages
@pytest.mark.parametrize("role", list(Membership.Role))
def test_every_link_button_and_figure_on_scenario_pages_is_correct(
    stage: ScenarioState, role: Membership.Role
) -> None:
    walk = Walk(state_by_address())
    found = {
        f"{person} at {page.at}": wrong
        for person in people(role)
        for page in walk.pages(person)
        if (wrong := list(walk.faults_of(page)))
    }
    assert walk.opened > 50
    assert found == {}
