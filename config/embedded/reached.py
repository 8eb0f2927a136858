"""The bundled PostgreSQL as its clients find it. Apart from how it is started, which needs no client's library."""

import psycopg

from config.embedded.places import DATABASE, USER, Places


def create_database(places: Places) -> None:
    """Make the product's database if the cluster does not hold it yet."""
    folder = str(places.postgres_socket.parent)
    with psycopg.connect(host=folder, user=USER, dbname="postgres", autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def answers(places: Places) -> bool:
    """Does the server take connections by now? Asked of its own file first: one that is asked too early complains."""
    try:
        said = (places.postgres / "postmaster.pid").read_text().split("\n")
        if len(said) < 8 or said[7].strip() != "ready":
            return False
        with psycopg.connect(
            host=str(places.postgres_socket.parent), user=USER, dbname="postgres", connect_timeout=2
        ):
            return True
    except (OSError, psycopg.OperationalError):
        return False
