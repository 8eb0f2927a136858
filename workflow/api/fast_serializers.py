"""Read-only serializers that are declared as usual but read rows with functions built once per class.

The schema comes from the serializer. Django REST framework copies and calls every field for every request,
and the ORM makes an object of every row. Here a list is read from the columns of one statement, and each
field is one plain call. Only a single complete object is read from its model instance.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from drf_spectacular.drainage import set_override
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers

type Getter = Callable[..., Any]
type Field = serializers.Field[Any, Any, Any, Any]
type Representation = dict[str, Any]


class NamedReferenceField(serializers.SlugRelatedField[Any]):
    """Read-only field for another object, shown as its public key: a city's slug, a need's reference."""

    def __init__(self, key: str = "reference", **kwargs: Any) -> None:
        super().__init__(slug_field=key, read_only=True, **kwargs)


NULLABLE_TEXT_SCHEMA = {"type": ["string", "null"]}
OBJECT_SCHEMA = {"type": "object", "additionalProperties": True}
OBJECT_LIST_SCHEMA = {"type": "array", "items": OBJECT_SCHEMA}
DECIMAL_SCHEMA = {"type": "string", "format": "decimal"}


class ComputedField(serializers.ReadOnlyField):
    """Field whose value is computed from columns.

    Example: `ComputedField("supply", "allocated", by=operator.sub, kind=OpenApiTypes.INT64)`. `by` computes the
    value from those of the columns. `kind` is its schema: a type of drf-spectacular, or a part of an OpenAPI schema.
    """

    def __init__(self, *columns: str, by: Getter, kind: Any = OpenApiTypes.STR) -> None:
        super().__init__()
        self.columns = columns
        self.by = by
        set_override(self, "field", kind)


class RowSerializer(serializers.ModelSerializer[Any]):
    """Fields of an object as the API shows it, listed in `Meta.fields`.

    Another object is shown by a `NamedReferenceField`, or by a `RowSerializer` of its own.
    """

    json_schemas: ClassVar[Mapping[str, Any]] = {}  # schemas of fields that hold JSON
    withheld_fields: ClassVar[frozenset[str]] = frozenset()  # fields that are null for some people

    class Meta:
        model: ClassVar[type[Model]]
        fields: ClassVar[tuple[str, ...]]

    def get_fields(self) -> dict[str, Any]:
        """Return the fields: each is always present, and a field that may be withheld may be null."""
        fields = dict(super().get_fields())
        for name, field in fields.items():
            field.required = True
            field.allow_null = field.allow_null or name in self.withheld_fields
            if name in self.json_schemas:
                set_override(field, "field", self.json_schemas[name])
        return fields

    @classmethod
    def represent(cls, thing: Model) -> Representation:
        """Return the data of one object, read from its model instance."""
        return {name: get(thing) for name, get in _object_getters(cls)}

    @classmethod
    def represent_columns(cls, values: Sequence[Any]) -> Representation:
        """Return the data of one object, read from the values of `columns` as the database gives them."""
        return {name: get(values) for name, get in _column_getters(cls)}

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return the columns that a list reads, as the ORM names them."""
        return tuple(dict.fromkeys(path for paths in _paths_by_field(cls).values() for path in paths))

    @classmethod
    def with_relations[M: Model](cls, rows: QuerySet[M]) -> QuerySet[M]:
        """Return the rows with the relations that `represent` follows.

        A collection itself prefetches relations to many objects.
        """
        related = sorted({path.rpartition("__")[0] for path in cls.columns() if "__" in path})
        return rows.select_related(*related) if related else rows

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Return the model's field; a status has the choices of its own model.

        The shared `status` column has no choices.
        """
        statuses = getattr(self.Meta.model, "Status", None)
        if field_name == "status" and statuses is not None:
            return serializers.ChoiceField, {"choices": statuses.choices, "read_only": True}
        kind, values = super().build_standard_field(field_name, model_field)
        if model_field.choices and model_field.blank:
            values["allow_blank"] = True  # also for a read-only field
        return kind, values

    def to_representation(self, instance: Any) -> Representation:
        """Return the same as `represent`, for calls by Django REST framework."""
        return self.represent(instance)


def _write_moment(value: Any) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _write_day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _write_number(value: Any) -> str | None:
    return None if value is None else format(value, "f")


def parse_json(value: Any) -> Any:
    """Return the value of a JSON column, whether it comes from the database or from the ORM."""
    return json.loads(value) if isinstance(value, str) else value


_WRITERS: tuple[tuple[type[Field], Getter], ...] = (
    (serializers.DateTimeField, _write_moment),
    (serializers.DateField, _write_day),
    (serializers.TimeField, _write_day),
    (serializers.DecimalField, _write_number),
)
_FIELDS_WITHOUT_WRITER = (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.IntegerField,
    serializers.FloatField,
    serializers.BooleanField,
    serializers.ListField,
    serializers.JSONField,
    serializers.SlugRelatedField,
)


def _json_writer(field: Field) -> Getter | None:
    """Return the function that writes a value as JSON, or None if the value needs no change."""
    for kind, write in _WRITERS:
        if isinstance(field, kind):
            return write
    if not isinstance(field, _FIELDS_WITHOUT_WRITER):
        raise TypeError(f"{field.field_name}: a row cannot tell a {type(field).__name__}")
    return None


def _source(field: Field) -> str:
    """Return the source of a field's value: a column, or a path with dots."""
    path = field.source or ""
    return f"{path}.{field.slug_field}" if isinstance(field, serializers.SlugRelatedField) else path


