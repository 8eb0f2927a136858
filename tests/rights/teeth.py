"""Proof that the rights tests work: remove one rule after another; each time a test must fail.

Run `python -m tests.rights.teeth`. First each model's `visible_to` is removed (it hides nothing any more),
then each move's `allowed` (everyone may). A rule that no test misses is a survivor and is printed; there must
be none. One process plays the world once. `teeth visible_to` and `teeth moves` do one half, `teeth
procurement.order` one model.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

os.environ["RIGHTS_BITING"] = "yes"  # set before the tests are imported: the first difference ends a test

import pytest
from _pytest.runner import runtestprotocol

# Open by design to everyone who is signed in: removing the rule changes nothing.
OPEN = {
    "partners.city": "the register is open to everybody who is signed in",
    "partners.twinningagreement": "the same",
    "partners.exchange": "the same",
    "partners.organization": "the same",
    "partners.correction": "the same",
    "partners.dispute": "the same",
    "workflow.message": "no door reads it yet (tests/workflow/journal/test_journal.py); what is written into it: test_canaries.py",
}
# Moves without a verb, a page or a POST, so no person can try them.
MACHINE = frozenset(
    "workflow.file.check workflow.file.pass workflow.file.reject workflow.file.leave workflow.file.receive "
    "procurement.certificate.pass_format procurement.certificate.suspect procurement.finding.find procurement.finding.raise_again "
    "procurement.finding.restate procurement.finding.clear procurement.supplierlead.expire "
    "procurement.verificationtask.outdate procurement.inquiry.pause procurement.inquiry.restate procurement.inquiry.go_on "
    "procurement.supplyrequest.ask_again".split()
)
# Order of the tests: those that find most come first.
QUICK = (
    "test_who_is_told_of_each_thing",
    "test_every_list_holds",
    "test_who_may_begin",
    "test_a_body_that_names",
    "test_who_gets_each_page",
    "test_who_may_post",
    "test_who_gets_the_pages",
    "test_people_and_invitations",
    "test_",
)
MOVING = ("test_who_may_make_each_move_through_the_api", "test_who_may_make_each_move_on_pages")


def private_models() -> list[Any]:
    """Return every model with a `visible_to` that hides something."""
    from django.apps import apps  # noqa: PLC0415  # after pytest has set Django up

    return [
        model
        for model in apps.get_models()
        if hasattr(model._default_manager.all(), "visible_to")
        and "catalogue" not in model.__module__
        and model._meta.label_lower not in OPEN
    ]


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


class Teeth:
    """Pytest plugin that runs the tests again for each removed rule, until one test fails."""

    def __init__(self, wanted: list[str]) -> None:
        self.wanted = wanted
        self.survivors: list[str] = []

    def pytest_runtestloop(self, session: Any) -> bool:
        """Replace the normal run of each test."""
        items = sorted(
            session.items, key=lambda item: next(n for n, name in enumerate(QUICK) if name in item.name)
        )
        if not self._pass(items[:1]):
            sys.exit("The first test fails with every rule in its place: mend it first.")
        if not self.wanted or self.wanted != ["moves"]:
            for model in private_models():
                label = model._meta.label_lower
                if self.wanted in ([], ["visible_to"]) or label in self.wanted:
                    self._bite(label, lambda model=model: seen_by_all(model), items)
        if self.wanted in ([], ["moves"]):
            self._moves(items)
        return True

    def _moves(self, items: list[Any]) -> None:
        from tests.rights.moves import test_moves  # noqa: PLC0415  # after pytest has set Django up
        from workflow.moves import Moves  # noqa: PLC0415

        moving = [item for name in MOVING for item in items if name in item.name]
        for label, moves in Moves.registry.items():
            for move in moves:
                name = f"{label}.{move.verb}"
                if name in MACHINE:
                    continue
                test_moves.ONLY[:] = [(label, move.verb)]
                offered = any(True for _row in test_moves.rows())
                self._bite(name, lambda move=move: open_to_all(move), moving if offered else items)
        test_moves.ONLY.clear()

    def _bite(self, name: str, without: Callable[[], Any], items: list[Any]) -> None:
        with without():
            stays = self._pass(items)
        print(f"\n{'SURVIVES' if stays else 'bitten  '} {name}", end="", flush=True)
        self.survivors += [name] if stays else []

    @staticmethod
    def _pass(items: list[Any]) -> bool:
        """Return True if all these tests pass.

        The next test is always one of this folder, so that pytest keeps the world.
        """
        runs = (runtestprotocol(item, nextitem=item, log=False) for item in items)
        return not any(report.failed for reports in runs for report in reports)


def main() -> int:
    teeth = Teeth(sys.argv[1:])
    options = [
        "tests/rights",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:logging",
        "--no-header",
        "--tb=no",
        "--no-summary",
    ]
    stopped = pytest.main(options, plugins=[teeth])
    print(f"\nsurvivors: {', '.join(teeth.survivors) or 'none'}")
    return 1 if teeth.survivors or stopped not in (0, pytest.ExitCode.NO_TESTS_COLLECTED) else 0


if __name__ == "__main__":
    sys.exit(main())
