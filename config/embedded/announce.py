"""The welcome of `make demo`: wait until the instance is ready, then say where it is and how to sign in as whom."""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

from config.embedded.places import Places

READY_SECONDS = 300
DIRECTLY = urllib.request.build_opener(
    urllib.request.ProxyHandler({})
)  # this machine is not behind its http_proxy


def announce(places: Places, port: int, say: Callable[[str], object]) -> None:
    """Say the address and one signed-in link per role once /readyz answers, or that it never did."""
    until = time.monotonic() + READY_SECONDS
    while not ready(port):
        if time.monotonic() > until:
            say(f"Not ready after {READY_SECONDS} seconds. The lines above say why.")
            return
        time.sleep(0.1)
    places.links_ahead.rename(places.links)  # whoever waits for the file finds an instance that answers
    say(welcome(json.loads(places.links.read_text()), places))


def ready(port: int) -> bool:
    """Does the web process answer, and reach its database?"""
    try:
        with DIRECTLY.open(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(links: dict[str, Any], places: Places) -> str:
    """The words of the welcome, one line per role."""
    roles = links["roles"]
    times = Counter(label(each) for each in roles)
    names = [label(each) + (f" ({each['email']})" if times[label(each)] > 1 else "") for each in roles]
    width = max(map(len, names), default=0)
    lines = [f"  {name:{width}}  {each['sign_in']}" for name, each in zip(names, roles, strict=True)]
    head = f"\n  Twinlane is ready: {links['base_url']}\n\n  Sign in as\n"
    foot = f"\n  The data is in {places.data_dir}. Ctrl-C stops everything and keeps it; make demo-reset drops it.\n"
    return "\n".join([head, *lines, foot])


def label(role: dict[str, str | None]) -> str:
    """A role and where it is held; two of a kind are told apart by their addresses."""
    return ", ".join(filter(None, (role["role"], role["city"])))
