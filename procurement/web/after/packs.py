"""The thank-you pack of an order: what is said to whom, the photo, letter and certificate, looked at and sent in one press."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from partners.web import record
from procurement.catalogue.models.facts import Dealing
from procurement.exchange.sheets import THANKS
from procurement.orders.models.order import Order
from procurement.shipments import letters
from procurement.shipments.actions.after.packs import Said, choose_photo, leave_pack, send_pack, take_pack_up
from procurement.shipments.gathering import thanks
from procurement.shipments.gathering.papers import lacking
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.gathering.thanks import Helper, takes_mail
from procurement.shipments.letters import Shown
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from procurement.shipments.rules.after.packs import CHOOSE, LONGEST, SEND
from procurement.web.sheets import sheet, wanted
from procurement.web.shipments.made import usual
from workflow import clock
from workflow.doors.editing import Edit
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.models.evidence import File

NAMED = ("city", "order__city", "order__supplier", "order__donor_city", "order__contact", "shipment", "photo")
TEMPLATE = "after/pack.html"


class Photo(Edit):
    """Which photo of the arrival, and that nobody can be recognised on it."""

    def __init__(self, data: Any, pack: ThanksPack, choices: Any) -> None:
        super().__init__(data)
        self.fields["photo"] = forms.ModelChoiceField(
            choices,
            label=_("Photo of the arrival"),
            required=False,
            empty_label=_("None"),
            initial=pack.photo,
        )
        self.fields["nobody_seen"] = forms.BooleanField(
            label=_("I have looked: nobody can be recognised on it"), required=False, initial=pack.nobody_seen
        )


class Messages(forms.Form):
    """The message to each person, in their language; whoever is not ticked gets none."""

    def __init__(self, data: Any, pack: ThanksPack, helped: list[Helper]) -> None:
        super().__init__(data)
        self.helped = [one for one in helped if takes_mail(one.contact)]
        arrived, mine = thanks.arrived(pack.order), get_language() or "en"
        shown = Shown(photo=pack.photo_id is not None, letter=_has_letter(pack.order))
        self.own: dict[int, str] = {}  # the draft in the officer's language, where theirs is another
        for one in self.helped:
            pk, tongue = one.contact.pk, one.contact.user.language
            draft = letters.thanks(one.contact, one.thanked_for, arrived, shown, tongue)
            if tongue != mine:
                self.own[pk] = letters.thanks(one.contact, one.thanked_for, arrived, shown, mine).body
            self.fields[f"to_{pk}"] = forms.BooleanField(
                label=_("Send it to %(name)s") % {"name": one.contact}, required=False, initial=True
            )
            self.fields[f"subject_{pk}"] = forms.CharField(
                label=_("Subject"), max_length=200, initial=draft.subject
            )
            self.fields[f"body_{pk}"] = forms.CharField(
                label=_("Message"),
                max_length=LONGEST,
                initial=draft.body,
                widget=forms.Textarea(attrs={"rows": 12, "lang": tongue}),
            )

    @property
    def people(self) -> list[dict[str, Any]]:
        """Each person with the fields of their message, and its words as they stand."""
        return [
            {
                "contact": one.contact,
                "because": ThanksNote.For(one.thanked_for).label,
                "to": self[f"to_{one.contact.pk}"],
                "subject": self[f"subject_{one.contact.pk}"],
                "body": self[f"body_{one.contact.pk}"],
                "words": self[f"body_{one.contact.pk}"].value(),
                "own": self.own.get(one.contact.pk, ""),
            }
            for one in self.helped
        ]

    @property
    def said(self) -> list[Said]:
        """What the action takes."""
        told = self.cleaned_data
        return [
            Said(
                contact=one.contact,
                subject=told[f"subject_{one.contact.pk}"],
                body=told[f"body_{one.contact.pk}"],
            )
            for one in self.helped
            if told[f"to_{one.contact.pk}"]
        ]


@login_required
def thanks_packs(request: Visit) -> HttpResponseBase:
    """Every pack of the reader's cities, newest first."""
    rows = ThanksPack.objects.visible_to(request.by).select_related(*NAMED)
    if wanted(request):
        return sheet(request, "thanks", THANKS, rows)
    return show(request, "after/packs.html", {"page": page(request, rows)})


