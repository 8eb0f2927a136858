"""Steps of the periodic job on files for the register: check, import and undo.

The job calls `process_waiting_imports`. All steps follow from database rows. If a worker dies, nothing is left behind
and the next one repeats the step.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import batched

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.permissions.permissions import permissions_of
from partners.register_import.actions.bulk_create import add_cities, build_city
from partners.register_import.actions.result_recording import (
    CheckResult,
    record_check_result,
    record_import_failure,
    record_import_success,
    record_rollback,
)
from partners.register_import.actions.rollback import roll_back
from partners.register_import.errors import RowError
from partners.register_import.formats.csv_and_xlsx import NumberedRow
from partners.register_import.formats.file_kinds import FILE_KINDS
from partners.register_import.import_session import BATCH_SIZE, ImportSession
from partners.register_import.models import Import, ImportData, ImportPlace
from partners.register_import.places.resolution import (
    finalize_places,
    new_place_facts,
    places_to_add,
    resolve_places,
    resolved_rows,
)
from partners.register_import.reader import read_import
from partners.register_import.result_json import errors_as_json, internal_error_result, record_run_results
from partners.register_import.rules import WITHDRAW
from workflow.due_rows import process_due
from workflow.errors import Refused, database_is_busy, database_is_unavailable
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.progress import report_progress

IMPORT_JOURNAL_VIA = "import"  # `via` of the sender while the periodic job imports the file
# Advisory lock: imports never write at the same time, so each sees the other's entries and can identify its own.
IMPORT_LOCK_ID = 20_500_123
MAX_FILES_PER_RUN = 3  # files in one run of the periodic job
log = logging.getLogger(__name__)


class DryRunRollback(Exception):
    """Exception that rolls back the transaction of a dry run, or of an import with errors."""


def process_waiting_imports(at: datetime) -> int:
    """Check, import or undo the waiting files, each in its own transaction. Return how many were processed."""
    return process_due(Import.objects.waiting_for_job(), partial(_process, at=at), limit=MAX_FILES_PER_RUN)


def _process(source_import: Import, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [IMPORT_LOCK_ID])
        (is_locked,) = cursor.fetchone()
        # A large file needs more time than a page may leave a transaction idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    if not is_locked:
        raise Refused("busy", _("Another file is being imported at the moment."))
    try:
        with transaction.atomic():
            _STEP_BY_STATUS[source_import.status](source_import, at)
    except Exception as error:
        if isinstance(error, Refused) or database_is_unavailable(error) or database_is_busy(error):
            raise
        # A program fault: mark the file as failed, so that other files go on. An undo waits for a repair.
        log.exception("import %s, %s, could not be worked on", source_import.pk, source_import.status)
        if source_import.status != Import.Status.ROLLING_BACK:
            record_import_failure(source_import, internal_error_result(), at=at)


def import_progress_task_name(source_import: Import) -> str:
    """Return the task name under which the progress of an import is published (`workflow.progress`)."""
    return f"import{source_import.pk}"


def check_import(source_import: Import, at: datetime) -> None:
    """Read the file, match its places, and try the import in a transaction that is rolled back."""
    sheet = ImportData.objects.get(source_import=source_import)
    report_progress(import_progress_task_name(source_import), 0, source_import.rows)
    reading = read_import(source_import, sheet)
    result = CheckResult(places=resolve_places(source_import, reading))
    if reading.row_errors:
        result.faults = errors_as_json(lambda: read_import(source_import, sheet).row_errors)
    else:
        _dry_run(source_import, reading.rows, result, at)
    record_check_result(source_import, result, at=at)


def _dry_run(source_import: Import, rows: list[NumberedRow], result: CheckResult, at: datetime) -> None:
    """Record the changes that the file would make, or the reasons in three languages why it cannot."""
    run = _run_and_roll_back(source_import, rows, result, at)
    record_run_results(result, run)
    if run.faults:
        result.faults = errors_as_json(lambda: _run_and_roll_back(source_import, rows, result, at).faults)


def _run_and_roll_back(
    source_import: Import, rows: list[NumberedRow], result: CheckResult, at: datetime
) -> ImportSession:
    try:
        with transaction.atomic():
            run = _import_file(source_import, rows, result, at, dry=True)
            raise DryRunRollback
    except DryRunRollback:
        return run


def run_import(source_import: Import, at: datetime) -> None:
    """Import the file, completely or not at all."""
    sheet = ImportData.objects.get(source_import=source_import)
    rows = read_import(source_import, sheet).rows
    checked = {place.pk: place.slug for place in source_import.places.all()}
    places = finalize_places(source_import.places.order_by("pk"))
    result = CheckResult(
        places=places, rematched_places=[place for place in places if place.slug != checked[place.pk]]
    )
    last_entry_id = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            run = _import_file(source_import, rows, result, at)
            if run.faults:
                raise DryRunRollback
    except (DryRunRollback, IntegrityError):  # the same was recorded just now; the trial reports it
        _dry_run(source_import, rows, result, at)
        record_import_failure(source_import, result, at=at)
        return
    record_run_results(result, run)
    own_entries = Entry.objects.filter(
        pk__gt=last_entry_id, via=IMPORT_JOURNAL_VIA, by=source_import.by_id
    ).order_by("pk")
    record_import_success(source_import, result, list(own_entries.values_list("pk", flat=True)), at=at)


def roll_back_import(source_import: Import, at: datetime) -> None:
    """Undo the import as far as other data does not depend on it, for the reason that its sender gave."""
    sheet = ImportData.objects.get(source_import=source_import)
    report_progress(import_progress_task_name(source_import), 0, source_import.rows)
    entry = history_of(source_import).filter(verb=WITHDRAW.verb).order_by("-pk").first()
    remaining = roll_back(
        sheet.entries,
        by=permissions_of(source_import.by, via=IMPORT_JOURNAL_VIA),
        at=at,
        reason=entry.reason if entry else source_import.reason,
        report_progress=partial(_report_progress, source_import, len(sheet.entries)),
    )
    record_rollback(source_import, remaining, at=at)


_STEP_BY_STATUS: dict[str, Callable[[Import, datetime], None]] = {
    Import.Status.VALIDATING: check_import,
    Import.Status.IMPORTING: run_import,
    Import.Status.ROLLING_BACK: roll_back_import,
}


def _report_progress(source_import: Import, total: int, done: int) -> None:
    report_progress(import_progress_task_name(source_import), min(done, total), total)


def _import_file(
    source_import: Import, rows: list[NumberedRow], result: CheckResult, at: datetime, *, dry: bool = False
) -> ImportSession:
    """Add the new cities of the file, then apply its rows. Rows of excluded or open places are skipped."""
    run = ImportSession(
        actor=permissions_of(source_import.by, via=IMPORT_JOURNAL_VIA),
        action_time=at,
        reason=source_import.reason,
        only_new=source_import.only_new,
        is_dry_run=dry,
        skips_repeated_rows=True,
        # Each row counts twice: it is checked first, and entered only after all rows are checked.
        report_progress=partial(_report_progress, source_import, source_import.rows * (1 if dry else 2)),
    )
    included_rows = resolved_rows(source_import.table, rows, {place.key: place for place in result.places})
    result.left_out = len(rows) - len(included_rows)
    _add_places(places_to_add(source_import.table, included_rows, result.places), run)
    FILE_KINDS[source_import.table].import_rows(included_rows, run)
    return run


def _add_places(places: list[tuple[int, ImportPlace]], run: ImportSession) -> None:
    """Add the new cities, or only keep them in `run.pending` in a dry run. Each has the number of its first row."""
    new_cities: list[City] = []
    for number, place in places:
        try:
            new_cities.append(build_city(place.slug, new_place_facts(place), run.actor))
        except Refused as refused:
            run.faults.append(RowError(number, "", refused.message))
    for number, city in enumerate(new_cities, start=1):
        city.pk = -number if run.is_dry_run else None
    run.pending_cities = {city.slug: city for city in new_cities} if run.is_dry_run else {}
    if not run.is_dry_run:
        for batch in batched(new_cities, BATCH_SIZE):
            add_cities(batch, **run.action_arguments)
