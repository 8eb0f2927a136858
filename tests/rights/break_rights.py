"""Check of the rights tests: break one right after another; each time a test must fail.

Run `python -m tests.rights.break_rights` for all four kinds of changes, or name some:

- `rows`: a model's `visible_to` hides nothing any more.
- `moves`: everyone may make one move.
- `roles`: a role has one power more, or one less.
- `rules`: one condition of a rule is replaced in its source.

The tests in memory run first, then the requests of every person, until one fails. A change that no test notices
is a survivor and is printed; there must be none. The world of the tests is made once. A longer name selects by its
beginning: `break_rights rows.procurement.order roles.observer`.
"""

import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

os.environ["RIGHTS_BREAKING"] = "yes"  # set before the tests are imported: the first difference ends a test

import pytest
from _pytest.runner import runtestprotocol

from tests.rights.broken_rules import RULES, Rule, broken_source

# Order of the tests: those in memory, then the requests that find most. A name that no test has is an error.
QUICK = (
    "test_status_actions_are_allowed_or_proposed_by_permission_table",
    "test_periodic_job_can_make_only_its_own_status_changes",
    "test_rows_are_visible_only_to_people_of_permission_table",
    "test_api_details_are_visible_by_permission_table",
    "test_api_lists_contain_exactly_records_user_may_see",
    "test_creation_by_api_follows_permission_table",
    "test_pages_open_by_permission_table",
    "test_posts_to_pages_follow_permission_table",
    "test_pages_without_record_open_by_permission_table",
    "test_",
)
IN_MEMORY = QUICK[:3]
# Moves that every signed-in person may make; of a proposed change, the rules of the change itself decide.
OPEN_TO_EVERYONE = (("workflow.file", "receive"), ("procurement.supplierchange", "propose"))


@contextmanager
def seen_by_all(model: Any) -> Iterator[None]:
    """Replace a model's `visible_to` by one that hides nothing."""
    rows = type(model._default_manager.all())
    owner: Any = next(base for base in rows.__mro__ if "visible_to" in vars(base))
    kept = owner.visible_to
    owner.visible_to = lambda self, powers: self.all() if self.model is model else kept(self, powers)
    try:
        yield
    finally:
        owner.visible_to = kept


@contextmanager
def open_to_all(move: Any) -> Iterator[None]:
    """Let everyone make this move."""
    kept = move.allowed
    object.__setattr__(move, "allowed", lambda by, thing: True)
    try:
        yield
    finally:
        object.__setattr__(move, "allowed", kept)


@contextmanager
def with_powers(role: str, powers: frozenset[Any]) -> Iterator[None]:
    """Give a role these powers and no others."""
    from partners.memberships.roles import ROLE_DEFINITIONS  # noqa: PLC0415 - after pytest has set Django up

    kept = ROLE_DEFINITIONS[role]
    ROLE_DEFINITIONS[role] = replace(kept, powers=powers)
    try:
        yield
    finally:
        ROLE_DEFINITIONS[role] = kept


@contextmanager
def broken(rule: Rule) -> Iterator[None]:
    """Replace one condition in the source of a function, for everything that already refers to the function."""
    module = importlib.import_module(rule.module)
    function, known = getattr(module, rule.function), dict(vars(module))
    exec(compile(broken_source(rule), rule.module, "exec"), known)
    kept, function.__code__ = function.__code__, known[rule.function].__code__
    try:
        yield
    finally:
        function.__code__ = kept


type Change = Callable[[], AbstractContextManager[None]]


