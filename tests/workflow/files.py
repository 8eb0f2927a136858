"""Files for tests, made by code: good ones and hostile ones."""

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
    """Return an upload as a browser sends it, with a wrong content type, which must not matter."""
    return SimpleUploadedFile(name, data, content_type="text/plain")


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new(mode, size, 100 if mode in "LP" else None).save(out, format=kind, **options)
    return out.getvalue()


def photo_with_location() -> bytes:
    """Return a photo as a phone makes it: rotated, with its place and device."""
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90 degrees
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (IFDRational(22, 1), IFDRational(31, 1), IFDRational(0, 1))
    return picture(exif=exif, comment=b"SecretComment") + b"<script>appended</script>"


def pdf(pages: int = 1, **options: Any) -> bytes:
    """Return a PDF of empty pages."""
    out = io.BytesIO()
    paper = pikepdf.new()
    for _ in range(pages):
        paper.add_blank_page()
    paper.save(out, **options)
    return out.getvalue()


def pdf_saying(*lines: str) -> bytes:
    """Return a PDF of one page with these lines of Latin text, from the top down."""
    out = io.BytesIO()
    with pikepdf.new() as paper:
        page = paper.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
        page.Contents = paper.make_stream(f"BT /F1 12 Tf 50 780 Td {shown}ET".encode())
        paper.save(out)
    return out.getvalue()


def hostile_pdf() -> bytes:
    """Return a PDF with scripts, a launch action, a movie and an attachment."""
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
    """Return a workbook of one sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def workbook(write: Callable[[Any, Any], None]) -> bytes:
    """Return a workbook of one sheet that `write(book, sheet)` fills."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet())
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    """Return a zip with these entries; `__` in a name means `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name.replace("__", "/"), data)
    return out.getvalue()
