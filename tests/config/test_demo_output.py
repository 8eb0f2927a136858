"""The output of the demo: its roles, and the refusal of a port in use."""

import socket
from pathlib import Path

import pytest

from config.local_stack.demo import refuse_port_in_use
from config.local_stack.paths import DataPaths
from config.local_stack.welcome import welcome_text


def role(role, city, email):
    return {
        "role": role,
        "city": city,
        "email": email,
        "sign_in": f"http://localhost:1/{email}",
        "token": "t",
    }


def test_demo_roles_of_same_kind_are_listed_with_email_addresses():
    roles = [
        role("coordinator", None, "c@network.example"),
        role("officer", "Burnaby", "one@burnaby.example"),
        role("officer", "Burnaby", "two@burnaby.example"),
    ]
    said = welcome_text({"base_url": "http://localhost:1", "roles": roles}, DataPaths(Path("/data")))
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "coordinator http://localhost:1/c@network.example" in lines
    assert "officer, Burnaby (two@burnaby.example) http://localhost:1/two@burnaby.example" in lines


@pytest.mark.parametrize(("family", "host"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_port_in_use_on_ipv4_or_ipv6_localhost_is_refused(family, host):
    with socket.socket(family) as taken:
        taken.bind((host, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            OSError, match=f"Port {port} is in use. Choose another one: make demo PORT={port + 1}"
        ):
            refuse_port_in_use(port)


def test_free_port_is_accepted():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refuse_port_in_use(port)
