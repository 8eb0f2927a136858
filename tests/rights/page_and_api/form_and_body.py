"""One value tried on a page's form and on the corresponding API body."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from rest_framework import serializers

from workflow.api.fields import EditSerializer

LEFT_OUT = object()
DAYS = ("2020-05-20", "2020-02-30", "0001-01-01", "9999-12-31", "20-05-2020", "soon")
MOMENTS = ("2020-05-20 10:00", "2020-02-30 10:00", "9999-12-31 23:59", "soon")
COUNTS = (-1, 0, 1, 32_767, 32_768, 10**6, 10**9, 10**9 + 1, 10**18)


@contextmanager
def collect_forms() -> Iterator[list[forms.BaseForm]]:
    """Collect the forms that are created in this block."""
    made: list[forms.BaseForm] = []
    begun = forms.BaseForm.__init__

    def noted(form: forms.BaseForm, *args: Any, **kwargs: Any) -> None:
        begun(form, *args, **kwargs)
        made.append(form)

    forms.BaseForm.__init__ = noted  # type: ignore[method-assign]  # put back below
    try:
        yield made
    finally:
        forms.BaseForm.__init__ = begun  # type: ignore[method-assign]


def name_of(form: forms.BaseForm) -> str:
    """Return the module and class of a form."""
    return f"{type(form).__module__}.{type(form).__qualname__}"


class Page:
    """A form as its page made it."""

    def __init__(self, form: forms.BaseForm) -> None:
        self.form = form

    def refuses(self, name: str, value: Any) -> bool:
        """Return True if the field has an error when only this value is typed."""
        told = QueryDict(mutable=True)
        if value is not LEFT_OUT:
            told[self.form.add_prefix(name)] = str(value)
        form = self.form
        form.data, form.files, form.is_bound = told, {}, True
        form._errors = None
        form._bound_fields_cache.clear()
        form.full_clean()
        return name in form.errors


class Body:
    """A body of an API operation.

    A field is named by its path: `lines.hs_code` is a field of each line.
    """

    def __init__(self, kind: type[serializers.BaseSerializer[Any]], by: Any, thing: Any) -> None:
        self.kind, self.context = kind, {"by": by, "thing": thing}

    @property
    def keeps_what_is_not_sent(self) -> bool:
        """True for a change, where a field that is not sent keeps its value."""
        return issubclass(self.kind, EditSerializer)

    def fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the writable fields by path, with those inside lists of bodies."""
        found: dict[str, serializers.Field[Any, Any, Any, Any]] = {}
        for name, field in self.kind(context=self.context).fields.items():
            if field.read_only:
                continue
            found[name] = field
            inner = getattr(field, "child", field)
            if isinstance(inner, serializers.Serializer):
                found |= {f"{name}.{one}": each for one, each in inner.fields.items()}
        return found

    def refuses(self, path: str, value: Any) -> bool:
        """Return True if the field has an error when only this value is sent."""
        outer, _dot, inner = path.partition(".")
        kind = self.kind
        if inner:
            field = self.fields()[outer]
            kind = type(getattr(field, "child", field))
        body = kind(data={} if value is LEFT_OUT else {inner or outer: value}, context=self.context)
        body.is_valid()
        return (inner or outer) in body.errors


def values(page: forms.Field, body: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the values to try on a field: as typed on the page, and as a program sends it."""
    if isinstance(page, forms.DateTimeField):
        yield from ((text, f"{text.replace(' ', 'T')}:00Z") for text in MOMENTS)
    elif isinstance(page, forms.DateField):
        yield from ((text, text) for text in DAYS)
    elif isinstance(page, forms.DecimalField):
        yield from _amounts(page, body)
    elif isinstance(page, forms.IntegerField):
        yield from ((number, number) for number in _counts(page, body))
    elif isinstance(page, forms.ModelChoiceField):
        yield "no such thing", "no such thing"
    elif isinstance(page, forms.ChoiceField):
        yield from _choices(page, body)
    elif isinstance(page, forms.CharField):
        yield from _texts(page, body)


def _amounts(page: forms.DecimalField, body: Any) -> Iterator[tuple[Any, Any]]:
    both = [one for one in (page, body) if getattr(one, "max_digits", None)]
    places = {one.decimal_places for one in both} | {0}
    whole = {10 ** (one.max_digits - one.decimal_places) for one in both}
    most = {Decimal(one.max_value) for one in (page, body) if getattr(one, "max_value", None) is not None}
    finest = {f"1.{'0' * (one - 1)}1" for one in places if one}
    finer = {f"1.{'0' * one}1" for one in places}
    large = {str(one) for one in whole} | {str(one - 1) for one in whole}
    edges = {format(one, "f") for one in most} | {format(one + 1, "f") for one in most}
    for text in sorted({"-1", "-0.01", "0", "1e400", "NaN", "Infinity", *finest, *finer, *large, *edges}):
        yield text, text


def _counts(page: Any, body: Any) -> list[int]:
    edges = [
        edge
        for one in (page, body)
        for edge in (getattr(one, "min_value", None), getattr(one, "max_value", None))
        if isinstance(edge, int)
    ]
    return sorted({*COUNTS, *edges, *(one + 1 for one in edges), *(one - 1 for one in edges)})


def _choices(page: forms.ChoiceField, body: Any) -> Iterator[tuple[Any, Any]]:
    offered = [str(key) for key, _label in _flat(page.choices) if str(key)]
    told = [str(key) for key in getattr(body, "choices", None) or () if key != ""]
    many = isinstance(page, forms.MultipleChoiceField)
    for one in dict.fromkeys([*offered, *told, "nonsense", "<b>", "zz"]):
        sent = page.coerce(one) if isinstance(page, forms.TypedChoiceField) and one in offered else one
        yield one, [sent] if many else sent


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _texts(page: forms.CharField, body: Any) -> Iterator[tuple[Any, Any]]:
    lengths = {one.max_length for one in (page, body) if getattr(one, "max_length", None)}
    filling = "x" if not isinstance(page, forms.EmailField) else ""
    yield "\0", "\0"
    if not filling:
        yield "no address", "no address"
        return
    for length in sorted(lengths):
        yield filling * length, filling * length
        yield filling * (length + 1), filling * (length + 1)


def disagreements(page: Page, name: str, body: Body, path: str) -> Iterator[str]:
    """Yield the values of one field that only the page or only the API refuses."""
    mine, theirs = page.form.fields[name], body.fields()[path]
    for typed, sent in values(mine, theirs):
        told = (page.refuses(name, typed), body.refuses(path, sent))
        if told[0] != told[1]:
            shown = f"{len(typed)} letters" if isinstance(typed, str) and len(typed) > 40 else repr(typed)
            yield f"{shown}: {'page' if told[0] else 'API'} alone refuses it"
    empty = _empty(theirs)
    asked = page.refuses(name, LEFT_OUT)
    left_out, nothing = (
        body.refuses(path, LEFT_OUT) or (body.keeps_what_is_not_sent and asked),
        body.refuses(path, empty),
    )
    if left_out != asked:
        yield f"left out: {'page' if asked else 'API'} alone refuses it"
    if asked and not nothing:
        yield "empty: page alone refuses it"


def _empty(field: Any) -> Any:
    if isinstance(field, serializers.CharField | serializers.ChoiceField) and not isinstance(
        field, serializers.MultipleChoiceField
    ):
        return ""
    return [] if hasattr(field, "child") or hasattr(field, "child_relation") else None
