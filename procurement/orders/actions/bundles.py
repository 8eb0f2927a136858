"""The papers of an order in one file: asked for once, finished or failed by the machine, deleted when its days are over."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction

from accounts.models import User
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.order import Order
from procurement.orders.rules.bundles import AGAIN, ASK, DROP, FAIL, FINISH, KEPT
from workflow.actors import CLOCK, Actor
from workflow.due import work_off
from workflow.moves import locked


class Made(NamedTuple):
    """What was put together: its random name, bytes and hash, how many files are in it, and how much was left out."""

    stored: str
    size: int
    sha256: str
    files: int
    left_out: int


def ask_for_bundle(order: Order, *, author: User, language: str, by: Actor, at: datetime) -> Bundle:
    """Ask for every paper of an order in one file. Whoever asked before gets the same one, at work or ready; one that failed or was
    deleted is put together again. Refuses who may not read the city's orders.
    """
    with transaction.atomic():
        locked(order)  # two who press at once ask once
        known = Bundle.objects.filter(order=order, by=author).first()
        if known is None:
            fresh = Bundle(order=order, city=order.city, by=author, language=language, asked_at=at)
            return ASK.start(fresh, by=by, at=at)
        if known.status in (Bundle.Status.FAILED, Bundle.Status.GONE):
            return ask_again(known, language=language, by=by, at=at)
    return known


def ask_again(bundle: Bundle, *, by: Actor, at: datetime, language: str = "") -> Bundle:
    """Have it put together anew, from what the record holds then. The file that lay there is deleted by whoever keeps the folder."""
    with AGAIN.on(bundle, by=by, at=at) as row:
        _forget(row)
        row.asked_at = at
        row.language = language or row.language
    return bundle


def finish_bundle(bundle: Bundle, made: Made, *, at: datetime) -> Bundle:
    """Keep where the finished file lies, and until when."""
    with FINISH.on(bundle, by=CLOCK, at=at) as row:
        row.ready_at, row.until = at, at + KEPT
        row.stored, row.size, row.sha256 = made.stored, made.size, made.sha256
        row.files, row.left_out = made.files, made.left_out
        row.failure = ""
    return bundle


def fail_bundle(bundle: Bundle, failure: str, *, at: datetime) -> Bundle:
    """Keep why it could not be put together; nothing of it lies anywhere."""
    with FAIL.on(bundle, by=CLOCK, at=at) as row:
        row.failure = failure
    return bundle


def drop_bundle(bundle: Bundle, *, by: Actor, at: datetime) -> Bundle:
    """Delete the file before its days are over, or call the work off."""
    with DROP.on(bundle, by=by, at=at) as row:
        _forget(row)
    return bundle


def forget_bundles(at: datetime) -> int:
    """Files whose days are over: the row says so, and the folder is swept after it; how many."""
    return work_off(Bundle.objects.over(at), partial(drop_bundle, by=CLOCK, at=at))


def _forget(row: Bundle) -> None:
    row.stored, row.size, row.sha256 = "", 0, ""
    row.files, row.left_out, row.failure = 0, 0, ""
    row.ready_at = row.until = None
