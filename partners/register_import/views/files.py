"""Pages to export a table of the register as CSV or XLSX, and to upload a file for import."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from accounts.throttling import EXPORT_LIMIT, throttle
from partners.authenticated_requests import AuthenticatedRequest
from partners.register_import import reader
from partners.register_import.actions.imports import upload_import
from partners.register_import.formats.file_kinds import FILE_KINDS, export_csv, export_workbook
from partners.register_import.formats.headers import guess_columns
from partners.register_import.models import Import
from partners.register_import.reader import matchable_columns
from partners.register_import.rules import may_import
from workflow import clock
from workflow.errors import NOT_ALLOWED, Refused
from workflow.http.pages import render_page, run_action
from workflow.uploads.parsers import read_table

MAX_IMPORTS_SHOWN = 20  # imports of the user on the page
XLSX_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadImportForm(forms.Form):
    """Form to upload a file, with the kind of its content and its origin."""

    table = forms.ChoiceField(
        label=_("File contents"), choices=[(name, kind.label) for name, kind in FILE_KINDS.items()]
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV or XLSX, up to 10 MB and 50,000 rows, with headings in the first row and columns in "
            "any order. In a workbook, only the first visible sheet is read."
        ),
    )
    reason = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("This is recorded in the history of every entry that changes."),
    )


@login_required
def register_files(request: AuthenticatedRequest) -> HttpResponse:
    """Show the tables to export, the user's own imports, and the form for a new import."""
    form = UploadImportForm(request.POST or None, request.FILES or None) if may_import(request.by) else None
    own_imports = Import.objects.visible_to(request.by).not_discarded().order_by("-pk")[:MAX_IMPORTS_SHOWN]
    context: dict[str, Any] = {"tables": FILE_KINDS, "form": form, "imports": own_imports}
    if request.method != "POST":
        return render_page(request, "register_import/files.html", context)
    if form is not None and not form.is_valid():
        return render_page(request, "register_import/files.html", context, status=422)
    return run_action(
        request,
        lambda: _upload(request, form),
        done=lambda source_import: f"{source_import.get_absolute_url()}columns/",
        template="register_import/files.html",
        context=context,
    )


def _upload(request: AuthenticatedRequest, form: UploadImportForm | None) -> Import:
    if form is None:
        raise Refused(NOT_ALLOWED, _("Only people who manage the city register can import a file."))
    cleaned = form.cleaned_data
    lines = read_table(cleaned["file"])
    header = [str(cell) for cell in lines[0]] if lines else []
    columns: dict[str, int | str] = dict(guess_columns(header, matchable_columns(cleaned["table"])))
    usual = {
        name: value for name, value in reader.DEFAULT_VALUES[cleaned["table"]].items() if name not in columns
    }
    return upload_import(
        lines,
        table=cleaned["table"],
        name=cleaned["file"].name,
        reason=cleaned["reason"],
        columns=columns | usual,
        by=request.by,
        at=clock.now(),
    )


@login_required
@throttle(EXPORT_LIMIT)
def download_table(request: AuthenticatedRequest, table: str) -> HttpResponseBase:
    """Export a table as CSV. It has public facts only, and no data about people."""
    if table not in FILE_KINDS:
        raise Http404
    return _set_file_name(
        StreamingHttpResponse(export_csv(table), content_type="text/csv; charset=utf-8"), f"{table}.csv"
    )


@login_required
@throttle(EXPORT_LIMIT)
def download_workbook(request: AuthenticatedRequest, table: str) -> HttpResponseBase:
    """Export a table as XLSX. It has public facts only, and no data about people."""
    if table not in FILE_KINDS:
        raise Http404
    return _set_file_name(
        HttpResponse(export_workbook(table), content_type=XLSX_CONTENT_TYPE), f"{table}.xlsx"
    )


def _set_file_name(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
