"""bundles: every paper of an order in one ZIP, put together for whoever asked, kept for seven days."""

from datetime import datetime
from typing import Any

from django.http.response import HttpResponseBase
from django_filters import CharFilter, ChoiceFilter
from rest_framework.request import Request

from accounts.models import User
from procurement.orders.actions.bundles import ask_again, ask_for_bundle, drop_bundle
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.order import Order
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.files.handing import hand_out_made


class BundleRow(Row):
    """A bundle: how it stands, and once it is ready its size, its SHA-256, how much is in it and how much was left out."""

    order = Named()

    class Meta:
        model = Bundle
        fields = (
            *("id", "status", "order", "language", "asked_at", "ready_at", "until", "size", "sha256"),
            *("files", "left_out", "failure", "created_at"),
        )


class NewBundle(New):
    """An order whose papers are put together. Asked for again, the same bundle is answered."""

    order = Ref(Order)

    class Meta:
        model = Bundle
        fields = ("order",)


class BundleFilter(Searched):
    """Which bundles."""

    search = search_in("The order's reference, or how it begins: PO-2020.")
    status = ChoiceFilter(choices=Bundle.Status.choices)
    order = CharFilter("order__reference")


def ask(*, order: Order, author: User, by: Actor, at: datetime) -> Bundle:
    """Ask for every paper of an order in one file, its lists in the language of whoever asks."""
    return ask_for_bundle(order, author=author, language=author.language, by=by, at=at)


class Bundles(Collection):
    """One's own bundles: what is in one goes by what may be seen by whoever asked."""

    model = Bundle
    path = "bundles"
    key = "id"
    row = BundleRow
    filterset_class = BundleFilter
    orders = {"asked_at": "asked_at"}
    gives = {"content": ("application/zip",)}
    begin = Verb(ask, body=NewBundle, me="author")
    verbs = {"ask-again": Verb(ask_again), "drop": Verb(drop_bundle)}

    def content(self, request: Request, **key: Any) -> HttpResponseBase:
        """The ZIP. 404 while it is not there, or not there any more."""
        found = self.thing(**key)
        return hand_out_made(found.stored, str(found), "application/zip")
