"""PDF/A file of a decision memo in one language, with its QR code and fingerprint. Writes nothing.

The caller passes the finished text as sections of plain blocks (content/memo.py). This module computes
its hash, makes the code for its QR code, and prints it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from procurement.orders.decision_memos.models import DecisionMemo
from workflow.journal.entries import history_of
from workflow.pdf import rendering
from workflow.pdf.rendering import RenderedPDF, qr_svg

type Content = dict[str, Any]
FREEZE_VERB = "freeze"  # verb of a memo's first journal entry
VERIFICATION_CODE_BYTES = 12  # 96 bits: a memo cannot be found by guessing


def new_verification_code() -> str:
    """Return a random code, which cannot be guessed, for the QR code of a memo."""
    return secrets.token_hex(VERIFICATION_CODE_BYTES)


def verification_url(code: str) -> str:
    """Return the full public address where readers verify the memo with this code, for printing."""
    return settings.BASE_URL + reverse("verify_decision_memo", args=[code])


def content_hash(content: Mapping[str, Content]) -> str:
    """Return the SHA-256 of a memo's text in all languages.

    The order of keys in the database does not matter.
    """
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def render_pdf(content: Content, *, fingerprint: str, url: str, at: datetime) -> RenderedPDF:
    """Return a memo in one language as PDF/A. The same text and time give the same bytes."""
    return rendering.render(
        "memo", {**content, "fingerprint": fingerprint, "url": url, "qr": qr_svg(url)}, at=at
    )


def is_memo_unchanged(memo: DecisionMemo) -> bool:
    """Return True if the memo's text and its printed files are still the same as when it was made.

    The memo's rows are compared with the journal entry of its creation: an attacker could change a row
    together with its hash, but not the sealed journal.
    """
    entry = history_of(memo).filter(verb=FREEZE_VERB).first()
    prints = list(memo.files.order_by("language"))
    files = {one.language: hashlib.sha256(bytes(one.pdf)).hexdigest() for one in prints}
    digest = content_hash({one.language: one.words for one in prints})
    rows = (memo.sha256, {one.language: one.sha256 for one in prints})
    return entry is not None and rows == (digest, files) == (entry.after["sha256"], entry.facts["files"])
