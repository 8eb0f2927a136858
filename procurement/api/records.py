"""comments, files, entries: what was said about a thing, what was brought to it, and what happened to it.

A thing is named by its own address below /api/v1/: `supply-requests/SR-2026-0042`.
"""

import builtins
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, NumberFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from partners import api as partners
from partners.models import City
from partners.roles import Power
from procurement.api.allocations import Allocations
from procurement.api.arrivals import Inspections, Lots, Receipts
from procurement.api.catalogue import CertificateKinds, NotifiedBodies, Products, Standards
from procurement.api.customs import CustomsHolds, CustomsLanes, CustomsPapers, Declarations
from procurement.api.leads import Findings, SupplierLeads
from procurement.api.orders import Orders, Payments
from procurement.api.outreach import Inquiries
from procurement.api.requests import SupplyRequests
from procurement.api.shipments import Shipments
from procurement.api.suppliers import BankAccounts, Certificates, Suppliers
from procurement.api.tracking import Milestones, TrackingEvents
from procurement.api.verification import Reports, VerificationTasks
from procurement.leads import showing
from workflow import actions
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Ref, words
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import OBJECT, TEXT_OR_NONE, Made, Named, Row
from workflow.doors.http import hand_out
from workflow.errors import Refused
from workflow.models import Comment, Entry, File

STORY: tuple[type[Collection], ...] = (
    *partners.COLLECTIONS,
    *(Products, Standards, CertificateKinds, NotifiedBodies),
    SupplyRequests,
    Inquiries,
    *(Suppliers, Certificates, BankAccounts),
    *(SupplierLeads, Findings),
    *(VerificationTasks, Reports),
    Allocations,
    *(Orders, Payments),
    *(Shipments, Milestones, TrackingEvents),
    *(CustomsLanes, Declarations, CustomsPapers, CustomsHolds),
    *(Receipts, Lots, Inspections),
)
LONGEST_KEY = 80
BY_PATH = {collection.path: collection for collection in STORY}
BY_LABEL = {collection.model._meta.label_lower: collection for collection in STORY}


# --- naming things ----------------------------------------------------------------------------------------------
def thing_at(address: str, by: Actor) -> Model | None:
    """The thing of an address, if this person sees it."""
    path, _slash, key = address.partition("/")
    collection = BY_PATH.get(path)
    if collection is None or not 0 < len(key) <= LONGEST_KEY or "\0" in key:
        return None
    if collection.key == "id" and not _is_id(key):
        return None
    rows: QuerySet[Any] = collection.model._default_manager.visible_to(by)  # type: ignore[attr-defined]
    found: Model | None = rows.filter(**{collection.key: key}).first()
    return found


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19


def name_things(told: list[dict[str, Any]]) -> None:
    """Put the address of each row's thing for its label and id, one look-up for each kind of thing among the rows."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for row in told:
        label, pk = row["about"]
        ids[label].add(pk)
    known = {label: _keys(BY_LABEL[label], pks) for label, pks in ids.items() if label in BY_LABEL}
    for row in told:
        label, pk = row["about"]
        key = known.get(label, {}).get(pk)
        row["about"] = None if key is None else f"{BY_LABEL[label].path}/{key}"


def _keys(collection: type[Collection], pks: set[int]) -> dict[int, Any]:
    if collection.key == "id":
        return {pk: pk for pk in pks}
    return dict(collection.model._default_manager.filter(pk__in=pks).values_list("pk", collection.key))


def about() -> Made:
    """Which thing a row speaks of; `name_things` puts its address in place of the label and id."""
    return Made("thing_label", "thing_id", by=lambda label, pk: (label, pk), kind=TEXT_OR_NONE)


@extend_schema_field(OpenApiTypes.STR)
class About(serializers.Field[Any, Any, Any, Any]):
    """A thing by its address. One that the caller may not see does not exist here either."""

    default_error_messages = {
        "no_thing": _("There is no such thing, or none that you may see: supply-requests/SR-2026-0042.")
    }

    def to_internal_value(self, data: Any) -> Any:
        """The thing, if the caller sees it."""
        thing = thing_at(data, self.context["by"]) if isinstance(data, str) else None
        if thing is None:
            self.fail("no_thing")
        return thing


class AboutFilter(Searched):
    """Rows that speak of one thing."""

    about = CharFilter(method="of_thing", help_text="The thing's address: supply-requests/SR-2026-0042.")

    def of_thing(self, rows: QuerySet[Any], name: str, address: str) -> QuerySet[Any]:
        """The rows about it. Refuses a thing the caller does not see."""
        thing = thing_at(address, self.request.by)
        if thing is None:
            raise Refused("no_thing", About.default_error_messages["no_thing"], parameter="about")
        return rows.filter(thing_label=thing._meta.label_lower, thing_id=thing.pk)


# --- comments ---------------------------------------------------------------------------------------------------
class CommentRow(Row):
    """What somebody wrote about a thing, in their own words and language."""

    about = about()
    by = Named("name")

    class Meta:
        model = Comment
        fields = ("id", "about", "by", "text", "language", "at")


FOR = (
    "Where the thing is no city's own: which of your cities reads this. Asked of whoever writes for several."
)


def say(
    *, thing: Model, text: str, by: Actor, at: datetime, language: str = "", city: City | None = None
) -> Comment:
    """Say something about a thing, in one's own words. Refuses who may not comment on it."""
    tongue = language or get_language() or "en"
    return actions.comment(thing, text, by=by, at=at, language=tongue, city_id=city.pk if city else None)


