"""Pages that a contact opens by link: consent to be asked, stop; see, correct and download their own data."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.links import record_link_use
from accounts.hooks import LinkPage
from accounts.link_sessions import link_required
from accounts.models import ActionLink
from accounts.throttling import EXPORT_LIMIT, throttle
from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from partners.contacts.actions import (
    ContactEdit,
    add_deputy,
    correct_contact,
    opt_in,
    opt_out,
    record_consent,
    remove_deputy,
    resume_city_inquiries,
    set_absence,
)
from partners.contacts.forms import AbsenceForm, AddDeputyForm, ConsentForm, OwnDetailsForm, RemoveDeputyForm
from partners.contacts.models import Contact
from partners.hooks import personal_data
from partners.permissions.permissions import Permissions, permissions_by_link
from partners.place_labels import letterhead_city_label
from workflow import clock
from workflow.clock import real_now
from workflow.errors import LazyText
from workflow.http.edit_forms import locked_for_edit
from workflow.http.pages import render_page, run_action
from workflow.outbox.models import Message


class LinkRequest(AuthenticatedRequest):
    """Request of a person who uses a link. `link_required` sets the attribute `link`."""

    link: ActionLink


def contact_link_page(link: ActionLink) -> LinkPage | None:
    """Return the content of the first page of a contact's link, and the address it leads to.

    Registered with the hook `link_pages` of accounts.
    """
    contact = Contact.objects.filter(pk=link.thing_id).select_related("city", "introduced_by").first()
    if contact is None:
        return None
    if contact.introduced_by is not None:
        asker = letterhead_city_label(contact.introduced_by.name)
    else:
        asker = _("Twinlane, on behalf of the partner cities of %(city)s") % {"city": contact.city.name}
    invited = contact.status == Contact.Status.INVITED
    subject = _("May your city’s partner cities ask you for help?") if invited else _("Your page")
    url = reverse("my_page", args=[contact.pk])
    heading = "" if invited else _thanks_or_news_heading(link)
    return LinkPage(
        requesting_office=asker, subject=subject, heading=heading, continue_url=url, expects_answer=invited
    )


def _thanks_or_news_heading(link: ActionLink) -> LazyText:
    """Return a heading that names the message with the link: a thank-you or an update of a city.

    Empty for a message about the contact's own data, and for a link that was not sent in a message.
    """
    messages = Message.objects.filter(pk=link.message_id) if link.message_id else Message.objects.none()
    message = messages.exclude(thing_label=Contact._meta.label_lower).first()
    if message is None or message.city_id is None:
        return ""
    city = City.objects.filter(pk=message.city_id).first()
    if city is None:
        return ""
    is_thank_you = message.template.endswith("_thanks")
    heading = _("Thank you from the %(city)s") if is_thank_you else _("Update on your help to the %(city)s")
    return heading % {"city": letterhead_city_label(city.name)}


def _contact_of_link(request: LinkRequest, pk: int) -> tuple[Contact, Permissions]:
    """Return the contact of the link and their permissions. 404 for the page of another person."""
    if request.link.thing_id != pk:
        raise Http404
    rows = Contact.objects.filter(user=request.link.user).select_related(
        "user", "city", "organization__city", "introduced_by"
    )
    contact = get_object_or_404(rows, pk=pk)
    return contact, permissions_by_link(request.link.user, contact, ("partners.contact", contact.pk))


@link_required("partners.contact")
def contact_home(request: LinkRequest, pk: int) -> HttpResponse:
    """Redirect to the page for the consent or, if the contact has agreed, to the list of their inquiries."""
    contact, _by = _contact_of_link(request, pk)
    has_agreed = contact.status == Contact.Status.ACTIVE
    return redirect("my_requests" if has_agreed else "agree", pk=contact.pk)


@link_required("partners.contact")
def contact_consent(request: LinkRequest, pk: int) -> HttpResponse:
    """Show the asking city, the stored data and its readers. A POST records the consent or the refusal."""
    contact, by = _contact_of_link(request, pk)
    form = ConsentForm(request.POST if "agree_now" in request.POST else None)
    context = {"contact": contact, "form": form}
    if request.method != "POST":
        return render_page(request, "contacts/portal/agree.html", context)
    if "stop" not in request.POST and not form.is_valid():
        return render_page(request, "contacts/portal/agree.html", context, status=422)
    action = opt_out if "stop" in request.POST else _consent_action(contact)
    return run_action(
        request,
        lambda: _count_use(request, action(contact, by=by, at=clock.now())),
        done=request.path,
        template="contacts/portal/agree.html",
        context=context,
    )


def _consent_action(contact: Contact) -> Any:
    return opt_in if contact.status == Contact.Status.OPTED_OUT else record_consent


def _count_use(request: LinkRequest, contact: Contact) -> Contact:
    """Count a form that a person completed through the link."""
    record_link_use(request.link, real_at=real_now())
    return contact


@link_required("partners.contact", code=True)
def contact_details(request: LinkRequest, pk: int) -> HttpResponse:
    """Show the data about the contact, to read and correct.

    Requires the six-digit code sent to their address.
    """
    contact, by = _contact_of_link(request, pk)
    with locked_for_edit(request, contact):
        return _details_page(request, contact, by)


def _details_page(request: LinkRequest, contact: Contact, by: Permissions) -> HttpResponse:
    data = request.POST if "correct" in request.POST else None
    absence_form = AbsenceForm(request.POST if "away" in request.POST else None, contact)
    form = OwnDetailsForm(data, contact)
    form.thing = absence_form.thing = contact
    deputy_form = AddDeputyForm(request.POST if "name_deputy" in request.POST else None, contact)
    removal_form = RemoveDeputyForm(request.POST if "drop_deputy" in request.POST else None, contact)
    context = {
        "contact": contact,
        "form": form,
        "away": absence_form,
        "deputy": deputy_form,
        "former": removal_form,
        "deputies": contact.deputies.select_related("user"),
        "stopped": City.objects.filter(pk__in=contact.stopped_for) if contact.stopped_for else (),
    }
    resume_form = forms.Form(request.POST if "resume_for_city" in request.POST else None)
    all_forms = (form, absence_form, deputy_form, removal_form, resume_form)
    sent_form = next((candidate for candidate in all_forms if candidate.is_bound), None)
    if sent_form is None or not sent_form.is_valid():
        status = 422 if sent_form else 200
        return render_page(request, "contacts/portal/own_data.html", context, status=status)

    def change() -> Contact:
        if sent_form is absence_form:
            set_absence(contact, absence_form.cleaned_data["until"], by=by, at=clock.now())
        elif sent_form is deputy_form:
            add_deputy(contact, deputy_form.cleaned_data["deputy"], by=by, at=clock.now())
        elif sent_form is removal_form:
            remove_deputy(contact, removal_form.cleaned_data["deputy"], by=by, at=clock.now())
        elif sent_form is resume_form:
            resume_city_inquiries(contact, by=by, at=clock.now())
        else:
            correct_contact(contact, ContactEdit(**form.cleaned_data), by=by, at=clock.now())
        messages.success(request, gettext("Saved."))
        return _count_use(request, contact)

    return run_action(
        request, change, done=request.path, template="contacts/portal/own_data.html", context=context
    )


@link_required("partners.contact", code=True)
@throttle(EXPORT_LIMIT)
def export_data(request: LinkRequest, pk: int) -> HttpResponse:
    """Export all data about the contact as a JSON file."""
    contact, _by = _contact_of_link(request, pk)
    contact_fields = {name: getattr(contact, name) for name in _EXPORTED_FIELDS}
    data = {
        "name": contact.user.name,
        "name_latin": contact.user.name_latin,
        "family_name": contact.user.family_name,
        "email": contact.user.email,
        "language": contact.user.language,
        "time_zone": contact.user.time_zone,
        "mail_returned_since": contact.user.bounced_at,
        "asked_not_to_write_since": contact.user.stopped_at,
        "organization": contact.organization.name_en,
        "city": contact.city.name_en,
        "introduced_by": contact.introduced_by.name_en if contact.introduced_by else None,
        **contact_fields,
        "deputies": [str(deputy) for deputy in contact.deputies.select_related("user").order_by("pk")],
        **personal_data(contact.user),
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="about-me.json"'
    return response


_EXPORTED_FIELDS = (
    "status", "form_of_address", "title", "title_en", "title_fr", "title_zh", "name_order", "languages", "families",
    "checks", "phone", "wechat", "working_from", "working_until",
    "holiday_country", "away_until", "task_limit", "open_questions", "answers", "answer_hours", "answer_times",
    "consent_at", "last_answered_at",
)  # fmt: skip
