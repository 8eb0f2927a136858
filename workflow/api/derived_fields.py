"""Fields of a request body, derived from the signature of an action: reasons, texts, days and moments."""

from collections.abc import Callable
from datetime import date, datetime
from inspect import Parameter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Model
from rest_framework import serializers

from workflow.api.fields import moment_field, reason_field, text_field
from workflow.input_limits import MAX_TEXT_LENGTH

type Field = serializers.Field[Any, Any, Any, Any]


def derive_field(argument: Parameter, model: type[Model]) -> Field | None:
    """Return the field for an argument of an action, or None if its annotation is not enough to derive one.

    A text may be as long as the model's column of the same name, or else as any free text. An optional moment
    is the time of an event, by default now (`moment_field`). Fields for references, numbers and choices are not
    derived, because each has its own bounds: the collection names them.
    """
    needed, kind = argument.default is Parameter.empty, argument.annotation
    if kind is str and needed and argument.name == "reason":
        return reason_field()
    most = _longest(model, argument.name)
    known: dict[Any, Callable[[], Field]] = {
        (str, True): lambda: serializers.CharField(max_length=most),
        (str, False): lambda: text_field(most),
        (date, True): serializers.DateField,
        (date | None, False): lambda: serializers.DateField(required=False),
        (datetime, True): serializers.DateTimeField,
        (datetime | None, False): moment_field,
    }
    make = known.get((kind, needed))
    return make() if make else None


def _longest(model: type[Model], name: str) -> int:
    """Return the length of the model's column of this name, or that of free text."""
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return MAX_TEXT_LENGTH
    length = column.max_length if isinstance(column, CharField) else None
    return length or MAX_TEXT_LENGTH
