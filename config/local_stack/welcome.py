"""Welcome message of `make demo`.

Once the instance is ready, it gives the address and a sign-in link for each role.
"""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

from config.local_stack.paths import DataPaths

READY_TIMEOUT_SECONDS = 300
OPENER_WITHOUT_PROXY = urllib.request.build_opener(
    urllib.request.ProxyHandler({})
)  # this machine is not behind its http_proxy


def announce_when_ready(paths: DataPaths, port: int, say: Callable[[str], object]) -> None:
    """Print the welcome once /readyz answers; after READY_TIMEOUT_SECONDS, print that the instance is not ready."""
    until = time.monotonic() + READY_TIMEOUT_SECONDS
    while not is_ready(port):
        if time.monotonic() > until:
            say(f"Not ready after {READY_TIMEOUT_SECONDS} seconds. The lines above say why.")
            return
        time.sleep(0.1)
    paths.unfinished_links_file.rename(paths.links_file)  # the file appears only once the instance answers
    say(welcome_text(json.loads(paths.links_file.read_text()), paths))


def is_ready(port: int) -> bool:
    """Return True if the web process answers and reaches its database."""
    try:
        with OPENER_WITHOUT_PROXY.open(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def welcome_text(links: dict[str, Any], paths: DataPaths) -> str:
    """Return the text of the welcome, with one line per role."""
    roles = links["roles"]
    label_counts = Counter(role_label(role) for role in roles)
    names = [
        role_label(role) + (f" ({role['email']})" if label_counts[role_label(role)] > 1 else "")
        for role in roles
    ]
    width = max(map(len, names), default=0)
    lines = [f"  {name:{width}}  {role['sign_in']}" for name, role in zip(names, roles, strict=True)]
    header = f"\n  Twinlane is ready: {links['base_url']}\n\n  Sign in as\n"
    footer = f"\n  The data is in {paths.data_dir}. Ctrl-C stops everything and keeps it; make demo-reset drops it.\n"
    return "\n".join([header, *lines, footer])


def role_label(role: dict[str, str | None]) -> str:
    """Return the name of a role and its city.

    Where two labels are the same, `welcome_text` adds the e-mail addresses.
    """
    return ", ".join(filter(None, (role["role"], role["city"])))
