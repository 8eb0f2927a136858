"""The welcome of `make demo`: wait until the instance is ready, then say where it is and how to sign in as whom."""

import json
import time
import urllib.error
import urllib.request

from config.embedded.places import Places

READY_SECONDS = 300


def announce(places: Places, port: int) -> int:
    """Print the address and one signed-in link per role once /readyz answers; returns 1 if it never does."""
    until = time.monotonic() + READY_SECONDS
    while not ready(port):
        if time.monotonic() > until:
            print(f"Not ready after {READY_SECONDS} seconds. The lines above say why.", flush=True)
            return 1
        time.sleep(0.1)
    places.links_ahead.rename(places.links)  # whoever waits for the file finds an instance that answers
    print(welcome(json.loads(places.links.read_text()), places), flush=True)
    return 0


def ready(port: int) -> bool:
    """Does the web process answer, and reach its database?"""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome(links: dict[str, object], places: Places) -> str:
    """The words of the welcome, one line per role."""
    roles = links["roles"]
    assert isinstance(roles, list)
    width = max((len(f"{each['role']}, {each['city'] or ''}") for each in roles), default=0)
    lines = [
        f"  {each['role'] + (', ' + each['city'] if each['city'] else ''):{width}}  {each['sign_in']}"
        for each in roles
    ]
    head = f"\n  Twinlane is ready: {links['base_url']}\n\n  Sign in as\n"
    foot = f"\n  The data is in {places.data_dir}. Ctrl-C stops everything and keeps it; make demo-reset drops it.\n"
    return "\n".join([head, *lines, foot])
