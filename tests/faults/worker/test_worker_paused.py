"""A sender that is paused for longer than its lease does not send its message, because another sender has done so."""

import signal
import time

import pytest

from tests.faults.figures import record_result
from tests.faults.installation import LEASE, Installation, wait_for

pytestmark = pytest.mark.fault


@pytest.fixture(autouse=True)
def only_ours(installation: Installation) -> None:
    """Create one due message, and cancel those that other tests left."""
    # A message that a killed worker held would come due during this test, when its lease ends.
    installation.ask(
        "UPDATE workflow_message SET state = 'cancelled', claim = NULL, leased_until = NULL "
        "WHERE state IN ('planned', 'sending') RETURNING 1"
    )
    installation.run("-m", "tests.faults.many_rows", "plan", "1")


def pause_and_take_over(installation: Installation, *line: str) -> tuple[int, bool]:
    """Pause a sender and let another send its message.

    Return how often the message arrived, and True if the other sender's mark is unchanged.
    """
    gate = installation.gate()
    with installation.mail_server(), installation.running(*line) as sender:
        assert wait_for(gate.knocked.exists, 60), "no one came to send it"
        sender.send(signal.SIGSTOP)
        gate.open()
        time.sleep(LEASE + 1)
        installation.manage("tick")
        marked = "SELECT sent_at FROM workflow_message WHERE state = 'sent' ORDER BY sent_at DESC LIMIT 1"
        before = installation.ask(marked)
        sender.send(signal.SIGCONT)
        assert wait_for(sender.ended, 60)
        return len(installation.arrived_message_ids()), installation.ask(marked) == before


@pytest.mark.every_way
def test_paused_worker_with_lost_claim_neither_sends_nor_marks_message(installation: Installation) -> None:
    arrived, kept = pause_and_take_over(installation, "manage.py", "tick")
    record_result(
        "worker paused beyond its lease",
        f"the message arrived {arrived} time; the stale mark was refused: {kept}",
    )
    assert arrived == 1
    assert kept


@pytest.mark.every_way
def test_control_paused_worker_that_ignores_lost_claim_sends_twice(installation: Installation) -> None:
    arrived, _kept = pause_and_take_over(installation, "-m", "tests.faults.many_rows", "unfenced")
    record_result("  control: claimed once, never looked at again", f"the message arrived {arrived} times")
    assert arrived == 2
