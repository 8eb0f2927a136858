"""Tests of the list of needs, of a need's page, and of its actions: edit, share, pause and close."""

from datetime import date

import pytest

from procurement.catalogue.models.products import Product
from procurement.requests.actions.requests import (
    RequestEdit,
    edit_request,
    resume_offers,
    stop_request,
    withdraw_request,
)
from procurement.requests.models import SupplyRequest
from tests.browsing import Browser, words
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.need_to_order import AT, Story
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def story(once):
    with once():
        story = Story()
        assert story.officer and story.observer and story.stranger
        story.need = story.line(10_000).supply_request
        yield story


@pytest.fixture
def officer(story):
    return Browser(story.officer.user)


def reloaded_need(story) -> SupplyRequest:
    return SupplyRequest.objects.get(pk=story.need.pk)


def open_move(browser, story, verb):
    """Return the page that asks for the data of a move."""
    return browser.open(f"{story.need.get_absolute_url()}{verb}/")


def test_need_title_is_marked_with_its_language(story, officer):
    SupplyRequest.objects.filter(pk=story.need.pk).update(title="Masques", notes_language="fr-ca")
    for path in ("/needs/", story.need.get_absolute_url(), f"{story.need.get_absolute_url()}ask/"):
        html = officer.client.get(path).content.decode()
        assert '<span class="user-text" lang="fr-ca" dir="auto">Masques</span>' in html, path


def test_need_list_shows_coverage_and_is_filtered_by_search_and_status(story, officer):
    assert "10,000" in officer.open("/needs/")
    for query, found in (
        ("?q=mask", True), ("?q=gown", False), ("?status=open", True), ("?status=draft", False), ("?status=odd", True),
    ):  # fmt: skip
        assert (story.need.reference in officer.open(f"/needs/{query}")) is found, query
    assert "No needs match." in officer.open("/needs/?q=gown")
    empty = Browser(story.stranger.user).open("/needs/")
    assert "No needs yet." in empty, "nothing was narrowed"
    assert "Post a need" not in Browser(story.observer.user).open("/needs/?q=gown"), (
        "who may not is not led there"
    )
    assert story.need.reference not in Browser(story.stranger.user).open("/needs/")


def test_need_list_returns_rows_only_to_htmx_requests(story, officer):
    part = officer.client.get("/needs/", headers={"HX-Request": "true"}).content.decode()
    whole = officer.client.get("/needs/").content.decode()
    assert story.need.reference in part
    assert "<html" not in part
    assert "<html" in whole


def test_need_page_names_the_next_step_for_people_who_may_take_it(story, officer):
    assert "No one has been asked yet." in officer.open(story.need)
    assert officer.open(story.need).follow("Ask partners").at.endswith("/ask/")
    assert "No one has been asked yet." not in Browser(story.observer.user).open(story.need)
    assert Browser(story.stranger.user).open(story.need).status == 404


def test_posted_need_is_edited_on_its_page(story, officer):
    line = story.need.lines.get()
    asked = (
        officer.open(story.need).follow("Edit details").browser.open(f"{story.need.get_absolute_url()}edit/")
    )
    assert asked.value(f"quantity{line.pk}") == "10,000"
    page = asked.press(
        "Save details", title="口罩", needed_by="2020年6月1日", deliver_to="Dock 3", **{f"quantity{line.pk}": "180 boxes of 50"}
    )  # fmt: skip
    assert page.heading == "口罩"
    need = reloaded_need(story)
    assert (need.needed_by, need.deliver_to, need.lines.get().quantity) == (date(2020, 6, 1), "Dock 3", 9_000)
    assert need.visibility == story.need.visibility


def test_posted_need_cannot_lose_required_values(story, officer):
    line = story.need.lines.get()
    refused = open_move(officer, story, "edit").press(
        "Save details", deliver_to="", **{f"quantity{line.pk}": "500"}
    )
    assert (refused.status, refused.wrong) == (422, {"deliver_to": "Enter the delivery address."})
    assert reloaded_need(story).lines.get().quantity == 10_000, "all of it or nothing"
    wrong = open_move(officer, story, "edit").press(
        "Save details", needed_by="soon", **{f"quantity{line.pk}": "0"}
    )
    assert (wrong.status, set(wrong.wrong)) == (422, {"needed_by", f"quantity{line.pk}"})


def test_need_is_reconfirmed_on_its_page(story, officer):
    wrong = open_move(officer, story, "reconfirm").press("Confirm need", until="June")
    assert (wrong.status, set(wrong.wrong)) == (422, {"until"})
    page = officer.open(story.need).follow("Confirm need").press("Confirm need", until="2020.06.01")
    assert page.at == story.need.get_absolute_url()
    assert reloaded_need(story).reconfirm_by == date(2020, 6, 1)


