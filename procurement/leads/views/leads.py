"""Pages of offers: the list, the page of one, entry by hand, and the moves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.exports.list_columns import OFFER_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.forms.leads import (
    FACT_GROUPS,
    ROW_FACT_GROUP,
    LeadFactsForm,
    LeadFilterForm,
    RequestCertificatesForm,
    ShareLeadForm,
)
from procurement.leads.forms.unsolicited import AcceptOfferForm, PassOnForm
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import (
    BEGIN_CHECKS,
    CHANGE_REMARK,
    CHANGE_VERIFIED_FACT,
    EDIT,
    EXTEND,
    MESSAGE_CITY,
    REJECT,
    REOPEN,
    REQUEST_CERTIFICATES,
    SHARE,
    SUBMIT,
    VERIFY,
    WITHDRAW,
)
from procurement.leads.rules.unsolicited import ACCEPT, DECLINE, PASS_ON
from procurement.leads.views.document_readiness import readiness_context
from procurement.leads.views.findings_panel import add_certificate_url, findings_panel, missing_documents
from procurement.leads.views.price_charts import has_comparable_price, price_panel
from procurement.orders.views.readiness_panel import ReadinessButton, ReadinessPanel, lead_readiness_panel
from procurement.receiving.queries import delivery_total
from procurement.receiving.rules.supplier_deliveries import delivery_warning
from procurement.requests.unwanted_goods.queries import unwanted_among_offered_goods
from procurement.shipments.models import ShipmentLine
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import VerificationTask
from procurement.verification.views.lead_panels import checks_panel
from workflow import clock
from workflow.errors import NOT_ALLOWED
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.lists import ListPage, RowSelectionPage, register_list
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.http.row_edits import row_editing
from workflow.moves import Move
from workflow.query_expressions import exists_annotations, may_have_related, order_by_number, order_by_text

DETAIL_RELATIONS = (
    "supplier__place",
    "maker__place",
    "product",
    "standard",
    "city",
    "line__supply_request",
    "author",
    "contact",
    "verified_by",
)
LIST_RELATIONS = (
    "supplier",
    "product",
    "city",
)  # what the list names; a file and the moves on its rows need more


@login_required
def lead_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every offer the reader may see, newest first or as sorted, as a page, CSV or XLSX."""
    form, rows = LEADS_LIST.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return write_leads_file(request, rows, request.GET["as"])
    named = rows.select_related(None).select_related(*LIST_RELATIONS)
    found = paginate(request, named, LEADS_LIST.orders)
    context = {
        "page": found,
        "filters": form,
        "may_enter": bool(request.by.city_ids_by_power.get(Power.OFFER_LEAD)),
        "bulk": bulk_action_bar(LEADS_LIST, request.by, found.rows),
        "row_edit": row_editing(request, LEADS_LIST, found.rows, request.by),
    }
    return render_page(request, "leads/list.html", context)


@login_required
def lead_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one offer: facts, findings, checks, prices, allocations and history."""
    return lead_page(request, find_lead(request, reference))


def lead_page(
    request: AuthenticatedRequest, thing: SupplierLead, *, status: int = 200, **panels: Any
) -> HttpResponse:
    """Return the page of an offer. After a refused form, `panels` are those of `lead_context`."""
    return render_page(request, "leads/detail.html", lead_context(request, thing, **panels), status=status)


def lead_context(request: AuthenticatedRequest, thing: SupplierLead, **panels: Any) -> dict[str, Any]:
    """Return the template context of an offer's page. `panels` are forms of `checks_panel` that were refused."""
    by = request.by
    rows = Finding.objects.visible_to(by).filter(lead=thing).select_related("answered_by", "lead")
    findings = list(rows.order_by("pk"))
    if thing.city_id in by.visible_cities:
        thing.preloaded_findings = findings
    can_order = lead_readiness_panel(by, thing, findings)
    certificates = _certificates_of_companies(by, thing)
    today = thing.city.day_at(clock.now())
    priced = thing.city_id in by.visible_cities and has_comparable_price(thing)
    answers = panels.pop("answers", None)
    checks = checks_panel(request, thing, **panels)
    judges = checks["judged"] is not None  # reports wait for this reader, who opens the documents if need be
    may_change = allowed_change_move(request, thing) is not None
    context = {
        "lead": thing,
        "powers": by,
        "change": change_form(request, thing, request.GET.get("change", "")),
        "may_change": may_change,
        **findings_panel(request, thing, findings, answers, may_change=may_change),
        "certificates": [one for one in certificates if one.supplier_id == thing.supplier_id],
        **readiness_context(thing, certificates, today, opened="documents" in request.GET, later=judges),
        **checks,
        "priced": priced,
        "prices": price_panel(thing, today) if priced and "prices" in request.GET else None,
        **_allocated_and_delivered(by, thing),
        "may_certify": by.may(Power.EDIT_SUPPLIER, thing.supplier),
        "add_certificate": add_certificate_url(thing),
        "may_look_up": by.may(Power.REVIEW_LEAD, thing),
        "unwanted": unwanted_among_offered_goods([(thing.product, thing.standard)], thing.city, clock.now()),
        "leave_out": f"check {REQUEST_CERTIFICATES.verb} {can_order.button_verb if can_order else ''}",
    }
    if thing.city_id in by.visible_cities:
        thing.preloaded_checks = context["checks"]
    context |= _missing_certificates(request, thing, findings, context["checks"])
    if context["assign"] is not None and can_order is not None and can_order.button_verb == BEGIN_CHECKS.verb:
        # The form below starts the checks and assigns them.
        to_form = ReadinessButton(BEGIN_CHECKS.label, "#assign")
        can_order = ReadinessPanel(can_order.readiness, to_form, "")
    return context | {"shown": can_order} | activity_context(request, thing)


