"""Downloads of a file by page and API: each reader gets an address that works only for them."""

import pytest
from django.urls import reverse

from tests.procurement.api.program import ROOT
from tests.rights.http_requests import Differences, Visitor, World, identifier_of, people_to_ask
from tests.rights.reading_rights_table import SEES, people

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]


def first_answers(world: World, visitor: Visitor) -> list[tuple[str, object]]:
    """Request the file in each way as this person; return the name of each way and the first answer."""
    key = identifier_of(world.things["file"])
    return [
        ("page", visitor.page("get", reverse("file", args=[key]))),
        ("picture", visitor.page("get", reverse("file_page", args=[key, 1, "small"]))),
        ("program", visitor.api("get", f"files/{key}/content/")),
    ]


def status_at(visitor: Visitor, door: str, place: str) -> int:
    if door == "program":
        return int(visitor.api("get", place.removeprefix(ROOT)).status_code)
    return int(visitor.page("get", place).status_code)


def test_file_is_served_only_to_people_who_may_read_it(world):
    wrong = Differences()
    for who in people_to_ask(SEES["file"]):
        visitor = world.visitors[who]
        for door, answer in first_answers(world, visitor):
            may = who in SEES["file"]
            if answer.status_code != (302 if may else 404):
                wrong.add(who, door, answer.status_code)
            elif may and (status := status_at(visitor, door, answer["Location"])) != 200:
                wrong.add(who, door, status)
    for door, answer in first_answers(world, world.stranger):
        if answer.status_code != (401 if door == "program" else 302) or "/at/" in answer.get("Location", ""):
            wrong.add("anonymous", door)
    assert wrong == []


def test_signed_file_address_is_refused_to_other_people(world):
    """Colleagues who may read the file get 403; for all others there is no such file."""
    owner, wrong = "own officer", Differences()
    places = {door: answer["Location"] for door, answer in first_answers(world, world.visitors[owner])}
    for who in people_to_ask(people(owner), SEES["file"]):
        for door, place in places.items():
            expected = 200 if who == owner else 403 if who in SEES["file"] else 404
            if (status := status_at(world.visitors[who], door, place)) != expected:
                wrong.add(who, door, status)
    for door, place in places.items():
        if status_at(world.stranger, door, place) != (401 if door == "program" else 302):
            wrong.add("anonymous", door)
    assert wrong == []
