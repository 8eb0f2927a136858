"""docs/operations.md lists every setting and no other; each listed setting also works with Docker."""

import ast
import os
import re
import subprocess
import sys
import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.environment import SECRET_SETTINGS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "docker-compose.yml").read_text()
# Set for every program by the system, a shell or make; SUPERVISOR_OWNER_PID is internal to the demo.
NOT_OURS = frozenset({"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}) | {
    "XDG_RUNTIME_DIR",
    "MAKELEVEL",
    "SUPERVISOR_OWNER_PID",
}
# Settings of the table that the compose file leaves out, each with the reason.
NOT_THROUGH_DOCKER = {
    "DATA_DIR": "the image has its volume there",
    "STATIC_ROOT": "the image brings its own",
    "NODE_MODULES": "read when the image is built",
    "PRACTICE": "never on a real instance",
    "DEBUG": "never on a real instance",
    "BACKUP_DIR": "backups are in the volume of the image",
    "GRANIAN_HOST": "the container's own; PORT is the one outside",
    "GRANIAN_PORT": "the container's own; PORT is the one outside",
    "GRANIAN_INTERFACE": "Django is served no other way",
    "GRANIAN_RESPAWN_FAILED_WORKERS": "no one wants it otherwise",
    "GRANIAN_WORKERS_KILL_TIMEOUT": "it goes with the file's own stop_grace_period",
}


def asked_of_settings() -> list[ast.Call]:
    """Return the calls in config/settings.py that read the environment."""
    tree = ast.parse((ROOT / "config/settings.py").read_text())
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
    ]


def settings_read() -> set[str]:
    """Return the names that config/settings.py reads from the environment."""
    return {ast.literal_eval(call.args[0]) for call in asked_of_settings()}


