"""The tables import nothing of the product, so that a wrong rule cannot agree with itself."""

import ast
from pathlib import Path

import pytest
from django.apps import apps

from tests.rights.broken_rules import RULES, broken_source
from workflow.journal.hash_chain import seal_entries

TABLES = sorted(Path(__file__).parent.rglob("*table.py"))


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_permission_table_imports_only_other_tables(table):
    tree = ast.parse(table.read_text(encoding="utf-8"))
    named = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    near = {f"tests.rights.moves.{path.stem}" for path in TABLES}
    assert named <= {"typing", "tests.rights.reading_rights_table", "tests.rights.moves", *near}


def test_permission_tables_exist_for_rows_pages_actions_api_and_links():
    assert {path.name for path in TABLES} == {
        *("reading_rights_table.py", "rows_table.py", "pages_table.py", "api_table.py", "links_table.py"),
        *(
            "moves_table.py",
            "shipments_table.py",
            "verbs_table.py",
            "moves_without_address_table.py",
            "moves_in_memory_table.py",
        ),
        "correspondence_table.py",
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.module}.{rule.function}")
def test_condition_removed_by_mutation_of_access_rule_is_in_source(rule):
    ast.parse(broken_source(rule))


@pytest.mark.django_db
@pytest.mark.xdist_group("rights")
def test_every_row_of_test_world_has_nonempty_text(world):
    """The text of a row is shown in the admin, in logs and in choices."""
    while seal_entries():
        pass
    nameless = [
        (model._meta.label, row.pk)
        for model in apps.get_models()
        for row in model._base_manager.order_by("pk")[:3]
        if not str(row).strip()
    ]
    assert nameless == []
