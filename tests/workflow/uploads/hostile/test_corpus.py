"""Every file of the hostile corpus, parsed in a separate process: refused or made harmless.

No file is taken for another type, and none keeps its payload.
"""

import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.workflow.uploads.hostile.corpus import corpus
from tests.workflow.uploads.hostile.hostile_file import MILLION, SECRET, Hostile, burst
from workflow.uploads.sandbox_client import run_parser

FILES = list(corpus())


def object_contents(paper: pikepdf.Pdf) -> Iterator[bytes]:
    """Yield the content of every object in a PDF, unpacked."""
    for thing in paper.objects:
        yield thing.unparse(resolved=True)
        if isinstance(thing, pikepdf.Stream) and len(thing.read_raw_bytes()) < 100_000:
            yield thing.read_bytes()


def harmless_picture(data: bytes) -> None:
    """Check that a picture has only pixels: no metadata, no text, no second frame, nothing appended."""
    with Image.open(io.BytesIO(data)) as bare:
        assert not bare.getexif()
        assert not set(bare.info) & {"comment", "Comment", "xmp", "XML_adobe", "exif", "icc_profile"}
        assert getattr(bare, "n_frames", 1) == 1


def harmless_paper(data: bytes) -> None:
    """Check that a PDF has no scripts and no attachments."""
    with pikepdf.open(io.BytesIO(data)) as paper:
        assert not paper.attachments
        assert len(paper.pages) <= 50
        if b"/FlateDecode/FlateDecode" not in data:
            assert not [part for part in object_contents(paper) if SECRET in part]


def harmless_table(data: bytes) -> None:
    """Check that a table has only plain values and finite numbers."""
    rows = json.loads(data, parse_constant=pytest.fail)
    assert all(isinstance(cell, str | int | float | bool) for row in rows for cell in row)


HARMLESS = {"picture": harmless_picture, "pdf": harmless_paper, "table": harmless_table}


def test_hostile_file_corpus_has_at_least_60_distinct_files():
    assert len({file.name for _opener, file in FILES}) == len(FILES) >= 60


@pytest.mark.parametrize(("opener", "file"), FILES, ids=[file.name for _opener, file in FILES])
def test_each_hostile_file_is_made_harmless_or_refused(opener: str, file: Hostile, tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(file.data)
    answer = run_parser(opener, source, target)
    if file.passes:
        assert answer["ok"], answer
        left = target.read_bytes()
        assert opener == "table" or SECRET not in left
        HARMLESS[opener](left)
    else:
        assert answer["refused"] in file.ends


def test_zlib_bomb_unpacks_to_the_requested_size():
    assert zlib.decompress(burst(3, b"4 0 5 2 ")) == b"4 0 5 2 " + bytes(3 * MILLION)


def test_harmlessness_check_fails_for_an_untreated_hostile_file(tmp_path):
    """The checks fail for files that were not cleaned."""
    for opener, name in (
        ("picture", "hidden words.png"),
        ("pdf", "starts a program.pdf"),
        ("pdf", "a box of files.pdf"),
    ):
        (data,) = (file.data for _opener, file in FILES if file.name == name)
        with pytest.raises(AssertionError):
            HARMLESS[opener](data)
