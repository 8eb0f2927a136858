"""Pages and API of approval before posting: the city's choice, the decision on a phone, and proposed changes."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import CONSOLE_ACTOR
from partners.cities.models import City
from partners.memberships.actions import end_role
from partners.memberships.models import Membership
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.actions.lines import set_lines
from procurement.requests.alternatives.rules import Alternative
from procurement.requests.approval.actions import submit_request, withdraw_change
from procurement.requests.models import RequestLine, SupplyRequest
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.orders.decision_steps import add_role
from tests.procurement.requests.need_approval_steps import (
    approved_need,
    draft_to_submit,
    need_with_change,
    need_with_returned_change,
    require_approval,
    returned_need,
    submitted_need,
    wanted_lines,
)
from tests.procurement.requests.test_needs import need_with_line
from tests.worlds.need_to_order import AT, Story

pytestmark = pytest.mark.django_db
LIMITS = "/cities/burnaby/limits/"


@pytest.fixture
def story() -> Story:
    story = Story()
    story.practise()
    return story


def words_of(page, name):
    """Return the words of the part of a page with this id, with single spaces."""
    return " ".join(page.root.get_element_by_id(name).text_content().split())


def saved(need):
    return SupplyRequest.objects.get(pk=need.pk)


# --- the city's choice ------------------------------------------------------------------------------------------
def test_administrator_chooses_how_needs_are_posted_with_a_reason_and_history(story):
    keeper = Browser(story.person("administrator").user)
    page = keeper.open(LIMITS)
    assert "Officers post needs without approval." in page
    form = page.follow("Change how needs are posted")
    wrong = form.press("Save", need_approval="always", limit="", reason="Council 6")
    assert (wrong.status, set(wrong.wrong)) == (422, {"need_approval"}), "the city has no approver"
    assert story.approver
    wrong = form.press("Save", need_approval="above", limit="", reason="Council 7")
    assert (wrong.status, set(wrong.wrong)) == (422, {"limit"})
    wrong = form.press("Save", need_approval="always", limit="10", reason="Council 7")
    assert (wrong.status, set(wrong.wrong)) == (422, {"limit"})
    page = form.press("Save", need_approval="above", limit="12,500.50", reason="Council 7")
    assert "above CAD 12,500.50, or an unknown one" in page
    assert "Council 7" in page
    page = page.follow("Change how needs are posted").press(
        "Save", need_approval="always", limit="", reason="Council 8"
    )
    assert "An approver must approve each need before it is posted" in page
    city = City.objects.get(pk=story.city.pk)
    assert (city.need_approval, city.need_approval_limit) == ("always", None)


def test_how_needs_are_posted_is_changed_by_administrators_of_the_city_alone(story):
    require_approval(story)
    for who, status in ((story.officer, 403), (story.approver, 403), (story.stranger, 404)):
        assert Browser(who.user).open(f"{LIMITS}needs/").status == status
    assert "Change how needs are posted" not in Browser(story.officer.user).open(LIMITS)
    assert Program(story.officer.user).get("cities/burnaby/")["need_approval"] == "always"
    assert Program(story.stranger.user).get("cities/burnaby/")["need_approval"] is None


# --- posting ----------------------------------------------------------------------------------------------------
def test_officer_sends_a_need_for_approval_from_the_check_page(story):
    approver = story.approver.user
    need = draft_to_submit(story)
    page = Browser(story.officer.user).open(f"{need.get_absolute_url()}review/")
    assert f"{approver} decides." in page
    assert "Post need" not in page.buttons
    page = page.press("Send for approval")
    assert f"has been sent to {approver} for approval" in page
    assert "Waiting for approval" in page
    assert "Continue" not in page
    assert saved(need).status == "awaiting_approval"


def test_city_without_approval_posts_from_the_check_page(story):
    need = need_with_line(story)
    page = Browser(story.officer.user).open(f"{need.get_absolute_url()}review/")
    assert "Send for approval" not in page.buttons
    page.press("Post need")
    assert saved(need).status == "open"


@pytest.mark.parametrize(
    ("before", "after", "pressed", "offered"),
    [
        ("none", "always", "Post need", "Send for approval"),
        ("always", "none", "Send for approval", "Post need"),
    ],
)
def test_check_page_does_what_its_button_said_though_the_city_changed_its_choice(
    story, before, after, pressed, offered
):
    require_approval(story, before)
    need = need_with_line(story)
    page = Browser(story.officer.user).open(f"{need.get_absolute_url()}review/")
    require_approval(story, after)
    refused = page.press(pressed)
    assert (refused.status, saved(need).status) == (422, "draft")
    assert offered in refused.buttons
    assert pressed not in refused.buttons
    refused.press(offered)
    assert saved(need).status == ("open" if after == "none" else "awaiting_approval")


def test_approver_decides_from_five_lines(story):
    require_approval(story, "above", "700")
    need = need_with_line(story, visibility="network")
    set_lines(need, wanted_lines(320, price="2.25"), by=story.officer.by, at=AT)
    Browser(story.officer.user).open(f"{need.get_absolute_url()}review/").press("Send for approval")
    page = Browser(story.approver.user).open(need)
    card = page.root.get_element_by_id("five")
    assert len(card.xpath("./dl/div")) == 5
    for text in (
        f"{need.lines.get().product.name}: 320 pieces, at most CAD 2.25 each",
        "CAD 720.00 (approval above CAD 700.00)",
        "20 May 2020 · Depot",
        "Every city in the network",
        str(story.officer.user),
    ):
        assert text in page
    page = page.press("Approve and post")
    assert saved(need).status == "open"
    assert "Your decision" not in page


def test_approver_returns_a_need_and_its_author_corrects_it(story):
    need = submitted_need(story)
    page = Browser(story.approver.user).open(need).follow("Return need")
    page = page.press("Return need", reason="Which ward is it for?")
    assert saved(need).status == "draft"
    author = Browser(story.officer.user)
    assert "Correct this need" in author.open("/")
    page = author.open(need)
    assert "Which ward is it for?" in page
    assert page.follow("Correct need").press("Send for approval").status == 200
    assert saved(need).status == "awaiting_approval"
    assert "Sent back" not in author.open(need)


def test_author_reads_who_decides_and_gets_no_button_to_approve(story):
    need = submitted_need(story)
    page = Browser(story.officer.user).open(need)
    assert f"{story.approver.user} decides." in page
    assert "Approve and post" not in page.buttons
    other = Browser(story.observer.user).open(need)
    assert "Waiting for approval" in other
    assert "Approve and post" not in other.buttons


def test_decision_on_a_page_that_was_read_before_a_change_is_refused(story):
    need = submitted_need(story)
    page = Browser(story.approver.user).open(need)
    author = Browser(story.officer.user)
    author.open(need).follow("Return need").press("Return need", reason="One more line")
    author.open(f"{need.get_absolute_url()}review/").press("Send for approval")
    SupplyRequest.objects.filter(pk=need.pk).update(waiting_since=AT.replace(minute=3))
    refused = page.press("Approve and post")
    assert refused.status == 422
    assert "Read it again before you decide." in refused.alert
    assert saved(need).status == "awaiting_approval"


def test_need_that_waits_is_unknown_to_other_cities(story):
    need = need_with_line(story, visibility="network")
    require_approval(story)
    Browser(story.officer.user).open(f"{need.get_absolute_url()}review/").press("Send for approval")
    assert Browser(story.stranger.user).open(need).status == 404


# --- changes ----------------------------------------------------------------------------------------------------
def test_officer_raises_a_quantity_and_the_approver_sees_before_and_after(story):
    need = approved_need(story)
    line = need.lines.get()
    officer = Browser(story.officer.user)
    form = officer.open(f"{need.get_absolute_url()}edit/")
    page = form.press("Save details", **{f"quantity{line.pk}": "2,500", "title": "Masks for two wards"})
    assert (page.status, set(page.wrong)) == (422, {"reason"})
    page = form.press(
        "Save details",
        **{f"quantity{line.pk}": "2,500", "title": "Masks for two wards", "reason": "A second ward"},
    )
    assert "was sent to" in page
    need = saved(need)
    assert (need.title, need.lines.get().quantity) == ("Masks for two wards", 100)
    page = Browser(story.approver.user).open(need)
    goods = line.product.name
    assert f"{goods}: 100 pieces, no maximum price → {goods}: 2,500 pieces, no maximum price" in page
    assert "A second ward" in page
    page.press("Approve change")
    assert need.lines.get().quantity == 2_500


def test_approver_reads_every_difference_of_a_changed_line(story):
    need = approved_need(story)
    masks = need.lines.get().product
    [change] = wanted_lines(
        120,
        standards=[Standard.objects.get(code="ASTM-F2100-L2")],
        needed_by=date(2020, 5, 9),
        priority=RequestLine.Priority.HIGH,
        alternatives=[
            Alternative(Product.objects.get(code="RESP_KN95"), Standard.objects.get(code="GB2626-2006-KN95"))
        ],
    )
    set_lines(need, [change], by=story.officer.by, at=AT, reason="A ward")
    approver = Browser(story.approver.user)
    card = words_of(approver.open(need), "five")
    standard, other = change.standards[0].label, change.alternatives[0]
    assert (
        f"{masks.name}: 100 pieces, no maximum price · any standard · priority: normal → {masks.name}: 120 pieces, "
        f"no maximum price · {standard} · needed by 9 May 2020 · priority: high · "
        f"also accepted: {other.product.name}, {other.standard.label}"
    ) in card
    approver.open(need).follow("Return change").press("Return change", reason="Not these")
    [change] = wanted_lines(130, standards=list(need.lines.get().standards.all()))
    set_lines(need, [change], by=story.officer.by, at=AT, reason="A ward")
    assert "any standard" not in words_of(approver.open(need), "five")


def test_approver_reads_standards_date_and_alternatives_of_a_need(story):
    require_approval(story)
    need = need_with_line(story)
    masks = need.lines.get().product
    other = Alternative(Product.objects.get(code="RESP_KN95"), Standard.objects.get(code="GB2626-2006-KN95"))
    [line] = wanted_lines(
        470,
        standards=[Standard.objects.get(code="ASTM-F2100-L2")],
        needed_by=date(2020, 5, 12),
        priority=RequestLine.Priority.CRITICAL,
        alternatives=[other],
    )
    set_lines(need, [line], by=story.officer.by, at=AT)
    submit_request(need, by=story.officer.by, at=AT)
    assert (
        f"{masks.name}: 470 pieces, no maximum price · {line.standards[0].label} · needed by 12 May 2020 · "
        f"priority: critical · also accepted: {other.product.name}, {other.standard.label}"
    ) in words_of(Browser(story.approver.user).open(need), "five")


def test_approver_reads_a_further_line_as_new(story):
    need = approved_need(story)
    goods = need.lines.get().product.name
    set_lines(need, wanted_lines(100, 65), by=story.officer.by, at=AT, reason="Ward 5")
    card = words_of(Browser(story.approver.user).open(need), "five")
    assert f"New line: {goods}: 65 pieces, no maximum price" in card
    assert "Until then, the lines stay as they are." in words_of(
        Browser(story.officer.user).open(need), "five"
    )


@pytest.mark.parametrize("count", [1, 3])
def test_sentence_on_who_decides_begins_with_a_capital_letter(story, count):
    need = submitted_need(story)
    for _more in range(count - 1):
        story.person("approver")
    page = Browser(story.officer.user).open(need)
    who = str(story.approver.user) if count == 1 else "An approver"
    assert f"{who} decides. Until then, the need is not posted." in words_of(page, "five")


def test_check_page_says_that_no_one_else_may_approve(story):
    require_approval(story)
    author = add_role(story, story.officer.user, "approver")
    end_role(Membership.objects.get(user=story.approver.user, role="approver"), by=CONSOLE_ACTOR, at=AT)
    need = need_with_line(story)
    page = Browser(author.user).open(f"{need.get_absolute_url()}review/")
    assert "No one else in your city may approve this." in page
    refused = page.press("Send for approval")
    assert (refused.status, saved(need).status) == (422, "draft")
    assert "Ask an administrator to name another approver." in refused.alert


def test_author_of_a_returned_need_posts_it_if_it_no_longer_requires_approval(story):
    need = returned_need(story)
    author = Browser(story.officer.user)
    assert "then send it for approval again." in author.open(need)
    require_approval(story, "none")
    assert "Correct it, then post it: it no longer requires approval." in author.open(need)


@pytest.mark.parametrize(
    ("reach", "advice"),
    [
        (submitted_need, "return the need and then post it"),
        (need_with_change, "withdraw the change and enter"),
    ],
)
def test_page_says_when_the_city_no_longer_requires_the_approval(story, reach, advice):
    need = reach(story)
    page = Browser(story.officer.user).open(need)
    assert "no longer requires" not in page
    require_approval(story, "none")
    assert advice in Browser(story.officer.user).open(need)
    for reader in (story.approver, story.observer):
        page = Browser(reader.user).open(need)
        assert "Your city no longer requires this approval." in page
        assert advice not in page


def test_line_page_asks_for_the_reason_and_sends_a_raise_for_approval(story):
    need = approved_need(story)
    officer = Browser(story.officer.user)
    where = f"{need.get_absolute_url()}lines/{need.lines.get().pk}/"
    page = officer.open(where).press("Save", quantity="180", reason="A ward")
    assert "was sent to" in page
    assert need.lines.get().quantity == 100
    page = page.press("Withdraw change")
    assert saved(need).proposal is None
    page = officer.open(f"{need.get_absolute_url()}lines/add/")
    page = page.press("Save", product="Examination glove, nitrile", quantity="30", reason="New")
    assert "was sent to" in page
    assert need.lines.count() == 1


def test_returned_change_shows_its_reason_and_can_be_withdrawn(story):
    need = need_with_returned_change(story)
    page = Browser(story.officer.user).open(need)
    assert "Sent back" in page
    assert "Which ward?" in page
    assert "250 pieces" in page
    assert "Approve change" not in Browser(story.approver.user).open(need).buttons
    page.press("Withdraw change")
    assert saved(need).proposal is None


def test_prices_of_a_proposed_change_are_hidden_from_other_cities(story):
    need = need_with_line(story, visibility="network")
    Browser(story.officer.user).open(f"{need.get_absolute_url()}review/").press("Post need")
    require_approval(story)
    set_lines(
        saved(need), wanted_lines(1_900, price="7.77"), by=story.officer.by, at=AT, reason="Secret ward"
    )
    page = Browser(story.stranger.user).open(need)
    assert page.status == 200
    for hidden in ("7.77", "1,900", "Secret ward"):
        assert hidden not in page.text
    row = Program(story.stranger.user).get(f"supply-requests/{need.reference}/")
    assert (row["proposal"], row["waiting_since"]) == (None, None)
    assert "Secret ward" not in Browser(story.stranger.user).activity(need)


# --- API --------------------------------------------------------------------------------------------------------
def test_program_makes_the_same_moves(story):
    officer, approver = Program(story.officer.user), Program(story.approver.user)
    need = draft_to_submit(story)
    at = f"supply-requests/{need.reference}"
    assert officer.refused(f"{at}/post/", {})["code"] == "needs_approval"
    officer.post(f"{at}/submit/", {})
    approver.post(f"{at}/return/", {"reason": "Which ward?"})
    assert officer.get(f"{at}/")["sent_back_at"] is not None
    waiting = officer.post(f"{at}/submit/", {})["waiting_since"]
    refused = approver.refused(f"{at}/approve/", {"waiting_since": "2020-04-01T00:00:00Z"})
    assert refused["code"] == "sent_again"
    assert approver.post(f"{at}/approve/", {"waiting_since": waiting})["status"] == "open"
    lines = [{"product": "MASK_SURG", "quantity": 8_000, "max_unit_price": "0.90"}]
    changed = officer.post(f"{at}/lines/", {"lines": lines, "reason": "A ward"})
    assert changed["lines"][0]["quantity"] == 100
    proposed = changed["proposal"]["lines"][0]
    assert (proposed["line"], proposed["quantity"], proposed["max_unit_price"]) == (1, 8_000, "0.9000")
    approver.post(f"{at}/return-change/", {"reason": "Too many"})
    officer.post(f"{at}/withdraw-change/", {})
    officer.post(f"{at}/lines/", {"lines": lines, "reason": "Ward 4"})
    waiting = officer.get(f"{at}/")["waiting_since"]
    assert approver.post(f"{at}/approve-change/", {"waiting_since": waiting})["lines"][0]["quantity"] == 8_000


@pytest.mark.parametrize(
    ("reach", "approver_row", "author_row"),
    [
        (submitted_need, "Decide whether to post this need", ""),
        (need_with_change, "Decide whether to change this need", ""),
        (returned_need, "", "Correct this need"),
        (need_with_returned_change, "", "Correct or withdraw the change to this need"),
    ],
)
def test_today_names_what_waits_for_each_reader(story, reach, approver_row, author_row):
    reach(story)
    approver, author = Browser(story.approver.user).open("/"), Browser(story.officer.user).open("/")
    assert approver_row in approver
    assert author_row in author
    assert ("this need:" in approver) is bool(approver_row)
    assert ("this need:" in author) is bool(author_row)


# --- speed ------------------------------------------------------------------------------------------------------
def statements(browser, where):
    browser.open(where)
    with CaptureQueriesContext(connection) as queries:
        assert browser.open(where).status == 200
    return len(queries)


def test_today_of_an_approver_takes_as_many_statements_for_three_needs_as_for_one(story):
    submitted_need(story)
    approver = Browser(story.approver.user)
    one = statements(approver, "/")
    for _again in range(2):
        submit_request(need_with_line(story), by=story.officer.by, at=AT)
    assert approver.open("/").text.count("Decide whether to post this need") >= 3
    assert statements(approver, "/") == one


def test_need_with_a_change_takes_as_many_statements_for_four_lines_as_for_two(story):
    need = need_with_change(story)
    approver = Browser(story.approver.user)
    counts = []
    for quantities in ((110, 20), (120, 30, 40, 50)):
        withdraw_change(saved(need), by=story.officer.by, at=AT)
        set_lines(saved(need), wanted_lines(*quantities), by=story.officer.by, at=AT, reason="A ward")
        counts.append(statements(approver, need))
    assert counts[0] == counts[1]
