"""Uploading a list: the file is read at once, all of it or nothing; what is wrong is told by row and column."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.exchange.faults import Faulty
from partners.visit import Visit
from procurement.lists import formats
from procurement.lists.actions import lists
from procurement.lists.models.watch_list import WatchList
from procurement.lists.rules.lists import may_keep
from workflow import clock
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show


class Upload(forms.Form):
    """A file and what is known of it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX (10 MB at most) with a column “Name”; or XML (40 MB at most) as the United Nations, the European "
            "Union, OFAC or Canada publish it."
        ),
    )
    name = forms.CharField(
        label=_("Name of the list"), max_length=200, help_text=_("The same for each version of it.")
    )
    kind = forms.ChoiceField(label=_("Kind of list"), choices=WatchList.Kind.choices)
    publisher = forms.CharField(label=_("Publisher"), max_length=200)
    source = forms.URLField(
        label=_("Where it was taken from"),
        max_length=600,
        assume_scheme="https",
        help_text=_("The address of the file."),
    )
    published_on = DayField(label=_("Day of the list"))
    replaces = forms.ModelChoiceField(
        WatchList.objects.in_force().order_by("name", "pk"),
        label=_("Newer version of"),
        required=False,
        empty_label=_("– none: it is a list of its own –"),
    )


@login_required
def upload_list(request: Visit) -> HttpResponse:
    """Upload a list, or a newer version of one."""
    if not may_keep(request.by):
        raise PermissionDenied
    sent = request.method == "POST"
    form = Upload(request.POST if sent else None, request.FILES if sent else None, initial=_older(request))
    template = "lists/upload.html"
    if not form.is_valid():
        return show(request, template, {"form": form}, status=422 if form.is_bound else 200)
    facts = dict(form.cleaned_data)
    file = facts.pop("file")

    def save() -> WatchList | Faulty:
        try:
            found = formats.read(file)
        except Faulty as faulty:
            return faulty
        return lists.upload(
            found.rows,
            shape=found.shape,
            unread=found.unread,
            file_name=file.name,
            sha256=found.sha256,
            uploaded_by=request.user,
            by=request.by,
            at=clock.now(),
            **facts,
        )

    def then(came: WatchList | Faulty) -> str | HttpResponse:
        if isinstance(came, WatchList):
            return came.get_absolute_url()
        context = {"form": form, "refused": came, "faults": came.faults, "all": came.count}
        return show(request, template, context, status=422)

    return attempt(request, save, done=then, template=template, context={"form": form})


def _older(request: Visit) -> dict[str, Any]:
    """What a newer version has from the one it is begun at: `?newer=WL-2020-0001`."""
    older = WatchList.objects.in_force().filter(reference=request.GET.get("newer", "")[:20]).first()
    if older is None:
        return {}
    same = ("name", "kind", "publisher", "source")
    return {"replaces": older.pk, **{field: getattr(older, field) for field in same}}


urlpatterns = [path("lists/new/", upload_list, name="upload_list")]