def _certificates_of_companies(by: Permissions, lead: SupplierLead) -> list[Certificate]:
    """Return the visible certificates of the offer's supplier and manufacturer."""
    companies = {lead.supplier_id, lead.maker_id} - {None}
    found = Certificate.objects.visible_to(by).filter(supplier__in=companies).select_related("kind")
    return list(found.order_by("pk"))


def _allocated_and_delivered(by: Permissions, thing: SupplierLead) -> dict[str, Any]:
    """Return the template context of the allocated goods, and of the supplier's earlier deliveries."""
    allocations = Allocation.objects.visible_to(by).filter(lead=thing).select_related("line__supply_request")
    delivers = may_have_related(thing, "deliveries") or len(thing.supplier.row_ids) > 1
    cities = by.visible_cities & {thing.city_id} if delivers else frozenset()
    return {
        "allocations": allocations.order_by("pk") if may_have_related(thing, "allocations") else (),
        "record": delivery_warning(delivery_total(thing.supplier, cities)),
    }


def _missing_certificates(
    request: AuthenticatedRequest,
    thing: SupplierLead,
    findings: Sequence[Finding],
    checks: Sequence[VerificationTask],
) -> dict[str, Any]:
    """Return the template context of the missing certificates, and whether the contact can be asked for them.

    `asks_each` is True if more than one is still to be asked for, so that one can be asked for alone. `not_asked`
    is the reason why the reader cannot ask now, if one certificate is still to be asked for.
    """
    requested = {
        check.requested_certificate_type.code: check
        for check in checks
        if check.requested_certificate_type is not None and check.status in check.Status.open
    }
    missing = missing_documents(thing, findings, requested)
    refused = REQUEST_CERTIFICATES.refusal(request.by, thing, clock.now()) if missing else None
    shown = (
        refused is not None and refused.code != NOT_ALLOWED and not all(one.open_request for one in missing)
    )
    return {
        "missing": missing,
        "asks_contact": bool(missing) and refused is None,
        "asks_each": refused is None and sum(one.open_request is None for one in missing) > 1,
        "not_asked": refused if shown else None,
    }


@login_required
def enter_lead(request: AuthenticatedRequest) -> HttpResponse:
    """Enter an offer made by phone or letter, and submit it; first warn of unwanted goods.

    Requires the power OFFER_LEAD.
    """
    city = (
        City.objects.filter(pk__in=request.by.city_ids_by_power.get(Power.OFFER_LEAD, frozenset()))
        .order_by("pk")
        .first()
    )
    if city is None:
        raise PermissionDenied
    form = LeadFactsForm(request.POST or None, city)
    if not form.is_valid():
        return render_page(request, "leads/enter.html", {"form": form}, status=422 if form.is_bound else 200)
    goods = (form.cleaned_data["product"], form.cleaned_data["standard"])
    unwanted = unwanted_among_offered_goods([goods], city, clock.now())
    context = {"form": form, "unwanted": unwanted}
    if unwanted and "warned" not in request.POST:
        return render_page(request, "leads/enter.html", context)

    def save() -> SupplierLead:
        at = clock.now()
        fresh = draft_lead(city, author=request.user, by=request.by, at=at, **form.cleaned_data)
        return submit_lead(fresh, by=request.by, at=at)

    return run_action(
        request,
        save,
        done=lambda new: new.get_absolute_url(),
        template="leads/enter.html",
        context=context,
    )


