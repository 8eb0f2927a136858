"""PostgreSQL's own pg_dump and pg_restore on this instance's database, and a scratch database for a test restore."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from workflow.backup.errors import BackupError

# Parameters of the connection that the tools take as well; the password goes by their environment, which no one else sees.
_SHARED = frozenset({
    "host", "port", "user", "dbname", "passfile", "service", "sslmode", "sslrootcert", "sslcert", "sslkey",
})  # fmt: skip


def _parameters() -> dict[str, Any]:
    return {
        name: value for name, value in connection.get_connection_params().items() if value not in (None, "")
    }


def _connection_string(database: str = "") -> str:
    """Return the connection string of this instance's database, or of another one on its server, without password."""
    shared = {name: value for name, value in _parameters().items() if name in _SHARED}
    return make_conninfo(**shared | ({"dbname": database} if database else {}))


def _run(tool: str, *line: str) -> None:
    environ = os.environ | {"PGPASSWORD": str(_parameters().get("password", ""))}
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            [tool, *line], env=environ, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(f"{tool} is not installed. Install PostgreSQL's client programs.") from error
    if done.returncode:
        raise BackupError(f"{tool}: {done.stderr.strip()}")


def dump_database(target: Path) -> None:
    """Write the whole database to a file in PostgreSQL's custom format."""
    _run("pg_dump", "--format", "custom", "--file", str(target), "--dbname", _connection_string())


def has_tables() -> bool:
    """Return True if this instance's database has a table."""
    return bool(connection.introspection.table_names())


def restore_database(dumped: Path, database: str = "") -> None:
    """Fill an empty database, by default this instance's own, from a dump: completely or not at all."""
    line = ("--no-owner", "--single-transaction", "--dbname", _connection_string(database))
    _run("pg_restore", *line, str(dumped))


@contextmanager
def scratch_database() -> Iterator[str]:
    """Create an empty database on the same server, yield its name and drop it."""
    name = f"twinlane_check_{secrets.token_hex(4)}"
    named = sql.Identifier(name)
    parameters = {name: value for name, value in _parameters().items() if name in (*_SHARED, "password")}
    with psycopg.connect(**parameters, autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(named))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(
                "This role may not create a database for the test restore. As a superuser: ALTER ROLE twinlane CREATEDB."
            ) from error
        try:
            yield name
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))


def database_url(database: str) -> str:
    """Return the DATABASE_URL of another database on the same server."""
    facts = _parameters()
    known = {name: str(facts[name]) for name in _SHARED - {"dbname"} if name in facts}
    query = urlencode(
        known | ({"password": facts["password"]} if facts.get("password") else {}), quote_via=quote
    )
    return f"postgresql:///{database}?{query}"


def stored_files(database: str) -> dict[str, str]:
    """Return the SHA-256 that the rows of another database note for each stored file, by its path."""
    facts = {name: value for name, value in _parameters().items() if name in (*_SHARED, "password")}
    query = "SELECT stored, coalesce(nullif(kept_sha256, ''), uploaded_sha256) FROM workflow_file WHERE stored <> ''"
    with psycopg.connect(**facts | {"dbname": database}) as copy:
        return dict(copy.execute(query).fetchall())
