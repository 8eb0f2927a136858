"""What only a practice instance has: the next morning, and every mail as it was sent, since none goes outside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partners.visit import Visit
from procurement.tasks import live_through
from procurement.web import sent_mail
from workflow import clock
from workflow.clock import is_practice
from workflow.doors.http import show
from workflow.outbox import drawer, ledger, wakeup
from workflow.outbox.drawer import key_of

SIZE = 30
MOST_WAITING = 60
MOST_PAGES = 10_000


@dataclass(frozen=True)
class Attachment:
    """A file that went along."""

    name: str
    kind: str
    size: int


class Mail:
    """A mail as it lies in the drawer, for the page."""

    def __init__(self, message: EmailMessage) -> None:
        self.key = key_of(message)
        self.subject = str(message["Subject"] or "")
        self.to = str(message["To"] or "")
        dated = message["Date"]
        self.sent: datetime | None = dated.datetime if dated is not None else None
        self.headers = [(name, str(value)) for name, value in message.items()]
        self.text = _body(message, "plain")
        self.html = _body(message, "html")
        self.attachments = [
            Attachment(part.get_filename() or "", part.get_content_type(), len(_bytes_of(part)))
            for part in message.iter_attachments()
        ]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes_of(part: EmailMessage) -> bytes:
    """What was attached; a mail inside a mail as its text."""
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else part.as_bytes()


def on_practice[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A page that a real instance does not have."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_practice():
            raise Http404
        return view(*args, **kwargs)

    return guarded


@login_required
@on_practice
@require_POST
def next_morning(request: Visit) -> HttpResponse:
    """Live through the hours until the next 09:00 in Vancouver: the day's reminders go out, by day where they are read."""
    live_through(clock.next_morning())
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


@login_required
@require_safe
def mails(request: Visit) -> HttpResponse:
    """Every mail of a practice instance, newest first, as it was sent, and above them what waits; on a real one its log."""
    if not is_practice():
        return sent_mail.log(request)
    asked = request.GET.get("page", "1")
    number = min(int(asked), MOST_PAGES) if asked.isdecimal() and int(asked) > 0 else 1
    found = drawer.newest((number - 1) * SIZE, SIZE + 1)
    pages = {
        "previous": f"{reverse('outbox')}?page={number - 1}" if number > 1 else "",
        "next": f"{reverse('outbox')}?page={number + 1}" if len(found) > SIZE else "",
    }
    waiting = ledger.waiting(MOST_WAITING) if number == 1 else []
    context = {"mails": [Mail(mail) for mail in found[:SIZE]], "waiting": waiting, **pages}
    return show(request, "practice/outbox.html", context)


@login_required
@on_practice
@require_POST
def send_now(request: Visit, message: UUID) -> HttpResponse:
    """Send one message without waiting for its reader's working hours: nobody is woken by a practice mail."""
    if ledger.hurry(message, clock.now()):
        messages.success(request, _("It is on its way and will stand below in a few seconds."))
    else:
        messages.info(request, _("It has been sent, or taken back, already."))
    wakeup.nudge()
    return HttpResponseRedirect(reverse("outbox"), status=303)


@login_required
@on_practice
@require_safe
def mail_source(_request: Visit, key: str) -> HttpResponse:
    """One mail byte by byte, as a file for a mail program."""
    return _file(_source(key), f"{key[:8]}.eml", "message/rfc822")


@login_required
@on_practice
@require_safe
def mail_attachment(_request: Visit, key: str, number: int) -> HttpResponse:
    """One file that went along with a mail."""
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(_source(key))
    parts = list(message.iter_attachments())
    if number >= len(parts):
        raise Http404
    part = parts[number]
    return _file(_bytes_of(part), part.get_filename() or f"{number}", part.get_content_type())


def _source(key: str) -> bytes:
    found = drawer.source(key)
    if found is None:
        raise Http404
    return found


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


urlpatterns = [
    path("practice/next-morning/", next_morning, name="next_morning"),
    path("messages-sent/", mails, name="outbox"),
    path("practice/outbox/<uuid:message>/send/", send_now, name="send_now"),
    path("practice/outbox/<slug:key>/", mail_source, name="outbox_mail"),
    path("practice/outbox/<slug:key>/<int:number>/", mail_attachment, name="outbox_attachment"),
]
