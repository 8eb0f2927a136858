"""The register as files on pages: a table taken home as CSV or XLSX, and the first step of a list that is brought in."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.limits import EXPORTS
from accounts.web.limited import limited
from partners.actions import imports
from partners.exchange import headings
from partners.exchange.tables import TABLES, dump, workbook
from partners.exchange.wizard import reading
from partners.exchange.wizard.reading import columns_of
from partners.models.imports import Import
from partners.rules.imports import may_bring
from partners.visit import Visit
from workflow import clock
from workflow.documents.tables import read_table
from workflow.doors.http import attempt, show
from workflow.errors import NOT_ALLOWED, Refused

NEWEST = 20  # of one's own imports on the page
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Bring(forms.Form):
    """A file, what it holds, and where it comes from."""

    table = forms.ChoiceField(
        label=_("What the file holds"), choices=[(name, one.label) for name, one in TABLES.items()]
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX with headings in its first row, the columns in any order. Of a workbook the first sheet that is "
            "not hidden. 10 MB and 50,000 rows at most."
        ),
    )
    reason = forms.CharField(
        label=_("Where it comes from"),
        max_length=300,
        help_text=_("Stands in the history of every row that changes."),
    )


@login_required
def register_files(request: Visit) -> HttpResponse:
    """The tables of the register to take home, one's own imports, and the form that begins one."""
    form = Bring(request.POST or None, request.FILES or None) if may_bring(request.by) else None
    mine = Import.objects.visible_to(request.by).kept().order_by("-pk")[:NEWEST]
    context: dict[str, Any] = {"tables": TABLES, "form": form, "imports": mine}
    if request.method != "POST":
        return show(request, "partners/files.html", context)
    if form is not None and not form.is_valid():
        return show(request, "partners/files.html", context, status=422)
    return attempt(
        request,
        lambda: _upload(request, form),
        done=lambda batch: f"{batch.get_absolute_url()}columns/",
        template="partners/files.html",
        context=context,
    )


def _upload(request: Visit, form: Bring | None) -> Import:
    if form is None:
        raise Refused(NOT_ALLOWED, _("Only who keeps the register may bring in a file."))
    told = form.cleaned_data
    lines = read_table(told["file"])
    header = [str(cell) for cell in lines[0]] if lines else []
    columns: dict[str, int | str] = dict(headings.guess(header, columns_of(told["table"])))
    usual = {name: value for name, value in reading.USUAL[told["table"]].items() if name not in columns}
    return imports.upload(
        lines,
        table=told["table"],
        name=told["file"].name,
        reason=told["reason"],
        columns=columns | usual,
        by=request.by,
        at=clock.now(),
    )


@login_required
@limited(EXPORTS)
def download(request: Visit, table: str) -> HttpResponseBase:
    """One table as CSV. Public facts: no person stands in it."""
    if table not in TABLES:
        raise Http404
    return _named(StreamingHttpResponse(dump(table), content_type="text/csv; charset=utf-8"), f"{table}.csv")


@login_required
@limited(EXPORTS)
def download_workbook(request: Visit, table: str) -> HttpResponseBase:
    """The same as XLSX."""
    if table not in TABLES:
        raise Http404
    return _named(HttpResponse(workbook(table), content_type=XLSX), f"{table}.xlsx")


def _named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urlpatterns = [
    path("register/files/", register_files, name="register_files"),
    path("register/files/<slug:table>.csv", download, name="register_file"),
    path("register/files/<slug:table>.xlsx", download_workbook, name="register_workbook"),
]
