"""inquiries: the questions a city sends to contacts abroad, and what became of them."""

from django_filters import CharFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from partners.models import City, Contact
from procurement.api.leads import LeadAnswer
from procurement.leads import actions as leads
from procurement.outreach import actions
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, Ref, words
from workflow.doors.api.filters import Filter
from workflow.doors.api.reading import Named, Row
from workflow.missing import by_moment


class InquiryRow(Row):
    """A question to one person about one need, as a list tells it."""

    supply_request = Named()
    city = Named("slug")
    contact = serializers.IntegerField(source="contact_id")
    through_city = Named("slug", allow_null=True)

    class Meta:
        model = Inquiry
        fields = (
            *("reference", "status", "supply_request", "city", "contact", "through_city", "language"),
            *("subject", "sent_at", "due_at", "chases", "answered_at", "leads", "created_at"),
        )


class InquiryDetail(InquiryRow):
    """A question, whole: the message exactly as it was sent, and why this person was asked."""

    handed_to = Named(allow_null=True)

    class Meta:
        model = Inquiry
        fields = (
            *InquiryRow.Meta.fields,
            "body",
            "body_own",
            "reasons",
            "chosen_because",
            "remark",
            "handed_to",
            "chase_at",
        )


class NewInquiry(New):
    """A question to write. It goes nowhere before it is sent."""

    supply_request = Ref(SupplyRequest)
    contact = Numbered(Contact)
    through_city = Ref(City, "slug", required=False, allow_null=True)
    reasons = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="The routing's, as it gave them."
    )

    class Meta:
        model = Inquiry
        fields = (
            "supply_request",
            "contact",
            "through_city",
            "subject",
            "body",
            "body_own",
            "reasons",
            "chosen_because",
        )


class InquiryEdit(Edit):
    """Words of a question to change before it goes."""

    class Meta:
        model = Inquiry
        fields = ("subject", "body", "body_own")


class InquiryFilter(Filter):
    """Which questions."""

    status = ChoiceFilter(choices=Inquiry.Status.choices)
    city = CharFilter("city__slug")
    supply_request = CharFilter("supply_request__reference")
    contact = NumberFilter("contact")


class Inquiries(Collection):
    """Questions: those of one's city, those that wait for one's own answer, those a coordinator follows."""

    model = Inquiry
    path = "inquiries"
    row = InquiryRow
    whole = InquiryDetail
    filterset_class = InquiryFilter
    orders = {"due_at": by_moment("due_at")}
    begin = Verb(actions.propose, body=NewInquiry, me="author")
    verbs = {
        "revise": Verb(actions.revise, body=InquiryEdit),
        "send": Verb(actions.send, due_at=serializers.DateTimeField(required=False)),
        "ask-partner": Verb(actions.ask_partner),
        "consent": Verb(actions.consent),
        "refuse": Verb(actions.refuse, reason=words()),
        "answer": Verb(leads.answer, body=LeadAnswer, me="author"),
        "decline": Verb(actions.decline, remark=words()),
        "hand-over": Verb(actions.hand_over, to=Numbered(Contact), remark=words()),
        "remind": Verb(actions.remind),
        "cancel": Verb(actions.cancel, reason=words()),
    }
