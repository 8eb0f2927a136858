"""inquiries: the questions a city sends to contacts abroad, and what became of them."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django_filters import CharFilter, ChoiceFilter, IsoDateTimeFilter, NumberFilter
from rest_framework import serializers

from accounts.models import User
from partners.candidates import suggest
from partners.models import City, Contact
from partners.routing import Place
from procurement.api.leads import LeadAnswer
from procurement.api.mails import mails
from procurement.leads import actions as leads
from procurement.notices.post import with_mails
from procurement.outreach import actions
from procurement.outreach.letters import Letter, compose
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.actors import Actor
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import Edit, New, Numbered, Ref, words
from workflow.doors.api.filters import Quoted
from workflow.doors.api.reading import OBJECTS, Named, Row
from workflow.queries import by_moment
from workflow.tongues import in_three


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
    mails = mails()
    shapes = {"reasons": OBJECTS}

    class Meta:
        model = Inquiry
        fields = (
            *InquiryRow.Meta.fields,
            "body",
            "subject_own",
            "body_own",
            "language_own",
            "reasons",
            "chosen_because",
            "remark",
            "told_by",
            "handed_to",
            "chase_at",
            "paused_at",
            "mails",
        )


def write(
    supply_request: SupplyRequest,
    contact: Contact,
    *,
    author: User,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> Inquiry:
    """Write the question to a contact, to be read before it goes. What is left out is filled in: the letter in the contact's
    language and in your own, the routing's reasons, and the partner city that is asked first. Beside a `body` of your own goes the
    `body_own` that you give, and no other.

    Refuses to ask the same person twice for one need.
    """
    letter = _letter(supply_request, contact, contact.user.language)
    known = {
        "subject": letter.subject,
        "body": letter.body,
        **_own_words(supply_request, contact, author, facts),
        **_routed(supply_request, contact, at),
    }
    return actions.propose(supply_request, contact, author=author, by=by, at=at, **{**known, **facts})


def _own_words(need: SupplyRequest, contact: Contact, author: User, given: dict[str, Any]) -> dict[str, str]:
    """The letter in the author's language, but for what the author worded; none where the contact speaks it too."""
    if author.language == contact.user.language:
        return {}
    own = _letter(need, contact, author.language)
    composed = {"subject_own": own.subject, "body_own": own.body}
    return {f"{name}_own": composed[f"{name}_own"] for name in ("subject", "body") if name not in given}


def _letter(need: SupplyRequest, contact: Contact, language: str) -> Letter:
    lines = RequestLine.objects.filter(supply_request=need).select_related("product").order_by("position")
    return compose(need, list(lines), contact, language)


def _routed(need: SupplyRequest, contact: Contact, at: datetime) -> dict[str, Any]:
    """Why this person, and through which city, as routing ranks them; nothing where it does not."""
    family = need.lines.order_by("position").values_list("product__family", flat=True).first() or ""
    suggested = suggest(need.city, Place(), at.date(), family=family, language=contact.user.language)
    ranked = next((one.ranked for one in suggested if one.contact.pk == contact.pk), None)
    if ranked is None:
        return {}
    reasons = [{"code": reason.code, **in_three(reason.words)} for reason in ranked.reasons]
    through = City.objects.get(pk=ranked.path.via.city_id) if ranked.path.via else None
    return {"reasons": reasons, "through_city": through}


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
            "subject_own",
            "body_own",
            "reasons",
            "chosen_because",
        )
        extra_kwargs = {"subject": {"required": False}, "body": {"required": False}}


class InquiryEdit(Edit):
    """Words of a question to change before it goes."""

    class Meta:
        model = Inquiry
        fields = ("subject", "body", "subject_own", "body_own")


class InquiryFilter(Quoted):
    """Which questions."""

    status = ChoiceFilter(choices=Inquiry.Status.choices)
    city = CharFilter("city__slug")
    supply_request = CharFilter("supply_request__reference")
    contact = NumberFilter("contact")
    due_before = IsoDateTimeFilter("due_at", "lt")


class Inquiries(Collection):
    """Questions: those of one's city, those that wait for one's own answer, those a coordinator follows."""

    model = Inquiry
    path = "inquiries"
    row = InquiryRow
    whole = InquiryDetail
    filterset_class = InquiryFilter
    orders = {"due_at": by_moment("due_at")}
    begin = Verb(write, body=NewInquiry, me="author")
    verbs = {
        "revise": Verb(actions.revise, body=InquiryEdit),
        "send": Verb(actions.send, due_at=serializers.DateTimeField(required=False)),
        "ask-partner": Verb(actions.ask_partner),
        "consent": Verb(actions.consent),
        "refuse": Verb(actions.refuse, reason=words()),
        "answer": Verb(leads.answer, body=LeadAnswer, me="author"),
        "decline": Verb(actions.decline, remark=words()),
        "note-call": Verb(
            actions.note_call,
            said_by=serializers.CharField(max_length=150),
            said_at=serializers.DateTimeField(),
            remark=words(),
        ),
        "hand-over": Verb(actions.hand_over, to=Numbered(Contact), remark=words()),
        "remind": Verb(actions.remind),
        "redate": Verb(actions.redate, due_at=serializers.DateTimeField()),
        "lapse": Verb(actions.lapse),
        "cancel": Verb(actions.cancel, reason=words()),
    }

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With what became of the mails."""
        return with_mails(super().for_detail(rows), self.by)