def read_by(source: str) -> set[str]:
    """Return the names that a module takes from `os.environ`: by `get`, by brackets or by `in`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=where, attr="get"), args=[ast.Constant(value=name), *_]):
                pass
            case ast.Subscript(value=where, slice=ast.Constant(value=name)):
                pass
            case ast.Compare(left=ast.Constant(value=name), comparators=[where]):
                pass
            case _:
                continue
        if ast.unparse(where) == "os.environ":
            found.add(name)
    return found


def read_by_the_demo() -> set[str]:
    """Return the names that config/embedded reads from the environment."""
    return set().union(*(read_by(path.read_text()) for path in (ROOT / "config/local_stack").glob("*.py")))


def set_by_the_image() -> dict[str, str]:
    """Return the variables that ENV sets in the last stage of the Dockerfile, the one that runs."""
    stage = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").rsplit("\nFROM ", 1)[1]
    lines = re.findall(r"^ENV (.+)$", stage, re.MULTILINE)
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def names_in_compose() -> dict[str, str]:
    """Return the names that docker-compose.yml takes from `.env`, with their fallback values; not those of files."""
    taken = dict(re.findall(r"(?<!\$)\$\{([A-Z_]+):?-([^}]*)\}", COMPOSE))
    return {name: value for name, value in taken.items() if not name.endswith("_FILE")}


@cache
def settings_table() -> list[tuple[str, str, str]]:
    """Return three cells of each row of the table of settings: name, default, and value of a real instance."""
    text = (ROOT / "docs/operations.md").read_text()
    return re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|(.*?)\|", text, re.MULTILINE)


def web_environment() -> dict[str, str]:
    """Return the environment of web in the compose file.

    Worker and beat get the same without the settings of Granian.
    """
    return yaml.safe_load(COMPOSE)["services"]["web"]["environment"]


def example_env() -> dict[str, tuple[bool, str]]:
    """Return each name of `.env.example` with its value, and False if it is commented out, else True."""
    lines = re.findall(r"^(# )?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
    return {name: (not silent, value) for silent, name, value in lines}


def default_matches(default: Any, told: str) -> bool:
    """Return True if a default matches the table, which writes it in backticks or as "empty" or "none"."""
    if default in ("", []):
        return told.startswith(("empty", "none"))
    words = str(default).lower() if isinstance(default, bool) else str(default)
    return told.startswith(f"`{words}`")


def test_operations_page_lists_every_setting_once() -> None:
    read = settings_read() | read_by_the_demo() | set(set_by_the_image()) | set(names_in_compose())
    assert sorted(name for name, _, _ in settings_table()) == sorted(read - NOT_OURS)


def test_settings_search_detects_every_form_of_environment_read() -> None:
    source = (
        'import os\nos.environ.get("A")\nos.environ["B"]\n"C" in os.environ\nother.get("D")\n"E" in names'
    )
    assert read_by(source) == {"A", "B", "C"}
    assert {"PORT", "DATA_DIR", "DATABASE_URL"} <= read_by_the_demo()
    assert {"GRANIAN_WORKERS", "DATA_DIR"} <= set(set_by_the_image())
    assert {"PORT", "NUDGE", "WORKER_CONCURRENCY"} <= set(names_in_compose())


def test_operations_page_states_defaults_in_use() -> None:
    told = {name: default for name, default, _ in settings_table()}
    wrong = []
    for call in asked_of_settings():
        name, *rest = call.args
        if rest and isinstance(rest[0], ast.Constant | ast.List):
            key, default = ast.literal_eval(name), ast.literal_eval(rest[0])
            wrong += [] if default_matches(default, told[key]) else [key]
    wrong += [
        name for name, default in names_in_compose().items() if not default_matches(default, told[name])
    ]
    granian = {name: value for name, value in set_by_the_image().items() if name.startswith("GRANIAN_")}
    wrong += [name for name, value in granian.items() if not default_matches(value, told[name])]
    assert wrong == []


def test_compose_file_passes_only_existing_settings() -> None:
    files = {f"{name}_FILE" for name in SECRET_SETTINGS}
    assert set(web_environment()) <= settings_read() | set(set_by_the_image()) | files


def test_every_listed_setting_is_passed_by_docker_compose() -> None:
    listed = {name for name, _, _ in settings_table()}
    assert listed - set(web_environment()) - set(names_in_compose()) == set(NOT_THROUGH_DOCKER)


@pytest.mark.parametrize("service", ["setup", "web", "worker", "beat", "tick"])
def test_every_container_gets_same_settings(service) -> None:
    environment = yaml.safe_load(COMPOSE)["services"][service]["environment"]
    assert {name for name in web_environment() if not name.startswith("GRANIAN_")} <= set(environment)


def test_example_env_file_names_all_compose_variables_with_working_defaults() -> None:
    named = example_env()
    assert set(named) == set(names_in_compose())
    silent = {name: value for name, (is_set, value) in named.items() if not is_set}
    assert silent == {name: names_in_compose()[name] for name in silent}
    needed = {name for name, _, real in settings_table() if real.strip() in ("yes", "with Docker")}
    assert needed & set(names_in_compose()) <= {name for name, (is_set, _) in named.items() if is_set}


def test_docker_image_contains_everything_compose_file_runs() -> None:
    ignored = (ROOT / ".dockerignore").read_text()
    rooms = [
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in ("tests", "benchmarks")
    ]
    assert all(f"!{name}\n" in ignored for name in [*rooms, "templates", "static", "locale"])


def test_docker_publishes_web_port_on_localhost_unless_address_is_set() -> None:
    (port,) = yaml.safe_load(COMPOSE)["services"]["web"]["ports"]
    assert port == "${WEB_ADDRESS:-127.0.0.1}:${PORT:-8000}:8000"
    assert all("ports" not in it for name, it in yaml.safe_load(COMPOSE)["services"].items() if name != "web")


def health_checks() -> list[tuple[list[str], str]]:
    """Return the Python health checks of the image and the compose file, each with its address."""
    (image,) = re.findall(r'CMD (\["python", "-c".*\])', (ROOT / "Dockerfile").read_text())
    compose = yaml.safe_load(COMPOSE)["services"]["web"]["healthcheck"]["test"][1:]
    return [(line, line[-1]) for line in (ast.literal_eval(image), compose)]


@pytest.mark.parametrize(("line", "code"), health_checks())
@pytest.mark.parametrize("status", [200, 503])
def test_health_check_bypasses_proxy(line, code, status) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_facts: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = code.replace(":8000/", f":{server.server_address[1]}/")
        environ = {**os.environ, "http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
        done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=False)
        server.shutdown()
    assert (done.returncode == 0) == (status == 200)
    assert line[0] == "python"
