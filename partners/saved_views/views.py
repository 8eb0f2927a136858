"""Pages that save and remove a view of a list."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest
from partners.saved_views.actions import remove_view, save_view
from partners.saved_views.forms import SavedViewForm
from partners.saved_views.models import SavedView
from partners.saved_views.query_strings import saved_query
from workflow.http.pages import render_page, run_action

MAX_QUERY_LENGTH = 400
SAVE_VIEW_TEMPLATE = "saved_views/save.html"


@login_required
def add_saved_view(request: AuthenticatedRequest, listed: str) -> HttpResponse:
    """Show the form for a new view of a list with the filter of the address, or save it (POST)."""
    address = list_url(listed)
    query = saved_query(QueryDict(request.POST.get("query", request.GET.urlencode())[:MAX_QUERY_LENGTH]))
    form = SavedViewForm(request.POST if request.method == "POST" else None, request.by)
    target = f"{address}?{query}".rstrip("?")
    context = {"form": form, "listed": listed, "query": query, "back": target}
    if not form.is_valid():
        return render_page(request, SAVE_VIEW_TEMPLATE, context, status=422 if form.is_bound else 200)
    name, city = form.cleaned_data["name"], form.cleaned_data["city"]
    return run_action(
        request,
        lambda: save_view(listed, name, query, city_id=city.pk if city else None, by=request.by),
        done=target,
        template=SAVE_VIEW_TEMPLATE,
        context=context,
    )


@login_required
@require_POST
def delete_saved_view(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Remove a view that the reader may remove, and go back to its list."""
    view = get_object_or_404(SavedView.objects.for_reader(request.by), pk=pk)
    address = list_url(view.listed)
    return run_action(
        request,
        lambda: remove_view(view, by=request.by),
        done=address,
        template="saved_views/refused.html",
        context={"back": address},
    )


def list_url(listed: str) -> str:
    """Return the address of a list by its name, or raise 404."""
    try:
        return reverse(listed)
    except NoReverseMatch as error:
        raise Http404(_("This list does not exist.")) from error
