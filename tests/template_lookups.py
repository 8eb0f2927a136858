"""Templates name only attributes that our objects have: a test fails where Django would print nothing."""

from typing import Any

from django.forms import BaseForm
from django.template.base import Variable, VariableDoesNotExist

OUR_PACKAGES = frozenset({"accounts", "partners", "procurement", "workflow"})
_resolve_leniently = Variable._resolve_lookup


def fail_on_missing_attributes() -> None:
    """Make templates fail at an attribute that an object of `OUR_PACKAGES` does not have.

    Forms are left out: templates of all forms ask for fields and properties that only some of them have.
    """
    Variable._resolve_lookup = _resolve_strictly  # type: ignore[method-assign]  # for the time of the tests


def _resolve_strictly(variable: Variable, context: Any) -> Any:
    try:
        return _resolve_leniently(variable, context)
    except VariableDoesNotExist as missing:
        name, owner = missing.params if len(missing.params) == 2 else ("", None)
        kind = type(owner)
        if kind.__module__.partition(".")[0] in OUR_PACKAGES and not issubclass(kind, BaseForm):
            message = f"{{{{ {variable.var} }}}}: {kind.__module__}.{kind.__qualname__} has no {name}"
            raise AssertionError(message) from missing
        raise
