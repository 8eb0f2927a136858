"""Baseline for reads: lists, and the detail of a need, answered by hand-written SQL as fast as possible."""

import base64
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import HttpRequest, HttpResponse

from benchmarks.baseline.authentication import Caller, authenticate
from benchmarks.baseline.statements import LIST_STATEMENTS, NEED_COLUMNS, NEED_SQL
from workflow.search import bigrams, split_words

PAGE_SIZE = 25
DATE_OR_LAST_DAY_SQL = "coalesce(x.{}, '9999-12-31'::date)"


def json_response(values: Any, status: int = 200) -> HttpResponse:
    """Return a JSON response with the Content-Length header that Django's own layers would set."""
    body = json.dumps(values, default=_written, ensure_ascii=False).encode()
    headers = {"Content-Length": str(len(body))}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return (
        value.isoformat()
        if isinstance(value, date)
        else format(value, "f")
        if isinstance(value, Decimal)
        else str(value)
    )


def list_page(request: HttpRequest, collection: str) -> HttpResponse:
    """Return a page of the rows that the person may see, newest first or by date, with filters."""
    who = authenticate(request)
    if who is None:
        return json_response({"detail": "who?"}, 401)
    query = request.GET.dict()
    rows = _read(collection, who, query)
    further, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    names = [name for name, _expression in LIST_STATEMENTS[collection].columns]
    return json_response(
        {
            "next": _link(request, query, rows[-1], back=False) if further else None,
            "previous": _link(request, query, rows[0], back=True) if rows and "cursor" in query else None,
            "results": [dict(zip(names, row[2:], strict=True)) for row in rows],
        }
    )


def _read(collection: str, who: Caller, query: dict[str, str]) -> list[tuple[Any, ...]]:
    what = LIST_STATEMENTS[collection]
    values: dict[str, Any] = {
        "sees": who.visible_city_ids,
        "places": who.contact_entry_ids,
        "partner_cities": who.partner_city_ids,
    }
    day = query.get("ordering")
    place = DATE_OR_LAST_DAY_SQL.format(day) if day else "x.id"
    where, order = [what.visibility_condition], f"{place}, x.id" if day else "x.id DESC"
    if "status" in query:
        where.append("x.status = %(status)s")
        values["status"] = query["status"]
    if "search" in query:
        where.append("x.search @> %(pairs)s::varchar(2)[]")
        values["pairs"] = sorted({pair for word in split_words(query["search"]) for pair in bigrams(word)})
    if "cursor" in query:
        _name, values["place"], values["pk"], _back = json.loads(
            base64.urlsafe_b64decode(query["cursor"] + "=" * (-len(query["cursor"]) % 4))
        )
        where.append(f"({place}, x.id) > (%(place)s::date, %(pk)s)" if day else "x.id < %(pk)s")
    columns = ", ".join(expression for _name, expression in what.columns)
    statement = f"SELECT x.id, {place}, {columns} FROM {what.tables} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT {PAGE_SIZE + 1}"
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _link(request: HttpRequest, asked: dict[str, str], row: tuple[Any, ...], *, back: bool) -> str:
    day = asked.get("ordering")
    place = [day or "-id", str(row[1]) if day else None, row[0], back]
    cursor = base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")
    query = urlencode(sorted({**asked, "cursor": cursor}.items()))
    return f"{request.scheme}://{request.get_host()}{request.path}?{query}"


def need_detail(request: HttpRequest, reference: str) -> HttpResponse:
    """Return one need with all its facts."""
    who = authenticate(request)
    return json_response({"detail": "who?"}, 401) if who is None else need_response(who, reference)


def need_response(who: Caller, reference: str, status: int = 200) -> HttpResponse:
    """Return one need as this person may see it."""
    values = {
        "sees": who.visible_city_ids,
        "places": who.contact_entry_ids,
        "partner_cities": who.partner_city_ids,
        "reference": reference,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEED_SQL, values)
        row = cursor.fetchone()
    return (
        json_response({"detail": "none"}, 404)
        if row is None
        else json_response(dict(zip(NEED_COLUMNS, row, strict=True)), status)
    )
