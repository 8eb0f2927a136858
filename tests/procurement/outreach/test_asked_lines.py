"""Inquiries about some lines of a need: on the pages for asking, in letters, for the contact, after changes, in the API."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from partners.contacts.models import Contact
from procurement.catalogue.models.products import Product
from procurement.notifications.mail_text import titled_reference
from procurement.notifications.thank_you_letters import _product_names
from procurement.orders.queries import quotes_on_record
from procurement.outreach.actions.inquiries import (
    ask_next_contact,
    draft_inquiry,
    forward_inquiry,
    send_inquiry,
)
from procurement.outreach.actions.periodic import allow_other_contacts, update_inquiries
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.letters import changed_need_text, changes_since_written, letter_drafts
from procurement.outreach.rules.dates import alternates_allowed_at
from procurement.portal.history import _group_by_goods
from procurement.requests.actions.lines import LineFacts, add_line, change_line, remove_line, set_lines
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program, problem
from tests.procurement.outreach.test_inquiries import powers_by_own_link
from tests.procurement.portal.by_link import open_link_page, open_link_page_of
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
MASK, KN95, GLOVE = "MASK_SURG", "RESP_KN95", "GLOVE_EXAM_NITRILE"
NAMES = {MASK: "Surgical mask (fluid resistant)", KN95: "KN95", GLOVE: "Examination glove, nitrile"}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.stranger and story.contact and story.supplier
        story.second = cities.contact("zhongshan", "Wang Fang")
        yield story


def need_of(story: Any, *products: str) -> SupplyRequest:
    """Return a posted need with a line for each product: 10,000, 20,000 and so on."""
    need: SupplyRequest = story.line(10_000).supply_request
    rows = Product.objects.in_bulk(products, field_name="code")
    lines = [
        LineFacts(product=rows[code], quantity=10_000 * place) for place, code in enumerate(products, start=1)
    ]
    return set_lines(need, lines, by=story.officer.by, at=AT)


def drafted(
    story: Any, need: SupplyRequest, *numbers: int, to: Contact | None = None, **facts: Any
) -> Inquiry:
    contact = to or story.contact
    words = letter_drafts(need, contact, story.officer.user, AT.date(), numbers)
    given = {"author": story.officer.user, "by": story.officer.by, "at": AT, **words, **facts}
    return draft_inquiry(need, contact, line_numbers=numbers, **given)


def sent(story: Any, need: SupplyRequest, *numbers: int, **facts: Any) -> Inquiry:
    return send_inquiry(drafted(story, need, *numbers, **facts), by=story.officer.by, at=AT)


def changed(story: Any, need: SupplyRequest, number: int, quantity: int, at: Any = AT + HOUR) -> None:
    line = need.lines.get(position=number)
    facts = LineFacts(product=line.product, quantity=quantity, standards=list(line.standards.all()))
    change_line(line, facts, reason="Half was found.", by=story.officer.by, at=at)


def fresh(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.get(pk=inquiry.pk)


def texts(inquiry: Inquiry) -> str:
    """Return the letter in the contact's language and in the officer's."""
    return f"{inquiry.body}\n{inquiry.body_own}"


# --- the pages for asking ---
def test_contacts_are_ranked_for_the_chosen_lines(story: Any) -> None:
    gloves = cities.contact("zhongshan", "He Min", families=["glove"])
    masks = cities.contact("zhongshan", "Sun Li", families=["mask"])
    need, officer = need_of(story, MASK, GLOVE), Browser(story.officer.user)
    for query, first in (("?line=1", masks), ("?line=2", gloves)):
        page = officer.open(f"{need.get_absolute_url()}ask/{query}")
        assert page.main.xpath(".//input[@name='contact'][@checked]/@value") == [str(first.pk)]
    assert page.main.xpath(".//input[@type='checkbox'][@name='line'][@checked]/@value") == ["2"]


@pytest.mark.parametrize(
    "query", ["", "?line=1&line=2", "?line=x", "?line=-1", "?line=0", "?line=99999999999"]
)
def test_all_lines_are_ticked_at_first_and_the_whole_need_is_asked_about(story: Any, query: str) -> None:
    need, officer = need_of(story, MASK, GLOVE), Browser(story.officer.user)
    page = officer.open(f"{need.get_absolute_url()}ask/{query}")
    assert page.main.xpath(".//input[@type='checkbox'][@name='line'][@checked]/@value") == ["1", "2"]
    officer.open(f"{need.get_absolute_url()}ask/{story.contact.pk}/{query}").press("Send request")
    inquiry = Inquiry.objects.get()
    assert inquiry.line_numbers == []
    assert NAMES[MASK] in texts(inquiry)
    assert "Lines asked about" not in officer.open(inquiry)


def test_need_with_one_line_offers_no_choice_of_lines(story: Any) -> None:
    page = Browser(story.officer.user).open(f"{need_of(story, GLOVE).get_absolute_url()}ask/")
    assert not page.main.xpath(".//input[@name='line']")


@pytest.mark.parametrize(
    ("numbers", "named", "left"), [([2], [GLOVE], [MASK, KN95]), ([1, 3], [MASK, KN95], [GLOVE])]
)
def test_letter_and_page_of_the_contact_name_the_chosen_lines_only(
    story: Any, numbers: list[int], named: list[str], left: list[str]
) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    query = "&".join(f"line={number}" for number in numbers)
    letter = officer.open(f"{need.get_absolute_url()}ask/{story.contact.pk}/?{query}")
    assert "about these lines of the need only" in letter
    preview = letter.press("Preview")
    assert f"{story.contact.pk}/page/?{query}" in str(preview.ways)
    shown = officer.open(f"{need.get_absolute_url()}ask/{story.contact.pk}/page/?{query}")
    after = letter.press("Send request")
    assert after.at.endswith(f"ask/?{query}"), "the next contact is asked about the same lines"
    inquiry = Inquiry.objects.get()
    assert inquiry.line_numbers == numbers
    page, detail = open_link_page(inquiry, language="en"), officer.open(inquiry)
    pages = (page.text, detail.text, texts(inquiry))
    assert all(NAMES[code] in text for code in named for text in pages)
    assert not any(NAMES[code] in text for code in left for text in pages)
    products = Product.objects.in_bulk(named, field_name="code")
    for seen, language in ((page, "en"), (shown, story.contact.user.language)):
        with translation.override(language):
            names = [products[code].name for code in named]
        assert seen.main.xpath(".//select[@name='line']/option/text()") == names


def test_several_contacts_are_asked_about_the_same_lines(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE), Browser(story.officer.user)
    ticked = f"contact={story.contact.pk}&contact={story.second.pk}&line=2"
    one = officer.open(f"{need.get_absolute_url()}ask/write/?contact={story.contact.pk}&line=1")
    assert one.at.endswith("?line=1"), "a single contact gets the page for one letter, about the same lines"
    letter = officer.open(f"{need.get_absolute_url()}ask/write/?{ticked}")
    assert NAMES[MASK] not in letter
    letter.press("Send 2 requests")
    assert {tuple(one.line_numbers) for one in Inquiry.objects.all()} == {(2,)}
    assert all(NAMES[GLOVE] in texts(one) for one in Inquiry.objects.all())
    assert not any(NAMES[MASK] in texts(one) for one in Inquiry.objects.all())


# --- what others read ---
def test_mail_subject_link_page_and_thanks_name_the_goods_of_the_chosen_lines(story: Any) -> None:
    inquiry = sent(story, need_of(story, MASK, GLOVE, KN95), 2)
    assert titled_reference(inquiry) == f"{NAMES[GLOVE]} · {inquiry.reference}"
    entry = open_link_page_of(story.contact.user, inquiry, language="en", press=False)
    assert NAMES[GLOVE] in entry
    assert NAMES[MASK] not in entry
    assert _product_names(inquiry) == [NAMES[GLOVE]]
    (group,) = _group_by_goods([inquiry])
    assert NAMES[GLOVE] in group


def test_next_contact_and_colleague_are_asked_about_the_same_lines(story: Any) -> None:
    need = need_of(story, MASK, GLOVE, KN95)
    inquiry = sent(story, need, 2, 3)
    allow_other_contacts(alternates_allowed_at(inquiry.due_at))
    remove_line(need.lines.get(position=3), reason="Found.", by=story.officer.by, at=AT + HOUR)
    words = letter_drafts(need, story.second, story.officer.user, AT.date(), [2])
    given = {**words, "author": story.officer.user, "by": story.officer.by, "at": AT + HOUR}
    onward = ask_next_contact(fresh(inquiry), story.second, **given)
    assert onward.line_numbers == [2], "without the line that was removed"
    colleague = cities.contact("zhongshan", "Zhao Min")
    handed = forward_inquiry(onward, to=colleague, by=powers_by_own_link(onward), at=AT + HOUR)
    assert handed.line_numbers == [2]


def test_officer_asks_the_next_contact_about_the_same_lines_with_one_button(story: Any) -> None:
    inquiry = sent(story, need_of(story, MASK, GLOVE), 2)
    allow_other_contacts(alternates_allowed_at(inquiry.due_at))
    Browser(story.officer.user).open(inquiry).press("Ask Wang Fang")
    onward = Inquiry.objects.get(contact=story.second)
    assert onward.line_numbers == [2]
    assert NAMES[MASK] not in texts(onward)
    assert NAMES[GLOVE] in texts(onward)


def test_inquiry_of_another_city_about_other_lines_needs_no_reason(story: Any) -> None:
    markham = Story("markham")
    cities.twinning("markham", "zhongshan")
    theirs = need_of(markham, MASK, GLOVE)
    sent(markham, theirs, 1, to=story.contact)
    need, officer = need_of(story, GLOVE, MASK), Browser(story.officer.user)
    about_gloves = officer.open(f"{need.get_absolute_url()}ask/{story.contact.pk}/?line=1")
    assert "about the same goods" not in about_gloves
    about_masks = officer.open(f"{need.get_absolute_url()}ask/{story.contact.pk}/?line=2")
    assert "Another city is waiting for a reply" in about_masks
    with assert_refused("asked_elsewhere", need):
        drafted(story, need, 2)
    assert drafted(story, need, 1).line_numbers == [1]


def test_quotes_sought_count_inquiries_about_the_ordered_lines(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    sent(story, need, 2)
    sent(story, need, to=story.second)
    masks, gloves = need.lines.order_by("position")
    assert quotes_on_record(story.city.pk, [masks.pk]).inquiries_sent == 1
    assert quotes_on_record(story.city.pk, [gloves.pk]).inquiries_sent == 2
    assert quotes_on_record(story.city.pk, [masks.pk, gloves.pk]).inquiries_sent == 2


def test_list_of_inquiries_finds_a_product_only_among_the_lines_asked_about(story: Any) -> None:
    inquiry, officer = sent(story, need_of(story, MASK, GLOVE), 2), Browser(story.officer.user)
    assert inquiry.reference in officer.open(f"{reverse('inquiries')}?product=nitrile")
    assert inquiry.reference not in officer.open(f"{reverse('inquiries')}?product=surgical")


# --- changes of the need ---
def test_contact_hears_of_changes_of_the_chosen_lines_only(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    about_gloves, about_all = sent(story, need, 2), sent(story, need, to=story.second)
    changed(story, need, 1, 4_150)
    update_inquiries(AT + 3 * HOUR)
    assert fresh(about_gloves).change_announced_at is None
    assert fresh(about_all).change_announced_at is not None
    assert changed_need_text(fresh(about_gloves)) == ""
    assert "4,150" in changed_need_text(fresh(about_all))
    changed(story, need, 2, 6_250, AT + 4 * HOUR)
    update_inquiries(AT + 6 * HOUR)
    assert fresh(about_gloves).change_announced_at == AT + 6 * HOUR
    told = str(changes_since_written(fresh(about_gloves)))
    assert "6,250" in told
    assert "4,150" not in told
    now = changed_need_text(fresh(about_gloves))
    assert NAMES[GLOVE] in now
    assert NAMES[MASK] not in now


def test_change_of_several_lines_at_once_counts_only_if_a_chosen_line_changes(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    inquiry = sent(story, need, 2)
    rows = {line.position: line for line in need.lines.all()}

    def rewritten(at: Any, **quantities: int) -> None:
        facts = [
            LineFacts(product=line.product, quantity=quantities.get(f"line_{number}", line.quantity))
            for number, line in sorted(rows.items())
        ]
        set_lines(need, facts, reason="Counted again.", by=story.officer.by, at=at)

    rewritten(AT + HOUR, line_1=3_000)
    assert not Inquiry.objects.with_unannounced_changes({}, AT + 2 * HOUR).exists()
    rewritten(AT + 2 * HOUR, line_1=3_000, line_2=5_000)
    assert list(Inquiry.objects.with_unannounced_changes({}, AT + 3 * HOUR)) == [inquiry]


def test_new_date_of_the_need_and_new_lines_reach_the_right_contacts(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    about_gloves, about_all = sent(story, need, 2), sent(story, need, to=story.second)
    kn95 = LineFacts(product=Product.objects.get(code=KN95), quantity=700)
    add_line(need, kn95, reason="More.", by=story.officer.by, at=AT + HOUR)
    assert list(Inquiry.objects.with_unannounced_changes({}, AT + HOUR)) == [about_all]
    later = RequestEdit(needed_by=date(2020, 6, 2))
    edit_request(need, later, reason="More time.", by=story.officer.by, at=AT + 2 * HOUR)
    assert set(Inquiry.objects.with_unannounced_changes({}, AT + 2 * HOUR)) == {about_gloves, about_all}


def test_unsent_letter_is_composed_again_about_the_chosen_lines(story: Any) -> None:
    need = need_of(story, MASK, GLOVE)
    inquiry = drafted(story, need, 2)
    assert inquiry.is_unedited
    changed(story, need, 1, 4_150)
    update_inquiries(AT + HOUR)
    assert fresh(inquiry).text_written_at == AT, "the letter does not mention the masks"
    changed(story, need, 2, 6_250, AT + 2 * HOUR)
    update_inquiries(AT + 2 * HOUR)
    letter = texts(fresh(inquiry))
    assert "6,250" in letter
    assert NAMES[GLOVE] in letter
    assert NAMES[MASK] not in letter


def test_inquiry_is_cancelled_once_all_its_lines_were_removed(story: Any) -> None:
    need = need_of(story, MASK, GLOVE, KN95)
    inquiry, whole = sent(story, need, 2, 3), sent(story, need, to=story.second)
    remove_line(need.lines.get(position=2), reason="Found.", by=story.officer.by, at=AT + HOUR)
    update_inquiries(AT + HOUR)
    assert fresh(inquiry).status == "sent", "one of its lines is left"
    assert NAMES[GLOVE] not in changed_need_text(fresh(inquiry)).split("\n\n")[0]
    remove_line(need.lines.get(position=3), reason="Found.", by=story.officer.by, at=AT + 2 * HOUR)
    page = open_link_page(fresh(inquiry), language="en")
    assert "is no longer looking for these goods" in page
    assert not page.main.xpath(".//select[@name='line']")
    update_inquiries(AT + 2 * HOUR)
    assert fresh(inquiry).status == "cancelled"
    assert fresh(whole).status == "sent"
    assert "have been removed" in Browser(story.officer.user).activity(inquiry)


# --- the API ---
def test_api_takes_and_returns_the_lines_of_an_inquiry(story: Any) -> None:
    need, program = need_of(story, MASK, GLOVE, KN95), Program(story.officer.user)
    body = {"supply_request": need.reference, "contact": story.contact.pk, "line_numbers": [3, 2, 3]}
    found = program.post("inquiries/", body)
    assert found["line_numbers"] == [2, 3]
    assert NAMES[GLOVE] in found["body"] + found["body_own"]
    assert NAMES[MASK] not in found["body"] + found["body_own"]
    whole = program.post(
        "inquiries/batch/", {"supply_request": need.reference, "contacts": [story.second.pk]}
    )
    assert program.get(f"inquiries/{whole['results'][0]['inquiry']}/")["line_numbers"] == []


def test_api_batch_asks_about_the_given_lines(story: Any) -> None:
    need, program = need_of(story, MASK, GLOVE), Program(story.officer.user)
    people = [story.contact.pk, story.second.pk]
    program.post(
        "inquiries/batch/", {"supply_request": need.reference, "contacts": people, "line_numbers": [2]}
    )
    assert [one.line_numbers for one in Inquiry.objects.all()] == [[2], [2]]
    assert not any(NAMES[MASK] in texts(one) for one in Inquiry.objects.all())


@pytest.mark.parametrize("numbers", [[3], [1, 9999]])
@pytest.mark.parametrize("path", ["inquiries/", "inquiries/batch/"])
def test_api_refuses_a_line_that_the_need_does_not_have(story: Any, path: str, numbers: list[int]) -> None:
    need = need_of(story, MASK, GLOVE)
    person = {"contact": story.contact.pk} if path == "inquiries/" else {"contacts": [story.contact.pk]}
    body = {"supply_request": need.reference, "line_numbers": numbers, **person}
    refused = problem(Program(story.officer.user).ask("post", path, body))
    assert (refused["code"], refused["status"]) == ("unknown_line", 422)
    assert "line_numbers" in str(refused["errors"])
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("numbers", [[0], [-1], [10_000], ["x"], "1", list(range(1, 102))])
def test_api_refuses_numbers_that_no_line_can_have(story: Any, numbers: Any) -> None:
    body = {
        "supply_request": need_of(story, MASK).reference,
        "contact": story.contact.pk,
        "line_numbers": numbers,
    }
    assert problem(Program(story.officer.user).ask("post", "inquiries/", body))["status"] == 422


def test_api_suggests_contacts_for_the_given_lines(story: Any) -> None:
    gloves = cities.contact("zhongshan", "He Min", families=["glove"])
    masks = cities.contact("zhongshan", "Sun Li", families=["mask"])
    need, program = need_of(story, MASK, GLOVE), Program(story.officer.user)
    address = f"inquiries/suggestions/?supply_request={need.reference}"
    for numbers, first in (("1", masks), ("2", gloves)):
        assert program.get(f"{address}&line_numbers={numbers}")["suggestions"][0]["contact"] == first.pk
    assert program.get(f"{address}&line_numbers=1,2") == program.get(address)
    for wrong in ("3", "0", "1,", "a", "1;2", "12345"):
        assert problem(program.ask("get", f"{address}&line_numbers={wrong}"))["status"] == 422


def test_api_names_only_changes_of_the_chosen_lines(story: Any) -> None:
    need, program = need_of(story, MASK, GLOVE), Program(story.officer.user)
    inquiry = sent(story, need, 2)
    changed(story, need, 1, 4_150)
    assert program.get(f"inquiries/{inquiry.reference}/")["changes"] == []
    facts = [
        LineFacts(product=line.product, quantity=line.quantity + 7)
        for line in need.lines.order_by("position")
    ]
    set_lines(need, facts, reason="Counted.", by=story.officer.by, at=AT + 2 * HOUR)
    (change,) = program.get(f"inquiries/{inquiry.reference}/")["changes"]
    assert [line["line"] for line in change["before"]["lines"] + change["after"]["lines"]] == [2, 2]


def test_queries_do_not_grow_with_the_lines_asked_about(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)

    def queries(address: str) -> int:
        officer.open(address)
        with CaptureQueriesContext(connection) as caught:
            officer.open(address)
        return len(caught)

    page = f"{need.get_absolute_url()}ask/"
    assert queries(f"{page}?line=1&line=3") == queries(f"{page}?line=2") == queries(page)
    few, more = sent(story, need, 2), sent(story, need, 1, 2, to=story.second)
    assert queries(few.get_absolute_url()) == queries(more.get_absolute_url())
