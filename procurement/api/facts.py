"""company-facts: what sources say about companies, each with who said it, when and how it was checked; shared between cities."""

from django_filters import CharFilter, ChoiceFilter

from partners.models.people import Contact
from procurement.suppliers.actions import facts
from procurement.suppliers.actions.facts import settle_fact, take_back_fact
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Numbered, Ref, reason
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row

SAYS = ("supplier", "name", "value", "said_by", "said_on", "how", "source")


class CompanyFactRow(Row):
    """What one source says. `status` is settled where somebody chose this value; `because` says why."""

    supplier = Named()
    entered_by = Named("name")
    settled_by = Named("name", allow_null=True)

    class Meta:
        model = CompanyFact
        fields = ("id", "status", *SAYS, "entered_by", "settled_by", "settled_at", "because", "created_at")


class NewCompanyFact(New):
    """What a source says. A day is written 2012-03-01, a country with two letters, a role as a company's is."""

    supplier = Ref(Supplier)
    contact = Numbered(Contact, required=False, allow_null=True)

    class Meta:
        model = CompanyFact
        fields = (*SAYS, "contact")


class CompanyFactFilter(Searched):
    """Which facts."""

    search = search_in("Words in the company's names, its number or its reference.")
    status = ChoiceFilter(choices=CompanyFact.Status.choices)
    supplier = CharFilter("supplier__reference")
    name = ChoiceFilter(choices=CompanyFact.Name.choices)


class CompanyFacts(Collection):
    """What sources say about companies. Settling for one of them corrects the company's row; the others stay beside it."""

    model = CompanyFact
    path = "company-facts"
    key = "id"
    row = CompanyFactRow
    filterset_class = CompanyFactFilter
    orders = {"said_on": "said_on"}
    begin = Verb(facts.say, body=NewCompanyFact, me="entered_by")
    verbs = {
        "settle": Verb(settle_fact, me="settled_by", reason=reason()),
        "take-back": Verb(take_back_fact, reason=reason()),
    }
