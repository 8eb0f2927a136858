"""Many processes plan and send mail at once, without Redis: each journal entry leads to one mail."""

from collections import Counter
from contextlib import ExitStack

import pytest

from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for

pytestmark = pytest.mark.fault
ENTRIES, PLANNERS = 60, 4
IS_INVITATION = "template = 'invitation'"


@pytest.mark.every_way
def test_concurrent_planners_and_senders_make_one_mail_per_entry(installation: Installation) -> None:
    installation.run("-m", "tests.faults.many_rows", "invite", str(ENTRIES))
    with ExitStack() as stack:
        stack.enter_context(installation.mail_server())
        for number in range(2):
            stack.enter_context(installation.beat(f"schedule-{number}"))
        stack.enter_context(installation.worker(PLANNERS))
        stack.enter_context(installation.running("manage.py", "tick", "--loop"))
        sent = f"SELECT count(*) FROM workflow_message WHERE {IS_INVITATION} AND state = 'sent'"
        assert wait_for(lambda: installation.ask(sent)[0][0] >= ENTRIES, 120, every=0.5), "not all was sent"
        # The beats write entries of their own, which are announced later.
        wait_for(lambda: unannounced_count(installation) == 0, 60, every=0.5)
        ours = {
            f"<{row[0]}@localhost>"
            for row in installation.ask(f"SELECT id FROM workflow_message WHERE {IS_INVITATION}")
        }
        arrived = Counter(number for number in installation.arrived_message_ids() if number in ours)
    unannounced = unannounced_count(installation)
    text = (
        f"{ENTRIES} entries: {len(ours)} messages, {sum(arrived.values())} mails, {unannounced} entries left"
    )
    record_result("two beats, four planners and a runner at once", text)
    assert len(ours) == ENTRIES
    assert set(arrived) == ours
    assert set(arrived.values()) == {1}
    assert unannounced == 0


def unannounced_count(installation: Installation) -> int:
    """Return the number of journal entries whose messages are not yet made."""
    return int(installation.ask("SELECT count(*) FROM workflow_entry WHERE announced_at IS NULL")[0][0])


@pytest.mark.every_way
def test_control_senders_without_claim_send_mails_twice(installation: Installation) -> None:
    installation.run("-m", "tests.faults.many_rows", "plan", str(ENTRIES))
    with installation.mail_server(0.02), ExitStack() as stack:
        senders = [
            stack.enter_context(installation.running("-m", "tests.faults.many_rows", "unclaimed"))
            for _ in range(PLANNERS)
        ]
        assert wait_for(lambda: all(sender.ended() for sender in senders), 120)
        twice = sum(often > 1 for often in Counter(installation.arrived_message_ids()).values())
    record_result(
        "  control: send, then mark, no claim",
        f"{PLANNERS} senders, {ENTRIES} messages: more than once {twice}",
    )
    assert twice > 0
