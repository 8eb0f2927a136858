"""A database on which all migrations have been run, once for all of pytest's processes: each begins with a copy of it.

On a server that was brought along nothing is touched but the tests' own databases, and each is migrated by itself.
"""

import fcntl
import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from config.embedded.places import Places

NAME = "migrated"


@pytest.fixture(scope="session")
def migrated(django_db_blocker: DjangoDbBlocker) -> str | None:
    """Its address; None where there is no such database."""
    places = Places.of(os.environ["DATA_DIR"])
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
        connection.close()  # PostgreSQL copies what nobody uses
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: str | None
) -> None:
    """Before Django makes this process's database: of what it is a copy. `migrate` then finds all of it done."""
    if migrated:
        connection.settings_dict["TEST"]["TEMPLATE"] = NAME
