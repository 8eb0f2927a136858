"""Django's PostgreSQL backend, which limits lock waits, idle transactions and planning on each new connection.

A statement sets them, because a pooler such as PgBouncer refuses or ignores settings given when a
connection starts.
"""

import re
from typing import Any

from django.db.backends.postgresql import base

# After three seconds without a lock, the user gets a sentence, not a hung page.
# A list joins up to a dozen tables of names by their keys. PostgreSQL needs 17 ms to compare every order of eight joins and 1 ms
# to read the rows; with four, 1 ms and 1 ms. No query here is worth compiling.
CONNECTION_LIMITS = {
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "60s",
    "join_collapse_limit": "4",
    "jit": "off",
}


class DatabaseWrapper(base.DatabaseWrapper):
    """Connection with the settings of `CONNECTION_LIMITS`.

    A value that the operator sets by `options` in DATABASE_URL replaces that of `CONNECTION_LIMITS`.
    """

    def init_connection_state(self) -> None:
        """Set the limits once the connection is made."""
        super().init_connection_state()
        connection: Any = self.connection
        given = _named(self.settings_dict["OPTIONS"].get("options", ""))
        ours = [
            f"set_config('{name}', '{value}', false)"
            for name, value in CONNECTION_LIMITS.items()
            if name not in given
        ]
        if ours:
            connection.execute(f"SELECT {', '.join(ours)}")
        if not self.get_autocommit():
            connection.commit()


def _named(options: str) -> set[str]:
    """Return the names of the settings in the connection options: `-c name=value` and `--name=value`."""
    return {name.replace("-", "_").lower() for name in re.findall(r"(?:-c\s*|--)([\w.-]+)=", options)}
