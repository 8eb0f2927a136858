"""Rows read fast: a serializer declared as usual, from which the schema comes, read by functions put together once for its class.

Django REST framework copies and asks every field for every request; here a row of twenty-five fields is twenty-five plain calls.
"""

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers

type Getter = Callable[[Any], Any]
type Field = serializers.Field[Any, Any, Any, Any]


def _moment(value: Any) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def _number(value: Any) -> str | None:
    return None if value is None else format(value, "f")


_WRITTEN: tuple[tuple[type[serializers.Field], Callable[[Any], Any]], ...] = (
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
    serializers.ReadOnlyField,
    serializers.SlugRelatedField,
    serializers.UUIDField,
)


class Named(serializers.SlugRelatedField):  # type: ignore[type-arg]  # the related model differs for each field
    """Another thing, by what it is quoted with: a city's slug, a need's reference. For reading."""

    def __init__(self, key: str = "reference", **kwargs: Any) -> None:
        super().__init__(slug_field=key, read_only=True, **kwargs)


class Row(serializers.ModelSerializer[Any]):
    """What is told of a thing. `Meta.model` and `Meta.fields` say what; relations are `Named` or rows of their own."""

    @classmethod
    def read(cls, thing: Model) -> dict[str, Any]:
        """One thing as a JSON-able dict."""
        return {name: get(thing) for name, get in _getters(cls)}

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """The same, where Django REST framework asks for it."""
        return self.read(instance)

    @classmethod
    def only[M: Model](cls, rows: QuerySet[M]) -> QuerySet[M]:
        """The rows with the columns and relations that this reads, in one query and no more; prefetch `many` ones yourself."""
        related, columns = _columns(cls)
        return rows.select_related(*related).only(*columns)


@cache
def _getters(row: type[Row]) -> tuple[tuple[str, Getter], ...]:
    return tuple((name, _getter(field)) for name, field in row().fields.items())


def _getter(field: Field) -> Getter:
    """How the value of a field is had from a thing."""
    if isinstance(field, serializers.ListSerializer):
        return _many(field)
    if isinstance(field, serializers.ManyRelatedField):
        return _keys(field)
    if isinstance(field, Row):
        return _one(field.source, type(field))
    return _plain(field)


def _plain(field: Field) -> Getter:
    """One value, written as JSON has it."""
    path = field.source
    if isinstance(field, serializers.SlugRelatedField):
        path = f"{path}.{field.slug_field}"
    get = _safe(path) if "." in path and field.allow_null else attrgetter(path)
    for kind, write in _WRITTEN:
        if isinstance(field, kind):
            return lambda thing: write(get(thing))
    if not isinstance(field, _PLAIN):
        raise TypeError(f"{field.field_name}: a row cannot read a {type(field).__name__}")
    return get


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


def _one(path: str, row: type[Row]) -> Getter:
    get = _safe(path)

    def read(thing: Any) -> Any:
        found = get(thing)
        return None if found is None else row.read(found)

    return read


def _many(field: serializers.ListSerializer[Any]) -> Getter:
    get, row = attrgetter(field.source), type(field.child)
    if not issubclass(row, Row):
        raise TypeError(f"{field.field_name}: a list in a row holds rows")
    return lambda thing: [row.read(item) for item in _all(get(thing))]


def _keys(field: serializers.ManyRelatedField) -> Getter:
    get, key = attrgetter(field.source), attrgetter(field.child_relation.slug_field)  # type: ignore[attr-defined]
    return lambda thing: [key(item) for item in _all(get(thing))]


def _all(found: Any) -> Iterable[Any]:
    """The items of a relation (which a prefetch has already fetched) or of a plain list."""
    return found.all() if hasattr(found, "all") else found


@cache
def _columns(row: type[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The relations to join and the columns to load."""
    paths = set(_paths(row))
    joined = {path.rpartition("__")[0] for path in paths if "__" in path}
    return tuple(sorted(joined)), tuple(sorted(paths))


def _paths(row: type[Row], before: str = "") -> Iterable[str]:
    """The columns a row reads, as the ORM names them. What is no column says in `Meta.needs` of which columns it is made."""
    needs: dict[str, tuple[str, ...]] = getattr(row.Meta, "needs", {})  # type: ignore[attr-defined]
    for name, field in row().fields.items():
        path = before + field.source.replace(".", "__")
        if name in needs:
            yield from (before + column for column in needs[name])
        elif isinstance(field, serializers.ListSerializer | serializers.ManyRelatedField):
            continue
        elif isinstance(field, Row):
            yield from _paths(type(field), f"{path}__")
        else:
            yield f"{path}__{field.slug_field}" if isinstance(field, serializers.SlugRelatedField) else path
