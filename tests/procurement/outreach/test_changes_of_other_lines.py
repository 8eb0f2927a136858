"""Tests of contacts with an inquiry and an offer or check for another line: they are notified once of each change."""

from datetime import date
from typing import Any

import pytest

from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.notifications.audiences import contacts_without_inquiry
from procurement.requests.actions.requests import RequestEdit, announce_change, edit_request
from procurement.requests.models import SupplyRequest
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.checks import open_checks
from tests.procurement.outreach.test_asked_lines import GLOVE, HOUR, KN95, MASK, changed, need_of, sent
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.contact and story.supplier and story.checker and story.verifier
        story.second = cities.contact("zhongshan", "Wang Fang")
        yield story


def announced(story: Any, need: SupplyRequest, at: Any) -> list[Any]:
    """Announce the changes of a need, and return who is notified by it and not by an inquiry."""
    announce_change(need, by=SYSTEM, at=at)
    return contacts_without_inquiry(SupplyRequest.objects.get(pk=need.pk))


def test_contact_with_an_offer_for_another_line_is_notified_of_its_changes_by_the_need(story: Any) -> None:
    need, contact = need_of(story, MASK, GLOVE, KN95), story.contact.user
    sent(story, need, 2)
    story.lead(need.lines.get(position=1), 500)
    for hour, (number, notified) in enumerate(((1, [contact]), (2, []), (3, []), (1, [contact])), start=1):
        changed(story, need, number, 6_000 + hour, AT + hour * HOUR)
        assert announced(story, need, AT + hour * HOUR + HOUR / 2) == notified, (hour, number)
    later = RequestEdit(needed_by=date(2020, 6, 2))
    edit_request(need, later, reason="More time.", by=story.officer.by, at=AT + 5 * HOUR)
    assert announced(story, need, AT + 6 * HOUR) == [], "the inquiry notifies of the date"


def test_contact_with_an_offer_and_no_inquiry_is_notified_of_every_change_by_the_need(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    sent(story, need, 2, to=story.second)
    story.lead(need.lines.get(position=1), 500)
    for hour, number in enumerate((1, 2), start=1):
        changed(story, need, number, 6_000, AT + hour * HOUR)
        assert announced(story, need, AT + hour * HOUR + HOUR / 2) == [story.contact.user], number


def test_checker_asked_about_another_line_is_notified_of_changes_of_the_checked_one_only(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    line, by = need.lines.get(position=1), story.officer.by
    lead = draft_lead(
        story.city, line=line, product=line.product, supplier=story.supplier, stock_quantity=500, kind="sale",
        author=story.officer.user, by=by, at=AT,
    )  # fmt: skip
    submit_lead(lead, by=by, at=AT)
    request_check(open_checks(lead, by=by, at=AT)[0], story.second, by=by, at=AT)
    sent(story, need, 2, to=story.second)
    for hour, (number, notified) in enumerate(((1, [story.second.user]), (2, [])), start=1):
        changed(story, need, number, 6_000, AT + hour * HOUR)
        assert announced(story, need, AT + hour * HOUR + HOUR / 2) == notified, number


def test_contact_with_an_offer_for_a_line_asked_about_is_notified_by_the_inquiry(story: Any) -> None:
    need = need_of(story, GLOVE, MASK)
    sent(story, need, 2)
    story.lead(need.lines.get(position=2), 500)
    changed(story, need, 2, 6_000)
    assert announced(story, need, AT + 2 * HOUR) == []