def changes() -> Iterator[tuple[str, Change]]:
    """Yield every change with its name."""
    from tests.rights.rows_table import EMPTY  # noqa: PLC0415 - after pytest has set Django up
    from tests.rights.test_rows import private_models  # noqa: PLC0415 - after pytest has set Django up
    from workflow.moves import Moves  # noqa: PLC0415 - after pytest has set Django up

    for model in private_models():
        if model._meta.label_lower not in EMPTY:
            yield f"rows.{model._meta.label_lower}", partial(seen_by_all, model)
    for label, moves in Moves.registry.items():
        for move in moves:
            if (label, move.verb) not in OPEN_TO_EVERYONE:
                yield f"moves.{label}.{move.verb}", partial(open_to_all, move)
    yield from changes_of_roles()
    for rule in RULES:
        yield f"rules.{rule.module}.{rule.function}.{rule.text}", partial(broken, rule)


def changes_of_roles() -> Iterator[tuple[str, Change]]:
    """Yield for each role and each power a change that takes the power from the role or gives it."""
    from partners.memberships.roles import ROLE_DEFINITIONS  # noqa: PLC0415 - after pytest has set Django up
    from partners.powers import Power  # noqa: PLC0415 - after pytest has set Django up

    for role, card in ROLE_DEFINITIONS.items():
        if role == "broker":  # has powers over shipments that are assigned to them, whatever the role says
            continue
        for power in Power:
            how = "without" if power in card.powers else "with"
            yield f"roles.{role}.{how}.{power}", partial(with_powers, role, card.powers ^ {power})


class RightsBreaker:
    """Pytest plugin that runs the tests again for each broken right, until one test fails."""

    def __init__(self, wanted: list[str]) -> None:
        self.wanted = wanted
        self.survivors: list[str] = []
        self.failure = ""  # of the last test that failed

    def pytest_runtestloop(self, session: Any) -> bool:
        """Replace the normal run of each test."""
        for rule in RULES:
            broken_source(rule)
        unknown = [name for name in QUICK if not any(name in item.name for item in session.items)]
        if unknown:
            sys.exit(f"No test is called {', '.join(unknown)}: correct QUICK.")
        items = sorted(session.items, key=_place)
        if not self._pass([item for item in items if _place(item) < len(IN_MEMORY)]):
            sys.exit(f"The tests in memory fail with every right in its place:\n{self.failure}")
        chosen = [
            (name, change)
            for name, change in changes()
            if not self.wanted or name.startswith(tuple(self.wanted))
        ]
        if not chosen:
            sys.exit(f"No change is called {' or '.join(self.wanted)}.")
        for name, change in chosen:
            self._try(name, change, items)
        return True

    def _try(self, name: str, change: Change, items: list[Any]) -> None:
        """Break one right, and note whether a test fails."""
        began = time.monotonic()
        with change():
            # The rows of a model have a test of their own, which goes first.
            survives = self._pass(
                sorted(items, key=lambda item: f"[{name.removeprefix('rows.')}]" not in item.name)
            )
        seconds = time.monotonic() - began
        print(f"\n{'SURVIVES' if survives else 'bitten  '} {seconds:6.1f} s  {name}", end="", flush=True)
        self.survivors += [name] if survives else []

    def _pass(self, items: list[Any]) -> bool:
        """Return True if all these tests pass.

        The next test is said to be in another folder beside this one, so that pytest keeps the world and nothing
        else.
        """
        for item in items:
            beside = next(one for one in item.session.items if one.path.parent != item.path.parent)
            for report in runtestprotocol(item, nextitem=beside, log=False):
                if report.failed:
                    self.failure = f"{item.nodeid}\n{report.longreprtext}"
                    return False
        return True


def _place(item: Any) -> int:
    """Return the place of a test in `QUICK`."""
    return next(number for number, name in enumerate(QUICK) if name in item.name)


def main() -> int:
    breaker = RightsBreaker(sys.argv[1:])
    options = [
        "tests/rights",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:logging",
        "--no-header",
        "--tb=short",
        "--no-summary",
    ]
    stopped = pytest.main(options, plugins=[breaker])
    print(f"\nsurvivors: {', '.join(breaker.survivors) or 'none'}")
    return 1 if breaker.survivors or stopped not in (0, pytest.ExitCode.NO_TESTS_COLLECTED) else 0


if __name__ == "__main__":
    sys.exit(main())
