"""Unsolicited offers of a contact, on their own page: a manufacturer they know, or goods to give."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.actions.links import issue_link
from accounts.actors import SelfActor
from accounts.link_sessions import LinkSession, link_required, start_link_session
from accounts.models import ActionLink
from partners.authenticated_requests import AuthenticatedRequest
from partners.contacts.models import Contact
from partners.contacts.working_hours import local_day_of
from partners.permissions.permissions import Permissions, permissions_by_link
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.forms.unsolicited import UnsolicitedOfferForm
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.reached_cities import readable_needs, twin_city_ids
from procurement.portal.link_pages import LinkRequest, throttled_page
from procurement.requests.models import SupplyRequest
from procurement.requests.unwanted_goods.queries import unwanted_among_offered_goods, unwanted_goods_of
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.suppliers import add_supplier, find_by_number
from procurement.suppliers.forms.duplicates import DuplicateForm
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.views.duplicates import duplicate_confirmation_form
from workflow import clock
from workflow.clock import real_now
from workflow.http.pages import render_page, run_action

LINK_VALIDITY_DAYS = 1  # the link is followed at once; a person who comes back creates a new one
TEMPLATE = "portal/unsolicited_offer.html"
HEADINGS = {"maker": _("We know a manufacturer"), "donation": _("We would like to donate")}


@login_required
@require_POST
def open_unsolicited_offer_form(request: AuthenticatedRequest, pk: int, kind: str) -> HttpResponse:
    """Open the form on the own page of a contact who is signed in, by a link created on demand."""
    contact = get_object_or_404(Contact.objects.visible_to(request.by), pk=pk)
    if contact.pk not in request.by.contact_ids:
        raise PermissionDenied
    if kind not in HEADINGS:
        raise Http404
    created = issue_link(
        request.user,
        purpose=ActionLink.Purpose.MY_PAGE,
        thing_label=contact._meta.label_lower,
        thing_id=contact.pk,
        city_id=contact.city_id,
        days=LINK_VALIDITY_DAYS,
        by=SelfActor(request.user),
        at=clock.now(),
        real_at=real_now(),
    )
    query = {"need": request.POST["need"]} if request.POST.get("need") else None
    page = reverse("my_unsolicited_offer", args=[contact.pk, kind], query=query)
    answer = HttpResponseRedirect(page, status=303)
    start_link_session(
        answer, LinkSession(created.link, reverse("my_page", args=[contact.pk]), is_email_code_entered=False)
    )
    return answer


@link_required("partners.contact")
def submit_unsolicited_offer(request: LinkRequest, pk: int, kind: str) -> HttpResponse:
    """Show one of the two short forms, or store the company and the offer. `?need=` names the need it is for."""
    if request.link.thing_id != pk or kind not in HEADINGS:
        raise Http404
    rows = Contact.objects.filter(status=Contact.Status.ACTIVE).select_related("user", "city", "organization")
    contact = get_object_or_404(rows, pk=pk, user=request.link.user)
    need = _find_need(contact, request.GET.get("need", ""))
    form = UnsolicitedOfferForm(
        request.POST if request.method == "POST" else None, contact, gift=kind == "donation", need=need
    )
    cities = twin_city_ids(contact) if need is None else [need.city_id]
    listed = unwanted_goods_of(cities, local_day_of(contact, clock.now()))
    back = reverse("my_requests", args=[pk])
    context: dict[str, Any] = {
        "contact": contact,
        "form": form,
        "need": need,
        "heading": HEADINGS[kind],
        "back": back,
        "listed": listed,
        "by_coordinator": need is None and "city" not in form.fields,
    }
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    duplicate_form = _duplicate_question(request.POST, contact, form)
    city, product = form.receiving_city or contact.city, form.lead_facts["product"]
    context |= {
        "same": duplicate_form,
        "unwanted": unwanted_among_offered_goods([(product, None)], city, clock.now()),
    }
    unanswered = duplicate_form is not None and not duplicate_form.is_valid()
    if unanswered or (context["unwanted"] and "warned" not in request.POST):
        wrong = unanswered and duplicate_form is not None and duplicate_form.is_bound
        return render_page(request, TEMPLATE, context, status=422 if wrong else 200)

    def send() -> None:
        _store_offer(contact, form, duplicate_form, clock.now())
        messages.success(request, gettext("Thank you. Your offer was sent. We will let you know the answer."))

    return throttled_page(request) or run_action(request, send, done=back, template=TEMPLATE, context=context)


def _find_need(contact: Contact, reference: str) -> SupplyRequest | None:
    """Return the need for which the contact offers, or None without one. 404 if they may not read it."""
    if not reference:
        return None
    return get_object_or_404(readable_needs(contact).select_related("city"), reference=reference)


def _company_facts(contact: Contact, form: UnsolicitedOfferForm) -> dict[str, Any]:
    facts = form.cleaned_data
    return {
        "legal_name_local": facts["supplier"],
        "country": contact.city.country,
        "uscc": facts["uscc"],
        "phone": facts["phone"],
        "role": "" if form.gift else Supplier.Role.MAKER,
    }


def _duplicate_question(data: Any, contact: Contact, form: UnsolicitedOfferForm) -> DuplicateForm | None:
    facts = form.cleaned_data
    if find_by_number(facts["uscc"], facts["supplier"]) is not None:
        return None
    return duplicate_confirmation_form(data, Supplier(**_company_facts(contact, form)), strong=True)


def _find_or_add_company(
    contact: Contact,
    form: UnsolicitedOfferForm,
    duplicate_form: DuplicateForm | None,
    by: Permissions,
    at: datetime,
) -> Supplier:
    """Return the listed company of this number or this answer about duplicates, or add the company."""
    known = find_by_number(form.cleaned_data["uscc"], form.cleaned_data["supplier"])
    chosen = duplicate_form.company if duplicate_form is not None else None
    if (found := known or chosen) is not None:
        return found
    return add_supplier(
        **_company_facts(contact, form),
        contact=contact,
        entered_by=contact.user,
        referred_by=[contact.organization.name_en],
        another_because=duplicate_form.cleaned_data["another_because"] if duplicate_form is not None else "",
        by=by,
        at=at,
    )


def _store_offer(
    contact: Contact,
    form: UnsolicitedOfferForm,
    duplicate_form: DuplicateForm | None,
    at: datetime,
) -> SupplierLead:
    """Store the company, unless it is listed, its certificate and the offer, in one transaction."""
    facts, user = form.cleaned_data, contact.user
    by = permissions_by_link(user, contact, ("partners.contact", contact.pk))
    with transaction.atomic():
        supplier = _find_or_add_company(contact, form, duplicate_form, by, at)
        if facts["certificate"] is not None:
            record_shown_certificate(
                supplier,
                facts["certificate"],
                number=facts["certificate_number"],
                entered_by=user,
                contact=contact,
                products=[form.lead_facts["product"]],
                asking_city=form.receiving_city,
                by=by,
                at=at,
            )
        lead = draft_lead(
            form.receiving_city,
            author=user,
            contact=contact,
            supplier=supplier,
            by=by,
            at=at,
            **form.lead_facts,
        )
        return submit_lead(lead, by=by, at=at)
