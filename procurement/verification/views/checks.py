"""Pages of checks: the list, the page of one and its moves, and the checks that an offer needs."""

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.exports.list_columns import CHECK_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.leads.models.leads import SupplierLead
from procurement.leads.views.leads import find_lead
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.notifications.phone_scripts import phone_script
from procurement.outreach.views.sent_letters import thank_you_letters_about
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.actions.checks import check_factors
from procurement.verification.forms import CheckFilterForm, ReturnReportForm
from procurement.verification.models import CheckKind, VerificationTask
from procurement.verification.questions import QuestionHistory
from procurement.verification.rules.needed_checks import (
    CHECK_REASON_TEXTS,
    NOT_NEEDED_REASON_TEXTS,
    check_decisions,
)
from procurement.verification.rules.reuse import reuse_days
from procurement.verification.rules.tasks import (
    ACCEPT_REPORT,
    CANCEL,
    CHANGE_DUE_TIME,
    REMIND,
    REOPEN,
    RETURN_REPORT,
    needs_phone_call,
)
from procurement.verification.views.assign_several import ASSIGN_SEVERAL_OPTION
from procurement.verification.views.report_display import report_answers, reporter_and_decider_of_check
from procurement.verification.views.reuse import answers_of_reused_check, reusable_shared_check
from workflow import clock
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.lists import ListPage, register_list
from workflow.http.move_views import (
    DUE_DATE_HINT,
    MoveOption,
    change_due_date,
    due_date_form,
    move_options,
    run_move,
)
from workflow.http.pages import render_page
from workflow.http.pagination import paginate
from workflow.http.row_edits import row_editing
from workflow.i18n import translation_for_reader
from workflow.query_expressions import order_by_moment, order_by_text
from workflow.uploads.models import File

DETAIL_RELATIONS = (
    "lead__product",
    "lead__contact",
    "lead__line__supply_request",
    "supplier__place",
    "certificate__kind",
    "requested_certificate_type",
    "contact__user",
    "contact__city",
    "city",
    "reviewed_by",
    "reused_from__city",
)

# What a row of the list and the moves of its bulk bar read.
LIST_RELATIONS = ("lead__product", "supplier", "contact__user", "contact__city", "city")


