"""API collection audit-files: all documents of an order in one ZIP, kept for seven days."""

from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django_filters import CharFilter, ChoiceFilter
from rest_framework.request import Request

from accounts.models import ActingUser
from procurement.audit_files.actions import request_audit_file
from procurement.audit_files.models import AuditFile
from procurement.audit_files.rules import DISCARD, REBUILD
from procurement.orders.models import Order
from workflow.actors import Actor
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, EmptySerializer, MoveOperation, move_operations
from workflow.http.downloads import archive_response


class AuditFileRowSerializer(RowSerializer):
    """Audit file of an order: its status and, once ready, its size, SHA-256 and number of files.

    `left_out` is the number of files left out.
    """

    order = NamedReferenceField()

    class Meta:
        model = AuditFile
        fields = (
            *("id", "status", "order", "language", "asked_at", "ready_at", "until", "size", "sha256"),
            *("files", "left_out", "failure", "created_at"),
        )


class NewAuditFileSerializer(CreateSerializer):
    """Order whose documents are collected. A repeated request returns the same file."""

    order = VisibleReferenceField(Order)

    class Meta:
        model = AuditFile
        fields = ("order",)


class AuditFileFilter(SearchFilterSet):
    """Filters for audit files."""

    search = search_filter("The order's reference, or how it begins: PO-2020.")
    status = ChoiceFilter(choices=AuditFile.Status.choices)
    order = CharFilter("order__reference")


def request_audit_file_of_order(*, order: Order, author: ActingUser, by: Actor, at: datetime) -> AuditFile:
    """Request all documents of an order in one file, with lists in your language."""
    return request_audit_file(order, author=author, language=author.language, by=by, at=at)


class AuditFileViewSet(CollectionViewSet):
    """Your own audit files. They contain only objects that you may see."""

    model = AuditFile
    path = "audit-files"
    lookup_field = "id"
    list_serializer = AuditFileRowSerializer
    filterset_class = AuditFileFilter
    ordering_fields = {"asked_at": "asked_at"}
    file_content_types = {"content": ("application/zip",)}
    create_action = MoveOperation(action=request_audit_file_of_order, body=NewAuditFileSerializer)
    move_actions = move_operations(MoveOperation(REBUILD, body=EmptySerializer), DISCARD)

    def content(self, request: Request, **key: Any) -> HttpResponseBase:
        """Download the ZIP. 404 if it is not ready or no longer kept."""
        found = self.find_object(**key)
        return archive_response(found.stored, str(found), "application/zip")
