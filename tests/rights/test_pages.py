"""Tests that request every page as different people and compare the status with the tables in pages_table.py.

The pages show objects of Burnaby: its own, shared, posted and public ones. Three people request each page: one who
may use it, one of the same city who may not, and one of another city who may not (`people_to_ask`).
"""

import pytest
from django.urls import reverse

from accounts.models import RateLimitCounter
from procurement.search.sources import url_of_reference
from tests.rights.http_requests import (
    EVERY_PERSON,
    RELATIONS,
    Differences,
    Visitor,
    World,
    count_written_rows,
    identifier_of,
    one_of_each_relation,
    pages,
    people_to_ask,
    rolled_back,
)
from tests.rights.pages_table import (
    EXTERNAL,
    HIDDEN_HOMES,
    HOMES,
    LINK_PAGES,
    MOVE_PAGES,
    OWN_DEEDS,
    OWN_THINGS,
    PAGES,
    PUBLIC,
    SHEETS,
    TABLES,
    Page,
)
from tests.rights.reading_rights_table import EVERYONE, SEES
from tests.rights.test_rows import OTHER_NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
ALLOWED_STATUSES = (200, 302, 303, 409, 422)  # allowed, but not now, or the form needs more
# Lists with a search, each with an object that it finds. The list of suppliers is the same for all staff.
SEARCHED = {
    "needs": "draft need",
    "leads": "lead",
    "inquiries": "inquiry",
    "orders": "order",
    "checks": "check",
    "shipments": "shipment",
}


def address(world: World, name: str, page: Page) -> str:
    """Return the address of a page about an object.

    `?activity` makes the page show all comments, files and history of the object.
    """
    thing = world.things[page.thing]
    if name in ("add_comment", "add_file"):
        return reverse(name, args=[thing._meta.model_name, thing.pk])
    more = [address_part(world, part) for part in page.more]
    opened = "?activity" if page.method == "get" else ""
    return f"{reverse(name, args=[identifier_of(thing), *more])}{opened}"


def address_part(world: World, part: str) -> str:
    """Return a part of an address: a value, or the identifier of an object."""
    thing = world.things.get(part)
    return part if thing is None else str(identifier_of(thing) if part in ("carton", "twin") else thing.pk)


def leads_to_sign_in(answer) -> bool:
    return answer.status_code == 302 and "/accounts/login/" in answer["Location"]


def is_right(status: int, who: str, page: Page) -> bool:
    if who in page.gets:
        return status in ALLOWED_STATUSES
    return status == (403 if who in page.barred else 404)


def test_page_permission_tables_cover_every_address():
    listed = {name for name, _page in PAGES} | set(HOMES) | set(HIDDEN_HOMES) | set(PUBLIC)
    listed |= MOVE_PAGES | LINK_PAGES | OWN_THINGS | OWN_DEEDS
    assert {name for name in pages() if not name.startswith(EXTERNAL)} == listed


def test_pages_open_by_permission_table(world):
    wrong = Differences()
    for name, page in PAGES:
        if page.method == "get":
            check_page_for_all(world, "get", name, page, wrong)
    assert wrong == []


@pytest.mark.every_way
def test_head_requests_are_answered_like_get_by_permission_table(world):
    """Django answers HEAD as GET."""
    wrong = Differences()
    for name, page in PAGES:
        if page.method == "get":
            check_page_for_all(world, "head", name, page, wrong)
    assert wrong == []


def test_search_by_reference_redirects_only_to_records_user_may_see(world):
    wrong, asked = Differences(), 0
    for name in sorted(SEES.keys() - OTHER_NAMES):
        row, sees = world.things[name], SEES[name]
        if not getattr(row, "reference_prefix", ""):
            continue
        for who in RELATIONS:
            asked += 1
            leads = url_of_reference(world.powers[who], row.reference)
            if leads != (row.get_absolute_url() if who in sees else ""):
                wrong.add(name, who, leads)
    assert asked > 100
    assert wrong == [], "\n".join(map(str, wrong))


def check_page_for_all(world: World, method: str, name: str, page: Page, wrong: Differences) -> None:
    """Request a page as each person who asks there, and without signing in."""
    url = address(world, name, page)
    for who in people_to_ask(page.gets, SEES[page.thing]):
        status = world.visitors[who].page(method, url).status_code
        if not is_right(status, who, page):
            wrong.add(name, page.thing, who, status)
    if not leads_to_sign_in(world.stranger.page(method, url)):
        wrong.add(name, page.thing, "anonymous")


def test_posts_to_pages_follow_permission_table_and_refusal_changes_nothing(world):
    """A page that only shows data treats POST as GET; a POST there must change nothing either.

    That people who get such a page also may post to it, only `make test-all` asks.
    """
    wrong = Differences()
    for name, page in PAGES:
        url, before = address(world, name, page), count_written_rows()
        people = people_to_ask(page.gets, SEES[page.thing])
        statuses = {who: post(world.visitors[who], url, page) for who in people if who not in page.gets}
        if not leads_to_sign_in(world.stranger.page("post", url)):
            wrong.add(name, page.thing, "anonymous")
        if count_written_rows() != before:
            wrong.add(name, page.thing, "a no wrote something")
        for who in page.gets.intersection(people if EVERY_PERSON or page.method == "post" else ()):
            with rolled_back():
                statuses[who] = post(world.visitors[who], url, page)
        for who, status in statuses.items():
            if not is_right(status, who, page):
                wrong.add(name, page.thing, who, status)
    assert wrong == []


