"""Action that creates a decision memo: collects the data behind an order, renders it in three languages, stores it.

A later memo does not replace an earlier one.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from procurement.orders.decision_memos.content.memo import memo_content
from procurement.orders.decision_memos.models import DecisionMemo, DecisionMemoFile
from procurement.orders.decision_memos.pdf import (
    Content,
    content_hash,
    new_verification_code,
    render_pdf,
    verification_url,
)
from procurement.orders.decision_memos.rules import CREATE_MEMO
from procurement.orders.models import Order
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal.hash_chain import chain_head
from workflow.moves import register_action, select_locked
from workflow.numbering import assign_number
from workflow.pdf.rendering import RenderedPDF

MAX_MEMOS = 99  # per order


@register_action(CREATE_MEMO)
def create_memo(order: Order, *, author: ActingUser, by: Actor, at: datetime) -> DecisionMemo:
    """Store the reasons for an order as a memo in three languages, each rendered once with its SHA-256.

    Refuses a draft order, and people who neither write nor approve the city's orders.
    """
    with transaction.atomic():
        row = select_locked(order)
        number = row.decision_memos.count() + 1
        if number > MAX_MEMOS:
            raise Refused(
                "too_many", _("%(order)s has reached the maximum number of memos.") % {"order": row}
            )
        memo = DecisionMemo(
            order=row,
            city=row.city,
            author=author,
            number=number,
            order_status=row.status,
            code=new_verification_code(),
            head=chain_head(),
        )
        refused = CREATE_MEMO.refusal(by, memo, at)
        if refused is not None:  # refuse before the expensive work
            raise refused
        assign_number(memo, at)
        content = memo_content(memo, at=at)
        memo.sha256 = content_hash(content)
        prints = {language: _render_and_store(memo, words, at) for language, words in content.items()}
        files = {language: one.sha256 for language, one in prints.items()}
        CREATE_MEMO.create(memo, by=by, at=at, order=row.reference, files=files)
        DecisionMemoFile.objects.bulk_create(
            DecisionMemoFile(
                memo=memo, language=language, words=content[language], pdf=one.pdf, sha256=one.sha256
            )
            for language, one in prints.items()
        )
    return memo


def _render_and_store(memo: DecisionMemo, words: Content, at: datetime) -> RenderedPDF:
    return render_pdf(words, fingerprint=memo.fingerprint, url=verification_url(memo.code), at=at)
