"""Context manager that replaces the function or value of a hook during a test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workflow.hooks import Hook, KeyedHook


@contextmanager
def replaced_hook(hook: Hook[Any] | KeyedHook[Any], value: Any) -> Iterator[None]:
    """Replace the function or value of a hook during the block.

    For a keyed hook, `value` is a mapping that replaces everything registered under any key.
    """
    if isinstance(hook, KeyedHook):
        assert isinstance(value, Mapping)
    held = hook._held
    hook._held = value if isinstance(hook, KeyedHook) else (value,)
    try:
        yield
    finally:
        hook._held = held
