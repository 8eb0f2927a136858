"""Upgrading a register from before agreements were confirmed by both cities: what came with the program goes on to give rights."""

from importlib import import_module

import pytest
from django.db import connection

from partners.actions.register import twin
from partners.actions.ties import end_twinning
from partners.models.ties import Twinning
from partners.rules.powers import powers_of
from tests import world
from tests.world import NOW, Role

pytestmark = pytest.mark.django_db


def upgraded() -> None:
    """As the migration finds and leaves it."""
    Twinning.objects.update(confirmed_a=False, confirmed_b=False)
    migration = import_module("partners.migrations.0009_confirmed_ties").Migration
    sql = [one.sql for one in migration.operations if hasattr(one, "sql")]
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)


def confirmed(tie: Twinning) -> tuple[bool, bool]:
    tie.refresh_from_db()
    return tie.confirmed_a, tie.confirmed_b


def reaches(place: str, other: str) -> bool:
    return (
        world.city(other).pk in powers_of(world.member(Role.OFFICER, world.city(place)), via="session").twins
    )


def test_what_the_register_brought_and_was_in_force_gives_rights_and_what_somebody_entered_waits():
    loaded, over = world.twinning("burnaby", "zhongshan"), world.twinning("markham", "foshan")
    entered = twin(
        world.city("burnaby"), world.city("huaian"), kind="sister", source_url="https://register.example/a",
        by=world.powers(Role.ADMINISTRATOR, world.city("burnaby")), at=NOW,
    )  # fmt: skip
    end_twinning(over, why="terminated", by=world.powers(Role.COORDINATOR), at=NOW, reason="vote")
    upgraded()
    assert [confirmed(tie) for tie in (loaded, over, entered)] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    assert reaches("burnaby", "zhongshan")
    assert not reaches("burnaby", "huaian")
