"""What an API token may be used for. A scope narrows what its owner may do; it never adds to it."""

from collections.abc import Collection

READ = "read"
WRITE = "write"
ALL = frozenset({READ, WRITE})

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def allow(scopes: Collection[str], method: str) -> bool:
    """Whether these scopes cover an HTTP method: reading needs `read`, everything else `write`."""
    return (READ if method in _SAFE else WRITE) in scopes
