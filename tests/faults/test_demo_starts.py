"""What the start of a demo promises: its own folder and port, kept data and file modes, and clear refusals."""

import json
import os
import stat
import subprocess
import sys
import urllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from config.local_stack.engines import run_engines
from config.local_stack.paths import DataPaths
from tests.faults.demo import ROOT, Demo, StoppedDemo, command_line, copy_of, count_entries, demo, environment
from tests.faults.figures import record_result
from tests.lanes import FULL

SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "SECRET_KEY": "for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ",
}
pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("demo")]


def run_embedded(data_dir: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line of the embedded engines on a folder."""
    line = [sys.executable, "-m", "config.local_stack", *words]
    return subprocess.run(
        line, cwd=ROOT, env=environment(data_dir, 8000, **more), capture_output=True, text=True, check=False
    )


def run_make(data_dir: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run `make` with a demo's folder, as a person types it."""
    whole = environment(data_dir, 8000)
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=ROOT,
        env=whole,
        capture_output=True,
        text=True,
        check=False,
    )


def modes(path: Path) -> dict[str, tuple[int, int, int]]:
    """Return mode and owner of a folder and of each folder above."""
    found = {}
    for folder in (path, *path.parents):
        facts = folder.stat()
        found[str(folder)] = (stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid)
    return found


