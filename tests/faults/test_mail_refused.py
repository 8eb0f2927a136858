"""A mail server that refuses, hangs or disconnects: no message is lost.

It refuses some recipients for now and one for good, hangs, and disconnects after the content.
"""

from collections import Counter

import pytest

from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for
from tests.smtp import WORST

pytestmark = pytest.mark.fault
MESSAGES = 60


@pytest.mark.every_way
def test_no_message_is_lost_when_mail_server_refuses_hangs_or_drops(installation: Installation) -> None:
    installation.ask("UPDATE workflow_message SET state = 'cancelled' WHERE state = 'planned' RETURNING 1")
    before = {row[0] for row in installation.ask("SELECT id::text FROM workflow_message")}
    installation.run("-m", "tests.faults.many_rows", "plan", str(MESSAGES))
    with installation.mail_server(worst=True), installation.beat(), installation.worker(processes=3):

        def over() -> bool:
            """Make every postponed message due at once; return True if none is left."""
            installation.ask(
                "UPDATE workflow_message SET next_try_at = now() WHERE state = 'planned' RETURNING 1"
            )
            open_ones = "SELECT count(*) FROM workflow_message WHERE state IN ('planned', 'sending')"
            return bool(installation.ask(open_ones)[0][0] == 0)

        assert wait_for(over, 180, every=0.5), "something is still in transit"
        arrived = Counter(
            number.strip("<>").partition("@")[0] for number in installation.arrived_message_ids()
        )
    states = {
        pk: state
        for pk, state in installation.ask("SELECT id::text, state FROM workflow_message")
        if pk not in before
    }
    counted = Counter(states.values())
    lost = [pk for pk, state in states.items() if state == "sent" and pk not in arrived]
    most = max(arrived.values())
    text = ", ".join(f"{state} {number}" for state, number in sorted(counted.items()))
    record_result(
        "mail: 451, 550, hung, dropped after DATA",
        f"{MESSAGES} messages: {text}; lost {len(lost)}, at most {most} times",
    )
    assert not lost
    assert counted["failed"] == WORST["rcpt 550"]
    assert counted["uncertain"] == WORST["hang"]
    assert counted["sent"] == MESSAGES - counted["failed"] - counted["uncertain"]
    assert most <= 2
