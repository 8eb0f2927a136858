"""Pages of files as pictures of our own: drawn once, apart, within bounds; and what happens to those that cannot be drawn."""

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

from tests import world
from tests.workflow import files
from tests.workflow.files import hostile_pdf
from tests.world import powers_for
from workflow.clock import real_now
from workflow.documents import checking, pages, receiving
from workflow.documents.checking import open_apart
from workflow.documents.pages import Busy, _folder, forget_old, picture_of
from workflow.documents.store import place_of
from workflow.errors import Refused
from workflow.models.evidence import File
from workflow.opening import page
from workflow.opening.limits import Refuse


@pytest.fixture
def drawn(tmp_path):
    """Draw a page of some bytes; the picture."""

    def drawn(data, width=560, number=1, small=True):
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(data)
        page.draw(source, target, width, number, small=small)
        return Image.open(io.BytesIO(target.read_bytes()))

    return drawn


def pdf_of(*sizes):
    """A PDF with a page of each size, in points."""
    with pikepdf.new() as paper:
        for size in sizes:
            paper.add_blank_page(page_size=size)
        out = io.BytesIO()
        paper.save(out)
    return out.getvalue()


def test_a_page_of_a_pdf_is_drawn_as_wide_as_it_is_wanted(drawn):
    picture = drawn(pdf_of((595, 842), (842, 595)), number=2)
    assert (picture.format, picture.size) == ("WEBP", (560, 396))
    assert drawn(pdf_of((595, 842)), width=1600, small=False).width == 1600


def test_a_picture_is_made_smaller_and_never_larger_and_lies_on_white(drawn):
    assert drawn(files.picture("JPEG", (1200, 900))).size == (560, 420)
    assert drawn(files.picture("PNG", (40, 30))).size == (40, 30)
    clear = drawn(files.picture("PNG", (40, 30), "RGBA")).convert("RGB")
    assert clear.getpixel((1, 1))[0] >= 0


def test_of_a_very_long_strip_the_picture_stays_within_bounds(drawn):
    picture = drawn(pdf_of((20, 14_000)))
    assert picture.height <= 560 * page.TALLEST
    assert picture.width < 560


@pytest.mark.parametrize(
    ("data", "number"), [(pdf_of((595, 842)), 2), (pdf_of((595, 842)), 0), (files.picture(), 2)]
)
def test_a_page_that_is_not_there_is_refused(drawn, data, number):
    with pytest.raises(Refuse):
        drawn(data, number=number)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(drawn, monkeypatch):
    monkeypatch.setattr(page, "MOST_PIXELS", 100)
    with pytest.raises(Refuse):
        drawn(files.picture("PNG", (40, 30)))


@pytest.mark.parametrize("data", [b"%PDF-1.7 broken", b"", b"nothing", files.pdf()[:300], hostile_pdf()])
def test_the_process_answers_whatever_it_is_given_and_never_falls(tmp_path, data):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(data)
    answer = open_apart("page", source, target, "560", "1", "small")
    assert answer.get("ok") is True or answer["refused"] == "unreadable"


def test_what_the_process_does(tmp_path, monkeypatch, capsys):
    given_up = {}
    monkeypatch.setattr(resource, "setrlimit", given_up.__setitem__)  # else this process would be confined
    (tmp_path / "in").write_bytes(pdf_of((595, 842)))
    line = ["opener", str(tmp_path / "in"), str(tmp_path / "out"), "560", "1", "small"]
    monkeypatch.setattr(sys, "argv", line)
    runpy.run_path(page.__file__, run_name="__main__")
    assert json.loads(capsys.readouterr().out) == {"ok": True, "width": 560, "height": 793}
    assert len(given_up) == 5


def a_page_that_is_a_bomb():
    """One page whose only content is a picture of 60,000 by 60,000 pixels, in a few bytes."""
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


def test_a_bomb_harms_nobody(tmp_path):
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(a_page_that_is_a_bomb())
    answer = open_apart("page", source, target, "560", "1", "small")
    assert answer.get("ok") is True or "refused" in answer


@pytest.fixture
def kept(db, settings, tmp_path):
    """A clean file of some bytes."""
    settings.MEDIA_ROOT = tmp_path

    def kept(data, name="licence.pdf"):
        thing = world.city("burnaby")
        user = world.member("officer", thing)
        file = receiving.receive(thing, files.upload(data, name), by=powers_for(user), at=real_now())
        return checking.check(file, at=real_now())

    return kept


def test_a_file_knows_how_many_pages_it_has(kept):
    assert kept(pdf_of((100, 100), (100, 100), (100, 100))).pages == 3
    assert kept(files.picture("PNG"), "a.png").pages == 1


def test_a_page_is_drawn_when_somebody_looks_and_kept(kept, monkeypatch):
    file = kept(pdf_of((595, 842), (595, 842)))
    place = picture_of(file, 2, "small")
    assert place is not None
    with Image.open(place) as drawn:
        assert (drawn.size, place.stat().st_mode & 0o777) == ((560, 793), 0o600)
    monkeypatch.setattr(pages, "open_apart", lambda *line: pytest.fail("drawn twice"))
    assert picture_of(file, 2, "small") == place


@pytest.mark.parametrize("number", [0, 3, 99_999])
def test_a_page_that_the_file_does_not_have_is_not_drawn(kept, number):
    assert picture_of(kept(pdf_of((100, 100), (100, 100))), number, "small") is None


def test_a_file_that_is_not_clean_has_no_pages(kept):
    file = kept(pdf_of((100, 100)))
    file.status = File.Status.CHECKING
    assert picture_of(file, 1, "small") is None


def test_what_cannot_be_drawn_is_let_be_for_some_hours_and_then_tried_again(kept, monkeypatch):
    file, tried = kept(pdf_of((100, 100))), []

    def falls(*line):
        tried.append(line)
        return {"refused": "unreadable"}

    monkeypatch.setattr(pages, "open_apart", falls)
    assert picture_of(file, 1, "small") is None
    assert picture_of(file, 1, "small") is None
    assert len(tried) == 1
    (empty,) = _folder().glob("*-1-small.webp")
    old = time.time() - pages.TRIED_AGAIN_SECONDS - 1
    os.utime(empty, (old, old))
    assert picture_of(file, 1, "small") is None
    assert len(tried) == 2


def test_a_file_that_is_too_much_for_the_process_that_draws_it_has_no_picture(kept, monkeypatch):
    def dies(*line):
        raise Refused("unreadable", "It cannot be opened.")

    monkeypatch.setattr(pages, "open_apart", dies)
    assert picture_of(kept(pdf_of((100, 100))), 1, "small") is None


def test_who_comes_while_others_are_drawn_comes_again(kept):
    file = kept(pdf_of((100, 100)))
    turns = [_folder() / f"turn-{number}" for number in range(pages.MOST_AT_ONCE)]
    for turn in turns:
        turn.touch()
    with pytest.raises(Busy):
        picture_of(file, 1, "small")
    old = time.time() - pages.BUSY_SECONDS - 1
    os.utime(turns[0], (old, old))  # whoever held it died
    assert picture_of(file, 1, "small") is not None
    assert [turn.exists() for turn in turns] == [False, True]


def test_a_page_nobody_looked_at_for_a_month_goes(kept):
    file = kept(pdf_of((100, 100)))
    first, second = (picture_of(file, 1, size) for size in ("small", "large"))
    old = time.time() - pages.KEPT_SECONDS - 1
    os.utime(first, (old, old))
    assert forget_old() == 1
    assert (first.exists(), second.exists()) == (False, True)
    assert place_of(file.stored).exists()