@pytest.fixture(scope="module")
def restarted_demo(first_demo: StoppedDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Yield a demo after its second start, for tests that do not change it."""
    with demo(copy_of(first_demo.data_dir, tmp_path_factory.mktemp("settled") / "data")) as it:
        with run_engines(it.data_dir) as urls:
            before = count_entries(urls.database)
        it.start().wait_until_ready()
        assert 0 < before <= count_entries(DataPaths.from_data_dir(it.data_dir).database_url), (
            "a start keeps the data"
        )
        yield it


def test_second_demo_start_becomes_ready(restarted_demo: Demo) -> None:
    # Processor time, because other tests run beside this one.
    assert restarted_demo.get("/readyz") == 200
    record_result(
        "second start of the demo",
        f"{restarted_demo.processor_seconds():.0f} s of processor time until it is ready",
    )


def test_demo_credentials_file_is_readable_by_owner_only(restarted_demo: Demo) -> None:
    assert stat.S_IMODE((restarted_demo.data_dir / "demo.json").stat().st_mode) == 0o600


def test_demo_credentials_file_names_the_address_and_roles_and_the_output_their_sign_in_links(
    restarted_demo: Demo,
) -> None:
    facts = restarted_demo.facts()
    assert facts["base_url"] == f"http://localhost:{restarted_demo.port}"
    assert facts["roles"]
    assert all(set(role) >= {"role", "city", "email", "sign_in", "token"} for role in facts["roles"])
    assert all(role["sign_in"] in restarted_demo.output() for role in facts["roles"])


def test_demo_start_with_port_in_use_gives_one_sentence_error(tmp_path: Path, restarted_demo: Demo) -> None:
    answer = run_embedded(tmp_path / "other", "up", PORT=str(restarted_demo.port))
    assert answer.returncode == 1
    assert (
        answer.stderr
        == f"Port {restarted_demo.port} is in use. Choose another one: make demo PORT={restarted_demo.port + 1}\n"
    )


def test_demo_start_on_folder_of_running_demo_is_refused(restarted_demo: Demo) -> None:
    for command in ("up", "reset"):
        answer = run_embedded(restarted_demo.data_dir, command)
        assert answer.returncode == 1
        assert answer.stderr == f"A demo is running on {restarted_demo.data_dir}. Stop it first.\n"
    assert restarted_demo.get("/readyz") == 200


class TwoDemos(NamedTuple):
    """Processes of two demos that ran side by side, and the end of the second.

    `modes` holds the modes of the second demo's folders before, during and after its run.
    """

    one: set[int]
    two: set[int]
    gone: bool
    modes: list[dict[str, tuple[int, int, int]]]


@pytest.fixture(scope="module")
def two_demos(
    restarted_demo: Demo, first_demo: StoppedDemo, tmp_path_factory: pytest.TempPathFactory
) -> TwoDemos:
    """Start a second demo in a closed folder while another runs, and stop it when it is ready."""
    closed = tmp_path_factory.mktemp("beside") / "closed"
    closed.mkdir(mode=0o700)
    with demo(copy_of(first_demo.data_dir, closed / "data")) as two:
        seen = [modes(two.data_dir) | modes(Path(sys.prefix))]
        two.start().wait_until_ready()
        seen.append(modes(two.data_dir) | modes(Path(sys.prefix)))
        both = [{each.pid for each in it.processes()} for it in (restarted_demo, two)]
        assert two.get("/readyz") == 200
        assert two.process is not None
        two.process.terminate()
        gone = two.all_ended()
    return TwoDemos(*both, gone, [*seen, modes(two.data_dir) | modes(Path(sys.prefix))])


@pytest.mark.every_way
def test_two_demos_run_side_by_side_without_shared_processes(
    restarted_demo: Demo, two_demos: TwoDemos
) -> None:
    assert min(len(two_demos.one), len(two_demos.two)) > 5
    assert not two_demos.one & two_demos.two
    assert two_demos.gone
    assert restarted_demo.get("/readyz") == 200


@pytest.mark.every_way
def test_demo_leaves_modes_of_folders_above_its_data_unchanged(two_demos: TwoDemos) -> None:
    before, running_on, after = two_demos.modes
    assert running_on == before
    assert after == before


def test_demo_data_folders_are_closed_to_other_users(second_start: Demo) -> None:
    for name in ("postgres", "valkey", "sockets"):
        folder = second_start.data_dir / name
        assert not folder.exists() or not folder.stat().st_mode & 0o077, name
    assert not second_start.data_dir.stat().st_mode & 0o077


def test_demo_postgresql_never_runs_as_root(tmp_path: Path) -> None:
    with run_engines(tmp_path / "data", unsafe=True):
        server = next(
            each for each in Demo(tmp_path / "data").processes() if "/bin/postgres" in command_line(each)
        )
        assert server.uids().real != 0


def test_demo_with_long_data_path_places_sockets_elsewhere(tmp_path: Path) -> None:
    data_dir = tmp_path / ("long-" * 15) / "data"
    with run_engines(data_dir, unsafe=True) as urls, psycopg.connect(urls.database) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(os.fsencode(DataPaths.from_data_dir(data_dir).postgres_socket)) < 100
        assert stat.S_IMODE(DataPaths.from_data_dir(data_dir).sockets_dir.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name",
    ["mail", *("postgres files demo.json beat-schedule.db".split() if FULL else ())],
)
def test_demo_refuses_folder_with_foreign_files_under_its_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "precious").touch()
    for command in (("up",), ("run", "true")):
        answer = run_embedded(tmp_path, *command)
        assert answer.returncode == 1
        assert answer.stderr.startswith(f"{tmp_path / name} is not the demo's")
    assert run_embedded(tmp_path, "reset").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name / "precious").exists()


@pytest.mark.parametrize("where", [".", "main", "18/main"])
def test_demo_refuses_folder_with_foreign_postgresql_data(tmp_path: Path, where: str) -> None:
    (tmp_path / where).mkdir(parents=True, exist_ok=True)
    (tmp_path / where / "PG_VERSION").write_text("18\n")
    before = sorted(tmp_path.rglob("*"))
    answer = run_embedded(tmp_path, "up")
    assert answer.returncode == 1
    assert f"{(tmp_path / where).resolve()} is the data of a PostgreSQL server" in answer.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "names", [pytest.param(("labels.csv",), marks=pytest.mark.every_way), ("demo.log", "notes")]
)
def test_demo_keeps_foreign_files_beside_its_data(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).write_text("mine")
    with run_engines(tmp_path, unsafe=True) as urls, psycopg.connect(urls.database) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert (tmp_path / "postgres").is_dir()
    (tmp_path / "beat-schedule-of-mine").write_text("mine")
    assert run_embedded(tmp_path, "reset").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "beat-schedule-of-mine"])
    assert {path.read_text() for path in tmp_path.iterdir()} == {"mine"}


NAMES = ["a space", "it's", 'a "quote"', "a,comma", "50%25", "données-数据", "q?a=b&c#d", "a\\b"]


@pytest.mark.parametrize("name", NAMES if FULL else NAMES[::6])
def test_demo_engines_run_in_folder_with_unusual_name(tmp_path: Path, name: str) -> None:
    with run_engines(tmp_path / name, unsafe=True) as urls:
        line = (
            "from django.db import connection as c; u = c.cursor(); u.execute('SELECT 41 + 1'); "
            "print(u.fetchone()[0]);"
            "from config.celery import app; app.connection_for_write().ensure_connection(max_retries=1); "
            "print('sent')"
        )
        whole = environment(tmp_path / name, 8000, **urls.environ, **SETTINGS)
        output = subprocess.run(
            [sys.executable, "-c", line], cwd=ROOT, env=whole, capture_output=True, text=True, check=True
        ).stdout
        assert output.split() == ["42", "sent"]


TOKEN = ("token", "FOR=officer@burnaby.example", "SCOPES=read,write")


@pytest.mark.every_way
def test_token_command_prints_a_usable_token_while_the_demo_runs(restarted_demo: Demo) -> None:
    made = run_make(restarted_demo.data_dir, *TOKEN)
    assert made.returncode == 0, made.stderr
    whole = {"Authorization": f"Bearer {made.stdout.strip()}"}
    address = f"http://127.0.0.1:{restarted_demo.port}/api/v1/supply-requests/"
    with urllib.request.urlopen(urllib.request.Request(address, headers=whole), timeout=30) as answer:
        assert json.loads(answer.read())["results"]


@pytest.mark.every_way
def test_token_command_refuses_an_unknown_or_missing_person(restarted_demo: Demo) -> None:
    unknown = run_make(restarted_demo.data_dir, "token", "FOR=nobody@burnaby.example")
    assert unknown.returncode != 0
    assert "nobody@burnaby.example" in unknown.stderr
    missing = run_make(restarted_demo.data_dir, "token")
    assert missing.returncode != 0
    assert "Say for whom" in missing.stderr


@pytest.mark.every_way
def test_token_command_prints_one_token_while_the_demo_is_stopped(second_start: Demo) -> None:
    made = run_make(second_start.data_dir, *TOKEN)
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.split()) == 1
    assert second_start.all_ended()


def test_create_token_command_without_demo_data_is_refused(tmp_path: Path) -> None:
    made = run_embedded(tmp_path / "none", "manage", "create_token", "--user", "officer@burnaby.example")
    assert made.returncode == 1
    assert made.stderr == f"There is no demo's data in {tmp_path / 'none'}. make demo makes it.\n"
    assert not (tmp_path / "none").exists()


def test_create_token_command_during_demo_start_is_refused(second_start: Demo) -> None:
    places = DataPaths.from_data_dir(second_start.data_dir)
    places.links_file.rename(places.unfinished_links_file)
    with run_engines(second_start.data_dir):
        made = run_embedded(
            second_start.data_dir, "manage", "create_token", "--user", "officer@burnaby.example"
        )
    assert made.returncode == 1
    assert made.stderr == f"The demo on {places.data_dir} is starting. Try again when it is ready.\n"


def test_interrupted_first_demo_start_is_begun_again(second_start: Demo) -> None:
    places = DataPaths.from_data_dir(second_start.data_dir)
    with run_engines(second_start.data_dir) as urls, psycopg.connect(urls.database) as connection:
        row = connection.execute("SELECT to_regclass('left_by_half_a_story')").fetchone()
    assert row == (None,)
    assert not places.unfinished_marker.exists()


def test_demo_reset_deletes_demo_data_only(second_start: Demo, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").touch()
    (second_start.data_dir / "mine.txt").touch()
    (second_start.data_dir / "demo.json.starting").symlink_to(elsewhere)
    answer = run_embedded(second_start.data_dir, "reset")
    assert answer.returncode == 0, answer.stderr
    assert [path.name for path in second_start.data_dir.iterdir()] == ["mine.txt"]
    assert (elsewhere / "precious").exists()


@pytest.mark.every_way
def test_demo_uses_given_database_and_redis_servers_and_starts_none(
    second_start: Demo, first_demo: StoppedDemo, tmp_path: Path
) -> None:
    with run_engines(copy_of(first_demo.data_dir, tmp_path / "servers")) as urls:
        second_start.start(DATABASE_URL=urls.database, REDIS_URL=urls.redis).wait_until_ready()
        lines = [command_line(each) for each in second_start.processes()]
        assert not any("/bin/postgres" in line or "valkey-server" in line for line in lines)
        assert second_start.get("/readyz") == 200
