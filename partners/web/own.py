"""A contact's own pages, by link: to agree to be asked, and to see, correct, take home and stop what is kept about them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.above import LinkPage
from accounts.actions import links
from accounts.limits import EXPORTS
from accounts.models import Link
from accounts.web.grants import link_required
from accounts.web.home import time_zones
from accounts.web.limited import limited
from partners import above
from partners.actions import people
from partners.actions.people import correct_contact, drop_deputy, go_away, name_deputy, resume_for_city
from partners.labels import town_label
from partners.models.cities import City
from partners.models.people import Contact
from partners.rules.powers import Powers, powers_by_link
from partners.visit import Visit
from partners.web.people import Away, Deputy, Details, FormerDeputy
from workflow import clock
from workflow.clock import real_now
from workflow.doors.editing import editing
from workflow.doors.http import attempt, show
from workflow.errors import Words


class ByLink(Visit):
    """A request that came through a link: `link_required` sets it."""

    link: Link


# The same details, asked of the person themselves.
OWN: dict[str, Words] = {
    "languages": _("Languages you read"),
    "families": _("Products you know"),
    "checks": _("Checks you can make"),
}


class OwnDetails(Details):
    """What only they themselves correct: how they are called, the language they are written to in, and their clock."""

    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=150)
    language = forms.ChoiceField(label=_("We write to you in"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Mail and reminders keep to working hours by this clock."),
    )
    field_order = ("name", "name_order", "title", "language", "time_zone")

    def __init__(self, data: Any, contact: Contact) -> None:
        super().__init__(data, contact)
        for name, label in OWN.items():
            self.fields[name].label = label  # type: ignore[assignment]  # a Promise, as Django's own labels are
        for name in ("name", "language", "time_zone"):
            self.initial[name] = getattr(contact.user, name)


class Agree(forms.Form):
    """A tick nobody sets but a person."""

    agree = forms.BooleanField(label=_("I agree that cities twinned with mine may ask me"))


def link_page(link: Link) -> LinkPage | None:
    """What the first page of a contact's own link says, and where it leads. Named in settings.LINK_PAGES."""
    contact = Contact.objects.filter(pk=link.thing_id).select_related("city", "introduced_by").first()
    if contact is None:
        return None
    if contact.introduced_by is not None:
        asker = town_label(contact.introduced_by.name)
    else:
        asker = _("Twinlane, for the partner cities of %(city)s") % {"city": contact.city.name}
    invited = contact.status == Contact.Status.INVITED
    subject = _("Whether cities twinned with yours may ask you") if invited else _("Your own page")
    url = reverse("my_page", args=[contact.pk])
    return LinkPage(asker=asker, subject=subject, url=url, asks=invited)


def _mine(request: ByLink, pk: int) -> tuple[Contact, Powers]:
    """The contact of the link, and what they may do by it. 404 for anybody else's page."""
    if request.link.thing_id != pk:
        raise Http404
    rows = Contact.objects.filter(user=request.link.user).select_related(
        "user", "city", "organisation__city", "introduced_by"
    )
    contact = get_object_or_404(rows, pk=pk)
    return contact, powers_by_link(request.link.user, contact, ("partners.contact", contact.pk))


@link_required("partners.contact")
def my_page(request: ByLink, pk: int) -> HttpResponse:
    """Where the link leads: to the question whether one may be asked, or to all that was asked of oneself once that is settled."""
    contact, _by = _mine(request, pk)
    settled = contact.status == Contact.Status.ACTIVE
    return redirect("my_things" if settled else "agree", pk=contact.pk)


@link_required("partners.contact")
def agree(request: ByLink, pk: int) -> HttpResponse:
    """Who would like to ask, what is kept and who sees it; a tick and a button agree, another button says no."""
    contact, by = _mine(request, pk)
    form = Agree(request.POST if "agree_now" in request.POST else None)
    context = {"contact": contact, "form": form}
    if request.method != "POST":
        return show(request, "partners/agree.html", context)
    if "stop" not in request.POST and not form.is_valid():
        return show(request, "partners/agree.html", context, status=422)
    act = people.stop if "stop" in request.POST else _agreement(contact)
    return attempt(
        request,
        lambda: _used(request, act(contact, by=by, at=clock.now())),
        done=request.path,
        template="partners/agree.html",
        context=context,
    )


