"""What is told of a thing: a serializer declared as usual, from which the schema comes, read by functions put together once.

Django REST framework copies and asks every field for every request, and the ORM makes an object of every row. A list here is
read from the columns of one statement, and each field is one plain call; only a thing told whole is read from its object.
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
type Told = dict[str, Any]


class Named(serializers.SlugRelatedField[Any]):
    """Another thing, by what it is quoted with: a city's slug, a need's reference. For reading."""

    def __init__(self, key: str = "reference", **kwargs: Any) -> None:
        super().__init__(slug_field=key, read_only=True, **kwargs)


TEXT_OR_NONE = {"type": ["string", "null"]}
OBJECT = {"type": "object", "additionalProperties": True}
OBJECTS = {"type": "array", "items": OBJECT}
DECIMAL = {"type": "string", "format": "decimal"}


class Made(serializers.ReadOnlyField):
    """A value put together from columns: `Made("supply", "allocated", by=operator.sub, kind=OpenApiTypes.INT64)`.

    `kind` is its schema: a type of drf-spectacular's, or a piece of OpenAPI.
    """

    def __init__(self, *columns: str, by: Getter, kind: Any = OpenApiTypes.STR) -> None:
        super().__init__()
        self.columns = columns
        self.by = by
        set_override(self, "field", kind)


class Row(serializers.ModelSerializer[Any]):
    """What is told of a thing. `Meta.model` and `Meta.fields` say what; another thing is `Named`, or a row of its own."""

    shapes: ClassVar[Mapping[str, Any]] = {}  # of fields that hold JSON: their schema
    withheld: ClassVar[frozenset[str]] = frozenset()  # what some people are told null instead of

    class Meta:
        model: ClassVar[type[Model]]
        fields: ClassVar[tuple[str, ...]]

    def get_fields(self) -> dict[str, Any]:
        """The fields as they are told: each is always there, and what may be withheld may be null."""
        fields = dict(super().get_fields())
        for name, field in fields.items():
            field.required = True
            field.allow_null = field.allow_null or name in self.withheld
            if name in self.shapes:
                set_override(field, "field", self.shapes[name])
        return fields

    @classmethod
    def read(cls, thing: Model) -> Told:
        """One thing, from its object."""
        return {name: get(thing) for name, get in _of_object(cls)}

    @classmethod
    def read_columns(cls, values: Sequence[Any]) -> Told:
        """One thing, from the `columns` of its row as the database gives them."""
        return {name: get(values) for name, get in _of_columns(cls)}

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns a list reads, as the ORM names them."""
        return tuple(dict.fromkeys(path for paths in _paths(cls).values() for path in paths))

    @classmethod
    def joined[M: Model](cls, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows with the relations that `read` follows; what is many, a collection prefetches itself."""
        related = sorted({path.rpartition("__")[0] for path in cls.columns() if "__" in path})
        return rows.select_related(*related) if related else rows

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """A thing's status is one of its own, though the column they share knows none."""
        statuses = getattr(self.Meta.model, "Status", None)
        if field_name == "status" and statuses is not None:
            return serializers.ChoiceField, {"choices": statuses.choices, "read_only": True}
        kind, told = super().build_standard_field(field_name, model_field)
        if model_field.choices and model_field.blank:
            told["allow_blank"] = True  # also where nobody may write it
        return kind, told

    def to_representation(self, instance: Any) -> Told:
        """As `read`, where Django REST framework asks for it."""
        return self.read(instance)


def _moment(value: Any) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _number(value: Any) -> str | None:
    return None if value is None else format(value, "f")


def parsed(value: Any) -> Any:
    """JSON as the database gives it, or as the ORM has read it."""
    return json.loads(value) if isinstance(value, str) else value


_WRITTEN: tuple[tuple[type[Field], Getter], ...] = (
    (serializers.DateTimeField, _moment),
    (serializers.DateField, _day),
    (serializers.TimeField, _day),
    (serializers.DecimalField, _number),
)
_PLAIN = (
    serializers.CharField,
    serializers.ChoiceField,
    serializers.IntegerField,
    serializers.BooleanField,
    serializers.ListField,
    serializers.JSONField,
    serializers.SlugRelatedField,
)


def _written(field: Field) -> Getter | None:
    """How a value is written in JSON, where it is not written as it is."""
    for kind, write in _WRITTEN:
        if isinstance(field, kind):
            return write
    if not isinstance(field, _PLAIN):
        raise TypeError(f"{field.field_name}: a row cannot tell a {type(field).__name__}")
    return None


def _source(field: Field) -> str:
    """Where a field's value is found: a column, or a path to one, with dots."""
    path = field.source or ""
    return f"{path}.{field.slug_field}" if isinstance(field, serializers.SlugRelatedField) else path


def _paths_of(field: Field) -> tuple[str, ...]:
    """The columns a field is read from, as the ORM names them."""
    return field.columns if isinstance(field, Made) else (_source(field).replace(".", "__"),)


# --- from the columns of a row ---


@cache
def _paths(row: type[Row]) -> dict[str, tuple[str, ...]]:
    """The columns of each field told from columns; a row or list of its own inside it is left to `read`."""
    return {
        name: _paths_of(field)
        for name, field in row().fields.items()
        if not isinstance(field, serializers.BaseSerializer | serializers.ManyRelatedField)
    }


@cache
def _of_columns(row: type[Row]) -> tuple[tuple[str, Getter], ...]:
    where = {path: position for position, path in enumerate(row.columns())}
    fields = row().fields
    return tuple(
        (name, _column(fields[name], [where[path] for path in paths])) for name, paths in _paths(row).items()
    )


def _column(field: Field, positions: list[int]) -> Getter:
    """How a field is had from the values of a row."""
    if isinstance(field, Made):
        by = field.by
        return lambda values: by(*[values[at] for at in positions])
    get = itemgetter(positions[0])
    write = parsed if isinstance(field, serializers.JSONField) else _written(field)
    return get if write is None else lambda values: write(get(values))


# --- from an object ---


@cache
def _of_object(row: type[Row]) -> tuple[tuple[str, Getter], ...]:
    return tuple((name, _getter(field)) for name, field in row().fields.items() if name != "available_moves")


def _getter(field: Field) -> Getter:
    """How a field is had from a thing."""
    if isinstance(field, serializers.ListSerializer):
        return _many(field)
    if isinstance(field, serializers.ManyRelatedField):
        return _keys(field)
    if isinstance(field, Row):
        return _one(str(field.source), type(field))
    if isinstance(field, Made):
        return _made(field)
    path, write = _source(field), _written(field)
    get = _safe(path)
    return get if write is None else lambda thing: write(get(thing))


def _safe(path: str) -> Getter:
    """Along a path on which a relation may be empty."""
    first, _dot, rest = path.partition(".")
    if not rest:
        return attrgetter(first)
    further, here = _safe(rest), attrgetter(first)

    def get(thing: Any) -> Any:
        there = here(thing)
        return None if there is None else further(there)

    return get


def _made(field: Made) -> Getter:
    getters, by = [_safe(column.replace("__", ".")) for column in field.columns], field.by
    return lambda thing: by(*[get(thing) for get in getters])


def _one(path: str, row: type[Row]) -> Getter:
    get = _safe(path)

    def read(thing: Any) -> Told | None:
        found = get(thing)
        return None if found is None else row.read(found)

    return read


def _many(field: serializers.ListSerializer[Any]) -> Getter:
    get, row = attrgetter(str(field.source)), type(field.child)
    if not issubclass(row, Row):
        raise TypeError(f"{field.field_name}: a list in a row holds rows")
    return lambda thing: [row.read(item) for item in _all(get(thing))]


def _keys(field: serializers.ManyRelatedField) -> Getter:
    get, key = attrgetter(str(field.source)), attrgetter(field.child_relation.slug_field)  # type: ignore[attr-defined]  # Named
    return lambda thing: [key(item) for item in _all(get(thing))]


def _all(found: Any) -> Iterable[Any]:
    """The items of a relation (which a prefetch has already fetched) or of a plain list."""
    items: Iterable[Any] = found.all() if hasattr(found, "all") else found
    return items
