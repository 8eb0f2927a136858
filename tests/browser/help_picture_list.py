"""List of the help pictures: the page and part of the practice scenario that each shows, and its reader."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.urls import reverse

from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.actions import record_customs_release, record_hold_end
from procurement.documents.actions.requests import request_documents
from procurement.help import pictures
from procurement.help.pictures import Picture
from procurement.logistics.actions.journey import record_delivery
from procurement.management.scenario.shipments import (
    AT_DELIVERY,
    ESTABLISHMENT_LICENCE,
    blocking_documents,
    plan_shipment_of,
    submit_documents,
)
from procurement.management.scenario.state import ScenarioState
from procurement.orders.actions.approve import approve_order, mark_ready, place_order, record_confirmation

DESK, HALF_DESK, PHONE = 1280, 820, 390


class Shot(NamedTuple):
    """One picture.

    `who` is a key of the scenario's staff or contacts; a contact comes by link to the object that `about`
    returns. `part` is a CSS selector. A tall part is cut to `max_height` pixels: to its top or, if a button
    is highlighted further down, so that this button is the lowest thing shown. A page designed for the whole
    width of a desktop screen is taken at about two thirds of it, so that its words can be read in a guide.
    """

    picture: Picture
    who: str
    path: Callable[[ScenarioState], str]
    part: str
    width: int = DESK
    max_height: int = 480
    about: Callable[[ScenarioState], Any] | None = None
    first_page: bool = False  # the page before Continue is pressed


def _ask(stage: ScenarioState) -> str:
    return reverse("ask", args=[stage.needs["burnaby"].reference])


def _offer(stage: ScenarioState) -> str:
    return stage.leads["trader"].get_absolute_url()


def _held(stage: ScenarioState) -> str:
    return stage.shipments["purchase"].get_absolute_url()


def _orders_documents(stage: ScenarioState) -> str:
    return reverse("order_documents", args=[stage.orders["purchase"].reference])


def _asked_document(stage: ScenarioState) -> str:
    asked = stage.shipments["more"].document_requests.get()
    return reverse("portal_document", args=[asked.reference, asked.documents.first().reference])


def _nowhere(_stage: ScenarioState) -> str:
    return ""  # the page to which the link leads


SHOTS = (
    Shot(
        pictures.POST_NEED_PICTURE,
        "officer",
        lambda _stage: reverse("add_need"),
        "main form.card",
        max_height=760,
    ),
    Shot(pictures.ASK_PARTNERS_PICTURE, "officer", _ask, "main section.card", HALF_DESK),
    Shot(
        pictures.JUDGE_OFFER_PICTURE,
        "oakville_officer",
        lambda stage: stage.leads["paper"].get_absolute_url(),
        "#findings",
        HALF_DESK,
    ),
    Shot(
        pictures.CREATE_ORDER_PICTURE,
        "officer",
        lambda stage: reverse("allocate", args=[stage.needs["burnaby"].reference]),
        "main form",
        HALF_DESK,
    ),
    Shot(
        pictures.DECISION_PICTURE,
        "approver",
        lambda stage: stage.orders["more"].get_absolute_url(),
        "main section.card",
        PHONE,
    ),
    Shot(
        pictures.ASSIGN_CHECKS_PICTURE,
        "verifier",
        lambda stage: f"{_offer(stage)}?assign",
        "#assign",
        HALF_DESK,
    ),
    Shot(pictures.ACCEPT_REPORT_PICTURE, "verifier", _offer, "#reports", HALF_DESK),
    Shot(pictures.DOCUMENT_TABLE_PICTURE, "logistics", _held, "main form:has(table.documents)"),
    Shot(pictures.ANSWER_CUSTOMS_PICTURE, "broker", _held, "main .note-red", HALF_DESK),
    Shot(
        pictures.NETWORK_PICTURE,
        "coordinator",
        lambda _stage: reverse("network"),
        "main",
        HALF_DESK,
        max_height=640,
    ),
    Shot(
        pictures.UNTAPPED_POTENTIAL_PICTURE,
        "coordinator",
        lambda _stage: reverse("untapped"),
        "main section.card:has(> ul.rows)",
        HALF_DESK,
        max_height=320,
    ),
    Shot(
        pictures.HISTORY_PICTURE,
        "observer",
        lambda stage: stage.orders["purchase"].get_absolute_url(),
        "#activity",
    ),
    Shot(
        pictures.AUDIT_FILE_PICTURE, "observer", _orders_documents, "main section.card:has(form)", HALF_DESK
    ),
    Shot(
        pictures.FIRST_RUN_PICTURE,
        "administrator",
        lambda _stage: reverse("help_first_run"),
        "main section.card",
        HALF_DESK,
    ),
    Shot(
        pictures.PEOPLE_PICTURE,
        "administrator",
        lambda stage: reverse("people", args=[stage.cities["burnaby"].slug]),
        "main",
        HALF_DESK,
        max_height=420,
    ),
    Shot(
        pictures.CONTACT_FIRST_PAGE_PICTURE,
        "chen",
        _nowhere,
        "main",
        PHONE,
        about=lambda stage: stage.inquiries["markham/chen"],
        first_page=True,
    ),
    Shot(
        pictures.CONTACT_ANSWER_PICTURE,
        "chen",
        _nowhere,
        "main",
        PHONE,
        620,
        lambda stage: stage.inquiries["markham/chen"],
    ),
    Shot(
        pictures.CONTACT_REPORT_PICTURE,
        "shen",
        _nowhere,
        "main",
        PHONE,
        520,
        lambda stage: stage.checks["paper/business_licence"],
    ),
)
# These are taken after `advance_clock_to`.
LATER = (
    Shot(
        pictures.RECEIVING_DOCK_PICTURE,
        "logistics",
        lambda stage: reverse("dock", args=[stage.shipments["purchase"].reference]),
        "main",
        PHONE,
        620,
    ),
    Shot(
        pictures.DOCUMENT_UPLOAD_PICTURE,
        "chen",
        _asked_document,
        "main",
        PHONE,
        620,
        lambda stage: stage.shipments["more"].document_requests.get(),
    ),
)


def continue_scenario(stage: ScenarioState) -> None:
    """Continue the scenario.

    The second order is shipped and its documents are requested; customs releases the first order.
    """
    approve_order(stage.orders["more"], by=stage.by("approver"), at=stage.now)
    order = place_order(stage.orders["more"], by=stage.by("officer"), at=stage.now)
    record_confirmation(order, promised_on=stage.today, by=stage.by("officer"), at=stage.now)
    shipment = plan_shipment_of(
        stage, "more", mark_ready(order, by=stage.by("officer"), at=stage.now), origin="CNCAN"
    )
    chen = stage.contacts["chen"].user
    request_documents(
        shipment,
        CustomsRule.ResponsibleParty.SUPPLIER,
        email=chen.email,
        name=chen.name,
        author=stage.staff["logistics"],
        by=stage.by("logistics"),
        at=stage.now,
    )
    held = stage.shipments["purchase"].clearances.get(side="import")
    record_hold_end(held.holds.get(), answer="MDEL DEMO 0001", by=stage.by("broker"), at=stage.now)
    missing = blocking_documents(stage, "purchase", AT_DELIVERY)
    submit_documents(stage, [one for one in missing if one.code == ESTABLISHMENT_LICENCE], "broker")
    held.refresh_from_db()
    record_customs_release(held, by=stage.by("broker"), at=stage.now)
    who = {"received_by": stage.staff["logistics"], "by": stage.by("logistics")}
    record_delivery(stage.shipments["purchase"], **who, at=stage.now)
