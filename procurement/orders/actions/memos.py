"""Making a decision memo: what the record says now is gathered, printed in three languages and frozen. A later one replaces none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.orders import paper
from procurement.orders.gathering.memo import told
from procurement.orders.models.memo import Memo, MemoPrint
from procurement.orders.models.order import Order
from procurement.orders.paper import Words, new_code
from procurement.orders.rules.memos import MAKE
from workflow import numbering
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.journal import seals
from workflow.moves import locked
from workflow.papers.printing import Paper

MOST_MEMOS = 99  # of one order: whoever wants more than that wants its page


def make_memo(order: Order, *, author: User, by: Actor, at: datetime) -> Memo:
    """Freeze what an order rests on as a memo in three languages, each printed once, each with its SHA-256.

    Refuses the memo of a draft, and anybody but who writes or approves the city's orders.
    """
    with transaction.atomic():
        row = locked(order)
        number = row.memos.count() + 1
        if number > MOST_MEMOS:
            raise Refused("too_many", _("%(order)s has as many memos as an order may have.") % {"order": row})
        memo = Memo(
            order=row,
            city=row.city,
            author=author,
            number=number,
            order_status=row.status,
            code=new_code(),
            head=seals.head(),
        )
        refused = MAKE.refusal(by, memo, at)
        if refused is not None:  # before anything is gathered and printed
            raise refused
        numbering.number(memo, at)
        said = told(memo, at=at)
        memo.sha256 = paper.hashed(said)
        prints = {language: _print(memo, words, at) for language, words in said.items()}
        files = {language: one.sha256 for language, one in prints.items()}
        MAKE.start(memo, by=by, at=at, order=row.reference, files=files)
        MemoPrint.objects.bulk_create(
            MemoPrint(memo=memo, language=language, words=said[language], pdf=one.pdf, sha256=one.sha256)
            for language, one in prints.items()
        )
    return memo


def _print(memo: Memo, words: Words, at: datetime) -> Paper:
    return paper.printed(words, fingerprint=memo.fingerprint, url=paper.address(memo.code), at=at)
