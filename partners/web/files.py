"""The register as files on pages: a table taken home as CSV, and a city's own list brought in."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.limits import EXPORTS
from accounts.web.limited import limited
from partners.exchange import TABLES, Outcome, dump, load
from partners.roles import Power
from partners.rules.ties import OfCity
from partners.visit import Visit
from workflow import clock
from workflow.doors.http import attempt, show
from workflow.errors import NOT_ALLOWED, Refused


class Bring(forms.Form):
    """A file, what it holds, and where it comes from."""

    table = forms.ChoiceField(
        label=_("What the file holds"), choices=[(name, one.label) for name, one in TABLES.items()]
    )
    file = forms.FileField(
        label=_("File"), help_text=_("CSV in UTF-8, with the columns shown above. 10 MB at most.")
    )
    reason = forms.CharField(
        label=_("Where it comes from"),
        max_length=300,
        help_text=_("Stands in the history of every row that changes."),
    )


@login_required
def register_files(request: Visit) -> HttpResponse:
    """The tables of the register to take home, and the form to bring one in."""
    may_bring = request.by.may(Power.EDIT_REGISTER, OfCity(None))
    form = Bring(request.POST or None, request.FILES or None) if may_bring else None
    context = {"tables": TABLES, "form": form}
    if request.method != "POST":
        return show(request, "partners/files.html", context)
    if form is not None and not form.is_valid():
        return show(request, "partners/files.html", context, status=422)
    return attempt(
        request,
        lambda: _bring(request, form),
        done=request.path,
        template="partners/files.html",
        context=context,
    )


def _bring(request: Visit, form: Bring | None) -> Outcome:
    if form is None:
        raise Refused(NOT_ALLOWED, _("Only who keeps the register may bring in a file."))
    told = form.cleaned_data
    outcome = load(told["table"], told["file"].read(), by=request.by, at=clock.now(), reason=told["reason"])
    words = _now("%(added)s rows added, %(changed)s changed, %(same)s as they were.")
    messages.success(
        request, words % {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    )
    return outcome


@login_required
@limited(EXPORTS)
def download(request: Visit, table: str) -> HttpResponseBase:
    """One table as CSV. Public facts: no person stands in it."""
    if table not in TABLES:
        raise Http404
    response = StreamingHttpResponse(dump(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table}.csv"'
    return response


urlpatterns = [
    path("register/files/", register_files, name="register_files"),
    path("register/files/<slug:table>.csv", download, name="register_file"),
]
