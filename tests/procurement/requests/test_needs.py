"""Tests of needs: the actions of each role in each status, and what is refused."""

from datetime import date, timedelta

import pytest

from partners.permissions.permissions import permissions_of
from procurement.catalogue.models.products import Product
from procurement.requests.actions.counters import add_to_line_counters, set_offer_totals
from procurement.requests.actions.lines import LineFacts, change_line, remove_line, set_lines
from procurement.requests.actions.requests import (
    RequestEdit,
    draft_request,
    edit_request,
    fulfil_request,
    post_request,
    publish_question_and_answer,
    reconfirm_request,
    share_request,
    stop_request,
    withdraw_request,
)
from procurement.requests.models import MAX_QUANTITY, RequestLine, SupplyRequest
from procurement.requests.rules import REQUEST_MOVES, is_more_needed, is_reconfirmation_overdue
from tests.procurement.refusals import assert_refused, open_verbs
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story


def draft_need(story, **facts):
    given = {
        "title": "Masks",
        "needed_by": date(2020, 5, 20),
        "deliver_to": "Depot",
        "facility_kinds": ["hospital"],
        "accepts": ["purchase"],
        **facts,
    }
    return draft_request(story.city, author=story.officer.user, by=story.officer.by, at=AT, **given)


def need_with_line(story, quantity=100, **facts):
    need = draft_need(story, **facts)
    product = Product.objects.get(code="MASK_SURG")
    return set_lines(need, [LineFacts(product=product, quantity=quantity)], by=story.officer.by, at=AT)


def posted_need(story):
    return post_request(need_with_line(story), by=story.officer.by, at=AT)


def paused_need(story):
    return stop_request(posted_need(story), reason="the depot is full", by=story.officer.by, at=AT)


def withdrawn_need(story):
    return withdraw_request(posted_need(story), reason="found elsewhere", by=story.officer.by, at=AT)


# Status: how to reach it, and what an officer may do then. No other person may do anything with a need.
TABLE = [
    ("draft", need_with_line, "edit post withdraw"),
    ("open", posted_need, "edit reconfirm clarify share stop withdraw"),
    ("open", paused_need, "edit reconfirm clarify share resume withdraw"),
    ("withdrawn", withdrawn_need, ""),
]


@pytest.mark.parametrize(
    ("status", "reach", "verbs"), TABLE, ids=[f"{row[0]}-{row[1].__name__}" for row in TABLE]
)
def test_allowed_need_actions_by_status_and_role(story, status, reach, verbs):
    need = reach(story)
    assert need.status == status
    assert open_verbs(REQUEST_MOVES, need, story.officer.by) == verbs
    for role in ("approver", "verifier", "logistics", "observer", "administrator", "broker"):
        assert open_verbs(REQUEST_MOVES, need, story.person(role).by) == "", role
    assert open_verbs(REQUEST_MOVES, need, story.stranger.by) == ""
    assert open_verbs(REQUEST_MOVES, need, cities.powers("coordinator")) == ""


def test_posted_need_gets_a_reference_and_posting_time(story):
    need = posted_need(story)
    assert need.reference == "SR-2020-0001"
    assert need.posted_at == AT
    assert posted_need(story).reference == "SR-2020-0002"


@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"needed_by": None}, "needed_by"),
        ({"deliver_to": ""}, "deliver_to"),
        ({"facility_kinds": []}, "facility_kinds"),
        ({"accepts": []}, "accepts"),
    ],
)
def test_incomplete_need_cannot_be_posted_and_the_missing_field_is_named(story, lacking, field):
    need = need_with_line(story, **lacking)
    with assert_refused("not_ready", need) as no:
        post_request(need, by=story.officer.by, at=AT)
    assert no.value.details["field"] == field


