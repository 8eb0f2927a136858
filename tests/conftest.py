"""What every test gets: a real instance, a clock that is read anew, no network beyond this machine."""

from collections.abc import Iterator

import pytest
from pytest_socket import socket_allow_hosts

from workflow import clock


def pytest_runtest_setup() -> None:
    """No test reaches beyond loopback and the engines' sockets."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def fresh_clock() -> Iterator[None]:
    """The kind of instance is remembered by a process; each test has its own database."""
    clock.forget()
    yield
    clock.forget()
