"""PDF: read whole, freed of what runs, opens, sends or hides, and written anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from workflow.opening.limits import Refuse, main

MOST_PAGES = 50
DEEPEST = 100

# What a PDF may carry that a paper has no need of.
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
# A link may open a page or a letter; any other address runs something or reads a file of the reader's.
HARMLESS_ADDRESSES = ("http:", "https:", "mailto:")
HARMFUL_MARKS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})


def open_pdf(source: Path, target: Path) -> dict[str, Any]:
    """Write a clean copy, and say how many pages it has and what was taken out."""
    try:
        paper = pikepdf.open(source)
    except pikepdf.PasswordError as error:
        raise Refuse("password") from error
    with paper:
        pages = len(paper.pages)
        if pages > MOST_PAGES:
            raise Refuse("too_many_pages")
        if pages == 0:
            raise Refuse("unreadable")
        removed = {name for thing in everything(paper) for name in clean(thing)}
        paper.save(target)
    return {"pages": pages, "removed": sorted(removed)}


def everything(paper: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Each dictionary of the paper, the inner ones too. Refuses what is nested too deep to be looked at."""
    waiting: list[tuple[Any, int]] = [(thing, 0) for thing in paper.objects] + [(paper.trailer, 0)]
    while waiting:
        thing, depth = waiting.pop()
        facts = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if isinstance(facts, pikepdf.Dictionary):
            yield facts
            inner = list(facts.values())
        else:
            inner = list(facts) if isinstance(facts, pikepdf.Array) else []
        deeper = [(part, depth + 1) for part in inner if _stands_inside(part)]
        if deeper and depth >= DEEPEST:
            raise Refuse("unreadable")
        waiting += deeper


def clean(facts: Any) -> set[str]:
    """Take harmful parts out of one dictionary; their names."""
    found = {key for key in HARMFUL_KEYS if key in facts}
    for key in found:
        del facts[key]
    action = str(facts.get("/S", ""))
    harmful = {action} & HARMFUL_ACTIONS | {str(facts.get("/Subtype", ""))} & HARMFUL_MARKS
    if action == "/URI" and not str(facts.get("/URI", "")).lower().startswith(HARMLESS_ADDRESSES):
        harmful.add(action)
    if harmful:
        for key in list(facts.keys()):
            del facts[key]
    return found | harmful


def _stands_inside(part: Any) -> bool:
    """Whether a part stands inside its parent, as against being an object that is met by itself."""
    return isinstance(part, pikepdf.Dictionary | pikepdf.Array) and not part.is_indirect


if __name__ == "__main__":
    main(open_pdf)
