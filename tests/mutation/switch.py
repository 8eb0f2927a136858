"""A slip switched on in a running process: Django, the tests and everything imported stay as they are.

A function keeps its identity and gets other code, so every Move, registry and import that holds it follows. What
a slip changes at module level is assigned again, and put wherever a module holds the old value under its name.
"""

import ast
import dataclasses
import gc
import importlib
import sys
import types
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.mutation.slips import Slip, assigned_names, slips_of
from workflow.moves import Move, Moves

ROOMS = ("workflow", "accounts", "partners", "procurement", "config", "tests")
type Key = tuple[str, int]  # qualified name and first line


class Source:
    """One file of rules: its tree, its slips, and the live functions of its code."""

    def __init__(self, path: str) -> None:
        """Import the module of a file, given relative to the root of the repository."""
        self.module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        self.tree, self.slips = slips_of(path)
        self.file = str(Path(path).resolve())
        self.right = dict(_codes(self._compiled()))
        self.live: dict[Key, list[types.FunctionType]] = defaultdict(list)
        self.defaulting: list[
            types.FunctionType
        ] = []  # functions whose defaults may hold a value of the module
        for one in gc.get_objects():
            if type(one) is not types.FunctionType:
                continue
            if one.__code__.co_filename == self.file:
                self.live[_key(one.__code__)].append(one)
            if (one.__defaults__ or one.__kwdefaults__) and _is_ours(one.__module__):
                self.defaulting.append(one)

    def codes(self) -> list[types.CodeType]:
        """Return the code of every live function, and of those inside them."""
        return [
            code
            for functions in self.live.values()
            for one in functions
            for code in (one.__code__, *dict(_codes(one.__code__)).values())
        ]

    def switch(self, slip: Slip) -> bool:
        """Make the slip in this process, for good. Return False if it cannot be made here."""
        if not slip.function:
            return self._assign(slip)
        with slip.made():
            wrong = dict(_codes(self._compiled()))
        changed = [key for key, code in wrong.items() if key in self.live and self.right.get(key) != code]
        if any(
            one.__code__.co_freevars != wrong[key].co_freevars for key in changed for one in self.live[key]
        ):
            return False
        for key in changed:
            for one in self.live[key]:
                one.__code__ = wrong[key]
        return bool(changed)

    def _compiled(self, statements: list[ast.stmt] | None = None) -> types.CodeType:
        tree = self.tree if statements is None else ast.Module(statements, [])
        return compile(ast.fix_missing_locations(tree), self.file, "exec")

    def _assign(self, slip: Slip) -> bool:
        """Assign again what the slip changes at module level, and what is made from it there."""
        here = vars(self.module)
        names, statements = set(slip.names), []
        for statement in self.tree.body:
            own = slip.names and slip.lines.start == statement.lineno
            used = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)}
            made = isinstance(statement, (ast.Assign, ast.AnnAssign)) and used & names
            if own or (made and "Moves" not in used):
                statements.append(statement)
                names |= assigned_names(statement)
        if not statements:
            return False
        registry, beside = dict(Moves.registry), dict(here)
        with slip.made():
            code = self._compiled(statements)
        exec(code, beside)
        Moves.registry.update(registry)
        for name in names:
            self._put(name, here[name], beside[name])
        return True

    def _put(self, name: str, old: Any, new: Any) -> None:
        """Put a value in the place of another; a Move and a life cycle stay the same objects."""
        if isinstance(old, Move):
            for field in dataclasses.fields(old):
                object.__setattr__(old, field.name, getattr(new, field.name))
            return
        if isinstance(old, Moves):
            old.moves, old.by_verb, old.ends = new.moves, new.by_verb, new.ends
            return
        for module in list(sys.modules.values()):
            if _is_ours(module.__name__) and vars(module).get(name) is old:
                setattr(module, name, new)
        for one in self.defaulting if isinstance(old, tuple | frozenset) else ():
            one.__defaults__ = tuple(new if each is old else each for each in one.__defaults__ or ()) or None
            kept = one.__kwdefaults__ or {}
            one.__kwdefaults__ = {word: new if each is old else each for word, each in kept.items()} or None


def _is_ours(module: str | None) -> bool:
    return (module or "").partition(".")[0] in ROOMS


def _key(code: types.CodeType) -> Key:
    return code.co_qualname, code.co_firstlineno


def _codes(code: types.CodeType) -> list[tuple[Key, types.CodeType]]:
    inside = [one for one in code.co_consts if isinstance(one, types.CodeType)]
    return [(_key(one), one) for one in inside] + [pair for one in inside for pair in _codes(one)]
