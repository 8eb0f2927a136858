"""Pages by position, not by number: the next page starts after the last row of this one.

A deep page costs what the first one costs, nothing is counted, and rows that are added meanwhile neither repeat nor hide others.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    Expression,
    F,
    Func,
    Model,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from workflow.doors.api.plans import Position, Rows
from workflow.errors import Refused

type Row = tuple[Any, ...]
type Order = str | Expression
type Orders = Mapping[str, Order]

NEWEST = "-id"
POSITION = "page_position"  # the annotation that holds the value of an order that is no column


def beyond(first: Combinable, value: Value, pk: int, operator: str) -> Func:
    """`(first, id) < (value, pk)` as one comparison, so that PostgreSQL walks the index from there instead of filtering."""
    here, there = (
        Func(*pair, template="(%(expressions)s)", output_field=BooleanField())
        for pair in ((first, F("pk")), (value, Value(pk)))
    )
    return Func(here, there, template="%(expressions)s", arg_joiner=operator, output_field=BooleanField())


class Cursor(NamedTuple):
    """A position in a list: the order it belongs to, the value and id of the row it stands at, and which way to read from there."""

    order: str
    value: Any
    pk: int
    back: bool

    def encode(self) -> str:
        """As it stands in an address."""
        value = None if self.value is None else str(self.value)
        told = json.dumps([self.order, value, self.pk, self.back], separators=(",", ":"))
        return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Read back. Refuses what is no cursor of ours; one that was tampered with only points elsewhere in the same list."""
        try:
            order, value, pk, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not (isinstance(order, str) and isinstance(value, str | None) and -(2**62) <= int(pk) < 2**62):
                raise ValueError(text)
            return cls(order, value, int(pk), bool(back))
        except (ValueError, TypeError) as error:
            raise bad_cursor() from error


def bad_cursor() -> Refused:
    """What a cursor that cannot be read is answered with."""
    words = _(
        "This cursor cannot be read. Take the address of the next page from the answer before, or start without one."
    )
    return Refused("bad_cursor", words, parameter="cursor")


@dataclass(frozen=True)
class Sorting:
    """One way to order a list: by a column or expression that is never null, then by id in the same direction."""

    name: str
    by: Order

    @property
    def descending(self) -> bool:
        """Whether the highest comes first."""
        return self.name.startswith("-")

    @property
    def by_id(self) -> bool:
        """Whether the id alone orders it."""
        return self.by == "id"

    @property
    def column(self) -> str:
        """Where a row holds the value it is ordered by."""
        return self.by if isinstance(self.by, str) else POSITION

    def position(self, model: type[Model], cursor: Cursor | None) -> Position:
        """Where a cursor stands, as the database compares it. Refuses a value of another kind."""
        if cursor is None:
            return ()
        if self.by_id:
            return (cursor.pk,)
        try:
            value = self._field(model).to_python(cursor.value)
        except ValidationError as error:
            raise bad_cursor() from error
        if value is None:
            raise bad_cursor()
        return value, cursor.pk

    def on[M: Model](
        self, rows: QuerySet[M], cursor: Cursor | None, position: Position | None = None
    ) -> QuerySet[M]:
        """The rows in this order, from the cursor on (or from another `position`). Read backwards, they come nearest first."""
        down = self.descending != (cursor is not None and cursor.back)
        if not isinstance(self.by, str):
            rows = rows.annotate(**{POSITION: self.by})
        if cursor is not None:
            here = self.position(rows.model, cursor) if position is None else position
            rows = rows.filter(self._beyond(rows.model, here, "<" if down else ">"))
        keys = [F("pk")] if self.by_id else [F(self.column), F("pk")]
        return rows.order_by(*(key.desc() if down else key.asc() for key in keys))

    def _beyond(self, model: type[Model], position: Position, operator: str) -> Q | Func:
        if self.by_id:
            return Q(**{"pk__lt" if operator == "<" else "pk__gt": position[0]})
        value, pk = position
        first = F(self.by) if isinstance(self.by, str) else self.by
        return beyond(first, Value(value, output_field=self._field(model)), pk, operator)

    def _field(self, model: type[Model]) -> Any:
        return model._meta.get_field(self.by) if isinstance(self.by, str) else self.by.output_field

    def at(self, row: Any, *, back: bool) -> str:
        """The cursor of a row read as an object."""
        value = None if self.by_id else getattr(row, self.column)
        return Cursor(self.name, value, row.pk, back).encode()


