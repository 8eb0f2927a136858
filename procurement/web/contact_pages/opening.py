"""A contact who is signed in opens the pages their links open: a link is made for them on the spot, and followed.

So there is one set of pages and one set of rights for what a contact does, however they came.
"""

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_POST

from accounts.above import link_page
from accounts.actions import links
from accounts.actors import Oneself
from accounts.models import Link, User
from accounts.web.grants import Grant, give
from partners.visit import Visit
from procurement.outreach.models import Inquiry
from procurement.verification.models.checks import VerificationTask
from workflow import clock
from workflow.clock import real_now

DAYS = 1  # it is followed at once; whoever comes back presses the button again


@login_required
@require_POST
def open_answer(request: Visit, reference: str) -> HttpResponse:
    """To the form of a question that was put to this person, or that waits for their word."""
    mine = request.by.contacts
    asked = Inquiry.objects.filter(Q(contact__in=mine) | Q(introducer__in=mine))
    return _open(request, asked, reference)


@login_required
@require_POST
def open_report(request: Visit, reference: str) -> HttpResponse:
    """To the questions of a check that was given to this person."""
    return _open(request, VerificationTask.objects.filter(contact__in=request.by.contacts), reference)


def _open[T: (Inquiry, VerificationTask)](request: Visit, mine: QuerySet[T], reference: str) -> HttpResponse:
    return follow(request.user, get_object_or_404(mine, reference=reference), by=Oneself(request.user))


def follow(
    user: User, thing: Inquiry | VerificationTask, *, by: Oneself, proved: bool = True
) -> HttpResponse:
    """Make a link for this person to this one thing, and follow it. 404 where it was not asked yet, or taken back."""
    label = thing._meta.label_lower
    page = link_page(Link(user=user, thing_label=label, thing_id=thing.pk))
    if page is None:
        raise Http404
    made = links.issue(
        user,
        purpose=Link.Purpose.ANSWER,
        thing_label=label,
        thing_id=thing.pk,
        city_id=thing.city_id,
        days=DAYS,
        by=by,
        at=clock.now(),
        real_at=real_now(),
    )
    answer = HttpResponseRedirect(page.url, status=303)
    give(answer, Grant(made.link, page.url, proved=proved))
    return answer


urlpatterns = [
    path("a/<slug:reference>/open/", open_answer, name="open_answer"),
    path("c/<slug:reference>/open/", open_report, name="open_report"),
]
