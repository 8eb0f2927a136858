"""How often something may be done: one atomic counter in PostgreSQL, so that it holds over any number of processes.

The only writer of Tally. Keys are hashed: no address and no e-mail is kept. Doors count through `accounts/web/limited.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import Tally
from workflow.errors import Refused, Words

TOO_OFTEN = _("Too often in a short time. Wait a little, then try again.")


@dataclass(frozen=True)
class Limit:
    """So many times within so long a time, counted from the first."""

    name: str
    times: int
    within: timedelta
    message: Words = TOO_OFTEN


SIGN_IN = Limit("sign-in", 30, timedelta(minutes=1))  # per address: a whole office may share one
SIGN_IN_AS = Limit("sign-in-as", 15, timedelta(minutes=5))  # per account, wherever the guesses come from
CODES = Limit("codes", 10, timedelta(minutes=10))
LINKS = Limit("links", 30, timedelta(minutes=1))
PRACTICE = Limit(
    "practice", 200, timedelta(minutes=1)
)  # a demo prints some twenty links, opened one after the other
SUBMITS = Limit("submits", 10, timedelta(hours=1))  # completed forms of one link
PHOTOS = Limit("photos", 60, timedelta(hours=1))  # one request each
SCANS = Limit("scans", 600, timedelta(hours=1))  # of one person at the dock: a carton each six seconds
PUBLIC_API = Limit("public-api", 60, timedelta(minutes=1))
EXPORTS = Limit("exports", 10, timedelta(hours=1))

# One statement: begins a window, or counts within it, or begins the next one when it is over. Two at once never lose a count.
_UPSERT = """
    INSERT INTO accounts_tally AS tally (key, count, ends_at) VALUES (%(key)s, 1, %(ends)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN tally.ends_at <= %(at)s THEN 1 ELSE tally.count + 1 END,
        ends_at = CASE WHEN tally.ends_at <= %(at)s THEN EXCLUDED.ends_at ELSE tally.ends_at END
    RETURNING count, ends_at
"""


def count(limit: Limit, whom: str, at: datetime) -> None:
    """Count one more for somebody, at the real moment. Refuses once the limit is passed, and says when to try again."""
    key = salted_hmac("accounts.limits", f"{limit.name}:{whom}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, {"key": key, "at": at, "ends": at + limit.within})
        times, ends_at = cursor.fetchone()
    if times > limit.times:
        seconds = max(1, round((ends_at - at).total_seconds()))
        raise Refused("too_many", limit.message, retry_after=seconds)


def sweep(at: datetime) -> int:
    """Drop the counters whose window is over. Safe at any time; the tick calls it. Returns how many."""
    dropped, _kinds = Tally.objects.filter(ends_at__lte=at).delete()
    return dropped
