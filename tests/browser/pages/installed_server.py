"""The product started as an installation, on the tests' database: Granian with hashed and compressed static files."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tests.faults.demo import free_port
from tests.faults.installation import Victim, wait_for

MANIFEST = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static.CompressedManifestStorage"}}


@contextmanager
def run_installed(folder: Path, workers: int = 1) -> Iterator[str]:
    """Collect the static files, start the server with so many worker processes, and yield its URL.

    Meanwhile this process uses the same names of static files and cookies.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    named = {"STORAGES": MANIFEST, "STATIC_ROOT": folder / "static", "BASE_URL": url, "DATA_DIR": folder}
    named |= {"MAIL_DIR": folder / "mail", "SESSION_COOKIE_NAME": f"session-{port}"}
    with ExitStack() as stack:
        stack.enter_context(override_settings(**named))
        call_command("collectstatic", interactive=False, verbosity=0)
        web = Victim(
            [sys.executable, "-m", "config.web", *_command(port, workers), "config.wsgi:application"],
            _environment(folder, url),
        )
        web.start()
        stack.callback(web.kill)
        assert wait_for(lambda: is_ready(f"{url}/healthz"), 60, every=0.1)
        yield url


def _command(port: int, workers: int) -> list[str]:
    return [
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--log-level",
        "critical",
    ]


def _environment(folder: Path, url: str) -> dict[str, str]:
    """Return the environment of an installation with this database, folder and URL."""
    server, _question, options = os.environ["DATABASE_URL"].partition("?")
    database = f"{server.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{options}"
    return os.environ | {
        "DATABASE_URL": database.rstrip("?"),
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "SECRET_KEY": settings.SECRET_KEY,
        "BASE_URL": url,
        "PRACTICE": "1",
        "DEBUG": "0",
    }


def is_ready(url: str) -> bool:
    """Return True if the server answers."""
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (HTTPError, URLError, OSError):
        return False
