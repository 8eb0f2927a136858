"""The background steps of an import: all rows or none, also after a crash, a wait or a repeat; and their progress."""

from contextlib import contextmanager
from unittest.mock import Mock

import psycopg
import pytest
from django.db import OperationalError, connection

from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.register_import import worker
from partners.register_import.actions.imports import (
    USE_FILE_FACTS_ANSWER,
    answer_open_places,
    match_columns,
    start_import,
)
from partners.register_import.import_session import ImportSession
from partners.register_import.models import ImportPlace
from partners.register_import.reader import read_import
from partners.register_import.worker import process_waiting_imports
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_error_sentences,
    import_lines,
    roll_back_import,
    run_step,
)
from workflow.progress import Progress, read_progress, report_progress

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """A kill of the process, which the code cannot catch."""


def die(*_args, **_facts):
    raise Killed


def test_import_of_a_killed_worker_is_resumed(coordinator_powers, monkeypatch):
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011")
    start_import(batch, by=coordinator_powers, at=NOW)
    monkeypatch.setattr(worker, "record_import_success", die)
    with pytest.raises(Killed):
        process_waiting_imports(NOW)
    batch.refresh_from_db()
    assert (batch.status, TwinningAgreement.objects.count()) == ("importing", 0)
    monkeypatch.undo()
    assert run_step(batch).status == "imported"


def test_import_progress_is_read_by_connection_name(coordinator_powers):
    report_progress("import7", 12, 24_892)
    assert read_progress("import7") == (12, 24_892)
    assert read_progress("import8") is None


def test_two_concurrent_imports_of_one_list_create_no_duplicates(coordinator_powers):
    line = "Burnaby,CA,Nanaimo,CA,sister,2012"
    place = "Nowhere,CA,Burnaby,CA,sister,2013"
    batches = [import_lines(coordinator_powers, AGREEMENT_ROWS, line, place) for _who in range(2)]
    for batch in batches:
        run_step(answer_open_places(batch, USE_FILE_FACTS_ANSWER, by=coordinator_powers, at=NOW))
        start_import(batch, by=coordinator_powers, at=NOW)
    for batch in batches:
        run_step(batch)
    assert [(batch.status, batch.added, batch.same) for batch in batches] == [
        ("imported", 2, 0),
        ("imported", 0, 2),
    ]
    assert City.objects.filter(name_en__in=["Nanaimo", "Nowhere"]).count() == 2
    assert {place.verdict for place in batches[1].places.exclude(name="Burnaby")} == {
        ImportPlace.Verdict.KNOWN
    }
    roll_back_import(batches[1], coordinator_powers)  # it added nothing, so it removes nothing
    assert TwinningAgreement.objects.count() == 2


def test_import_that_crashes_does_not_block_the_next(coordinator_powers, monkeypatch, caplog):
    good, bad = [
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011")
        for _which in range(2)
    ]
    for batch in (bad, good):
        start_import(batch, by=coordinator_powers, at=NOW)
    real = read_import
    monkeypatch.setattr(
        worker, "read_import", lambda batch, sheet: 1 / 0 if batch.pk == bad.pk else real(batch, sheet)
    )
    run_step(bad)
    good.refresh_from_db()
    assert (bad.status, bad.faults, good.status) == ("failed", 1, "imported")
    assert "server log" in import_error_sentences(bad)[0]
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    match_columns(bad, bad.columns, by=coordinator_powers, at=NOW)
    assert run_step(bad).status == "validated"


def test_only_one_import_runs_at_a_time(coordinator_powers):
    with other_connection() as another:
        another.execute("SELECT pg_advisory_lock(%s)", [worker.IMPORT_LOCK_ID])
        batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011")
        assert batch.status == "validating"
        another.execute("SELECT pg_advisory_unlock(%s)", [worker.IMPORT_LOCK_ID])
    assert run_step(batch).status == "validated"


@contextmanager
def other_connection():
    """Open a second connection to the database, as another worker has it."""
    another = connection.copy()
    try:
        with another.cursor() as cursor:
            yield cursor
    finally:
        another.close()


def test_busy_database_leaves_the_import_waiting(coordinator_powers, monkeypatch):
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011")
    start_import(batch, by=coordinator_powers, at=NOW)
    busy = OperationalError()
    busy.__cause__ = psycopg.errors.LockNotAvailable()
    monkeypatch.setattr(worker, "finalize_places", Mock(side_effect=busy))
    with pytest.raises(OperationalError):
        process_waiting_imports(NOW)
    monkeypatch.undo()
    batch.refresh_from_db()
    assert batch.status == "importing"


def test_rollback_interrupted_by_an_error_is_resumed(coordinator_powers, monkeypatch):
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011"),
        coordinator_powers,
    )
    with monkeypatch.context() as broken:
        broken.setattr(worker, "roll_back", Mock(side_effect=ZeroDivisionError))
        assert roll_back_import(batch, coordinator_powers).status == "rolling_back"
    assert run_step(batch).status == "rolled_back"


def test_import_progress_is_reported_every_thousand_rows(coordinator_powers):
    heard = []
    run = ImportSession(actor=coordinator_powers, action_time=NOW, reason="", report_progress=heard.append)
    for number in range(1500):
        run.process_row(number, number, lambda: None)
    run.create_entries(list(range(1500)), lambda *_some, **_who: None)
    assert heard == [1000, 2500, 3000]
    assert Progress(1000, 3000).percent == 33
    assert Progress(0, 0).percent == 0