@dataclass(frozen=True)
class Asked:
    """Which page of a list was asked for."""

    size: int
    sorting: Sorting
    cursor: Cursor | None

    @property
    def back(self) -> bool:
        """Whether it is read backwards."""
        return self.cursor is not None and self.cursor.back


class KeysetPagination(BasePagination):
    """`?cursor=` (from `next` and `previous`), `?page_size=` up to 100, `?ordering=` one of the collection's orders."""

    page_size = 25
    most = 100

    def asked(self, request: Request, orders: Orders) -> Asked:
        """What the address asks for. Refuses a size, an order or a cursor that cannot be."""
        told = request.query_params
        by = sorting(orders, told.get("ordering", NEWEST))
        cursor = Cursor.decode(told["cursor"]) if told.get("cursor") else None
        if cursor is not None and cursor.order != by.name:
            raise bad_cursor()
        return Asked(self._size(told.get("page_size")), by, cursor)

    def _size(self, told: str | None) -> int:
        if told is None:
            return self.page_size
        if told.isascii() and told.isdecimal() and len(told) <= 3 and 1 <= int(told) <= self.most:
            return int(told)
        words = _("page_size is a whole number from 1 to %(most)s.") % {"most": self.most}
        raise Refused("bad_page_size", words, parameter="page_size")

    def envelope(
        self, request: Request, asked: Asked, found: Rows, read: Callable[[Row], Any]
    ) -> dict[str, Any]:
        """The page: `found` is one row more than its size where there is another page. A row begins with its id and its place."""
        further, rows = len(found) > asked.size, found[: asked.size]
        if asked.back:
            rows.reverse()
        has_next, has_previous = (True, further) if asked.back else (further, asked.cursor is not None)
        return {
            "next": self._link(request, asked, rows[-1], back=False) if rows and has_next else None,
            "previous": self._link(request, asked, rows[0], back=True) if rows and has_previous else None,
            "results": [read(row[2:]) for row in rows],
        }

    @staticmethod
    def _link(request: Request, asked: Asked, row: Row, *, back: bool) -> str:
        cursor = Cursor(asked.sorting.name, None if asked.sorting.by_id else row[1], row[0], back)
        return replace_query_param(request.build_absolute_uri(), "cursor", cursor.encode())

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope, for the schema."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The query parameters, for the schema."""
        size = {"type": "integer", "minimum": 1, "maximum": self.most, "default": self.page_size}
        names = {"type": "string", "enum": list(order_names(view.orders)), "default": NEWEST}
        return [
            _parameter(
                "cursor", {"type": "string"}, "Where the page starts; taken from `next` or `previous`."
            ),
            _parameter("page_size", size, "Rows a page."),
            _parameter("ordering", names, "In which order; `-` is descending."),
        ]


def order_names(orders: Orders) -> Iterable[str]:
    """Every order of a collection, both ways."""
    return (f"{sign}{name}" for name in ("id", *orders) for sign in ("", "-"))


def sorting(orders: Orders, name: str) -> Sorting:
    """The order of this name. Refuses one the collection does not have."""
    bare = name.removeprefix("-")
    by: Order | None = "id" if bare == "id" else orders.get(bare)
    if by is None or name.startswith("--"):
        words = _("There is no such order. Choose one of: %(names)s.") % {
            "names": ", ".join(order_names(orders))
        }
        raise Refused("bad_order", words, parameter="ordering")
    return Sorting(name, by)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
