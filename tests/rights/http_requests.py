"""Requests to pages and API by every person, with a search of each response for data that the person may not read."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from partners.permissions.permissions import Permissions
from tests.lanes import FULL
from tests.procurement.api.program import ROOT, Program
from tests.rights import cast, reading_rights_table
from tests.workflow.files import picture
from tests.worlds.cities import powers_for
from tests.worlds.leak_markers import Marks
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from workflow.clock import create_instance
from workflow.journal.models import Entry

# Tables that any request may write: use of a session, token or calendar, and counts of requests.
UNCOUNTED_TABLES = "django_session accounts_apitoken accounts_calendarfeed accounts_ratelimitcounter usersessions_usersession"
BREAKING_RULES = "RIGHTS_BREAKING" in os.environ
# In `make test-all` and under break_rights.py every person asks over HTTP. Otherwise three do:
# test_permissions_in_memory.py and test_rows.py ask every person about every right, and the requests show that each
# address asks for it.
EVERY_PERSON = BREAKING_RULES or FULL
# The people who ask in the first lane, the first of each row who fits: one who may, one of the same city who may not, and one
# who has nothing to do with the city. A request without signing in costs nothing and goes to every address as well.
OWNERS = ("own officer", "own approver", "own administrator", "own observer", "own logistics")
NEIGHBOURS = (
    *("own observer", "own verifier", "own logistics", "own approver", "own administrator"),
    *("own officer", "own colleague", "own idle broker"),
)
STRANGERS = ("foreign officer", "foreign observer", "foreign broker")
# Those who have least to do with Burnaby first: what a page shows too much of is wrong for the first of them who gets it.
MOST_DISTANT_FIRST = (
    *("foreign officer", "foreign coordinator", "shared officer", "partner officer", "asked contact"),
    *("own broker", "own coordinator", "coordinator", "own observer", "own officer", "own approver"),
    *("own administrator", "own logistics"),
)
# One person of each relation to Burnaby.
RELATIONS = (
    *("own officer", "own broker", "shared officer", "foreign officer", "partner officer"),
    *("asked contact", "coordinator", "own coordinator"),
)
_WRITES = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
    WHERE NOT relname = ANY(string_to_array(%s, ' '))
"""


class Differences(list[Any]):
    """Differences from the table, reported together; under break_rights.py the first one fails."""

    def add(self, *told: Any) -> None:
        """Add one difference."""
        if BREAKING_RULES:
            raise AssertionError(told)
        self.append(told)


class Log(logging.Handler):
    """Handler that collects the log lines since the last call of `taken`."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line as it would be written, with its exception."""
        self.lines.append(f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}")

    def taken(self) -> str:
        """Return the lines and forget them."""
        text, self.lines = "\n".join(self.lines), []
        return text


class World:
    """Everything that the tests of this folder share."""

    def __init__(self) -> None:
        create_instance("practice", AT)
        self.marks = Marks()
        self.own, self.shared = (PlayedCity(place, self.marks) for place in ("burnaby", "markham"))
        for city in (self.own, self.shared):
            cast.play_city(city)
        cast.share_need_and_offer(self.own, self.shared.city)
        cast.plan_together(self.own, self.shared)
        self.users = cast.people(self.own, self.shared)
        assert set(self.users) == reading_rights_table.EVERYONE, (
            set(self.users) ^ reading_rights_table.EVERYONE
        )
        self.leaks = Differences()
        self.log = Log()
        logging.getLogger().addHandler(self.log)
        self.visitors = {name: Visitor(name, self) for name in self.users}
        self.stranger = Visitor("anonymous", self)

    @cached_property
    def powers(self) -> dict[str, Permissions]:
        """Permissions of each person when signed in, loaded once."""
        return {name: powers_for(user) for name, user in self.users.items()}

    @property
    def things(self) -> dict[str, Any]:
        """Objects of Burnaby, by their names in the tables."""
        return self.own.things

    @staticmethod
    def photo() -> SimpleUploadedFile:
        """Return a photo to upload."""
        return SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")

    def may_read(self, who: str, thing: str, city: str) -> bool:
        """Return True if the table lets this person read about an object."""
        return who in reading_rights_table.readers(thing, city)


