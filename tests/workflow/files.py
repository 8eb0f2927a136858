"""Files for tests, made here: good ones, and ones that try something."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.TiffImagePlugin import IFDRational


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """As a browser sends it; its own word about its type is worth nothing."""
    return SimpleUploadedFile(name, data, content_type="text/plain")


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new(mode, size, 100 if mode in "LP" else None).save(out, format=kind, **options)
    return out.getvalue()


def photo_with_a_place() -> bytes:
    """As a phone makes it: lying on its side, with the place and the device."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (IFDRational(22, 1), IFDRational(31, 1), IFDRational(0, 1))
    return picture(exif=exif, comment=b"SecretComment") + b"<script>appended</script>"


def pdf(pages: int = 1, **options: Any) -> bytes:
    """A paper of empty pages."""
    out = io.BytesIO()
    paper = pikepdf.new()
    for _ in range(pages):
        paper.add_blank_page()
    paper.save(out, **options)
    return out.getvalue()


def hostile_pdf() -> bytes:
    """With a script that runs when opened, a launch in an annotation, an embedded file and a form that sends itself."""
    out = io.BytesIO()
    paper = pikepdf.new()
    page = paper.add_blank_page()
    run = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('SecretScript')")
    paper.Root.OpenAction = paper.make_indirect(run)
    paper.Root.AA = pikepdf.Dictionary(WC=run)
    launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="SecretProgram.exe")
    mark = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=launch)
    movie = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Movie, Rect=[0, 0, 9, 9])
    page.Annots = pikepdf.Array([mark, paper.make_indirect(movie)])
    paper.attachments["SecretAttachment.txt"] = b"SecretPayload"
    paper.save(out)
    return out.getvalue()


def xlsx(rows: list[list[Any]]) -> bytes:
    """A workbook of one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def workbook(write: Callable[[Any, Any], None]) -> bytes:
    """A workbook of one sheet that `write(book, sheet)` fills."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet())
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    """A zip with these entries; `__` in a name stands for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()
