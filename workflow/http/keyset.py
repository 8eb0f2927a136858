"""Keyset positions and orders, shared by pages and the API."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Expression, F, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused

type Order = str | Expression
type Orders = Mapping[str, Order]

NEWEST_FIRST = "-id"
POSITION_ANNOTATION = "page_position"  # the annotation for an order that is not a column


def after_position(first: Combinable, value: Value, pk: int, operator: str) -> Func:
    """Return the SQL comparison `(first, id) < (value, pk)`, or with another operator.

    As one comparison of rows, it lets PostgreSQL walk the index from there instead of filtering.
    """
    row_position, cursor_position = (
        Func(*pair, template="(%(expressions)s)", output_field=BooleanField())
        for pair in ((first, F("pk")), (value, Value(pk)))
    )
    return Func(
        row_position,
        cursor_position,
        template="%(expressions)s",
        arg_joiner=operator,
        output_field=BooleanField(),
    )


class Cursor(NamedTuple):
    """Position in a list, at one of its rows.

    It holds the name of the list's order, the row's value in that order, the row's id, and the direction in
    which to read.
    """

    order: str
    value: Any
    pk: int
    is_backwards: bool

    def encode(self) -> str:
        """Return the cursor as written in an address."""
        value = None if self.value is None else str(self.value)
        text = json.dumps([self.order, value, self.pk, self.is_backwards], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Return the cursor that an address contains.

        Refuses text that is not one of our cursors. A forged cursor only points elsewhere in the same list.
        """
        try:
            order, value, pk, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if not (isinstance(order, str) and isinstance(value, str | None) and -(2**62) <= int(pk) < 2**62):
                raise ValueError(text)
            return cls(order, value, int(pk), bool(back))
        except (ValueError, TypeError, OverflowError) as error:  # the last one for Infinity, which is no JSON
            raise bad_cursor_refusal() from error


def bad_cursor_refusal() -> Refused:
    """Return the refusal of a cursor that cannot be read."""
    message = _(
        "This cursor is not valid. Use the URL of the next page from the previous response, or "
        "start without a cursor."
    )
    return Refused("bad_cursor", message, parameter="cursor")


type Position = tuple[
    Any, ...
]  # of a cursor: the row's value in the order, if the order is not by id, and the row's id


@dataclass(frozen=True)
class Sorting:
    """Order of a list: by a column or expression, then by id in the same direction.

    The column or expression is never null.
    """

    name: str
    order_expression: Order

    @property
    def descending(self) -> bool:
        """True if the highest value comes first."""
        return self.name.startswith("-")

    @property
    def is_by_id(self) -> bool:
        """True if the list is ordered by id alone."""
        return self.order_expression == "id"

    @property
    def column(self) -> str:
        """Name of the column or annotation that holds the value of the order."""
        return self.order_expression if isinstance(self.order_expression, str) else POSITION_ANNOTATION

    def position(self, model: type[Model], cursor: Cursor | None) -> Position:
        """Return the position of a cursor as the database compares it; empty without a cursor.

        Refuses a value of another type.
        """
        if cursor is None:
            return ()
        if self.is_by_id:
            return (cursor.pk,)
        try:
            value = self._field(model).to_python(cursor.value)
        except ValidationError as error:
            raise bad_cursor_refusal() from error
        if value is None:
            raise bad_cursor_refusal()
        return value, cursor.pk

    def apply[M: Model](
        self, rows: QuerySet[M], cursor: Cursor | None, position: Position | None = None
    ) -> QuerySet[M]:
        """Return the rows in this order, from the cursor on, or from another `position`.

        When reading backwards, the rows nearest to the cursor come first.
        """
        down = self.descending != (cursor is not None and cursor.is_backwards)
        if not isinstance(self.order_expression, str):
            rows = rows.annotate(**{POSITION_ANNOTATION: self.order_expression})
        if cursor is not None:
            here = self.position(rows.model, cursor) if position is None else position
            rows = rows.filter(self._beyond(rows.model, here, "<" if down else ">"))
        keys = [F("pk")] if self.is_by_id else [F(self.column), F("pk")]
        return rows.order_by(*(key.desc() if down else key.asc() for key in keys))

    def _beyond(self, model: type[Model], position: Position, operator: str) -> Q | Func:
        if self.is_by_id:
            return Q(**{"pk__lt" if operator == "<" else "pk__gt": position[0]})
        value, pk = position
        first = F(self.order_expression) if isinstance(self.order_expression, str) else self.order_expression
        return after_position(first, Value(value, output_field=self._field(model)), pk, operator)

    def _field(self, model: type[Model]) -> Any:
        return (
            model._meta.get_field(self.order_expression)
            if isinstance(self.order_expression, str)
            else self.order_expression.output_field
        )

    def cursor_at(self, row: Any, *, back: bool) -> str:
        """Return the cursor of a row that was read as an object, for reading on or, with `back`, backwards."""
        value = None if self.is_by_id else getattr(row, self.column)
        return Cursor(self.name, value, row.pk, back).encode()


def order_names(orders: Orders) -> Iterable[str]:
    """Return every order of a collection, in both directions."""
    return (f"{sign}{name}" for name in ("id", *orders) for sign in ("", "-"))


def find_sorting(orders: Orders, name: str) -> Sorting:
    """Return the order with this name, or refuse a name that the collection does not have."""
    bare = name.removeprefix("-")
    by: Order | None = "id" if bare == "id" else orders.get(bare)
    if by is None or name.startswith("--"):
        message = _("This sort order does not exist. Choose one of: %(names)s.") % {
            "names": ", ".join(order_names(orders))
        }
        raise Refused("bad_order", message, parameter="ordering")
    return Sorting(name, by)
