"""files: what was brought to a thing, opened and cleaned."""

import builtins
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django_filters import CharFilter, ChoiceFilter
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.models import ApiToken
from partners.models.cities import City
from partners.roles import Power
from procurement.api.records import addresses
from procurement.api.records.addresses import FOR, About, AboutFilter, name_things
from procurement.leads import showing
from workflow.actors import Actor
from workflow.clock import real_now
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Ref, words
from workflow.doors.api.filters import search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.files.addresses import judge, reader, sign
from workflow.doors.files.handing import hand_out, lead_on
from workflow.models.evidence import File

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class FileRow(Row):
    """A file somebody brought. Others see it once it was opened, cleaned and found clean."""

    about = addresses.about()
    by = Named("name")

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


def bring(
    *,
    thing: Model,
    file: "UploadedFile[Any]",
    by: Actor,
    at: datetime,
    kind: str = "",
    city: City | None = None,
) -> File:
    """Add a file to a thing: it is opened apart from everything else, cleaned and kept.

    Refuses anything but PDF, JPEG, PNG and WebP, more than 10 MB, what cannot be opened safely, and who may not add to the thing.
    """
    powers = (Power.COMMENT, Power.REPORT, Power.ANSWER)
    power = next((power for power in powers if by.may(power, thing)), Power.COMMENT)
    city_id = city.pk if city else None
    return showing.attach(thing, file, by=by, at=at, kind=kind, power=power, city_id=city_id)


class FileFilter(AboutFilter):
    """Which files."""

    search = search_in("Words in the file's name, as they are written.")
    status = ChoiceFilter(choices=File.Status.choices)
    uploaded_sha256 = CharFilter(help_text="The same bytes, wherever they were brought.")


KIND = (
    "What it is evidence of: licence, certificate, photo. Of kind for_contact is what whoever is asked about the thing may "
    "open by their link."
)


class Files(Collection):
    """The clean files of one's own cities, and what one brought oneself."""

    model = File
    path = "files"
    key = "key"
    row = FileRow
    filterset_class = FileFilter
    orders = {"name": "name", "size": "size"}
    parser_classes = (MultiPartParser,)
    leads = {"content": "`bytes`: the signed address. Send the same token there."}
    gives = {"bytes": ("application/pdf", "image/jpeg", "image/png", "image/webp")}
    begin = Verb(
        bring,
        thing=About(help_text="Its address: verification-tasks/VT-2026-0042."),
        file=serializers.FileField(max_length=200),
        kind=words(
            30,
            KIND,
        ),
        city=Ref(City, "slug", required=False, help_text=FOR),
    )

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing."""
        name_things(told)

    def content(self, request: Request, key: str) -> HttpResponse:
        """Where the cleaned copy of a file is handed out for some minutes: a redirect. 404 while it is not clean."""
        signed = sign(self._clean(key).key, _reader(request), real_now())
        return lead_on(reverse("api-files-bytes", args=[key, signed]))

    def bytes(self, request: Request, key: str, signed: str) -> HttpResponseBase:
        """The cleaned copy of a file, to be saved, at the address that `content` signed for this token. 410 once that has ended."""
        file = self._clean(key)
        judge(signed, key, _reader(request), real_now())
        return hand_out(file)

    def _clean(self, key: str) -> File:
        file: File = self.thing(key=key, status=File.Status.CLEAN)
        return file


def _reader(request: Request) -> str:
    """For whom an address is signed: the token; where a page's own script asks, the person."""
    token: object = request.auth
    return f"token-{token.pk}" if isinstance(token, ApiToken) else reader(request.user)


class AsItIs(JSONRenderer):
    """Lets any Accept through: a file comes as what it is; a refusal as the problem document it is."""

    media_type = "*/*"
