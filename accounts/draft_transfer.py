"""Transfer of a form draft to another browser: stored for an hour under a six-digit code.

The other browser needs the person's own link to the same item and the code, which only the page of the first
browser shows. A draft is no business fact: it is kept in the cache and lost with it.
"""

from datetime import timedelta
from typing import Any

from django.core.cache import cache

from accounts.models import ActionLink
from accounts.tokens import code_digest, new_code

DRAFT_LIFETIME = timedelta(minutes=60)


def save_draft(link: ActionLink, values: dict[str, Any]) -> str:
    """Keep the values of a form for the link's person and item. Return the code that opens them."""
    code = new_code()
    cache.set(_key(link, code), values, DRAFT_LIFETIME.total_seconds())
    return code


def load_draft(link: ActionLink, code: str) -> dict[str, Any] | None:
    """Return the stored values of a draft by its code, for the link's person and item, or None."""
    found: dict[str, Any] | None = cache.get(_key(link, code))
    return found


def _key(link: ActionLink, code: str) -> str:
    whose = f"draft:{link.user_id}:{link.thing_label}:{link.thing_id}"
    return f"draft:{code_digest(code, whose)}"
