"""PDF/A files of generated documents, with their QR codes and fingerprints. Writes nothing.

The words are blocks of plain text, the same in each language of the document (content.py). This module
hashes them and prints them with the template for their kind of document (letter, certificate, labels or sheet).
"""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from procurement.documents.models.generated_documents import GeneratedDocument, GeneratedDocumentFile
from workflow.journal.entries import history_of
from workflow.pdf import rendering
from workflow.pdf.rendering import RenderedPDF, qr_svg

type Content = dict[str, Any]
type Figures = dict[str, Any]
FREEZE_VERB = "freeze"  # verb of the journal entry that creates a document
VERIFICATION_CODE_BYTES = 12  # 96 bits: a document cannot be found by guessing
# Templates by kind of document. All other kinds are printed as sheets.
TEMPLATE_BY_KIND = {
    **dict.fromkeys(
        (
            GeneratedDocument.Kind.OFFER_LETTER,
            GeneratedDocument.Kind.ACCEPTANCE_LETTER,
            GeneratedDocument.Kind.THANKS_LETTER,
        ),
        "generated_letter",
    ),
    **dict.fromkeys(
        (GeneratedDocument.Kind.DONATION_CERTIFICATE, GeneratedDocument.Kind.THANKS_CERTIFICATE),
        "generated_certificate",
    ),
    **dict.fromkeys(
        (GeneratedDocument.Kind.CARTON_LABELS, GeneratedDocument.Kind.PALLET_LABELS), "generated_labels"
    ),
}


def new_verification_code() -> str:
    """Return a random code for a QR that cannot be guessed."""
    return secrets.token_hex(VERIFICATION_CODE_BYTES)


def verification_url(code: str) -> str:
    """Return the full address of the page that shows a document to be genuine, for printing."""
    return settings.BASE_URL + reverse("verify_document", args=[code])


def content_hash(content: Content, figures: Figures) -> str:
    """Return the SHA-256 of a document's words and figures. The order of the JSON keys does not matter."""
    whole = {"words": content, "figures": figures}
    return hashlib.sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def render_pdf(kind: str, content: Content, *, fingerprint: str, url: str, at: datetime) -> RenderedPDF:
    """Return the document as PDF/A. The same words and moment give the same bytes."""
    data = {**content, "fingerprint": fingerprint, "url": url, "qr": qr_svg(url)}
    if "labels" in content:
        data["labels"] = [
            {**label, "qr": qr_svg(f"{url}?box={label['reference']}")} for label in content["labels"]
        ]
    return rendering.render(
        TEMPLATE_BY_KIND.get(GeneratedDocument.Kind(kind), "generated_sheet"), data, at=at
    )


def is_unchanged(document: GeneratedDocument) -> bool:
    """Return True if a document's words, figures and file are still those that were frozen.

    They are compared with the hashes in the document's own row and with those in the journal entry that
    froze it. A person who changes the row could also change its hashes, but the journal is sealed.
    """
    entry = history_of(document).filter(verb=FREEZE_VERB).first()
    one = GeneratedDocumentFile.objects.filter(document=document).first()
    if entry is None or one is None:
        return False
    now = (content_hash(one.words, document.figures), hashlib.sha256(bytes(one.pdf)).hexdigest())
    return (
        now
        == (document.sha256, document.file_sha256)
        == (
            entry.after["sha256"],
            entry.after["file_sha256"],
        )
    )
