"""A database that came here step by step is the one that a new installation begins with."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django.plugin import DjangoDbBlocker

from config.embedded.places import Places

OURS = ("accounts", "partners", "procurement", "workflow")
SCHEMA = """
    SELECT 'column', table_name, concat_ws(' ', column_name, udt_name, character_maximum_length, is_nullable, column_default,
           numeric_precision, numeric_scale, is_identity)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', tablename, regexp_replace(indexdef, '_[0-9a-f]{8}(_|\\M)', '_', 'g') FROM pg_indexes
    WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
STEPWISE = "stepwise"


def schema() -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA)
        return set(cursor.fetchall())


@pytest.fixture
def stepwise(migrated: str | None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The connection leads to an empty database while the test lasts."""
    if migrated is None:
        pytest.skip("A server that was brought along gets no other databases.")
    places, before = Places.of(os.environ["DATA_DIR"]), connection.settings_dict["NAME"]
    with psycopg.connect(places.database_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {STEPWISE}")
    connection.close()
    connection.settings_dict["NAME"] = STEPWISE
    try:
        with django_db_blocker.unblock():
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        with psycopg.connect(places.database_url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {STEPWISE}")


def one_by_one() -> MigrationExecutor:
    """Everything up to what a squashed migration replaces, as if there were none."""
    executor = MigrationExecutor(connection)
    executor.loader.replace_migrations = False
    executor.loader.build_graph()
    whole = [found for (app, _name), found in executor.loader.disk_migrations.items() if app in OURS]
    last = [found.replaces[-1] for found in whole if "squashed" in found.name]
    assert {app for app, _name in last} == set(OURS)
    others = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in OURS]
    executor.migrate([*others, *last])
    return executor


@pytest.mark.every_way
def test_what_came_step_by_step_is_what_a_new_installation_has(stepwise: None) -> None:
    one_by_one()
    call_command("migrate", verbosity=0)
    came = schema()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    assert came == schema()
    assert {model._meta.db_table for app in OURS for model in apps.get_app_config(app).get_models()} <= {
        table for kind, table, _said in came if kind == "column"
    }
