"""The word of a partner city's contact, by link, on whether their own contact may be asked: yes, or rather not."""

from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.rules.powers import Powers, powers_by_link
from procurement.outreach.actions import asking
from procurement.outreach.letters import needed
from procurement.outreach.models import Inquiry
from procurement.web.contact_pages.acting import ByLink, closed_to, open_to, too_often
from procurement.web.contact_pages.answer import Remark
from workflow import clock
from workflow.doors.http import attempt, show

by_link = link_required("procurement.inquiry")
TEMPLATE = "contact/introduce.html"


@by_link
def introduce(request: ByLink, reference: str) -> HttpResponse:
    """Who would like to ask whom, and for what. A POST agrees: the question goes out."""
    inquiry, by = _find(request, reference)
    context = {
        "inquiry": inquiry,
        "needed": needed(inquiry.supply_request),
        "moves": open_to(inquiry, by),
        "closed": closed_to(inquiry, "consent", by),
    }
    if request.method != "POST":
        return show(request, TEMPLATE, context)
    return too_often(request) or attempt(
        request,
        lambda: asking.consent(inquiry, by=by, at=clock.now()),
        done=reverse("introduce", args=[reference]),
        template=TEMPLATE,
        context=context,
    )


@by_link
def rather_not(request: ByLink, reference: str) -> HttpResponse:
    """Say “rather not”: one page, one button, a word if one likes."""
    inquiry, by = _find(request, reference)
    form = Remark(request.POST if request.method == "POST" else None)
    context = {"inquiry": inquiry, "form": form, "heading": _("Rather not"), "button": _("Tell the city")}
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: asking.refuse(inquiry, reason=form.cleaned_data["remark"], by=by, at=clock.now()),
        done=reverse("introduce", args=[reference]),
        template="contact/ask.html",
        context=context,
    )


def _find(request: ByLink, reference: str) -> tuple[Inquiry, Powers]:
    """The question of the link, and what its person may do. 404 for any other, and for any other person than the one asked to agree."""
    rows = Inquiry.objects.select_related(
        "introducer__user", "through_city", "city", "supply_request", "contact__user", "contact__city"
    )
    mine = rows.filter(pk=request.link.thing_id, reference=reference, introducer__user=request.link.user_id)
    inquiry = mine.exclude(status=Inquiry.Status.CANCELLED).first()
    if inquiry is None or inquiry.introducer is None:
        raise Http404
    by = powers_by_link(request.link.user, inquiry.introducer, (inquiry._meta.label_lower, inquiry.pk))
    return inquiry, by


urlpatterns = [
    path("i/<slug:reference>/", introduce, name="introduce"),
    path("i/<slug:reference>/rather-not/", rather_not, name="introduce_refuse"),
]
