"""An answer that came by phone: the note of the call, and the offer's form filled in with what it told, through the door of a link."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from procurement.outreach.actions.answering import note_call
from procurement.outreach.models import Inquiry
from procurement.outreach.rules.inquiries import ANSWER
from procurement.outreach.rules.readiness import takes_answers
from procurement.requests.models import RequestLine
from procurement.web.contact_pages.offer import CURRENCIES, Offer, question, store
from procurement.web.units import ask_in
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import MomentField, MoneyField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step
from workflow.journal.entries import history_of

NAMED = ("supplier", "line", "stock", "price", "currency")  # as the offer's form calls them
TEMPLATE = "outreach/offer.html"


class PhoneNote(forms.Form):
    """An answer that came by phone, and what of an offer was told with it."""

    said_by = forms.CharField(label=_("Who said it"), max_length=150)
    said_at = MomentField(
        label=_("When"),
        required=False,
        help_text=_("By your clock, such as 2020-04-16 23:40. Leave it empty if they said it just now."),
    )
    remark = forms.CharField(
        label=_("What they said"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_WORDS
    )
    has_something = forms.BooleanField(
        label=_("They have something, or name somebody who has"),
        required=False,
        help_text=_("The offer's form opens next, filled in with what you note here."),
    )
    supplier = forms.CharField(label=_("Name of the supplier"), max_length=200, required=False)
    line = forms.ModelChoiceField(
        RequestLine.objects.none(),
        label=_("What can they supply?"),
        required=False,
        empty_label=_("not said"),
    )
    stock = QuantityField(label=_("Quantity in stock"), required=False, min_value=1)
    price = MoneyField(label=_("Price per piece"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES, initial="CNY", required=False)

    def __init__(self, data: Any, inquiry: Inquiry) -> None:
        super().__init__(data, initial={"said_by": inquiry.contact.user.name})
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        lines = RequestLine.objects.filter(supply_request=inquiry.supply_request_id)
        field.queryset = lines.select_related("product").order_by("position")
        words = _("In %(unit)s, such as 10,000, or 200 boxes of 50.")
        ask_in(self, "stock", words, [line.product for line in field.queryset])
        field.label_from_instance = _label  # type: ignore[method-assign]  # Django's own way to label a choice

    def clean(self) -> dict[str, Any]:
        """What was told of an offer goes as one; none where nobody has anything."""
        said = super().clean() or {}
        told = {name: said.pop(name, None) for name in NAMED}
        if told["price"] is None:
            told["currency"] = ""
        known = {name: _kept(value) for name, value in told.items() if value}
        said["offered"] = known if said.pop("has_something", False) or known else None
        return said


def _label(obj: Any) -> str:
    return str(obj.product.name)


def _kept(value: Any) -> str | int:
    """A value as the journal keeps it, and as the offer's form takes it."""
    if isinstance(value, RequestLine):
        return value.pk
    return value if isinstance(value, int) else str(value)


def _note(request: Visit, thing: Inquiry, **facts: Any) -> Inquiry:
    return note_call(thing, by=request.by, at=clock.now(), **facts)


def _onward(thing: Inquiry) -> str:
    """To the offer's form where they have something and the need still takes offers; else back to the answers."""
    if _told(thing) is not None and takes_answers(thing) is None:
        return reverse("inquiry_offer", args=[thing.reference])
    return f"{thing.supply_request.get_absolute_url()}inbox/"


def _told(thing: Inquiry) -> dict[str, Any] | None:
    """What the latest call told of an offer; None where it told of none."""
    call = history_of(thing).filter(verb="note_call").first()
    offered: dict[str, Any] | None = call.facts.get("offered") if call is not None else None
    return offered


@login_required
def offer(request: Visit, reference: str) -> HttpResponse:
    """What a contact offered by phone, entered for them: the form that their link opens, with what the call told filled in."""
    rows = Inquiry.objects.visible_to(request.by).select_related(
        "contact__user", "contact__city", "contact__organisation", "city", "supply_request"
    )
    thing = get_object_or_404(rows, reference=reference)
    only(request, Power.ASK, thing)
    known = {"remark": thing.remark, **(_told(thing) or {})}
    form = Offer(request.POST or None, thing, known)
    closed = ANSWER.refusal(request.by, thing, clock.now())
    context = {"inquiry": thing, "form": form, "refused": closed}
    if not form.is_valid():
        return show(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    same = question(request.POST, thing, form)
    context["same"] = same
    if same is not None and not same.is_valid():
        return show(request, TEMPLATE, context, status=422 if same.is_bound else 200)
    return attempt(
        request,
        lambda: store(thing, request.user, form, same, by=request.by, at=clock.now()),
        done=lambda lead: lead.get_absolute_url(),
        template=TEMPLATE,
        context=context | {"refused": None},
    )


STEP = Step(
    _note,
    form=PhoneNote,
    hint=_("It counts as an answer: no more reminders go."),
    after=_onward,
)

urlpatterns = [path("inquiries/<slug:reference>/offer/", offer, name="inquiry_offer")]
