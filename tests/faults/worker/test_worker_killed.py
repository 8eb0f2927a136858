"""A worker is killed many times while messages are due: none is lost, and hardly any is sent twice.

`make faults` kills sixty times over three thousand messages; the usual run does less.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for
from tests.lanes import FULL

_random = secrets.SystemRandom()
pytestmark = pytest.mark.fault
MESSAGES, KILLS = (3_000, 60) if FULL else (500, 3)
CONTROL_MESSAGES, CONTROL_KILLS = 150, 5
SECONDS_PER_RECIPIENT = 0.08  # seconds the mail server takes for each recipient, as real ones do for lookups


# Messages that rows.py plans, found by their journal entries, because a mail gets its text only when it is sent. Other tests
# leave messages of their own in this database.
IS_ABOUT_COMMENT = (
    "entry_id IN (SELECT id FROM workflow_entry WHERE thing_label = 'accounts.user' AND verb = 'comment')"
)


def outcome(installation: Installation, messages: int) -> tuple[int, int, int]:
    """Return the numbers of messages that were lost, came twice, and came more often."""
    ours = {
        f"<{pk}@localhost>"
        for (pk,) in installation.ask(f"SELECT id FROM workflow_message WHERE {IS_ABOUT_COMMENT}")
    }
    times = Counter(
        Counter(number for number in installation.arrived_message_ids() if number in ours).values()
    )
    arrived = sum(times.values())
    return messages - arrived, times[2], sum(n for often, n in times.items() if often > 2)


def kill_evenly(installation: Installation, kills: int, messages: int, kill: Callable[[int], object]) -> None:
    """Call `kill` each time another equal share of the messages has arrived."""
    for number in range(kills):
        share = (number + 1) * messages // (kills + 1)
        assert wait_for(lambda share=share: installation.arrival_count() >= share, 120), (
            "the senders stand still"
        )
        time.sleep(
            _random.uniform(0, 0.3)
        )  # a random moment of the sender's round, not always right after an arrival
        kill(number)


def test_killed_worker_loses_no_message(installation: Installation) -> None:
    installation.run("-m", "tests.faults.many_rows", "plan", str(MESSAGES))
    with (
        installation.mail_server(SECONDS_PER_RECIPIENT),
        installation.beat(),
        installation.worker(processes=6) as worker,
    ):

        def kill(number: int) -> None:
            """Kill a process of the pool; every tenth time kill and restart the whole worker."""
            if number % 10 == 9:
                worker.kill()
                worker.start()
            else:
                wait_for(lambda: worker.kill_a_child(number), 10)

        kill_evenly(installation, KILLS, MESSAGES, kill)
        pending = f"SELECT count(*) FROM workflow_message WHERE {IS_ABOUT_COMMENT} AND state IN ('planned', 'sending')"
        assert wait_for(lambda: installation.ask(pending)[0][0] == 0, 300, every=0.5), (
            "something was left behind"
        )
        lost, twice, more = outcome(installation, MESSAGES)
    uncertain = installation.ask("SELECT count(*) FROM workflow_message WHERE state = 'uncertain'")[0][0]
    record_result(
        "worker killed -9",
        (
            f"{KILLS} kills, {MESSAGES} messages: lost {lost}, twice {twice}, more often {more}, uncertain "
            f"{uncertain}"
        ),
    )
    assert lost == 0
    assert more == 0
    assert twice <= MESSAGES * 0.002


@pytest.mark.every_way
def test_control_worker_that_marks_before_sending_loses_messages_when_killed(
    installation: Installation,
) -> None:
    installation.run("-m", "tests.faults.many_rows", "plan", str(CONTROL_MESSAGES))
    with (
        installation.mail_server(SECONDS_PER_RECIPIENT),
        installation.running("-m", "tests.faults.many_rows", "marks_first") as sender,
    ):

        def kill(number: int) -> None:
            sender.kill()
            sender.start()

        kill_evenly(installation, CONTROL_KILLS, CONTROL_MESSAGES, kill)
        assert wait_for(sender.ended, 60)
        lost, twice, _more = outcome(installation, CONTROL_MESSAGES)
    record_result(
        "  control: mark, then send",
        f"{CONTROL_KILLS} kills, {CONTROL_MESSAGES} messages: lost {lost}, twice {twice}",
    )
    assert lost > 0
