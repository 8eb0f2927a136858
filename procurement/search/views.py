"""Page of the search over everything."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from partners.authenticated_requests import AuthenticatedRequest
from procurement.help.search import help_results
from procurement.search.sources import recently_changed, search_sources, start_links, url_of_reference
from workflow.api.filters import MAX_SEARCH_LENGTH
from workflow.http.pages import render_page


@require_safe
@login_required
def search(request: AuthenticatedRequest) -> HttpResponse:
    """Show the objects that match `?q=`, by kind. A full reference redirects to its page.

    Without a text: what the reader may start and what they worked on last. While the reader types, htmx asks
    for the results alone, and no reference leads away.
    """
    text = request.GET.get("q", "").strip()[:MAX_SEARCH_LENGTH]
    typing = bool(getattr(request, "htmx", False))
    if text and not typing and (url := url_of_reference(request.by, text)):
        return redirect(url)
    context = {
        "q": text,
        "found": list(search_sources(request.by, text)),
        "starts": start_links(request.by, text),
        "help": help_results(text),
        "recent": [] if text else recently_changed(request.by),
        "query": urlencode({"q": text}),
    }
    return render_page(request, "search/search.html#found", context)
