"""Command line that runs the bundled PostgreSQL and Valkey, and the demo; the Makefile calls it."""

import argparse
import os
import subprocess
import sys

from config.local_stack.demo import run_demo, run_manage_command
from config.local_stack.engines import FolderInUse, run_engines
from config.local_stack.paths import DataPaths
from config.local_stack.reset import reset

PORT = os.environ.get("PORT") or "8000"
DATA_PATHS = DataPaths.from_data_dir(os.environ.get("DATA_DIR") or ".data")


def main() -> int:
    """Run the command from the command line and return its exit code.

    Print a refusal as one sentence.
    """
    options = argument_parser().parse_args()
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        print(f"PORT is {PORT}: it must be a number from 1 to 65535.", file=sys.stderr)
        return 2
    try:
        return int(options.do(options))
    except (FolderInUse, OSError, RuntimeError) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def argument_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line, with one sub-command for each task."""
    parser = argparse.ArgumentParser(prog="python -m config.local_stack", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("up", help="the demo").set_defaults(
        do=lambda options: run_demo(DATA_PATHS, int(PORT))
    )
    commands.add_parser("reset", help="drop the demo's data").set_defaults(
        do=lambda options: reset(DATA_PATHS)
    )
    command = commands.add_parser("manage", help="run a command of manage.py on the demo's data")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command.set_defaults(
        do=lambda options: run_manage_command(DATA_PATHS, int(PORT), command_after_dashes(options))
    )
    command = commands.add_parser("run", help="run a command with both engines up")
    command.add_argument("--unsafe", action="store_true", help="faster; a crash may lose everything")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command.set_defaults(do=run_command)
    return parser


def run_command(options: argparse.Namespace) -> int:
    """Run a command with both engines on DATA_DIR, and their addresses in its environment."""
    with run_engines(DATA_PATHS.data_dir, unsafe=options.unsafe) as urls:
        return subprocess.run(
            command_after_dashes(options), env=os.environ | urls.environ, check=False
        ).returncode


def command_after_dashes(options: argparse.Namespace) -> list[str]:
    """Return the given command without a leading `--`."""
    given: list[str] = options.command
    return given[1:] if given[:1] == ["--"] else given


if __name__ == "__main__":
    sys.exit(main())