def _agreement(contact: Contact) -> Any:
    return people.resume if contact.status == Contact.Status.STOPPED else people.confirm


def _used(request: ByLink, done: Contact) -> Contact:
    """Count a form that a person completed through the link."""
    links.use(request.link, real_at=real_now())
    return done


@link_required("partners.contact", code=True)
def details(request: ByLink, pk: int) -> HttpResponse:
    """What is kept about the contact, to read and to correct. Behind the six digits sent to their address."""
    contact, by = _mine(request, pk)
    with editing(request, contact):
        return _details(request, contact, by)


def _details(request: ByLink, contact: Contact, by: Powers) -> HttpResponse:
    posted = request.POST if "correct" in request.POST else None
    away = Away(request.POST if "away" in request.POST else None, contact)
    form = OwnDetails(posted, contact)
    form.thing = away.thing = contact
    deputy = Deputy(request.POST if "name_deputy" in request.POST else None, contact)
    former = FormerDeputy(request.POST if "drop_deputy" in request.POST else None, contact)
    context = {
        "contact": contact,
        "form": form,
        "away": away,
        "deputy": deputy,
        "former": former,
        "deputies": contact.deputies.select_related("user"),
        "stopped": City.objects.filter(pk__in=contact.stopped_for) if contact.stopped_for else (),
    }
    allowed = forms.Form(request.POST if "resume_for_city" in request.POST else None)
    sent = next((one for one in (form, away, deputy, former, allowed) if one.is_bound), None)
    if sent is None or not sent.is_valid():
        return show(request, "partners/own.html", context, status=422 if sent else 200)

    def change() -> Contact:
        if sent is away:
            go_away(contact, away.cleaned_data["until"], by=by, at=clock.now())
        elif sent is deputy:
            name_deputy(contact, deputy.cleaned_data["deputy"], by=by, at=clock.now())
        elif sent is former:
            drop_deputy(contact, former.cleaned_data["deputy"], by=by, at=clock.now())
        elif sent is allowed:
            resume_for_city(contact, by=by, at=clock.now())
        else:
            correct_contact(contact, by=by, at=clock.now(), **form.cleaned_data)
        messages.success(request, gettext("Kept."))
        return _used(request, contact)

    return attempt(request, change, done=request.path, template="partners/own.html", context=context)


@link_required("partners.contact", code=True)
@limited(EXPORTS)
def take_home(request: ByLink, pk: int) -> HttpResponse:
    """Everything kept about the contact, as a file a program can read too."""
    contact, _by = _mine(request, pk)
    kept = {name: getattr(contact, name) for name in _KEPT}
    told = {
        "name": contact.user.name,
        "email": contact.user.email,
        "language": contact.user.language,
        "time_zone": contact.user.time_zone,
        "mail_returned_since": contact.user.bounced_at,
        "asked_not_to_write_since": contact.user.stopped_at,
        "organisation": contact.organisation.name_en,
        "city": contact.city.name_en,
        "introduced_by": contact.introduced_by.name_en if contact.introduced_by else None,
        **kept,
        "deputies": [str(deputy) for deputy in contact.deputies.select_related("user").order_by("pk")],
        **above.about(contact.user),
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="about-me.json"'
    return response


_KEPT = (
    "status", "title", "name_order", "languages", "families", "checks", "phone", "wechat", "working_from", "working_until",
    "holiday_country", "away_until", "task_limit", "open_questions", "answers", "answer_hours", "answer_times",
    "consent_at", "last_answered_at",
)  # fmt: skip

urlpatterns = [
    path("me/<int:pk>/", my_page, name="my_page"),
    path("me/<int:pk>/agree/", agree, name="agree"),
    path("me/<int:pk>/details/", details, name="my_details"),
    path("me/<int:pk>/details/about-me.json", take_home, name="my_file"),
]
