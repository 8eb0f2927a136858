"""The doors, and who comes to them: every answer that anybody gets here is searched for what is not theirs to read."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

from tests.procurement.api.program import ROOT, Program
from tests.procurement.story import AT
from tests.rights import cast, table
from tests.rights.cast import Part
from tests.rights.marks import Marks
from tests.workflow.files import picture
from workflow.clock import create_instance
from workflow.models.journal import Entry

# What a request may write without anybody having done anything: that a session, token or calendar was used, how often somebody came.
NOTED = "django_session accounts_apitoken accounts_calendarfeed accounts_tally usersessions_usersession"
BITING = "RIGHTS_BITING" in os.environ
# Everybody is asked about everything: in `make faults`, and while teeth.py bites.
EACH = BITING or "FULL_FAULTS" in os.environ
# Else, of those of the city itself who may not, and of everybody else, one in so many at a time.
OWN_TURNS, TURNS = 8, 16
_WRITES = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables
    WHERE NOT relname = ANY(string_to_array(%s, ' '))
"""


class Wrong(list[Any]):
    """What differs from the table, all of it in one answer; while teeth.py bites, the first one is enough."""

    def add(self, *told: Any) -> None:
        """One difference."""
        if BITING:
            raise AssertionError(told)
        self.append(told)


class Log(logging.Handler):
    """Every line that was logged since it was last looked at."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it as it would be written, with what was passed to it."""
        self.lines.append(f"{record.getMessage()} {record.exc_text or ''} {record.exc_info or ''}")

    def taken(self) -> str:
        """The lines, once."""
        text, self.lines = "\n".join(self.lines), []
        return text


class World:
    """Everything the tests of this folder share."""

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
        """The things of Burnaby, by the name they have in the tables."""
        return self.own.things

    @staticmethod
    def photo() -> SimpleUploadedFile:
        """Something to bring."""
        return SimpleUploadedFile("photo.jpg", picture(), "image/jpeg")

    def may_read(self, who: str, thing: str, city: str) -> bool:
        """Whether this person may be told what stands about a thing, by the table."""
        return who in table.readers(thing, city)


class Visitor:
    """One person at the doors: a browser that is signed in, and a program with their token."""

    def __init__(self, name: str, world: World) -> None:
        self.name, self.world = name, world
        self.browser = Client()
        if name in world.users:
            self.browser.force_login(world.users[name])
            self.program = Program(world.users[name])

    def page(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """What a page answers."""
        given = {} if data is None else {"data": data}
        return self.searched(getattr(self.browser, method)(path, headers=headers, **given), f"{path} {data}")

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """What the API answers to their token; to nobody's, where they are a stranger."""
        if self.name not in self.world.users:
            given: dict[str, Any] = (
                {"data": body or {}, "content_type": "application/json"} if method == "post" else {}
            )
            return self.searched(getattr(self.browser, method)(ROOT + path, **given), path)
        if method in ("put", "patch"):  # the program's own `ask` knows what the API knows
            headers["content-type"] = "application/json"
        return self.searched(self.program.ask(method, path, body, **headers), path)

    def searched(self, answer: Any, path: str) -> Any:
        """The answer, its headers and the log, searched for what this person may not be told; the log for anybody's words."""
        logged = self.world.log.taken()
        text = (
            body_of(answer) + "\n" + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        )
        for found, (thing, city) in self.world.marks.told_by(text):
            if found not in path and not self.world.may_read(self.name, thing, city):
                self.world.leaks.add(f"{self.name} reads {found} of {thing} of {city} at {path}")
        for found, (thing, city) in self.world.marks.told_by(logged):
            if found not in path and "-" not in found:  # numbers stand in addresses, and those are logged
                self.world.leaks.add(f"the log holds {found} of {thing} of {city}, written for {path}")
        return answer


def in_turn[T](row: int, everybody: Iterable[T], turns: int = TURNS) -> Sequence[T]:
    """Those whose turn it is in the table's so many-th row: over so many rows that follow each other, everybody's."""
    ordered = list(everybody)
    return ordered if EACH else ordered[row % turns :: turns]


def asking(row: int, may: Iterable[str]) -> list[str]:
    """Who asks in this row, in turn: of the city one in five who may, and one in so many who may not; one in so many of all others."""
    own = {who for who in table.EVERYONE if who.startswith("own ")}
    may_not = in_turn(row, sorted(own.difference(may)), OWN_TURNS)
    return [*some(row, own.intersection(may)), *may_not, *in_turn(row, sorted(table.EVERYONE - own))]


def some(row: int, may: Iterable[str]) -> Sequence[str]:
    """Of those who may, one in five in turn, and never nobody."""
    everybody = sorted(may)
    return in_turn(row, everybody, min(5, len(everybody) or 1))


def body_of(answer: Any) -> str:
    """An answer's text, streamed or not; bytes that are no text, as far as they are."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(data).decode("utf-8", "replace")


def without(text: str, name: str) -> str:
    """A text without the name of a thing, where it is quoted or stands in an address."""
    for before, after in (("/", "/"), ("“", "”")):
        text = text.replace(f"{before}{name}{after}", f"{before}-{after}")
    return text if name.isdecimal() else text.replace(name, "-")


def writes() -> int:
    """How many rows were written in this transaction so far, to any table that says something; undone ones count as well."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITES, [NOTED])
        return int(cursor.fetchone()[0])


@contextmanager
def undone() -> Iterator[None]:
    """Do something and leave no trace of it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- addresses --------------------------------------------------------------------------------------------------
def pages(resolver: Any = None) -> Iterator[str]:
    """The name of every address of the product that is no operation of the API."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            if getattr(pattern, "app_name", "") != "admin":
                yield from pages(pattern)
        elif pattern.name and not pattern.name.startswith("api-") and pattern.name != "api":
            yield pattern.name


def operations() -> Iterator[tuple[str, str]]:
    """Every address of the API: its name and its path below /api/v1/."""
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
    """What a thing is called in an address."""
    if isinstance(thing, Entry):  # its reference is that of its thing
        return str(thing.pk)
    names = (getattr(thing, name, "") for name in ("reference", "slug", "key"))
    return str(next(filter(None, names), thing.pk))
