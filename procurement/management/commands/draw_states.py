"""`manage.py draw_states [--check]`: write docs/states.md from the moves in the code."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from procurement.apps import PACKAGES
from workflow.moves import Move, Moves, no_condition, no_date_condition

OUTPUT_FILE = "docs/states.md"
INTRODUCTION = """\
# Life cycles

Drawn by `manage.py draw_states` from the Moves in each stage's rules; do not edit. A move that names no target keeps the status.

Each status belongs to one group, which its model declares: "open" waits for a person or for the periodic job, "done" has its
result and waits for nothing, "void" counts no more and is kept for the record.

The last two columns of a move name the functions of its rules: who may make it, and what must hold first.
"""


class Command(BaseCommand):
    """Command that draws every life cycle as a diagram with two tables."""

    help = "Write docs/states.md from the Moves; with --check, only report whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--check`, which compares without writing."""
        parser.add_argument(
            "--check",
            action="store_true",
            help="change nothing; exit with status 1 if the file is out of date",
        )

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Write the page, or with `--check` fail if it differs."""
        import_module(settings.ROOT_URLCONF)  # importing the pages registers all moves
        target = Path(settings.BASE_DIR) / OUTPUT_FILE
        page = render_states_page(Moves.registry)
        if not check:
            target.write_text(page, encoding="utf-8")
        elif not target.exists() or target.read_text(encoding="utf-8") != page:
            raise CommandError(f"{OUTPUT_FILE} is out of date. Run: manage.py draw_states")


def render_states_page(registry: dict[str, Moves[Any]]) -> str:
    """Return the whole page in English, in the order of the process."""
    with translation.override("en"):
        parts = [INTRODUCTION, *(_section(moves) for moves in sorted(registry.values(), key=_sort_key))]
    return "\n".join(parts)


def _sort_key(moves: Moves[Any]) -> tuple[int, str]:
    """Return the sort key of a life cycle: workflow, then partners, then procurement, each by name."""
    rooms = ["workflow", "accounts", "partners", *(f"procurement.{package}" for package in PACKAGES)]
    module = moves.model.__module__
    return next(place for place, room in enumerate(rooms) if module.startswith(room)), moves.model.__name__


def _section(moves: Moves[Any]) -> str:
    name = str(moves.model._meta.verbose_name).capitalize()
    lines = [
        f"## {name}",
        "",
        f"`{moves.model._meta.label}`",
        "",
        *_diagram(moves),
        "",
        *_statuses(moves),
        "",
        *_moves(moves),
        "",
    ]
    return "\n".join(lines)


def _diagram(moves: Moves[Any]) -> list[str]:
    arrows = []
    for move in moves:
        if move.creates_object:
            arrows.append(f"    [*] --> {move.target}: {move.verb}")
        elif move.target is not None:
            arrows += [
                f"    {source} --> {move.target}: {move.verb}" for source in _ordered(moves, move.source)
            ]
    ends = [f"    {status} --> [*]" for status in moves.statuses.values if status in moves.ends]
    return ["```mermaid", "stateDiagram-v2", *arrows, *ends, "```"]


def _statuses(moves: Moves[Any]) -> list[str]:
    rows = [
        (f"`{status.value}`", str(status.label), status.group.value, str(moves.ends.get(status, "")))
        for status in moves.statuses
    ]
    return _table(("status", "shown as", "group", "the end, because"), rows)


def _moves(moves: Moves[Any]) -> list[str]:
    return _table(
        ("move", "button", "from", "to", "notes", "by", "if"), [_row(moves, move) for move in moves]
    )


def _row(moves: Moves[Any], move: Move[Any]) -> tuple[str, ...]:
    sources = ", ".join(_ordered(moves, move.source)) or "(new)"
    notes = [
        words
        for holds, words in (
            (move.allowed_for_system, "by the clock, too"),
            (move.requires_reason, "needs a reason"),
            (move.undo_verb, f"undone by `{move.undo_verb}`"),
        )
        if holds
    ]
    rules = [
        f"`{rule.__name__}`"
        for rule in (move.ready, move.date_condition)
        if rule not in (no_condition, no_date_condition)
    ]
    target = move.target or "(stays)"
    return (
        *(f"`{move.verb}`", str(move.label), sources, target, "; ".join(notes)),
        *(f"`{move.allowed.__name__}`", ", ".join(rules)),
    )


def _ordered(moves: Moves[Any], statuses: Iterable[str]) -> list[str]:
    """Return the statuses in the order of the model.

    A set has no order, and the page must be reproducible.
    """
    return [status for status in moves.statuses.values if status in statuses]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_line(head), _line("---" for _ in head), *(_line(row) for row in rows)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
