"""Tests of the choice of need lines on the pages for asking: what is ticked is asked about, removed lines are named."""

from typing import Any

import pytest
from django.urls import reverse

from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.lines import remove_line
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser, Form, Page
from tests.procurement.api.program import Program
from tests.procurement.outreach.test_asked_lines import GLOVE, KN95, MASK, NAMES, need_of, sent, texts
from tests.procurement.portal.by_link import open_link_page
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once: Any) -> Any:
    with once():
        story = Story()
        cities.twinning("burnaby", "zhongshan")
        assert story.officer and story.contact
        story.second = cities.contact("zhongshan", "Wang Fang")
        yield story


def asking(need: SupplyRequest, place: object = "", query: str = "") -> str:
    """Return the address of a page for asking: the list of contacts, or the letter to one or several."""
    return f"{need.get_absolute_url()}ask/{f'{place}/' if place else ''}{query}"


def removed(story: Any, need: SupplyRequest, number: int) -> None:
    remove_line(need.lines.get(position=number), reason="Found.", by=story.officer.by, at=AT)


def choice_form(page: Page) -> Form:
    """Return the form of the list of contacts, which is sent as an address."""
    (form,) = page.main.xpath(".//form[@method='get'][.//input[@name='contact']]")
    return Form(form)


def gone(page: Page) -> str:
    """Return the numbers of the lines that the page names as removed."""
    said = [word for word in page.text.split("Line ")[1:] if " has been removed from the need." in word]
    return " ".join(one.split()[0] for one in said)