def test_need_is_shared_with_a_city_that_then_sees_it(story, officer):
    cities.city("markham")
    officer.open(story.need).follow("Share with a city").press("Share with a city", city="Markham")
    page = Browser(story.stranger.user).open(story.need)
    assert page.status == 200
    assert page.buttons == [], "it may look, and change nothing"
    assert "Edit details" not in page
    assert "Only the city that asked can see the offers." in page
    for untrue in ("no one has been asked", "No one yet.", "No goods are in transit yet."):
        assert untrue not in page, "it cannot tell, and does not say so"


def test_paused_need_offers_no_form_that_would_be_refused(story, officer):
    cities.twinning("burnaby", "zhongshan")
    assert story.contact
    assert "New offers paused" not in officer.open(story.need)
    ask = f"{story.need.get_absolute_url()}ask/"
    assert "Write to this contact" in officer.open(ask)
    stop_request(reloaded_need(story), reason="full", by=story.officer.by, at=AT)
    page = officer.open(story.need)
    assert "New offers paused" in page
    assert "New offers paused" in officer.open("/needs/")
    assert "No one has been asked yet." not in page
    assert ask not in [where for _how, where in page.ways]
    assert "Write to this contact" not in officer.open(ask)
    assert "so you cannot ask anyone" in officer.open(ask)
    resume_offers(reloaded_need(story), by=story.officer.by, at=AT)
    assert "New offers paused" not in officer.open(story.need)
    assert "Write to this contact" in officer.open(ask)


def closed_buttons(page) -> dict[str, str]:
    """Return the disabled buttons, each with the reason beside it."""
    shut = page.root.xpath("//main//button[@disabled][@aria-describedby]")
    return {
        words(one): words(page.root.xpath(f"//*[@id='{one.get('aria-describedby')}']")[0]) for one in shut
    }


def test_need_page_says_why_asking_and_allocating_are_closed(story, officer):
    stop_request(reloaded_need(story), reason="full", by=story.officer.by, at=AT)
    shut = closed_buttons(officer.open(story.need))
    assert list(shut) == ["Ask partners"]
    assert "New offers are paused for this need, so you cannot ask partners." in shut["Ask partners"]
    assert officer.open(story.need).follow("Allocate goods").at.endswith("/allocate/")
    resume_offers(reloaded_need(story), by=story.officer.by, at=AT)
    assert closed_buttons(officer.open(story.need)) == {}
    withdraw_request(reloaded_need(story), reason="The province sent enough.", by=story.officer.by, at=AT)
    shut = closed_buttons(officer.open(story.need))
    assert list(shut) == ["Ask partners", "Allocate goods"]
    assert "The current status is “Withdrawn”" in shut["Allocate goods"]
    assert closed_buttons(Browser(story.observer.user).open(story.need)) == {}


def test_draft_need_page_says_that_asking_waits_for_posting(story, officer):
    again = officer.open(story.need).press("Post this need again")
    draft = SupplyRequest.objects.latest("pk")
    assert (again.status, draft.status) == (200, "draft")
    page = officer.open(draft)
    assert list(closed_buttons(page)) == ["Ask partners", "Allocate goods"]
    assert "The current status is “Draft”" in closed_buttons(page)["Ask partners"]


def test_same_values_in_another_order_are_not_a_change_of_the_need(story, officer):
    """The page sends the kinds of places in an order of its own. This must not be reported as a change."""
    kinds = ["school", "long_term_care", "clinic"]
    edit_request(reloaded_need(story), RequestEdit(facility_kinds=kinds), by=story.officer.by, at=AT)
    before = history_of(reloaded_need(story)).count()
    ticked = sorted(kinds)
    assert ticked != kinds
    page = open_move(officer, story, "edit").press(
        "Save details", facility_kinds=ticked, needed_by="2020-06-02"
    )
    assert page.status == 200
    assert reloaded_need(story).facility_kinds == kinds
    (entry,) = history_of(reloaded_need(story))[: history_of(reloaded_need(story)).count() - before]
    assert "facility_kinds" not in entry.after
    Program(story.officer.user).post(
        f"supply-requests/{story.need.reference}/edit/", {"facility_kinds": ticked}
    )
    assert reloaded_need(story).facility_kinds == kinds
    open_move(officer, story, "edit").press(
        "Save details", facility_kinds=["school"], reason="Wards are closed."
    )
    assert reloaded_need(story).facility_kinds == ["school"]


