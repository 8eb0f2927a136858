"""How the API describes itself: OpenAPI 3.1 from the collections, their verbs and their actions' own words."""

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from workflow.doors.api.repeats import HEADER
from workflow.doors.api.versions import IF_MATCH
from workflow.doors.problems import CONTENT_TYPE


class WrongPlace(serializers.Serializer[Any]):
    """One thing that is wrong in a request, and where."""

    pointer = serializers.CharField(
        required=False, help_text="JSON pointer into the body: #/lines/0/quantity."
    )
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter.")
    header = serializers.CharField(required=False, help_text="Name of the header.")
    detail = serializers.CharField()
    code = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Why something was not done (RFC 9457). `detail` is a sentence for a person, in the language asked for; `code` never changes."""

    type = serializers.CharField(help_text="A relative reference to the explanation of the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    errors = WrongPlace(many=True, required=False)  # type: ignore[assignment]  # a field of this name, as RFC 9457 has it
    facts = serializers.JSONField(required=False, help_text="Figures and references a program may want.")


PROBLEMS = {
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
        409: "The thing stands elsewhere in its life, or somebody is changing it right now.",
        411: "The body came in chunks, without its length.",
        413: "The body is too large.",
        415: "The body's content type is not taken here.",
        422: "Something is missing or wrong.",
        429: "Too many requests.",
        503: "The database cannot be reached for a moment; `Retry-After` says when to ask again.",
    },
}


class Operations(AutoSchema):
    """Names, words, bodies and answers of a collection's operations."""

    @property
    def collection(self) -> Any:
        """The collection described here."""
        return self.view

    def get_operation_id(self) -> str:
        """`supply_requests_list`, `supply_requests_reconfirm`."""
        name = self.collection.path.replace("-", "_")
        what = self.collection.verb.replace("-", "_") or {"create": "begin", "retrieve": "one"}.get(
            self.collection.action, self.collection.action
        )
        return f"{name}_{what}"

    def get_tags(self) -> list[str]:
        """The collection."""
        return [self.collection.path]

    def get_summary(self) -> str:
        """The first sentence of what it does; of a list and of one thing, that it is one."""
        plain = {"list": "List {path}", "retrieve": "Read one of {path}"}.get(self.collection.action)
        if plain is not None:
            return plain.format(path=self.collection.path)
        return self.get_description().partition("\n")[0].partition(". ")[0].rstrip(".")

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular asks without arguments
        """In the words of the action, or of the collection."""
        verb, action = self._verb(), self.collection.action
        if verb is not None:
            return inspect.getdoc(verb.action) or ""
        if action == "retrieve":
            return inspect.getdoc(self.collection.whole) or ""
        return (
            inspect.getdoc(getattr(self.view, action) if self._hands_out(action) else type(self.view)) or ""
        )

    def get_request_serializer(self) -> Any:
        """The body of a POST."""
        verb = self._verb()
        return None if verb is None or not verb.body().fields else verb.body

    def get_response_serializers(self) -> Any:
        """What comes back, and the problem documents."""
        action = self.collection.action
        kind = {"list": "read", "ask": "read", "create": "write", "make": "write"}.get(action, "one")
        told = {
            code: words for code, words in PROBLEMS[kind].items() if not (code == 404 and action == "create")
        }
        if action == "make":
            told |= {412: "The thing changed since it was read: `If-Match` named an older `ETag`."}
        if action in self.collection.gives and self.collection.leads:
            told |= {410: "The address has ended. Ask for a new one."}
        return self._good() | {(code, CONTENT_TYPE): _problem(words) for code, words in told.items()}

    def _good(self) -> dict[Any, Any]:
        """What comes back when it went well."""
        action = self.collection.action
        if action in self.collection.leads:
            words = "`Location` is the address: " + self.collection.leads[action]
            return {302: OpenApiResponse(None, description=words)}
        if action in self.collection.gives:
            file = OpenApiResponse(OpenApiTypes.BINARY, description="The file.")
            return {(200, kind): file for kind in self.collection.gives[action]}
        if action == "list":
            return {200: OpenApiResponse(self.collection.row(many=True), description="A page of the list.")}
        if action == "create":
            words = "It was begun. `Location` is its address."
            return {201: OpenApiResponse(self.collection.whole, description=words)}
        words = "The answer." if action == "ask" else "How it stands now."
        return {200: OpenApiResponse(self.collection.whole, description=words)}

    def get_override_parameters(self) -> list[Any]:
        """The key that makes a POST safe to repeat, and the version that a change is meant for."""
        if self.method != "POST":
            return []
        words = "Send the same key with the same request again, and it is done once; the first answer comes again."
        told = {HEADER: words}
        if self.collection.action == "make":
            told[IF_MATCH] = (
                "The `ETag` of the thing as you read it. If the thing changed since, nothing is done: 412."
            )
        return [
            OpenApiParameter(
                name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=False, description=words
            )
            for name, words in told.items()
        ]

    def _hands_out(self, action: str) -> bool:
        return action in self.collection.gives or action in self.collection.leads

    def _verb(self) -> Any:
        if self.collection.action == "create":
            return self.collection.begin
        return self.collection.verbs[self.collection.verb] if self.collection.action == "make" else None


def _problem(words: str) -> Any:
    return OpenApiResponse(Problem, description=words)


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The document as it is given out: drf-spectacular leaves out what a reader, or a strict validator, misses."""
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                parameter.setdefault("description", _of_parameter(parameter["name"]))
    for title, schema in result["components"]["schemas"].items():
        if title.endswith(
            "Request"
        ):  # as COMPONENT_SPLIT_REQUEST names bodies; strict.py refuses what they do not name
            schema["additionalProperties"] = False
        for name, told in schema.get("properties", {}).items():
            if "oneOf" in told and _may_be_empty(told["oneOf"]):
                schema["properties"][name] = {("anyOf" if key == "oneOf" else key): told[key] for key in told}
    result["servers"] = [{"url": "/", "description": "This instance."}]
    return result


def _of_parameter(name: str) -> str:
    """What a parameter without words of its own asks for."""
    named = {
        "reference": "What the thing is quoted by.",
        "id": "Its number here.",
        "slug": "Its name in addresses.",
        "key": "What stands in its address.",
        "signed": "The signed part of the address, as `content` gave it.",
    }
    return named.get(name, f"Only those whose {name.replace('_', ' ')} is this.")


def _may_be_empty(choices: list[dict[str, Any]]) -> bool:
    """Whether an address or e-mail may be left empty: empty text is of both kinds, which `oneOf` forbids."""
    return any(choice.get("maxLength") == 0 for choice in choices)