def _paths_of(field: Field) -> tuple[str, ...]:
    """Return the columns that a field is read from, as the ORM names them."""
    return field.columns if isinstance(field, ComputedField) else (_source(field).replace(".", "__"),)


# --- from the columns of a row ---


@cache
def _paths_by_field(row: type[RowSerializer]) -> dict[str, tuple[str, ...]]:
    """Return the columns of each field that is read from columns.

    A row or list inside the row is left to `read`.
    """
    return {
        name: _paths_of(field)
        for name, field in row().fields.items()
        if not isinstance(field, serializers.BaseSerializer | serializers.ManyRelatedField)
    }


@cache
def _column_getters(row: type[RowSerializer]) -> tuple[tuple[str, Getter], ...]:
    where = {path: position for position, path in enumerate(row.columns())}
    fields = row().fields
    return tuple(
        (name, _column_getter(fields[name], [where[path] for path in paths]))
        for name, paths in _paths_by_field(row).items()
    )


def _column_getter(field: Field, positions: list[int]) -> Getter:
    """Return the function that gets a field from the values of a row."""
    if isinstance(field, ComputedField):
        by = field.by
        return lambda values: by(*[values[at] for at in positions])
    get = itemgetter(positions[0])
    write = parse_json if isinstance(field, serializers.JSONField) else _json_writer(field)
    return get if write is None else lambda values: write(get(values))


# --- from an object ---


@cache
def _object_getters(row: type[RowSerializer]) -> tuple[tuple[str, Getter], ...]:
    return tuple(
        (name, _object_getter(field)) for name, field in row().fields.items() if name != "available_moves"
    )


def _object_getter(field: Field) -> Getter:
    """Return the function that gets a field from an object."""
    if isinstance(field, serializers.ListSerializer):
        return _row_list_getter(field)
    if isinstance(field, serializers.ManyRelatedField):
        return _key_list_getter(field)
    if isinstance(field, RowSerializer):
        return _related_row_getter(str(field.source), type(field))
    if isinstance(field, ComputedField):
        return _computed_getter(field)
    path, write = _source(field), _json_writer(field)
    get = _null_safe_getter(path)
    return get if write is None else lambda thing: write(get(thing))


def _null_safe_getter(path: str) -> Getter:
    """Return a getter along a path on which a relation may be empty."""
    first, _dot, rest = path.partition(".")
    if not rest:
        return attrgetter(first)
    further, get_first = _null_safe_getter(rest), attrgetter(first)

    def get(thing: Any) -> Any:
        value = get_first(thing)
        return None if value is None else further(value)

    return get


def _computed_getter(field: ComputedField) -> Getter:
    getters, by = [_null_safe_getter(column.replace("__", ".")) for column in field.columns], field.by
    return lambda thing: by(*[get(thing) for get in getters])


def _related_row_getter(path: str, row: type[RowSerializer]) -> Getter:
    get = _null_safe_getter(path)

    def read(thing: Any) -> Representation | None:
        found = get(thing)
        return None if found is None else row.represent(found)

    return read


def _row_list_getter(field: serializers.ListSerializer[Any]) -> Getter:
    get, row = attrgetter(str(field.source)), type(field.child)
    if not issubclass(row, RowSerializer):
        raise TypeError(f"{field.field_name}: a list in a row holds rows")
    return lambda thing: [row.represent(item) for item in _items_of(get(thing))]


def _key_list_getter(field: serializers.ManyRelatedField) -> Getter:
    get, key = attrgetter(str(field.source)), attrgetter(field.child_relation.slug_field)  # type: ignore[attr-defined]  # of a NamedReferenceField
    return lambda thing: [key(item) for item in _items_of(get(thing))]


def _items_of(found: Any) -> Iterable[Any]:
    """Return the items of a relation, prefetched or not, or of a plain list."""
    items: Iterable[Any] = found.all() if hasattr(found, "all") else found
    return items
