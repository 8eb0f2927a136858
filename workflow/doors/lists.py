"""Lists on pages: read by position as in the API, so that the hundredth page costs what the first does."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from workflow.doors.api.paging import NEWEST, Cursor, Orders, Sorting, sorting
from workflow.errors import Refused

SIZE = 25


@dataclass(frozen=True)
class Page[M: Model]:
    """Some rows of a list, and the cursors of its neighbours (empty where there is none)."""

    rows: list[M]
    next: str = ""
    previous: str = ""

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page[M: Model](
    request: HttpRequest,
    rows: QuerySet[M],
    orders: Orders | None = None,
    *,
    order: str = NEWEST,
    size: int = SIZE,
) -> Page[M]:
    """The page of `rows` that the address asks for with `?cursor=` and `?order=`; `order` is the list's own.

    A cursor or order that cannot be read shows the first page in the list's own order: an old bookmark is no error.
    """
    try:
        by = sorting(orders or {}, request.GET.get("order") or order)
        cursor = _cursor(request, by)
        found = list(by.on(rows, cursor)[: size + 1])
    except Refused:
        by, cursor = sorting(orders or {}, order), None
        found = list(by.on(rows, cursor)[: size + 1])
    further, found = len(found) > size, found[:size]
    back = cursor is not None and cursor.back
    shown = found[::-1] if back else found
    has_next, has_previous = (True, further) if back else (further, cursor is not None)
    return Page(
        shown,
        next=by.at(shown[-1], back=False) if shown and has_next else "",
        previous=by.at(shown[0], back=True) if shown and has_previous else "",
    )


def _cursor(request: HttpRequest, by: Sorting) -> Cursor | None:
    told = request.GET.get("cursor")
    cursor = Cursor.decode(told) if told else None
    return cursor if cursor is not None and cursor.order == by.name else None
