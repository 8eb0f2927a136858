"""A contact's answer to a question, by link: a page for the form, one to check it, the receipt, and what became of it.

No account, no password. A no, and "please ask my colleague", stand at the top and cost one tap more.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.models.cities import City
from partners.models.people import Contact
from partners.roles import Power
from partners.rules.powers import Powers
from procurement.outreach.actions import answering
from procurement.outreach.actions.asking import hand_over
from procurement.outreach.gathering import changes
from procurement.outreach.gathering.changes import needed_now
from procurement.outreach.models import Inquiry
from procurement.shipments.models.shipment import Shipment
from procurement.web.contact_pages.acting import (
    ByLink,
    acting,
    closed_to,
    open_to,
    person,
    photo,
    refusal_status,
    too_often,
)
from procurement.web.contact_pages.offer import Offer, question, shown, store
from procurement.web.contact_pages.papers import brought_to, meant_for_them
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show
from workflow.doors.refusals import status_of
from workflow.errors import Refused

by_link = link_required("procurement.inquiry")


class Colleague(forms.Form):
    """Who is the right person to ask."""

    to = forms.ModelChoiceField(Contact.objects.none(), label=_("Colleague"), required=False)
    remark = forms.CharField(
        label=_("Or write whom to ask"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )

    def __init__(self, data: Any, contact: Contact, asking: City) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        others = Contact.objects.answering().asked_by(asking)
        others = others.filter(city=contact.city).exclude(user=contact.user_id)
        field.queryset = others.select_related("user").order_by("pk")

    def clean(self) -> dict[str, Any]:
        """Somebody is named, one way or the other: without a name it would be a plain no."""
        facts = super().clean() or {}
        if not self.errors and facts.get("to") is None and not facts.get("remark"):
            raise forms.ValidationError(_("Choose a colleague, or write whom to ask."), code="nobody_named")
        return facts


class Remark(forms.Form):
    """A no needs no reason; a word is welcome."""

    remark = forms.CharField(
        label=_("A word to the city"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


@by_link
def answer(request: ByLink, reference: str) -> HttpResponse:
    """The question, the form, and what this person offered already. Nothing is stored before the check page is confirmed."""
    inquiry, by = _find(request, reference)
    form = Offer(request.POST or None, inquiry)
    context = _context(request, inquiry, by, form)
    closed = context["closed"]
    if form.is_bound and closed is not None:
        return show(request, "contact/answer.html", context | {"refused": closed}, status=status_of(closed))
    if not form.is_valid():
        return show(request, "contact/answer.html", context, status=422 if form.is_bound else 200)
    if "change" in request.POST:
        return show(request, "contact/answer.html", context)
    same = question(request.POST, inquiry, form, strong=True)
    if "confirmed" not in request.POST or (same is not None and not same.is_valid()):
        context |= {"shown": shown(form), "same": same}
        wrong = same is not None and same.is_bound
        return show(request, "contact/check.html", context, status=422 if wrong else 200)
    return too_often(request) or attempt(
        request,
        lambda: store(inquiry, person(request), form, same, by=by, at=clock.now()),
        done=lambda lead: reverse("answer_receipt", args=[inquiry.reference, lead.reference]),
        template="contact/answer.html",
        context=context,
    )


def _context(request: ByLink, inquiry: Inquiry, by: Powers, form: Offer) -> dict[str, Any]:
    shipments = Shipment.objects.filter(lines__order_line__allocation__lead__inquiry=inquiry)
    return {
        "inquiry": inquiry,
        "needed_now": needed_now(inquiry),
        "changed": changes.changed(inquiry),
        "form": form,
        "moves": open_to(inquiry, by),
        "closed": closed_to(inquiry, "answer", by),
        "offers": _offers(inquiry),
        "shipments": shipments.distinct().order_by("pk"),
        "photos": brought_to(inquiry, person(request), "answer_file"),
        "papers": meant_for_them(inquiry, "answer_file"),
    }


@by_link
def receipt(request: ByLink, reference: str, lead: str) -> HttpResponse:
    """The number of what was sent, and what one may do now."""
    inquiry, _by = _find(request, reference)
    mine = inquiry.answers.filter(reference=lead).first()
    if mine is None:
        raise Http404
    return show(request, "contact/receipt.html", {"inquiry": inquiry, "lead": mine})


@by_link
def decline(request: ByLink, reference: str) -> HttpResponse:
    """Say “I cannot help”: one page, one button, a word if one likes."""
    inquiry, by = _find(request, reference)
    form = Remark(request.POST if request.method == "POST" else None)
    context = {"inquiry": inquiry, "form": form, "heading": _("I cannot help"), "button": _("Tell the city")}
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: answering.decline(inquiry, remark=form.cleaned_data["remark"], by=by, at=clock.now()),
        done=reverse("answer", args=[reference]),
        template="contact/ask.html",
        context=context,
    )


@by_link
def colleague(request: ByLink, reference: str) -> HttpResponse:
    """Say “please ask my colleague”: chosen from those known here, or named in a line for the officer."""
    inquiry, by = _find(request, reference)
    form = Colleague(request.POST if request.method == "POST" else None, inquiry.contact, inquiry.city)
    context = {
        "inquiry": inquiry,
        "form": form,
        "heading": _("Please ask my colleague"),
        "button": _("Pass it on"),
    }
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    facts, at = form.cleaned_data, clock.now()

    def act() -> Inquiry:
        if facts["to"] is not None:
            return hand_over(inquiry, to=facts["to"], remark=facts["remark"], by=by, at=at)
        return answering.decline(inquiry, remark=facts["remark"], by=by, at=at)

    return too_often(request) or attempt(
        request, act, done=reverse("answer", args=[reference]), template="contact/ask.html", context=context
    )


@by_link
def add_photo(request: ByLink, reference: str) -> HttpResponse:
    """One photo of a licence, a report or the packaging."""
    inquiry, by = _find(request, reference)

    def again(refused: Refused | None) -> HttpResponse:
        context = _context(request, inquiry, by, Offer(None, inquiry, request.POST.dict()))
        return show(
            request, "contact/answer.html", context | {"refused": refused}, status=refusal_status(refused)
        )

    return photo(request, inquiry, by, Power.ANSWER, again)


def _find(request: ByLink, reference: str) -> tuple[Inquiry, Powers]:
    rows = Inquiry.objects.select_related(
        "contact__user", "contact__city", "contact__organisation", "city", "supply_request"
    )
    inquiry = rows.filter(pk=request.link.thing_id).first()
    if inquiry is None:
        raise Http404
    return inquiry, acting(request, inquiry, reference)


def _offers(inquiry: Inquiry) -> Any:
    return inquiry.answers.select_related("supplier", "product").order_by("pk")


urlpatterns = [
    path("a/<slug:reference>/", answer, name="answer"),
    path("a/<slug:reference>/receipt/<slug:lead>/", receipt, name="answer_receipt"),
    path("a/<slug:reference>/cannot/", decline, name="answer_decline"),
    path("a/<slug:reference>/colleague/", colleague, name="answer_colleague"),
    path("a/<slug:reference>/photo/", add_photo, name="answer_photo"),
]
