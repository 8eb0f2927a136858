"""Sandboxed cleaner of PDF files: removes scripts, actions, attachments and hidden parts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from workflow.sandbox.limits import ParserRefused, run_confined

MAX_PAGES = 50
MAX_DEPTH = 100

# Parts of a PDF that a document does not need.
HARMFUL_KEYS = frozenset(
    {"/OpenAction", "/AA", "/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/AF", "/XFA", "/RichMediaContent"}
)
HARMFUL_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/GoToDp",
        "/Thread",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
    }
)
# A link may open a web page or a mail; any other address runs a program or reads a file of the reader.
HARMLESS_URL_SCHEMES = ("http:", "https:", "mailto:")
HARMFUL_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


def clean_pdf(source: Path, target: Path) -> dict[str, Any]:
    """Write a clean copy, and return its number of pages and what was removed."""
    try:
        paper = pikepdf.open(source)
    except pikepdf.PasswordError as error:
        raise ParserRefused("password") from error
    with paper:
        pages = len(paper.pages)
        if pages > MAX_PAGES:
            raise ParserRefused("too_many_pages")
        if pages == 0:
            raise ParserRefused("unreadable")
        removed = {name for thing in all_dictionaries(paper) for name in remove_harmful(thing)}
        paper.save(target)
    return {"pages": pages, "removed": sorted(removed)}


def all_dictionaries(paper: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield each dictionary of the PDF, the inner ones too.

    Refuses a file that is nested too deep to be examined.
    """
    waiting: list[tuple[Any, int]] = [(thing, 0) for thing in paper.objects] + [(paper.trailer, 0)]
    while waiting:
        thing, depth = waiting.pop()
        facts = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if isinstance(facts, pikepdf.Dictionary):
            yield facts
            inner = list(facts.values())
        else:
            inner = list(facts) if isinstance(facts, pikepdf.Array) else []
        deeper = [(part, depth + 1) for part in inner if _is_direct_object(part)]
        if deeper and depth >= MAX_DEPTH:
            raise ParserRefused("unreadable")
        waiting += deeper


def remove_harmful(facts: Any) -> set[str]:
    """Remove the harmful parts of one dictionary, and return their names."""
    found = {key for key in HARMFUL_KEYS if key in facts}
    for key in found:
        del facts[key]
    action = str(facts.get("/S", ""))
    harmful = {action} & HARMFUL_ACTIONS | {str(facts.get("/Subtype", ""))} & HARMFUL_ANNOTATIONS
    if action == "/URI" and not str(facts.get("/URI", "")).lower().startswith(HARMLESS_URL_SCHEMES):
        harmful.add(action)
    if harmful:
        for key in list(facts.keys()):
            del facts[key]
    return found | harmful


def _is_direct_object(part: Any) -> bool:
    """Return True if a part is stored inside its parent, and is not an indirect object."""
    return isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect


if __name__ == "__main__":
    run_confined(clean_pdf)
