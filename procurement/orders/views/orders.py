"""Pages of orders and donations: the list, and the page of one."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.allocations.models import AllocationCriteria
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.exports.list_columns import ORDER_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.generated_documents.missing_data import missing_for_purchase_order
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.views import acknowledgement_context
from procurement.orders.forms import ConfirmationForm, OrderFilterForm, OrderTermsEditForm
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.blocks import PAYABLE_STATUSES, payment_blocks, payment_blocks_at
from procurement.orders.payments.rules.payments import milestone_not_reached_refusal, overpaid_amount
from procurement.orders.queries import (
    count_subquery,
    offers_received,
    overrides_of,
    sent_inquiries,
)
from procurement.orders.rules.blockers import watchlist_matches_of_order
from procurement.orders.rules.fact_cache import cache_order_facts, cached_fact
from procurement.orders.rules.holds import may_hold
from procurement.orders.rules.orders import (
    EDIT_ORDER,
    ORDER_MOVES,
    PLACE_ORDER,
    RECORD_CONFIRMATION,
    RESUME_ORDER,
    SUBMIT_ORDER,
)
from procurement.orders.rules.progress import (
    delivery_badge_key,
    delivery_progress,
    is_payment_progress_shown,
    payment_progress,
    payment_progress_of,
)
from procurement.orders.rules.purchase_orders import current_purchase_order
from procurement.orders.rules.readiness import ReadinessReason
from procurement.orders.views import readiness_panel
from procurement.orders.views.create import unordered_allocations
from procurement.orders.views.decision_facts import (
    OffersSought,
    decision_facts_of,
    findings_summary,
    is_asked_to_decide,
    lines_without_criteria,
    orders_counted_together,
)
from procurement.orders.views.order_summary import (
    goods_summary,
    goods_text_by_order,
    needs_of,
    remaining_steps,
)
from procurement.orders.views.readiness_panel import ReadinessPanel, may_plan_shipment, order_readiness_panel
from procurement.outreach.views.sent_letters import thank_you_letters_about
from procurement.receiving.models import Discrepancy
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.sanctions.models import WatchlistMatch
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.errors import LazyText
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import MoveOption, move_options
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.http.row_edits import only_fields, row_editing
from workflow.journal.entries import history_of
from workflow.query_expressions import exists_annotations, order_by_day, order_by_number, order_by_text
from workflow.reminders import attach_last_reminders, last_reminder

DETAIL_RELATIONS = (
    "supplier",
    "city",
    "author",
    "approved_by",
    "donor_city",
    "bank_account__phone",
    "approved_under__delegator",
    "held_by",
)

LISTED_LINES = OrderLine.objects.select_related(
    "allocation__lead__product", "allocation__line__supply_request"
).order_by("pk")


@login_required
def order_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every order and donation the reader may see, newest first or as sorted, as a page, CSV or XLSX.

    The page also counts the allocations that wait to be ordered.
    """
    form, rows = ORDERS_LIST.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return orders_file(request, rows, request.GET["as"])
    may_write = bool(request.by.city_ids_by_power.get(Power.ORDER))
    page = paginate(request, with_list_relations(rows), ORDERS_LIST.orders)
    context = {
        "page": page,
        "listed": [_list_row(one) for one in page],
        "bulk": bulk_action_bar(ORDERS_LIST, request.by.without_interests(), page.rows),
        "row_edit": row_editing(request, ORDERS_LIST, page.rows, request.by.without_interests()),
        "filters": form,
        "may_write": may_write,
        "waiting": unordered_allocations(request).count(),
    }
    return render_page(request, "orders/list.html", context)


class ListedOrder(NamedTuple):
    """One row of the list: the order, its goods and needs in words, and how far goods and money are."""

    order: Order
    goods: str
    needs: list[SupplyRequest]
    delivery_badge_key: str
    payment_badge_key: str


def with_list_relations(rows: QuerySet[Order]) -> QuerySet[Order]:
    """Return the orders with all data of the list: supplier, city, goods, needs and payments."""
    payments = Payment.objects.filter(order=OuterRef("pk"))
    named = rows.select_related(None).select_related("supplier", "city")
    return named.prefetch_related(Prefetch("lines", LISTED_LINES)).annotate(
        any_paid=Exists(payments.filter(status=Payment.Status.PAID)),
        any_open=Exists(payments.filter(status__in=Payment.Status.open)),
    )


def _list_row(order: Any) -> ListedOrder:
    lines = list(order.lines.all())
    money = (
        payment_progress(any_paid=order.any_paid, any_open=order.any_open)
        if is_payment_progress_shown(order)
        else ""
    )
    goods_mark = delivery_badge_key(order, delivery_progress(lines))
    return ListedOrder(order, goods_summary(lines), needs_of(lines), goods_mark, money)


