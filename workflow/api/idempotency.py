"""Repeated API requests with the same `Idempotency-Key`.

A POST that is sent twice is done once; the second answer repeats the first.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.http import idempotency
from workflow.http.idempotency import run_once

IDEMPOTENCY_KEY_HEADER = "Idempotency-Key"


def run_idempotently(view: Any, run: Callable[[], Response]) -> HttpResponse:
    """Run an operation once for this person and key, and return its answer.

    Without a key, it runs for every request. Refuses a key that was used for another request (422), and a key
    whose request is still running (409).
    """
    request: Request = view.request
    key = request.headers.get(IDEMPOTENCY_KEY_HEADER, "")
    if not key:
        return run()

    def answer() -> HttpResponse:
        answered: HttpResponse = view.finalize_response(
            request, run()
        )  # sets the renderer, so that the stored answer equals the sent one
        return answered

    return run_once(request.user.pk, f"api:{key}", _request_hash(request), answer)


def _request_hash(request: Request) -> str:
    """Return a hash of the request: its method, address and body.

    For a form with files, the fields and the content of the files are hashed, because its boundary differs.
    """
    if request.content_type.startswith("multipart/"):
        fields = sorted((name, values) for name, values in request.POST.lists())
        files = [(name, file.name, _digest(file)) for name, file in sorted(request.FILES.items())]
        return idempotency.request_fingerprint(
            str(request.method), request.get_full_path(), repr(fields), repr(files)
        )
    return idempotency.request_fingerprint(str(request.method), request.get_full_path(), request.body)


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
