"""The migrations can be reversed and run again."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from config.local_stack.paths import DataPaths

OURS = ("accounts", "partners", "procurement", "workflow")
SCHEMA = """
    SELECT 'column', table_name, concat_ws(' ', column_name, udt_name, character_maximum_length, is_nullable, column_default,
           numeric_precision, numeric_scale, is_identity)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
NAME = "undone"


def schema() -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return set(cursor.fetchall())


@pytest.fixture
def empty_database(migrated: str | None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The connection leads to an empty database while the test lasts."""
    if migrated is None:
        pytest.skip("A server that was brought along gets no other databases.")
    places, before = DataPaths.from_data_dir(os.environ["DATA_DIR"]), connection.settings_dict["NAME"]
    with psycopg.connect(places.database_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        with django_db_blocker.unblock():
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with psycopg.connect(places.database_url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {NAME}")


@pytest.mark.every_way
def test_migrations_can_be_reversed_and_run_again(empty_database: None) -> None:
    call_command("migrate", verbosity=0)
    built = schema()
    tables = {model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()}
    assert tables <= {table for kind, table, _text in built if kind == "column"}
    for app in ("procurement", "partners", "workflow"):
        call_command("migrate", app, "zero", verbosity=0)
    left = {table for kind, table, _text in schema() if kind == "column"}
    assert not any(table.startswith(("procurement_", "partners_", "workflow_")) for table in left)
    call_command("migrate", verbosity=0)
    assert schema() == built
