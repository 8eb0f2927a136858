"""Idempotent requests: a repeated request gets the first response and is executed only once.

Keys of the API and nonces of forms are in one table, IdempotencyKey, which only this module writes. The key,
the work and the stored answer are one transaction: a process killed half-way leaves neither, and the request
can be repeated.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused
from workflow.http.middleware import wants_problem_document
from workflow.http.models import IdempotencyKey
from workflow.http.refusal_responses import IN_PROGRESS_CODE, KEY_REUSED_CODE

NONCE_FIELD = "nonce"
MAX_KEY_LENGTH = 100
_STORED_HEADERS = ("Content-Type", "Location", "HX-Redirect", "ETag")


class _RollBackResponse(Exception):
    """Exception that carries an answer out of the transaction, which is rolled back with its key."""

    def __init__(self, answer: HttpResponse) -> None:
        self.answer = answer


def new_nonce() -> str:
    """Return a new value for a form's hidden field."""
    return secrets.token_urlsafe(16)


def request_fingerprint(*parts: str | bytes) -> str:
    """Return a hash of the parts of a request. A key is refused if it was used with another hash."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8))
        digest.update(data)
    return digest.hexdigest()


def run_once(user_id: int | None, key: str, asked: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Call `run` once for this person and key, and return its stored answer to every repetition.

    An answer of 400 or above is not kept, and the work of `run` is undone, so the request may be tried again.
    Refuses a key that is too long or was used for something else (422), and a second request while the first
    is still running (409).
    """
    if len(key) > MAX_KEY_LENGTH:
        raise Refused(
            "key_too_long", _("The Idempotency-Key is longer than 100 characters."), header="Idempotency-Key"
        )
    try:
        with transaction.atomic():
            _lock_key(user_id, key)
            known = IdempotencyKey.objects.filter(_own_keys(user_id), key=key).first()
            if known is not None:
                return _replayed_response(known, asked)
            answer = run()
            if answer.status_code >= 400:
                raise _RollBackResponse(answer)
            _store(user_id, key, asked, answer)
            return answer
    except _RollBackResponse as not_kept:
        return not_kept.answer


def once_per_form(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Call `run` once for the nonce in the form, in one transaction; without a nonce, simply call it.

    The form sent again with the same fields gets the first answer. Refuses a form that was already sent with
    other fields: its author went back and changed it, and should open it again.
    """
    nonce = request.POST.get(NONCE_FIELD, "")
    if not nonce:
        with transaction.atomic():
            return run()
    user_id = getattr(getattr(request, "user", None), "pk", None)
    try:
        return run_once(user_id, _key_of(nonce), _form_fingerprint(request), run)
    except Refused as refused:
        if refused.code != KEY_REUSED_CODE:
            raise
        message = _("This form has already been sent. Open it again to send another one.")
        raise Refused("form_already_sent", message) from refused


class ReplayFormMiddleware:
    """Middleware that answers a form sent twice with the first answer.

    It does so before a view reads the form. The first submission may have made the same fields wrong (goods
    that were free are promised now), and a person who clicks twice must still get the first answer.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Answer a repeated form, after the middleware that identifies the person and checks their access."""
        return None if wants_problem_document(request) else _stored_response(request)


def _stored_response(request: HttpRequest) -> HttpResponse | None:
    """Return the first answer to a form already sent with the same fields; None for other requests."""
    nonce = request.POST.get(NONCE_FIELD, "") if request.method == "POST" else ""
    if not nonce:
        return None
    user_id = getattr(getattr(request, "user", None), "pk", None)
    known = IdempotencyKey.objects.filter(_own_keys(user_id), key=_key_of(nonce)).first()
    asked = _form_fingerprint(request)
    return _replayed_response(known, asked) if known is not None and known.fingerprint == asked else None


def delete_expired_keys(before: datetime) -> int:
    """Delete keys made before a moment (in the database's time), and return how many.

    A repetition comes within minutes, so keeping keys for a day is enough.
    """
    deleted, _per_model = IdempotencyKey.objects.filter(created_at__lt=before).delete()
    return deleted


def _own_keys(user_id: int | None) -> Q:
    return Q(user=None) if user_id is None else Q(user=user_id)


def _key_of(nonce: str) -> str:
    return f"form:{nonce}"[:MAX_KEY_LENGTH]


def _lock_key(user_id: int | None, key: str) -> None:
    """Hold this key until the transaction ends, or refuse at once if another request holds it."""
    number = int.from_bytes(hashlib.sha256(f"{user_id}:{key}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise Refused(
                IN_PROGRESS_CODE, _("The same request is still being processed. Wait a moment and try again.")
            )


def _replayed_response(known: IdempotencyKey, asked: str) -> HttpResponse:
    if known.fingerprint != asked:
        raise Refused(
            KEY_REUSED_CODE,
            _("This Idempotency-Key has already been used for another request. Use a new one."),
        )
    answer = HttpResponse(known.answer_body, status=known.answer_status, headers=known.answer_headers)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _store(user_id: int | None, key: str, asked: str, answer: HttpResponse) -> None:
    if (
        isinstance(answer, SimpleTemplateResponse) and not answer.is_rendered
    ):  # otherwise it would be rendered only after the view
        answer.render()
    headers = {name: answer[name] for name in _STORED_HEADERS if name in answer}
    IdempotencyKey.objects.create(
        user_id=user_id,
        key=key,
        fingerprint=asked,
        answer_status=answer.status_code,
        answer_headers=headers,
        answer_body=answer.content.decode(),
    )


def _form_fingerprint(request: HttpRequest) -> str:
    """Return a hash of the path, the fields, and the names and sizes of the files.

    The form's protection fields are left out, because they differ each time.
    """
    fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    files = sorted((name, file.name, file.size) for name, files in request.FILES.lists() for file in files)
    return request_fingerprint(request.path, repr(fields), repr(files))