@login_required
def order_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one order: goods, supplier, prices, approval, payments, shipments and history.

    A person who is asked to decide on the order now sees the decision page instead.
    """
    thing, lines = _find_with_lines(request, reference)
    # read through the order, so that the payments need not load it again
    rows = thing.payments.visible_to(request.by).select_related("proposed_by", "paid_by")
    payments = list(rows.order_by("pk"))
    is_decider = is_asked_to_decide(request.by, thing)
    values = history_of(thing).filter(verb="override").order_by("pk") if thing.override_by_id else ()
    overrides = overrides_of(values)
    facts = decision_facts_of(thing, lines, payments, overrides, clock.now())
    context: dict[str, Any] = {
        "order": thing,
        "is_decider": is_decider,
        "facts": facts,
        "overrides": overrides,
        "counted": findings_summary(facts.finding_answers),
        "sought": OffersSought(
            thing.offers_sought, thing.offers_recorded, thing.inquiries_sent, thing.offers_received
        )
        if thing.kind == AcquisitionType.PURCHASE
        else None,
        **_criteria_context(request, thing, lines),
        "lines_without_criteria": lines_without_criteria(request.by, thing, lines),
        **_next_steps_context(request, thing, is_decider),
        **_progress_context(thing, lines, payments),
        **_payments_context(thing, payments),
        **_purchase_order_context(request, thing),
        **acknowledgement_context(request, thing),
        "powers": request.by,
        "may_resume": RESUME_ORDER.refusal(request.by, thing, clock.now()) is None,
        "may_hold": may_hold(request.by, thing),
        "matches": watchlist_matches_of_order(thing),
        "discrepancies": _unsettled_discrepancies(request, thing) if thing.has_cases else (),
        "thank_you": getattr(thing, "thank_you", None),
    }
    if thing.status == Order.Status.THANKED:
        context["thanks"] = thank_you_letters_about(thing)
    parts: list[tuple[Any, Any]] = [(payment, payment.get_milestone_display()) for payment in payments]
    if "acknowledgement" in context:
        parts.append((context["acknowledgement"], _("Supplier’s answer")))
    template = "orders/decision_facts.html" if is_decider else "orders/detail.html"
    return render_page(request, template, context | activity_context(request, thing, parts))


def _find_with_lines(request: AuthenticatedRequest, reference: str) -> tuple[Any, list[OrderLine]]:
    """Return the order with its lines, and cache its facts, which every move reads."""
    thing: Any = get_object_or_404(with_page_facts(request), reference=reference)
    if not thing.was_merged_into and thing.supplier.merged_into_id is None:
        thing.supplier.cached_row_ids = [thing.supplier_id]
    prefetch_related_objects([thing], Prefetch("lines", readiness_panel.LINES_WITH_GOODS))
    lines = list(thing.lines.all())
    cache_order_facts(thing, lines)
    cached_fact(thing, "judges", lambda: set(thing.judges))
    if not thing.has_interests:
        request.by.assume_no_interests()
    makers = [line.allocation.lead.maker for line in lines if line.allocation.lead.maker is not None]
    if any(company.merged_into_id is not None for company in (thing.supplier, *makers)):
        thing.has_statuses = thing.has_matches = True  # asked about the companies as the order names them
    return thing, lines


def _next_steps_context(request: AuthenticatedRequest, thing: Order, deciding: bool) -> dict[str, Any]:
    """Return the main button of the page, the reasons against the order, and the other moves.

    The approver's page shows only the moves that can be made: the reasons against the others are on it already.
    """
    shown = order_readiness_panel(request.by, thing)
    elsewhere = ["reduce_quantity", "resume", "hold" if thing.held_since else ""]
    left_out = [*elsewhere, shown.button_verb if shown is not None else ""]
    facts: dict[str, Any] = {"shown": shown, "open_reasons": _open_reasons(shown, deciding)}
    if deciding:
        found = ORDER_MOVES.available(request.by, thing, clock.now())
        left_out = [*elsewhere, *(move.verb for move, no in found if no is not None)]
        facts["earlier"] = orders_counted_together(thing)
    confirms = shown is not None and shown.button_verb == RECORD_CONFIRMATION.verb
    return facts | {
        "confirmation": ConfirmationForm(None, thing) if confirms else None,
        "leave_out": " ".join(left_out),
        "quiet": " ".join(move.verb for move in ORDER_MOVES) if shown is not None and shown.button else "",
        "also": "orders/plan_shipment.html" if _may_also_plan_shipment(request, thing, shown) else "",
    }


def _progress_context(
    thing: Order, lines: Sequence[OrderLine], payments: Sequence[Payment]
) -> dict[str, Any]:
    """Return a summary of the goods, with the progress of delivery and payments."""
    return {
        "lines": lines,
        "goods": goods_summary(lines),
        "left": remaining_steps(thing, lines, payments),
        "reminded": last_reminder(thing),
        "goods_mark": delivery_badge_key(thing, delivery_progress(lines)),
        "money_mark": payment_progress_of(payments) if is_payment_progress_shown(thing) else "",
    }


def with_page_facts(request: AuthenticatedRequest) -> QuerySet[Order]:
    """Return the orders the reader may see, annotated with the facts that decide which further rows the page reads.

    Most orders have no criteria, no open discrepancy and no merged supplier, most companies no status and no watchlist
    match, and most readers no declared interest: then the page needs no query for them. `judges` are the people who
    accepted a report on an offer; `purchase_order` is the reference of its newest purchase order.
    """
    lines = OrderLine.objects.filter(order=OuterRef("pk"))
    inner = OrderLine.objects.filter(order=OuterRef(OuterRef("pk")))
    within = OrderLine.objects.filter(order=OuterRef(OuterRef(OuterRef("pk"))))
    wanted = RequestLine.objects.filter(pk__in=within.values("allocation__line"))
    makers = inner.values("allocation__lead__maker")
    concerned = Q(supplier=OuterRef("supplier")) | Q(supplier__merged_into=OuterRef("supplier"))
    concerned |= Q(supplier__in=makers) | Q(supplier__merged_into__in=makers)
    accepted = VerificationTask.objects.filter(
        lead__in=inner.values("allocation__lead"), status=VerificationTask.Status.ACCEPTED
    )
    papers = GeneratedDocument.objects.filter(
        order=OuterRef("pk"), kind=GeneratedDocument.Kind.PURCHASE_ORDER
    ).order_by("-version")
    cases = Discrepancy.objects.unsettled().filter(line__order_line__order=OuterRef("pk"))
    rows = Order.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS, "thank_you")
    return rows.annotate(
        has_criteria=Exists(lines.filter(allocation__line__criteria__replaced=False)),
        has_cases=Exists(cases),
        was_merged_into=Exists(Supplier.objects.filter(merged_into=OuterRef("supplier"))),
        inquiries_sent=count_subquery(sent_inquiries(wanted)),
        offers_received=count_subquery(offers_received(wanted, OuterRef("city"))),
        judges=ArraySubquery(accepted.values("reviewed_by")),
        purchase_order=Subquery(papers.values("reference")[:1]),
        **exists_annotations(
            statuses=SupplierStatus.objects.filter(concerned, city=OuterRef("city")),
            matches=WatchlistMatch.objects.blocking().filter(concerned),
            acknowledgement=OrderAcknowledgement.objects.filter(order=OuterRef("pk")),
            interests=InterestDeclaration.objects.in_effect().filter(person=request.by.user_id),
        ),
    )


def _criteria_context(
    request: AuthenticatedRequest, thing: Any, lines: Sequence[OrderLine]
) -> dict[str, Any]:
    """Return the allocation criteria for the page.

    While the order is undecided, the criteria themselves; after that, the need lines whose page shows them.
    """
    wanted = {line.allocation.line_id: line.allocation.line for line in lines}
    if not thing.has_criteria:
        return {"criteria": ()}
    if thing.status in Order.NOT_BINDING_STATUSES:
        return {"criteria": AllocationCriteria.objects.visible_to(request.by).for_lines(wanted)}
    return {"criteria": (), "judged": list(wanted.values())}


def _purchase_order_context(request: AuthenticatedRequest, thing: Any) -> dict[str, Any]:
    """Return whether a placed order without a purchase order waits for it ("due", or "held") or has to get one ("missing").

    `is_purchase_order_outdated` is True if the newest one no longer states what is on order.

    The periodic job is not waited for if the record already shows that it cannot generate the document.
    """
    is_wanted = thing.placed_at is not None and thing.status not in Order.Status.void
    is_due = thing.purchase_order_due_at is not None and not missing_for_purchase_order(thing, clock.now())
    waits = "due" if thing.held_since is None else "held"
    state = (waits if is_due else "missing") if is_wanted else ""
    return {
        "purchase_order_state": state,
        "is_purchase_order_outdated": is_wanted
        and bool(thing.purchase_order)
        and current_purchase_order(thing) is None,
        "may_generate_purchase_order": request.by.may(Power.ORDER, thing),
    }


def _payments_context(thing: Order, payments: list[Payment]) -> dict[str, Any]:
    """Return what the page shows about the payments: the rows, what holds the money, and wrong totals.

    Cancelled payments appear only if the order is cancelled or lost. `not_offered` names the moves that a
    payment's row leaves out.
    """
    over = thing.status in Order.Status.void
    live = [one for one in payments if one.status != Payment.Status.CANCELLED or over]
    later = [(one, no) for one in live if (no := _why_payment_not_open(thing, one)) is not None]
    waiting = {one.pk for one, _no in later}
    attach_last_reminders(payments)
    held = (
        [*payment_blocks(thing), *payment_blocks_at(thing, clock.now())]
        if _has_payable_payment(thing, payments)
        else []
    )
    return {
        "payments": live,
        "open_payments": [one for one in live if one.pk not in waiting],
        "later": later,
        "later_moves": thing.status in PAYABLE_STATUSES,
        "held": held,
        "not_offered": f"recalculate cancel fall_due{' propose pay' if held else ''}",
        "overpaid": overpaid_amount(thing, payments),
        "unpaid": _received_unpaid(thing, payments),
    }


def _why_payment_not_open(thing: Order, payment: Payment) -> LazyText | None:
    """Return why a planned payment cannot be made yet, or None.

    It has no due day until its milestone is reached.
    """
    if payment.status != Payment.Status.PLANNED or payment.due_on is not None:
        return None
    if thing.status not in PAYABLE_STATUSES:
        return _("after the order is placed")
    waits = milestone_not_reached_refusal(payment)
    return waits.message if waits is not None else None


def _may_also_plan_shipment(
    request: AuthenticatedRequest, thing: Order, shown: ReadinessPanel | None
) -> bool:
    """Return True if the reader can plan a shipment and the one button of the page is for another step."""
    return may_plan_shipment(request.by, thing) and (shown is None or bool(shown.button_verb))


def _received_unpaid(thing: Order, payments: list[Payment]) -> bool:
    """Return True if a purchase is completed but not fully paid, as in `Order.objects.received_unpaid`."""
    live = [one for one in payments if one.status != Payment.Status.CANCELLED]
    over = thing.kind == AcquisitionType.PURCHASE and thing.status == Order.Status.COMPLETED
    return over and (not live or any(one.status in Payment.Status.open for one in live))


def _open_reasons(shown: ReadinessPanel | None, deciding: bool) -> list[ReadinessReason]:
    """Return the reasons that still speak against the order.

    On the approver's own page, the missing approval is left out.
    """
    reasons = shown.readiness.reasons if shown is not None else ()
    return [one for one in reasons if not (deciding and one.required_power == Power.APPROVE)]


def _unsettled_discrepancies(request: AuthenticatedRequest, thing: Order) -> QuerySet[Discrepancy]:
    """Return the unsettled discrepancies of this order's goods."""
    rows = Discrepancy.objects.visible_to(request.by).unsettled()
    found = rows.filter(line__order_line__order=thing)
    return found.select_related("shipment", "line__order_line__allocation__lead__product").order_by("pk")


