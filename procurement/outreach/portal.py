"""Pages behind a contact's link: answer an inquiry, or consent to an introduction for a partner city.

The contact needs no account and no password. “I cannot help” and “please ask my colleague” are at the top of
the page, and each is sent with one more tap.
"""

from typing import Any

from django.db.models import F, Q
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from partners.permissions.permissions import Permissions, permissions_by_link
from partners.powers import Power
from procurement.leads.actions.leads import confirm_answer_still_valid
from procurement.leads.forms.contact_offers import OfferForm
from procurement.leads.portal import duplicate_supplier_form, entered_values, receipt_values, store_offer
from procurement.outreach.actions.consents import withdraw_consent
from procurement.outreach.actions.inquiries import forward_inquiry, give_consent, refuse_consent
from procurement.outreach.actions.questions import ask_question
from procurement.outreach.actions.replies import decline_inquiry
from procurement.outreach.forms import (
    AskCityQuestionForm,
    ChooseColleagueForm,
    ConsentForm,
    DeclineRemarkForm,
)
from procurement.outreach.letters import consent_sentence, current_need_description
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.answers import answers_for
from procurement.outreach.queries.letters import asked_products, changed_need_text, changes_since_written
from procurement.outreach.rules.lines import has_lost_its_lines
from procurement.portal.draft_transfer import save_or_open_draft
from procurement.portal.files import files_added_by_contact, files_for_contact
from procurement.portal.history import count_waiting_elsewhere
from procurement.portal.link_pages import (
    LinkRequest,
    add_link_photo,
    open_verbs_of,
    permissions_of_link,
    person_of_link,
    refusal_of_move,
    refusal_status,
    throttled_page,
)
from procurement.requests.rules import is_reconfirmation_overdue
from procurement.requests.unwanted_goods.queries import filter_unwanted, unwanted_goods_of
from procurement.shipments.models import Shipment
from workflow import clock
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status

inquiry_link_required = link_required("procurement.inquiry")


@inquiry_link_required
def answer_inquiry(request: LinkRequest, reference: str) -> HttpResponse:
    """Show the inquiry, the offer form and earlier offers, then the check page, and store the offer.

    Nothing is stored before the contact confirms the check page.
    """
    inquiry, by = _find_inquiry(request, reference)
    form = OfferForm(request.POST or None, inquiry)
    context = _context(request, inquiry, by, form)
    closed = context["closed"]
    if form.is_bound and closed is not None:
        return render_page(
            request,
            "outreach/portal/answer_inquiry.html",
            context | {"refused": closed},
            status=http_status(closed),
        )
    if not form.is_valid():
        return render_page(
            request, "outreach/portal/answer_inquiry.html", context, status=422 if form.is_bound else 200
        )
    if "change" in request.POST:
        return render_page(request, "outreach/portal/answer_inquiry.html", context)
    same = duplicate_supplier_form(request.POST, inquiry, form, strong=True)
    if "confirmed" not in request.POST or (same is not None and not same.is_valid()):
        context |= {"shown": entered_values(form, inquiry.city.day_at(clock.now())), "same": same}
        context["unwanted"] = filter_unwanted(context["unwanted"], form.offered_goods)
        wrong = same is not None and same.is_bound
        return render_page(
            request, "outreach/portal/confirm_offer.html", context, status=422 if wrong else 200
        )
    return throttled_page(request) or run_action(
        request,
        lambda: store_offer(inquiry, person_of_link(request), form, same, by=by, at=clock.now()),
        done=lambda lead: reverse("portal_inquiry_receipt", args=[inquiry.reference, lead.reference]),
        template="outreach/portal/answer_inquiry.html",
        context=context,
    )


def _context(request: LinkRequest, inquiry: Inquiry, by: Permissions, form: OfferForm) -> dict[str, Any]:
    need, today = inquiry.supply_request, inquiry.city.day_at(clock.now())
    shipments = Shipment.objects.filter(lines__order_line__allocation__lead__inquiry=inquiry)
    return {
        "inquiry": inquiry,
        "goods": asked_products(inquiry),
        "introduced": consent_sentence(inquiry),
        "needed_now": changed_need_text(inquiry),
        "changed": changes_since_written(inquiry),
        "answers": answers_for(inquiry),
        "unwanted": unwanted_goods_of([inquiry.city_id], today),
        "unconfirmed": need.reconfirm_by if is_reconfirmation_overdue(need, today) else None,
        "form": form,
        "moves": open_verbs_of(inquiry, by),
        "closed": refusal_of_move(inquiry, "answer", by),
        "offers": [(lead, open_verbs_of(lead, by)) for lead in _offers_of_contact(inquiry)],
        "shipments": shipments.distinct().order_by("pk"),
        "photos": files_added_by_contact(inquiry, person_of_link(request), "portal_inquiry_file"),
        "uploads": files_for_contact(inquiry, "portal_inquiry_file"),
    }


