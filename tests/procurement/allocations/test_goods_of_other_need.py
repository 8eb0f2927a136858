"""Goods offered for another need: what is listed, when a reason is asked for, and who is notified."""

from typing import Any

import pytest
from django.utils import translation

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.allocations.plans.actions import accept_plan_rows, create_plan
from procurement.allocations.plans.calculation import calculate_plans
from procurement.leads.actions.counters import recalculate_offered_totals
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.mail_text import notification_sentence
from procurement.notifications.table_lookup import table_rows_for_entry
from procurement.requests.models import RequestLine, SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    """Return a city with two needs for the same masks, and a verified offer that was made for the first one."""
    with once():
        story: Any = Story()
        assert story.officer and story.second_officer and story.observer
        story.shelf = story.line(6_000)
        story.ward = story.line(9_000)
        story.offer = counted(story.lead(story.shelf, stock=10_000))
        yield story


def counted(lead: SupplierLead) -> SupplierLead:
    """Let an offer count in full for its line."""
    SupplierLead.objects.filter(pk=lead.pk).update(meets="equal")
    lead.refresh_from_db()
    recalculate_offered_totals(lead)
    return lead


def take(story: Any, pieces: int, **facts: str) -> Allocation:
    """Allocate pieces of the offer to the other need."""
    lead, line = SupplierLead.objects.get(pk=story.offer.pk), RequestLine.objects.get(pk=story.ward.pk)
    return actions.allocate(
        lead, line, pieces, author=story.officer.user, by=story.officer.by, at=AT, **facts
    )


def reason_field(story: Any) -> str:
    return f"reason_line{story.ward.pk}_lead{story.offer.pk}"


def quantity_field(story: Any) -> str:
    return f"line{story.ward.pk}_lead{story.offer.pk}"


def test_spare_goods_need_no_reason_and_one_piece_more_needs_one(story: Any) -> None:
    with assert_refused("reason_missing", story.offer, story.shelf, story.ward) as refused:
        take(story, 4_001)
    assert refused.value.details["field"] == "reason"
    assert take(story, 4_000).status == "confirmed"
    with assert_refused("reason_missing"):
        take(story, 1)


def test_refusal_names_offer_need_and_what_it_still_needs(story: Any) -> None:
    with assert_refused("reason_missing") as refused:
        take(story, 5_000, reason="  ")
    assert all(
        part in str(refused.value)
        for part in (story.offer.reference, story.shelf.supply_request.reference, "6,000")
    )


def test_reason_is_kept_with_the_allocation_and_in_its_journal(story: Any) -> None:
    made = take(story, 5_000, reason="The ward has masks for one day.")
    assert made.override_reason == "The ward has masks for one day."
    entry = Entry.objects.get(thing_label="procurement.allocation", verb="confirm")
    assert (entry.reason, entry.facts["offered_for"]) == (
        made.override_reason,
        story.shelf.supply_request.reference,
    )


@pytest.mark.parametrize("state", ["withdrawn", "fulfilled", "covered"])
def test_need_that_ended_or_needs_nothing_more_asks_for_no_reason(story: Any, state: str) -> None:
    if state == "covered":
        RequestLine.objects.filter(pk=story.shelf.pk).update(quantity=1, allocated=1)
    else:
        SupplyRequest.objects.filter(pk=story.shelf.supply_request_id).update(status=state)
    assert take(story, 7_000).override_reason == ""
    assert Entry.objects.get(thing_label="procurement.allocation", verb="confirm").facts == {}


def test_need_that_was_covered_a_moment_ago_is_not_recorded_as_short(story: Any) -> None:
    lead = SupplierLead.objects.select_related("line__supply_request").get(pk=story.offer.pk)
    RequestLine.objects.filter(pk=story.shelf.pk).update(allocated=6_000)
    actions.allocate(lead, story.ward, 7_000, author=story.officer.user, by=story.officer.by, at=AT)
    entry = Entry.objects.get(thing_label="procurement.allocation", verb="confirm")
    assert entry.facts == {}
    assert build_notifications_for_entry(entry, AT).notices == []


