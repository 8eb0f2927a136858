"""Hostile PDFs: scripts, actions, attachments, bombs or circular references, and files that are no PDFs."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from tests.workflow import files
from tests.workflow.files import hostile_pdf
from tests.workflow.uploads.hostile.hostile_file import SECRET, Hostile, burst

UNREADABLE = frozenset({"unreadable"})
BURSTS = frozenset({"too_large_inside", "unreadable"})
WORD = SECRET.decode()
SCRIPT = f"app.alert('{WORD}')"


def pdf_page(write: Callable[[Pdf, Any], None], **options: Any) -> bytes:
    """Return a PDF of one page that `write(pdf, page)` adds to."""
    made, out = pikepdf.new(), io.BytesIO()
    write(made, made.add_blank_page())
    made.save(out, **options)
    return out.getvalue()


def pdf_with_catalogue(**facts: Any) -> bytes:
    """Return a PDF with these entries in its catalogue."""

    def write(made: Pdf, _page: Any) -> None:
        for name, value in facts.items():
            made.Root[f"/{name}"] = made.make_indirect(value) if isinstance(value, Dictionary) else value

    return pdf_page(write)


def pdf_with_annotation(subtype: str = "Link", **facts: Any) -> bytes:
    """Return a PDF with an annotation on its page."""

    def write(made: Pdf, page: Any) -> None:
        mark = Dictionary(Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=[0, 0, 90, 90], **facts)
        page.Annots = Array([made.make_indirect(mark)])

    return pdf_page(write)


def action_dictionary(kind: str, **facts: Any) -> Dictionary:
    """Return an action dictionary of this type."""
    return Dictionary(S=Name(f"/{kind}"), **facts)


def pdf_of_raw_objects(*objects: bytes, root: int = 1, extra: bytes = b"") -> bytes:
    """Return a PDF of these raw objects with a correct cross-reference table."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        extra,
        start,
    )


def add_script_to_name_tree(made: Pdf, page: Any) -> None:
    """Add a script to the name tree, and one as the next step of another action."""
    made.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array(["run", action_dictionary("JavaScript", JS=SCRIPT)]))
    )
    page.AA = Dictionary(
        O=action_dictionary("Named", N=Name.NextPage, Next=action_dictionary("JavaScript", JS=SCRIPT))
    )
    chain = action_dictionary(
        "GoTo", D=Array([page.obj, Name.Fit]), Next=Array([action_dictionary("Launch", F=WORD)])
    )
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=chain)])


def add_deep_script(made: Pdf, page: Any) -> None:
    """Add a script behind 130 actions in one object, deeper than the opener searches."""
    chain = action_dictionary("JavaScript", JS=SCRIPT)
    for _ in range(130):
        chain = action_dictionary("GoTo", D=Array([page.obj, Name.Fit]), Next=chain)
    page.Annots = Array(
        [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=chain))]
    )


def add_embedded_file(made: Pdf, _page: Any) -> None:
    """Add an embedded file that a reader shows instead of the page."""
    made.attachments["program.exe"] = b"MZ" + SECRET
    made.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T, D="program.exe")


def add_packed_stream(made: Pdf, _page: Any) -> None:
    """Add a stream that unpacks to 300 MB."""
    made.Root.Big = pikepdf.Stream(made, burst(300))
    made.Root.Big.Filter = Name.FlateDecode


def add_twice_packed_content(made: Pdf, page: Any) -> None:
    """Give the page a content stream that is packed twice and unpacks to 300 MB."""
    page.Contents = pikepdf.Stream(made, zlib.compress(burst(300), 9))
    page.Contents.Filter = Array([Name.FlateDecode, Name.FlateDecode])


