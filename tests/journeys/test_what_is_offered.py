"""What is offered can be done, in the practice scenario: every open move over the API, every link and primary button on the pages.

A move that is listed as open succeeds, or is refused only for what its own body asks. A primary button succeeds, opens a form, or is
refused only for what its form asks.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from partners.models import Membership
from procurement.api.records import COLLECTIONS
from procurement.management import scenario
from procurement.management.commands.demo_up import OPENS_AT
from procurement.management.scenario.stage import Stage
from tests import world
from tests.browsing import Browser, Form, Page, words
from tests.procurement.api.program import Program
from workflow import clock
from workflow.moves import moves_of

pytestmark = pytest.mark.django_db
# In Vancouver it is still yesterday while Beijing works and Auckland's day ends: each moment is another day in two of the three.
MOMENTS = [
    "2020-04-16T18:30-07:00",
    "2020-04-21T07:30+08:00",
    "2020-05-02T00:30+12:00",
    "2020-06-30T17:30-07:00",
    "2022-05-01T08:00+08:00",
]
REASON = "The reason is written here."
LATER = MOMENTS[2:]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stage]:
    """The scenario, played once, in a transaction that is undone at the end."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            clock.create_instance("practice", starts_at=OPENS_AT)
            call_command("load_reference_data", verbosity=0)
            call_command("load_register")
            yield scenario.rehearse(lambda line: None)
            transaction.set_rollback(True)
        clock.forget()


def people() -> list[User]:
    """One person for each role in each city of the scenario."""
    found = Membership.objects.active().order_by("pk").select_related("user")
    return list({(one.city_id, one.role): one.user for one in found}.values())


def open_moves(at: datetime) -> Iterator[tuple[Program, str, dict[str, str]]]:
    """Each move that is open to some person, once: who asks, at which address, and with which body."""
    known = set()
    for person in people():
        program, by = Program(person), world.powers_for(person)
        for collection in COLLECTIONS:
            addresses = collection.addresses() if collection.has_moves() else {}
            for thing in collection.model._default_manager.visible_to(by) if addresses else ():
                for move, no in moves_of(thing).available(by, thing, at):
                    verb = addresses.get(move.verb)
                    address = f"{collection.path}/{getattr(thing, collection.key)}/{verb}/"
                    if no is None and verb is not None and address not in known:
                        known.add(address)
                        body = collection.verbs[verb].body().fields
                        yield program, address, {"reason": REASON} if "reason" in body else {}


def asks_for(answer: Any) -> bool:
    """Whether a refusal points at a field of the body."""
    told = answer.json()
    return answer.status_code == 422 and bool(told.get("errors"))


@pytest.mark.parametrize(
    "moment", [pytest.param(one, marks=[pytest.mark.every_way] if one in LATER else []) for one in MOMENTS]
)
def test_every_move_that_is_listed_as_open_can_be_made(stage: Stage, moment: str) -> None:
    tried, wrong = 0, []
    with transaction.atomic():
        clock.move_on(datetime.fromisoformat(moment))
        for program, address, body in open_moves(clock.now()):
            tried += 1
            with transaction.atomic():
                answer = program.ask("post", address, body)
                transaction.set_rollback(True)
            if answer.status_code >= 400 and not asks_for(answer):
                wrong.append((address, answer.status_code, answer.json()["detail"]))
        transaction.set_rollback(True)
    assert tried > 100
    assert wrong == []


# --- pages ------------------------------------------------------------------------------------------------------
ALIKE = 2  # of pages of one kind, such as two needs, so many are opened by each person
ELSEWHERE = ("/accounts/", "/api/", "/admin", "/files/", "/media/", "/static/", "/practice/", "/sign-in")
PRIMARY = "contains(concat(' ', @class, ' '), ' btn-primary ')"


def kind_of(address: str) -> str:
    """A page without the number of its thing: two needs are pages of one kind."""
    return re.sub(r"[A-Z]{2}-\d{4}-\d{4}|[0-9a-f]{20,}|\d+", "*", urlsplit(address).path)


def addresses_of(page: Page) -> Iterator[str]:
    """The pages of this product that the page and its menus link to."""
    for link in page.root.xpath("//a[@href][not(@download)]/@href"):
        address = urljoin(page.at, link).partition("#")[0]
        if address.startswith("/") and not address.startswith(ELSEWHERE) and "as=" not in address:
            yield address


def walk(browser: Browser) -> Iterator[Page]:
    """Every kind of page that a person gets to from Today by links."""
    waiting, seen, kinds = ["/"], {"/"}, Counter[str]()
    while waiting:
        page = browser.open(waiting.pop(0))
        yield page
        for address in addresses_of(page):
            kind = kind_of(address)
            if address not in seen and kinds[kind] < ALIKE:
                seen.add(address)
                kinds[kind] += 1
                waiting.append(address)


def faults_of(page: Page) -> Iterator[str]:
    """What a page offers that leads nowhere."""
    if page.status != 200:
        yield f"status {page.status}"
    for link in page.root.xpath("//a[@href='']"):
        yield f"an empty link “{words(link)}”"
    yield from dead_ends(page)
    for figure in page.main.xpath(".//dl[contains(@class, 'figures')]/div[.//a]"):
        yield from miscounted(page, figure)


def dead_ends(page: Page) -> Iterator[str]:
    """The primary links and buttons of a page that are refused."""
    for link in page.main.xpath(f".//a[@href][{PRIMARY}]"):
        then = page.browser.open(urljoin(page.at, link.get("href")))
        if then.status != 200 or (then.alert and not then.forms):
            yield f"“{words(link)}” leads to {then.status} {then.alert}"
    for form in page.forms:
        for name, button in form.buttons.items():
            if button.xpath(f"self::*[{PRIMARY}]"):
                yield from refused(page, form, name, button)


def refused(page: Page, form: Form, name: str, button: Any) -> Iterator[str]:
    """A primary button, pressed as the page offers it: refused for another reason than what its form asks."""
    target = urljoin(page.at, form.node.get("action") or "")
    if target.startswith(ELSEWHERE):
        return
    with transaction.atomic():
        answer = page.browser.client.post(target, form.filled(button, {}))
        transaction.set_rollback(True)
    then = Page(page.browser, answer, target)
    if then.status >= 400 and not form.names and not then.wrong:
        yield f"“{name}” is refused: {then.status} {then.alert}"


def miscounted(page: Page, figure: Any) -> Iterator[str]:
    """A figure that is not the number of rows of the list it links to, where these fit on one page."""
    number = int(re.sub(r"\D", "", words(figure.xpath("./dd")[0])) or 0)
    listed = page.browser.open(urljoin(page.at, figure.xpath(".//a/@href")[0]))
    rows = len(listed.main.xpath(".//table//tbody/tr"))
    if number != rows and not listed.main.xpath(".//a[@rel='next']"):
        yield f"{words(figure)}: {rows} rows"


@pytest.mark.every_way  # opens a thousand pages
def test_every_link_button_and_figure_holds_what_it_says(stage: Stage) -> None:
    found: dict[str, list[str]] = {}
    opened = 0
    for person in people():
        for page in walk(Browser(person)):
            opened += 1
            wrong = list(faults_of(page))
            if wrong:
                found.setdefault(f"{person} at {page.at}", []).extend(wrong)
    assert opened > 100
    assert found == {}