def _has_payable_payment(order: Order, payments: list[Payment]) -> bool:
    """Return True if a payment may be made now and one is unpaid.

    The page then shows what holds the money.
    """
    return order.status in PAYABLE_STATUSES and any(one.status in Payment.Status.open for one in payments)


def find_order(request: AuthenticatedRequest, reference: str) -> Order:
    """Return the order, or raise 404 if the reader may not see it."""
    return get_object_or_404(
        Order.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS), reference=reference
    )


def _row_title(order: Order) -> str:
    """Return goods, supplier and currency of an order edited in the list, which needs the currency beside its costs."""
    goods = goods_text_by_order([order])[order.pk] or order.get_kind_display()
    return f"{goods} · {order.supplier.name} · {order.currency}"


orders_file = list_file_writer("orders", ORDER_COLUMNS)
ORDERS_LIST = register_list(
    ListPage(
        "orders",
        rows=lambda by: Order.objects.visible_to(by).select_related(*DETAIL_RELATIONS),
        form=OrderFilterForm,
        orders={
            "supplier": order_by_text("supplier__name_en", "supplier__legal_name_local"),
            "total": order_by_number("total_in_city_currency"),
            "promised": order_by_day("promised_on"),
        },
        download=orders_file,
        # Approval is left out: an approver decides on one order, with its five lines before them.
        move_options=move_options(SUBMIT_ORDER, PLACE_ORDER),
        is_row_editable=lambda by, order: by.may(Power.ORDER, order),
        row_move_options=move_options(
            MoveOption(
                EDIT_ORDER,
                form=only_fields(
                    OrderTermsEditForm, frozenset({"extra_costs", "taxes", "promised_on"}).__contains__
                ),
            )
        ),
        row_title=_row_title,
    )
)
