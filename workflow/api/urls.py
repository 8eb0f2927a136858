"""Addresses of the collections.

A collection has one address for its list and for creating, one for a single object, and one for each move, so
that each move has a body of its own.
"""

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from workflow.api.available_moves import verb_path
from workflow.api.viewsets import CollectionViewSet
from workflow.errors import Refused
from workflow.http.refusal_responses import NOT_FOUND_CODE


class ReferenceConverter:
    """Path converter for a public reference: SR-2026-0042."""

    regex = r"[A-Z]{2}-[0-9]{4}-[0-9]{4,9}"

    def to_python(self, value: str) -> str:
        """Return the value unchanged."""
        return value

    def to_url(self, value: str) -> str:
        """Return the value unchanged."""
        return value


class CodeConverter(ReferenceConverter):
    """Path converter for a code of a reference table: ASTM-F2100-L1, 0370."""

    regex = r"[A-Za-z0-9_.-]+"


register_converter(ReferenceConverter, "reference")
register_converter(CodeConverter, "code")

_LOOKUP_ROUTES = {
    "reference": "<reference:reference>",
    "slug": "<slug:slug>",
    "code": "<code:code>",
    "key": "<slug:key>",
    "id": "<int:id>",
}


class AnyAcceptRenderer(JSONRenderer):
    """Renderer that accepts any media type. A file has its own type, a refusal is a problem document."""

    media_type = "*/*"


class NotFoundView(APIView):
    """View of every other address: answers 404 with a problem document."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Raise 404 for every signed-in caller; a stranger learns nothing about the address."""
        super().initial(request, *args, **kwargs)
        if not request.path.endswith("/"):
            raise Refused(NOT_FOUND_CODE, _("API URLs end with a slash: %(path)s/") % {"path": request.path})
        raise NotFound


def collection_urls(collections: Iterable[type[CollectionViewSet]]) -> list[URLPattern | URLResolver]:
    """Return the URL patterns of these collections."""
    return [_collection_url(collection) for collection in collections]


def _download_urls(collection: type[CollectionViewSet], one: str) -> list[URLPattern]:
    """Return the addresses of the files of one object.

    A collection that redirects serves the file itself at a signed address below.
    """
    addresses = {name: f"{one}/{name}/" for name in collection.redirects} | {
        name: f"{one}/content/<str:signed>/" if collection.redirects else f"{one}/{name}/"
        for name in collection.file_content_types
    }
    return [
        path(
            address,
            collection.as_view({"get": name}, renderer_classes=(AnyAcceptRenderer,)),
            name=f"api-{collection.path}-{name}",
        )
        for name, address in addresses.items()
    ]


def _collection_url(collection: type[CollectionViewSet]) -> URLResolver:
    one = _LOOKUP_ROUTES[collection.lookup_field]
    methods: dict[str, Any] = {"get": "list"} | ({"post": "create"} if collection.create_action else {})
    moves = [
        path(
            f"{one}/{verb_path(verb)}/",
            collection.as_view({"post": "make_move"}, verb=verb),
            name=f"api-{collection.path}-{verb_path(verb)}",
        )
        for verb in collection.move_actions
    ]
    return path(
        f"{collection.path}/",
        include(
            [
                path("", collection.as_view(methods), name=f"api-{collection.path}"),
                path(f"{one}/", collection.as_view({"get": "retrieve"}), name=f"api-{collection.path}-one"),
                *_download_urls(collection, one),
                *moves,
            ]
        ),
    )
