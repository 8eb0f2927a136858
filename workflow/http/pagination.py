"""Pages of a list, and the table that shows them.

Lists are read by position as in the API, so that the hundredth page costs as much as the first. The table is
dense on a desktop screen; on a phone it is a card per row with a title, three facts and "more".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import django_tables2
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from workflow.errors import Refused
from workflow.http.keyset import NEWEST_FIRST, Cursor, Orders, Sorting, find_sorting

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page[M]:
    """Some rows of a list, the name of their order, and the cursors of the neighbouring pages (or empty)."""

    rows: list[M]
    next_cursor: str = ""
    previous_cursor: str = ""
    order: str = ""

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def paginate[M: Model](
    request: HttpRequest,
    rows: QuerySet[M],
    orders: Orders | None = None,
    *,
    order: str = NEWEST_FIRST,
    size: int = PAGE_SIZE,
) -> Page[M]:
    """Return the page of `rows` that the address asks for with `?cursor=` and `?order=`.

    `order` is the list's own order. A cursor or order that cannot be read gives the first page in that order:
    an old bookmark is no error.
    """
    try:
        by = find_sorting(orders or {}, request.GET.get("order") or order)
        cursor = _cursor(request, by)
        found = list(by.apply(rows, cursor)[: size + 1])
    except Refused:
        by, cursor = find_sorting(orders or {}, order), None
        found = list(by.apply(rows, cursor)[: size + 1])
    further, found = len(found) > size, found[:size]
    back = cursor is not None and cursor.is_backwards
    shown = found[::-1] if back else found
    has_next, has_previous = (True, further) if back else (further, cursor is not None)
    return Page(
        shown,
        next_cursor=by.cursor_at(shown[-1], back=False) if shown and has_next else "",
        previous_cursor=by.cursor_at(shown[0], back=True) if shown and has_previous else "",
        order=by.name,
    )


def _cursor(request: HttpRequest, by: Sorting) -> Cursor | None:
    values = request.GET.get("cursor")
    cursor = Cursor.decode(values) if values else None
    return cursor if cursor is not None and cursor.order == by.name else None


def paginate_sequence[T](request: HttpRequest, rows: Sequence[T], *, size: int = PAGE_SIZE) -> Page[T]:
    """Return a page of rows that are already in memory, in their own order.

    `?cursor=` is the number of the first row.
    """
    cursor = request.GET.get("cursor", "")
    start = int(cursor) if cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else 0
    start = start if start < len(rows) else 0
    return Page(
        list(rows[start : start + size]),
        next_cursor=str(start + size) if start + size < len(rows) else "",
        previous_cursor=str(max(0, start - size)) if start else "",
    )


class ListTable(django_tables2.Table):  # type: ignore[misc]  # django-tables2 ships no types
    """Table that a phone shows as cards.

    `title_column` is the column for a card's title, and `fact_columns` are the three columns for its facts; the rest is
    behind "more". `numeric_columns` are the columns of figures, aligned right. Lists are paged by position
    (`{% page_link %}`), so the table itself does not page.
    """

    title_column: ClassVar[str] = ""
    fact_columns: ClassVar[tuple[str, ...]] = ()
    numeric_columns: ClassVar[tuple[str, ...]] = ()
    caption: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for bound in self.columns:
            kind = [
                *(["num"] if bound.name in self.numeric_columns else []),
                *(["rest"] if bound.name in self.collapsed_column_names else []),
            ]
            if kind:
                bound.column.attrs = {**bound.column.attrs, "td": {"class": " ".join(kind)}}
            if bound.name in self.numeric_columns:
                bound.column.attrs["th"] = {"class": "num"}

    @property
    def collapsed_column_names(self) -> list[str]:
        """Columns that a phone shows behind "more"."""
        return [
            bound.name
            for bound in self.columns
            if bound.name != self.title_column and bound.name not in self.fact_columns
        ]

    @property
    def has_collapsed_columns(self) -> bool:
        """True if there is a "more"."""
        return bool(self.collapsed_column_names)
