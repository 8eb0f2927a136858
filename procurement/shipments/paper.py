"""A paper made from the record, on paper: its words become a PDF/A with its QR and fingerprint. Writes nothing.

The words are blocks of plain texts, the same in each of the paper's languages (`gathering.papers`); here they are hashed, given a
code and printed by the template of their family.
"""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from procurement.shipments.models.made import MadePaper, MadePrint
from workflow.journal.entries import history_of
from workflow.papers import codes, printing
from workflow.papers.printing import Paper

type Words = dict[str, Any]
type Figures = dict[str, Any]
FREEZE = "freeze"  # the verb of the entry that a paper begins with
CODE_BYTES = 12  # 96 bits: nobody finds a paper by trying
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # no sign that is read as another one
SHORT = 12  # of them: 59 bits, and tries are counted
# Which template prints which papers; all others are sheets.
TEMPLATES = {
    **dict.fromkeys((MadePaper.Kind.OFFER, MadePaper.Kind.ACCEPTANCE, MadePaper.Kind.THANKS), "made_letter"),
    **dict.fromkeys((MadePaper.Kind.GIFT, MadePaper.Kind.THANKS_CERTIFICATE), "made_certificate"),
    **dict.fromkeys((MadePaper.Kind.CARTONS, MadePaper.Kind.PALLETS), "made_labels"),
}


def new_code() -> str:
    """A code that nobody finds by trying, for a QR."""
    return secrets.token_hex(CODE_BYTES)


def short_code() -> str:
    """A code that nobody finds by trying, and everybody can type: for a shipment's public page."""
    return "".join(secrets.choice(SIGNS) for _sign in range(SHORT))


def where(code: str) -> str:
    """Where the public page of a shipment of this code stands; whole, to be printed."""
    return settings.BASE_URL + reverse("whereabouts", args=[code])


def address(code: str) -> str:
    """Where a paper of this code is shown to be genuine; whole, to be printed."""
    return settings.BASE_URL + reverse("made_paper_check", args=[code])


def hashed(said: Words, figures: Figures) -> str:
    """The SHA-256 of what a paper says, however the database orders it."""
    whole = {"words": said, "figures": figures}
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def printed(kind: str, said: Words, *, fingerprint: str, url: str, at: datetime) -> Paper:
    """A paper as PDF/A. The same words and moment give the same bytes."""
    data = {**said, "fingerprint": fingerprint, "url": url, "qr": codes.qr(url)}
    if "labels" in said:
        data["labels"] = [
            {**label, "qr": codes.qr(f"{url}?box={label['reference']}")} for label in said["labels"]
        ]
    return printing.make(TEMPLATES.get(MadePaper.Kind(kind), "made_sheet"), data, at=at)


def is_unchanged(made: MadePaper) -> bool:
    """Whether a paper still says what it said as it was made, and its file still is the one that was printed.

    By its own row and by the entry that froze it: whoever changes a row may change its hashes with it, and the journal is sealed.
    """
    entry = history_of(made).filter(verb=FREEZE).first()
    one = MadePrint.objects.filter(paper=made).first()
    if entry is None or one is None:
        return False
    now = (hashed(one.words, made.figures), hashlib.sha256(bytes(one.pdf)).hexdigest())
    return (
        now
        == (made.sha256, made.file_sha256)
        == (
            entry.after["sha256"],
            entry.after["file_sha256"],
        )
    )
