"""Tests of holds over the API: one order, the filters, and all orders to a company with a result for each."""

from typing import Any

import pytest

from tests.procurement.api.program import Program, problem
from tests.worlds.need_to_order import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger
        story.first, story.second = story.placed(), story.approved(story.promise())
        yield story


def test_order_is_held_found_and_resumed_through_the_api(story: Any, officer: Program) -> None:
    path = f"orders/{story.first.reference}"
    body = {"reason": "fraud", "held_until": "2020-05-29", "tell_contact": True}
    held = officer.post(f"{path}/hold/", body)
    assert (held["held_until"], held["hold_reason"], held["held_by"]) == (
        "2020-05-29",
        "fraud",
        story.officer.user.name,
    )
    assert held["held_since"]
    found = {
        query: [one["reference"] for one in officer.all(f"orders/?{query}")]
        for query in (
            *("held=true", "held=false"),
            *("held_until_before=2020-05-29", "held_until_before=2020-05-28"),
        )
    }
    assert list(found.values()) == [
        [story.first.reference],
        [story.second.reference],
        [story.first.reference],
        [],
    ]
    refused = officer.refused(f"orders/{story.second.reference}/hold/", body | {"held_until": "2000-01-01"})
    assert (refused["status"], refused["errors"][0]["pointer"]) == (422, "#/held_until")
    resumed = officer.post(f"{path}/resume/", {"reason": "It is genuine."})
    assert (resumed["held_since"], resumed["hold_reason"]) == (None, "")


def test_api_hold_of_all_orders_to_a_company_returns_a_result_for_each(story: Any, officer: Program) -> None:
    officer.post(f"orders/{story.first.reference}/hold/", {"reason": "known already"})
    path = f"suppliers/{story.supplier.reference}/hold-orders/"
    results = officer.post(path, {"reason": "fraud"})["results"]
    assert [(one["order"], one["held"]) for one in results] == [
        (story.first.reference, False),
        (story.second.reference, True),
    ]
    assert results[0]["refused"]["code"] == "held_already"
    assert officer.refused(path, {"reason": ""})["errors"][0]["pointer"] == "#/reason"
    assert problem(Program(story.observer.user).ask("post", path, {"reason": "x"}))["code"] == "not_allowed"
    assert officer.ask("post", "suppliers/SP-1999-0001/hold-orders/", {"reason": "x"}).status_code == 404