@pytest.mark.parametrize("unit", ["litre", "pair", "piece"])
def test_need_and_inquiry_use_the_products_own_unit(story, officer, unit):
    line = story.need.lines.get()
    Product.objects.filter(pk=line.product_id).update(unit=unit)
    data = {"litre": "litres", "pair": "pairs", "piece": "pieces"}
    for address in ("edit/", f"lines/{line.pk}/"):
        page = officer.open(f"{story.need.get_absolute_url()}{address}")
        assert data[unit] in page, address
        assert all(other not in page for key, other in data.items() if key != unit), address
    draft = officer.open(story.need).press("Post this need again").at
    assert data[unit] in officer.open(draft)
    assert all(other not in officer.open(draft) for key, other in data.items() if key != unit)


def test_need_is_paused_with_a_reason_and_resumed_on_its_page(story, officer):
    wrong = open_move(officer, story, "stop").press("Pause new offers", reason="")
    assert (wrong.status, set(wrong.wrong)) == (422, {"reason"})
    page = open_move(officer, story, "stop").press("Pause new offers", reason="仓库已满")
    assert reloaded_need(story).stopped
    again = open_move(officer, story, "stop").press("Pause new offers", reason="once more")
    assert (again.status, "already paused" in again.alert) == (422, True)
    page.press("Resume new offers")
    assert not reloaded_need(story).stopped


def test_need_with_unreleased_goods_cannot_be_closed_as_fulfilled(story, officer):
    page = officer.open(story.need)
    assert "Close need as fulfilled" not in page.buttons
    assert "10,000 pieces not released yet" in page
    refused = officer.client.post(f"{story.need.get_absolute_url()}fulfil/")
    assert refused.status_code == 422
    assert "10,000 pieces not released yet" in refused.content.decode()


def test_withdrawn_need_accepts_no_further_action(story, officer):
    open_move(officer, story, "withdraw").press("Withdraw need", reason="The province sent enough.")
    assert reloaded_need(story).status == "withdrawn"
    over = open_move(officer, story, "reconfirm").press("Confirm need", until="2020-06-01")
    assert over.status == 409
    assert over.alert


def test_need_actions_are_403_for_observers_and_404_for_other_cities(story):
    base = story.need.get_absolute_url()
    observer, stranger = Browser(story.observer.user), Browser(story.stranger.user)
    refused = observer.client.post(f"{base}stop/", {"reason": "I would rather"})
    assert refused.status_code == 403
    assert "I would rather" in refused.content.decode()
    for verb, typed in (
        ("edit", {"title": "Mine"}),
        ("stop", {"reason": "x"}),
        ("withdraw", {"reason": "x"}),
        ("resume", {}),
    ):
        assert stranger.client.post(f"{base}{verb}/", typed).status_code == 404, verb
    assert observer.open(f"{base}sing/").status == 404
    assert Browser(story.officer.user).client.get(f"{base}resume/").status_code == 405
    assert reloaded_need(story).status == "open"


@pytest.mark.parametrize(("language", "words"), [("fr-ca", "10 000"), ("zh-hans", "10,000")])
def test_need_figures_are_formatted_in_the_readers_language(story, language, words):
    assert words in Browser(story.officer.user, language).open(story.need)


def test_allocated_goods_of_one_company_lead_to_its_order_form():
    story = Story("markham")
    need, other = story.line(20_000).supply_request, story.company("Another maker")
    line = need.lines.get()
    first, *rest = (
        story.promise(4_000, line=line),
        story.promise(2_000, line=line),
        story.promise(1_000, line=line, supplier=other),
    )
    page = Browser(story.officer.user).open(need).follow("Create order")
    ticked = page.root.xpath("//input[@name='allocations'][@checked]/@value")
    assert ticked == [str(first.pk), str(rest[0].pk)], "an order is to one company"


@pytest.mark.parametrize(
    ("text", "found"), [("Burn", True), ("本拿比", True), ("Markham", False), ("万锦", False)]
)
def test_need_list_is_filtered_by_the_name_of_the_city_in_any_script(story, officer, text, found):
    assert (story.need.reference in officer.open(f"/needs/?city={text}")) is found


def test_need_list_is_filtered_by_who_posted_only_for_the_readers_own_cities(story, officer):
    author = SupplyRequest.objects.get(pk=story.need.pk).author.name
    assert story.need.reference in officer.open(f"/needs/?person={author.upper()}")
    assert story.need.reference not in officer.open("/needs/?person=Tremblay")
    officer.open(story.need).follow("Share with a city").press("Share with a city", city="Markham")
    partner = Browser(story.stranger.user)
    assert story.need.reference in partner.open("/needs/")
    assert story.need.reference not in partner.open(f"/needs/?person={author}"), "it learns no names"
