"""OpenAPI 3.1 description of the API, generated from the collections, their operations and the docstrings of actions."""

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from workflow.api.idempotency import IDEMPOTENCY_KEY_HEADER
from workflow.edits import IF_MATCH
from workflow.http.problems import CONTENT_TYPE


class ErrorLocationSerializer(serializers.Serializer[Any]):
    """One error in a request, and the place of the error."""

    pointer = serializers.CharField(
        required=False, help_text="JSON pointer into the body: #/lines/0/quantity."
    )
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter.")
    header = serializers.CharField(required=False, help_text="Name of the header.")
    detail = serializers.CharField()
    code = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """Reason why a request was refused or failed (RFC 9457).

    `detail` is a sentence for a person, in the requested language; `code` never changes.
    """

    type = serializers.CharField(help_text="A relative reference to the explanation of the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField(help_text="Quote it when you report a problem; the log has it too.")
    errors = ErrorLocationSerializer(many=True, required=False)  # type: ignore[assignment]  # a field of this name, as RFC 9457 has it
    facts = serializers.JSONField(required=False, help_text="Figures and references a program may want.")


PROBLEM_RESPONSES = {
    "read": {
        401: "Not signed in.",
        403: "The token's scopes do not cover it.",
        406: "Answers do not come as what was asked for.",
        422: "A parameter is wrong.",
        429: "Too many requests.",
        503: "The database cannot be reached for a moment; `Retry-After` says when to ask again.",
    },
    "one": {
        401: "Not signed in.",
        403: "Not allowed.",
        404: "Nothing here that you may see.",
        406: "Answers do not come as what was asked for.",
        429: "Too many requests.",
        503: "The database cannot be reached for a moment; `Retry-After` says when to ask again.",
    },
    "write": {
        400: "The body cannot be read.",
        401: "Not signed in.",
        403: "Not allowed.",
        404: "Nothing here that you may see.",
        406: "Answers do not come as what was asked for.",
        409: "The item’s status does not allow this, or someone else is changing the item.",
        411: "The body came in chunks, without its length.",
        413: "The body is too large.",
        415: "The body's content type is not taken here.",
        422: "Something is missing or wrong.",
        429: "Too many requests.",
        503: "The database cannot be reached for a moment; `Retry-After` says when to ask again.",
    },
}


def split_summary(description: str) -> tuple[str, str]:
    """Return the first sentence of a docstring, without its full stop, and the rest.

    The sentence ends at the first full stop or blank line.
    """
    paragraph, _gap, below = description.partition("\n\n")
    summary, _stop, rest = paragraph.replace("\n", " ").partition(". ")
    return summary.rstrip("."), "\n\n".join(part for part in (rest, below) if part)


class OperationSchema(AutoSchema):
    """Names, descriptions, bodies and answers of a collection's operations."""

    @property
    def collection(self) -> Any:
        """Collection described here."""
        return self.view

    def get_operation_id(self) -> str:
        """Return a name such as "supply_requests_list" or "supply_requests_reconfirm"."""
        name = self.collection.path.replace("-", "_")
        what = self.collection.verb.replace("-", "_") or {"retrieve": "one"}.get(
            self.collection.action, self.collection.action
        )
        return f"{name}_{what}"

    def get_tags(self) -> list[str]:
        """Return the collection's path."""
        return [self.collection.path]

    def get_summary(self) -> str:
        """Return the first sentence of the description, or a fixed sentence for a list and for one object."""
        plain = {"list": "List {path}", "retrieve": "Read one of {path}"}.get(self.collection.action)
        if plain is not None:
            return plain.format(path=self.collection.path)
        return split_summary(self.get_description())[0]

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular asks without arguments
        """Return the docstring of the action, or of the collection."""
        verb, action = self._verb(), self.collection.action
        if verb is not None:
            return inspect.getdoc(verb.action) or ""
        if action == "retrieve":
            return inspect.getdoc(self.collection.detail_serializer) or ""
        return (
            inspect.getdoc(getattr(self.view, action) if self._serves_file(action) else type(self.view)) or ""
        )

    def get_request_serializer(self) -> Any:
        """Return the body of a POST."""
        verb = self._verb()
        return None if verb is None or not verb.body().fields else verb.body

    def get_response_serializers(self) -> Any:
        """Return the answers of the operation, problem documents included."""
        action = self.collection.action
        kind = {"list": "read", "query": "read", "create": "write", "make_move": "write"}.get(action, "one")
        values = {
            code: words
            for code, words in PROBLEM_RESPONSES[kind].items()
            if not (code == 404 and action == "create")
        }
        if action == "make_move":
            values |= {412: "The thing changed since it was read: `If-Match` named an older `ETag`."}
        if action in self.collection.file_content_types and self.collection.redirects:
            values |= {410: "The address has ended. Ask for a new one."}
        return self._success_responses() | {
            (code, CONTENT_TYPE): _problem_response(words) for code, words in values.items()
        }

    def _success_responses(self) -> dict[Any, Any]:
        """Return the answers of a successful request."""
        action = self.collection.action
        if action in self.collection.redirects:
            words = "`Location` is the address: " + self.collection.redirects[action]
            return {302: OpenApiResponse(None, description=words)}
        if action in self.collection.file_content_types:
            file = OpenApiResponse(OpenApiTypes.BINARY, description="The file.")
            return {(200, kind): file for kind in self.collection.file_content_types[action]}
        if action == "list":
            return {
                200: OpenApiResponse(
                    self.collection.list_serializer(many=True), description="A page of the list."
                )
            }
        if action == "create":
            words = "Created. `Location` is its URL."
            return {201: OpenApiResponse(self.collection.detail_serializer, description=words)}
        words = "The answer." if action == "query" else "The object after the change."
        return {200: OpenApiResponse(self.collection.detail_serializer, description=words)}

    def get_override_parameters(self) -> list[Any]:
        """Return the headers of a POST: the idempotency key, and the version that a change is meant for."""
        if self.method != "POST":
            return []
        words = "Send the same key with the same request again, and it is done once; the first answer comes again."
        values = {IDEMPOTENCY_KEY_HEADER: words}
        if self.collection.action == "make_move":
            values[IF_MATCH] = (
                "The `ETag` of the thing as you read it. If the thing changed since, nothing is done: 412."
            )
        return [
            OpenApiParameter(
                name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=False, description=words
            )
            for name, words in values.items()
        ]

    def _serves_file(self, action: str) -> bool:
        return action in self.collection.file_content_types or action in self.collection.redirects

    def _verb(self) -> Any:
        if self.collection.action == "create":
            return self.collection.create_action
        return (
            self.collection.move_actions[self.collection.verb]
            if self.collection.action == "make_move"
            else None
        )


def _problem_response(words: str) -> Any:
    return OpenApiResponse(ProblemSerializer, description=words)


def postprocess_schema(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Complete the OpenAPI document with descriptions and formats that drf-spectacular leaves out."""
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                parameter.setdefault("description", _parameter_description(parameter["name"]))
    for title, schema in result["components"]["schemas"].items():
        if title.endswith(
            "Request"
        ):  # COMPONENT_SPLIT_REQUEST names bodies so; strict.py refuses unknown fields
            schema["additionalProperties"] = False
        for name, values in schema.get("properties", {}).items():
            if "oneOf" in values and _may_be_empty(values["oneOf"]):
                schema["properties"][name] = {
                    ("anyOf" if key == "oneOf" else key): values[key] for key in values
                }
    result["servers"] = [{"url": "/", "description": "This instance."}]
    return result


def _parameter_description(name: str) -> str:
    """Return the description of a parameter that has none of its own."""
    named = {
        "reference": "What the thing is quoted by.",
        "id": "Its number here.",
        "slug": "Its name in addresses.",
        "key": "The key in its URL.",
        "signed": "The signed part of the address, as `content` gave it.",
    }
    return named.get(name, f"Only those whose {name.replace('_', ' ')} is this.")


def _may_be_empty(choices: list[dict[str, Any]]) -> bool:
    """Return True if an address or e-mail may be left empty.

    Empty text matches both alternatives, which `oneOf` forbids.
    """
    return any(choice.get("maxLength") == 0 for choice in choices)
