"""Arguments of an action, read from its signature: those that a request fills, and those that it asks for."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from inspect import Parameter
from typing import Any, Self

from workflow.actors import ACTING_PERSON, Actor

REQUEST_FILLED_ARGUMENTS = frozenset({"by", "at", "real_at"})
VARIABLE_PARAMETERS = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class ActionArguments:
    """Arguments of an action.

    `request_filled` are the names that every request fills: `by`, `at`, and `real_at` where the action takes it.
    `acting_person_argument` is the argument that takes the acting person (`accounts.models.ActingUser`), or empty.
    `input_parameters` are the others, in their order; `**facts` is none of them, because its names are unknown here.
    """

    request_filled: frozenset[str]
    acting_person_argument: str
    input_parameters: tuple[Parameter, ...]

    @classmethod
    @cache
    def from_action(cls, action: Callable[..., Any]) -> Self:
        """Return the arguments of an action, the object that it acts on included.

        Raises ValueError if it takes no `by` or no `at`, or if several arguments take the acting person.
        """
        values = inspect.signature(action).parameters
        if not {"by", "at"} <= values.keys():
            raise ValueError(f"{action.__qualname__} does not take `by` and `at`")
        people = [name for name, one in values.items() if _takes_acting_person(one.annotation)]
        if len(people) > 1:
            raise ValueError(f"{action.__qualname__} takes the acting person more than once: {people}")
        asked = [
            one
            for name, one in values.items()
            if name not in REQUEST_FILLED_ARGUMENTS
            and name not in people
            and one.kind not in VARIABLE_PARAMETERS
        ]
        return cls(REQUEST_FILLED_ARGUMENTS & values.keys(), "".join(people), tuple(asked))

    def request_values(self, *, by: Actor, person: Any, at: datetime, real_at: datetime) -> dict[str, Any]:
        """Return the values of the arguments that every request fills."""
        known = {"by": by, "at": at, "real_at": real_at}
        values = {name: known[name] for name in sorted(self.request_filled)}
        return values | ({self.acting_person_argument: person} if self.acting_person_argument else {})

    def required_names(self, *given: str) -> list[str]:
        """Return the names of the arguments without a default, except the object itself and those given."""
        return [
            one.name
            for one in self.input_parameters[1:]
            if one.default is Parameter.empty and one.name not in given
        ]


def _takes_acting_person(annotation: Any) -> bool:
    """Return True if an annotation is `ActingUser`: an alias of an annotated type that carries the mark."""
    value = getattr(annotation, "__value__", annotation)
    return ACTING_PERSON in getattr(value, "__metadata__", ())
