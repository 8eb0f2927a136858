"""The API of allocation plans: request, rows, changes, and the comparison of two plans."""

import pytest

from procurement.allocations.plans.calculation import calculate_plans
from tests.procurement.api.program import Program, problem
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    story = Story()
    story.practise()
    assert story.officer and story.stranger
    story.lines = [story.line(10_000), story.line(20_000)]
    story.offer = story.lead(story.lines[0], stock=6_000)
    yield story
    clear_instance_cache()


def plan_body(story, **facts):
    lines = [f"{line.supply_request.reference}/1" for line in story.lines]
    return {"lines": lines, "leads": [story.offer.reference], **facts}


def test_allocation_plan_is_requested_read_changed_and_accepted_through_the_api(story):
    officer = Program(story.officer.user)
    made = officer.post("allocation-plans/", plan_body(story))
    assert (made["status"], made["rows"]) == ("pending", [])
    calculate_plans(AT)
    address = f"allocation-plans/{made['reference']}/"
    plan = officer.get(address)
    assert [row["quantity"] for row in plan["rows"]] == [2_000, 4_000]  # 6 days of supply for each
    row = plan["rows"][1]
    wrong = {"row": row["id"], "quantity": 10**9 + 1, "reason": "more"}
    assert "quantity" in str(problem(officer.ask("post", f"{address}change-row/", wrong)))
    plan = officer.post(f"{address}change-row/", wrong | {"quantity": 3_000})
    assert [row["quantity"] for row in plan["rows"]] == [2_000, 3_000]
    plan = officer.post(f"{address}accept/", {"rows": [row["id"]]})
    assert plan["rows"][1]["allocation"].startswith("AL-")


def test_two_allocation_plans_are_compared_through_the_api_by_people_who_see_both(story):
    officer = Program(story.officer.user)
    plans = [
        officer.post("allocation-plans/", plan_body(story, rule=rule)) for rule in ("fair", "first_come")
    ]
    calculate_plans(AT)
    first, second = (plan["reference"] for plan in plans)
    address = f"allocation-plans/comparison/?first={first}&second={second}"
    found = officer.get(address)
    assert found["first"]["products"] == [{"product": "MASK_SURG", "needed": 30_000, "given": 6_000}]
    assert [one["first"]["given"] for one in found["lines"]] == [2_000, 4_000]
    assert [one["second"]["given"] for one in found["lines"]] == [6_000, 0]
    assert found["first"]["least_days_after"] == 6.0 and found["second"]["least_days_after"] == 0.0
    refused = problem(Program(story.stranger.user).ask("get", address))
    assert refused["status"] == 422 and first in str(refused)


def test_invalid_plan_choice_is_refused_at_its_field_through_the_api(story):
    officer = Program(story.officer.user)
    for wrong, field in (
        ({"lines": []}, "lines"),
        ({"leads": []}, "leads"),
        ({"lines": ["SR-1999-0001/1"]}, "lines"),
    ):
        answer = problem(officer.ask("post", "allocation-plans/", plan_body(story) | wrong))
        assert field in str(answer)