def add_huge_picture(made: Pdf, page: Any) -> None:
    """Put a picture of 60,000 by 60,000 pixels on the page."""
    picture = pikepdf.Stream(made, zlib.compress(bytes(1_000)))
    for name, value in {"Type": Name.XObject, "Subtype": Name.Image, "Width": 60_000, "Height": 60_000,
                        "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8, "Filter": Name.FlateDecode}.items():  # fmt: skip
        picture[f"/{name}"] = value
    page.Resources = Dictionary(XObject=Dictionary(P=picture))
    page.Contents = pikepdf.Stream(made, b"q 500 0 0 500 0 0 cm /P Do Q")


def make_page_endless(_made: Pdf, page: Any) -> None:
    """Make the page kilometres wide."""
    page.MediaBox = Array([0, 0, 10**9, 10**9])


PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
ROOT = b"<</Type/Catalog/Pages 2 0 R>>"
OBFUSCATED = b"<</Type/Catalog/Pages 2 0 R/Open#41ction<</S/Java#53cript/J#53(" + SECRET + b")>>>>"
PACKED_OBJECTS = burst(400, b"4 0 5 2 ")

FILES = (
    Hostile("everything.pdf", hostile_pdf()),
    Hostile("runs when opened.pdf", pdf_with_catalogue(OpenAction=action_dictionary("JavaScript", JS=SCRIPT))),
    Hostile("script in names.pdf", pdf_page(add_script_to_name_tree)),
    Hostile("script written otherwise.pdf", pdf_of_raw_objects(OBFUSCATED, PAGES, PAGE)),
    Hostile("script in packed objects.pdf", pdf_page(add_script_to_name_tree, object_stream_mode=pikepdf.ObjectStreamMode.generate)),
    Hostile("starts a program.pdf", pdf_with_annotation(A=action_dictionary("Launch", F=WORD, Win=Dictionary(F="cmd.exe", P=WORD)))),
    Hostile("sends a form.pdf", pdf_with_annotation(A=action_dictionary("SubmitForm", F=f"https://{WORD}.example"))),
    Hostile("fetches data.pdf", pdf_with_annotation(A=action_dictionary("ImportData", F=WORD))),
    Hostile("opens another.pdf", pdf_with_annotation(A=action_dictionary("GoToR", F=WORD, NewWindow=True))),
    Hostile("opens what is inside.pdf", pdf_with_annotation(A=action_dictionary("GoToE", T=Dictionary(R=Name.C, N=WORD)))),
    Hostile("opens another document.pdf", pdf_with_annotation(A=action_dictionary("GoToDp", Dp=WORD))),
    Hostile("reads another's thread.pdf", pdf_with_annotation(A=action_dictionary("Thread", F=WORD, D=0))),
    Hostile("runs a show.pdf", pdf_with_annotation(A=action_dictionary("RichMediaExecute", CMD=Dictionary(C=WORD)))),
    Hostile("script as an address.pdf", pdf_with_annotation(A=action_dictionary("URI", URI=f"JavaScript:{SCRIPT}"))),
    Hostile("a file as an address.pdf", pdf_with_annotation(A=action_dictionary("URI", URI=f"file:///{WORD}"))),
    Hostile("script down a chain.pdf", pdf_page(add_deep_script), UNREADABLE),
    Hostile("a form that runs.pdf", pdf_with_catalogue(AcroForm=Dictionary(XFA=WORD, Fields=Array([])))),
    Hostile("a file on a pin.pdf", pdf_with_annotation("FileAttachment", FS=Dictionary(F=WORD))),
    Hostile("rich.pdf", pdf_with_annotation("RichMedia", RichMediaContent=Dictionary(A=WORD))),
    Hostile("a film.pdf", pdf_with_annotation("Screen", A=action_dictionary("Rendition", JS=SCRIPT))),
    Hostile("a box of files.pdf", pdf_page(add_embedded_file)),
    Hostile("a program behind.pdf", files.pdf() + b"MZ" + SECRET),
    Hostile("an archive behind.pdf", files.pdf() + files.archive(a=SECRET)),
    Hostile("a page before.pdf", b"<html><script>" + SECRET + b"</script></html>" + files.pdf()),
    Hostile("locked.pdf", files.pdf(encryption=pikepdf.Encryption(owner="o", user="u")), frozenset({"password"})),
    Hostile("51 pages.pdf", files.pdf(pages=51), frozenset({"too_many_pages"})),
    Hostile("thousands of pages.pdf", files.pdf(pages=3_000), frozenset({"too_many_pages"})),
    Hostile("no page.pdf", files.pdf(pages=0), UNREADABLE),
    Hostile("lies about its pages.pdf", pdf_of_raw_objects(ROOT, PAGES.replace(b"Count 1", b"Count 99999999"), PAGE)),
    Hostile("pages in a circle.pdf", pdf_of_raw_objects(ROOT, PAGES.replace(b"3 0", b"2 0"), PAGE), UNREADABLE),
    Hostile("table in a circle.pdf", pdf_of_raw_objects(ROOT, PAGES, PAGE, extra=b"/Prev 200")),
    Hostile("no catalogue.pdf", pdf_of_raw_objects(PAGE, PAGES, PAGE), UNREADABLE),
    Hostile("deep.pdf", pdf_of_raw_objects(ROOT[:-2] + b"/D" + b"[" * 5_000 + b"]" * 5_000 + b">>", PAGES, PAGE), UNREADABLE),
    Hostile("packed.pdf", pdf_page(add_packed_stream)),
    Hostile("packed twice.pdf", pdf_page(add_twice_packed_content, compress_streams=False)),  # else pikepdf unpacks one layer
    Hostile("packed objects.pdf", pdf_of_raw_objects(
        ROOT.replace(b"2 0 R", b"4 0 R"), PAGES, PAGE, b"null",
        b"<</Type/ObjStm/N 1/First 8/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(PACKED_OBJECTS), PACKED_OBJECTS),
    ), BURSTS),
    Hostile("a huge picture.pdf", pdf_page(add_huge_picture)),
    Hostile("kilometres.pdf", pdf_page(make_page_endless)),
    Hostile("torn.pdf", files.pdf()[:200], UNREADABLE),
    Hostile("mark alone.pdf", b"%PDF-1.7\n", UNREADABLE),
    Hostile("a page with a mark.pdf", b"%PDF-1.7\n<html><script>alert(1)</script></html>", UNREADABLE),
    Hostile("noise.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 400, UNREADABLE),
)  # fmt: skip
