"""Tests of the API for several inquiries at once: suggested contacts with reasons, and a result for each inquiry."""

from typing import Any

import pytest

from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.models.inquiries import Inquiry
from tests.procurement.api.program import Program, problem
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        cities.twinning("zhongshan", "foshan")
        assert story.contact and story.officer and story.observer and story.stranger
        story.second = cities.contact("zhongshan", "Wang Fang", language="zh-hans")
        story.beyond = cities.contact("foshan", "He Min")
        story.need = story.line(50_000).supply_request
        yield story


@pytest.fixture
def officer(story: Any) -> Program:
    return Program(story.officer.user)


def get_suggestions(program: Program, story: Any) -> dict[int, dict[str, Any]]:
    found = program.get(f"inquiries/suggestions/?supply_request={story.need.reference}")
    return {one["contact"]: one for one in found["suggestions"]}


def post_batch(program: Program, story: Any, *contacts: Any, **body: str) -> dict[int, dict[str, Any]]:
    data = {"supply_request": story.need.reference, "contacts": [one.pk for one in contacts], **body}
    return {one["contact"]: one for one in program.post("inquiries/batch/", data)["results"]}


def test_api_suggestions_include_reasons_free_capacity_and_the_partner_city_in_between(
    story: Any, officer: Program
) -> None:
    found = get_suggestions(officer, story)
    first, beyond = found[story.contact.pk], found[story.beyond.pk]
    assert (first["rank"], first["through_city"], first["has_room"], first["needs_reason"]) == (
        1,
        None,
        True,
        False,
    )
    assert {"partner_elsewhere", "in_force"} & {one["code"] for one in first["reasons"]}
    assert all(one["en"] and one["fr"] and one["zh"] for one in first["reasons"])
    assert beyond["through_city"] == cities.city("zhongshan").slug
    assert beyond["needs_reason"]
    assert [one["rank"] for one in found.values()] == list(range(1, len(found) + 1))


def test_api_suggestions_are_only_for_people_who_may_ask_for_the_city(story: Any, officer: Program) -> None:
    address = f"inquiries/suggestions/?supply_request={story.need.reference}"
    refused = problem(Program(story.observer.user).ask("get", address))
    assert (refused["status"], refused["code"]) == (403, "not_allowed")
    hidden = problem(
        Program(story.stranger.user).ask("get", "inquiries/suggestions/?supply_request=SR-1999-0001")
    )
    assert (hidden["status"], hidden["errors"][0]["parameter"]) == (422, "supply_request")
    assert problem(officer.ask("get", "inquiries/suggestions/"))["status"] == 422


def test_api_batch_sends_each_contact_own_letter_and_needs_no_reason_with_first_suggestion(
    story: Any, officer: Program
) -> None:
    found = post_batch(officer, story, story.second, story.contact, story.beyond)
    assert list(found) == [story.second.pk, story.contact.pk, story.beyond.pk]
    assert [one["status"] for one in found.values()] == ["sent", "sent", "awaiting_consent"]
    assert all(one["refused"] is None for one in found.values())
    rows = {one.contact_id: one for one in Inquiry.objects.all()}
    assert found[story.contact.pk]["inquiry"] == rows[story.contact.pk].reference
    assert "尊敬的" in rows[story.second.pk].body
    assert {one.chosen_because for one in rows.values()} == {""}
    assert get_suggestions(officer, story)[story.second.pk]["inquiry"] == found[story.second.pk]["inquiry"]


def test_refusal_of_one_contact_in_a_batch_does_not_stop_the_other_inquiries(
    story: Any, officer: Program
) -> None:
    words = {"subject": "s", "body": "b", "author": story.officer.user, "by": story.officer.by, "at": AT}
    send_inquiry(draft_inquiry(story.need, story.contact, **words), by=story.officer.by, at=AT)
    nowhere = cities.contact("wuhan", "Zhou Jie")
    found = post_batch(officer, story, story.contact, story.second, nowhere)
    assert found[story.contact.pk]["refused"]["code"] == "asked_already"
    assert found[story.second.pk]["status"] == "sent"
    assert found[nowhere.pk]["refused"]["code"] == "no_such_contact", "as for a contact that does not exist"


def test_batch_without_the_first_suggestion_requires_a_reason(story: Any, officer: Program) -> None:
    found = post_batch(officer, story, story.second, story.beyond)
    assert {one["refused"]["code"] for one in found.values()} == {"reason_missing"}
    assert not Inquiry.objects.exists()
    assert post_batch(officer, story, story.second, chosen_because="She knows makers.")[story.second.pk][
        "inquiry"
    ]


def test_batch_is_refused_for_observers_and_for_invalid_contact_lists(story: Any, officer: Program) -> None:
    data = {"supply_request": story.need.reference, "contacts": [story.contact.pk]}
    assert Program(story.observer.user).refused("inquiries/batch/", data)["code"] == "not_allowed"
    for contacts in ([], [0], list(range(1, 22)), ["x"], "1"):
        assert officer.refused("inquiries/batch/", {**data, "contacts": contacts})["status"] == 422
    assert not Inquiry.objects.exists()


def test_batch_repeated_with_the_same_idempotency_key_is_sent_once(story: Any, officer: Program) -> None:
    data = {"supply_request": story.need.reference, "contacts": [story.contact.pk]}
    first, second = (officer.post("inquiries/batch/", data, **{"idempotency-key": "b1"}) for _ in range(2))
    assert first == second
    assert Inquiry.objects.count() == 1
