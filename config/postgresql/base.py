"""Django's PostgreSQL backend; a new connection begins with our limits.

They are set by a statement: a pooler such as PgBouncer refuses or ignores those that stand in the start of a connection.
"""

import re
from typing import Any

from django.db.backends.postgresql import base

# A lock that is not had in three seconds is a sentence to the user, not a hung page (reliability.md, section 2).
# A list joins up to a dozen names to its rows by their keys. To weigh every order of eight of these joins takes PostgreSQL 17 ms, to
# read the rows 1 ms; of four, 1 ms and 1 ms. Nor is anything here worth compiling.
LIMITS = {
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "60s",
    "join_collapse_limit": "4",
    "jit": "off",
}


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection with our limits; what the operator sets by `options` in DATABASE_URL counts instead."""

    def init_connection_state(self) -> None:
        """Set the limits once the connection is made."""
        super().init_connection_state()
        connection: Any = self.connection
        given = _named(self.settings_dict["OPTIONS"].get("options", ""))
        ours = [
            f"set_config('{name}', '{value}', false)" for name, value in LIMITS.items() if name not in given
        ]
        if ours:
            connection.execute(f"SELECT {', '.join(ours)}")
        if not self.get_autocommit():
            connection.commit()


def _named(options: str) -> set[str]:
    """The settings that the start of a connection names: `-c name=value` and `--name=value`."""
    return {name.replace("-", "_").lower() for name in re.findall(r"(?:-c\s*|--)([\w.-]+)=", options)}
