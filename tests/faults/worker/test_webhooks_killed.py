"""A worker is killed many times while events are made and sent: none is lost, and those of one object stay in order."""

import secrets
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.faults.figures import record_result
from tests.faults.installation import Installation, Victim, wait_for
from tests.lanes import FULL

_random = secrets.SystemRandom()
pytestmark = pytest.mark.fault
EVENTS, KILLS = (2_000, 60) if FULL else (150, 5)
SECONDS_PER_EVENT = 0.03  # that the receiving system takes for each
ENTRIES = (
    "SELECT id FROM workflow_entry WHERE thing_label = 'procurement.supplyrequest' AND verb IN ('stop', 'resume') "
    "AND city_id = (SELECT id FROM partners_city WHERE slug = 'markham')"
)
RECORDED = "SELECT entry_id FROM procurement_webhookdelivery WHERE state = 'delivered'"
WAITING = "SELECT count(*) FROM procurement_webhookdelivery WHERE state IN ('planned', 'sending')"


def read_journal(journal: Path) -> list[tuple[str, int, str]]:
    """Return `webhook-id`, entry and object of each event that the receiving system accepted, in their order."""
    lines = [line.split() for line in journal.read_text().splitlines()]
    return [(number, int(entry), url) for number, entry, url in lines]


def disorder(arrived: list[tuple[str, int, str]]) -> int:
    """Return the number of events that came for the first time after a later event of the same object."""
    last: defaultdict[str, int] = defaultdict(int)
    seen: set[int] = set()
    count = 0
    for _number, entry, url in arrived:
        if entry not in seen:
            seen.add(entry)
            count += entry < last[url]
            last[url] = max(last[url], entry)
    return count


def kill_while_sending(sender: Victim, journal: Path, kills: int, events: int) -> None:
    """Kill and restart the sender each time another equal share of the events has arrived."""
    for number in range(kills):
        share = (number + 1) * events // (kills + 1)
        assert wait_for(lambda share=share: len(read_journal(journal)) >= share, 120), (
            "the sender sends nothing"
        )
        time.sleep(_random.uniform(0, 0.2))
        sender.kill()
        sender.start()


def recorded_and_unsent(installation: Installation, journal: Path, before: set[int]) -> set[int]:
    """Return the entries made since `before` whose event is recorded as delivered and has not arrived."""
    made = {pk for (pk,) in installation.ask(ENTRIES)} - before
    recorded = {entry for (entry,) in installation.ask(RECORDED)}
    return recorded & made - {entry for _number, entry, _url in read_journal(journal)}


@pytest.mark.parametrize("sends", ["worker", pytest.param("control", marks=pytest.mark.every_way)])
def test_killed_worker_loses_no_webhook(installation: Installation, tmp_path: Path, sends: str) -> None:
    installation.environ |= {"WEBHOOK_INTERNAL_HOSTS": "127.0.0.1", "WEBHOOK_ALLOW_HTTP": "1"}
    is_control = sends == "control"
    events, kills = (20, 1) if is_control else (EVENTS, KILLS)
    port, secret, journal = tmp_path / "port", tmp_path / "secret", tmp_path / "journal"
    journal.touch()
    line = ("-m", "tests.webhook_receiver", str(port), str(journal), str(secret), str(SECONDS_PER_EVENT))
    sender = (
        ("-m", "tests.faults.worker.many_webhooks", "marks_first")
        if is_control
        else ("manage.py", "tick", "--loop")
    )
    before = {pk for (pk,) in installation.ask(ENTRIES)}
    with installation.running(*line):
        assert wait_for(lambda: port.exists() and port.read_text() != "", 10)
        url = f"http://127.0.0.1:{port.read_text()}/"
        installation.run("-m", "tests.faults.worker.many_webhooks", "add", url, str(secret))
        made = ("-m", "tests.faults.worker.many_webhooks", "events", str(events))
        if is_control:
            installation.run(*made)
            with installation.running(*sender) as victim:
                assert wait_for(lambda: bool(recorded_and_unsent(installation, journal, before)), 120)
                victim.kill()
                victim.start()
                assert wait_for(lambda: installation.ask(WAITING)[0][0] == 0, 120, every=0.5)
                time.sleep(0.5)
        else:
            with installation.running(*sender) as victim, installation.running(*made) as maker:
                kill_while_sending(victim, journal, kills, events)
                assert wait_for(maker.ended, 300), "the events were not made"
                wanted = {pk for (pk,) in installation.ask(ENTRIES)} - before
                assert len(wanted) == events
                wait_for(lambda: wanted <= {entry for _n, entry, _u in read_journal(journal)}, 120, every=0.5)
                wait_for(lambda: installation.ask(WAITING)[0][0] == 0, 60, every=0.5)
    wanted = {pk for (pk,) in installation.ask(ENTRIES)} - before
    arrived = read_journal(journal)
    times = Counter(entry for _number, entry, _url in arrived)
    lost = len(wanted - times.keys())
    twice = sum(n > 1 for entry, n in times.items() if entry in wanted)
    numbers = {(number, entry) for number, entry, _url in arrived}
    installation.ask(
        "UPDATE procurement_webhookendpoint SET status = 'disabled', disabled_reason = 'by_person' RETURNING 1"
    )
    record_result(
        "  control: record, then send" if is_control else "webhooks: sender killed -9",
        f"{kills} kills, {len(wanted)} events: lost {lost}, more than once {twice}, out of order {disorder(arrived)}",
    )
    if is_control:
        assert lost > 0
        return
    assert lost == 0
    assert disorder(arrived) == 0
    assert len(numbers) == len({entry for _number, entry in numbers}), "a repetition keeps its number"
    assert twice <= kills
