"""Template context for the activity of an object: its comments, files and history."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.urls import reverse

from partners.activity.forms import CommentForm, FileForm, Thing
from partners.authenticated_requests import AuthenticatedRequest
from workflow.comments_and_files import actions
from workflow.comments_and_files.models import Comment
from workflow.errors import LazyText
from workflow.templatetags.history import OLDER_PARAMETER
from workflow.uploads.models import File

OPENING_PARAMETERS = frozenset(
    {"activity", OLDER_PARAMETER}
)  # parameters that open the activity: `?activity`
PREVIEW_LINES = 2  # lines of the history shown before the activity is opened


def activity_context(
    request: AuthenticatedRequest, thing: Thing, parts: Sequence[tuple[Model, LazyText]] = ()
) -> dict[str, Any]:
    """Return the context of `components/activity.html`.

    Without a parameter in the address, it holds only the newest lines of the history. With `?activity`, it holds the
    comments, the files, the whole history, and the forms to add a comment or a file. A form is None if the reader may
    not add one. `parts` are objects without a page of their own, each with its name; their history is shown as well.
    """
    seen_url = reverse("mark_object_read", args=[thing._meta.label_lower, thing.pk])
    shown: dict[str, Any] = {"thing": thing, "parts": parts, "seen_url": seen_url}
    if not OPENING_PARAMETERS & request.GET.keys():
        return shown | {"newest_lines": PREVIEW_LINES}
    by = request.by
    may_add = actions.may_add_comment_or_file(thing, by)
    address = {"label": thing._meta.model_name, "pk": thing.pk}
    return shown | {
        "comments": Comment.objects.visible_to(by).about(thing).select_related("by").order_by("pk"),
        "comment_form": CommentForm(thing, by) if may_add else None,
        "comment_url": reverse("add_comment", kwargs=address),
        "files": File.objects.visible_to(by).about(thing).order_by("pk"),
        "file_form": FileForm(thing, by) if may_add else None,
        "file_url": reverse("add_file", kwargs=address),
    }


def readable_file(request: AuthenticatedRequest, key: str) -> File:
    """Return the clean file with this key if the reader may see it, otherwise raise 404."""
    clean = File.objects.visible_to(request.by).filter(status=File.Status.CLEAN)
    return get_object_or_404(clean, key=key)


@cache
def models_with_page() -> dict[str, type[Model]]:
    """Return the models of all apps whose objects have a page, by lower-case model name."""
    return {
        str(model._meta.model_name): model for model in apps.get_models() if getattr(model, "URL_NAME", "")
    }
