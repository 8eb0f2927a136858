"""The addresses of the collections: list and begin, one thing, and one address for each move, so that each has its own body."""

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from workflow.doors.api.collections import Collection
from workflow.doors.api.moves import address
from workflow.doors.refusals import NOT_FOUND
from workflow.errors import Refused


class Reference:
    """A public reference: SR-2026-0042."""

    regex = r"[A-Z]{2}-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class Code(Reference):
    """A code of a reference table: ASTM-F2100-L1, 0370."""

    regex = r"[A-Za-z0-9_.-]+"


register_converter(Reference, "reference")
register_converter(Code, "code")

_KEYS = {
    "reference": "<reference:reference>",
    "slug": "<slug:slug>",
    "code": "<code:code>",
    "key": "<slug:key>",
    "id": "<int:id>",
}


class Nowhere(APIView):
    """Every other address: 404 as a problem document."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Who asks does not matter, but somebody must be signed in: an address says nothing to a stranger."""
        super().initial(request, *args, **kwargs)
        if not request.path.endswith("/"):
            raise Refused(NOT_FOUND, _("Addresses here end with a slash: %(path)s/") % {"path": request.path})
        raise NotFound


def routes(collections: Iterable[type[Collection]]) -> list[URLPattern | URLResolver]:
    """The addresses of these collections."""
    return [_of(collection) for collection in collections]


def _of(collection: type[Collection]) -> URLResolver:
    one = _KEYS[collection.key]
    whole: dict[str, Any] = {"get": "list"} | ({"post": "create"} if collection.begin else {})
    verbs = [
        path(
            f"{one}/{address(verb)}/",
            collection.as_view({"post": "make"}, verb=verb),
            name=f"api-{collection.path}-{address(verb)}",
        )
        for verb in collection.verbs
    ]
    return path(
        f"{collection.path}/",
        include(
            [
                path("", collection.as_view(whole), name=f"api-{collection.path}"),
                path(f"{one}/", collection.as_view({"get": "retrieve"}), name=f"api-{collection.path}-one"),
                *verbs,
            ]
        ),
    )
