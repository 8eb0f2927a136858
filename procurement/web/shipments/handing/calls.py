"""Asking for papers by link: whom, with the very message, which is looked at before it goes; and what became of it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Language
from partners.models import Contact
from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from procurement.catalogue.models import CustomsRule
from procurement.notices import post
from procurement.notices.words import Written, write
from procurement.orders.models import Order
from procurement.shipments import actions
from procurement.shipments.gathering.handing import asked_in
from procurement.shipments.models import PaperCall, Shipment
from procurement.web.shipments.shipment import find
from workflow import clock
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make
from workflow.outbox import LINK

Owner = CustomsRule.Owner


class Whom(forms.Form):
    """Whose papers, and who is asked for them."""

    role = forms.ChoiceField(label=_("Whose papers"))
    name = forms.CharField(label=_("Name of the person"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The link goes there and nowhere else; you can also carry one by hand."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("Somebody who is known here already reads it in the language they chose."),
    )
    due_on = DayField(label=_("Hoped for by"), required=False)
    note = forms.CharField(
        label=_("A word to them"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their language; it stands in the message as you write it."),
    )

    def __init__(self, data: Any, shipment: Shipment, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        owed = set(shipment.papers.values_list("owner", flat=True)) - {Owner.CITY}
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(role.value, role.label) for role in Owner if role in owed]


@login_required
def ask_for_papers(request: Visit, reference: str) -> HttpResponse:
    """Ask somebody for the papers they owe: who, then the message as it will go, then it is sent."""
    thing = find(request, reference)
    only(request, Power.SHIP, thing)
    known = _known(request, thing)
    role = request.GET.get("role", "")
    sent = request.POST if request.method == "POST" else None
    form = Whom(sent, thing, known.get(role, {"role": role, "language": Language.EN}))
    context: dict[str, Any] = {"shipment": thing, "form": form, "known": list(known.values())}
    if not form.is_valid():
        return show(request, "shipments/ask_for_papers.html", context, status=422 if form.is_bound else 200)
    context["letters"] = _letters(request, thing, form)
    if "send" not in request.POST:
        return show(request, "shipments/ask_for_papers.html", context)
    return attempt(
        request,
        lambda: actions.call_for_papers(
            thing, **form.cleaned_data, author=request.user, by=request.by, at=clock.now()
        ),
        done=lambda call: call.get_absolute_url(),
        template="shipments/ask_for_papers.html",
        context=context,
    )


def _known(request: Visit, thing: Shipment) -> dict[str, dict[str, Any]]:
    """Whom one would ask first, by role: the broker it was given to, the contact who helped, the company that sells."""
    found: dict[str, dict[str, Any]] = {}
    if thing.broker is not None:
        found[Owner.BROKER] = _person(Owner.BROKER, thing.broker)
    seen = Contact.objects.visible_to(request.by).select_related("user")
    helper = seen.filter(pk=thing.contact_id).first() if thing.contact_id is not None else None
    if helper is not None:
        found[Owner.CONTACT] = _person(Owner.CONTACT, helper.user)
    sold = Order.objects.filter(lines__shipment_lines__shipment=thing, supplier__isnull=False)
    companies = {order.supplier_id: order.supplier for order in sold.select_related("supplier")}
    if len(companies) == 1:
        (company,) = companies.values()
        assert company is not None  # asked for above
        if company.email:
            chinese = Language.ZH_HANS if company.country == "CN" else Language.EN
            found[Owner.SUPPLIER] = {
                "role": Owner.SUPPLIER,
                "name": str(company),
                "email": company.email,
                "language": chinese,
            }
    return found


def _person(role: str, user: Any) -> dict[str, Any]:
    return {"role": role, "name": user.name, "email": user.email, "language": user.language}


def _letters(request: Visit, thing: Shipment, form: Whom) -> list[tuple[str, Written]]:
    """The message as it will go, in their language, and in the reader's own to compare."""
    facts = form.cleaned_data
    call = PaperCall(
        shipment=thing, city=thing.city, role=facts["role"], due_on=facts["due_on"], note=facts["note"]
    )
    languages = dict.fromkeys((facts["language"], request.user.language))
    return [(language, _written(call, facts["name"], language)) for language in languages]


def _written(call: PaperCall, name: str, language: str, url: str = "") -> Written:
    """The words of the message; where its link stands, a word says so, or the link itself."""
    with translation.override(language):
        said = write("papers_asked", {"thing": call, "addressed": name})
        return Written(said.subject, said.body.replace(LINK, url or translation.gettext("(your link)")))


@login_required
def paper_call(request: Visit, reference: str) -> HttpResponse:
    """Whom papers are asked of, which came in, and what became of the messages."""
    thing = _call(request, reference)
    context = {
        "call": thing,
        "powers": request.by,
        "asked": asked_in(thing),
        "mails": post.of(thing),
        "may_copy": request.by.may(Power.SHIP, thing) and thing.status != PaperCall.Status.WITHDRAWN,
    }
    return show(request, "shipments/call.html", context | record.of(request, thing))


@login_required
@require_POST
def copy_call(request: Visit, reference: str) -> HttpResponse:
    """The message with a link of its own, to be carried by hand. Who copied it stands in the journal."""
    thing = _call(request, reference)
    only(request, Power.SHIP, thing)

    def done(url: str) -> HttpResponse:
        text = _written(thing, thing.name, thing.person.language, url).body
        return show(request, "shipments/call_copied.html", {"call": thing, "text": text})

    return attempt(
        request,
        lambda: actions.copy_call_link(
            thing, user=request.user, by=request.by, at=clock.now(), real_at=clock.real_now()
        ),
        done=done,
        template="shipments/call_copied.html",
        context={"call": thing},
    )


@login_required
def call_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button of a call's page."""
    return make(request, _call(request, reference), verb, STEPS)


def _call(request: Visit, reference: str) -> PaperCall:
    rows = post.with_mails(PaperCall.objects.visible_to(request.by), request.by)
    thing: PaperCall = get_object_or_404(
        rows.select_related("shipment", "city", "person", "author"), reference=reference
    )
    return thing


STEPS = {
    "withdraw": Step(
        lambda request, thing: actions.withdraw_call(
            thing, by=request.by, at=clock.now(), real_at=clock.real_now()
        )
    ),
}

urlpatterns = [
    path("shipments/<slug:reference>/ask-for-papers/", ask_for_papers, name="ask_for_papers"),
    path("paper-calls/<slug:reference>/", paper_call, name="paper_call"),
    path("paper-calls/<slug:reference>/copy/", copy_call, name="paper_call_copy"),
    path("paper-calls/<slug:reference>/<slug:verb>/", call_move, name="paper_call_move"),
]
