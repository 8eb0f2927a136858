"""A superuser changes sealed journal entries past every trigger; verification finds each change, even at the end."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.actors import CONSOLE_ACTOR
from tests.faults.figures import record_result
from tests.lanes import FULL
from tests.worlds import cities
from workflow.journal import entries
from workflow.journal.hash_chain import chain_head, chained_digest, entry_digest, seal_entries, verify_chain
from workflow.journal.models import Entry, Seal

pytestmark = [pytest.mark.fault, pytest.mark.django_db]
CHANGES = 1_000 if FULL else 150  # `make faults` makes a thousand changes
ENTRIES, UNDER_ONE_SEAL = 60, 10
COLUMNS = [
    field.column
    for field in Entry._meta.concrete_fields
    if field.column not in ("id", "announced_at", "by_id")
]
# An SQL expression for each field type that gives another value.
OTHER_VALUE_SQL = {
    "CharField": "{0} || 'x'",
    "TextField": "{0} || 'x'",
    "BigIntegerField": "coalesce({0}, 0) + 1",
    "DateTimeField": "{0} + interval '1 us'",
    "JSONField": "{0} || '{{\"x\": 1}}'",
}


def as_superuser(statement: str, *values: object) -> None:
    """Run a statement without triggers and foreign keys, as a superuser can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def change(dice: random.Random) -> None:
    """Change one column of one entry, as little as its type allows."""
    column = dice.choice(COLUMNS)
    other = OTHER_VALUE_SQL[Entry._meta.get_field(column).get_internal_type()].format(f'"{column}"')
    as_superuser(f'UPDATE workflow_entry SET "{column}" = {other} WHERE id = %s', dice.choice(sealed()))


def remove(dice: random.Random) -> None:
    """Delete one entry."""
    as_superuser("DELETE FROM workflow_entry WHERE id = %s", dice.choice(sealed()))


def slip_in(dice: random.Random) -> None:
    """Insert a copy of an entry under a free id."""
    columns = ", ".join(f'"{field.column}"' for field in Entry._meta.concrete_fields if field.column != "id")
    query = (
        f"INSERT INTO workflow_entry (id, {columns}) SELECT %s, {columns} FROM workflow_entry WHERE id = %s"
    )
    as_superuser(query, -dice.randrange(1, 10**6), dice.choice(sealed()))


def swap(dice: random.Random) -> None:
    """Exchange verb and reason of two entries."""
    one, two = dice.sample(sealed(), 2)
    query = """
        UPDATE workflow_entry a SET verb = b.verb, reason = b.reason FROM workflow_entry b
        WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))
    """
    as_superuser(query, one, two, two, one)


def cut_the_end(dice: random.Random) -> None:
    """Delete the last seals and all entries under them, so that the rest fits."""
    kept = dice.randrange(Seal.objects.count())
    last = list(Seal.objects.order_by("pk"))[kept:]
    as_superuser(
        "DELETE FROM workflow_entry WHERE id = ANY(%s)", [pk for link in last for pk in link.entry_ids]
    )
    as_superuser("DELETE FROM workflow_seal WHERE id = ANY(%s)", [link.pk for link in last])


def reseal(dice: random.Random) -> None:
    """Change an entry and recompute every digest from there on."""
    changed = dice.choice(sealed())
    as_superuser("UPDATE workflow_entry SET reason = reason || 'x' WHERE id = %s", changed)
    previous = ""
    for link in Seal.objects.order_by("pk"):
        entries = Entry.objects.in_bulk(link.entry_ids)
        link.previous = previous
        link.entry_digests = [entry_digest(entries[pk]) for pk in link.entry_ids]
        previous = chained_digest(link)
        query = "UPDATE workflow_seal SET previous = %s, entry_digests = %s, digest = %s WHERE id = %s"
        as_superuser(query, link.previous, link.entry_digests, previous, link.pk)


def sealed() -> list[int]:
    return list(Entry.objects.order_by("pk").values_list("pk", flat=True))


TAMPERINGS: list[Callable[[random.Random], None]] = [change, remove, slip_in, swap, cut_the_end, reseal]


def found(way: Callable[[random.Random], None], dice: random.Random, head: str) -> bool:
    """Return True if verification finds the change; roll the change back."""
    with transaction.atomic():
        way(dice)
        problem = verify_chain(head).problem
        transaction.set_rollback(True)
    return problem != ""


@pytest.fixture
def head() -> str:
    """Return the head of a journal of sixty entries under six seals."""
    person = cities.user()
    for number in range(ENTRIES - 1):
        entries.record(person, f"step {number}", by=CONSOLE_ACTOR, at=cities.NOW, reason=f"because {number}")
    while seal_entries(UNDER_ONE_SEAL):
        continue
    assert verify_chain(chain_head()).problem == ""
    return chain_head()


def test_thousand_changes_to_sealed_journal_are_all_detected(head: str) -> None:
    dice = random.Random(2020)
    done, seen = Counter[str](), Counter[str]()
    for number in range(CHANGES):
        way = TAMPERINGS[number % len(TAMPERINGS)]
        done[way.__name__] += 1
        seen[way.__name__] += found(way, dice, head)
    text = ", ".join(f"{name.replace('_', ' ')} {seen[name]} of {times}" for name, times in done.items())
    record_result(
        "sealed entries changed by a superuser", f"{CHANGES} changes, {sum(seen.values())} found: {text}"
    )
    assert verify_chain(head).problem == "", "each was undone"
    assert seen == done


def test_control_cut_or_resealed_journal_is_undetected_without_noted_head(head: str) -> None:
    dice = random.Random(2020)
    assert not found(cut_the_end, dice, "")
    assert not found(reseal, dice, "")
    record_result("  control: no head was noted", "a cut end and a chain sealed anew are not seen")
