"""look-ups: what registers and makers answered about companies, each with its day and the address opened; shared between cities."""

from django_filters import CharFilter, ChoiceFilter

from procurement.catalogue.models.products import Product
from procurement.suppliers.actions.lookups import record_lookup, take_back_look_up
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.lookup import LookUp
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref, reason
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row

ANSWER = (
    *("supplier", "kind", "whom", "product", "model", "address", "answered_on", "answer", "since", "count"),
    "words",
)


class LookUpRow(Row):
    """A recorded answer. `answered_on` is its own day, `since` the day of what it tells, as the register has it."""

    supplier = Named()
    product = Named("code", allow_null=True)
    entered_by = Named("name")

    class Meta:
        model = LookUp
        fields = ("reference", "status", *ANSWER, "entered_by", "created_at")


class NewLookUp(New):
    """An answer to record. Which answers a kind has, and which need a day, a count or words, a refusal says."""

    supplier = Ref(Supplier)
    product = Ref(Product, "code", required=False, allow_null=True)

    class Meta:
        model = LookUp
        fields = ANSWER


class LookUpFilter(Searched):
    """Which look-ups."""

    search = search_in("Words, the model, the address opened, or the reference.")
    status = ChoiceFilter(choices=LookUp.Status.choices)
    supplier = CharFilter("supplier__reference")
    kind = ChoiceFilter(choices=LookUp.Kind.choices)
    answer = ChoiceFilter(choices=LookUp.Answer.choices)


class LookUps(Collection):
    """What registers and makers answered about companies. Only what an official register answers may block an offer."""

    model = LookUp
    path = "look-ups"
    row = LookUpRow
    filterset_class = LookUpFilter
    orders = {"answered_on": "answered_on"}
    begin = Verb(record_lookup, body=NewLookUp, me="entered_by")
    verbs = {"take-back": Verb(take_back_look_up, reason=reason())}
