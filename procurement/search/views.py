"""Page of the search over everything."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from partners.authenticated_requests import AuthenticatedRequest
from procurement.help.search import help_results
from procurement.search.sources import create_links, recently_changed, search_sources, url_of_reference
from workflow.api.filters import MAX_SEARCH_LENGTH
from workflow.http.pages import render_page


@require_safe
@login_required
def search(request: AuthenticatedRequest) -> HttpResponse:
    """Show the objects that match `?q=`, by kind. A full reference redirects to its page.

    Without a text, it shows links to new forms, and what the reader changed last. For htmx requests, sent
    while the reader types, only the results are rendered, and a full reference does not redirect.
    """
    text = request.GET.get("q", "").strip()[:MAX_SEARCH_LENGTH]
    typing = bool(getattr(request, "htmx", False))
    if text and not typing and (url := url_of_reference(request.by, text)):
        return redirect(url)
    context = {
        "q": text,
        "found": list(search_sources(request.by, text)),
        "starts": create_links(request.by, text),
        "help": help_results(text),
        "recent": [] if text else recently_changed(request.by),
        "query": urlencode({"q": text}),
    }
    return render_page(request, "search/search.html#found", context)
