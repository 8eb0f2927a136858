"""Lots by their number over all shipments the reader sees, the places each went to, and who was told of a recall."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from partners.models.people import Organisation
from partners.roles import Power
from partners.rules.powers import Powers
from partners.visit import Visit, only
from procurement.catalogue.models.facts import Receiver
from procurement.exchange.sheets import LOTS
from procurement.notices import post
from procurement.notices.post import with_mails
from procurement.shipments.actions import handouts
from procurement.shipments.actions.handouts import take_hand_out_back, tell_place
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.handouts import HandOut
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.errors import Words
from workflow.models.bell import InAppNotice

GOODS = "line__order_line__allocation__lead"


class Sought(forms.Form):
    """Which lots: by number or reference, and how they stand."""

    q = forms.CharField(label=_("Lot number"), required=False, max_length=60)
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any")), *Lot.Status.choices], required=False
    )


class HandingOut(forms.Form):
    """Where pieces of a lot went."""

    def __init__(self, data: Any, lot: Lot) -> None:
        super().__init__(data)
        organisations = Organisation.objects.filter(city=lot.city_id).select_related("city")
        self.fields["organisation"] = forms.ModelChoiceField(
            organisations.order_by("name_en", "pk"),
            label=_("Organisation"),
            required=False,
            empty_label=_("Another place, named below"),
        )
        self.fields["place"] = forms.CharField(label=_("Place"), max_length=200, required=False)
        self.fields["receiver"] = forms.ChoiceField(
            label=_("Who will use the goods"),
            choices=[("", _("Not stated")), *Receiver.choices],
            required=False,
            help_text=_(
                "Duty reliefs count pieces by this. If you do not state it, the kind of the organisation counts."
            ),
        )
        self.fields["name"] = forms.CharField(
            label=_("Who takes care of it there"),
            max_length=150,
            required=False,
            help_text=_("With their e-mail address they are written to as soon as this lot is recalled."),
        )
        self.fields["email"] = forms.EmailField(label=_("E-mail"), required=False)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=Language.choices, initial=get_language(), required=False
        )
        self.fields["quantity"] = QuantityField(label=_("Pieces"), min_value=1)
        self.fields["handed_on"] = DayField(label=_("Handed out on"), initial=lot.city.day_at(clock.now()))
        self.order_fields(("organisation", "place", "receiver", "quantity", "handed_on"))


@dataclass(frozen=True)
class Told:
    """One person of the city, and since when they know of a recall: told under the bell, and read there."""

    name: str
    at: datetime
    read_at: datetime | None


@login_required
def lots(request: Visit) -> HttpResponseBase:
    """Every lot the reader may see, by its number, with the places it went to."""
    form = Sought(request.GET)
    rows = Lot.objects.visible_to(request.by).select_related(
        "city", "shipment", f"{GOODS}__product", f"{GOODS}__supplier"
    )
    rows = rows.prefetch_related(Prefetch("hand_outs", _standing()))
    if form.is_valid():
        rows = _narrowed(rows, **form.cleaned_data)
    if wanted(request):
        return sheet(request, "lots", LOTS, rows)
    return show(request, "shipments/lots.html", {"page": page(request, rows), "filters": form})


@login_required
def hand_out(request: Visit, reference: str) -> HttpResponse:
    """Note where pieces of a released lot went."""
    rows = Lot.objects.visible_to(request.by).select_related("city", "shipment")
    lot: Lot = get_object_or_404(rows, reference=reference)
    only(request, Power.RECEIVE, lot)
    form = HandingOut(request.POST or None, lot)
    context = {"lot": lot, "form": form}
    template = "shipments/hand_out.html"
    if not form.is_valid():
        return show(request, template, context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: handouts.hand_out(
            lot, author=request.user, by=request.by, at=clock.now(), **form.cleaned_data
        ),
        done=lot.get_absolute_url(),
        template=template,
        context=context,
    )


@login_required
def handed_out(request: Visit, pk: int) -> HttpResponse:
    """It stands on its lot's page."""
    return redirect(get_object_or_404(HandOut.objects.visible_to(request.by), pk=pk).lot)


@login_required
def hand_out_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Take it back, or note that its place was told of the recall."""
    rows = HandOut.objects.visible_to(request.by).select_related("lot", "organisation__city")
    return make(request, get_object_or_404(rows, pk=pk), verb, STEPS)


def where_it_went(lot: Lot, by: Powers) -> dict[str, Any]:
    """What a lot's page says of its places; and of a recalled one, who was told and who was not."""
    outs = list(
        with_mails(lot.hand_outs.all(), by)
        .select_related("organisation__city", "lot", "told_by")
        .order_by("handed_on", "pk")
    )
    standing = [one for one in outs if one.status == HandOut.Status.HANDED_OUT]
    told: dict[str, Any] = {
        "hand_outs": outs,
        "left": lot.quantity - sum(one.quantity for one in standing),
    }
    if lot.status == Lot.Status.RECALLED:
        told["told"] = told_of(lot)
        told["to_phone"] = [(one, post.of(one)) for one in standing if one.told_at is None]
        told["others"] = Lot.objects.like(lot).filter(warned_at__isnull=False).count()
    return told


def told_of(lot: Lot) -> list[Told]:
    """The people of the city who were told of the recall, and whether they have read it."""
    rows = InAppNotice.objects.filter(
        thing_label=lot._meta.label_lower, thing_id=lot.pk, entry__verb="recall"
    )
    return [
        Told(str(one.recipient), one.at, one.read_at)
        for one in rows.select_related("recipient").order_by("pk")
    ]


def words_to_say(lot: Lot) -> Words:
    """What to say on the phone."""
    words = _(
        "Lot %(number)s is recalled. Please use none of it, keep it apart, and tell us how much is left."
    )
    return words % {"number": lot.number}


def _narrowed(rows: QuerySet[Lot], q: str, status: str) -> QuerySet[Lot]:
    found: QuerySet[Lot] = rows.search(q) if q else rows  # type: ignore[attr-defined]  # of LotQuerySet
    return found.filter(status=status) if status else found


def _standing() -> QuerySet[HandOut]:
    return HandOut.objects.standing().select_related("organisation__city").order_by("handed_on", "pk")


STEPS = {
    "take_back": Step(
        lambda request, thing, reason: take_hand_out_back(
            thing, reason=reason, by=request.by, at=clock.now()
        ),
        form=reason_form,
        after=lambda thing: thing.lot.get_absolute_url(),
    ),
    "tell": Step(
        lambda request, thing: tell_place(thing, by=request.by, at=clock.now()),
        after=lambda thing: thing.lot.get_absolute_url(),
    ),
}

urlpatterns = [
    path("lots/", lots, name="lots"),
    path("lots/<slug:reference>/hand-out/", hand_out, name="hand_out_lot"),
    path("hand-outs/<int:pk>/", handed_out, name="hand_out"),
    path("hand-outs/<int:pk>/<slug:verb>/", hand_out_move, name="hand_out_move"),
]