def test_need_without_a_line_cannot_be_posted(story):
    need = draft_need(story)
    with assert_refused("not_ready", need) as no:
        post_request(need, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "lines"


@pytest.mark.parametrize("quantity", [0, MAX_QUANTITY + 1])
def test_line_quantity_of_zero_or_above_the_maximum_is_refused(story, quantity):
    need = need_with_line(story)
    line = LineFacts(product=Product.objects.get(code="MASK_SURG"), quantity=quantity)
    with assert_refused("bad_quantity", need):
        set_lines(need, [line], by=story.officer.by, at=AT)


def test_lines_are_replaced_by_position_and_surplus_ones_deleted(story):
    need = need_with_line(story)
    mask, glove = Product.objects.get(code="MASK_SURG"), Product.objects.get(code="GLOVE_EXAM_NITRILE")
    two = [LineFacts(product=mask, quantity=200), LineFacts(product=glove, quantity=50)]
    set_lines(need, two, by=story.officer.by, at=AT)
    assert list(need.lines.order_by("position").values_list("product__code", "quantity")) == [
        ("MASK_SURG", 200),
        ("GLOVE_EXAM_NITRILE", 50),
    ]
    set_lines(need, two[:1], by=story.officer.by, at=AT)
    assert need.lines.count() == 1


def test_line_with_an_allocation_cannot_be_removed(story):
    promised = story.promise(1_000)
    need = promised.line.supply_request
    with assert_refused("line_in_use", need):
        set_lines(need, [], by=story.officer.by, at=AT)


def test_line_quantity_cannot_be_reduced_below_the_allocation(story):
    promised = story.promise(1_000)
    line = promised.line
    facts = LineFacts(product=line.product, quantity=999)
    with assert_refused("under_allocated", line) as no:
        set_lines(line.supply_request, [facts], by=story.officer.by, at=AT)
    assert no.value.details["allocated"] == 1_000


def test_need_is_reconfirmed_until_a_date(story):
    need = reconfirm_request(posted_need(story), until=date(2020, 5, 1), by=story.officer.by, at=AT)
    assert need.reconfirm_by == date(2020, 5, 1)


def test_need_is_shared_with_a_named_city_only(story):
    need = posted_need(story)
    oakville = cities.city("oakville")
    there = permissions_of(cities.member("officer", oakville), via="session")
    assert need not in SupplyRequest.objects.visible_to(there)
    share_request(need, city=oakville, by=story.officer.by, at=AT)
    assert need in SupplyRequest.objects.visible_to(there)
    assert need.lines.get() in RequestLine.objects.visible_to(there)
    with assert_refused("own_city", need):
        share_request(need, city=story.city, by=story.officer.by, at=AT)


@pytest.mark.parametrize(
    ("visibility", "twin", "stranger"),
    [("partner_cities", True, False), ("network", True, True), ("public", True, True)],
)
def test_visibility_of_a_posted_need_for_partner_and_other_cities(story, visibility, twin, stranger):
    cities.twinning(story.city, cities.city("zhongshan"))
    need = need_with_line(story, visibility=visibility)
    there = permissions_of(cities.member("officer", cities.city("zhongshan")), via="session")
    assert need not in SupplyRequest.objects.visible_to(there), "a draft is its city's own"
    post_request(need, by=story.officer.by, at=AT)
    assert (need in SupplyRequest.objects.visible_to(there)) is twin
    assert (need in SupplyRequest.objects.visible_to(story.stranger.by)) is stranger
    assert need in SupplyRequest.objects.visible_to(cities.powers("coordinator"))


def test_need_is_fulfilled_only_when_all_goods_are_released(story):
    need = posted_need(story)
    with assert_refused("not_ready", need):
        fulfil_request(need, by=story.officer.by, at=AT)
    line = need.lines.get()
    add_to_line_counters(line, allocated=100, shipped=100, arrived=100, released=100)
    assert fulfil_request(need, by=story.officer.by, at=AT).status == "fulfilled"


def test_need_with_goods_in_transit_cannot_be_withdrawn(story):
    need = posted_need(story)
    add_to_line_counters(need.lines.get(), allocated=100, shipped=40)
    with assert_refused("not_ready", need):
        withdraw_request(need, reason="no more", by=story.officer.by, at=AT + timedelta(days=1))


def test_pausing_a_need_requires_a_reason(story):
    need = posted_need(story)
    with assert_refused("reason_missing", need):
        stop_request(need, reason=" ", by=story.officer.by, at=AT)


def test_needs_are_found_by_title_and_reference_in_any_script(story):
    need = posted_need(story)
    edit_request(need, RequestEdit(title="口罩 pour l’hôpital"), by=story.officer.by, at=AT)
    for text in ("hopital", "口罩", "SR-2020", "0001"):
        assert need in SupplyRequest.objects.search(text), text
    assert need not in SupplyRequest.objects.search("gants")


def test_need_and_line_have_a_reference_as_text(story: Story) -> None:
    need = posted_need(story)
    assert str(need) == "SR-2020-0001"
    assert str(need.lines.get()) == "SR-2020-0001/1"
    assert need.lines.get().unallocated_quantity == 100


def test_open_need_is_overdue_for_reconfirmation_from_the_day_after_its_date(story):
    need = posted_need(story)
    assert need.reconfirm_by == AT.date() + timedelta(days=14)
    assert not is_reconfirmation_overdue(need, need.reconfirm_by)
    assert is_reconfirmation_overdue(need, need.reconfirm_by + timedelta(days=1))
    reconfirm_request(need, until=date(2020, 7, 1), by=story.officer.by, at=AT)
    assert not is_reconfirmation_overdue(need, date(2020, 6, 1))
    assert not is_reconfirmation_overdue(
        withdraw_request(need, reason="no", by=story.officer.by, at=AT), date(2021, 1, 1)
    )


def test_need_whose_goods_all_arrived_can_be_withdrawn(story):
    need = posted_need(story)
    add_to_line_counters(need.lines.get(), allocated=40, shipped=40, arrived=40)
    assert withdraw_request(need, reason="the ward closed", by=story.officer.by, at=AT).status == "withdrawn"


def test_more_goods_are_needed_until_allocated_and_verified_goods_cover_an_open_need(story):
    need = posted_need(story)
    line = add_to_line_counters(need.lines.get(), allocated=60)
    for verified, more in ((39, True), (40, False)):
        set_offer_totals(line, offered=0, offered_short=0, verified_free=verified)
        assert is_more_needed(need) is more
    assert not is_more_needed(need_with_line(story)), "no one is asked for a draft"


def test_removed_line_cannot_be_edited_by_another_person(story):
    need = need_with_line(story)
    mask, glove = Product.objects.get(code="MASK_SURG"), Product.objects.get(code="GLOVE_EXAM_NITRILE")
    two = [LineFacts(product=mask, quantity=200), LineFacts(product=glove, quantity=50)]
    set_lines(need, two, by=story.officer.by, at=AT)
    first = need.lines.get(product=mask)
    remove_line(first, by=story.officer.by, at=AT)
    assert list(need.lines.values_list("product__code", "position")) == [("GLOVE_EXAM_NITRILE", 2)]
    with assert_refused("line_gone", need):
        change_line(first, two[0], by=story.officer.by, at=AT)
    assert need.lines.count() == 1


def test_changed_declared_use_marks_the_lines_for_rescreening(story):
    need = need_with_line(story, declared_use="medical")
    assert need.lines.get().changed_at is None
    edit_request(need, RequestEdit(title="Masks for visitors"), by=story.officer.by, at=AT)
    assert need.lines.get().changed_at is None, "a title changes nothing that is judged"
    edit_request(need, RequestEdit(declared_use="non_medical"), by=story.officer.by, at=AT)
    assert need.lines.get().changed_at == AT


def test_product_of_a_line_with_offers_cannot_be_changed(story):
    line = story.promise(1_000).line
    glove = LineFacts(product=Product.objects.get(code="GLOVE_EXAM_NITRILE"), quantity=1_000)
    with assert_refused("line_in_use", line.supply_request) as no:
        change_line(line, glove, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "product"


@pytest.mark.parametrize(
    ("question", "answer", "missing"),
    [("By air?", " \n", "answer"), ("\t", "By sea, to Vancouver.", "question"), ("", "", "question")],
)
def test_published_answer_needs_both_a_question_and_an_answer(story, question, answer, missing):
    need = posted_need(story)
    with assert_refused(f"{missing}_missing", need) as no:
        publish_question_and_answer(need, question=question, answer=answer, by=story.officer.by, at=AT)
    assert no.value.details["field"] == missing


def test_line_change_of_an_early_entry_says_that_any_alternative_was_welcome(story):
    need = posted_need(story)
    line = {"line": 1, "product": "MASK_SURG", "quantity": 100, "standards": []}
    facts = {"lines_before": [line], "lines": [line | {"alternatives": True}]}
    ((_number, change),) = need.described_facts(facts)
    before, after = change.split(" → ")
    assert after == f"{before} · alternatives are also welcome"
