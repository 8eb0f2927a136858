"""What only a practice instance has: the next morning, and every mail as it was sent, since none goes outside."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.visit import Visit
from workflow import clock, outbox
from workflow.doors.http import show

NEWEST = 60


@dataclass(frozen=True)
class Mail:
    """A mail as it lies in the drawer."""

    subject: str
    to: str
    sent: datetime | None
    number: str
    text: str


@login_required
@require_POST
def next_morning(request: Visit) -> HttpResponse:
    """Move the practice clock to the next 09:00 in Vancouver and wake the tick: the day's reminders go out."""
    clock.next_morning()
    outbox.nudge()
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if safe else "/")


@login_required
def mails(request: Visit) -> HttpResponse:
    """Every mail of this practice instance, newest first, as it was sent; above them what waits for a decent hour."""
    if not clock.is_practice():
        raise Http404
    sent = [_read(mail) for mail in outbox.newest(NEWEST)]
    return show(request, "practice/outbox.html", {"mails": sent, "waiting": outbox.waiting(NEWEST)})


@login_required
@require_POST
def send_now(request: Visit, message: UUID) -> HttpResponse:
    """Send one message without waiting for its reader's working hours: nobody is woken by a practice mail."""
    if not clock.is_practice():
        raise Http404
    if outbox.hurry(message, clock.now()):
        messages.success(request, _("It is on its way and will stand below in a few seconds."))
    else:
        messages.info(request, _("It has been sent, or taken back, already."))
    outbox.nudge()
    return HttpResponseRedirect(reverse("outbox"), status=303)


def _read(message: EmailMessage) -> Mail:
    body = message.get_body(("plain",))
    dated = message["Date"]
    return Mail(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent=dated.datetime if dated is not None else None,
        number=str(message["Message-ID"] or ""),
        text=body.get_content() if body is not None else "",
    )


urlpatterns = [
    path("practice/next-morning/", next_morning, name="next_morning"),
    path("practice/outbox/", mails, name="outbox"),
    path("practice/outbox/<uuid:message>/send/", send_now, name="send_now"),
]
