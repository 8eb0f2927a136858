"""entered-rates: exchange rates a city's people wrote down, for what the European Central Bank has none for."""

from django_filters import CharFilter, ChoiceFilter

from partners.api.fields import Currency
from partners.models.cities import City
from procurement.leads.actions.rates import enter_manual_rate, withdraw_manual_rate
from procurement.leads.models.rate import EnteredRate
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref, reason
from workflow.doors.api.filters import Quoted
from workflow.doors.api.reading import Named, Row


class EnteredRateRow(Row):
    """One unit of `currency` was worth `rate` of `into` on a day, as somebody read it at `source`."""

    city = Named("slug")
    author = Named("name")

    class Meta:
        model = EnteredRate
        fields = (
            *("reference", "status", "city", "currency", "into", "rate", "on", "source", "author"),
            "created_at",
        )


class NewEnteredRate(New):
    """A rate to enter. Refused for a day the bank has a rate for."""

    city = Ref(City, "slug")
    currency = Currency()
    into = Currency()

    class Meta:
        model = EnteredRate
        fields = ("city", "currency", "into", "rate", "on", "source")


class EnteredRateFilter(Quoted):
    """Which rates."""

    status = ChoiceFilter(choices=EnteredRate.Status.choices)
    city = CharFilter("city__slug")


class EnteredRates(Collection):
    """Exchange rates of one's own city, beside those of the European Central Bank."""

    model = EnteredRate
    path = "entered-rates"
    row = EnteredRateRow
    filterset_class = EnteredRateFilter
    orders = {"on": "on"}
    begin = Verb(enter_manual_rate, body=NewEnteredRate, me="author")
    verbs = {"withdraw": Verb(withdraw_manual_rate, reason=reason())}
