"""Hooks: a lower app declares them with a type, a higher app registers one function each, and mypy compares the types."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hooks import replaced_hook
from workflow.hooks import Hook, KeyedHook

ROOT = Path(__file__).resolve().parents[2]


def double(number: int) -> int:
    return 2 * number


def triple(number: int) -> int:
    return 3 * number


def test_hook_calls_the_registered_function():
    hook = Hook("some.hook")
    hook.register(double)
    assert (hook(2), hook(number=3), hook.get()) == (4, 6, double)


def test_unregistered_hook_raises_an_error_with_its_name():
    with pytest.raises(RuntimeError, match=r"The hook some\.hook is not registered.*ready\(\)"):
        Hook("some.hook")(2)
    with pytest.raises(RuntimeError, match=r"The hook some\.pages is not registered.*ready\(\)"):
        KeyedHook("some.pages").get()


def test_hook_accepts_the_same_function_again_and_refuses_another():
    hook = Hook("some.hook")
    hook.register(double)
    hook.register(double)
    with pytest.raises(RuntimeError, match=r"some\.hook is already registered, with .*double"):
        hook.register(triple)
    assert hook(2) == 4


def test_hook_may_hold_a_false_value():
    hook = Hook("some.hook")
    hook.register(())
    assert hook.get() == ()
    with pytest.raises(RuntimeError, match="already"):
        hook.register((1,))


def test_each_key_of_a_hook_is_registered_once():
    hook = KeyedHook("some.pages")
    hook.register("one", double)
    hook.register("two", triple)
    hook.register("one", double)
    with pytest.raises(RuntimeError, match=r"some\.pages is already registered for one, with .*double"):
        hook.register("one", triple)
    assert hook.get() == {"one": double, "two": triple}


def test_replaced_hook_is_restored_after_the_block_and_after_exceptions():
    hook, pages = Hook("some.hook"), KeyedHook("some.pages")
    hook.register(double)
    pages.register("one", double)
    with replaced_hook(hook, triple), replaced_hook(pages, {"two": triple}):
        assert hook(2) == 6
        assert pages.get() == {"two": triple}
    with pytest.raises(TypeError), replaced_hook(hook, triple), replaced_hook(pages, {"two": triple}):
        hook("2", 3)
    assert hook(2) == 4
    assert pages.get() == {"one": double}


def test_unregistered_hook_can_be_replaced_temporarily():
    hook = Hook("some.hook")
    with replaced_hook(hook, double):
        assert hook(2) == 4
    with pytest.raises(RuntimeError, match="not registered"):
        hook.get()


DECLARED = """
from collections.abc import Callable
from typing import Protocol
from workflow.hooks import Hook, KeyedHook

class Labelling(Protocol):
    def __call__(self, number: int, *, language: str) -> str: ...

label_of = Hook[Labelling]("some.label_of")
count_of = Hook[Callable[[str], int]]("some.count_of")
kinds = Hook[tuple[str, ...]]("some.kinds")
pages = KeyedHook[Callable[[int], str]]("some.pages")

def labelled(number: int, *, language: str, short: bool = False) -> str: return language
def counted(text: str) -> int: return len(text)
"""


def errors_of(folder: Path, *lines: str) -> list[str]:
    """Return what mypy finds in these lines, after the declarations of some hooks."""
    script = folder / "script.py"
    script.write_text("\n".join([DECLARED, *lines]))
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(folder), script]
    answer = subprocess.run(mypy, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode in {0, 1}, answer.stderr
    return [line for line in answer.stdout.splitlines() if " error: " in line]


def test_mypy_accepts_a_function_matching_the_hooks_type(tmp_path):
    assert not errors_of(
        tmp_path,
        "label_of.register(labelled)",
        "count_of.register(counted)",
        "kinds.register(('one',))",
        "pages.register('one', str)",
        "total: int = count_of('one') + len(label_of(1, language='en')) + len(kinds.get())",
    )


def test_mypy_rejects_a_function_not_matching_the_hooks_type(tmp_path):
    lines = (
        "label_of.register(counted)",
        "label_of.register(repr)",
        "count_of.register(labelled)",
        "kinds.register('one')",
        "pages.register('one', counted)",
        "label_of(1, 'en')",
        "label_of('1', language='en')",
        "text: str = count_of('one')",
        "kinds()",
    )
    first = DECLARED.count("\n") + 2
    found = {int(error.split(":")[1]) for error in errors_of(tmp_path, *lines)}
    assert found == set(range(first, first + len(lines)))
