"""OpenAPI document for programs, and documentation pages generated from it.

Both are public: they describe the API and contain no data. The texts are in English.
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
from accounts.throttling import PUBLIC_API_LIMIT, throttle
from workflow.api.schema import split_summary

type Schema = dict[str, Any]

MAX_NESTING_DEPTH = 3  # depth of inner lists and objects in the tables


@cache
def openapi_document() -> Schema:
    """Return the OpenAPI document, generated once per process."""
    with translation.override("en"):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular's own has no types
        created: Schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # no types
    return created


class SchemaView(APIView):
    """OpenAPI document as JSON or YAML."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (PublicThrottle,)
    renderer_classes = (OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2)

    def get(self, request: Request) -> Response:
        """Return the document."""
        return Response(
            openapi_document(), headers={"Content-Disposition": 'inline; filename="twinlane-api.json"'}
        )


@dataclass(frozen=True)
class FieldDoc:
    """Field of a body or an answer, or a parameter."""

    name: str
    type: str
    description: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class OperationDoc:
    """Operation of the API."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[FieldDoc, ...]
    body_fields: tuple[FieldDoc, ...]
    response_fields: tuple[FieldDoc, ...]
    anchor: str
    example_body: str


@dataclass
class CollectionDoc:
    """Collection with its operations."""

    name: str
    description: str = ""
    operations: list[OperationDoc] = field(default_factory=list)


@cache
def collection_docs() -> dict[str, CollectionDoc]:
    """Return the collections of the document in the order of the process, from needs to deliveries."""
    found: dict[str, CollectionDoc] = {}
    for path, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            name = operation["tags"][0]
            chapter = found.setdefault(name, CollectionDoc(name))
            chapter.operations.append(_operation(method, path, operation))
            if operation["operationId"].endswith(("_list", "_query")):
                chapter.description = operation["description"]
    return found


@throttle(PUBLIC_API_LIMIT)
def api_overview(request: HttpRequest) -> HttpResponse:
    """Show the guide to the API (requests, pages, filters, moves, retries, errors) and all collections."""
    return render(
        request, "api_docs/overview.html", {"chapters": collection_docs().values(), "base": settings.BASE_URL}
    )


@throttle(PUBLIC_API_LIMIT)
def api_collection(request: HttpRequest, name: str) -> HttpResponse:
    """Show the operations of one collection with their parameters and fields."""
    found = collection_docs().get(name)
    if found is None:
        raise Http404
    return render(request, "api_docs/chapter.html", {"chapter": found})


def _operation(method: str, path: str, operation: Schema) -> OperationDoc:
    summary, about = split_summary(operation["description"])
    return OperationDoc(
        method=method.upper(),
        path=path,
        summary=summary,
        description=about,
        parameters=tuple(_parameter(one) for one in operation.get("parameters", ()) if one["in"] != "path"),
        body_fields=tuple(_body(operation)),
        response_fields=tuple(_answer(operation)),
        anchor=operation["operationId"],
        example_body=_example(operation),
    )


def _example(operation: Schema) -> str:
    """Return the example of a body as it is sent; "" if there is none."""
    content = operation.get("requestBody", {}).get("content", {})
    examples = [media["example"] for media in content.values() if "example" in media]
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""


def _parameter(parameter: Schema) -> FieldDoc:
    schema = parameter["schema"]
    return FieldDoc(
        parameter["name"],
        _type(schema),
        parameter.get("description", ""),
        parameter.get("required", False),
        _choices(schema),
    )


def _body(operation: Schema) -> Iterator[FieldDoc]:
    content = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        yield from _fields(media["schema"])
        return


def _answer(operation: Schema) -> Iterator[FieldDoc]:
    good = next(answer for status, answer in operation["responses"].items() if status.startswith(("2", "3")))
    if "application/json" not in good.get("content", {}):  # a file or a redirect
        return iter(())
    schema = good["content"]["application/json"]["schema"]
    results = _resolved(schema).get("properties", {}).get("results")
    return _fields(results["items"] if results else schema)


def _fields(schema: Schema, before: str = "", depth: int = 0) -> Iterator[FieldDoc]:
    """Yield the fields of an object, each followed by the fields of inner objects: `lines[].product`."""
    schema = _resolved(schema)
    required = set(schema.get("required", ()))
    for name, field_schema in schema.get("properties", {}).items():
        inner = _resolved(field_schema)
        listed = inner.get("type") == "array"
        item = _resolved(inner["items"]) if listed else inner
        about = field_schema.get("description") or inner.get("description", "")
        yield FieldDoc(f"{before}{name}", _type(inner), about, name in required, _choices(item))
        if depth < MAX_NESTING_DEPTH and "properties" in item:
            yield from _fields(item, f"{before}{name}{'[]' if listed else ''}.", depth + 1)


def _resolved(schema: Schema) -> Schema:
    """Return the schema that a reference points to."""
    one = schema["allOf"][0] if len(schema.get("allOf", ())) == 1 else schema
    ref = one.get("$ref")
    found: Schema = openapi_document()["components"]["schemas"][ref.rpartition("/")[2]] if ref else one
    return found


def _type(schema: Schema) -> str:
    """Return the type of a schema in a word or two."""
    schema = _resolved(schema)
    several = schema.get("anyOf") or schema.get("oneOf")
    if several:
        return " or ".join(dict.fromkeys(_type(one) for one in several))
    named = schema.get("type", "object")
    kinds = [named] if isinstance(named, str) else list(named)
    words = [schema.get("format", kind) if kind == "string" else kind for kind in kinds]
    if "array" in kinds:
        words[kinds.index("array")] = f"list of {_type(schema.get('items', {}))}"
    return " or ".join(words)


def _choices(schema: Schema) -> tuple[str, ...]:
    return tuple(str(choice) for choice in _resolved(schema).get("enum", ()) if choice not in ("", None))