@login_required
def checks(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every check the reader may see, newest first or as sorted, as a page, CSV or XLSX."""
    form, rows = CHECKS_LIST.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return write_checks_file(request, rows, request.GET["as"])
    named = rows.select_related(None).select_related(*LIST_RELATIONS)
    found = paginate(request, named, CHECKS_LIST.orders)
    offers = SupplierLead.objects.visible_to(request.by).filter(pk__in=[task.lead_id for task in found])
    seen = set(offers.values_list("pk", flat=True))
    context = {
        "page": found,
        "seen": seen,
        "filters": form,
        "now": clock.now(),
        "bulk": bulk_action_bar(CHECKS_LIST, request.by, found.rows),
        "row_edit": row_editing(request, CHECKS_LIST, found.rows, request.by),
    }
    return render_page(request, "verification/list.html", context)


@login_required
def check_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one check: the contact, the reasons for choosing them, the reports and the reviewer."""
    thing = find_check(request, reference)
    by = request.by
    reports = thing.reports.visible_to(by).select_related("by").order_by("-pk")
    book = QuestionHistory(thing.check_kind)
    files = File.objects.visible_to(by).about(thing).order_by("pk")
    context = {
        "task": thing,
        "powers": by,
        "sees_needed": by.may(Power.SEE, thing.lead),
        "why": CHECK_REASON_TEXTS.get(thing.why, ""),
        "reasons": [translation_for_reader(reason) for reason in thing.reasons if "en" in reason],
        "questions": book.question_set(thing.lead.product.family, product=thing.lead.product.code),
        "reports": [(one, report_answers(one, book, files)) for one in reports],
        "eyes": reporter_and_decider_of_check(thing),
        "mails": mail_statuses_of(thing),
        "to_give": thing.status == VerificationTask.Status.UNASSIGNED and by.may(Power.ASSIGN_CHECK, thing),
        "late": thing.due_at is not None
        and thing.status in VerificationTask.WAITING_STATUSES
        and thing.due_at < clock.now(),
    }
    if by.may(Power.ASSIGN_CHECK, thing):
        context["shared"] = reusable_shared_check(thing, clock.now())
    if thing.reused_from is not None:
        context["lent"] = answers_of_reused_check(thing)
    if thing.status == VerificationTask.Status.ACCEPTED:
        context["thanks"] = thank_you_letters_about(thing)
    if needs_phone_call(thing) and by.may(Power.ASSIGN_CHECK, thing):
        context["phone_script"] = phone_script(thing, clock.now())
    return render_page(request, "verification/detail.html", context | activity_context(request, thing))


@login_required
def check_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a check, or make the move."""
    return run_move(request, find_check(request, reference), verb, CHECK_MOVE_OPTIONS)


def find_check(request: AuthenticatedRequest, reference: str) -> VerificationTask:
    """Return the check, or raise 404 if the reader may not see it.

    The check is annotated with whether the reader sees its offer and its company.
    """
    by = request.by
    rows = VerificationTask.objects.visible_to(by).select_related(*DETAIL_RELATIONS)
    seen = rows.annotate(
        sees_offer=Exists(SupplierLead.objects.visible_to(by).filter(pk=OuterRef("lead"))),
        sees_company=Exists(Supplier.objects.visible_to(by).filter(pk=OuterRef("supplier"))),
    )
    thing: VerificationTask = get_object_or_404(with_mail_status(seen, by), reference=reference)
    return thing


CHECK_MOVE_OPTIONS = move_options(
    ACCEPT_REPORT,
    MoveOption(
        RETURN_REPORT, form=ReturnReportForm, hint=_("The contact receives a new link and two more days.")
    ),
    REMIND,
    MoveOption(CHANGE_DUE_TIME, custom_action=change_due_date, form=due_date_form, hint=DUE_DATE_HINT),
    MoveOption(
        CANCEL,
        hint=_(
            "This check is still required. The offer cannot be verified until a check of this type is "
            "accepted."
        ),
    ),
    REOPEN,
)


@login_required
def checks_of_lead(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show each kind of check for an offer: needed or not, why, the checks made, and the days of reuse.

    The rules apply as of today. Requires the power SEE over the offer.
    """
    lead = find_lead(request, reference)
    require_permission(
        request, Power.SEE, lead
    )  # the rule uses the supplier status, which is private to the city
    tasks = VerificationTask.objects.visible_to(request.by).filter(lead=lead).order_by("pk")
    created: dict[str, list[VerificationTask]] = {}
    for task in tasks:
        created.setdefault(task.check_kind, []).append(task)
    today = lead.city.day_at(clock.now())
    rows = [
        (
            CheckKind(one.check).label,
            CHECK_REASON_TEXTS.get(one.reason_code),
            NOT_NEEDED_REASON_TEXTS.get(one.not_needed_code),
            created.get(one.check, []),
            reuse_days(one.check, today),
        )
        for one in check_decisions(check_factors(lead, today))
    ]
    return render_page(request, "verification/needed_checks.html", {"lead": lead, "rows": rows})


write_checks_file = list_file_writer("checks", CHECK_COLUMNS)
CHECKS_LIST = register_list(
    ListPage(
        "checks",
        rows=lambda by: VerificationTask.objects.visible_to(by).select_related(*DETAIL_RELATIONS),
        form=CheckFilterForm,
        orders={
            "kind": "check_kind",
            "supplier": order_by_text("supplier__name_en", "supplier__legal_name_local"),
            "due": order_by_moment("due_at"),
        },
        download=write_checks_file,
        move_options=move_options(
            ASSIGN_SEVERAL_OPTION,
            REMIND,
            ACCEPT_REPORT,
            MoveOption(CANCEL, hint=CHECK_MOVE_OPTIONS["cancel"].hint),
        ),
        row_move_options=move_options(CHECK_MOVE_OPTIONS[CHANGE_DUE_TIME.verb]),
        row_title=lambda task: f"{task.get_check_kind_display()} · {task.supplier.name}",
    )
)
