"""The versions of a paper on its page: what came in, taken or given back; one brought at the desk, as a file or from the record."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.leads import showing
from procurement.shipments.actions.handing import versions
from procurement.shipments.actions.handing.versions import give_paper_back, take_paper
from procurement.shipments.gathering.handing import could_be
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperVersion
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.handing import RECEIVE
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make, reason_form
from workflow.doors.refusals import status_of
from workflow.errors import NOT_ALLOWED
from workflow.models.evidence import File


class Bring(forms.Form):
    """A version at the desk: a file, or what was made from the record."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("PDF, JPEG, PNG or WebP, 10 MB at most.")
    )
    made = forms.ModelMultipleChoiceField(
        MadePaper.objects.none(),
        label=_("Or what was made from the record"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    number = forms.CharField(label=_("Number of the paper"), max_length=80, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, data: Any, files: Any, paper: CustomsPaper) -> None:
        super().__init__(data, files, auto_id="version_%s")  # the page has another form with a file
        made = could_be(paper)
        if not made:
            del self.fields["made"]
            return
        field = self.fields["made"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # declared above
        field.queryset = MadePaper.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")
        field.label_from_instance = named  # type: ignore[method-assign,assignment]  # as Django's documentation says


class Part(NamedTuple):
    """A file of a version, and where it opens: "" while it is not clean."""

    name: str
    url: str


def named(made: MadePaper) -> str:
    """What was made, its version and its number."""
    told = {"kind": made.get_kind_display(), "version": made.version, "reference": made.reference}
    return str(_("%(kind)s, version %(version)s (%(reference)s)") % told)


def parts_of(request: Visit, versions: Iterable[PaperVersion]) -> dict[int, list[Part]]:
    """What each version is, as far as the reader may open it: by version."""
    versions = list(versions)
    ids = [pk for version in versions for pk in version.files]
    files = File.objects.visible_to(request.by).in_bulk(ids) if ids else {}
    made_ids = [pk for version in versions for pk in version.made]
    made = MadePaper.objects.visible_to(request.by).in_bulk(made_ids) if made_ids else {}
    return {
        version.pk: [
            *(_file(files[pk]) for pk in version.files if pk in files),
            *(
                Part(named(made[pk]), reverse("made_paper_pdf", args=[made[pk]]))
                for pk in version.made
                if pk in made
            ),
        ]
        for version in versions
    }


def _file(file: File) -> Part:
    return Part(file.name, file.get_absolute_url() if file.status == File.Status.CLEAN else "")


def on_shipment(request: Visit, shipment: Shipment) -> dict[int, dict[str, Any]]:
    """For each paper of a shipment with one: its file, how many came before, and what waits to be looked at."""
    rows = PaperVersion.objects.visible_to(request.by).filter(paper__shipment=shipment).order_by("number")
    versions = list(rows)
    newest = {one.paper_id: one for one in versions if one.status == PaperVersion.Status.TAKEN}
    parts = parts_of(request, newest.values())
    found: dict[int, dict[str, Any]] = {}
    for version in versions:
        told = found.setdefault(version.paper_id, {"files": [], "count": 0, "waits": False})
        told["count"] += 1
        told["waits"] |= version.status == PaperVersion.Status.RECEIVED
        if newest.get(version.paper_id) is version:
            told |= {"files": parts[version.pk], "version": version.number}
    return found


def of_paper(request: Visit, paper: CustomsPaper) -> dict[str, Any]:
    """What the page of a paper shows of its versions, the newest first, and the form for another one."""
    rows = PaperVersion.objects.visible_to(request.by).filter(paper=paper)
    versions = list(rows.select_related("call", "author", "paper").order_by("-number"))
    parts = parts_of(request, versions)
    open_to = (
        RECEIVE.refusal(request.by, PaperVersion(paper=paper, city_id=paper.city_id), clock.now()) is None
    )
    newest = next((one.pk for one in versions if one.status == PaperVersion.Status.TAKEN), None)
    return {
        "versions": [(version, parts[version.pk], version.pk == newest) for version in versions],
        "bring_form": Bring(None, None, paper) if open_to else None,
    }


@login_required
def bring_paper(request: Visit, reference: str) -> HttpResponse:
    """A version at the desk: it is the paper at once."""
    rows = CustomsPaper.objects.visible_to(request.by).select_related("shipment", "lane")
    paper = get_object_or_404(rows, reference=reference)
    closed = RECEIVE.refusal(request.by, PaperVersion(paper=paper, city_id=paper.city_id), clock.now())
    if closed is not None and closed.code == NOT_ALLOWED:
        raise PermissionDenied
    posted = request.method == "POST"
    form = Bring(request.POST if posted else None, request.FILES if posted else None, paper)
    context = {"thing": paper, "form": form, "title": _("Bring this paper")}
    if closed is not None:  # before a file is taken in
        return show(request, "moves/record.html", context | {"refused": closed}, status=status_of(closed))
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: _bring(request, paper, **form.cleaned_data),
        done=paper.get_absolute_url(),
        template="moves/record.html",
        context=context,
    )


def _bring(
    request: Visit, paper: CustomsPaper, *, file: Any, made: Any = (), number: str, remark: str
) -> PaperVersion:
    at = clock.now()
    ids = [showing.attach(paper, file, by=request.by, at=at).pk] if file else []
    return versions.bring_paper(
        paper,
        files=ids,
        made=list(made),
        number=number,
        remark=remark,
        author=request.user,
        by=request.by,
        at=at,
    )


@login_required
def paper_version(request: Visit, pk: int) -> HttpResponse:
    """A version stands on the page of its paper."""
    return redirect(on_paper(_version(request, pk)))


@login_required
def version_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Take what came in, or give it back."""
    return make(request, _version(request, pk), verb, STEPS)


def _version(request: Visit, pk: int) -> PaperVersion:
    rows = PaperVersion.objects.visible_to(request.by).select_related("paper__shipment", "call")
    return get_object_or_404(rows, pk=pk)


def on_paper(version: Any) -> str:
    """Its place on the page of its paper."""
    return f"{version.paper.get_absolute_url()}#versions"


STEPS = {
    "take": Step(lambda request, thing: take_paper(thing, by=request.by, at=clock.now()), after=on_paper),
    "give_back": Step(
        lambda request, thing, reason: give_paper_back(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Whoever handed it in is told, with your words as you write them."),
        after=on_paper,
    ),
}

urlpatterns = [
    path("papers/<slug:reference>/bring/", bring_paper, name="bring_paper"),
    path("paper-versions/<int:pk>/", paper_version, name="paper_version"),
    path("paper-versions/<int:pk>/<slug:verb>/", version_move, name="paper_version_move"),
]
