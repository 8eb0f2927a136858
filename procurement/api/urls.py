"""The addresses under /api/v1/: every collection, in the order of the story; its description; and a 404 for everything else."""

from django.urls import path
from django.views.generic import RedirectView

from procurement.api.docs import pages
from procurement.api.docs.pages import Described
from procurement.api.goods.customs_rules import PapersAsked
from procurement.api.goods.made import MadePapers
from procurement.api.orders.bundles import Bundles
from procurement.api.orders.memos import Memos
from procurement.api.records import COLLECTIONS
from procurement.api.records.files import AsItIs, Files
from procurement.api.untapped import UntappedPotential
from workflow.doors.api.routes import Nowhere, routes

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs"), name="api"),
    path("docs/", pages.overview, name="api-docs"),
    path("docs/<slug:name>/", pages.chapter, name="api-docs-chapter"),
    path("schema/", Described.as_view(), name="api-schema"),
    path(
        "files/<slug:key>/content/",
        Files.as_view({"get": "content"}, renderer_classes=(AsItIs,)),
        name="api-files-content",
    ),
    path(
        "memos/<reference:reference>/content/",
        Memos.as_view({"get": "content"}, renderer_classes=(AsItIs,)),
        name="api-memos-content",
    ),
    path(
        "made-papers/<reference:reference>/content/",
        MadePapers.as_view({"get": "content"}, renderer_classes=(AsItIs,)),
        name="api-made-papers-content",
    ),
    path(
        "bundles/<int:id>/content/",
        Bundles.as_view({"get": "content"}, renderer_classes=(AsItIs,)),
        name="api-bundles-content",
    ),
    path(
        "files/<slug:key>/content/<str:signed>/",
        Files.as_view({"get": "bytes"}, renderer_classes=(AsItIs,)),
        name="api-files-bytes",
    ),
    path("untapped/", UntappedPotential.as_view({"get": "ask"}), name="api-untapped"),
    path("papers-asked/", PapersAsked.as_view({"get": "ask"}), name="api-papers-asked"),
    *routes(COLLECTIONS),
    path("<path:rest>", Nowhere.as_view(), name="api-nowhere"),
]