class Visitor:
    """One person with a signed-in browser and an API client."""

    def __init__(self, name: str, world: World) -> None:
        self.name, self.world = name, world
        self.browser = Client()
        if name in world.users:
            self.browser.force_login(world.users[name])
            self.program = Program(world.users[name])

    def page(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Send a request to a page and return the answer."""
        given = {} if data is None else {"data": data}
        return self.searched(getattr(self.browser, method)(path, headers=headers, **given), f"{path} {data}")

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request to the API with this person's token, or without a token for a stranger."""
        if self.name not in self.world.users:
            given: dict[str, Any] = (
                {"data": body or {}, "content_type": "application/json"} if method == "post" else {}
            )
            return self.searched(getattr(self.browser, method)(ROOT + path, **given), path)
        if method in ("put", "patch"):  # the client's own `ask` sends only methods that the API has
            headers["content-type"] = "application/json"
        return self.searched(self.program.ask(method, path, body, **headers), path)

    def searched(self, answer: Any, path: str) -> Any:
        """Search an answer for marks that this person may not read; return the answer.

        The log may hold no marks at all.
        """
        logged = self.world.log.taken()
        # The length of a page says nothing about a city, but could equal a marked price by chance.
        headers = [f"{name}: {value}" for name, value in answer.headers.items() if name != "Content-Length"]
        text = "\n".join([body_of(answer), *headers])
        for found, (thing, city) in self.world.marks.found_in(text):
            if found not in path and not self.world.may_read(self.name, thing, city):
                self.world.leaks.add(f"{self.name} reads {found} of {thing} of {city} at {path}")
        for found, (thing, city) in self.world.marks.found_in(logged):
            if found not in path and "-" not in found:  # references are part of addresses, which are logged
                self.world.leaks.add(f"the log holds {found} of {thing} of {city}, written for {path}")
        return answer


def people_to_ask(may: frozenset[str], sees: frozenset[str] = reading_rights_table.EVERYONE) -> list[str]:
    """Return the people who send a request to an address. At most three, of different kinds:

    - one who may;
    - one of the same city who may not, if possible one who sees the object;
    - a stranger who may not.

    A kind without such a person is left out. In `make test-all` and under break_rights.py everyone asks.
    """
    if EVERY_PERSON:
        return sorted(reading_rights_table.EVERYONE)
    refused = [who for who in NEIGHBOURS if who not in may]
    found = (
        [who for who in (*OWNERS, *sorted(may)) if who in may],
        [who for who in refused if who in sees] or refused,
        [who for who in STRANGERS if who not in may],
    )
    return [people[0] for people in found if people]


def most_distant(may: frozenset[str]) -> list[str]:
    """Return the person who may and has least to do with Burnaby; everyone who may in `make test-all`."""
    return (
        sorted(may)
        if EVERY_PERSON
        else [who for who in (*MOST_DISTANT_FIRST, *sorted(may)) if who in may][:1]
    )


def one_of_each_relation() -> list[str]:
    """Return one person of each relation to Burnaby; everyone in `make test-all`."""
    return sorted(reading_rights_table.EVERYONE) if EVERY_PERSON else list(RELATIONS)


def body_of(answer: Any) -> str:
    """Return the text of an answer, streamed or not; undecodable bytes are replaced."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(data).decode("utf-8", "replace")


def without_identifier(text: str, name: str) -> str:
    """Return a text without the identifier of an object, where it is quoted or part of an address."""
    for before, after in (("/", "/"), ("“", "”")):
        text = text.replace(f"{before}{name}{after}", f"{before}-{after}")
    return text if name.isdecimal() else text.replace(name, "-")


def count_written_rows() -> int:
    """Return the number of rows written in this transaction so far, rolled back ones included.

    The tables in UNCOUNTED_TABLES do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITES, [UNCOUNTED_TABLES])
        return int(cursor.fetchone()[0])


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back everything done in this block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- addresses --------------------------------------------------------------------------------------------------
def pages(resolver: Any = None) -> Iterator[str]:
    """Yield the name of every URL of the product that is no operation of the API."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            if getattr(pattern, "app_name", "") != "admin":
                yield from pages(pattern)
        elif pattern.name and not pattern.name.startswith("api-") and pattern.name != "api":
            yield pattern.name


def operations() -> Iterator[tuple[str, str]]:
    """Yield the name of every URL of the API, with its path below /api/v1/."""
    (root,) = [pattern for pattern in get_resolver().url_patterns if str(pattern.pattern) == "api/v1/"]
    yield from _patterns_below(root, "")


def _patterns_below(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _patterns_below(pattern, path)
        else:
            yield pattern.name, path


def identifier_of(thing: Any) -> str:
    """Return the identifier of an object in an address."""
    if isinstance(thing, Entry):  # its reference is that of its object
        return str(thing.pk)
    names = (getattr(thing, name, "") for name in ("reference", "slug", "key"))
    return str(next(filter(None, names), thing.pk))
