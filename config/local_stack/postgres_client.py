"""Access to the bundled PostgreSQL as a client.

Separate from postgres.py, which starts the server and needs no client library.
"""

import psycopg

from config.local_stack.paths import DATABASE_NAME, DATABASE_USER, DataPaths


def create_database(paths: DataPaths) -> None:
    """Create the product's database if the cluster does not have it yet."""
    folder = str(paths.postgres_socket.parent)
    with psycopg.connect(host=folder, user=DATABASE_USER, dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
        if not known:
            connection.execute(f"CREATE DATABASE {DATABASE_NAME}")


def accepts_connections(paths: DataPaths) -> bool:
    """Return True if the server takes connections.

    Checks the server's own status file first, because the server logs a complaint about an early connection.
    """
    try:
        lines = (paths.postgres_dir / "postmaster.pid").read_text().split("\n")
        if len(lines) < 8 or lines[7].strip() != "ready":
            return False
        with psycopg.connect(
            host=str(paths.postgres_socket.parent), user=DATABASE_USER, dbname="postgres", connect_timeout=2
        ):
            return True
    except (OSError, psycopg.OperationalError):
        return False
