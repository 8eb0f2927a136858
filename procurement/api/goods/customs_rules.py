"""customs-rules, duty-reliefs, papers-asked: what customs asks on a lane and which duties fall away, by dated rows. Read only."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from partners.places import in_capitals
from procurement.api.catalogue import FACT, NAMES, known
from procurement.api.untapped import Country
from procurement.catalogue import gathering
from procurement.catalogue.gathering import Line, consignment_of, rules_day
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.facts import Dealing, Receiver, Use, market_of
from procurement.catalogue.models.products import Product
from procurement.catalogue.rules.papers import Requirement
from procurement.shipments.models.shipment import Shipment
from workflow import clock
from workflow.doors.api.collections import Collection
from workflow.doors.api.filters import Filter, question
from workflow.doors.api.reading import Row
from workflow.errors import Refused

WHY = ("why_en", "why_fr", "why_zh")


class CustomsRuleRow(Row):
    """A paper, a step or a contradiction that customs asks for on a lane. Empty lists and ends mean any."""

    why_en, why_fr, why_zh = known("why_en"), known("why_fr"), known("why_zh")

    class Meta:
        model = CustomsRule
        fields = (
            *("code", "sort", "paper", *NAMES, *WHY, "origin", "destination", "side", "owner", "due_before"),
            *("effect", "families", "products", "hs_numbers", "device_classes", "use", "dealing"),
            *("consignees", "modes", "satisfied_by", "kept_since", *FACT),
        )


class CustomsRuleFilter(Filter):
    """Which rules."""

    origin = CharFilter(method="from_place", help_text="The rules of goods from a country: CN.")
    destination = CharFilter(method="to_place", help_text="The rules of goods into a country: CA.")
    on = DateFilter(method="by_day", help_text="Not known to be out of force on this day: 2020-04-05.")
    family = ChoiceFilter(method="by_family", choices=Product.Family.choices)
    side = ChoiceFilter(choices=CustomsRule.Side.choices)
    paper = CharFilter()

    def from_place(self, rows: QuerySet[Any], name: str, place: str) -> QuerySet[Any]:
        """Those of this end of the lane, or of its market, or of any."""
        return rows.filter(origin__in={"", in_capitals(place), market_of(in_capitals(place))})

    def to_place(self, rows: QuerySet[Any], name: str, place: str) -> QuerySet[Any]:
        """The same for the other end."""
        return rows.filter(destination__in={"", in_capitals(place), market_of(in_capitals(place))})

    def by_day(self, rows: Any, name: str, day: date) -> QuerySet[Any]:
        """Those that may hold then."""
        found: QuerySet[Any] = rows.possible_on(day)
        return found

    def by_family(self, rows: QuerySet[Any], name: str, family: str) -> QuerySet[Any]:
        """Those of the family, and those of all goods."""
        of = Product.objects.filter(family=family).values_list("code", flat=True)
        named = rows.filter(families__contains=[family]) | rows.filter(products__overlap=list(of))
        return named | rows.filter(families=[], products=[])


class CustomsRules(Collection):
    """What customs, carriers and health authorities ask for, by dated rows with their sources. A customs broker decides."""

    model = CustomsRule
    path = "customs-rules"
    key = "code"
    row = CustomsRuleRow
    filterset_class = CustomsRuleFilter
    orders = {"code": "code"}


class DutyReliefRow(Row):
    """A duty or tax that somebody need not pay: basis, number, condition and days."""

    condition_en, condition_fr = known("condition_en"), known("condition_fr")
    condition_zh = known("condition_zh")

    class Meta:
        model = DutyRelief
        fields = (
            *(
                "code",
                *NAMES,
                "country",
                "basis",
                "authorisation",
                "tariff_treatment",
                "importers",
                "later_importers",
                "later_from",
                "dealing",
            ),
            *("relieves_duty", "relieves_tax", "hs_numbers", "condition_en", "condition_fr", "condition_zh"),
            *("needs_end_use", "kept_since", *FACT),
        )


class DutyReliefFilter(Filter):
    """Which reliefs."""

    country = CharFilter(method="in_place", help_text="Of a country's customs, or of its market: CA.")
    on = DateFilter(method="by_day", help_text="Not known to be out of force on this day: 2020-04-05.")

    def in_place(self, rows: QuerySet[Any], name: str, place: str) -> QuerySet[Any]:
        """Those of the country or of its market."""
        return rows.filter(country__in={in_capitals(place), market_of(in_capitals(place)) or "-"})

    def by_day(self, rows: Any, name: str, day: date) -> QuerySet[Any]:
        """Those that may hold then."""
        found: QuerySet[Any] = rows.possible_on(day)
        return found


class DutyReliefs(Collection):
    """Reliefs from duty and tax, by dated rows with their sources."""

    model = DutyRelief
    path = "duty-reliefs"
    key = "code"
    row = DutyReliefRow
    filterset_class = DutyReliefFilter
    orders = {"code": "code"}


# --- which papers, as of which day ------------------------------------------------------------------------------
class AskedPaper(serializers.Serializer[Any]):
    """A paper, a step or a contradiction: by which rule, whether it blocks on this day, and why it only warns."""

    rule = serializers.CharField()
    paper = serializers.CharField()
    sort = serializers.ChoiceField(choices=CustomsRule.Sort.choices)
    side = serializers.ChoiceField(choices=CustomsRule.Side.choices)
    owner = serializers.ChoiceField(choices=CustomsRule.Owner.choices)
    due_before = serializers.ChoiceField(choices=CustomsRule.Due.choices)
    blocks = serializers.BooleanField()
    doubt = serializers.CharField(help_text="Why it only warns; empty where it blocks.")
    unconfirmed_since = serializers.IntegerField(
        allow_null=True, help_text="The year it was last seen in force, where it may have ended since."
    )
    name_en = serializers.CharField()
    name_fr = serializers.CharField()
    name_zh = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())


class PapersAnswer(serializers.Serializer[Any]):
    """What a lane asks for on a day: papers and steps, contradictions, rules that have ended, and reliefs that may hold."""

    on = serializers.DateField()
    papers = AskedPaper(many=True)
    conflicts = AskedPaper(many=True)
    ended = serializers.ListField(child=serializers.CharField(), help_text="Codes of rules.")
    reliefs = serializers.ListField(child=serializers.CharField(), help_text="Codes of reliefs.")


class Question(forms.Form):
    """The question, from the query string."""

    origin = Country()
    destination = Country()
    product = forms.CharField(max_length=40)
    use = forms.ChoiceField(choices=Use.choices)
    dealing = forms.ChoiceField(choices=Dealing.choices)
    receiver = forms.ChoiceField(choices=Receiver.choices, required=False)
    mode = forms.ChoiceField(choices=Shipment.Mode.choices, required=False)
    on = forms.DateField(required=False, input_formats=["%Y-%m-%d"])


def _parameter(name: str, words: str, *, required: bool = True) -> OpenApiParameter:
    kind = OpenApiTypes.DATE if name == "on" else OpenApiTypes.STR
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, required=required, description=words)


class PapersAsked(GenericViewSet[Any]):
    """Answer which papers customs asks of goods on a lane, as of a day. Rules without a firm source warn and never block, and say why.
    A customs broker decides. The answer comes whole, without pages.
    """

    path: ClassVar[str] = "papers-asked"
    verb: ClassVar[str] = ""
    gives: ClassVar[dict[str, tuple[str, ...]]] = {}
    leads: ClassVar[dict[str, str]] = {}
    whole = PapersAnswer
    queryset = CustomsRule.objects.none()
    filter_backends = ()

    @extend_schema(
        parameters=[
            _parameter("origin", "The country or region the goods leave: CN."),
            _parameter("destination", "The country or region they enter: CA."),
            _parameter("product", "The code of the goods: MASK_SURG."),
            _parameter("use", "What they are declared for: medical or non_medical."),
            _parameter("dealing", "purchase or donation."),
            _parameter(
                "receiver", "Who will use the goods, such as hospital; not known if left out.", required=False
            ),
            _parameter("mode", "The mode of transport; air if left out.", required=False),
            _parameter("on", "As of which day; today if left out.", required=False),
        ]
    )
    def ask(self, request: Request) -> Response:
        """Answer for goods on a lane."""
        return Response(_answer(question(Question, request.query_params)))


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    on: date = asked["on"] or rules_day(clock.now())
    product = Product.objects.filter(code=asked["product"]).first()
    if product is None:
        raise Refused("invalid", _("There are no goods of this code."), parameter="product")
    consignment = consignment_of(
        [Line(product, asked["use"], asked["dealing"])],
        origin=asked["origin"],
        destination=asked["destination"],
        consignee=asked["receiver"],
        mode=asked["mode"] or Shipment.Mode.AIR.value,
        on=on,
    )
    found = gathering.answer(consignment, on=on)
    return {
        "on": on,
        "papers": [_told(one) for one in found.papers],
        "conflicts": [_told(one) for one in found.conflicts],
        "ended": [rule.code for rule in found.ended],
        "reliefs": [relief.code for relief in found.reliefs],
    }


def _told(one: Requirement) -> dict[str, Any]:
    rule = one.rule
    return {
        "rule": rule.code,
        "paper": one.paper,
        **{name: getattr(rule, name) for name in ("sort", "side", "owner", "due_before", *NAMES)},
        "blocks": one.blocks,
        "doubt": one.doubt.value,
        "unconfirmed_since": one.unconfirmed_since,
        "sources": list(one.backing.sources),
    }
