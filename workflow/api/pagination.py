"""Keyset pagination of the API's collections."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from workflow.api.sql_cache import Rows
from workflow.errors import Refused
from workflow.http.keyset import (
    NEWEST_FIRST,
    Cursor,
    Orders,
    Sorting,
    bad_cursor_refusal,
    find_sorting,
    order_names,
)

type RowValues = tuple[Any, ...]


@dataclass(frozen=True)
class PageRequest:
    """Requested page of a list."""

    size: int
    sorting: Sorting
    cursor: Cursor | None

    @property
    def is_backwards(self) -> bool:
        """True if the page is read backwards."""
        return self.cursor is not None and self.cursor.is_backwards


class KeysetPagination(BasePagination):
    """Pagination by position.

    Its parameters are `?cursor=` (from `next` and `previous`), `?page_size=` up to 100, and `?ordering=`, one
    of the collection's orders.
    """

    page_size = 25
    max_page_size = 100

    def read_page_request(self, request: Request, orders: Orders) -> PageRequest:
        """Return the page that the address asks for.

        Refuses an invalid size, order or cursor.
        """
        values = request.query_params
        by = find_sorting(orders, values.get("ordering", NEWEST_FIRST))
        cursor = Cursor.decode(values["cursor"]) if values.get("cursor") else None
        if cursor is not None and cursor.order != by.name:
            raise bad_cursor_refusal()
        return PageRequest(self._size(values.get("page_size")), by, cursor)

    def _size(self, size: str | None) -> int:
        if size is None:
            return self.page_size
        if size.isascii() and size.isdecimal() and len(size) <= 3 and 1 <= int(size) <= self.max_page_size:
            return int(size)
        message = _("page_size must be a whole number from 1 to %(most)s.") % {"most": self.max_page_size}
        raise Refused("bad_page_size", message, parameter="page_size")

    def build_page(
        self, request: Request, asked: PageRequest, found: Rows, read: Callable[[RowValues], Any]
    ) -> dict[str, Any]:
        """Return the page with the addresses of its neighbours.

        `found` holds one row more than the page size if there is a further page. Each row begins with its id
        and the value of its order; `read` returns the data of a row from its other values.
        """
        further, rows = len(found) > asked.size, found[: asked.size]
        if asked.is_backwards:
            rows.reverse()
        has_next, has_previous = (
            (True, further) if asked.is_backwards else (further, asked.cursor is not None)
        )
        return {
            "next": self._link(request, asked, rows[-1], back=False) if rows and has_next else None,
            "previous": self._link(request, asked, rows[0], back=True) if rows and has_previous else None,
            "results": [read(row[2:]) for row in rows],
        }

    @staticmethod
    def _link(request: Request, asked: PageRequest, row: RowValues, *, back: bool) -> str:
        cursor = Cursor(asked.sorting.name, None if asked.sorting.is_by_id else row[1], row[0], back)
        return replace_query_param(request.build_absolute_uri(), "cursor", cursor.encode())

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the schema of a page."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Return the query parameters for the schema."""
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        names = {"type": "string", "enum": list(order_names(view.ordering_fields)), "default": NEWEST_FIRST}
        return [
            _parameter(
                "cursor", {"type": "string"}, "Where the page starts; taken from `next` or `previous`."
            ),
            _parameter("page_size", size, "Rows a page."),
            _parameter("ordering", names, "In which order; `-` is descending."),
        ]


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
