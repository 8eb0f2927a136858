"""Transfer of a form draft to another browser. The draft is stored for an hour under a six-digit code.

The other browser needs the person's own link to the same item and the code, which only the page of the first
browser shows. A draft is kept in the cache only, because losing one does no harm.
"""

from datetime import timedelta
from typing import Any

from django.core.cache import cache

from accounts.models import ActionLink
from accounts.tokens import code_digest, new_code

DRAFT_LIFETIME = timedelta(minutes=60)


def save_draft(link: ActionLink, values: dict[str, Any]) -> str:
    """Store the values of a form for the link's person and item, and return the code to load them."""
    code = new_code()
    cache.set(_cache_key(link, code), values, DRAFT_LIFETIME.total_seconds())
    return code


def load_draft(link: ActionLink, code: str) -> dict[str, Any] | None:
    """Return the values stored under this code for the link's person and item, or None."""
    values: dict[str, Any] | None = cache.get(_cache_key(link, code))
    return values


def _cache_key(link: ActionLink, code: str) -> str:
    owner = f"draft:{link.user_id}:{link.thing_label}:{link.thing_id}"
    return f"draft:{code_digest(code, owner)}"
