"""Pages of suppliers: the list, the page of one, entry by hand, correction and merging."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.exports.list_columns import SUPPLIER_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order
from procurement.orders.queries import accounts_with_dependants
from procurement.orders.rules.holds import city_ids_where_may_hold
from procurement.receiving.queries import DELIVERED_STATUSES, delivery_years
from procurement.sanctions.models import WatchlistMatch
from procurement.shipments.models import ShipmentLine
from procurement.suppliers.actions.suppliers import add_supplier, similar_suppliers
from procurement.suppliers.forms.suppliers import (
    CorrectSupplierForm,
    MergeSuppliersForm,
    NewSupplierForm,
    SupplierFilterForm,
)
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.register_lookups import RegisterLookup
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.registration_numbers import number_format_of
from procurement.suppliers.rules.suppliers import CORRECT, MERGE, UNMERGE
from procurement.suppliers.views.changes import propose_move, proposed_move_label
from procurement.suppliers.views.duplicates import duplicate_confirmation_form
from procurement.suppliers.views.fact_display import fact_displays
from workflow import clock
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.query_expressions import exists_annotations, may_have_related, order_by_text


def _presence_annotations(by: Permissions) -> dict[str, Exists]:
    """Return which kinds of rows the page of a company asks for with the company: most have few of them."""
    of_company = {"supplier": OuterRef("pk")}
    return exists_annotations(
        statuses=SupplierStatus.objects.filter(**of_company),
        lookups=RegisterLookup.objects.filter(**of_company),
        matches=WatchlistMatch.objects.filter(**of_company),
        changes=SupplierChange.objects.filter(**of_company),
        orders=Order.objects.filter(**of_company),
        deliveries=ShipmentLine.objects.filter(
            order_line__allocation__lead__supplier=OuterRef("pk"),
            shipment__city__in=by.visible_cities,
            shipment__status__in=DELIVERED_STATUSES,
        ),
    )


@login_required
def suppliers(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every listed company, newest first or as sorted, as a page, CSV or XLSX."""
    form, rows = SUPPLIERS_LIST.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return write_suppliers_file(request, rows, request.GET["as"])
    found = paginate(request, rows, SUPPLIERS_LIST.orders)
    context = {
        "page": found,
        "filters": form,
        "may_enter": bool(request.by.city_ids_by_power.get(Power.EDIT_SUPPLIER)),
        "bulk": bulk_action_bar(SUPPLIERS_LIST, request.by, found.rows),
    }
    return render_page(request, "suppliers/list.html", context)


def _listed_suppliers(by: Permissions) -> QuerySet[Supplier]:
    rows = Supplier.objects.visible_to(by).filter(status=Supplier.Status.LISTED)
    return rows.select_related("place")


