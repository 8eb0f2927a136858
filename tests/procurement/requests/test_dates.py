"""Tests of the dates of a need: refused in the past or far future, when typed and when the need is posted."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.catalogue.models.products import Product
from procurement.requests.actions.lines import LineFacts, add_line, change_line, set_lines
from procurement.requests.actions.requests import (
    RequestEdit,
    draft_request,
    edit_request,
    post_request,
    reconfirm_request,
)
from procurement.requests.rules import REQUEST_MOVES
from tests.procurement.refusals import assert_refused
from tests.procurement.requests.test_needs import draft_need, need_with_line, posted_need
from tests.worlds.need_to_order import AT

TODAY = AT.date()
PAST = [date(2019, 1, 1), TODAY - timedelta(days=1)]
INVALID_DATES = [
    *((day, "day_past") for day in PAST),
    (date(9999, 12, 31), "day_too_far"),
    (date(2031, 1, 1), "day_too_far"),
]


def line_facts(**facts):
    return LineFacts(product=Product.objects.get(code="MASK_SURG"), quantity=100, **facts)


@pytest.mark.parametrize(("day", "code"), INVALID_DATES)
def test_need_date_in_the_past_or_far_future_is_refused_at_its_field(story, day, code):
    with assert_refused(code) as no:
        draft_need(story, needed_by=day)
    assert no.value.details["field"] == "needed_by"
    for need in (need_with_line(story), posted_need(story)):
        with assert_refused(code, need) as no:
            edit_request(need, RequestEdit(needed_by=day), by=story.officer.by, at=AT)
        assert no.value.details["field"] == "needed_by"


@pytest.mark.parametrize(("day", "code"), INVALID_DATES)
def test_line_date_in_the_past_or_far_future_is_refused_at_its_field(story, day, code):
    need = need_with_line(story)
    with assert_refused(code, need) as no:
        set_lines(need, [line_facts(), line_facts(needed_by=day)], by=story.officer.by, at=AT)
    assert no.value.details["field"] == "lines.1.needed_by"
    assert "Line 2" in str(no.value)
    with assert_refused(code) as no:
        draft_need(story, lines=[line_facts(needed_by=day)])
    assert no.value.details["field"] == "lines.0.needed_by"
    with assert_refused(code, need) as no:
        add_line(need, line_facts(needed_by=day), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "needed_by"
    with assert_refused(code, need):
        change_line(need.lines.get(), line_facts(needed_by=day), by=story.officer.by, at=AT)


def test_draft_need_can_be_posted_on_its_last_day_but_not_the_day_after(story):
    need = need_with_line(story, needed_by=TODAY + timedelta(days=3))
    last_evening = datetime(2020, 4, 19, 23, 50, tzinfo=need.city.zone).astimezone(UTC)
    open_then = {
        move.verb for move, no in REQUEST_MOVES.available(story.officer.by, need, last_evening) if no is None
    }
    assert "post" in open_then
    next_day = last_evening + timedelta(minutes=15)
    closed = {
        move.verb: no.code for move, no in REQUEST_MOVES.available(story.officer.by, need, next_day) if no
    }
    assert closed["post"] == "day_past"
    with assert_refused("day_past", need):
        post_request(need, by=story.officer.by, at=next_day)
    assert post_request(need, by=story.officer.by, at=last_evening).status == "open"


@pytest.mark.parametrize("late", [40, 400])
def test_draft_need_with_a_passed_line_date_cannot_be_posted(story, late):
    need, other = need_with_line(story), need_with_line(story, needed_by=TODAY + timedelta(days=900))
    at = AT + timedelta(days=late)
    with assert_refused("day_past", need) as no:
        post_request(need, by=story.officer.by, at=at)
    assert no.value.details["field"] == "needed_by"
    soon = replace(line_facts(), needed_by=TODAY + timedelta(days=30))
    set_lines(other, [line_facts(), soon], by=story.officer.by, at=AT)
    with assert_refused("day_past", other) as no:
        post_request(other, by=story.officer.by, at=at)
    assert "Line 2" in str(no.value)
    set_lines(other, [soon, soon], by=story.officer.by, at=AT)
    with assert_refused("day_past", other) as no:
        post_request(other, by=story.officer.by, at=at)
    assert "Line 1" in str(no.value)
    set_lines(other, [line_facts()], by=story.officer.by, at=at)
    assert post_request(other, by=story.officer.by, at=at).status == "open"


def test_overdue_need_can_be_edited_in_other_fields(story):
    need = posted_need(story)
    late = AT + timedelta(days=60)
    edit_request(
        need, RequestEdit(title="More masks", needed_by=need.needed_by), by=story.officer.by, at=late
    )
    set_lines(need, [line_facts()], by=story.officer.by, at=late)
    assert (need.title, need.lines.get().quantity) == ("More masks", 100)


@pytest.mark.parametrize(("hour", "zone", "fits"), [(3, "America/Vancouver", True), (3, "UTC", False)])
def test_need_date_is_compared_with_today_in_the_citys_time_zone(story, hour, zone, fits):
    type(story.city).objects.filter(pk=story.city.pk).update(timezone=zone)
    story.city.refresh_from_db()
    night = AT.replace(hour=hour) + timedelta(days=1)  # in Vancouver it is still the evening before
    if fits:
        assert (
            draft_request(
                story.city,
                title="Masks",
                needed_by=TODAY,
                author=story.officer.user,
                by=story.officer.by,
                at=night,
            ).needed_by
            == TODAY
        )
    else:
        with assert_refused("day_past"):
            draft_request(
                story.city,
                title="Masks",
                needed_by=TODAY,
                author=story.officer.user,
                by=story.officer.by,
                at=night,
            )


@pytest.mark.parametrize(("day", "code"), INVALID_DATES)
def test_reconfirmation_date_in_the_past_or_far_future_is_refused(story, day, code):
    need = posted_need(story)
    with assert_refused(code, need) as no:
        reconfirm_request(need, until=day, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "until"
    with assert_refused(code, need) as no:
        edit_request(need, RequestEdit(reconfirm_by=day), by=story.officer.by, at=AT)
    assert no.value.details["field"] == "reconfirm_by"
