"""Register of declared interests of persons in companies, with download as CSV or XLSX."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.exports.list_columns import DECLARED_INTEREST_COLUMNS
from procurement.exports.list_download import file_response, is_file_requested
from procurement.suppliers.actions.statuses import declare_interest
from procurement.suppliers.forms.statuses import InterestDeclarationFilterForm, InterestDeclarationForm
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.statuses import DECLARE_INTEREST_AGAIN, END_INTEREST
from workflow import clock
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate


@login_required
def interests(request: AuthenticatedRequest) -> HttpResponseBase:
    """List the declared interests the reader may see, newest first, as a page, CSV or XLSX.

    City staff and network coordinators see the register; everyone sees their own.
    """
    rows = InterestDeclaration.objects.visible_to(request.by).select_related("supplier", "person")
    form = InterestDeclarationFilterForm(request.GET)
    if form.is_valid():
        if form.cleaned_data["q"]:
            rows = rows.search(form.cleaned_data["q"])
        if form.cleaned_data["status"]:
            rows = rows.filter(status=form.cleaned_data["status"])
    if is_file_requested(request):
        return file_response(request, "interests", DECLARED_INTEREST_COLUMNS, rows, request.GET["as"])
    context = {"page": paginate(request, rows), "filters": form}
    return render_page(request, "suppliers/interest_list.html", context)


@login_required
def interest_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show one declared interest. Only the person who declared it sees its description."""
    thing = find_interest(request, pk)
    return render_page(
        request,
        "suppliers/interest_detail.html",
        {"interest": thing, "powers": request.by, "own": thing.person_id == request.user.pk},
    )


@login_required
def new_interest(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Declare an interest in a company. An interest that has ended may be declared again."""
    company = get_object_or_404(Supplier.objects.visible_to(request.by), reference=reference)
    form = InterestDeclarationForm(request.POST or None)
    known = InterestDeclaration.objects.filter(supplier=company, person=request.user).first()
    context = {"supplier": company, "form": form, "known": known}
    if request.method != "POST" or not form.is_valid():
        return render_page(
            request, "suppliers/interest_form.html", context, status=422 if form.is_bound else 200
        )
    return run_action(
        request,
        lambda: declare_interest(
            company, request.user, words=form.cleaned_data["words"], by=request.by, at=clock.now()
        ),
        done=lambda created: created.get_absolute_url(),
        template="suppliers/interest_form.html",
        context=context,
    )


@login_required
def interest_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """End a declared interest, or declare it again."""
    return run_move(request, find_interest(request, pk), verb, INTEREST_MOVE_OPTIONS)


def find_interest(request: AuthenticatedRequest, pk: int) -> InterestDeclaration:
    """Return the declared interest, or raise 404 if the reader may not see it."""
    rows = InterestDeclaration.objects.visible_to(request.by).select_related("supplier", "person")
    thing: InterestDeclaration = get_object_or_404(rows, pk=pk)
    return thing


INTEREST_MOVE_OPTIONS = move_options(
    MoveOption(
        END_INTEREST,
        hint=_(
            "Enter how you know that the interest has ended. That person can then report and decide on "
            "this company again."
        ),
    ),
    MoveOption(
        DECLARE_INTEREST_AGAIN,
        custom_action=lambda request, thing, make, words: make(
            thing.supplier, person=thing.person, words=words
        ),
        form=InterestDeclarationForm,
    ),
)
