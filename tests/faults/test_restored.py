"""Dumped, lost, restored, by the commands of docs/operations.md: the journal fits its noted head, nothing marked as sent goes again."""

import subprocess
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from config.embedded.places import DATABASE
from config.embedded.postgres import BIN
from tests.faults.figures import note
from tests.faults.house import House, wait_for
from tests.faults.test_broker_lost import flush

pytestmark = [pytest.mark.fault, pytest.mark.every_way]  # a minute
MESSAGES, FIRST = 90, 30


def half_sent(house: House, count: int) -> list[str]:
    """The numbers that arrived: a worker sends and is killed as soon as so many did, without a word."""
    with house.mail_server(0.02), house.beat(), house.worker():
        assert wait_for(lambda: house.arrivals() >= count, 120), "no mail goes out"
    return house.arrived()


def all_sent(house: House) -> list[str]:
    """The numbers that arrived: it ticks until nothing waits; what a killed worker held is due again by then."""
    with house.mail_server(), house.running("manage.py", "tick", "--loop"):
        assert wait_for(lambda: is_all_done(house), 120, every=0.2), "it goes on and on"
    return house.arrived()


def planned(house: House, count: int) -> None:
    """So many more messages that are due."""
    house.run("-m", "tests.faults.rows", "plan", str(count))


def is_all_done(house: House) -> bool:
    """Whether nothing waits any more, neither for the mail server nor for a seal."""
    waiting = "SELECT count(*) FROM workflow_message WHERE state IN ('planned', 'claimed')"
    unsealed = "SELECT count(*) FROM workflow_unsealed"
    return sum(int(house.ask(query)[0][0]) for query in (waiting, unsealed)) == 0


def engine(house: House, tool: str, *line: str) -> None:
    """A tool of PostgreSQL's own on this installation's database."""
    subprocess.run([str(BIN / tool), *line, house.places.database_url], check=True, capture_output=True)


def wipe(house: House) -> None:
    """An empty database in place of the old one, as on a new machine; Redis has nothing either."""
    folder = str(house.places.postgres_socket.parent)
    with psycopg.connect(host=folder, user="twinlane", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    flush(house)


def restore(house: House, dump: Path, head: str) -> str:
    """As operations.md says; what the journal's check said."""
    engine(house, "pg_restore", "--no-owner", "--exit-on-error", str(dump), "--dbname")
    house.manage("migrate", "-v0")
    return house.manage("verify_journal", "--head", head)


def test_what_was_sent_before_the_dump_is_not_sent_again(house: House, tmp_path: Path) -> None:
    house.ask("UPDATE workflow_message SET state = 'cancelled' WHERE state = 'planned' RETURNING 1")
    planned(house, FIRST)
    arrived = all_sent(house)
    planned(house, MESSAGES - FIRST)
    arrived += half_sent(house, FIRST // 2)
    head = house.manage("verify_journal").rpartition(" ")[2]
    engine(house, "pg_dump", "--format", "custom", "--file", str(tmp_path / "twinlane.dump"))
    known = {pk for (pk,) in house.ask("SELECT id::text FROM workflow_message WHERE state = 'sent'")}
    arrived += all_sent(house)

    wipe(house)
    said = restore(house, tmp_path / "twinlane.dump", head)
    arrived += all_sent(house)
    times = Counter(number.strip("<>").partition("@")[0] for number in arrived)

    marked = [pk for pk in times if pk in known]
    again = [pk for pk in marked if times[pk] > 1]
    unmarked = [pk for pk in times if pk not in known and times[pk] > 1]
    note(
        "dump, wipe, restore",
        f"{MESSAGES} messages: chain valid against the noted head; {len(marked)} marked as sent in the dump, "
        f"{len(again)} of them again; lost {MESSAGES - len(times)}; sent once more, since after the dump: {len(unmarked)}",
    )
    assert head in said
    assert len(marked) >= FIRST
    assert again == []
    assert len(times) == MESSAGES
    # The control: a mail whose mark the dump does not hold is due once more, and is counted.
    assert unmarked
