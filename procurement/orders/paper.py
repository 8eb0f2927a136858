"""The decision memo on paper: what was gathered becomes a PDF/A in one language, with its QR and fingerprint. Writes nothing.

The words are sections of plain blocks, already in the language and formats of their reader (`gathering.memo`); here they are hashed,
given a code and printed.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from procurement.orders.models.memo import Memo
from workflow.journal.entries import history_of
from workflow.papers import codes, printing
from workflow.papers.printing import Paper

type Words = dict[str, Any]
FREEZE = "freeze"  # the verb of the entry that a memo begins with
CODE_BYTES = 12  # 96 bits: nobody finds a memo by trying


def new_code() -> str:
    """A code that nobody finds by trying, for a QR."""
    return secrets.token_hex(CODE_BYTES)


def address(code: str) -> str:
    """Where a memo of this code is shown to be genuine; whole, to be printed."""
    return settings.BASE_URL + reverse("memo_check", args=[code])


def hashed(said: Mapping[str, Words]) -> str:
    """The SHA-256 of what a memo says in all its languages, however the database orders it."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def printed(said: Words, *, fingerprint: str, url: str, at: datetime) -> Paper:
    """A memo in one language as PDF/A. The same words and moment give the same bytes."""
    return printing.make("memo", {**said, "fingerprint": fingerprint, "url": url, "qr": codes.qr(url)}, at=at)


def is_unchanged(memo: Memo) -> bool:
    """Whether a memo still says what it said as it was made, and each print of it still is the file that was printed.

    By its own rows and by the entry that froze it: whoever changes a row may change its hash with it, and the journal is sealed.
    """
    entry = history_of(memo).filter(verb=FREEZE).first()
    prints = list(memo.prints.order_by("language"))
    files = {one.language: hashlib.sha256(bytes(one.pdf)).hexdigest() for one in prints}
    said = hashed({one.language: one.words for one in prints})
    rows = (memo.sha256, {one.language: one.sha256 for one in prints})
    return entry is not None and rows == (said, files) == (entry.after["sha256"], entry.facts["files"])