class CommentFilter(AboutFilter):
    """Which comments."""

    search = search_in("Words in the text, as they are written.")


class Comments(Collection):
    """What was said in one's own cities, and one's own words."""

    model = Comment
    path = "comments"
    key = "id"
    row = CommentRow
    filterset_class = CommentFilter
    orders = {"at": "at"}
    begin = Verb(
        say,
        thing=About(help_text="Its address: supply-requests/SR-2026-0042."),
        text=serializers.CharField(max_length=actions.LONGEST),
        language=words(10, "Of the words."),
        city=Ref(City, "slug", required=False, help_text=FOR),
    )

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing."""
        name_things(told)


# --- files ------------------------------------------------------------------------------------------------------
class FileRow(Row):
    """A file somebody brought. Others see it once it was opened, cleaned and found clean."""

    about = about()
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
            "sha256",
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
    sha256 = CharFilter(help_text="The same bytes, wherever they were brought.")


class Files(Collection):
    """The clean files of one's own cities, and what one brought oneself."""

    model = File
    path = "files"
    key = "key"
    row = FileRow
    filterset_class = FileFilter
    orders = {"name": "name", "size": "size"}
    parser_classes = (MultiPartParser,)
    gives = {"content": ("application/pdf", "image/jpeg", "image/png", "image/webp")}
    begin = Verb(
        bring,
        thing=About(help_text="Its address: verification-tasks/VT-2026-0042."),
        file=serializers.FileField(max_length=200),
        kind=words(30, "What it is evidence of: licence, certificate, photo."),
        city=Ref(City, "slug", required=False, help_text=FOR),
    )

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing."""
        name_things(told)

    def content(self, request: Request, key: str) -> HttpResponseBase:
        """The cleaned copy of a file, to be saved. 404 while it is not clean."""
        return hand_out(self.thing(key=key))


class AsItIs(JSONRenderer):
    """Lets any Accept through: a file comes as what it is; a refusal as the problem document it is."""

    media_type = "*/*"


# --- entries ----------------------------------------------------------------------------------------------------
class EntryRow(Row):
    """Something that happened: who, what, when, why, and what was before and after. Nothing here is ever changed."""

    about = about()
    kind = serializers.CharField(source="thing_label", help_text="What kind of thing it happened to.")
    by = Made("by_label", "by_id", "city_id", by=lambda *told: told, kind=TEXT_OR_NONE)
    shapes = {"before": OBJECT, "after": OBJECT, "facts": OBJECT}

    class Meta:
        model = Entry
        fields = (
            *("id", "at", "recorded_at", "kind", "about", "reference", "verb", "by", "via", "reason"),
            *("before", "after"),
            "facts",
        )


class EntryFilter(AboutFilter):
    """Which entries."""

    search = search_in(
        "The whole reference of the thing it happened to (PO-2020-0042); else how the verb begins: approve."
    )
    city = CharFilter(method="of_city", help_text="The city whose business it was.")
    verb = CharFilter(help_text="What was done, exactly: approve.")
    kind = CharFilter("thing_label", help_text="What kind of thing it happened to: procurement.order.")
    after = NumberFilter(
        "pk",
        "gt",
        help_text="The id of the last entry you know: with ordering=id, all that has happened since.",
    )

    def of_city(self, rows: QuerySet[Any], name: str, slug: str) -> QuerySet[Any]:
        """The entries of a city's own business."""
        return rows.filter(city_id__in=City.objects.filter(slug=slug).values("pk"))


class Entries(Collection):
    """The journal: what happened in one's own cities and in the shared register, and what one did oneself."""

    model = Entry
    path = "entries"
    key = "id"
    row = EntryRow
    filterset_class = EntryFilter

    def finish(self, told: builtins.list[dict[str, Any]]) -> None:
        """With the address of each thing; people of other cities are not named."""
        name_things(told)
        sees, me = self.by.sees, self.by.user_id
        for row in told:
            label, by_id, city_id = row["by"]
            row["by"] = label if by_id in (me, None) or city_id in sees else None


COLLECTIONS: tuple[type[Collection], ...] = (*STORY, Comments, Files, Entries)
