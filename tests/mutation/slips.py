"""Slips: small realistic mistakes, made in the syntax tree of a module one at a time.

A boundary off by one, a lost condition, a lost element of a set, a lost argument, a day taken by UTC. Left out
are words on screen and what only fills them, annotations, decorators, docstrings, and the defaults of a class.
"""

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

type Change = tuple[str, ast.AST]  # what happens, and the new node

ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min"}
METHODS = {"filter": "exclude", "exclude": "filter", "first": "last", "last": "first", "latest": "earliest"}
DROPPED = frozenset({"strip", "distinct", "reversed"})  # calls that leave what they were made on
LOOKUPS = {"__gt": "__gte", "__gte": "__gt", "__lt": "__lte", "__lte": "__lt"}
SPOKEN = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext_lazy"})
SPOKEN_KEYWORDS = frozenset({"label", "past", "ends", "help_text", "verb", "error_messages", "attrs", "who"})
GIVEN = frozenset({"by", "at", "real_at"})  # without them nothing runs
UNTOUCHED = frozenset(
    {"annotation", "returns", "decorator_list", "type_params", "bases", "ctx", "type_comment"}
)
SQL = (
    (re.compile(r"<="), "<"),
    (re.compile(r"(?<![<>=:])=(?!=)"), "<>"),
    (re.compile(r"\bOR\b"), "AND"),
    (re.compile(r"\bAND\b"), "OR"),
    (re.compile(r"\n\s+AND [^\n]*(?=\n)"), ""),
    (re.compile(r" IS NULL\b"), " IS NOT NULL"),
    (re.compile(r"\bEXISTS\b"), "NOT EXISTS"),
    (re.compile(r" (?:\+ interval '[^']*'|- 1 day)"), ""),
    (re.compile(r"coalesce\(\(SELECT"), "nullif((SELECT"),
)


class Slip(NamedTuple):
    """One mistake: where it is made, what it is, and how.

    `name` stays the same when other functions of the file change.
    """

    path: str
    line: int
    function: str  # the function it is in, "" at module level
    what: str
    name: str
    lines: range  # of its statement
    names: frozenset[str]  # at module level: what its statement assigns
    holder: ast.AST
    field: str
    place: int | None
    node: ast.AST

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"

    @contextmanager
    def made(self) -> Iterator[None]:
        """Hold the mistake in the tree while the block runs."""
        kept = getattr(self.holder, self.field)
        changed: Any = self.node
        if self.place is not None:
            changed = [*kept[: self.place], self.node, *kept[self.place + 1 :]]
        setattr(self.holder, self.field, changed)
        try:
            yield
        finally:
            setattr(self.holder, self.field, kept)


class _Where(NamedTuple):
    """Place of the walk: the function, what it returns, the statement, and a digest of the function."""

    function: str
    returns: str
    statement: ast.stmt
    assigned: frozenset[str]
    digest: str


class _Spot(NamedTuple):
    """One node that may be changed, and what holds it."""

    holder: Any
    field: str
    place: int | None
    node: Any
    where: _Where