@inquiry_link_required
def answer_confirmation(request: LinkRequest, reference: str, lead: str) -> HttpResponse:
    """Show the offer that was sent with its number, what happens next, and how much else is waiting."""
    inquiry, _by = _find_inquiry(request, reference)
    mine = _offers_of_contact(inquiry).filter(reference=lead).first()
    if mine is None:
        raise Http404
    context = {
        "inquiry": inquiry,
        "lead": mine,
        "sent": [
            (lead, receipt_values(lead))
            for lead in _offers_of_contact(inquiry).filter(created_at=mine.created_at)
        ],
        "elsewhere": count_waiting_elsewhere(person_of_link(request), inquiry),
    }
    return render_page(request, "outreach/portal/offer_receipt.html", context)


@inquiry_link_required
def reaffirm_answer(request: LinkRequest, reference: str) -> HttpResponse:
    """Record that the contact's offers are still valid after the need changed. POST only."""
    inquiry, by = _find_inquiry(request, reference)
    context = _context(request, inquiry, by, OfferForm(None, inquiry))
    if request.method != "POST":
        return render_page(request, "outreach/portal/answer_inquiry.html", context)
    return throttled_page(request) or run_action(
        request,
        lambda: confirm_answer_still_valid(inquiry, by=by, at=clock.now()),
        done=reverse("portal_inquiry", args=[reference]),
        template="outreach/portal/answer_inquiry.html",
        context=context,
    )


@inquiry_link_required
def ask_city(request: LinkRequest, reference: str) -> HttpResponse:
    """Ask the city a question about its need.

    The answer is sent to everyone who was asked, without the name of the contact.
    """
    inquiry, by = _find_inquiry(request, reference)
    form = AskCityQuestionForm(request.POST if request.method == "POST" else None)
    context = {
        "inquiry": inquiry,
        "form": form,
        "heading": _("Ask a question"),
        "about": _("The city may send its answer to everyone it asked. Your name is not mentioned."),
        "button": _("Send question"),
    }
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: ask_question(inquiry, question=form.cleaned_data["question"], by=by, at=clock.now()),
        done=reverse("portal_inquiry", args=[reference]),
        template="portal/short_form.html",
        context=context,
    )


@inquiry_link_required
def decline_inquiry_by_link(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “I cannot help”, with an optional remark."""
    inquiry, by = _find_inquiry(request, reference)
    form = DeclineRemarkForm(request.POST if request.method == "POST" else None)
    context = {"inquiry": inquiry, "form": form, "heading": _("I cannot help"), "button": _("Tell the city")}
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: decline_inquiry(inquiry, remark=form.cleaned_data["remark"], by=by, at=clock.now()),
        done=reverse("portal_inquiry", args=[reference]),
        template="portal/short_form.html",
        context=context,
    )


@inquiry_link_required
def pass_to_colleague(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “please ask my colleague”: a known contact, or a name in a remark for the officer.

    A known contact takes over the inquiry. A remark alone declines it.
    """
    inquiry, by = _find_inquiry(request, reference)
    form = ChooseColleagueForm(
        request.POST if request.method == "POST" else None, inquiry.contact, inquiry.city
    )
    context = {
        "inquiry": inquiry,
        "form": form,
        "heading": _("Please ask my colleague"),
        "button": _("Pass on to colleague"),
    }
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    facts, at = form.cleaned_data, clock.now()

    def act() -> Inquiry:
        if facts["to"] is not None:
            return forward_inquiry(inquiry, to=facts["to"], remark=facts["remark"], by=by, at=at)
        return decline_inquiry(inquiry, remark=facts["remark"], by=by, at=at)

    return throttled_page(request) or run_action(
        request,
        act,
        done=reverse("portal_inquiry", args=[reference]),
        template="portal/short_form.html",
        context=context,
    )


@inquiry_link_required
def save_or_open_answer_draft(request: LinkRequest, reference: str) -> HttpResponse:
    """Keep the draft of an offer under a code, or open it by the code. POST only."""
    inquiry, by = _find_inquiry(request, reference)

    def again(typed: dict[str, Any], refused: Refused | None) -> HttpResponse:
        context = _context(request, inquiry, by, OfferForm(None, inquiry, typed or None))
        return render_page(request, "outreach/portal/answer_inquiry.html", context | {"refused": refused})

    return save_or_open_draft(request, reverse("portal_inquiry", args=[reference]), again)


@inquiry_link_required
def add_answer_photo(request: LinkRequest, reference: str) -> HttpResponse:
    """Store one photo of a licence, a report or the packaging."""
    inquiry, by = _find_inquiry(request, reference)

    def again(refused: Refused | None) -> HttpResponse:
        context = _context(request, inquiry, by, OfferForm(None, inquiry, request.POST.dict()))
        return render_page(
            request,
            "outreach/portal/answer_inquiry.html",
            context | {"refused": refused},
            status=refusal_status(refused),
        )

    return add_link_photo(request, inquiry, by, Power.ANSWER_INQUIRY, again)


def _find_inquiry(request: LinkRequest, reference: str) -> tuple[Inquiry, Permissions]:
    rows = Inquiry.objects.select_related(
        *("contact__user", "contact__city", "contact__organization", "city", "supply_request"),
        *("consent__through_city", "consent__introducer__user", "consent__given_by"),
    )
    inquiry = rows.filter(pk=request.link.thing_id).first()
    if inquiry is None:
        raise Http404
    return inquiry, permissions_of_link(request, inquiry, reference)


def _offers_of_contact(inquiry: Inquiry) -> Any:
    return inquiry.answers.select_related("supplier", "product", "standard", "maker").order_by("pk")


introduction_link_required = link_required("procurement.inquiry")
TEMPLATE = "outreach/portal/introduction.html"


@introduction_link_required
def consent_to_introduction(request: LinkRequest, reference: str) -> HttpResponse:
    """Show who would like to ask whom, and for what. A POST consents, and the inquiry is sent.

    The contact may add a line of introduction, and may agree to later inquiries until a date.
    """
    inquiry, by = _find_introduction(request, reference)
    form = ConsentForm(request.POST if request.method == "POST" else None, inquiry)
    context = _introduction_context(inquiry, by) | {"form": form}
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: give_consent(inquiry, **form.cleaned_data, by=by, at=clock.now()),
        done=reverse("portal_introduction", args=[reference]),
        template=TEMPLATE,
        context=context,
    )


