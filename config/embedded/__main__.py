"""The command line of the embedded engines and the demo; the Makefile calls it."""

import argparse
import os
import subprocess
import sys

from config.embedded.demo import manage, up
from config.embedded.engines import InUse, running
from config.embedded.places import Places
from config.embedded.reset import reset

PORT = os.environ.get("PORT") or "8000"
PLACES = Places.of(os.environ.get("DATA_DIR") or ".data")


def main() -> int:
    """Read the command line and do what it asks; a refusal is one sentence."""
    asked = arguments().parse_args()
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        print(f"PORT is {PORT}: it must be a number from 1 to 65535.", file=sys.stderr)
        return 2
    try:
        return int(asked.do(asked))
    except (InUse, OSError, RuntimeError) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def arguments() -> argparse.ArgumentParser:
    """The commands."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("up", help="the demo").set_defaults(do=lambda asked: up(PLACES, int(PORT)))
    commands.add_parser("reset", help="drop the demo's data").set_defaults(do=lambda asked: reset(PLACES))
    command = commands.add_parser("manage", help="run a command of manage.py on the demo's data")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command.set_defaults(do=lambda asked: manage(PLACES, int(PORT), words(asked)))
    command = commands.add_parser("run", help="run a command with both engines up")
    command.add_argument("--unsafe", action="store_true", help="faster; a crash may lose everything")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command.set_defaults(do=run)
    return parser


def run(asked: argparse.Namespace) -> int:
    """Run a command with both engines on DATA_DIR, and their addresses in its environment."""
    with running(PLACES.data_dir, unsafe=asked.unsafe) as urls:
        return subprocess.run(words(asked), env=os.environ | urls.environ, check=False).returncode


def words(asked: argparse.Namespace) -> list[str]:
    """The command that was given, without the dashes that may stand before it."""
    given: list[str] = asked.command
    return given[1:] if given[:1] == ["--"] else given


if __name__ == "__main__":
    sys.exit(main())
