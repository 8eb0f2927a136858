"""Fixtures for one migrated database, which each of pytest's processes copies.

On an external server only the tests' own databases are touched, and each is migrated separately.
"""

import fcntl
import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from config.local_stack.paths import DataPaths

NAME = "migrated"


@pytest.fixture(scope="session")
def migrated(django_db_blocker: DjangoDbBlocker) -> str | None:
    """Return the address of the migrated database, or None on an external server."""
    places = DataPaths.from_data_dir(os.environ["DATA_DIR"])
    if os.environ["DATABASE_URL"] != places.database_url:
        return None
    with (places.data_dir / NAME).open("ab") as done:
        fcntl.flock(done, fcntl.LOCK_EX)
        if not os.fstat(done.fileno()).st_size:
            with psycopg.connect(places.database_url, autocommit=True) as server:
                server.execute(f"CREATE DATABASE {NAME}")
            with django_db_blocker.unblock():
                _migrate()
            done.write(b"done")
    return urlsplit(places.database_url)._replace(path=f"/{NAME}").geturl()


def _migrate() -> None:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
    finally:
        connection.close()  # PostgreSQL copies only a database without connections
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: str | None
) -> None:
    """Make Django copy the migrated database for this process; `migrate` then finds nothing left to do."""
    if migrated:
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME
