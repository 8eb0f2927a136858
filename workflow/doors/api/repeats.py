"""A POST sent twice with the same `Idempotency-Key` is done once; the second answer is the first one again."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.doors import idempotency

HEADER = "Idempotency-Key"


def once(view: Any, run: Callable[[], Response]) -> HttpResponse:
    """Do the work of an operation, once for this person and key; as often as it is asked where no key was sent.

    Refuses a key that was used for another request (422) and one whose request is still being worked on (409).
    """
    request: Request = view.request
    key = request.headers.get(HEADER, "")
    if not key:
        return run()

    def answer() -> HttpResponse:
        answered: HttpResponse = view.finalize_response(
            request, run()
        )  # its renderer, so that it can be kept as it is sent
        return answered

    return idempotency.once(request.user.pk, f"api:{key}", _asked(request), answer)


def _asked(request: Request) -> str:
    """What was asked: method, address and body. Of a form with files, the fields and the files' content: its boundary differs."""
    if request.content_type.startswith("multipart/"):
        fields = sorted((name, values) for name, values in request.POST.lists())
        files = [(name, file.name, _digest(file)) for name, file in sorted(request.FILES.items())]
        return idempotency.fingerprint(
            str(request.method), request.get_full_path(), repr(fields), repr(files)
        )
    return idempotency.fingerprint(str(request.method), request.get_full_path(), request.body)


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
