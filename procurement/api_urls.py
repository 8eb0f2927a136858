"""URLs under /api/v1/: the collections in the order of the story, the documentation, and a 404."""

from django.urls import path
from django.views.generic import RedirectView

from procurement.api_docs.views import SchemaView, api_collection, api_overview
from procurement.audit_files.api import AuditFiles
from procurement.catalogue.api import RequiredDocuments
from procurement.generated_documents.api import GeneratedDocuments
from procurement.network.api import UntappedPotential
from procurement.orders.decision_memos.api import DecisionMemos
from procurement.records.api.all_collections import COLLECTIONS
from procurement.records.api.files import AnyAcceptRenderer, Files
from workflow.api.urls import NotFoundView, collection_urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs"), name="api"),
    path("docs/", api_overview, name="api-docs"),
    path("docs/<slug:name>/", api_collection, name="api-docs-chapter"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path(
        "files/<slug:key>/content/",
        Files.as_view({"get": "content"}, renderer_classes=(AnyAcceptRenderer,)),
        name="api-files-content",
    ),
    path(
        "decision-memos/<reference:reference>/content/",
        DecisionMemos.as_view({"get": "content"}, renderer_classes=(AnyAcceptRenderer,)),
        name="api-memos-content",
    ),
    path(
        "generated-documents/<reference:reference>/content/",
        GeneratedDocuments.as_view({"get": "content"}, renderer_classes=(AnyAcceptRenderer,)),
        name="api-generated-documents-content",
    ),
    path(
        "audit-files/<int:id>/content/",
        AuditFiles.as_view({"get": "content"}, renderer_classes=(AnyAcceptRenderer,)),
        name="api-bundles-content",
    ),
    path(
        "files/<slug:key>/content/<str:signed>/",
        Files.as_view({"get": "bytes"}, renderer_classes=(AnyAcceptRenderer,)),
        name="api-files-bytes",
    ),
    path("untapped/", UntappedPotential.as_view({"get": "ask"}), name="api-untapped"),
    path("required-documents/", RequiredDocuments.as_view({"get": "ask"}), name="api-required-documents"),
    *collection_urls(COLLECTIONS),
    path("<path:rest>", NotFoundView.as_view(), name="api-nowhere"),
]