def test_other_line_of_the_same_need_asks_for_no_reason(story: Any) -> None:
    RequestLine.objects.filter(pk=story.ward.pk).update(supply_request=story.shelf.supply_request, position=2)
    assert take(story, 8_000).quantity == 8_000


def test_reason_of_a_proposal_counts_when_it_is_confirmed(story: Any) -> None:
    given = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    with assert_refused("reason_missing"):
        actions.propose_allocation(story.offer, story.ward, 9_000, **given)
    proposed = actions.propose_allocation(story.offer, story.ward, 9_000, reason="Ward 4 first.", **given)
    actions.confirm_allocation(proposed, by=story.officer.by, at=AT)
    assert Entry.objects.get(thing_label="procurement.allocation", verb="confirm").reason == "Ward 4 first."


def test_proposal_asks_for_the_reason_by_form_once_the_other_need_is_left_short(story: Any) -> None:
    given = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    proposed = actions.propose_allocation(story.offer, story.ward, 3_000, **given)
    RequestLine.objects.filter(pk=story.shelf.pk).update(quantity=9_000)
    form = Browser(story.officer.user).open(proposed).follow("Confirm allocation")
    refused = form.press("Confirm allocation")
    assert (refused.status, set(refused.wrong)) == (422, {"reason"})
    form.press("Confirm allocation", reason="急诊科明天断货")
    proposed.refresh_from_db()
    assert (proposed.status, proposed.override_reason) == ("confirmed", "急诊科明天断货")


def test_page_says_for_which_need_the_goods_were_offered_and_asks_for_the_reason(story: Any) -> None:
    page = Browser(story.officer.user).open(f"{story.ward.supply_request.get_absolute_url()}allocate/")
    assert f"offered for {story.shelf.supply_request.reference}, which still needs 6,000" in page.text
    fields = page.form("Allocate goods").fields
    assert fields[quantity_field(story)][0] == "4,000", "no more than the first need can spare"
    refused = page.press("Allocate goods", **{quantity_field(story): "4,500"})
    assert (refused.status, set(refused.wrong)) == (422, {reason_field(story)})
    page.press("Allocate goods", **{quantity_field(story): "4,500", reason_field(story): "Ward 2 ran out."})
    made = Allocation.objects.get()
    assert (made.quantity, made.override_reason) == (4_500, "Ward 2 ran out.")


def test_page_adds_up_what_two_offers_take_from_the_other_need(story: Any) -> None:
    RequestLine.objects.filter(pk=story.shelf.pk).update(quantity=16_000)
    second = counted(story.lead(story.shelf, stock=10_000))  # of both offers, 4,000 are to spare
    fields = {quantity_field(story): "3,000", f"line{story.ward.pk}_lead{second.pk}": "3,000"}
    reason = f"reason_line{story.ward.pk}_lead{second.pk}"
    page = Browser(story.officer.user).open(f"{story.ward.supply_request.get_absolute_url()}allocate/")
    refused = page.press("Allocate goods", **fields)
    assert (refused.status, set(refused.wrong)) == (422, {reason})
    assert not Allocation.objects.exists()
    refused.press("Allocate goods", **fields, **{reason: "Ward 5 opens."})
    made = Allocation.objects.order_by("lead").values_list("quantity", "override_reason")
    assert list(made) == [(3_000, ""), (3_000, "Ward 5 opens.")]


def test_own_goods_have_no_field_for_a_reason(story: Any) -> None:
    page = Browser(story.officer.user).open(f"{story.shelf.supply_request.get_absolute_url()}allocate/")
    assert not [name for name in page.form("Allocate goods").fields if name.startswith("reason")]


def test_api_asks_for_the_reason_at_its_field(story: Any) -> None:
    program = Program(story.officer.user)
    body = {
        "lead": story.offer.reference,
        "line": f"{story.ward.supply_request.reference}/1",
        "quantity": 8_000,
    }
    refused = program.refused("allocations/", body)
    assert (refused["status"], refused["code"], refused["errors"][0]["pointer"]) == (
        422, "reason_missing", "#/reason",
    )  # fmt: skip
    made = program.post("allocations/", {**body, "reason": "Two wards wait."})
    assert program.post(f"allocations/{made['reference']}/confirm/")["override_reason"] == "Two wards wait."


