"""Requests to pages and API by every person.

Each answer is searched for data that the person may not read.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from tests.lanes import FULL
from tests.procurement.api.program import ROOT, Program
from tests.procurement.story import AT
from tests.rights import cast, table
from tests.rights.cast import Part
from tests.rights.marks import Marks
from tests.workflow.files import picture
from workflow.clock import create_instance
from workflow.journal.models import Entry

# Tables that any request may write: use of a session, token or calendar, and counts of requests.
NOTED = "django_session accounts_apitoken accounts_calendarfeed accounts_ratelimitcounter usersessions_usersession"
BITING = "RIGHTS_BITING" in os.environ
# In `make faults` and under teeth.py every person tries everything.
EACH = BITING or FULL
# Otherwise one in so many tries: of the city's own people who may not, and of all others.
OWN_TURNS, TURNS = 8, 16
_WRITES = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
    WHERE NOT relname = ANY(string_to_array(%s, ' '))
"""


class Wrong(list[Any]):
    """Differences from the table, reported together; under teeth.py the first one fails."""

    def add(self, *told: Any) -> None:
        """Add one difference."""
        if BITING:
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
        self.own, self.shared = (Part(place, self.marks) for place in ("burnaby", "markham"))
        self.own.play()
        self.shared.play()
        cast.share(self.own, self.shared.city)
        self.users = cast.people(self.own, self.shared)
        assert set(self.users) == table.EVERYONE, set(self.users) ^ table.EVERYONE
        self.leaks = Wrong()
        self.log = Log()
        logging.getLogger().addHandler(self.log)
        self.visitors = {name: Visitor(name, self) for name in self.users}
        self.stranger = Visitor("anonymous", self)

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
        return who in table.readers(thing, city)


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
        text = (
            body_of(answer) + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        )
        for found, (thing, city) in self.world.marks.told_by(text):
            if found not in path and not self.world.may_read(self.name, thing, city):
                self.world.leaks.add(f"{self.name} reads {found} of {thing} of {city} at {path}")
        for found, (thing, city) in self.world.marks.told_by(logged):
            if found not in path and "-" not in found:  # references are part of addresses, which are logged
                self.world.leaks.add(f"the log holds {found} of {thing} of {city}, written for {path}")
        return answer


def in_turn[T](row: int, everybody: Iterable[T], turns: int = TURNS) -> Sequence[T]:
    """Return one in `turns` of these items, others for the next row; all in `make faults`."""
    ordered = list(everybody)
    return ordered if EACH else ordered[row % turns :: turns]


def asking(row: int, may: Iterable[str]) -> list[str]:
    """Return the people who try this row of the table.

    Of the city's people these are one in five who may and one in eight who may not; of all others one in
    sixteen.
    """
    own = {who for who in table.EVERYONE if who.startswith("own ")}
    may_not = in_turn(row, sorted(own.difference(may)), OWN_TURNS)
    return [*some(row, own.intersection(may)), *may_not, *in_turn(row, sorted(table.EVERYONE - own))]


def some(row: int, may: Iterable[str]) -> Sequence[str]:
    """Return one in five of those who may, in turn, at least one."""
    everybody = sorted(may)
    return in_turn(row, everybody, min(5, len(everybody) or 1))


def body_of(answer: Any) -> str:
    """Return the text of an answer, streamed or not; undecodable bytes are replaced."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(data).decode("utf-8", "replace")


def without(text: str, name: str) -> str:
    """Return a text without the identifier of an object, where it is quoted or part of an address."""
    for before, after in (("/", "/"), ("“", "”")):
        text = text.replace(f"{before}{name}{after}", f"{before}-{after}")
    return text if name.isdecimal() else text.replace(name, "-")


def writes() -> int:
    """Return the number of rows written in this transaction so far, rolled back ones included.

    The tables in NOTED do not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITES, [NOTED])
        return int(cursor.fetchone()[0])


@contextmanager
def undone() -> Iterator[None]:
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
    yield from _below(root, "")


def _below(resolver: Any, before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _below(pattern, path)
        else:
            yield pattern.name, path


def named(thing: Any) -> str:
    """Return the identifier of an object in an address."""
    if isinstance(thing, Entry):  # its reference is that of its object
        return str(thing.pk)
    names = (getattr(thing, name, "") for name in ("reference", "slug", "key"))
    return str(next(filter(None, names), thing.pk))
