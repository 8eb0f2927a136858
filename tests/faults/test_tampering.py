"""A superuser changes sealed entries many times, past every trigger: each change is found, cut ends included."""

import os
import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.actors import CONSOLE
from tests import world
from tests.faults.figures import note
from workflow.journal import entries, seals
from workflow.journal.seals import digest_of
from workflow.models.journal import Entry, Seal

pytestmark = [pytest.mark.fault, pytest.mark.django_db]
CHANGES = 1_000 if os.environ.get("FULL_FAULTS") else 150  # a thousand in `make faults`
ENTRIES, UNDER_ONE_SEAL = 60, 10
COLUMNS = [
    field.column
    for field in Entry._meta.concrete_fields
    if field.column not in ("id", "announced_at", "by_id")
]
# How to change a value of each type into another one.
OTHER = {
    "CharField": "{0} || 'x'",
    "TextField": "{0} || 'x'",
    "BigIntegerField": "coalesce({0}, 0) + 1",
    "DateTimeField": "{0} + interval '1 us'",
    "JSONField": "{0} || '{{\"x\": 1}}'",
}


def as_superuser(statement: str, *values: object) -> None:
    """No trigger and no foreign key holds who has all rights over the database."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def change(dice: random.Random) -> None:
    """One fact of one entry, by as little as its type allows."""
    column = dice.choice(COLUMNS)
    other = OTHER[Entry._meta.get_field(column).get_internal_type()].format(f'"{column}"')
    as_superuser(f'UPDATE workflow_entry SET "{column}" = {other} WHERE id = %s', dice.choice(sealed()))


def remove(dice: random.Random) -> None:
    """One entry."""
    as_superuser("DELETE FROM workflow_entry WHERE id = %s", dice.choice(sealed()))


def slip_in(dice: random.Random) -> None:
    """A copy of an entry under a number that was free."""
    columns = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields if field.column != "id")
    query = (
        f"INSERT INTO workflow_entry (id, {columns}) SELECT %s, {columns} FROM workflow_entry WHERE id = %s"
    )
    as_superuser(query, -dice.randrange(1, 10**6), dice.choice(sealed()))


def swap(dice: random.Random) -> None:
    """What two entries say, told of each other."""
    one, two = dice.sample(sealed(), 2)
    query = """
        UPDATE workflow_entry a SET verb = b.verb, reason = b.reason FROM workflow_entry b
        WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))
    """
    as_superuser(query, one, two, two, one)


def cut_the_end(dice: random.Random) -> None:
    """The last seals with all they cover, so that what is left fits."""
    kept = dice.randrange(Seal.objects.count())
    last = list(Seal.objects.order_by("pk"))[kept:]
    as_superuser(
        "DELETE FROM workflow_entry WHERE id = ANY(%s)", [pk for link in last for pk in link.entry_ids]
    )
    as_superuser("DELETE FROM workflow_seal WHERE id = ANY(%s)", [link.pk for link in last])


def seal_anew(dice: random.Random) -> None:
    """An entry changed, and every digest from there on made to fit."""
    changed = dice.choice(sealed())
    as_superuser("UPDATE workflow_entry SET reason = reason || 'x' WHERE id = %s", changed)
    previous = ""
    for link in Seal.objects.order_by("pk"):
        entries = Entry.objects.in_bulk(link.entry_ids)
        link.previous = previous
        link.entry_digests = [digest_of(entries[pk]) for pk in link.entry_ids]
        previous = seals.chained(link)
        query = "UPDATE workflow_seal SET previous = %s, entry_digests = %s, digest = %s WHERE id = %s"
        as_superuser(query, link.previous, link.entry_digests, previous, link.pk)


def sealed() -> list[int]:
    return list(Entry.objects.order_by("pk").values_list("pk", flat=True))


WAYS: list[Callable[[random.Random], None]] = [change, remove, slip_in, swap, cut_the_end, seal_anew]


def found(way: Callable[[random.Random], None], dice: random.Random, head: str) -> bool:
    """Whether verifying sees what was done; it is undone afterwards."""
    with transaction.atomic():
        way(dice)
        problem = seals.verify(head).problem
        transaction.set_rollback(True)
    return problem != ""


@pytest.fixture
def head() -> str:
    """Sixty entries under six seals; the head as somebody noted it."""
    person = world.user()
    for number in range(ENTRIES - 1):
        entries.record(person, f"step {number}", by=CONSOLE, at=world.NOW, reason=f"because {number}")
    while seals.seal(UNDER_ONE_SEAL):
        continue
    assert seals.verify(seals.head()).problem == ""
    return seals.head()


def test_a_thousand_changes_are_found(head: str) -> None:
    dice = random.Random(2020)
    done, seen = Counter[str](), Counter[str]()
    for number in range(CHANGES):
        way = WAYS[number % len(WAYS)]
        done[way.__name__] += 1
        seen[way.__name__] += found(way, dice, head)
    told = ", ".join(f"{name.replace('_', ' ')} {seen[name]} of {times}" for name, times in done.items())
    note("sealed entries changed by a superuser", f"{CHANGES} changes, {sum(seen.values())} found: {told}")
    assert seals.verify(head).problem == "", "each was undone"
    assert seen == done


def test_without_the_noted_head_a_cut_end_and_a_new_seal_are_not_seen(head: str) -> None:
    dice = random.Random(2020)
    assert not found(cut_the_end, dice, "")
    assert not found(seal_anew, dice, "")
    note("  control: no head was noted", "a cut end and a chain sealed anew are not seen")