@introduction_link_required
def withdraw_introduction_consent(request: LinkRequest, reference: str) -> HttpResponse:
    """Withdraw the consent for a period that was given with this inquiry. POST only."""
    inquiry, by = _find_introduction(request, reference)
    context = _introduction_context(inquiry, by) | {"form": ConsentForm(None, inquiry)}
    consent = context["consent"]
    if consent is None:
        raise Http404
    if request.method != "POST":
        return render_page(request, TEMPLATE, context)
    return throttled_page(request) or run_action(
        request,
        lambda: withdraw_consent(consent, by=by, at=clock.now()),
        done=reverse("portal_introduction", args=[reference]),
        template=TEMPLATE,
        context=context,
    )


def _introduction_context(inquiry: Inquiry, by: Permissions) -> dict[str, Any]:
    own = IntroductionConsent.objects.filter(inquiry=inquiry, introducer=inquiry.introducer)
    consent = own.select_related("through_city").first()
    asked = (inquiry.supply_request, inquiry.line_numbers)
    return {
        "inquiry": inquiry,
        "needed": "" if has_lost_its_lines(inquiry) else current_need_description(*asked),
        "moves": open_verbs_of(inquiry, by),
        "closed": refusal_of_move(inquiry, "consent", by),
        "consent": consent,
        "may_withdraw": consent is not None and "withdraw" in open_verbs_of(consent, by),
    }


@introduction_link_required
def refuse_introduction(request: LinkRequest, reference: str) -> HttpResponse:
    """Record “rather not”, with an optional remark."""
    inquiry, by = _find_introduction(request, reference)
    form = DeclineRemarkForm(request.POST if request.method == "POST" else None)
    context = {"inquiry": inquiry, "form": form, "heading": _("Decline"), "button": _("Tell the city")}
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: refuse_consent(inquiry, reason=form.cleaned_data["remark"], by=by, at=clock.now()),
        done=reverse("portal_introduction", args=[reference]),
        template="portal/short_form.html",
        context=context,
    )


def _find_introduction(request: LinkRequest, reference: str) -> tuple[Inquiry, Permissions]:
    """Return the inquiry of the link, and the powers of its person.

    404 for any other inquiry, for anyone but the contact who was asked to agree, and for a cancelled inquiry
    unless this contact gave a consent for a period with it.
    """
    rows = Inquiry.objects.select_related(
        "introducer__user", "through_city", "city", "supply_request", "contact__user", "contact__city"
    )
    mine = rows.filter(pk=request.link.thing_id, reference=reference, introducer__user=request.link.user_id)
    gave_consent = Q(period_consent__introducer=F("introducer"))
    inquiry = mine.filter(~Q(status=Inquiry.Status.CANCELLED) | gave_consent).first()
    if inquiry is None or inquiry.introducer is None:
        raise Http404
    by = permissions_by_link(request.link.user, inquiry.introducer, (inquiry._meta.label_lower, inquiry.pk))
    return inquiry, by
