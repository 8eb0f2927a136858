"""The text of PDF files: read once, in a separate process; a file without text has an empty one."""

import runpy
import sys

import pytest

from tests.workflow import files
from tests.worlds import cities
from tests.worlds.cities import powers_for
from workflow.clock import real_now
from workflow.sandbox import pdf_text
from workflow.sandbox.pdf_text import MAX_PAGES, MAX_TEXT_LENGTH, read_text
from workflow.uploads import pdf_texts
from workflow.uploads.actions import accept_upload, check_file
from workflow.uploads.pdf_texts import text_of
from workflow.uploads.storage import stored_path


@pytest.fixture
def store_clean_file(db, settings, tmp_path):
    """Return a function that uploads bytes and checks them."""
    settings.MEDIA_ROOT = tmp_path
    city = cities.city("burnaby")
    by = powers_for(cities.member("officer", city))

    def kept(data, name):
        file = accept_upload(city, files.upload(data, name), by=by, at=real_now())
        return check_file(file, at=real_now())

    return kept


def test_text_of_a_pdf_is_read_once(store_clean_file, monkeypatch):
    file = store_clean_file(files.pdf_saying("COMMERCIAL INVOICE", "No. 7"), "a.pdf")
    assert text_of(file).split() == ["COMMERCIAL", "INVOICE", "No.", "7"]
    monkeypatch.setattr(pdf_texts, "run_parser", None)
    assert text_of(file).startswith("COMMERCIAL INVOICE")


def test_file_without_text_has_an_empty_text(store_clean_file):
    assert text_of(store_clean_file(files.pdf(), "scan.pdf")) == ""
    assert text_of(store_clean_file(files.picture("PNG"), "photo.png")) == ""
    broken = store_clean_file(b"%PDF-1.7 broken", "broken.pdf")
    assert (broken.status, text_of(broken)) == ("rejected", "")


def test_lost_or_unreadable_file_has_an_empty_text(store_clean_file, monkeypatch):
    file = store_clean_file(files.pdf_saying("COMMERCIAL INVOICE"), "a.pdf")
    monkeypatch.setattr(pdf_texts, "run_parser", lambda *_told: {"refused": "unreadable"})
    assert text_of(file) == ""
    lost = store_clean_file(files.pdf_saying("PACKING LIST"), "b.pdf")
    stored_path(lost.stored).unlink()
    assert text_of(lost) == ""


def test_text_is_read_from_the_first_pages_up_to_a_limit(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(files.pdf_saying("A" * 50, *["B" * 50] * 30))
    assert read_text(source, target)["characters"] <= MAX_TEXT_LENGTH
    assert target.read_text().startswith("A" * 50)
    source.write_bytes(files.pdf(pages=MAX_PAGES + 1))
    assert read_text(source, target)["characters"] < MAX_TEXT_LENGTH


def test_text_parser_runs_as_a_program(tmp_path, monkeypatch, capsys):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(files.pdf_saying("PACKING LIST"))
    monkeypatch.setattr("workflow.sandbox.limits.apply_limits", lambda: None)
    monkeypatch.setattr(sys, "argv", ["pdf_text", str(source), str(target)])
    runpy.run_path(pdf_text.__file__, run_name="__main__")
    assert capsys.readouterr().out.startswith('{"ok": true')
