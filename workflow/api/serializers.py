"""Strict request bodies: unknown fields and values of another type are refused.

Nothing is dropped or guessed. Django REST framework reads 12 as "12", "yes" as true and Arabic digits as a
number. Data sent by programs is kept for years and read by auditors, so it must be exact: text is text, a
count is a whole number, money is decimal text, a moment has a time zone.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from workflow.errors import LazyText

type Field = serializers.Field[Any, Any, Any, Any]

_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")  # years whose neighbours are also in the calendar
_MOMENT = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")

TEXT_ERROR = _("Send this as text.")
COUNT_ERROR = _("Send a whole number, without quotation marks.")
BOOLEAN_ERROR = _("Send true or false.")
DECIMAL_ERROR = _("Send the amount as text, such as “12.50”. Floating-point numbers are not exact.")
DAY_ERROR = _("Send a date such as 2020-05-31.")
MOMENT_ERROR = _("Send a date and time with its time zone, such as 2020-05-31T09:00:00Z.")
TIME_ERROR = _("Send a time such as 08:30.")
MAX_LIST_ITEMS = 200  # in a list of bodies: lines of a need, boxes of a shipment
MAX_UNKNOWN_FIELDS_LISTED = 20  # unknown fields in an error, which must not repeat a whole body
UNPRINTABLE_ERROR = _("This contains characters that cannot be stored.")


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_decimal(value: Any) -> bool:
    return type(value) is int or _matches(_DECIMAL)(value)


# The first type that matches a field decides; without a match, Django REST framework's own rules apply.
_KINDS: tuple[tuple[type[Field], Callable[[Any], bool], LazyText], ...] = (
    (serializers.CharField, lambda value: isinstance(value, str), TEXT_ERROR),
    (serializers.IntegerField, lambda value: type(value) is int, COUNT_ERROR),
    (serializers.PrimaryKeyRelatedField, lambda value: type(value) is int, COUNT_ERROR),
    (serializers.BooleanField, lambda value: isinstance(value, bool), BOOLEAN_ERROR),
    (serializers.DecimalField, _is_decimal, DECIMAL_ERROR),
    (serializers.DateTimeField, _matches(_MOMENT), MOMENT_ERROR),
    (serializers.DateField, _matches(_DAY), DAY_ERROR),
    (serializers.TimeField, _matches(_TIME), TIME_ERROR),
)


MULTIPLE_VALUE_FIELDS = (serializers.ListField, serializers.DictField, serializers.ManyRelatedField)


class StrictSerializer(serializers.Serializer[Any]):
    """Body that refuses unknown fields and values of another type.

    The errors name each of these, together with all other errors.
    """

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> Any:
        """Return a list of such bodies, with at most MAX_ITEMS items."""
        return super().many_init(*args, **{"max_length": MAX_LIST_ITEMS, **kwargs})

    def to_internal_value(self, data: Any) -> Any:
        """Return the values, or raise all errors at once."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        wrong = {**self._unknown_field_errors(data), **self._type_errors(data)}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**_as_mapping(error), **wrong}) from error
        if wrong:
            raise serializers.ValidationError(wrong)
        return values

    def _unknown_field_errors(self, data: Mapping[str, Any]) -> dict[str, Any]:
        known = [name for name, field in self.fields.items() if not field.read_only]
        message = _("This request does not accept this field. Available fields: %(known)s.") % {
            "known": ", ".join(known)
        }
        nothing = _("This request takes no body, so it does not accept this field.")
        refused = _detail(message if known else nothing, "unknown_field")
        return dict.fromkeys(
            [str(name) for name in data if name not in known][:MAX_UNKNOWN_FIELDS_LISTED], refused
        )

    def _type_errors(self, data: Mapping[str, Any]) -> dict[str, Any]:
        values = {name: field for name, field in self.fields.items() if name in data and not field.read_only}
        found = ((name, type_mismatch(field, data[name])) for name, field in values.items())
        return {name: wrong for name, wrong in found if wrong}


def type_mismatch(field: Field, value: Any) -> Any:
    """Return the error of a value of another type, or None.

    The error has the shape of Django REST framework's errors.
    """
    if value is None or (value == "" and isinstance(value, str)):
        return None  # the field itself decides whether it may be empty
    if isinstance(field, serializers.BaseSerializer):
        return None  # a body of its own
    if isinstance(field, MULTIPLE_VALUE_FIELDS):
        return _multiple_values_error(field, value)
    if isinstance(field, serializers.ChoiceField):
        kinds = {type(key) for key in field.choices}
        return None if isinstance(value, list) or type(value) in kinds else _choice_error(field, value)
    for kind, fits, words in _KINDS:
        if isinstance(field, kind) and not getattr(field, "accepts_text", False):
            return None if fits(value) else _detail(words, "invalid")
    return _detail(UNPRINTABLE_ERROR, "invalid") if any("\0" in text for text in _texts(value)) else None


def _multiple_values_error(field: Any, value: Any) -> Any:
    """Return the error of a field that takes several values: no list, or wrong items."""
    if not isinstance(field, serializers.ManyRelatedField):
        return _item_errors(field.child, value) if field.child is not None else None
    words = field.error_messages["not_a_list"].format(input_type=type(value).__name__)
    return None if isinstance(value, list) else _detail(words, "not_a_list")


def _item_errors(child: Field, value: Any) -> Any:
    """Return the errors of a list's or object's items, by their places.

    If a name contains a character that cannot be kept, the error is of the whole object.
    """
    if isinstance(value, Mapping) and any("\0" in name for name in value):
        return _detail(UNPRINTABLE_ERROR, "invalid")
    items = (
        value.items() if isinstance(value, Mapping) else enumerate(value if isinstance(value, list) else ())
    )
    found = ((str(place), type_mismatch(child, item)) for place, item in items)
    return {place: wrong for place, wrong in found if wrong} or None


def _choice_error(field: serializers.ChoiceField, value: Any) -> Any:
    words = field.error_messages["invalid_choice"]
    return _detail(words.format(input=str(value)[:100]), "invalid_choice")


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a piece of JSON, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(name)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _detail(words: LazyText, code: str) -> list[Any]:
    return [serializers.ErrorDetail(str(words), code)]


def _as_mapping(error: serializers.ValidationError) -> dict[str, Any]:
    return dict(error.detail) if isinstance(error.detail, Mapping) else {"non_field_errors": error.detail}
