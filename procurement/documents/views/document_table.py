"""Table of the customs documents of a clearance: numbers and statuses are entered in its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest
from partners.permissions.permissions import Permissions
from procurement.catalogue.rules.sources import RatedSource, has_official_source, rated_sources
from procurement.customs.models import CustomsClearance
from procurement.customs.rules import may_clear, may_open_clearance
from procurement.documents.actions.documents import update_document
from procurement.documents.forms import DocumentFilesForm, DocumentTableForm
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.documents import ENTER_NUMBER, STATUS_ORDER, Due
from procurement.shipments.models import Shipment
from workflow import clock
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.formatting import format_quantity
from workflow.http.pages import render_page, run_action

Status = CustomsDocument.Status
ALWAYS_SHOWN_STATUSES = {Status.QUERIED, Status.REFUSED}  # beside those that block


@dataclass(frozen=True)
class DocumentRow:
    """Row of the table.

    `submission_summary` sums up the submissions: files, number, and whether one waits for review. `rule_source` is the source of the
    rule that requires the document; `lacks_official_source` is True for a blocking document that no official text requires.
    """

    document: CustomsDocument
    submission_summary: Mapping[str, Any] | None
    rule_source: RatedSource
    lacks_official_source: bool

    @property
    def is_shown(self) -> bool:
        """True for a document that still blocks, that customs sent back, or whose submission waits for review."""
        waits = self.submission_summary is not None and self.submission_summary["waits"]
        needed = self.document.blocks and self.document.status not in Status.settled
        return needed or waits or self.document.status in ALWAYS_SHOWN_STATUSES

    @property
    def sort_key(self) -> tuple[bool, bool, int]:
        """Sort key in the table: blocking documents first, those no longer required last."""
        settled = self.document.status in Status.settled
        return self.document.status == Status.NOT_REQUIRED, settled, self.document.pk

    @property
    def is_accepted(self) -> bool:
        """True for an accepted document: its status has no background."""
        return self.document.status == Status.ACCEPTED

    @property
    def can_enter_number(self) -> bool:
        """True if a number can still be entered."""
        return self.document.status in ENTER_NUMBER.source


def document_table(
    by: Actor,
    clearance: CustomsClearance,
    documents: Iterable[CustomsDocument],
    submitted: Mapping[int, Mapping[str, Any]],
    sources: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """Return the template context of a clearance's documents: the visible and the collapsed rows.

    `settled` and `optional` count the collapsed rows: documents that customs has, and those that do not block.

    `sources` are those of the rules, by the code of the rule. For a rule that was deleted, the source stored on
    the document is used.
    """
    rows = sorted(
        (
            _build_row(
                document, submitted.get(document.pk), sources.get(document.rule) or [document.source_url]
            )
            for document in documents
            if document.clearance_id == clearance.pk
        ),
        key=lambda row: row.sort_key,
    )
    first = [row for row in rows if row.is_shown]
    rest = [row for row in rows if not row.is_shown]
    ready = sum(row.document.status == Status.READY for row in rows)
    return {
        "rows": rows,
        "first": first,
        "rest": rest,
        "settled": sum(row.document.status in Status.done for row in rest),
        "optional": sum(row.document.status not in Status.done for row in rest),
        "may_edit": may_open_clearance(by, clearance),
        "statuses": selectable_statuses(by, clearance),
        "to_submit": ready if may_clear(by, clearance) else 0,
    }


def _build_row(
    document: CustomsDocument, submitted: Mapping[str, Any] | None, sources: Sequence[str]
) -> DocumentRow:
    unofficial = document.blocks and not has_official_source(sources)
    return DocumentRow(document, submitted, rated_sources(sources)[0], unofficial)


def selectable_statuses(by: Actor, clearance: CustomsClearance) -> list[tuple[str, str]]:
    """Return the statuses that a person may give to documents of a clearance, with their labels."""
    if not may_open_clearance(by, clearance):
        return []
    after: set[str] = {Status.IN_PROGRESS, Status.READY}
    if may_clear(by, clearance):
        after |= Status.done
    return [(str(one), str(one.label)) for one in STATUS_ORDER if one in after]


@login_required
@require_POST
def mark_documents(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Save the numbers typed in the table, and give the ticked documents, or all that are ready, a status.

    Each row is saved separately: if one is refused, the page says why, and the others are saved.
    """
    clearance = get_object_or_404(
        CustomsClearance.objects.visible_to(request.by).select_related("shipment"), reference=reference
    )
    if not may_open_clearance(request.by, clearance):
        raise PermissionDenied
    documents = list(clearance.documents.select_related("shipment", "clearance").order_by("pk"))
    form = DocumentTableForm(request.POST, documents, selectable_statuses(request.by, clearance))
    context = {"thing": clearance.shipment, "form": form, "title": _("Customs documents")}
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422)
    return run_action(
        request,
        lambda: _save_rows(request, form),
        done=lambda _saved: f"{clearance.shipment.get_absolute_url()}#{clearance.reference}",
        template="http/record_form.html",
        context=context,
    )


def _save_rows(request: AuthenticatedRequest, form: DocumentTableForm) -> None:
    """Change the rows one by one, and say which were changed and why the others were refused."""
    changed: list[str] = []
    refused = 0
    for document, number, known, status in form.changes():
        try:
            update_document(
                document, number=number, known_number=known, status=status, by=request.by, at=clock.now()
            )
        except Refused as error:
            refused += 1
            messages.error(request, _("%(what)s: %(why)s") % {"what": document, "why": error.message})
        else:
            changed.append(str(document))
    if changed:
        words = _("Documents updated (%(many)s): %(names)s.")
        params = {"many": format_quantity(len(changed)), "names": _("; ").join(changed)}
        messages.success(request, words % params)
    elif not refused:
        messages.warning(
            request, _("Nothing was changed. Tick documents and choose a status, or enter a number.")
        )


def documents_accepting_files(documents: Sequence[CustomsDocument]) -> list[CustomsDocument]:
    """Return the documents that take a file, in the order in which they are needed: blocking ones first."""
    waiting = [document for document in documents if document.status in Status.open]
    return sorted(
        waiting,
        key=lambda one: (
            one.status == Status.READY,
            not one.blocks,
            one.due_before != Due.DEPARTURE,
            one.pk,
        ),
    )


def unassigned_files_context(
    by: Permissions, shipment: Shipment, clearances: Sequence[CustomsClearance], unassigned: int
) -> dict[str, Any]:
    """Return the template context for uploading files: the form, and how many wait for a document (`unassigned`)."""
    may = any(may_open_clearance(by, one) for one in clearances)
    if not may or shipment.status in Shipment.Status.settled:
        return {"files_form": None, "unassigned": 0}
    return {"files_form": DocumentFilesForm(auto_id="documents_%s"), "unassigned": unassigned}
