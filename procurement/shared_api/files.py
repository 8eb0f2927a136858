"""API collection files: uploaded files of any object, opened and cleaned."""

import builtins
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from accounts.models import ApiToken
from partners.cities.models import City
from partners.powers import Power
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.shared_api.object_urls import (
    CITY_HELP_TEXT,
    ObjectFilterSet,
    ObjectPathField,
    add_object_paths,
    object_path_field,
)
from workflow.actors import Actor
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import VisibleReferenceField, text_field
from workflow.api.filters import search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation
from workflow.clock import real_now
from workflow.http.downloads import file_response, redirect_to_signed
from workflow.http.signed_urls import check_signature, reader_key, sign_for_reader
from workflow.uploads.models import File

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class FileRowSerializer(RowSerializer):
    """Uploaded file. Other people see it once it was opened, cleaned and found clean."""

    about = object_path_field()
    by = NamedReferenceField("name")

    class Meta:
        model = File
        fields = (
            "key",
            "status",
            "about",
            "kind",
            "name",
            "content_type",
            "size",
            "uploaded_sha256",
            "kept_sha256",
            "refusal",
            "by",
            "created_at",
        )


def add_file(
    *,
    thing: Model,
    file: "UploadedFile[Any]",
    by: Actor,
    at: datetime,
    kind: str = "",
    city: City | None = None,
) -> File:
    """Upload a file for an object. It is opened in isolation, cleaned and stored.

    Accepts only PDF, JPEG, PNG and WebP. Refuses files over 10 MB, files that cannot be opened safely,
    and a caller who may not add files to the object.
    """
    powers = (Power.COMMENT, Power.REPORT_ON_CHECK, Power.ANSWER_INQUIRY)
    power = next((power for power in powers if by.may(power, thing)), Power.COMMENT)
    city_id = city.pk if city else None
    return attach_file_and_flag_companies(thing, file, by=by, at=at, kind=kind, power=power, city_id=city_id)


class FileFilter(ObjectFilterSet):
    """Filters for files."""

    search = search_filter("Words in the file's name, as they are written.")
    status = ChoiceFilter(choices=File.Status.choices)
    uploaded_sha256 = CharFilter(help_text="The same bytes, wherever they were brought.")


FILE_KIND_HELP_TEXT = (
    "What it is evidence of: licence, certificate, photo. Of kind for_contact is what the person asked "
    "about the thing may "
    "open by their link."
)


class FileViewSet(CollectionViewSet):
    """Clean files of your cities, and files that you uploaded."""

    model = File
    path = "files"
    lookup_field = "key"
    list_serializer = FileRowSerializer
    filterset_class = FileFilter
    ordering_fields = {"name": "name", "size": "size"}
    parser_classes = (MultiPartParser,)
    redirects = {"content": "`bytes`: the signed address. Send the same token there."}
    file_content_types = {"bytes": ("application/pdf", "image/jpeg", "image/png", "image/webp")}
    create_action = MoveOperation(
        action=add_file,
        thing=ObjectPathField(help_text="Its address: verification-tasks/VT-2026-0042."),
        file=serializers.FileField(max_length=200),
        kind=text_field(
            30,
            FILE_KIND_HELP_TEXT,
        ),
        city=VisibleReferenceField(City, "slug", required=False, help_text=CITY_HELP_TEXT),
    )

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the address of each object."""
        add_object_paths(values)

    def content(self, request: Request, key: str) -> HttpResponse:
        """Redirect to a short-lived address with the cleaned file. 404 while the file is not clean."""
        signed = sign_for_reader(self._clean(key).key, _reader_name(request), real_now())
        return redirect_to_signed(reverse("api-files-bytes", args=[key, signed]))

    def bytes(self, request: Request, key: str, signed: str) -> HttpResponseBase:
        """Download the cleaned copy of a file.

        The address is the one that `content` signed for this token. 410 once it has expired.
        """
        file = self._clean(key)
        check_signature(signed, key, _reader_name(request), real_now())
        return file_response(file)

    def _clean(self, key: str) -> File:
        file: File = self.find_object(key=key, status=File.Status.CLEAN)
        return file


def _reader_name(request: Request) -> str:
    """Return the reader for whom an address is signed: the token or, for a page's own script, the user."""
    token: object = request.auth
    return f"token-{token.pk}" if isinstance(token, ApiToken) else reader_key(request.user)
