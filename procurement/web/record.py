"""What stands at the foot of every thing's page: comments, files and history; and the addresses they are added at."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.roles import Power
from partners.visit import Visit, only
from procurement.leads import showing
from workflow import actions, clock
from workflow.doors.http import attempt, hand_out, show
from workflow.models import Comment, File, Tracked


class Say(forms.Form):
    """A comment."""

    text = forms.CharField(label=_("Comment"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)


class Bring(forms.Form):
    """A file."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, JPEG, PNG or WebP, 10 MB at most."))


def of(request: Visit, thing: Tracked) -> dict[str, Any]:
    """The context of `parts/record.html`: what was said and brought, and the forms where the reader may add."""
    by = request.by
    may_add = by.may(Power.COMMENT, thing)
    address = {"label": thing._meta.model_name, "pk": thing.pk}
    return {
        "thing": thing,
        "comments": Comment.objects.visible_to(by).about(thing).select_related("by").order_by("pk"),
        "comment_form": Say() if may_add else None,
        "comment_url": reverse("say", kwargs=address),
        "files": File.objects.visible_to(by).about(thing).order_by("pk"),
        "file_form": Bring() if may_add else None,
        "file_url": reverse("bring", kwargs=address),
    }


@login_required
@require_POST
def say(request: Visit, label: str, pk: int) -> HttpResponse:
    """Add a comment to a thing the reader sees."""
    thing, form = _find(request, label, pk), Say(request.POST)
    text = form.data.get("text", "")
    return attempt(
        request,
        lambda: actions.comment(thing, text, by=request.by, at=clock.now(), language=request.user.language),
        done=thing.get_absolute_url(),
        template="moves/record.html",
        context={"thing": thing, "form": form, "title": _("Comment")},
    )


@login_required
@require_POST
def bring(request: Visit, label: str, pk: int) -> HttpResponse:
    """Add a file to a thing the reader sees."""
    thing, form = _find(request, label, pk), Bring(request.POST, request.FILES)
    only(request, Power.COMMENT, thing)
    context = {"thing": thing, "form": form, "title": _("File")}
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422)
    return attempt(
        request,
        lambda: showing.attach(thing, form.cleaned_data["file"], by=request.by, at=clock.now()),
        done=thing.get_absolute_url(),
        template="moves/record.html",
        context=context,
    )


@login_required
def file(request: Visit, key: str) -> HttpResponseBase:
    """A clean file the reader may see, as a download; the photos of a contact's answer and check as well."""
    return hand_out(
        get_object_or_404(File.objects.visible_to(request.by).filter(status=File.Status.CLEAN), key=key)
    )


def _find(request: Visit, label: str, pk: int) -> Tracked:
    """The thing, as far as the reader may see it; any thing of the story with a page of its own."""
    try:
        model = apps.get_model("procurement", label)
    except LookupError:
        raise Http404 from None
    if not issubclass(model, Tracked) or not model.PAGE:
        raise Http404
    rows: Any = model._default_manager  # every thing of the story has a `visible_to`
    thing: Tracked = get_object_or_404(rows.visible_to(request.by), pk=pk)
    return thing


urlpatterns = [
    path("files/<slug:key>/", file, name="file"),
    path("things/<slug:label>/<int:pk>/comment/", say, name="say"),
    path("things/<slug:label>/<int:pk>/file/", bring, name="bring"),
]
