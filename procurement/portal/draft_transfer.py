"""Transfer of a half-filled form to another browser by a code.

One page shows the code; entering it elsewhere shows the form filled in again.
"""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import throttling
from accounts.draft_transfer import load_draft, save_draft
from accounts.throttling import throttled_response
from procurement.portal.link_pages import LinkRequest
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.pages import render_page
from workflow.http.refusal_responses import http_status

FIELDS_EXCLUDED_FROM_DRAFT = frozenset({"csrfmiddlewaretoken", "nonce", "confirmed", "change", "draft_code"})
type ShowFormAgain = Callable[[dict[str, Any], Refused | None], HttpResponse]


def save_or_open_draft(request: LinkRequest, back: str, again: ShowFormAgain) -> HttpResponse:
    """Save the typed values and show their code, or show the form filled in from a code. POST only.

    `again` shows the form: it is called with the values, and with a refusal or None. `back` is the address of
    the form.
    """
    if request.method != "POST":
        raise Http404
    if "draft_code" not in request.POST:
        typed = {
            name: value for name, value in request.POST.items() if name not in FIELDS_EXCLUDED_FROM_DRAFT
        }
        code = save_draft(request.link, typed)
        return render_page(
            request, "portal/draft_saved.html", {"code": f"{code[:3]} {code[3:]}", "back": back}
        )
    try:
        throttling.count_use(throttling.EMAIL_CODE_LIMIT, f"draft:{request.link.pk}", real_now())
    except Refused as refused:
        return throttled_response(request, refused)
    kept = load_draft(request.link, "".join(request.POST["draft_code"].split()))
    if kept is not None:
        return again(kept, None)
    wrong = Refused(
        "no_draft", _("No draft matches this code. Check it, or get a new one on the first device.")
    )
    page = again({}, wrong)
    page.status_code = http_status(wrong)
    return page
