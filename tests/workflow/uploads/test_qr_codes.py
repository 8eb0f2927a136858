"""QR codes in photos: found once each, also in large, rotated and bright photos.

A file that is no picture or is too large is refused.
"""

import io

import pytest
import segno
from PIL import Image

from tests.workflow.files import picture, upload
from workflow.errors import Refused
from workflow.sandbox import qr_codes
from workflow.sandbox.limits import print_answer
from workflow.sandbox.qr_codes import read_qr_codes
from workflow.uploads.parsers import read_codes

TEXT = "https://twinlane.example/document/abc/?box=CT-2020-0007"


def code(text: str = TEXT, scale: int = 6) -> Image.Image:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=scale)
    return Image.open(out).convert("RGB")


def photo_of(
    *parts: tuple[Image.Image, tuple[int, int]], size: tuple[int, int] = (900, 700), **options
) -> bytes:
    paper = Image.new("RGB", size, (130, 120, 110))
    for part, place in parts:
        paper.paste(part, place)
    out = io.BytesIO()
    paper.save(out, format="JPEG", **options)
    return out.getvalue()


@pytest.fixture
def read(tmp_path):
    def reading(data: bytes):
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(data)
        return print_answer(read_qr_codes, str(source), str(target)), target

    return reading


def test_qr_code_is_read_from_a_photo_in_a_separate_process(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    found = read_codes(upload(photo_of((code().rotate(12, expand=True, fillcolor="white"), (90, 60)))))
    assert found == [TEXT]
    assert not [path for path in (tmp_path / "files").rglob("*") if path.is_file()], "nothing is kept"


def test_small_qr_code_in_a_large_photo_is_found(read):
    answer, target = read(photo_of((code(scale=2), (2_000, 2_500)), size=(3_000, 4_000)))
    assert answer == {"ok": True, "codes": 1}
    assert TEXT in target.read_text(encoding="utf-8")


def test_qr_code_in_a_sideways_photo_is_found(read):
    exif = Image.Exif()
    exif[0x0112] = 6
    answer, _target = read(photo_of((code(), (90, 60)), exif=exif))
    assert answer["codes"] == 1


def test_text_in_several_qr_codes_of_a_photo_is_returned_once(read):
    answer, _target = read(photo_of((code(), (20, 20)), (code(), (460, 20)), (code("other"), (20, 440))))
    assert answer["codes"] == 2
    assert read(picture())[0] == {"ok": True, "codes": 0}


def test_unreadable_or_oversized_photo_is_refused(read, monkeypatch):
    assert read(picture()[:300])[0]["refused"] == "unreadable"
    assert read(picture("GIF"))[0]["refused"] == "unreadable"
    monkeypatch.setattr(qr_codes, "MAX_PIXELS", 100)
    assert read(picture())[0] == {"refused": "too_many_pixels"}


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", picture()[:300], b"hello", b""])
def test_upload_that_is_no_photo_is_refused_with_a_reason(settings, tmp_path, data):
    settings.MEDIA_ROOT = tmp_path / "files"
    with pytest.raises(Refused) as caught:
        read_codes(upload(data))
    assert str(caught.value)
