"""Scopes of an API token. A scope limits what the token's owner may do; it never adds to it."""

from collections.abc import Collection

READ = "read"
WRITE = "write"
ALL_SCOPES = frozenset({READ, WRITE})

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_allowed(scopes: Collection[str], method: str) -> bool:
    """Return True if the scopes cover this HTTP method: safe methods need `read`, all others `write`."""
    return (READ if method in _SAFE else WRITE) in scopes
