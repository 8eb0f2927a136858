"""Baseline for writes: creation and posting of a need by hand-written SQL.

One statement writes the row, its related rows and its journal entry.
"""

import json
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from psycopg.types.json import Jsonb

from benchmarks.baseline.authentication import authenticate
from benchmarks.baseline.reads import json_response, need_response
from workflow.search import search_grams

_NUMBER = """
    UPDATE workflow_counter SET last = last + 1 WHERE prefix = 'SR' AND year = %s RETURNING last
"""
_CREATE = """
    WITH need AS (
      INSERT INTO procurement_supplyrequest (status, created_at, reference, city_id, title, declared_use, facility_kinds,
        deliver_to, deliver_locode, importer_of_record, needed_by, accepts, visibility, notes, notes_language, stopped,
        lapsed, reminders, author_id, search)
      SELECT 'draft', %(at)s, %(reference)s, c.id, %(title)s, %(declared_use)s, '{hospital}', %(deliver_to)s, '', '', %(needed_by)s,
        %(accepts)s, %(visibility)s, '', 'en', false, false, 0, %(user)s, %(search)s
      FROM partners_city c WHERE c.slug = %(city)s AND c.id = ANY(%(posts)s)
      RETURNING id, city_id
    ), line AS (
      INSERT INTO procurement_requestline (supply_request_id, city_id, position, product_id, quantity, currency, priority,
        offered, offered_short, verified_free, allocated, shipped, arrived, released)
      SELECT need.id, need.city_id, 1, p.id, %(quantity)s, c.currency, 3, 0, 0, 0, 0, 0, 0, 0
      FROM need JOIN partners_city c ON c.id = need.city_id, procurement_product p WHERE p.code = %(product)s
      RETURNING id
    ), standards AS (
      INSERT INTO procurement_requestline_standards (requestline_id, standard_id)
      SELECT line.id, s.id FROM line, procurement_standard s WHERE s.code = ANY(%(standards)s)
    ), entry AS (
      INSERT INTO workflow_entry (thing_label, thing_id, reference, city_id, verb, by_id, by_label, via, at, reason, before,
        after, facts)
      SELECT 'procurement.supplyrequest', need.id, %(reference)s, need.city_id, 'draft', %(user)s, %(name)s, 'token', %(at)s,
        '', '{}', %(after)s, %(facts)s FROM need
    )
    SELECT id FROM need
"""
_POST = """
    WITH need AS (
      UPDATE procurement_supplyrequest x SET status = 'open', posted_at = %(at)s
      WHERE x.reference = %(reference)s AND x.status = 'draft' AND x.city_id = ANY(%(posts)s) AND x.needed_by IS NOT NULL
        AND x.deliver_to <> '' AND x.accepts <> '{}' AND x.facility_kinds <> '{}'
        AND EXISTS (SELECT FROM procurement_requestline l WHERE l.supply_request_id = x.id)
      RETURNING id, city_id
    ), entry AS (
      INSERT INTO workflow_entry (thing_label, thing_id, reference, city_id, verb, by_id, by_label, via, at, reason, before,
        after, facts)
      SELECT 'procurement.supplyrequest', need.id, %(reference)s, need.city_id, 'post', %(user)s, %(name)s, 'token', %(at)s,
        '', '{"status": "draft", "posted_at": null}', %(after)s, '{}' FROM need
    )
    SELECT id FROM need
"""


def create(request: HttpRequest) -> HttpResponse:
    """Create a need with one line."""
    who = authenticate(request, "write")
    if who is None:
        return json_response({"detail": "who?"}, 401)
    values, at = json.loads(request.body), timezone.now()
    (line,) = values.pop("lines")
    facts = {"user": who.user_id, "name": who.name, "posts": who.posting_city_ids, "at": at}
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(_NUMBER, [at.year])
        reference = f"SR-{at.year}-{cursor.fetchone()[0]:04d}"
        written: dict[str, Any] = {
            "after": Jsonb({**values, "status": "draft", "reference": reference}),
            "facts": Jsonb({"lines": [line]}),
            "search": search_grams(reference, values["title"]),
        }
        cursor.execute(_CREATE, {**values, **line, **facts, **written, "reference": reference})
        created = cursor.fetchone()
        cursor.execute("COMMIT")
    return (
        json_response({"detail": "not yours"}, 403) if created is None else need_response(who, reference, 201)
    )


def post(request: HttpRequest, reference: str) -> HttpResponse:
    """Post a draft."""
    who = authenticate(request, "write")
    if who is None:
        return json_response({"detail": "who?"}, 401)
    at = timezone.now()
    facts = {
        "user": who.user_id,
        "name": who.name,
        "posts": who.posting_city_ids,
        "at": at,
        "reference": reference,
    }
    with connection.cursor() as cursor:
        cursor.execute(_POST, {**facts, "after": Jsonb({"status": "open", "posted_at": at.isoformat()})})
        created = cursor.fetchone()
    return json_response({"detail": "not now"}, 409) if created is None else need_response(who, reference)