def slips_of(path: str) -> tuple[ast.Module, list[Slip]]:
    """Return the tree of a file and every slip that can be made in it."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    fillers = _fillers(tree)
    times: Counter[tuple[str, str]] = Counter()
    found = []
    for spot in _walk(tree, "", None):
        where = spot.where
        for what, new in () if _is_spoken(spot, fillers) else _changes(spot):
            times[where.function, what] += 1
            for one in ast.walk(new):
                if not hasattr(one, "lineno") and hasattr(spot.node, "lineno"):
                    ast.copy_location(one, spot.node)
            name = f"{path}|{where.function}|{what}|{times[where.function, what]}|{where.digest}"
            lines = range(where.statement.lineno, _last_line(where.statement) + 1)
            line = getattr(spot.node, "lineno", where.statement.lineno)
            spot_of = (spot.holder, spot.field, spot.place)
            found.append(Slip(path, line, where.function, what, name, lines, where.assigned, *spot_of, new))
    return tree, found


def _walk(node: ast.AST, function: str, where: _Where | None) -> Iterator[_Spot]:
    """Yield every node that may be changed."""
    for field, value in ast.iter_fields(node):
        filled = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and field == "right"
        if field in UNTOUCHED or filled:
            continue
        for place, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _is_left_out(child, node):
                continue
            here = _entered(child, node, function, where) if isinstance(child, ast.stmt) else where
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            if here is not None and not named:
                yield _Spot(node, field, place if isinstance(value, list) else None, child, here)
            yield from _walk(child, f"{function}.{child.name}".strip(".") if named else function, here)


def _entered(statement: ast.stmt, holder: ast.AST, function: str, where: _Where | None) -> _Where:
    """Return the place of the walk at a statement."""
    returns, digest = where.returns if where else "", where.digest if where else ""
    if isinstance(holder, ast.FunctionDef):
        returns = ast.unparse(holder.returns) if holder.returns else ""
    if not (where and where.function):
        digest = hashlib.sha256(ast.unparse(statement).encode()).hexdigest()[:8]
    return _Where(
        function, returns, statement, frozenset() if function else assigned_names(statement), digest
    )


def assigned_names(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a statement assigns."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return frozenset(one.id for one in targets if isinstance(one, ast.Name))


def _last_line(statement: ast.stmt) -> int:
    """Return the last line of a statement, without the statements inside it."""
    body = getattr(statement, "body", None)
    return max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno


def _is_left_out(child: ast.AST, holder: ast.AST) -> bool:
    """Return True for words, imports, docstrings, default arguments and the defaults of a class."""
    if (
        isinstance(child, ast.stmt)
        and isinstance(holder, ast.ClassDef)
        and not isinstance(child, ast.FunctionDef)
    ):
        return True
    if isinstance(
        child, ast.Import | ast.ImportFrom | ast.Assert | ast.JoinedStr | ast.arguments | ast.TypeAlias
    ):
        return True
    if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
        return True
    spoken = isinstance(child, ast.keyword) and child.arg in SPOKEN_KEYWORDS
    return spoken or (isinstance(child, ast.Call) and _called(child) in SPOKEN)


def _fillers(tree: ast.Module) -> set[str]:
    """Return the names of what fills the gaps of sentences."""
    filled = (
        one.right for one in ast.walk(tree) if isinstance(one, ast.BinOp) and isinstance(one.op, ast.Mod)
    )
    return {name.id for right in filled for name in ast.walk(right) if isinstance(name, ast.Name)}


def _is_spoken(spot: _Spot, fillers: set[str]) -> bool:
    """Return True for what only fills or chooses a sentence, and for a tuple that is taken apart at once."""
    node, holder = spot.node, spot.holder
    if isinstance(holder, ast.Assign):
        target = holder.targets[0]
        if isinstance(target, ast.Tuple) and isinstance(node, ast.Tuple):
            return True
        if isinstance(target, ast.Name) and target.id in fillers and isinstance(node, ast.Dict):
            return True
    if isinstance(node, ast.Dict):
        return bool(node.values) and all(map(_is_words, node.values))
    return isinstance(node, ast.IfExp) and _is_words(node.body) and _is_words(node.orelse)


def _is_words(node: ast.AST) -> bool:
    said = node.left if isinstance(node, ast.BinOp) else node
    return isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id in SPOKEN


def _called(node: ast.Call) -> str:
    """Return the name of what is called."""
    called = node.func
    return (
        called.id
        if isinstance(called, ast.Name)
        else called.attr
        if isinstance(called, ast.Attribute)
        else ""
    )


# --- changes ------------------------------------------------------------------------------------------------------
def _changes(spot: _Spot) -> Iterator[Change]:
    """Yield the changes of one node."""
    for kind, change in CHANGES.items():
        if isinstance(spot.node, kind):
            yield from change(spot)


def _compare(spot: _Spot) -> Iterator[Change]:
    """Yield boundaries off by one and turned comparisons. A whole condition is turned by `always` and `never`."""
    node = spot.node
    whole = spot.field == "test" or (spot.field == "ifs" and isinstance(spot.holder, ast.comprehension))
    for place, operator in enumerate(node.ops):
        kinds = (1 if whole else 2) if isinstance(operator, ORDERED) else 0 if whole else 1
        for other in COMPARISONS[type(operator)][:kinds]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield _to(node, ast.Compare(node.left, ops, node.comparators))


def _boolean(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    yield _to(node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
    for value, left in _without(node.values):
        yield (
            f"lost: {_short(value)} of {_short(node)}",
            left[0] if len(left) == 1 else ast.BoolOp(node.op, left),
        )


def _unary(spot: _Spot) -> Iterator[Change]:
    if isinstance(spot.node.op, ast.Not | ast.USub) and spot.field != "test":
        yield _to(spot.node, spot.node.operand)


def _choice(spot: _Spot) -> Iterator[Change]:
    yield f"always: {_short(spot.node)}", spot.node.body
    yield f"never: {_short(spot.node)}", spot.node.orelse


def _if(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    for word, operator, answer in (("never", ast.And(), False), ("always", ast.Or(), True)):
        test = ast.BoolOp(operator, [ast.Constant(answer), node.test])  # a closure keeps its free variables
        yield f"{word}: if {_short(node.test)}", ast.If(test, node.body, node.orelse)


def _return(spot: _Spot) -> Iterator[Change]:
    value, returns = spot.node.value, spot.where.returns
    if value is None:
        return
    constant = value.value if isinstance(value, ast.Constant) else ...
    answers = [True, False] if "bool" in returns else []
    for answer in [*answers, None] if "None" in returns else answers:
        if constant is not answer:
            yield f"return {_short(value)} → return {answer}", ast.Return(ast.Constant(answer))


def _statement(spot: _Spot) -> Iterator[Change]:
    if isinstance(spot.node.value, ast.Call | ast.Yield | ast.YieldFrom):
        yield f"lost: {_short(spot.node)}", ast.Expr(ast.Constant(None))


def _step(spot: _Spot) -> Iterator[Change]:
    yield f"lost: {_short(spot.node)}", ast.Pass()


def _comprehension(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    for test, left in _without(node.ifs):
        yield f"lost: if {_short(test)}", ast.comprehension(node.target, node.iter, left, node.is_async)


def _arithmetic(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    if type(node.op) not in ARITHMETIC:
        return
    yield _to(node, ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))
    if not isinstance(node.op, ast.Mult | ast.Div):
        yield f"lost: {_short(node.right)} of {_short(node)}", node.left
    if isinstance(node.op, ast.BitOr | ast.BitAnd):
        yield f"lost: {_short(node.left)} of {_short(node)}", node.right


def _constant(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    if isinstance(node.value, bool):
        if not isinstance(spot.holder, ast.Return | ast.keyword):
            yield _to(node, ast.Constant(not node.value))
    elif isinstance(node.value, int):
        yield _to(node, ast.Constant(node.value + 1))
    elif isinstance(node.value, str) and ("SELECT" in node.value or "AT TIME ZONE" in node.value):
        yield from _sql(node.value)


def _sql(text: str) -> Iterator[Change]:
    for pattern, new in SQL:
        for found in pattern.finditer(text):
            start = text.rfind("\n", 0, found.start() + 1) + 1
            end = text.find("\n", found.end())
            line = " ".join(text[start : end if end >= 0 else len(text)].split())
            changed = text[: found.start()] + new + text[found.end() :]
            yield f"SQL {found[0].strip()!r} → {new!r} in {line[:70]}", ast.Constant(changed)


def _elements(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    sliced = isinstance(spot.holder, ast.Subscript) and spot.field == "slice"
    if sliced or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return
    for one, left in _without(node.elts):
        new = ast.Set(left) if isinstance(node, ast.Set) else type(node)(left, ast.Load())
        if left or not isinstance(node, ast.Set):
            yield f"lost: {_short(one)} of {_short(node)}", new


def _keys(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    for (key, _value), left in _without(list(zip(node.keys, node.values, strict=True))):
        new = ast.Dict([one for one, _value in left], [value for _one, value in left])
        yield f"lost: key {_short(key) if key else '**'} of {_short(node)}", new


def _call(spot: _Spot) -> Iterator[Change]:
    node = spot.node
    name, called = _called(node), node.func
    if isinstance(called, ast.Name) and name in NAMES:
        yield _to(node, ast.Call(ast.Name(NAMES[name], ast.Load()), node.args, node.keywords))
    if isinstance(called, ast.Attribute) and name in METHODS:
        new = ast.Call(ast.Attribute(called.value, METHODS[name], ast.Load()), node.args, node.keywords)
        yield f".{name}() → .{METHODS[name]}() in {_short(node)}", new
    if name in DROPPED:
        yield _to(node, called.value if isinstance(called, ast.Attribute) else node.args[0])
    if name == "day_at" and node.args:
        yield _to(node, ast.Call(ast.Attribute(node.args[0], "date", ast.Load()), [], []))
    yield from _arguments(node, name)
    yield from _keywords(node)


def _arguments(node: ast.Call, name: str) -> Iterator[Change]:
    """Yield another order of rows, and statuses that a move no longer starts from."""
    for place, one in enumerate(node.args):
        if name == "order_by" and isinstance(one, ast.Constant):
            turned = one.value[1:] if one.value.startswith("-") else f"-{one.value}"
            args = [*node.args[:place], ast.Constant(turned), *node.args[place + 1 :]]
            yield f"order_by({one.value}) → order_by({turned})", ast.Call(node.func, args, node.keywords)
        if name == "one_of" and len(node.args) > 1:
            args = [*node.args[:place], *node.args[place + 1 :]]
            yield f"lost: {_short(one)} of {_short(node)}", ast.Call(node.func, args, node.keywords)


def _keywords(node: ast.Call) -> Iterator[Change]:
    for place, keyword in enumerate(node.keywords):
        if keyword.arg is None or keyword.arg in SPOKEN_KEYWORDS | GIVEN:
            continue
        left = [*node.keywords[:place], *node.keywords[place + 1 :]]
        named = f"{keyword.arg}={_short(keyword.value)}"
        yield f"lost: {named} of {_short(node.func)}()", ast.Call(node.func, node.args, left)
        for ending, other in LOOKUPS.items():
            if keyword.arg.endswith(ending):
                new = ast.keyword(keyword.arg.removesuffix(ending) + other, keyword.value)
                keywords = [*node.keywords[:place], new, *node.keywords[place + 1 :]]
                yield f"{keyword.arg} → {new.arg}", ast.Call(node.func, node.args, keywords)


CHANGES: dict[Any, Callable[[_Spot], Iterator[Change]]] = {
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.UnaryOp: _unary,
    ast.IfExp: _choice,
    ast.If: _if,
    ast.Return: _return,
    ast.Expr: _statement,
    (ast.Raise, ast.Continue, ast.AugAssign): _step,
    ast.comprehension: _comprehension,
    ast.Call: _call,
    ast.BinOp: _arithmetic,
    ast.Constant: _constant,
    (ast.Set, ast.List, ast.Tuple): _elements,
    ast.Dict: _keys,
}


def _without(values: list[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Yield each value with the list of the others."""
    return ((value, [*values[:place], *values[place + 1 :]]) for place, value in enumerate(values))


def _to(old: ast.AST, new: ast.AST) -> Change:
    return f"{_short(old)} → {_short(new)}", new


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text if len(text) <= 60 else f"{text[:59]}…"
