"""Pages of inquiries to contacts: the list, the page of one, its letter and its moves.

Writing and sending one is in ask_contacts.py.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from partners.activity.context import activity_context
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.contacts.models import Contact
from partners.contacts.rules import CHANGE_EMAIL_ADDRESS, may_see_details
from partners.permissions.permissions import Permissions
from partners.powers import Power
from partners.routing.expired_agreements import expired_pairs
from procurement.exports.list_columns import INQUIRY_COLUMNS
from procurement.exports.list_download import is_file_requested, list_file_writer
from procurement.leads.models.leads import SupplierLead
from procurement.notifications.mail_status import mail_statuses_of, with_mail_status
from procurement.notifications.phone_scripts import phone_script
from procurement.outreach.actions.reminders import create_link_to_copy
from procurement.outreach.forms import (
    AnswerQuestionForm,
    ConsentForm,
    InquiryEditForm,
    InquiryFilterForm,
    RemarkTranslationForm,
)
from procurement.outreach.letter_pdf import render_letter
from procurement.outreach.letters import consent_used_sentence
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.answers import answers_for
from procurement.outreach.queries.letters import asked_line_labels, changed_need_text
from procurement.outreach.rules.dates import needs_phone_call
from procurement.outreach.rules.inquiries import (
    ANSWER_QUESTION,
    ASK_PARTNER_CITY,
    CANCEL_INQUIRY,
    CHANGE_DUE_TIME,
    DECLINE_INQUIRY,
    EDIT_INQUIRY,
    EXPIRE_INQUIRY,
    GIVE_CONSENT,
    REAFFIRM_OFFERS,
    RECORD_ANSWER,
    REFUSE_CONSENT,
    REMIND_CONTACT,
    SEND_INQUIRY,
    TRANSLATE_REMARK,
)
from procurement.outreach.rules.readiness import link_copy_refusal
from procurement.outreach.views import next_contact, phone_replies
from procurement.outreach.views.next_contact import next_contact_context
from procurement.outreach.views.sent_letters import thank_you_letters_about
from workflow import clock
from workflow.clock import real_now
from workflow.days import utc_day
from workflow.errors import Refused
from workflow.http.bulk_actions import bulk_action_bar
from workflow.http.downloads import file_denied_response
from workflow.http.lists import ListPage, register_list
from workflow.http.move_forms import ReasonForm
from workflow.http.move_views import (
    DUE_DATE_HINT,
    MoveOption,
    change_due_date,
    due_date_form,
    move_options,
    run_move,
)
from workflow.http.pages import render_page, run_action
from workflow.http.pagination import paginate
from workflow.i18n import translation_for_reader
from workflow.journal.entries import history_of
from workflow.query_expressions import order_by_moment, order_by_text


@login_required
def inquiry_list(request: AuthenticatedRequest) -> HttpResponseBase:
    """List every inquiry of the reader's cities, newest first or as sorted, as a page, CSV or XLSX."""
    form, rows = INQUIRY_LIST_PAGE.filter_form_and_rows(request.by, request.GET)
    if is_file_requested(request):
        return inquiries_file(request, rows, request.GET["as"])
    found = paginate(request, rows, INQUIRY_LIST_PAGE.orders)
    context = {
        "page": found,
        "filters": form,
        "bulk": bulk_action_bar(INQUIRY_LIST_PAGE, request.by, found.rows),
    }
    return render_page(request, "outreach/list.html", context)


