"""What stands at the foot of every thing's page: comments, files and history; and the addresses they are added at."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django import forms
from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners import above
from partners.models.cities import City
from partners.roles import Power
from partners.rules.powers import Powers
from partners.visit import Visit
from workflow import actions, clock
from workflow.doors.bounds import LONGEST_LETTER
from workflow.doors.files.addresses import sign_for
from workflow.doors.files.handing import hand_out_or_say, lead_on, not_by
from workflow.doors.http import attempt, show
from workflow.errors import Words
from workflow.models.evidence import FOR_CONTACT, Comment, File
from workflow.models.tracked import Tracked

type Thing = Tracked | City  # what has a page


class ForACity(forms.Form):
    """What is added to a thing that all cities share is one city's own: whoever writes for several says which."""

    def __init__(self, thing: Thing, by: Powers, *data: Any) -> None:
        super().__init__(*data)
        mine = by.where(Power.COMMENT) if getattr(thing, "city_id", None) is None else frozenset()
        if len(mine) > 1:
            self.fields["city"] = forms.ModelChoiceField(
                City.objects.filter(pk__in=mine).order_by("name_en", "pk"), label=_("For the people of")
            )

    @property
    def city_id(self) -> int | None:
        """The city that was chosen."""
        city: City | None = self.cleaned_data.get("city") if self.is_bound and self.is_valid() else None
        return city.pk if city else None


class Say(ForACity):
    """A comment."""

    text = forms.CharField(
        label=_("Comment"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_LETTER
    )


class Bring(ForACity):
    """A file."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, JPEG, PNG or WebP, 10 MB at most."))
    for_contact = forms.BooleanField(
        label=_("Whoever was asked may open it, too"),
        required=False,
        help_text=_("It stands on their page, behind six digits sent to their address."),
    )

    def __init__(self, thing: Thing, by: Powers, *data: Any) -> None:
        super().__init__(thing, by, *data)
        if not getattr(thing, "PAPERS_FOR_CONTACT", False):
            del self.fields["for_contact"]

    @property
    def kind(self) -> str:
        """What the file is for, where that was said."""
        return FOR_CONTACT if self.cleaned_data.get("for_contact") else ""


def of(request: Visit, thing: Thing, parts: Sequence[tuple[Model, Words]] = ()) -> dict[str, Any]:
    """The context of `parts/record.html`: what was said and brought, and the forms where the reader may add.

    `parts` are things without a page of their own whose history is told with this thing's, each with its name.
    """
    by = request.by
    may_add = actions.may_add(thing, by)
    address = {"label": thing._meta.model_name, "pk": thing.pk}
    return {
        "thing": thing,
        "parts": parts,
        "comments": Comment.objects.visible_to(by).about(thing).select_related("by").order_by("pk"),
        "comment_form": Say(thing, by) if may_add else None,
        "comment_url": reverse("say", kwargs=address),
        "files": File.objects.visible_to(by).about(thing).order_by("pk"),
        "file_form": Bring(thing, by) if may_add else None,
        "file_url": reverse("bring", kwargs=address),
    }


@login_required
@require_POST
def say(request: Visit, label: str, pk: int) -> HttpResponse:
    """Add a comment to a thing the reader sees."""
    thing = _find(request, label, pk)
    form = Say(thing, request.by, request.POST)
    text, city_id = form.data.get("text", ""), form.city_id
    return attempt(
        request,
        lambda: actions.comment(
            thing, text, by=request.by, at=clock.now(), language=request.user.language, city_id=city_id
        ),
        done=thing.get_absolute_url(),
        template="moves/record.html",
        context={"thing": thing, "form": form, "title": _("Comment")},
    )


@login_required
@require_POST
def bring(request: Visit, label: str, pk: int) -> HttpResponse:
    """Add a file to a thing the reader sees."""
    thing = _find(request, label, pk)
    form = Bring(thing, request.by, request.POST, request.FILES)
    if not actions.may_add(thing, request.by):
        raise PermissionDenied
    context = {"thing": thing, "form": form, "title": _("File")}
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422)
    return attempt(
        request,
        lambda: above.attach()(
            thing,
            form.cleaned_data["file"],
            by=request.by,
            at=clock.now(),
            kind=form.kind,
            city_id=form.city_id,
        ),
        done=thing.get_absolute_url(),
        template="moves/record.html",
        context=context,
    )


@login_required
def file(request: Visit, key: str) -> HttpResponse:
    """A clean file the reader may see: on to an address signed for them; the photos of a contact's answer and check as well."""
    readable(request, key)
    return lead_on(reverse("file_signed", args=[key, sign_for(request.user, key)]))


@login_required
def file_signed(request: Visit, key: str, signed: str) -> HttpResponseBase:
    """The bytes of a clean file, as a download, to whom the address was signed for and who may still read it."""
    found = readable(request, key)
    return not_by(request, signed, key, found.get_absolute_url()) or hand_out_or_say(request, found)


def readable(request: Visit, key: str) -> File:
    """The clean file of this key, as far as the reader may see it; else 404."""
    clean = File.objects.visible_to(request.by).filter(status=File.Status.CLEAN)
    return get_object_or_404(clean, key=key)


def _find(request: Visit, label: str, pk: int) -> Thing:
    """The thing, as far as the reader may see it; any thing with a page of its own."""
    model = _with_pages().get(label)
    if model is None:
        raise Http404
    rows: Any = model._default_manager  # everything with a page has a `visible_to`
    thing: Thing = get_object_or_404(rows.visible_to(request.by), pk=pk)
    return thing


@cache
def _with_pages() -> dict[str, type[Model]]:
    """The kinds of things that have a page, of this room and of the one above, by their short names."""
    return {str(model._meta.model_name): model for model in apps.get_models() if getattr(model, "PAGE", "")}


urlpatterns = [
    path("files/<slug:key>/", file, name="file"),
    path("files/<slug:key>/at/<str:signed>/", file_signed, name="file_signed"),
    path("things/<slug:label>/<int:pk>/comment/", say, name="say"),
    path("things/<slug:label>/<int:pk>/file/", bring, name="bring"),
]
