"""Pages that add comments and files to any object, and that open its files, with their URLs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.activity.context import models_with_page, readable_file
from partners.activity.forms import CommentForm, FileForm, Thing
from partners.authenticated_requests import AuthenticatedRequest
from partners.hooks import attach_file
from workflow import clock
from workflow.comments_and_files import actions
from workflow.comments_and_files.actions import may_add_comment_or_file
from workflow.http.downloads import denied_page, file_response_or_page, redirect_to_signed
from workflow.http.pages import render_page, run_action
from workflow.http.signed_urls import sign_for_request


@login_required
@require_POST
def add_comment(request: AuthenticatedRequest, label: str, pk: int) -> HttpResponse:
    """Add a comment to an object that the reader may see."""
    thing = _get_object_or_404(request, label, pk)
    form = CommentForm(thing, request.by, request.POST)
    text, city_id = form.data.get("text", ""), form.city_id
    return run_action(
        request,
        lambda: actions.add_comment(
            thing, text, by=request.by, at=clock.now(), language=request.user.language, city_id=city_id
        ),
        done=f"{thing.get_absolute_url()}?activity#activity",
        template="http/record_form.html",
        context={"thing": thing, "form": form, "title": _("Comment")},
    )


@login_required
@require_POST
def add_file(request: AuthenticatedRequest, label: str, pk: int) -> HttpResponse:
    """Add a file to an object that the reader may see."""
    thing = _get_object_or_404(request, label, pk)
    form = FileForm(thing, request.by, request.POST, request.FILES)
    if not may_add_comment_or_file(thing, request.by):
        raise PermissionDenied
    context = {"thing": thing, "form": form, "title": _("File")}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422)
    return run_action(
        request,
        lambda: attach_file(
            thing,
            form.cleaned_data["file"],
            by=request.by,
            at=clock.now(),
            kind=form.purpose,
            city_id=form.city_id,
        ),
        done=f"{thing.get_absolute_url()}?activity#activity",
        template="http/record_form.html",
        context=context,
    )


@login_required
def open_file(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """Redirect to a clean file the reader may see, at an address signed for them.

    This includes the photos in a contact's answers and check reports.
    """
    readable_file(request, key)
    return redirect_to_signed(reverse("file_signed", args=[key, sign_for_request(request.user, key)]))


@login_required
def signed_file_download(request: AuthenticatedRequest, key: str, signed: str) -> HttpResponseBase:
    """Return a clean file as a download, to the reader for whom the address was signed, if still allowed."""
    found = readable_file(request, key)
    return denied_page(request, signed, key, found.get_absolute_url()) or file_response_or_page(
        request, found
    )


def _get_object_or_404(request: AuthenticatedRequest, label: str, pk: int) -> Thing:
    """Return the object if the reader may see it, otherwise raise 404. It can be any object with a page."""
    model = models_with_page().get(label)
    if model is None:
        raise Http404
    rows: Any = model._default_manager  # every model with a page has `visible_to`
    thing: Thing = get_object_or_404(rows.visible_to(request.by), pk=pk)
    return thing