@login_required
def lead_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an offer, or make the move."""
    return run_move(request, find_lead(request, reference), verb, LEAD_MOVE_OPTIONS)


@dataclass(frozen=True)
class ChangeForm:
    """The form for one group of facts, and the address to which it is sent."""

    group: str
    form: LeadFactsForm
    url: str


def change_form(request: AuthenticatedRequest, thing: SupplierLead, group: str) -> ChangeForm | None:
    """Return the form for a group of facts, or None for another name and if the reader may not change them."""
    move = allowed_change_move(request, thing)
    if group not in FACT_GROUPS or move is None:
        return None
    form = LeadFactsForm(None, thing.city, thing, group)
    form.thing = thing
    return ChangeForm(group, form, f"{thing.get_absolute_url()}{move.verb}/")


def allowed_change_move(request: AuthenticatedRequest, thing: SupplierLead) -> Move[SupplierLead] | None:
    """Return the move with which the reader may correct facts of the offer now, or None."""
    verified = thing.status == SupplierLead.Status.VERIFIED
    move = CHANGE_VERIFIED_FACT if verified else EDIT
    return move if move.refusal(request.by, thing, clock.now()) is None else None


def find_lead(request: AuthenticatedRequest, reference: str) -> SupplierLead:
    """Return the offer, or raise 404 if the reader may not see it.

    The same statement asks whether other companies were merged into the supplier, whether it has delivered, whether
    goods are allocated, and whether the contact declared an interest in any company. The page then needs no query for
    what does not exist.
    """
    named = (*DETAIL_RELATIONS, "contact__user", "contact__city", "contact__introduced_by")
    absorbed = Exists(Supplier.objects.filter(merged_into=OuterRef("supplier")))
    rows = SupplierLead.objects.visible_to(request.by).select_related(*named)
    there = exists_annotations(
        allocations=Allocation.objects.filter(lead=OuterRef("pk")),
        orders=Allocation.objects.in_orders().filter(lead=OuterRef("pk")),
        interests=InterestDeclaration.objects.in_effect().filter(person=OuterRef("contact__user")),
        deliveries=ShipmentLine.objects.filter(order_line__allocation__lead__supplier=OuterRef("supplier")),
    )
    thing: Any = get_object_or_404(rows.annotate(absorbed=absorbed, **there), reference=reference)
    if not thing.absorbed and thing.supplier.merged_into_id is None:
        thing.supplier.cached_row_ids = [thing.supplier_id]
    found: SupplierLead = thing
    return found


def _change(
    _request: AuthenticatedRequest, thing: SupplierLead, make: Callable[..., SupplierLead], **facts: Any
) -> SupplierLead:
    """Change only the facts that differ.

    Thus a corrected remark does not send a verified offer back to checking.
    """
    changed = {name: value for name, value in facts.items() if getattr(thing, name) != value}
    return make(thing, **changed)


def _facts_form(data: Any, thing: SupplierLead) -> LeadFactsForm:
    """Return the form for all facts, or for the group that the sent form names."""
    group = data.get("group", "") if data else ""
    return LeadFactsForm(data, thing.city, thing, group if group in FACT_GROUPS else "")


LEAD_MOVE_OPTIONS = move_options(
    MoveOption(EDIT, custom_action=_change, form=_facts_form),
    MoveOption(
        CHANGE_VERIFIED_FACT,
        custom_action=_change,
        form=_facts_form,
        hint=_("The offer goes back to review, and the checks based on this fact are repeated."),
    ),
    MoveOption(CHANGE_REMARK, custom_action=_change, form=_facts_form),
    SUBMIT,
    MoveOption(
        PASS_ON,
        form=PassOnForm,
        hint=_("The procurement officers of that city are notified and decide whether to accept the offer."),
        success_url=lambda _lead: reverse("today"),
    ),
    MoveOption(
        ACCEPT,
        form=AcceptOfferForm,
        hint=_("The contact receives a thank-you. You are then responsible for the offer."),
    ),
    MoveOption(DECLINE, hint=_("The contact receives a thank-you.")),
    BEGIN_CHECKS,
    VERIFY,
    REOPEN,
    MoveOption(REJECT, hint=_("The reason stays on record and is never sent.")),
    WITHDRAW,
    MESSAGE_CITY,
    EXTEND,
    MoveOption(
        REQUEST_CERTIFICATES,
        form=RequestCertificatesForm,
        success_url=lambda lead: f"{lead.get_absolute_url()}#certificates",
    ),
    MoveOption(SHARE, form=ShareLeadForm),
)


def _row_facts_form(data: Any, thing: SupplierLead) -> LeadFactsForm:
    """Return the form in a row of the list."""
    return LeadFactsForm(data, thing.city, thing, ROW_FACT_GROUP)


write_leads_file = list_file_writer("offers", OFFER_COLUMNS)
LEADS_LIST = register_list(
    ListPage(
        "leads",
        rows=lambda by: SupplierLead.objects.visible_to(by).select_related(*DETAIL_RELATIONS),
        form=LeadFilterForm,
        orders={
            "supplier": order_by_text("supplier__name_en", "supplier__legal_name_local"),
            "product": order_by_text("product__name_en"),
            "quantity": "supply",
            "price": order_by_number("price_in_city_currency"),
        },
        download=write_leads_file,
        selection_pages={
            "compare": RowSelectionPage(
                _("Compare selected offers"),
                lambda leads: (
                    f"{reverse('compare_leads')}?{urlencode([('lead', one.reference) for one in leads])}"
                ),
            )
        },
        move_options=move_options(
            BEGIN_CHECKS, VERIFY, MoveOption(REJECT, hint=LEAD_MOVE_OPTIONS["reject"].hint)
        ),
        row_move_options={
            move.verb: replace(LEAD_MOVE_OPTIONS[move.verb], form=_row_facts_form)
            for move in (EDIT, CHANGE_VERIFIED_FACT)
        },
        is_row_editable=lambda by, lead: by.may(Power.REVIEW_LEAD, lead),  # contacts have pages of their own
        row_title=lambda lead: f"{lead.supplier.name} · {lead.product.name}",
    )
)
