"""Previews of file pages: drawn once, in a separate process, within limits.

A page that cannot be drawn has no picture.
"""

import io
import json
import os
import resource
import runpy
import sys
import time

import pikepdf
import pytest
from PIL import Image

from tests.workflow import files
from tests.workflow.files import hostile_pdf
from tests.worlds import cities
from tests.worlds.cities import powers_for
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.sandbox import preview
from workflow.sandbox.limits import ParserRefused
from workflow.sandbox.preview import draw_preview
from workflow.uploads import previews
from workflow.uploads.actions import accept_upload, check_file
from workflow.uploads.models import File
from workflow.uploads.previews import PreviewBusy, _folder, delete_old_previews
from workflow.uploads.sandbox_client import run_parser
from workflow.uploads.storage import stored_path


@pytest.fixture
def draw(tmp_path):
    """Return a function that draws a page of a file and returns the picture."""

    def drawn(data, width=560, number=1, small=True):
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(data)
        draw_preview(source, target, width, number, small=small)
        return Image.open(io.BytesIO(target.read_bytes()))

    return drawn


def pdf_of(*sizes):
    """Return a PDF with a page of each size, in points."""
    with pikepdf.new() as paper:
        for size in sizes:
            paper.add_blank_page(page_size=size)
        out = io.BytesIO()
        paper.save(out)
    return out.getvalue()


def test_pdf_page_is_drawn_in_the_requested_width(draw):
    picture = draw(pdf_of((595, 842), (842, 595)), number=2)
    assert (picture.format, picture.size) == ("WEBP", (560, 396))
    assert draw(pdf_of((595, 842)), width=1600, small=False).width == 1600


def test_preview_image_is_reduced_but_never_enlarged(draw):
    assert draw(files.picture("JPEG", (1200, 900))).size == (560, 420)
    assert draw(files.picture("PNG", (40, 30))).size == (40, 30)
    clear = draw(files.picture("PNG", (40, 30), "RGBA")).convert("RGB")
    assert min(clear.getpixel((1, 1))) > 250


def test_preview_of_a_very_tall_page_stays_within_bounds(draw):
    picture = draw(pdf_of((20, 14_000)))
    assert picture.height <= 560 * preview.MAX_HEIGHT_RATIO
    assert picture.width < 560


@pytest.mark.parametrize(
    ("data", "number"), [(pdf_of((595, 842)), 2), (pdf_of((595, 842)), 0), (files.picture(), 2)]
)
def test_missing_page_cannot_be_drawn(draw, data, number):
    with pytest.raises(ParserRefused):
        draw(data, number=number)


def test_image_with_too_many_pixels_is_refused_before_decoding_for_preview(draw, monkeypatch):
    monkeypatch.setattr(preview, "MAX_PIXELS", 100)
    with pytest.raises(ParserRefused):
        draw(files.picture("PNG", (40, 30)))


@pytest.mark.parametrize("data", [b"%PDF-1.7 broken", b"", b"nothing", files.pdf()[:300], hostile_pdf()])
def test_preview_process_refuses_broken_files_without_crashing(tmp_path, data):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(data)
    answer = run_parser("preview", source, target, "560", "1", "small")
    assert answer.get("ok") is True or answer["refused"] == "unreadable"


def test_preview_process_sets_resource_limits_before_drawing(tmp_path, monkeypatch, capsys):
    given_up = {}
    monkeypatch.setattr(resource, "setrlimit", given_up.__setitem__)  # else the limits would stay
    (tmp_path / "in").write_bytes(pdf_of((595, 842)))
    line = ["opener", str(tmp_path / "in"), str(tmp_path / "out"), "560", "1", "small"]
    monkeypatch.setattr(sys, "argv", line)
    runpy.run_path(preview.__file__, run_name="__main__")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "width": 560, "height": 793}
    assert len(given_up) == 5


def a_page_that_is_a_bomb():
    """Return a PDF of a few bytes whose only page is a picture of 60,000 by 60,000 pixels."""
    with pikepdf.new() as paper:
        blank = paper.add_blank_page(page_size=(595, 842))
        bomb = paper.make_stream(
            b"\0" * 64,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=60_000,
            Height=60_000,
            BitsPerComponent=8,
            ColorSpace=pikepdf.Name.DeviceRGB,
        )
        blank.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=bomb))
        blank.Contents = paper.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
        out = io.BytesIO()
        paper.save(out)
    return out.getvalue()