def test_people_responsible_for_both_needs_are_notified_until_it_is_undone(story: Any) -> None:
    SupplyRequest.objects.filter(pk=story.shelf.supply_request_id).update(author=story.second_officer.user)
    SupplyRequest.objects.filter(pk=story.ward.supply_request_id).update(author=story.observer.user)
    made = take(story, 5_000, reason="The ward waits.")
    entry = Entry.objects.get(thing_label="procurement.allocation", verb="confirm")
    built = build_notifications_for_entry(entry, AT).notices
    assert {one.recipient for one in built} == {story.second_officer.user, story.observer.user}
    (row,) = table_rows_for_entry(entry)
    for language, pieces in (("en", "5,000"), ("zh-hans", "5,000"), ("fr-ca", "000")):
        with translation.override(language):
            said = notification_sentence(row, made, entry)
        needs = (story.shelf.supply_request.reference, story.ward.supply_request.reference)
        assert all(part in said for part in (*needs, pieces, "The ward waits.")), said
    assert row.is_still_valid(made, entry)
    undone = actions.undo_allocation(made, reason="Found elsewhere.", by=story.officer.by, at=AT)
    assert not row.is_still_valid(undone, entry)


def test_page_of_the_allocation_names_the_other_need_and_the_reason(story: Any) -> None:
    made = take(story, 5_000, reason="The ward waits.")
    page = Browser(story.officer.user).open(made)
    assert "The ward waits." in page
    assert (
        page.follow(story.shelf.supply_request.reference).at == story.shelf.supply_request.get_absolute_url()
    )


def test_goods_offered_for_the_need_itself_notify_no_one(story: Any) -> None:
    lead = SupplierLead.objects.get(pk=story.offer.pk)
    actions.allocate(lead, story.shelf, 500, author=story.officer.user, by=story.officer.by, at=AT)
    entry = Entry.objects.get(thing_label="procurement.allocation", verb="confirm")
    assert build_notifications_for_entry(entry, AT).notices == []


def test_need_page_says_how_much_of_its_offer_went_to_other_needs(story: Any) -> None:
    take(story, 5_000, reason="The ward waits.")
    browser = Browser(story.officer.user)
    assert "5,000 allocated to other needs" in browser.open(story.shelf.supply_request).text
    assert "allocated to other needs" not in browser.open(story.ward.supply_request).text


def test_need_page_counts_all_goods_of_its_offer_that_went_to_itself(
    story: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("procurement.requests.views.requests.MAX_RELATED_ROWS", 1)  # allocations on the page
    lead = SupplierLead.objects.get(pk=story.offer.pk)
    for pieces in (1_000, 2_000):
        actions.allocate(lead, story.shelf, pieces, author=story.officer.user, by=story.officer.by, at=AT)
    assert "to other needs" not in Browser(story.officer.user).open(story.shelf.supply_request).text


def test_accepted_plan_rows_name_the_plan_as_the_reason(story: Any) -> None:
    given = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    plan = create_plan([story.ward], [story.offer], **given)
    assert calculate_plans(AT) == 1
    accept_plan_rows(plan, [row.pk for row in plan.rows.all()], **given)
    made = Allocation.objects.get()
    assert (made.quantity, made.override_reason) == (9_000, plan.reference)


def test_accepted_plan_row_has_no_reason_where_no_other_need_is_short(story: Any) -> None:
    given = {"author": story.officer.user, "by": story.officer.by, "at": AT}
    plan = create_plan([story.shelf], [story.offer], **given)
    assert calculate_plans(AT) == 1
    accept_plan_rows(plan, [row.pk for row in plan.rows.all()], **given)
    made = Allocation.objects.get()
    assert (made.quantity, made.override_reason) == (6_000, "")