@login_required
def inquiry_detail(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show one inquiry: the message as sent, why this contact was chosen, the answers and the history."""
    thing = _find(request, reference)
    reasons = [translation_for_reader(reason) for reason in thing.reasons if "en" in reason]
    answers = SupplierLead.objects.visible_to(request.by).filter(inquiry=thing)
    at = clock.now()
    context = _consent_context(thing, request.by) | {
        "inquiry": thing,
        "reasons": reasons,
        "powers": request.by,
        "answers": answers.select_related("product", "supplier").order_by("pk"),
        "asked_lines": asked_line_labels(thing, thing.asked_lines) if thing.line_numbers else [],
        "endings": expired_pairs(thing.agreement_city_pairs, utc_day(at)),
        "mails": mail_statuses_of(thing),
        "clarified": answers_for(thing),
    }
    context["is_asker"] = request.by.may(Power.SEND_INQUIRY, thing)
    context["phones_introducer"] = context["is_asker"] and _may_see_introducer(request.by, thing.introducer)
    waits = thing.status == Inquiry.Status.AWAITING_CONSENT
    context["partner_silent"] = context["is_asker"] and waits and thing.alternates_allowed_from is not None
    if needs_phone_call(thing) and request.by.may(Power.SEND_INQUIRY, thing):
        context["phone_script"] = phone_script(thing, at)
    context |= next_contact_context(thing, request.by)
    if thing.forwarded_to_id is not None:  # not every reader may see the contact it was handed to
        onward = Inquiry.objects.visible_to(request.by).filter(pk=thing.forwarded_to_id)
        context["instead"] = onward.select_related("contact__user").first()
    if thing.leads:
        context["thanks"] = thank_you_letters_about(thing)
    context["letter_kept"] = hasattr(thing, "letter") or thing.sent_at is None
    context["to_enter"] = (
        bool(thing.phone_respondent)
        and not thing.leads
        and request.by.may(Power.SEND_INQUIRY, thing)
        and RECORD_ANSWER.refusal(request.by, thing, clock.now()) is None
    )
    if thing.remark:
        context["translation"] = history_of(thing).filter(verb=TRANSLATE_REMARK.verb).first()
        context["may_translate"] = TRANSLATE_REMARK.refusal(request.by, thing, at) is None
    context["may_print_link"] = link_copy_refusal(thing, request.by) is None
    context["may_readdress"] = CHANGE_EMAIL_ADDRESS.refusal(request.by, thing.contact, at) is None
    return render_page(request, "outreach/detail.html", context | activity_context(request, thing))


@login_required
def inquiry_pdf(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Return the inquiry as a letter, PDF/A in the contact's language, to file or to forward on paper."""
    thing = _find(request, reference)
    try:
        pdf = render_letter(thing, at=clock.now(), now=changed_need_text).pdf
    except Refused as refused:
        return file_denied_response(request, refused, "")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{thing.reference}.pdf"'
    return answer


@login_required
@require_POST
def letter_with_link(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Return the letter as PDF/A with a new link to the answer form, as an address and a QR code.

    The journal names the officer who made the link. Requires the power SEND_INQUIRY.
    """
    thing = _find(request, reference)
    require_permission(request, Power.SEND_INQUIRY, thing)
    at = clock.now()

    def printed(url: str) -> HttpResponse:
        pdf = render_letter(thing, at=at, now=changed_need_text, form_url=url).pdf
        answer = HttpResponse(pdf, content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{thing.reference}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer

    return run_action(
        request,
        lambda: create_link_to_copy(thing, user=request.user, by=request.by, at=at, real_at=real_now()),
        done=printed,
        template="outreach/copied_reminder.html",
        context={"inquiry": thing},
    )


@login_required
def make_inquiry_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on an inquiry, or make the move."""
    return run_move(request, _find(request, reference), verb, INQUIRY_MOVE_OPTIONS)


def _consent_context(inquiry: Inquiry, by: Permissions) -> dict[str, Any]:
    """Return the consent used for an inquiry, the one given with it, and which of them the reader may open."""
    given: IntroductionConsent | None = getattr(inquiry, "period_consent", None)
    known = [one.pk for one in (inquiry.consent, given) if one is not None]
    if not known:
        return {}
    readable = IntroductionConsent.objects.visible_to(by).filter(pk__in=known)
    return {
        "consent_used": consent_used_sentence(inquiry.consent) if inquiry.consent is not None else "",
        "consent_given": given,
        "readable_consents": set(readable.values_list("pk", flat=True)),
    }


def _may_see_introducer(by: Permissions, person: Contact | None) -> bool:
    """Return True if the reader sees this introducer and their contact details, as in the API."""
    if person is None or not may_see_details(by, person):
        return False
    return Contact.objects.visible_to(by).filter(pk=person.pk).exists()


def _find(request: AuthenticatedRequest, reference: str) -> Inquiry:
    rows = Inquiry.objects.visible_to(request.by).with_lines_left()
    rows = rows.select_related(
        "contact__user",
        "contact__city",
        "contact__organization__city",
        "supply_request__city",
        "city",
        "through_city",
        "introducer__user",
        "introducer__city",
        "letter",
        "consent__through_city",
        "consent__introducer__user",
        "consent__given_by",
        "period_consent",
    )
    thing: Inquiry = get_object_or_404(with_mail_status(rows, request.by), reference=reference)
    return thing


INQUIRY_MOVE_OPTIONS = move_options(
    MoveOption(
        EDIT_INQUIRY,
        custom_action=lambda request, thing, make, figures_seen=False, **words: make(thing, **words),
        form=InquiryEditForm,
        template="outreach/edit_inquiry.html",
    ),
    SEND_INQUIRY,
    ASK_PARTNER_CITY,
    MoveOption(GIVE_CONSENT, form=ConsentForm),
    MoveOption(REFUSE_CONSENT, form=ReasonForm),
    REMIND_CONTACT,
    MoveOption(CHANGE_DUE_TIME, custom_action=change_due_date, form=due_date_form, hint=DUE_DATE_HINT),
    next_contact.NEXT_CONTACT_OPTION,
    MoveOption(
        ANSWER_QUESTION,
        form=AnswerQuestionForm,
        hint=_("Contacts read the answer on their page and get an email. The answer does not say who asked."),
    ),
    MoveOption(REAFFIRM_OFFERS, hint=_("What the contact said by phone or in a letter.")),
    EXPIRE_INQUIRY,
    CANCEL_INQUIRY,
    phone_replies.PHONE_REPLY_OPTION,
    MoveOption(
        TRANSLATE_REMARK,
        form=RemarkTranslationForm,
        hint=_("For readers in your city. The contact does not see the translation."),
    ),
    MoveOption(
        DECLINE_INQUIRY,
        custom_action=lambda request, thing, make, reason: make(thing, remark=reason),
        form=ReasonForm,
        hint=_("The answer given by phone or in a letter."),
    ),
)
inquiries_file = list_file_writer("questions", INQUIRY_COLUMNS)
DETAIL_RELATIONS = (
    "contact__user",
    "contact__city",
    "supply_request",
    "city",
    "introducer__user",
    "through_city",
)
INQUIRY_LIST_PAGE = register_list(
    ListPage(
        "inquiries",
        rows=lambda by: Inquiry.objects.visible_to(by).with_lines_left().select_related(*DETAIL_RELATIONS),
        form=InquiryFilterForm,
        orders={
            "need": order_by_text("supply_request__reference"),
            "city": order_by_text("contact__city__name_en"),
            "due": order_by_moment("due_at"),
        },
        download=inquiries_file,
        move_options=move_options(SEND_INQUIRY, REMIND_CONTACT),
    )
)
