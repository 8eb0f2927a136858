"""Pages by position, not by number: the next page starts after the last row of this one.

A deep page costs what the first one costs, nothing is counted, and rows that are added meanwhile neither repeat nor hide others.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Expression, F, Func, Model, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from workflow.errors import Refused

type Order = str | Expression
type Orders = Mapping[str, Order]

NEWEST = "-id"
POSITION = "page_position"  # the annotation that holds the value of an order that is no column


class Beyond(Func):
    """`(a, id) < (x, y)` as one comparison, so that PostgreSQL walks the index from there instead of filtering."""

    template = "(%(first)s, %(second)s) %(operator)s (%(third)s, %(fourth)s)"
    output_field = BooleanField()
    conditional = True

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        """The row comparison."""
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        (a, b, x, y), operator = (sql for sql, _params in parts), self.extra["operator"]
        return f"(({a}, {b}) {operator} ({x}, {y}))", [param for _sql, params in parts for param in params]


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
            if not (isinstance(order, str) and isinstance(value, str | None) and -(2**63) <= int(pk) < 2**63):
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
        return self.name.startswith("-")

    @property
    def by_id(self) -> bool:
        return self.by == "id"

    def on[M: Model](self, rows: QuerySet[M], cursor: Cursor | None) -> QuerySet[M]:
        """The rows in this order, from the cursor on. Read backwards, they come nearest first."""
        down = self.descending != (cursor is not None and cursor.back)
        first = F(self.by) if isinstance(self.by, str) else self.by
        if not isinstance(self.by, str):
            rows = rows.annotate(**{POSITION: self.by})
        if cursor is not None:
            rows = self._from(rows, first, cursor, "<" if down else ">")
        keys = [F("pk")] if self.by_id else [first, F("pk")]
        return rows.order_by(*(key.desc() if down else key.asc() for key in keys))

    def _from[M: Model](self, rows: QuerySet[M], first: Any, cursor: Cursor, operator: str) -> QuerySet[M]:
        if self.by_id:
            return rows.filter(**{"pk__lt" if operator == "<" else "pk__gt": cursor.pk})
        field = rows.model._meta.get_field(self.by) if isinstance(self.by, str) else self.by.output_field
        try:
            value = field.to_python(cursor.value)
        except ValidationError as error:
            raise bad_cursor() from error
        if value is None:
            raise bad_cursor()
        return rows.filter(
            Beyond(first, F("pk"), Value(value, output_field=field), Value(cursor.pk), operator=operator)
        )

    def at(self, row: Model, *, back: bool) -> str:
        """The cursor of a row."""
        value = None if self.by_id else getattr(row, self.by if isinstance(self.by, str) else POSITION)
        return Cursor(self.name, value, row.pk, back).encode()


class KeysetPagination(BasePagination):
    """`?cursor=` (from `next` and `previous`), `?page_size=` up to 100, `?order=` one of the collection's orders."""

    page_size = 25
    most = 100

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """The rows of the page asked for, and one look further to know whether there is a next one."""
        self.request = request
        size = self._size(request.query_params.get("page_size"))
        told = request.query_params.get("cursor")
        cursor = Cursor.decode(told) if told else None
        self.sorting = sorting(view.orders, request.query_params.get("order") or NEWEST)
        if cursor is not None and cursor.order != self.sorting.name:
            raise bad_cursor()
        back = cursor is not None and cursor.back
        found = list(self.sorting.on(queryset, cursor)[: size + 1])
        rows = found[:size]
        further = len(found) > size
        self.rows = rows[::-1] if back else rows
        self.has_next, self.has_previous = (True, further) if back else (further, cursor is not None)
        return self.rows

    def _size(self, told: str | None) -> int:
        if told is None:
            return self.page_size
        if told.isascii() and told.isdecimal() and 1 <= int(told[:4]) <= self.most and len(told) <= 3:
            return int(told)
        words = _("page_size is a whole number from 1 to %(most)s.") % {"most": self.most}
        raise Refused("bad_page_size", words, parameter="page_size")

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        """The envelope."""
        following = self._link(self.rows[-1:], back=False) if self.has_next else None
        before = self._link(self.rows[:1], back=True) if self.has_previous else None
        return Response({"next": following, "previous": before, "results": data})

    def _link(self, row: Sequence[Model], *, back: bool) -> str | None:
        if not row:
            return None
        return replace_query_param(
            self.request.build_absolute_uri(), "cursor", self.sorting.at(row[0], back=back)
        )

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
        names = list(order_names(view.orders))
        return [
            _parameter(
                "cursor", {"type": "string"}, "Where the page starts; taken from `next` or `previous`."
            ),
            _parameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": self.most, "default": self.page_size},
                "Rows a page.",
            ),
            _parameter(
                "order",
                {"type": "string", "enum": names, "default": NEWEST},
                "In which order; `-` is descending.",
            ),
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
        raise Refused("bad_order", words, parameter="order")
    return Sorting(name, by)


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