def post(visitor: Visitor, url: str, page: Page) -> int:
    things = visitor.world.things
    data = {
        name: str(things[value].pk) if value in things else value for name, value in (page.data or {}).items()
    }
    return visitor.page("post", url, data).status_code


def test_pages_without_record_open_by_permission_table(world):
    wrong = Differences()
    for name, gets in (HOMES | HIDDEN_HOMES).items():
        no = 404 if name in HIDDEN_HOMES else 403
        for who in people_to_ask(gets):
            status = world.visitors[who].page("get", reverse(name)).status_code
            if status != (200 if who in gets else no):
                wrong.add(name, who, status)
        answer = world.stranger.page("get", reverse(name))
        if not leads_to_sign_in(answer) and not (name in HIDDEN_HOMES and answer.status_code == 404):
            wrong.add(name, "anonymous")
    assert wrong == []


def test_exported_lists_contain_exactly_what_lists_show(world):
    wrong = Differences()
    for who in one_of_each_relation():
        for name in SHEETS:
            RateLimitCounter.objects.all().delete()  # the limit is ten an hour, and this test downloads more
            answer = world.visitors[who].page("get", reverse(name), {"as": "csv"})
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/csv"):
                wrong.add(name, who, answer.status_code)
    assert leads_to_sign_in(world.stranger.page("get", reverse("orders"), {"as": "csv"}))
    assert wrong == []


def test_exported_city_tables_contain_public_facts_only(world):
    """Everyone who is signed in gets these tables, which are searched for marks like every answer."""
    place = reverse("city", args=[identifier_of(world.things["city"])])
    for who in people_to_ask(EVERYONE):
        for table in ("agreements", "exchanges"):
            answer = world.visitors[who].page("get", place, {"as": "csv", "of": table})
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith("text/csv")
    assert leads_to_sign_in(world.stranger.page("get", place, {"as": "csv"}))


def test_list_search_and_filters_find_no_hidden_records(world):
    """Search each list by the mark and the reference of an object in it, and open every view.

    Three people who see none of these objects search. `make test-all` searches each list by everything.
    """
    marked: dict[str, list[str]] = {}
    for word, (thing, city) in world.marks.things.items():
        if city == "burnaby":
            marked.setdefault(thing, []).append(word)
    words = {name: marked[thing] for name, thing in SEARCHED.items()}
    if EVERY_PERSON:
        words = {name: [word for found in marked.values() for word in found] for name in SEARCHED}
    assert all(words.values())
    for who in ("foreign officer", "shared officer", "own idle broker"):
        for name, texts in words.items():
            for text in texts:
                world.visitors[who].page("get", reverse(name), {"q": text})
        for view in ("soon", "held", "papers", "under_way"):
            world.visitors[who].page("get", reverse("shipments"), {"view": view})


def test_register_files_contain_public_facts_only(world):
    for who in people_to_ask(EVERYONE):
        for table in TABLES:
            assert world.visitors[who].page("get", reverse("register_file", args=[table])).status_code == 200
    assert leads_to_sign_in(world.stranger.page("get", reverse("register_file", args=[TABLES[0]])))


def test_public_pages_contain_no_private_data(world):
    for name in ("healthz", "readyz", "metrics"):
        assert world.stranger.page("get", reverse(name)).status_code == 200
    for path in ("/nowhere/", "/needs/nothing/", "/accounts/login/", "/accounts/password/reset/", "/admin/"):
        assert world.stranger.page("get", path).status_code in (200, 302, 404)


def test_account_pages_show_data_of_signed_in_user_only(world):
    for name in (name for name in pages() if name.startswith(EXTERNAL)):
        try:
            url = reverse(name)
        except Exception:  # noqa: BLE001  # one that needs a key in its address: no key fits
            continue
        for who in ("foreign officer", "own observer"):
            text = world.visitors[who].page("get", url).content.decode()
            others = [user.email for other, user in world.users.items() if other != who]
            assert not [email for email in others if email in text], (name, who)


def test_draft_need_without_line_gets_one_when_first_opened(world):
    """The API can create a draft without a line."""
    need, browser = world.things["draft need"], world.visitors["own officer"].browser
    assert browser.get(reverse("review_need", args=[need.reference]))["Location"].endswith("/write/1/")
    first = reverse("write_need", args=[need.reference, 1])
    assert browser.post(first, {"title": "x"}).status_code == 422
    product = world.things["line"].product_id
    data = {"city": need.city_id, "product": product, "title": "Masks", "declared_use": "medical"}
    data["facility_kinds"] = ["hospital"]
    assert browser.post(first, data).status_code == 303
    assert need.lines.get().product_id == product
