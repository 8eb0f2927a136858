"""PostgreSQL crashes and restarts while programs write: every acknowledged need is there exactly once."""

import threading
import time

import pytest
import requests

from tests.faults.client import Writer
from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for
from tests.lanes import FULL

pytestmark = pytest.mark.fault
RESTARTS = 12 if FULL else 3  # `make faults` uses the number of the design
WRITERS = 3


def ready(installation: Installation) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{installation.port}/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def test_acknowledged_needs_survive_immediate_postgresql_restart_exactly_once(
    installation: Installation,
) -> None:
    installation.stop("postgres")
    installation.start("postgres", unsafe=False)
    token = installation.run("-m", "tests.faults.many_rows", "officer")
    with installation.web():
        assert wait_for(lambda: ready(installation), 60)
        writers = [Writer(installation, token, f"writer {n}") for n in range(WRITERS)]
        threads = [threading.Thread(target=writer.work, daemon=True) for writer in writers]
        for thread in threads:
            thread.start()
        back = []
        for _ in range(RESTARTS):
            before = sum(len(writer.acknowledged) for writer in writers)
            assert wait_for(
                lambda before=before: sum(len(w.acknowledged) for w in writers) >= before + 10, 60
            )
            began = time.monotonic()
            installation.restart_postgres_at_once()
            assert wait_for(lambda: ready(installation), 30)
            back.append(time.monotonic() - began)
        time.sleep(1)
        for writer in writers:
            writer.over.set()
        for thread in threads:
            thread.join()
    missing = sum(writer.count_missing() for writer in writers)
    acknowledged = sum(len(writer.acknowledged) for writer in writers)
    unavailable = sum(writer.unavailable for writer in writers)
    text = f"{acknowledged} acknowledged writes: lost or doubled {missing}; {unavailable} answers of 503"
    record_result(
        "PostgreSQL immediate restart", f"{RESTARTS} times, {text}; ready again in {max(back):.1f} s at most"
    )
    assert missing == 0
    assert unavailable > 0
    assert {seconds for writer in writers for seconds in writer.retry_after} == {"5"}
    assert [status for writer in writers for status in writer.other] == []
    assert max(back) < 10


@pytest.mark.every_way
def test_control_repeated_request_without_idempotency_key_is_executed_twice(
    installation: Installation,
) -> None:
    token = installation.run("-m", "tests.faults.many_rows", "officer")
    with installation.web():
        assert wait_for(lambda: ready(installation), 60)
        address = f"http://127.0.0.1:{installation.port}/api/v1/supply-requests/"
        for _ in range(2):
            headers = {"Authorization": f"Bearer {token}"}
            assert (
                requests.post(
                    address, json={"city": "burnaby", "title": "twice"}, headers=headers, timeout=10
                ).status_code
                == 201
            )
    made = installation.ask("SELECT count(*) FROM procurement_supplyrequest WHERE title = 'twice'")[0][0]
    record_result("  control: repeated without a key", f"{made} needs of one request")
    assert made == 2
