"""The API described: an OpenAPI document for programs, and pages for people that are drawn from the same document.

Both are open to everyone: they say what can be asked, and hold nothing of anybody. The words of the operations are English.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer2
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import PublicThrottle
from accounts.limits import PUBLIC_API
from accounts.web.limited import limited

type Schema = dict[str, Any]

DEEPEST = 3  # how far into lists and objects the tables go


@cache
def document() -> Schema:
    """The OpenAPI document, put together once for a process."""
    with translation.override("en"):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular's own has no types
        made: Schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


class Described(APIView):
    """The OpenAPI document, as JSON or YAML."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (PublicThrottle,)
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2)

    def get(self, request: Request) -> Response:
        """The document."""
        return Response(document(), headers={"Content-Disposition": 'inline; filename="twinlane-api.json"'})


@dataclass(frozen=True)
class Field:
    """One field of a body or an answer, or one parameter."""

    name: str
    type: str
    about: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked."""

    method: str
    path: str
    summary: str
    about: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    anchor: str
    example: str


@dataclass
class Chapter:
    """A collection and its operations."""

    name: str
    about: str = ""
    operations: list[Operation] = field(default_factory=list)


@cache
def chapters() -> dict[str, Chapter]:
    """The collections in the order of the story, from the document."""
    found: dict[str, Chapter] = {}
    for path, methods in document()["paths"].items():
        for method, told in methods.items():
            name = told["tags"][0]
            chapter = found.setdefault(name, Chapter(name))
            chapter.operations.append(_operation(method, path, told))
            if told["operationId"].endswith(("_list", "_ask")):
                chapter.about = told["description"]
    return found


@limited(PUBLIC_API)
def overview(request: HttpRequest) -> HttpResponse:
    """How to ask, page, filter, move and repeat; what a refusal looks like; and every collection."""
    return render(request, "api/overview.html", {"chapters": chapters().values(), "base": settings.BASE_URL})


@limited(PUBLIC_API)
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """One collection: what can be asked of it, with every parameter and field."""
    found = chapters().get(name)
    if found is None:
        raise Http404
    return render(request, "api/chapter.html", {"chapter": found})


def _operation(method: str, path: str, told: Schema) -> Operation:
    summary, _dot, about = told["description"].partition(". ")
    return Operation(
        method=method.upper(),
        path=path,
        summary=summary.rstrip("."),
        about=about,
        parameters=tuple(_parameter(one) for one in told.get("parameters", ()) if one["in"] != "path"),
        body=tuple(_body(told)),
        answer=tuple(_answer(told)),
        anchor=told["operationId"],
        example=_example(told),
    )


def _example(told: Schema) -> str:
    """The example of a body, as it is sent; empty where there is none."""
    content = told.get("requestBody", {}).get("content", {})
    examples = [media["example"] for media in content.values() if "example" in media]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""


def _parameter(told: Schema) -> Field:
    schema = told["schema"]
    return Field(
        told["name"],
        _type(schema),
        told.get("description", ""),
        told.get("required", False),
        _choices(schema),
    )


def _body(told: Schema) -> Iterator[Field]:
    content = told.get("requestBody", {}).get("content", {})
    for media in content.values():
        yield from _fields(media["schema"])
        return


def _answer(told: Schema) -> Iterator[Field]:
    good = next(answer for status, answer in told["responses"].items() if status.startswith(("2", "3")))
    if "application/json" not in good.get("content", {}):  # a file, or where one is
        return iter(())
    schema = good["content"]["application/json"]["schema"]
    results = _resolved(schema).get("properties", {}).get("results")
    return _fields(results["items"] if results else schema)


def _fields(schema: Schema, before: str = "", depth: int = 0) -> Iterator[Field]:
    """The fields of an object, those of objects inside it after its own with their path: `lines[].product`."""
    schema = _resolved(schema)
    required = set(schema.get("required", ()))
    for name, told in schema.get("properties", {}).items():
        inner = _resolved(told)
        listed = inner.get("type") == "array"
        item = _resolved(inner["items"]) if listed else inner
        about = told.get("description") or inner.get("description", "")
        yield Field(f"{before}{name}", _type(inner), about, name in required, _choices(item))
        if depth < DEEPEST and "properties" in item:
            yield from _fields(item, f"{before}{name}{'[]' if listed else ''}.", depth + 1)


def _resolved(schema: Schema) -> Schema:
    """What a reference points to."""
    one = schema["allOf"][0] if len(schema.get("allOf", ())) == 1 else schema
    ref = one.get("$ref")
    found: Schema = document()["components"]["schemas"][ref.rpartition("/")[2]] if ref else one
    return found


def _type(schema: Schema) -> str:
    """A schema's type in a word or two."""
    schema = _resolved(schema)
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return " or ".join(dict.fromkeys(_type(one) for one in several))
    told = schema.get("type", "object")
    kinds = [told] if isinstance(told, str) else list(told)
    words = [schema.get("format", kind) if kind == "string" else kind for kind in kinds]
    if "array" in kinds:
        words[kinds.index("array")] = f"list of {_type(schema.get('items', {}))}"
    return " or ".join(words)


def _choices(schema: Schema) -> tuple[str, ...]:
    return tuple(str(choice) for choice in _resolved(schema).get("enum", ()) if choice not in ("", None))
