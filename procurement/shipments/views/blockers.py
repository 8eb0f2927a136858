"""Blockers of a shipment for its page, each with a link and the reader's possible actions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.customs.rules import may_clear, may_open_clearance
from procurement.documents.forms import owner_key
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest
from procurement.documents.rules.requests import REMIND
from procurement.logistics.rules.blockers import StepBlocker
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.formatting import format_quantity


@dataclass(frozen=True)
class BlockerAction:
    """Action of the reader against a blocker: a link, or a button that posts."""

    label: LazyText
    url: str
    is_post: bool = False


@dataclass(frozen=True)
class Blocker:
    """Blocker as the page shows it."""

    step_blocker: StepBlocker
    url: str
    actions: list[BlockerAction]


def blockers_of(
    by: Permissions,
    obstacles: Iterable[StepBlocker],
    document_requests: Sequence[DocumentRequest],
    submitted: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> list[Blocker]:
    """Return the blockers with their links and actions for a reader."""
    return [
        Blocker(
            one, row_url(one.blocking_object), list(_actions_for(by, one, document_requests, submitted, at))
        )
        for one in obstacles
    ]


def row_url(thing: JournaledModel) -> str:
    """Return the address of an object's row on the shipment's page; for an order, that of its own page."""
    if isinstance(thing, CustomsHold):
        return f"#hold-{thing.pk}"
    reference: str = getattr(thing, "reference", "")
    return (
        f"#{reference}" if isinstance(thing, CustomsDocument | CustomsClearance) else thing.get_absolute_url()
    )


def _actions_for(
    by: Permissions,
    obstacle: StepBlocker,
    document_requests: Sequence[DocumentRequest],
    submitted: Mapping[int, Mapping[str, Any]],
    at: datetime,
) -> Iterable[BlockerAction]:
    thing = obstacle.blocking_object
    if isinstance(thing, CustomsHold) and may_clear(by, thing):
        yield BlockerAction(_("Reply"), row_url(thing))
    if not isinstance(thing, CustomsDocument):
        return
    if submitted.get(thing.pk, {}).get("waits"):
        yield BlockerAction(_("Review submission"), f"{thing.get_absolute_url()}#versions")
    if may_open_clearance(by, thing):
        yield BlockerAction(_("Upload"), "#upload")
    if not by.may(Power.SHIP, thing) or thing.owner == CustomsRule.ResponsibleParty.CITY:
        return
    asked = _open_request_of(thing, document_requests)
    if asked is None:
        yield BlockerAction(_("Request document"), _new_request_url(thing))
    elif REMIND.refusal(by, asked, at) is None:
        yield BlockerAction(_("Request document again"), f"{asked.get_absolute_url()}remind/", is_post=True)


def _open_request_of(
    document: CustomsDocument, document_requests: Sequence[DocumentRequest]
) -> DocumentRequest | None:
    opened = (one for one in document_requests if one.status in DocumentRequest.Status.open)
    return next((one for one in opened if one.covers(document)), None)


def _new_request_url(document: CustomsDocument) -> str:
    address = reverse("add_document_request", args=[document.shipment.reference])
    return f"{address}?role={owner_key(document.owner, document.supplier_id)}"


def missing_document_requests(
    by: Permissions, documents: Iterable[CustomsDocument], document_requests: Sequence[DocumentRequest]
) -> list[BlockerAction]:
    """Return a request for the missing documents of each owner outside the city who was not asked yet."""
    found: dict[str, list[CustomsDocument]] = {}
    for document in documents:
        theirs = document.owner != CustomsRule.ResponsibleParty.CITY and by.may(Power.SHIP, document)
        missing = document.status in CustomsDocument.AWAITED_STATUSES
        if theirs and missing and _open_request_of(document, document_requests) is None:
            found.setdefault(_new_request_url(document), []).append(document)
    words = _("Request missing documents (%(figure)s) from: %(owner)s")
    return [
        BlockerAction(words % {"figure": format_quantity(len(those)), "owner": those[0].owner_name}, address)
        for address, those in found.items()
    ]
