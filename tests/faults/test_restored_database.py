"""Backup, loss and restore of an installation by the commands of docs/operations.md.

The restored journal ends with the head of its hash chain that the backup names, and no message that is marked
as sent goes out again.
"""

import os
import shutil
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from config.local_stack.paths import DATABASE_NAME
from config.local_stack.postgres import POSTGRES_BIN_DIR
from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for
from tests.faults.test_redis_lost import flush

pytestmark = [pytest.mark.fault, pytest.mark.every_way]  # a minute
MESSAGES, FIRST = 90, 30


def kill_after_sending(installation: Installation, count: int) -> list[str]:
    """Kill a worker as soon as so many messages have arrived; return the Message-IDs that arrived."""
    with installation.mail_server(0.02), installation.beat(), installation.worker():
        assert wait_for(lambda: installation.arrival_count() >= count, 120), "no mail goes out"
    return installation.arrived_message_ids()


def send_all(installation: Installation) -> list[str]:
    """Run the periodic job until nothing waits; return the Message-IDs that arrived.

    Messages that a killed worker held come due again meanwhile.
    """
    with installation.mail_server(), installation.running("manage.py", "tick", "--loop"):
        assert wait_for(lambda: is_all_done(installation), 120, every=0.2), "it goes on and on"
    return installation.arrived_message_ids()


def plan_messages(installation: Installation, count: int) -> None:
    """Create so many more due messages."""
    installation.run("-m", "tests.faults.many_rows", "plan", str(count))


def is_all_done(installation: Installation) -> bool:
    """Return True if no message waits to be sent and no journal entry waits for a seal."""
    waiting = "SELECT count(*) FROM workflow_message WHERE state IN ('planned', 'sending')"
    unsealed = "SELECT count(*) FROM workflow_unsealedentry"
    return sum(int(installation.ask(query)[0][0]) for query in (waiting, unsealed)) == 0


def back_up(installation: Installation) -> Path:
    """Write a backup and return its path."""
    installation.environ["PATH"] = f"{POSTGRES_BIN_DIR}{os.pathsep}{os.environ['PATH']}"
    return Path(installation.manage("backup").partition(": ")[0])


def wipe(installation: Installation) -> None:
    """Replace the database by an empty one, delete the files and flush Redis, as on a new machine."""
    folder = str(installation.places.postgres_socket.parent)
    with psycopg.connect(host=folder, user="twinlane", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {DATABASE_NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
    shutil.rmtree(Path(installation.environ["DATA_DIR"], "files"))
    flush(installation)


def restore(installation: Installation, backup: Path) -> str:
    """Restore a backup as docs/operations.md describes; return what the command says."""
    said = installation.manage("restore", "--here", str(backup))
    installation.manage("migrate", "-v0")
    return said


def test_mails_sent_before_backup_are_not_sent_again_after_restore(
    installation: Installation,
) -> None:
    installation.ask("UPDATE workflow_message SET state = 'cancelled' WHERE state = 'planned' RETURNING 1")
    plan_messages(installation, FIRST)
    arrived = send_all(installation)
    plan_messages(installation, MESSAGES - FIRST)
    arrived += kill_after_sending(installation, FIRST // 2)
    head = installation.manage("verify_journal").rpartition(" ")[2]
    stored = Path(installation.environ["DATA_DIR"], "files/a/stored")
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"a clean file")
    backup = back_up(installation)
    known = {pk for (pk,) in installation.ask("SELECT id::text FROM workflow_message WHERE state = 'sent'")}
    arrived += send_all(installation)

    wipe(installation)
    said = restore(installation, backup)
    arrived += send_all(installation)
    times = Counter(number.strip("<>").partition("@")[0] for number in arrived)

    marked = [pk for pk in times if pk in known]
    again = [pk for pk in marked if times[pk] > 1]
    unmarked = [pk for pk in times if pk not in known and times[pk] > 1]
    record_result(
        "backup, loss, restore",
        f"{MESSAGES} messages: chain valid against the noted head; {len(marked)} marked as sent in the backup, "
        f"{len(again)} of them again; lost {MESSAGES - len(times)}; sent once more, since after the backup: "
        f"{len(unmarked)}",
    )
    assert head in said
    assert stored.read_bytes() == b"a clean file"
    assert len(marked) >= FIRST
    assert again == []
    assert len(times) == MESSAGES
    # Control: a mail that was marked after the backup is sent once more and is counted.
    assert unmarked
