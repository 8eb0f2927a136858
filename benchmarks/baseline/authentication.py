"""Authentication of a request to the baseline: one SQL statement reads the token and the rights of its owner.

The baseline is the hand-written SQL server with which the benchmarks compare the product.
"""

import hashlib
import hmac
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

_CALLER_SQL = """
    SELECT t.digest, t.scopes, t.expires_at, t.revoked_at, u.is_active, u.id, u.name,
      held.cities, held.officer,
      ARRAY(SELECT p.id FROM partners_contact p WHERE p.user_id = u.id AND p.status = 'active'),
      ARRAY(SELECT w.city_b_id FROM partners_twinningagreement w
            WHERE w.status = 'recorded' AND w.city_a_id = ANY(held.cities)
            UNION SELECT w.city_a_id FROM partners_twinningagreement w
            WHERE w.status = 'recorded' AND w.city_b_id = ANY(held.cities))
    FROM accounts_apitoken t JOIN accounts_user u ON u.id = t.user_id,
      LATERAL (SELECT array_agg(m.city_id) FILTER (WHERE m.role NOT IN ('broker', 'coordinator')) AS cities,
                      array_agg(m.city_id) FILTER (WHERE m.role = 'officer') AS officer
               FROM partners_membership m WHERE m.user_id = u.id AND m.status = 'active') held
    WHERE t.prefix = %s
"""


@dataclass(frozen=True)
class Caller:
    """The token's owner, and the ids that define their rights."""

    user_id: int
    name: str
    visible_city_ids: list[int]  # cities whose data they may read
    posting_city_ids: list[int]  # cities for which they may post needs
    contact_entry_ids: list[int]  # their contact entries
    partner_city_ids: list[int]  # cities with an agreement with one of `visible_city_ids`


def authenticate(request: HttpRequest, scope: str = "read") -> Caller | None:
    """Return the owner of a usable token, else None."""
    value = request.headers.get("Authorization", "").removeprefix("Bearer ")
    with connection.cursor() as cursor:
        cursor.execute(_CALLER_SQL, [value[3:11]])
        row = cursor.fetchone()
    if row is None:
        return None
    digest, scopes, expires_at, revoked_at, active, user, name, sees, posts, places, partner_cities = row
    right = hmac.compare_digest(hashlib.sha256(value.encode()).hexdigest(), digest)
    if (
        not right
        or not active
        or revoked_at is not None
        or expires_at <= timezone.now()
        or scope not in scopes
    ):
        return None
    return Caller(user, name, sees or [], posts or [], places, partner_cities)