def test_decompression_bomb_page_is_drawn_or_refused(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(a_page_that_is_a_bomb())
    answer = run_parser("preview", source, target, "560", "1", "small")
    assert answer.get("ok") is True or "refused" in answer


@pytest.fixture
def store_clean_file(db, settings, tmp_path):
    """Return a function that stores bytes as a clean file."""
    settings.MEDIA_ROOT = tmp_path

    def kept(data, name="licence.pdf"):
        thing = cities.city("burnaby")
        user = cities.member("officer", thing)
        file = accept_upload(thing, files.upload(data, name), by=powers_for(user), at=real_now())
        return check_file(file, at=real_now())

    return kept


def test_stored_file_knows_its_number_of_pages(store_clean_file):
    assert store_clean_file(pdf_of((100, 100), (100, 100), (100, 100))).pages == 3
    assert store_clean_file(files.picture("PNG"), "a.png").pages == 1


def test_preview_is_drawn_once_and_cached(store_clean_file, monkeypatch):
    file = store_clean_file(pdf_of((595, 842), (595, 842)))
    place = previews.preview(file, 2, "small")
    assert place is not None
    with Image.open(place) as drawn:
        assert (drawn.size, place.stat().st_mode & 0o777) == ((560, 793), 0o600)
    monkeypatch.setattr(previews, "run_parser", lambda *line: pytest.fail("drawn twice"))
    assert previews.preview(file, 2, "small") == place


@pytest.mark.parametrize("number", [0, 3, 99_999])
def test_preview_of_a_missing_page_is_none(store_clean_file, number):
    assert previews.preview(store_clean_file(pdf_of((100, 100), (100, 100))), number, "small") is None


def test_preview_of_an_unchecked_file_is_none(store_clean_file):
    file = store_clean_file(pdf_of((100, 100)))
    file.status = File.Status.CHECKING
    assert previews.preview(file, 1, "small") is None


def test_failed_preview_is_retried_only_after_some_hours(store_clean_file, monkeypatch):
    file, tried = store_clean_file(pdf_of((100, 100))), []

    def falls(*line):
        tried.append(line)
        return {"refused": "unreadable"}

    monkeypatch.setattr(previews, "run_parser", falls)
    assert previews.preview(file, 1, "small") is None
    assert previews.preview(file, 1, "small") is None
    assert len(tried) == 1
    (empty,) = _folder().glob("*-1-small.webp")
    old = time.time() - previews.RETRY_AFTER_SECONDS - 1
    os.utime(empty, (old, old))
    assert previews.preview(file, 1, "small") is None
    assert len(tried) == 2


def test_preview_process_killed_by_its_limits_gives_none(store_clean_file, monkeypatch):
    def dies(*line):
        raise Refused("unreadable", "It cannot be opened.")

    monkeypatch.setattr(previews, "run_parser", dies)
    assert previews.preview(store_clean_file(pdf_of((100, 100))), 1, "small") is None


def test_preview_waits_while_the_maximum_is_being_drawn(store_clean_file):
    file = store_clean_file(pdf_of((100, 100)))
    turns = [_folder() / f"turn-{number}" for number in range(previews.MAX_CONCURRENT_DRAWINGS)]
    for turn in turns:
        turn.touch()
    with pytest.raises(PreviewBusy):
        previews.preview(file, 1, "small")
    old = time.time() - previews.SLOT_TIMEOUT_SECONDS - 1
    os.utime(turns[0], (old, old))  # its holder has died
    assert previews.preview(file, 1, "small") is not None
    assert [turn.exists() for turn in turns] == [False, True]


def test_preview_unused_for_a_month_is_deleted(store_clean_file):
    file = store_clean_file(pdf_of((100, 100)))
    first, second = (previews.preview(file, 1, size) for size in ("small", "large"))
    old = time.time() - previews.PREVIEW_LIFETIME_SECONDS - 1
    os.utime(first, (old, old))
    assert delete_old_previews() == 1
    assert (first.exists(), second.exists()) == (False, True)
    assert stored_path(file.stored).exists()
