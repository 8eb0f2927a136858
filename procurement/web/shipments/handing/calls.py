"""Asking for papers by link: whom, with the very message, which is looked at before it goes; and what became of it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.models import Language, User
from partners.models.people import Contact
from partners.roles import Power
from partners.rules.hours import working_day
from partners.visit import Visit, only
from partners.web import record
from procurement.catalogue.models.customs import CustomsRule
from procurement.notices import post
from procurement.notices.post import with_mails
from procurement.notices.words import Written, due, write
from procurement.shipments.actions.handing.calls import call_for_papers, copy_call_link, withdraw_call
from procurement.shipments.actions.handing.reminding import remind_call
from procurement.shipments.gathering.handing import asked_in
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.shipment import Shipment
from procurement.suppliers.models.company import Supplier
from procurement.web.shipments.shipment import find
from workflow import clock
from workflow.clock import real_now
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import DayField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make
from workflow.outbox.courtesy import zone_of
from workflow.outbox.ledger import LINK

Owner = CustomsRule.Owner


class Whom(forms.Form):
    """Whose papers, and who is asked for them."""

    role = forms.ChoiceField(label=_("Whose papers"))  # of a company: as `key_of` writes it
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
    due_on = DayField(
        label=_("Hoped for by"),
        required=False,
        help_text=_(
            "Year-month-day, for example 2020-04-30. If they do not work that day, their next working day is used."
        ),
    )
    note = forms.CharField(
        label=_("A word to them"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their language; it stands in the message as you write it."),
    )

    def __init__(self, data: Any, whose: "dict[str, Whose]", initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.whose = whose
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # declared above
        field.choices = [(key, one.label) for key, one in self.whose.items()]

    @property
    def facts(self) -> dict[str, Any]:
        """What was filled in, for the action: the role, and of a supplier's papers the company."""
        chosen = self.whose[self.cleaned_data["role"]]
        return {**self.cleaned_data, "role": chosen.role, "supplier": chosen.supplier}


@dataclass(frozen=True)
class Whose:
    """Whose papers can be asked for: everybody of a role, or one company."""

    role: Owner
    supplier: Supplier | None

    @property
    def label(self) -> str:
        """As the form lists it."""
        return f"{self.role.label} · {self.supplier}" if self.supplier is not None else str(self.role.label)


def key_of(role: str, supplier: int | None) -> str:
    """How a form and an address name whose papers they are."""
    return f"{role}-{supplier}" if supplier is not None else role


def _whose(shipment: Shipment) -> dict[str, Whose]:
    """Who owes papers that a shipment still needs, but for the city itself, in the order of the roles."""
    papers = shipment.papers.exclude(owner=Owner.CITY).exclude(status__in=CustomsPaper.VOID)
    owed = {
        (paper.owner, paper.supplier_id): paper.supplier
        for paper in papers.select_related("supplier").order_by("pk")
    }
    return {
        key_of(*whose): Whose(Owner(whose[0]), owed[whose])
        for whose in sorted(owed, key=lambda one: list(Owner).index(Owner(one[0])))
    }


@login_required
def ask_for_papers(request: Visit, reference: str) -> HttpResponse:
    """Ask somebody for the papers they owe: who, then the message as it will go, then it is sent."""
    thing = find(request, reference)
    only(request, Power.SHIP, thing)
    role = request.GET.get("role", "")
    sent = request.POST if request.method == "POST" else None
    whose = _whose(thing)
    known = _known(request, thing, whose)
    form = Whom(sent, whose, known.get(role, {"role": role, "language": Language.EN}))
    context: dict[str, Any] = {"shipment": thing, "form": form, "known": list(known.values())}
    if not form.is_valid():
        return show(request, "shipments/ask_for_papers.html", context, status=422 if form.is_bound else 200)
    context["letters"] = _letters(request, thing, form)
    if "send" not in request.POST:
        return show(request, "shipments/ask_for_papers.html", context)
    return attempt(
        request,
        lambda: call_for_papers(thing, **form.facts, author=request.user, by=request.by, at=clock.now()),
        done=lambda call: call.get_absolute_url(),
        template="shipments/ask_for_papers.html",
        context=context,
    )


def _known(request: Visit, thing: Shipment, whose: dict[str, Whose]) -> dict[str, dict[str, Any]]:
    """Whom one would ask first, by whose papers: the broker it was given to, the contact who helped, each company that sells."""
    found: dict[str, dict[str, Any]] = {}
    if thing.broker is not None:
        found[Owner.BROKER] = _person(Owner.BROKER, thing.broker)
    seen = Contact.objects.visible_to(request.by).select_related("user")
    helper = seen.filter(pk=thing.contact_id).first() if thing.contact_id is not None else None
    if helper is not None:
        found[Owner.CONTACT] = _person(Owner.CONTACT, helper.user)
    for key, one in whose.items():
        if one.supplier is not None and one.supplier.email:
            found[key] = {
                "role": key,
                "name": str(one.supplier),
                "email": one.supplier.email,
                "language": Language.ZH_HANS if one.supplier.country == "CN" else Language.EN,
            }
    return found


def _person(role: str, user: Any) -> dict[str, Any]:
    return {"role": role, "name": user.name, "email": user.email, "language": user.language}


def _letters(request: Visit, thing: Shipment, form: Whom) -> list[tuple[str, Written]]:
    """The message as it will go, in their language, and in the reader's own to compare."""
    facts = form.facts
    told = {name: facts[name] for name in ("role", "supplier", "note")}
    person = User.objects.filter(email=facts["email"].strip().lower()).first() or User(email=facts["email"])
    due_on = working_day(person, facts["due_on"]) if facts["due_on"] else None
    call = PaperCall(shipment=thing, city=thing.city, person=person, due_on=due_on, **told)
    languages = dict.fromkeys((facts["language"], request.user.language))
    return [(language, _written(call, facts["name"], language)) for language in languages]


def _written(call: PaperCall, name: str, language: str, url: str = "") -> Written:
    """The words of the message, its day in the local time of the person asked; a word, or the link itself, where its link goes."""
    with translation.override(language):
        by_when = due(call, clock.now(), zone_of(call.person.time_zone))
        said = write("papers_asked", {"thing": call, "addressed": name, **by_when})
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
        lambda: copy_call_link(thing, user=request.user, by=request.by, at=clock.now(), real_at=real_now()),
        done=done,
        template="shipments/call_copied.html",
        context={"call": thing},
    )


@login_required
def call_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button of a call's page."""
    return make(request, _call(request, reference), verb, STEPS)


def _call(request: Visit, reference: str) -> PaperCall:
    rows = with_mails(PaperCall.objects.visible_to(request.by), request.by)
    thing: PaperCall = get_object_or_404(
        rows.select_related("shipment", "city", "person", "author", "supplier"), reference=reference
    )
    return thing


STEPS = {
    "remind": Step(lambda request, thing: remind_call(thing, by=request.by, at=clock.now())),
    "withdraw": Step(
        lambda request, thing: withdraw_call(thing, by=request.by, at=clock.now(), real_at=real_now())
    ),
}

urlpatterns = [
    path("shipments/<slug:reference>/ask-for-papers/", ask_for_papers, name="ask_for_papers"),
    path("paper-calls/<slug:reference>/", paper_call, name="paper_call"),
    path("paper-calls/<slug:reference>/copy/", copy_call, name="paper_call_copy"),
    path("paper-calls/<slug:reference>/<slug:verb>/", call_move, name="paper_call_move"),
]
