"""Page of one import: its progress, its effect, and its moves."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from partners.register_import.models import Import
from partners.register_import.rules import DISCARD, START, WITHDRAW
from partners.register_import.views.check_results import findings_context, get_import_or_404
from partners.register_import.worker import import_progress_task_name
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page
from workflow.progress import read_progress

IMPORT_STEP_LABELS = (_("File"), _("Columns"), _("Preview"), _("In the register"))
STEP_OF_STATUS = {
    Import.Status.UPLOADED: 2,
    Import.Status.VALIDATING: 3,
    Import.Status.VALIDATED: 3,
    Import.Status.FAILED: 3,
    Import.Status.IMPORTING: 4,
    Import.Status.IMPORTED: 5,
    Import.Status.ROLLING_BACK: 5,
    Import.Status.ROLLED_BACK: 5,
    Import.Status.DISCARDED: 1,
}


@login_required
def show_import(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show an import. The page refreshes itself while the periodic job works on it."""
    source_import = get_import_or_404(request, pk)
    context = {
        "source_import": source_import,
        "steps": IMPORT_STEP_LABELS,
        "step": STEP_OF_STATUS[Import.Status(source_import.status)],
        "powers": request.by,
        "progress": read_progress(import_progress_task_name(source_import))
        if source_import.is_waiting
        else None,
    }
    return render_page(
        request,
        "register_import/detail.html#state",
        context | ({} if source_import.is_waiting else findings_context(source_import)),
    )


@login_required
def make_import_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Make a move of an import, by a button or, for an undo, by a form for the reason."""
    return run_move(request, get_import_or_404(request, pk), verb, IMPORT_MOVE_OPTIONS)


IMPORT_MOVE_OPTIONS = move_options(
    START,
    MoveOption(
        WITHDRAW,
        hint=_(
            "Entries added by this import are removed unless something depends on "
            "them. Values changed by the import are restored unless they have changed "
            "since."
        ),
    ),
    DISCARD,
)
