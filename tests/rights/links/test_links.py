"""Every page behind a link, opened with its own link, another link, an expired one, a revoked one, and without a link.

API tokens and sessions of other people are unreachable as well.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.links import IssuedLink, issue_link, revoke_link
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink
from tests.rights.http_requests import (
    Differences,
    World,
    body_of,
    count_written_rows,
    identifier_of,
    rolled_back,
)
from tests.rights.links import links_table
from tests.rights.links.links_table import LinkPage
from tests.rights.pages_table import LINK_PAGES, OWN_THINGS
from tests.worlds.need_to_order import AT
from workflow.clock import real_now

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
OPENS = {
    "inquiry": "procurement.inquiry",
    "introduced inquiry": "procurement.inquiry",
    "open check": "procurement.verificationtask",
    "contact": "partners.contact",
    "discrepancy": "procurement.discrepancy",
    "document_request": "procurement.documentrequest",
    "acknowledgement": "procurement.orderacknowledgement",
}
STATES = ("own", "other", "expired", "revoked", "none")
WEEKS = timedelta(days=20)


def issue(world: World, thing: str, state: str) -> IssuedLink:
    """Issue a link to a contact's inquiry, check or own page.

    The objects are Burnaby's, or Markham's for the state "other".
    """
    part = world.shared if state == "other" else world.own
    row, real = part.things[thing], real_now() - (WEEKS if state == "expired" else timedelta())
    whose = {
        "document_request": lambda: row.person,
        "acknowledgement": lambda: row.person,
        "contact": lambda: row.user,
        "introduced inquiry": lambda: row.introducer.user,
    }
    user = whose.get(thing, lambda: row.contact.user)()
    issued = issue_link(
        user,
        purpose="my-page" if thing == "contact" else "answer",
        thing_label=OPENS[thing],
        thing_id=row.pk,
        city_id=row.city_id,
        by=CONSOLE_ACTOR,
        at=AT,
        real_at=real,
    )
    if state == "revoked":
        revoke_link(issued.link, by=CONSOLE_ACTOR, at=AT, real_at=real_now(), reason="a test")
    return issued


def path_of(issued: IssuedLink) -> str:
    return "/" + issued.url.split("/", 3)[3]


def client_of_link(world: World, thing: str, state: str) -> Client:
    """Return a client in which Continue was pressed on a link of this state.

    An expired or revoked link was still valid at that moment.
    """
    client = Client()
    if state == "none":
        return client
    issued = issue(world, thing, state if state == "other" else "own")
    assert client.post(path_of(issued)).status_code == 303
    if state == "revoked":
        revoke_link(issued.link, by=CONSOLE_ACTOR, at=AT, real_at=real_now(), reason="a test")
    if state == "expired":
        made = real_now() - WEEKS
        ActionLink.objects.filter(pk=issued.link.pk).update(
            created_at=made, expires_at=made + timedelta(days=7)
        )
    return client


def address(world: World, name: str, page: LinkPage) -> str:
    more = [identifier_of(world.things[part]) if part in world.things else part for part in page.more]
    return reverse(name, args=[identifier_of(world.things[page.thing]), *more])


def test_link_permission_table_covers_every_page_behind_a_link():
    listed = set(links_table.PAGES) | set(links_table.TOKEN_PAGES) | set(links_table.POSTED)
    assert listed | set(links_table.OTHER_TOKENS) == LINK_PAGES


@pytest.mark.parametrize("state", STATES)
def test_each_link_opens_only_pages_of_permission_table(world, state):
    """The test sends the cookie of another link on purpose, although its path would stop a browser."""
    wrong = Differences()
    for name, page in links_table.PAGES.items():
        with rolled_back():
            client, url = client_of_link(world, page.thing, state), address(world, name, page)
            before = count_written_rows()
            for method in (page.method, "head", "put", "delete"):
                answer = getattr(client, method)(url)
                if state == "own" and method == page.method:
                    if answer.status_code != page.answers or page.code != asks_for_code(answer):
                        wrong.add(name, state, answer.status_code)
                elif state != "own" and answer.status_code not in (403, 404, 405):
                    wrong.add(name, state, method, answer.status_code)
                add_leaks(
                    world, answer, links_table.READS | page.tells if state == "own" else frozenset(), wrong
                )
            if state != "own" and count_written_rows() != before:
                wrong.add(name, state, "a no wrote something")
    assert wrong == []


def asks_for_code(answer) -> bool:
    return 'name="link_code"' in body_of(answer) or "send_link_code" in body_of(answer)


def add_leaks(world: World, answer, reads: frozenset[str], wrong: Differences) -> None:
    """Add each mark in the answer that the contact of the link may not read."""
    for found, (thing, city) in world.marks.found_in(body_of(answer)):
        known = thing in links_table.PUBLIC or (city == "burnaby" and thing in reads)
        if not known and found not in answer.request["PATH_INFO"]:
            wrong.add(found, thing, city, answer.request["PATH_INFO"])


@pytest.mark.parametrize("posted", [False, True])
def test_token_pages_answer_as_listed_in_permission_table(world, posted):
    wrong = Differences()
    for name, states in (links_table.POSTED if posted else links_table.TOKEN_PAGES).items():
        for state, expected in states.items():
            with rolled_back():
                token = (
                    "x" * 43 if state == "nothing" else path_of(issue(world, "inquiry", state)).split("/")[2]
                )
                answer = getattr(Client(), "post" if posted else "get")(reverse(name, args=[token]))
                if answer.status_code != expected or answer["Referrer-Policy"] != "no-referrer":
                    wrong.add(name, state, answer.status_code)
                add_leaks(world, answer, frozenset({"inquiry", "need"}), wrong)
                if token in body_of(answer).replace(f"/l/{token}/", ""):
                    wrong.add(name, state, "the token stands on the page")
    assert wrong == []


def test_unknown_token_gets_error_without_information(world):
    for name in links_table.OTHER_TOKENS:
        for method in ("get", "head", "post"):
            answer = getattr(Client(), method)(reverse(name, args=["x" * 43]))
            assert answer.status_code in (404, 405, 410), (name, method)
            assert not list(world.marks.found_in(body_of(answer)))


def test_api_token_and_session_of_other_user_are_404_and_unchanged(world):
    """Only the owner can revoke an API token or end a session."""
    mine, theirs = world.visitors["own officer"], world.visitors["foreign officer"]
    mine.api("get", "cities/")
    token, before = mine.world.users["own officer"].api_tokens.order_by("-pk").first(), count_written_rows()
    assert {"revoke_token", "end_session"} == OWN_THINGS
    for url in (reverse("revoke_token", args=[token.prefix]), reverse("end_session", args=[999_999])):
        for method, expected in (("post", (404, 302, 303)), ("get", (404, 405))):
            assert theirs.page(method, url).status_code in expected, url
            assert world.stranger.page(method, url).status_code == 302
    assert count_written_rows() == before
    with rolled_back():
        assert mine.page("post", reverse("revoke_token", args=[token.prefix])).status_code in (302, 303)


def test_link_holder_has_no_user_session_and_no_api_access(world):
    """The holder of a link is a stranger on every other page and in the API."""
    with rolled_back():
        client = client_of_link(world, "contact", "own")
        for name in ("today", "needs", "account", "cities"):
            assert client.get(reverse(name)).status_code == 302
        assert client.get("/api/v1/cities/").status_code == 401


def test_link_forms_and_register_files_are_limited_to_ten_an_hour(world):
    with rolled_back():
        client, url = (
            client_of_link(world, "inquiry", "own"),
            reverse("portal_decline_inquiry", args=[identifier_of(world.things["inquiry"])]),
        )
        assert [client.post(url).status_code == 429 for _ in range(11)] == [False] * 10 + [True]
        browser, url = world.visitors["own observer"].browser, reverse("register_file", args=["cities"])
        assert [browser.get(url).status_code for _ in range(11)][-1] == 429
