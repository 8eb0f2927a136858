"""The command line of the embedded engines; the Makefile and the Procfile call it."""

import argparse
import os
import subprocess
import sys

from config.embedded import Places, postgres, running, valkey
from config.embedded.engines import InUse
from config.embedded.keep import Keeper

DATA_DIR = os.environ.get("DATA_DIR", ".data")


def main() -> int:
    """Read the command line and do what it asks; a refusal is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="run a command with both engines up, in DATA_DIR")
    run.add_argument("--unsafe", action="store_true", help="faster; a crash may lose everything")
    run.add_argument("command", nargs=argparse.REMAINDER)
    run.set_defaults(do=_run)
    keep = commands.add_parser("keep", help="keep one process of the demo: an engine, or a command after its name")
    keep.add_argument("name")
    keep.add_argument("--unsafe", action="store_true")
    keep.add_argument("command", nargs=argparse.REMAINDER)
    keep.set_defaults(do=_keep)
    asked = parser.parse_args()
    try:
        return int(asked.do(asked))
    except (InUse, PermissionError, RuntimeError) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _run(asked: argparse.Namespace) -> int:
    with running(DATA_DIR, unsafe=asked.unsafe) as urls:
        return subprocess.run(_after_dashes(asked.command), env=os.environ | urls.environ, check=False).returncode


def _keep(asked: argparse.Namespace) -> int:
    places = Places.of(DATA_DIR)
    if asked.name == "postgres":
        return Keeper(postgres.command(places, unsafe=asked.unsafe), places, engine=True, stop_signal=postgres.STOP).run()
    if asked.name == "valkey":
        return Keeper(valkey.command(places, unsafe=asked.unsafe), places, engine=True).run()
    return Keeper(_after_dashes(asked.command), places).run()


def _after_dashes(command: list[str]) -> list[str]:
    return command[1:] if command[:1] == ["--"] else command


if __name__ == "__main__":
    sys.exit(main())