@login_required
def supplier_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one company: facts, certificates, bank accounts, supplier statuses, offers, similar records."""
    by = request.by
    thing = find_supplier(request, reference, _presence_annotations(by))
    rows = thing.row_ids
    statuses = SupplierStatus.objects.visible_to(by).filter(supplier__in=rows)
    lookups = RegisterLookup.objects.visible_to(by).filter(supplier__in=rows)
    merged = len(rows) > 1
    # Deliveries are read when the reader opens their card; those of merged rows at once, to know if there are any.
    years = delivery_years(thing, by.visible_cities) if merged or "deliveries" in request.GET else []
    accounts = BankAccount.objects.visible_to(by).filter(supplier__in=rows).order_by("pk")
    named_accounts = accounts.select_related("proposed_by", "confirmed_by")
    said = SupplierFact.objects.visible_to(by).filter(supplier__in=rows).order_by("name", "pk")
    facts = _with_supplier_set(said.select_related("entered_by", "settled_by"), thing)
    context = {
        "supplier": thing,
        "merged": _merged_rows(request, thing) if merged else (),
        "powers": by,
        "certificates": Certificate.objects.visible_to(by)
        .filter(supplier__in=rows)
        .select_related("kind")
        .order_by("pk"),
        "accounts": _with_supplier_set(accounts_with_dependants(named_accounts, thing), thing),
        "statuses": _related_rows(thing, "statuses", statuses.select_related("city").order_by("pk")),
        "leads": SupplierLead.objects.visible_to(by)
        .filter(supplier__in=rows)
        .select_related("product")
        .order_by("-pk")[:20],
        "years": years,
        "delivers": not merged and may_have_related(thing, "deliveries"),
        "facts": fact_displays(thing.current_row, facts),
        "register_lookups": _related_rows(
            thing, "lookups", lookups.order_by("-answered_on", "-pk").select_related("entered_by")
        ),
        "matches": _by_entry(_related_rows(thing, "matches", _visible_matches(request, rows))),
        "changes": _open_changes(request, thing),
        "alike": similar_suppliers(thing),
        "number": number_format_of(thing.country),
        "may_check": by.may(Power.REVIEW_LEAD, thing),
        "may_edit": by.may(Power.EDIT_SUPPLIER, thing),
        "may_hold": bool(city_ids_where_may_hold(by))
        and (len(rows) > 1 or may_have_related(thing, "orders")),
    }
    return render_page(request, "suppliers/detail.html", context | activity_context(request, thing))


def _merged_rows(request: AuthenticatedRequest, company: Supplier) -> QuerySet[Supplier]:
    """Return the other rows of the company that the reader may see."""
    others = Supplier.objects.visible_to(request.by).filter(pk__in=company.row_ids).exclude(pk=company.pk)
    return others.select_related("entered_by").order_by("pk")


def _with_supplier_set[M: (BankAccount, SupplierFact)](rows: Iterable[M], company: Supplier) -> list[M]:
    """Return the rows with the company as already read, so that their moves need not read it again."""
    found = list(rows)
    for row in found:
        if row.supplier_id == company.pk:
            row.supplier = company
    return found


def _visible_matches(request: AuthenticatedRequest, rows: list[int]) -> QuerySet[WatchlistMatch]:
    """Return the watchlist matches of the company that still exist and that the reader may see."""
    found = WatchlistMatch.objects.visible_to(request.by).filter(supplier__in=rows)
    return (
        found.exclude(status=WatchlistMatch.Status.DELISTED).select_related("entry__watchlist").order_by("pk")
    )


def _by_entry(matches: Iterable[WatchlistMatch]) -> list[list[WatchlistMatch]]:
    """Return the matches of each list entry and status together, one for each name of the company."""
    found: dict[tuple[int, str], dict[str, WatchlistMatch]] = {}
    for match in matches:
        found.setdefault((match.entry_id, match.status), {}).setdefault(match.name, match)
    return [list(names.values()) for names in found.values()]


def _open_changes(request: AuthenticatedRequest, company: Supplier) -> list[SupplierChange]:
    """Return the open proposals about the company, newest first, at most 20."""
    rows = SupplierChange.objects.visible_to(request.by).about_supplier(company).waiting().order_by("-pk")
    found = list(_related_rows(company, "changes", rows.select_related("author", "proposed_for"))[:20])
    for one in found:
        one.act = proposed_move_label(one)  # type: ignore[attr-defined]  # for the template
    return found


@login_required
def new_supplier(request: AuthenticatedRequest) -> HttpResponse:
    """Enter a company. If there are similar ones, first ask whether it is one already listed.

    The reader may enter it as another company, with a reason. Requires the power EDIT_SUPPLIER.
    """
    require_permission(request, Power.EDIT_SUPPLIER)
    form = NewSupplierForm(request.POST or None)
    if not form.is_valid():
        return render_page(
            request, "suppliers/record_form.html", {"form": form}, status=422 if form.is_bound else 200
        )
    facts = dict(form.cleaned_data)
    question = duplicate_confirmation_form(
        request.POST, Supplier(**_without_account(facts)), account=facts.pop("account")
    )
    context = {"form": form, "same": question}
    if question is not None and not question.is_valid():
        return render_page(
            request, "suppliers/record_form.html", context, status=422 if question.is_bound else 200
        )
    if question is not None:
        if question.company is not None:
            return redirect(question.company)
        facts["another_because"] = question.cleaned_data["another_because"]
    return run_action(
        request,
        lambda: add_supplier(entered_by=request.user, by=request.by, at=clock.now(), **facts),
        done=lambda created: created.get_absolute_url(),
        template="suppliers/record_form.html",
        context=context,
    )


def _without_account(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "account"}


def _related_rows[M: Model](company: Supplier, name: str, rows: QuerySet[M]) -> QuerySet[M]:
    """Return the rows about the company, or none without a query if the company has none and no merged rows."""
    return rows if len(company.row_ids) > 1 or may_have_related(company, name) else rows.none()


def find_supplier(
    request: AuthenticatedRequest, reference: str, annotations: Mapping[str, Exists] | None = None
) -> Supplier:
    """Return the company, or raise 404 if the reader may not see it.

    `annotations` are those of `exists_annotations`. The same query also reads whether other rows were merged
    into it, because most companies have none.
    """
    rows = Supplier.objects.visible_to(request.by).select_related("place", "entered_by")
    absorbed = Exists(Supplier.objects.filter(merged_into=OuterRef("pk")))
    thing: Any = get_object_or_404(
        rows.annotate(absorbed=absorbed, **(annotations or {})), reference=reference
    )
    if not thing.absorbed and thing.merged_into_id is None:
        thing.cached_row_ids = [thing.pk]
    found: Supplier = thing
    return found


def show_form_or_run_action(
    request: AuthenticatedRequest,
    thing: Supplier,
    form: forms.Form,
    title: Any,
    act: Any,
    back: SupplierLead | None = None,
) -> HttpResponse:
    """Show a form about a company, or run `act` with its data and redirect.

    The target is the company, or the offer `back`.

    Requires the power EDIT_SUPPLIER.
    """
    require_permission(request, Power.EDIT_SUPPLIER, thing)
    context = {"thing": back or thing, "form": form, "title": title}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: act(dict(form.cleaned_data)),
        done=(back or thing).get_absolute_url(),
        template="http/record_form.html",
        context=context,
    )


@login_required
def supplier_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a company, or make the move."""
    return run_move(request, find_supplier(request, reference), verb, SUPPLIER_MOVE_OPTIONS)


SUPPLIER_MOVE_OPTIONS = move_options(
    MoveOption(CORRECT, form=CorrectSupplierForm, propose=propose_move),
    MoveOption(MERGE, form=MergeSuppliersForm, template="suppliers/merge.html", propose=propose_move),
    MoveOption(
        UNMERGE,
        hint=_(
            "This record gets its certificates and accounts back. Values already copied to the other "
            "record stay there."
        ),
        propose=propose_move,
    ),
)


write_suppliers_file = list_file_writer("companies", SUPPLIER_COLUMNS)
SUPPLIERS_LIST = register_list(
    ListPage(
        "suppliers",
        rows=_listed_suppliers,
        form=SupplierFilterForm,
        orders={
            "name": order_by_text("name_en", "legal_name_local"),
            "number": "uscc",
            "city": order_by_text("place__name_en"),
        },
        download=write_suppliers_file,
    )
)
