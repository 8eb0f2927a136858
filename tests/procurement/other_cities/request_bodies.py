"""Request bodies for any API operation, generated from its serializer: required fields, all fields, none."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from rest_framework import serializers

from workflow.api.fields import QuantityField
from workflow.api.viewsets import BodySerializer

type Known = Mapping[str, Any]  # objects by the label of their model

DAY = date(2020, 4, 16)
SPECIAL_VALUES = {  # fields whose values have a special form
    "email": "another@office.example", "source_url": "https://register.example/x", "website": "https://maker.example",
    "uscc": "91442000MA4UJQ8X3P", "country": "CN", "currency": "CAD", "number": "6222020000009999",
    "callback_number": "+86 760 0000 0000", "until": "2020-05-01", "answered_on": "2020-04-15", "stated_on": "2020-04-15",
    "seen_on": "2020-04-15", "valid_until": "2020-04-20", "issued_on": "2020-01-20", "founded_on": "2012-03-01",
    "since": "2019-01-02", "phone": "+86 760 5550 0101", "timezone": "Asia/Shanghai",
}  # fmt: skip


class AttemptsRolledBack(Exception):
    """Exception that rolls back the attempts of a block."""


def bodies(body: BodySerializer, known: Known, context: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield bodies for an operation.

    They are empty, with the required fields, with each other field in addition, with all fields, and with each
    choice of a field.
    """
    fields = body(context=dict(context)).fields
    needed = {name: accepted_value(name, field, known) for name, field in fields.items() if field.required}
    rest = {name: accepted_value(name, field, known) for name, field in fields.items() if not field.required}
    yield {}
    yield needed
    for name, one in rest.items():
        told = {"reason": "So it is."} if "reason" in fields else {}
        yield {**needed, **told, name: one}
    yield {**needed, **rest}
    for name, field in fields.items():
        if isinstance(field, serializers.ChoiceField):
            for choice in field.choices:
                yield {**needed, **rest, name: choice}
                yield {**needed, name: choice}


def accepted_value(name: str, field: serializers.Field[Any, Any, Any, Any], known: Known) -> Any:
    """Return a value that the field accepts."""
    if isinstance(field, serializers.ManyRelatedField):
        return [accepted_value(name, field.child_relation, known)]
    if isinstance(field, serializers.ListField):
        return [accepted_value(name, field.child, known)] if field.child is not None else []
    if isinstance(field, serializers.RelatedField):
        return _reference_for(field, known)
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if isinstance(field, QuantityField | serializers.IntegerField):
        return 2
    for kind, one in _PLAIN:
        if isinstance(field, kind):
            return SPECIAL_VALUES.get(name, one)
    return SPECIAL_VALUES.get(name, "So it is.")


def _reference_for(field: Any, known: Known) -> Any:
    model = field.model
    thing = known.get(model._meta.label_lower) or model._default_manager.order_by("pk").first()
    if thing is None:
        return None
    return (
        thing.pk
        if isinstance(field, serializers.PrimaryKeyRelatedField)
        else getattr(thing, field.slug_field)
    )


_PLAIN: tuple[tuple[Any, Any], ...] = (
    (serializers.BooleanField, True),
    (serializers.DateTimeField, "2020-04-17T09:00:00Z"),
    (serializers.DateField, (DAY + timedelta(days=14)).isoformat()),
    (serializers.TimeField, "09:00"),
    (serializers.DecimalField, "1.50"),
    (serializers.DictField, {}),
)
