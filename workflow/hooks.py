"""Typed hooks through which a lower app uses a function or a value of a higher app (ADR 1).

The lower app declares the hook in its `hooks.py`. The higher app registers what it supplies in
`AppConfig.ready()`, and mypy compares the type of both.
"""

from collections.abc import Callable, Mapping

MISSING_HOOK_MESSAGE = "The AppConfig.ready() of a higher app registers it, so call django.setup() first."


class Hook[T]:
    """One function or value that a higher app supplies.

    A hook with a function is called like the function; `get` returns the function or value itself.
    `name` is the dotted path of the hook, for error messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._held: tuple[T, ...] = ()

    def register(self, value: T) -> None:
        """Fill the hook. Raises RuntimeError if it is filled with something else."""
        if self._held and self._held[0] is not value:
            raise RuntimeError(f"The hook {self.name} is already registered, with {self._held[0]!r}.")
        self._held = (value,)

    def get(self) -> T:
        """Return the registered function or value. Raises RuntimeError if there is none."""
        if not self._held:
            raise RuntimeError(f"The hook {self.name} is not registered. {MISSING_HOOK_MESSAGE}")
        return self._held[0]

    def __call__[**P, R](self: "Hook[Callable[P, R]]", *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the registered function."""
        return self.get()(*args, **kwargs)


class KeyedHook[T]:
    """One function or value for each key; several apps supply them.

    `name` is the dotted path of the hook, for error messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._held: Mapping[str, T] = {}

    def register(self, key: str, value: T) -> None:
        """Fill one key. Raises RuntimeError if the key is filled with something else."""
        registered = self._held.get(key, value)
        if registered is not value:
            raise RuntimeError(f"The hook {self.name} is already registered for {key}, with {registered!r}.")
        self._held = {**self._held, key: value}

    def get(self) -> Mapping[str, T]:
        """Return everything that was registered, by key. Raises RuntimeError if nothing was."""
        if not self._held:
            raise RuntimeError(f"The hook {self.name} is not registered. {MISSING_HOOK_MESSAGE}")
        return self._held