@login_required
def thanks_pack(request: Visit, reference: str) -> HttpResponse:
    """One pack: what is ready, or what was sent."""
    pack = _find(request, reference)
    return show(request, TEMPLATE, _context(request, pack, None))


@login_required
def thanks_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A step of a pack. Sending takes the messages as the page has them."""
    pack = _find(request, reference)
    if verb != "send" or request.method != "POST" or SEND.refusal(request.by, pack, clock.now()) is not None:
        return make(request, pack, verb, {**STEPS, "choose": _choosing(request)})
    form = Messages(request.POST, pack, thanks.helpers(pack.order))
    if not form.is_valid():
        return show(request, TEMPLATE, _context(request, pack, form), status=422)
    return attempt(
        request,
        lambda: send_pack(
            pack,
            form.said,
            tongues=usual(Record(None, pack.order, clock.now())),
            author=request.user,
            by=request.by,
            at=clock.now(),
        ),
        done=pack.get_absolute_url(),
        template=TEMPLATE,
        context=lambda: _context(request, pack, form),
    )


@login_required
def thanks_note(request: Visit, pk: int) -> HttpResponse:
    """It stands on its pack's page."""
    rows = ThanksNote.objects.visible_to(request.by).select_related("pack")
    return redirect(get_object_or_404(rows, pk=pk).pack)


def _context(request: Visit, pack: ThanksPack, form: Messages | None) -> dict[str, Any]:
    order = pack.order
    helped = thanks.helpers(order)
    ready = pack.status == ThanksPack.Status.READY
    made = thanks.papers(order)
    context = {
        "pack": pack,
        "order": order,
        "powers": request.by,
        "silent": [one.contact for one in helped if not takes_mail(one.contact)],
        "arrived": thanks.arrived(order),
        "papers": [
            (MadePaper.Kind(kind).label, made.get(kind))
            for kind in (MadePaper.Kind.THANKS, MadePaper.Kind.THANKS_CERTIFICATE)
        ],
        "is_gift": order.kind == "donation",
        "papers_url": reverse("order_papers", args=[order.reference]),
        "notes": list(pack.notes.select_related("contact__user", "contact__city").order_by("pk")),
        "may_send": SEND.refusal(request.by, pack, clock.now()) is None,
    }
    if ready:
        context["form"] = form or Messages(None, pack, helped)
        if CHOOSE.refusal(request.by, pack, clock.now()) is None:
            photo = context["photo_form"] = Photo(None, pack, thanks.photos(order, request.by))
            photo.thing = pack
    return context | record.of(request, pack)


def _has_letter(order: Order) -> bool:
    """Whether the page will show a letter of thanks for a gift: it can be made as the thanks are sent, or was made before."""
    if order.kind != Dealing.DONATION:
        return False
    record = Record(None, order, clock.now())
    return not lacking.lacks(MadePaper.Kind.THANKS, record) or MadePaper.Kind.THANKS in thanks.papers(order)


def _find(request: Visit, reference: str) -> ThanksPack:
    rows = ThanksPack.objects.visible_to(request.by).select_related(*NAMED)
    return get_object_or_404(rows, reference=reference)


def _choose(request: Visit, thing: ThanksPack, photo: File | None, nobody_seen: bool) -> object:
    return choose_photo(thing, photo=photo, nobody_seen=nobody_seen, by=request.by, at=clock.now())


def _choosing(request: Visit) -> Step:
    """The move "choose", among the pictures of these goods that the reader may see."""
    return Step(_choose, form=lambda data, pack: Photo(data, pack, thanks.photos(pack.order, request.by)))


STEPS = {
    "send": Step(lambda request, thing: None),
    "leave": Step(
        lambda request, thing, reason: leave_pack(thing, reason=reason, by=request.by, at=clock.now()),
        form=reason_form,
        hint=_("Nobody is written to. It can be taken up again."),
    ),
    "take_up": Step(lambda request, thing: take_pack_up(thing, by=request.by, at=clock.now())),
}

urlpatterns = [
    path("thank-you/", thanks_packs, name="thanks_packs"),
    path("thank-you/to/<int:pk>/", thanks_note, name="thanks_note"),
    path("thank-you/<slug:reference>/", thanks_pack, name="thanks_pack"),
    path("thank-you/<slug:reference>/<slug:verb>/", thanks_move, name="thanks_pack_move"),
]
