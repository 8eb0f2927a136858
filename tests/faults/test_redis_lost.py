"""Redis flushed, stopped and unavailable: pages and writes work as before, and every message is sent."""

import os
import re
import signal
import threading
import time
from statistics import median

import pytest
import redis
import requests

from tests.faults.client import Writer
from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for
from tests.faults.test_postgres_restarts import ready
from tests.lanes import FULL

pytestmark = pytest.mark.fault
MESSAGES = 400
# `make faults` uses the times of the design, the usual run shorter ones.
HUNG_SECONDS, DOWN_SECONDS = (30, 60) if FULL else (8, 4)

MAX_SLOWDOWN = (
    8  # times slower than before is possible on a busy machine; any wait for the broker would be far longer
)


def pages(installation: Installation, seconds: float) -> list[float]:
    """Request the sign-in page and the metrics again and again; return the seconds of each."""
    times, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        for path in ("/accounts/login/", "/metrics"):
            began = time.monotonic()
            answer = requests.get(f"http://127.0.0.1:{installation.port}{path}", timeout=30)
            assert answer.status_code == 200, (path, answer.status_code)
            times.append(time.monotonic() - began)
        time.sleep(0.1)
    return times


def test_no_message_is_lost_and_pages_answer_while_redis_is_unavailable(installation: Installation) -> None:
    token = installation.run("-m", "tests.faults.many_rows", "officer")
    everything = "SELECT id::text, state FROM workflow_message"
    others = dict(installation.ask(everything))  # messages of other tests
    installation.run("-m", "tests.faults.many_rows", "plan", str(MESSAGES))
    ours = set(dict(installation.ask(everything))) - set(others)
    installation.manage("collectstatic", "--noinput", "-v0")
    with installation.mail_server(0.05), installation.web(), installation.beat(), installation.worker():
        assert wait_for(lambda: ready(installation), 60)
        assert wait_for(lambda: len(ours & set(numbers(installation))) >= MESSAGES // 4, 60)
        writer = Writer(installation, token, "broker")
        thread = threading.Thread(target=writer.work, daemon=True)
        thread.start()

        pages(installation, 2)  # lets both web workers compile their templates
        calm, calm_writes = pages(installation, 2), writer.take_response_times()
        flush(installation)
        valkey = installation.pid_of("valkey")
        os.kill(valkey, signal.SIGSTOP)
        hung = pages(installation, HUNG_SECONDS)
        os.kill(valkey, signal.SIGCONT)

        installation.stop("valkey")
        check_sign_in_and_password_reset(installation)
        down = pages(installation, DOWN_SECONDS)
        writes = writer.take_response_times()
        installation.start("valkey")
        began = time.monotonic()
        assert wait_for(lambda: not ours - set(numbers(installation)), 60, every=0.2), (
            "the senders did not come back"
        )
        recovered = time.monotonic() - began
        writer.over.set()
        thread.join()
    lost = len(ours - set(numbers(installation)))
    text = (
        f"{MESSAGES} messages: lost {lost}; slowest page {max(hung):.2f} s while it hung for "
        f"{HUNG_SECONDS} s, "
        f"{max(down):.2f} s while it was gone for {DOWN_SECONDS} s"
    )
    record_result(
        "Redis flushed, hung, gone",
        f"{text}; slowest write {max(writes):.2f} s; mail goes on {recovered:.0f} s later",
    )
    assert lost == 0
    assert writer.count_missing() == 0
    assert writer.other == []
    # No request waits until the broker comes back, and the median is near that of normal operation.
    assert max(*hung, *down, *writes) < HUNG_SECONDS
    assert median(hung + down) < MAX_SLOWDOWN * median(calm)
    assert median(writes) < MAX_SLOWDOWN * median(calm_writes)


def numbers(installation: Installation) -> list[str]:
    """Return the ids of the messages that arrived."""
    return [number.strip("<>").partition("@")[0] for number in installation.arrived_message_ids()]


def check_sign_in_and_password_reset(installation: Installation) -> None:
    """Check that sign-in and password reset answer without Redis.

    A wrong password is refused as wrong; a reset is accepted.
    """
    for path, facts, status in (
        ("/accounts/login/", {"login": "unknown@cast.example", "password": "wrong"}, 200),
        ("/accounts/password/reset/", {"email": "unknown@cast.example"}, 302),
    ):
        visit = requests.Session()
        address = f"http://127.0.0.1:{installation.port}{path}"
        page = visit.get(address, timeout=30)
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        answer = visit.post(
            address, {**facts, "csrfmiddlewaretoken": token[1]}, allow_redirects=False, timeout=30
        )
        assert answer.status_code == status, (path, answer.status_code)


def flush(installation: Installation) -> None:
    """Delete every waiting wake-up."""
    with redis.Redis(unix_socket_path=str(installation.places.valkey_socket)) as client:
        client.flushall()
