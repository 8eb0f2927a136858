"""URLs under /api/v1/: all collections and the API's documentation.

Every other address below it is answered with 404, as JSON.
"""

from django.urls import path
from django.views.generic import RedirectView

from procurement.allocations.candidates.api import NeedCandidatesViewSet, OfferNeedsViewSet
from procurement.allocations.plans.api import PlanComparisonViewSet
from procurement.api_docs.views import SchemaView, api_collection, api_overview
from procurement.catalogue.api.required_documents import RequiredDocumentsViewSet
from procurement.network.api import UntappedPotentialViewSet
from procurement.orders.api.holds import HoldOrdersViewSet
from procurement.outreach.api.batches import ContactSuggestionsViewSet, InquiryBatchViewSet
from procurement.requests.api import ReconfirmationsViewSet
from procurement.shared_api.all_collections import COLLECTIONS
from workflow.api.urls import NotFoundView, collection_urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs"), name="api"),
    path("docs/", api_overview, name="api-docs"),
    path("docs/<slug:name>/", api_collection, name="api-docs-chapter"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("untapped/", UntappedPotentialViewSet.as_view({"get": "query"}), name="api-untapped"),
    path(
        "required-documents/",
        RequiredDocumentsViewSet.as_view({"get": "query"}),
        name="api-required-documents",
    ),
    path(
        "inquiries/suggestions/",
        ContactSuggestionsViewSet.as_view({"get": "query"}),
        name="api-inquiries-suggestions",
    ),
    path("inquiries/batch/", InquiryBatchViewSet.as_view({"post": "make_move"}), name="api-inquiries-batch"),
    path(
        "allocation-plans/comparison/",
        PlanComparisonViewSet.as_view({"get": "query"}),
        name="api-allocation-plans-comparison",
    ),
    path(
        "suppliers/<reference:reference>/hold-orders/",
        HoldOrdersViewSet.as_view({"post": "make_move"}),
        name="api-suppliers-hold-orders",
    ),
    path(
        "supply-requests/reconfirm-batch/",
        ReconfirmationsViewSet.as_view({"post": "make_move"}),
        name="api-supply-requests-reconfirm-batch",
    ),
    path(
        "supply-requests/<reference:reference>/candidates/",
        NeedCandidatesViewSet.as_view({"get": "query"}),
        name="api-supply-requests-candidates",
    ),
    path(
        "supplier-leads/<reference:reference>/needs/",
        OfferNeedsViewSet.as_view({"get": "query"}),
        name="api-supplier-leads-needs",
    ),
    *collection_urls(COLLECTIONS),
    path("<path:rest>", NotFoundView.as_view(), name="api-nowhere"),
]
