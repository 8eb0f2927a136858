"""Every status change ("move") that pages or the API offer has an action that makes it.

No page repeats the signature of such an action.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from procurement.shared_api.all_collections import COLLECTIONS
from tests.architecture.layout import is_page, path_names
from tests.architecture.sources import modules, name, tree
from workflow.moves import Move, Moves, moves_made_by, one_of, register_action
from workflow.uploads import rules
from workflow.uploads.models import File

OURS = ("workflow.", "partners.", "procurement.")
MAX_CALL_DEPTH = 3  # calls between an action and the helper that makes its move
OFFERING_FUNCTIONS = frozenset({"MoveOption", "move_options", "MoveOperation", "move_operations"})
# Pages of their own for a move that is also a button: what they ask for, a form of one move cannot.
OWN_PAGES = {
    "procurement/leads/views/leads.py": {"submit_lead"},  # entered and offered in one step
    "procurement/outreach/views/reminders.py": {"remind_contact"},  # in words of one's own
    "procurement/requests/views/post_steps.py": {"edit_request"},  # the steps of a new need
    "procurement/shipments/views/planning.py": {"pack_shipment"},  # cartons, line by line
    "procurement/suppliers/views/interests.py": {"declare_interest"},  # about any company
    "procurement/thanks/views.py": {"send_thank_you"},  # the messages on the page itself
}


def value_of(node: ast.expr, names: dict[str, Any]) -> Any:
    """Return the value of a name or an attribute, or None if it is not known before the code runs."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = value_of(node.value, names)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    return None


def values_in(node: ast.AST, names: dict[str, Any]) -> Iterator[Any]:
    """Yield the values of the names and attributes inside a piece of code."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name | ast.Attribute):
            yield value_of(one, names)


def body_of(function: Callable[..., Any]) -> list[ast.stmt]:
    """Return the body of a function, without its decorators."""
    found = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found.body


def moves_reached(action: Callable[..., Any], deep: int = MAX_CALL_DEPTH) -> set[Move[Any]]:
    """Return the moves that an action makes in its own code or in functions that it calls, `deep` calls down."""
    function = inspect.unwrap(action)
    found = [value for line in body_of(function) for value in values_in(line, function.__globals__)]
    reached = {move for value in found if isinstance(value, Moves) for move in value}
    reached |= {value for value in found if isinstance(value, Move)}
    if deep:
        for value in found:
            if inspect.isfunction(value) and value.__module__.startswith(OURS):
                reached |= moves_reached(value, deep - 1)
    return reached


def every_move() -> list[Move[Any]]:
    return [move for life in Moves.registry.values() for move in life]


ACTIONS = {
    f"{move.action.__module__}.{move.action.__qualname__}": move.action
    for move in every_move()
    if move.action is not None
}


def test_over_two_hundred_actions_declare_their_status_changes():
    assert len(ACTIONS) > 200


@pytest.mark.parametrize("place", sorted(ACTIONS))
def test_action_makes_the_status_changes_it_declares(place):
    action = ACTIONS[place]
    named = set(moves_made_by(action))
    assert not [move.verb for move in named - moves_reached(action)]
    module = import_module(action.__module__)
    assert getattr(module, action.__name__) is action, "`makes` stands above the other decorators"
    assert "actions" in action.__module__.split(".")


RENAME = Move[File](
    verb="rename",
    label="Rename",
    past_tense="renamed",
    source=one_of(File.Status.CLEAN),
    allowed=lambda by, file: True,
)


@register_action(RENAME)
def rename(file: File) -> File:
    """Declare the move `RENAME`, but make the move `REJECT`."""
    with rules.REJECT.apply_to(file, by=None, at=None):
        return file


def test_action_check_detects_undeclared_status_change():
    assert moves_made_by(rename) == (RENAME,)
    assert moves_reached(rename) == {rules.REJECT}


def page_files() -> Iterator[Path]:
    """Yield the files of pages and the API.

    Commands are left out, because they play the practice scenario in the names of many people.
    """
    return (
        path
        for path in modules("partners", "procurement")
        if is_page(path) and "management" not in path_names(path)
    )


@cache
def names_of(path: Path) -> dict[str, Any]:
    return vars(import_module(name(path)[:-3].replace("/", ".").removesuffix(".__init__")))


def offering_calls(path: Path) -> Iterator[ast.Call]:
    """Yield the calls in which a file offers moves."""
    for node in ast.walk(tree(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in OFFERING_FUNCTIONS
        ):
            yield node


def moves_offered_by(path: Path) -> set[Move[Any]]:
    """Return the moves that a file offers."""
    return {
        value
        for call in offering_calls(path)
        for value in values_in(call, names_of(path))
        if isinstance(value, Move)
    }


def test_every_status_change_offered_on_pages_has_action():
    offered = {name(path): moves_offered_by(path) for path in page_files()}
    assert len(set().union(*offered.values())) > 180
    known = set(every_move())
    assert not [
        (place, move.verb)
        for place, moves in offered.items()
        for move in moves
        if move.action is None or move not in known
    ]


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda collection: collection.path)
def test_api_verb_of_status_change_is_derived_from_it(collection):
    life = Moves.registry.get(collection.model._meta.label_lower)
    for address, operation in collection.move_actions.items():
        move = life.by_verb.get(address.replace("-", "_")) if life else None
        assert operation.move is move, address


def calls_with_actor(code: ast.AST, names: dict[str, Any]) -> Iterator[tuple[str, set[Move[Any]]]]:
    """Yield the actions that a piece of code calls for the person who sent the request, with their moves."""
    for call in ast.walk(code):
        if not isinstance(call, ast.Call):
            continue
        given = {one.arg: ast.unparse(one.value) for one in call.keywords}
        action = value_of(call.func, names)
        if given.get("by") == "request.by" and inspect.isfunction(action) and moves_made_by(action):
            yield action.__name__, set(moves_made_by(action))


def test_no_page_passes_actor_and_time_to_action_it_offers_as_button():
    """A page that offers a move as a button or form does not also pass actor and time to its action."""
    buttons = set().union(*(moves_offered_by(path) for path in page_files() if "api" not in path_names(path)))
    found: dict[str, set[str]] = {}
    for path in page_files():
        for action, moves in calls_with_actor(tree(path), names_of(path)):
            if moves & buttons and not all(move.creates_object for move in moves):
                found.setdefault(name(path), set()).add(action)
    assert found == OWN_PAGES


def test_page_code_that_offers_a_status_change_neither_reads_clock_nor_passes_actor():
    wrong = [
        f"{name(path)}:{node.lineno}"
        for path in page_files()
        for call in offering_calls(path)
        for node in ast.walk(call)
        if (isinstance(node, ast.keyword) and node.arg in {"by", "at"})
        or (isinstance(node, ast.Attribute) and node.attr in {"now", "real_now"})
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("rename(thing, by=request.by, at=clock.now())", ["rename"]),
        ("lambda request, thing, **facts: rename(thing, by=request.by, at=at, **facts)", ["rename"]),
        ("rename(thing, by=by, at=at)", []),
        ("makes(thing, by=request.by, at=at)", []),
    ],
)
def test_repeated_signature_rule_detects_repetition(line, found):
    assert [action for action, _moves in calls_with_actor(ast.parse(line), globals())] == found
