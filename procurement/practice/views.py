"""Pages of a practice site: move its clock to the next morning, and read the mails it would have sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import wraps
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners.authenticated_requests import AuthenticatedRequest
from procurement.notifications.views.mail_log import mail_log
from procurement.practice.mail_forms import MailSearchForm
from procurement.tasks import advance_practice_clock
from workflow import clock
from workflow.clock import is_practice
from workflow.http.pages import render_page
from workflow.outbox import file_backend, queue
from workflow.outbox.file_backend import mail_key, newest_mails
from workflow.worker_trigger import trigger_worker

PAGE_SIZE = 30
MAX_WAITING_MAILS = 60
MAX_PAGES = 10_000
MAX_MAILS_SEARCHED = 1_000  # of the newest mails; a practice site has a few hundred


@dataclass(frozen=True)
class Attachment:
    """Attached file of a mail."""

    name: str
    content_type: str
    size_bytes: int


class PracticeMail:
    """Stored mail of a practice site, prepared for display."""

    def __init__(self, message: EmailMessage) -> None:
        self.key = mail_key(message)
        self.subject = str(message["Subject"] or "")
        self.to = str(message["To"] or "")
        dated = message["Date"]
        self.sent: datetime | None = dated.datetime if dated is not None else None
        self.headers = [(name, str(value)) for name, value in message.items()]
        self.text = _text_of_part(message, "plain")
        self.html = _text_of_part(message, "html")
        self.attachments = [
            Attachment(part.get_filename() or "", part.get_content_type(), len(_attachment_content(part)))
            for part in message.iter_attachments()
        ]

    @property
    def searchable_text(self) -> str:
        """All text of the mail that the search covers, case-folded."""
        return f"{self.subject} {self.to} {self.text}".casefold()


def _text_of_part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _attachment_content(part: EmailMessage) -> bytes:
    """Return the content of an attachment; an attached mail is returned as its source text."""
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else part.as_bytes()


def practice_only[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Return the view, changed so that it gives 404 on a real site."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_practice():
            raise Http404
        return view(*args, **kwargs)

    return guarded


@login_required
@practice_only
@require_POST
def advance_clock_to_morning(request: AuthenticatedRequest) -> HttpResponse:
    """Move the practice clock to the next 09:00 in Vancouver, and run everything due on the way.

    The clock moves a few hours at a step, so that each reminder goes out in the daytime of its recipient.
    """
    advance_practice_clock(clock.next_morning())
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


@login_required
@require_safe
def practice_mail_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the mails of a practice site that match the search, newest first.

    Mails that wait to be sent come before those that were sent.

    On a real site, show the log of sent mail instead.
    """
    if not is_practice():
        return mail_log(request)
    form = MailSearchForm(request.GET)
    words = form.cleaned_data["q"].casefold().split() if form.is_valid() else []
    asked = request.GET.get("page", "1")
    number = min(int(asked), MAX_PAGES) if asked.isdecimal() and int(asked) > 0 else 1
    if words:
        every = (PracticeMail(mail) for mail in newest_mails(0, MAX_MAILS_SEARCHED))
        found = [mail for mail in every if all(word in mail.searchable_text for word in words)]
        found = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE + 1]
    else:
        found = [PracticeMail(mail) for mail in newest_mails((number - 1) * PAGE_SIZE, PAGE_SIZE + 1)]
    query = f"&{urlencode({'q': form.cleaned_data['q']})}" if words else ""
    context = {
        "filters": form,
        "mails": found[:PAGE_SIZE],
        "waiting": queue.planned_messages(MAX_WAITING_MAILS) if number == 1 and not words else [],
        "previous": f"{reverse('outbox')}?page={number - 1}{query}" if number > 1 else "",
        "next": f"{reverse('outbox')}?page={number + 1}{query}" if len(found) > PAGE_SIZE else "",
    }
    return render_page(request, "practice/outbox.html", context)


@login_required
@practice_only
@require_safe
def practice_mail_detail(request: AuthenticatedRequest, key: str) -> HttpResponse:
    """Show one mail of a practice site as it was sent."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(_read_source(key))
    return render_page(request, "practice/mail.html", {"mail": PracticeMail(message)})


@login_required
@practice_only
@require_POST
def send_message_now(request: AuthenticatedRequest, message: UUID) -> HttpResponse:
    """Send a waiting message at once, without regard to the recipient's working hours."""
    if queue.send_now(message, clock.now()):
        messages.success(request, _("The message is being sent. It will appear below in a few seconds."))
    else:
        messages.info(request, _("The message has already been sent or cancelled."))
    trigger_worker()
    return HttpResponseRedirect(reverse("outbox"), status=303)


@login_required
@practice_only
@require_safe
def mail_source(_request: AuthenticatedRequest, key: str) -> HttpResponse:
    """Return the source of a mail as an .eml file for a mail program."""
    return _download(_read_source(key), f"{key[:8]}.eml", "message/rfc822")


@login_required
@practice_only
@require_safe
def mail_attachment(_request: AuthenticatedRequest, key: str, number: int) -> HttpResponse:
    """Return one attached file of a mail."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(_read_source(key))
    parts = list(message.iter_attachments())
    if number >= len(parts):
        raise Http404
    part = parts[number]
    return _download(_attachment_content(part), part.get_filename() or f"{number}", part.get_content_type())


def _read_source(key: str) -> bytes:
    found = file_backend.mail_source(key)
    if found is None:
        raise Http404
    return found


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
