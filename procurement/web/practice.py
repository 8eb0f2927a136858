"""What only a practice instance has: the next morning, and every mail as it was sent, since none goes outside."""

from dataclasses import dataclass
from email.message import EmailMessage

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
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
    sent: str
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
    """Every mail of this practice instance, newest first, as it was sent."""
    if not clock.is_practice():
        raise Http404
    return show(request, "practice/outbox.html", {"mails": [_read(mail) for mail in outbox.newest(NEWEST)]})


def _read(message: EmailMessage) -> Mail:
    body = message.get_body(("plain",))
    return Mail(
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sent=str(message["Date"] or ""),
        number=str(message["Message-ID"] or ""),
        text=body.get_content() if body is not None else "",
    )


urlpatterns = [
    path("practice/next-morning/", next_morning, name="next_morning"),
    path("practice/outbox/", mails, name="outbox"),
]