# --- what is ticked ---
def test_ticks_of_lines_and_contacts_are_sent_together_by_both_buttons(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    form = choice_form(officer.open(asking(need)))
    assert form.fields["line"] == ["1", "2", "3"]
    assert form.node.get("action") == reverse("ask_several", args=[need.reference])
    buttons = {text: button.get("formaction") for text, button in form.buttons.items()}
    assert buttons == {"Show contacts for these lines": asking(need), "Write to the ticked contacts": None}
    typed = {"line": ["2"], "contact": [str(story.contact.pk), str(story.second.pk)]}
    ticked = form.filled(form.buttons["Write to the ticked contacts"], typed)
    query = "&".join(f"{name}={value}" for name in ("contact", "line") for value in ticked[name])
    letter = officer.open(f"{form.node.get('action')}?{query}")
    assert "about these lines of the need only" in letter
    letter.press("Send 2 requests")
    assert {tuple(one.line_numbers) for one in Inquiry.objects.all()} == {(2,)}
    assert not any(NAMES[MASK] in texts(one) for one in Inquiry.objects.all())


@pytest.mark.parametrize("place", ["one", "several"])
def test_letter_says_whether_it_is_about_the_whole_need(story: Any, place: str) -> None:
    officer = Browser(story.officer.user)
    people = f"contact={story.contact.pk}&contact={story.second.pk}"
    for products, query, said in (
        ((MASK, GLOVE), "", True),
        ((MASK, GLOVE), "line=1&line=2", True),
        ((MASK, GLOVE), "line=2", False),
        ((MASK,), "", False),
    ):
        need = need_of(story, *products)
        where = (story.contact.pk, f"?{query}") if place == "one" else ("write", f"?{people}&{query}")
        page = officer.open(asking(need, *where))
        assert ("This request is about the whole need." in page) is said, (products, query)


def test_two_lines_of_one_product_are_told_apart_and_one_is_asked_about(story: Any) -> None:
    need, officer = need_of(story, GLOVE, MASK, GLOVE), Browser(story.officer.user)
    first, third = (
        "Line 1: Examination glove, nitrile · 10,000 ",
        "Line 3: Examination glove, nitrile · 30,000 ",
    )
    page = officer.open(asking(need))
    assert all(label in page for label in (first, third, "Line 2: "))
    letter = officer.open(asking(need, story.contact.pk, "?line=3"))
    assert third in letter
    assert first not in letter
    letter.press("Send request")
    inquiry = Inquiry.objects.get()
    assert inquiry.line_numbers == [3]
    assert "30,000" in texts(inquiry)
    assert "10,000" not in texts(inquiry)
    inbox = officer.open(f"{need.get_absolute_url()}inbox/")
    for seen in (officer.open(inquiry), inbox):
        assert third in seen
        assert first not in seen
    removed(story, need, 3)
    for seen in (officer.open(inquiry), officer.open(f"{need.get_absolute_url()}inbox/")):
        assert "Line 3 (removed)" in seen


def test_contact_and_phone_note_tell_lines_of_one_product_apart(story: Any) -> None:
    need, officer = need_of(story, GLOVE, MASK, GLOVE), Browser(story.officer.user)
    whole, one = sent(story, need), sent(story, need, 1, to=story.second)
    asked = open_link_page(whole, language="en")
    phoned = officer.open(f"{whole.get_absolute_url()}record_phone_reply/")
    for page in (asked, phoned):
        labels = [
            text
            for text in page.main.xpath(".//select[@name='line']/option/text()")
            if NAMES[MASK] in text or NAMES[GLOVE] in text
        ]
        assert [text.split(" · ")[0] for text in labels] == [
            f"Line 1: {NAMES[GLOVE]}", NAMES[MASK], f"Line 3: {NAMES[GLOVE]}"
        ]  # fmt: skip
    only = open_link_page(one, language="en").main.xpath(".//select[@name='line']/option/text()")
    assert only == [NAMES[GLOVE]]


def test_downloaded_lists_and_api_rows_name_the_lines_asked_about(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    some, whole = sent(story, need, 2, 3), sent(story, need, to=story.second)
    for address in (f"{reverse('inquiries')}?as=csv", f"{need.get_absolute_url()}inbox/?as=csv"):
        sheet = b"".join(officer.client.get(address).streaming_content).decode()
        heading, *rows = sheet.lstrip("\ufeff").splitlines()
        assert "Lines asked about" in heading
        assert ['"2, 3"' in row for row in sorted(rows)] == [True, False]
    listed = {row["reference"]: row["line_numbers"] for row in Program(story.officer.user).all("inquiries/")}
    assert listed == {some.reference: [2, 3], whole.reference: []}


# --- removed lines ---
@pytest.mark.parametrize(("query", "left"), [("?line=7", ["1", "2"]), ("?line=2&line=7&line=31", ["2"])])
def test_address_with_removed_lines_shows_the_choice_again_and_names_them(
    story: Any, query: str, left: list[str]
) -> None:
    need, officer = need_of(story, MASK, GLOVE), Browser(story.officer.user)
    people = f"&contact={story.contact.pk}&contact={story.second.pk}"
    several = asking(need, "write", query + people)
    for address in (asking(need, "", query), asking(need, story.contact.pk, query), several):
        page = officer.open(address)
        assert gone(page) == query.removeprefix("?line=").replace("&line=", " ").removeprefix("2 ")
        assert "Choose the lines again." in page
        assert choice_form(page).fields["line"] == left
        assert not {"Send request", "Send 2 requests"} & set(page.buttons)


def test_removed_line_is_named_on_a_need_with_one_line_left(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE), Browser(story.officer.user)
    removed(story, need, 1)
    page = officer.open(asking(need, story.contact.pk, "?line=1"))
    assert gone(page) == "1"
    assert "Choose the lines again." not in page, "there is only one line to ask about"


def test_letter_about_a_line_removed_meanwhile_is_refused_until_lines_are_chosen_again(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    letter = officer.open(asking(need, story.contact.pk, "?line=2"))
    removed(story, need, 2)
    again = letter.press("Send request", subject="Gloves for May")
    assert "has no line 2" in again.alert
    assert gone(again) == "2"
    assert again.value("subject") == "Gloves for May"
    assert "about the whole need" not in again
    assert not {"Send request", "Preview"} & set(again.buttons)
    form = next(form for form in again.forms if "body" in form.fields)
    assert form.fields["line"] == ["2"], "sent by the keyboard, it is refused again"
    assert asking(need) in str(again.ways)
    assert not Inquiry.objects.exists()


def test_letter_about_a_removed_and_another_line_is_refused_once_and_then_sent_about_the_other(
    story: Any,
) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    letter = officer.open(asking(need, story.contact.pk, "?line=2&line=3"))
    removed(story, need, 2)
    again = letter.press("Send request")
    assert "has no line 2" in again.alert
    assert "about these lines of the need only: Line 3: " in again
    assert not Inquiry.objects.exists()
    again.press("Send request")
    assert Inquiry.objects.get().line_numbers == [3]


def test_letter_to_several_about_a_removed_line_is_refused_with_one_sentence(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    people = f"contact={story.contact.pk}&contact={story.second.pk}"
    letter = officer.open(asking(need, "write", f"?{people}&line=1&line=2"))
    removed(story, need, 1)
    again = letter.press("Send 2 requests")
    assert again.alert.count("has no line 1") == 1
    assert not Inquiry.objects.exists()
    again.press("Send 2 requests")
    assert {tuple(one.line_numbers) for one in Inquiry.objects.all()} == {(2,)}


def test_preview_of_a_letter_about_a_removed_line_names_it_and_sends_nothing(story: Any) -> None:
    need, officer = need_of(story, MASK, GLOVE, KN95), Browser(story.officer.user)
    letter = officer.open(asking(need, story.contact.pk, "?line=2&line=3"))
    removed(story, need, 3)
    preview = letter.press("Preview")
    assert gone(preview) == "3"
    assert asking(need, f"{story.contact.pk}/page", "?line=2") in str(preview.ways)
    assert not Inquiry.objects.exists()
