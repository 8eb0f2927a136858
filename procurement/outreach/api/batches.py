"""API for asking several contacts: suggested contacts of a need, and batches of inquiries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.models import ActingUser
from partners.contacts.models import Contact
from partners.permissions.permissions import Permissions
from partners.powers import Power
from partners.routing.recommendations import Recommendation
from procurement.outreach.actions.batches import InquiryBatchResult, send_batch_of_inquiries
from procurement.outreach.api.line_fields import line_numbers_field
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.batches import MAX_BATCH_SIZE, inquiry_batch_of
from procurement.outreach.queries.contacts import (
    best_suggestion,
    earlier_inquiries,
    intermediary_city,
    suggested_contacts,
)
from procurement.outreach.queries.letters import letter_drafts, translated_reasons
from procurement.outreach.rules.consents import consents_of_city
from procurement.outreach.rules.lines import LINE_NUMBER_PATTERN, MAX_ASKED_LINES, unknown_line_refusal
from procurement.outreach.rules.people import unexplained_choice_refusal
from procurement.requests.models import SupplyRequest
from workflow import clock
from workflow.api.fields import VisibleReferenceField, reason_field
from workflow.api.filters import parse_query
from workflow.api.idempotency import run_idempotently
from workflow.api.serializers import StrictSerializer
from workflow.api.viewsets import MoveOperation
from workflow.errors import NOT_ALLOWED, Refused, raise_refusal


class ContactSuggestionSerializer(serializers.Serializer[Any]):
    """Contact who could be asked, with the reasons for the rank and the room for another inquiry."""

    rank = serializers.IntegerField(help_text="1 is the best.")
    contact = serializers.IntegerField(help_text="Its id among the contacts.")
    name = serializers.CharField()
    office = serializers.CharField()
    city = serializers.CharField()
    language = serializers.CharField(help_text="In which the contact is written to.")
    reasons = serializers.ListField(
        child=serializers.DictField(),
        help_text="Each with a code, in all languages. `family`: the goods of the need's lines still to find that the contact knows. "
        "`makers`: makers of such goods are known at the place, by your city's offers and confirmed certificates. `gifts`: the "
        "place gave such goods.",
    )
    through_city = serializers.CharField(
        allow_null=True, help_text="The partner city whose consent is needed; null if you ask directly."
    )
    consent = serializers.CharField(
        allow_null=True,
        help_text="The consent in force with which an inquiry is sent at once; null if there is none.",
    )
    open_inquiries = serializers.IntegerField()
    accepts = serializers.IntegerField(help_text="As many open requests as the contact accepts at a time.")
    has_room = serializers.BooleanField()
    mail_returned = serializers.BooleanField(help_text="Email to this contact is being returned.")
    inquiry = serializers.CharField(allow_null=True, help_text="The inquiry about this need, if one exists.")
    needs_reason = serializers.BooleanField(help_text="Asking this contact alone takes a written reason.")


class ContactSuggestionListSerializer(serializers.Serializer[Any]):
    """Contacts who could be asked about a need, best first."""

    supply_request = serializers.CharField()
    suggestions = ContactSuggestionSerializer(many=True)


class ContactSuggestionQueryForm(forms.Form):
    """Query parameters of the suggestions."""

    supply_request = forms.CharField(max_length=20)
    line_numbers = forms.RegexField(
        rf"^{LINE_NUMBER_PATTERN}(,{LINE_NUMBER_PATTERN})*$",
        required=False,
        max_length=len("9999,") * MAX_ASKED_LINES,
    )


class ContactSuggestionsViewSet(GenericViewSet[Any]):
    """Contacts who could be asked about a need of your city, best first, with the reasons.

    Every line counts whose quantity allocated, verified and offered goods do not cover yet, or all lines if none is left.
    Contacts whom only a partner city can introduce are included: `through_city` names it. The answer is
    complete, without pages.
    """

    path: ClassVar[str] = "inquiries"
    verb: ClassVar[str] = "suggestions"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    detail_serializer = ContactSuggestionListSerializer
    queryset = Inquiry.objects.none()
    filter_backends = ()

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "supply_request",
                OpenApiTypes.STR,
                OpenApiParameter.QUERY,
                required=True,
                description="The reference of the need: SR-2020-0001.",
            ),
            OpenApiParameter(
                "line_numbers",
                OpenApiTypes.STR,
                OpenApiParameter.QUERY,
                description="Numbers of the lines to ask about: 1,3. Left out: the whole need.",
            ),
        ]
    )
    def query(self, request: Request) -> Response:
        """Return the contacts for one need or some of its lines. Refuses people who may not ask for its city."""
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        asked = parse_query(ContactSuggestionQueryForm, request.query_params)
        need = SupplyRequest.objects.visible_to(by).filter(reference=asked["supply_request"]).first()
        if need is None:
            words = _("“{value}” does not exist, or you cannot see it.").format(value=asked["supply_request"])
            raise Refused("invalid", words, parameter="supply_request")
        if not by.may(Power.SEND_INQUIRY, need):
            raise Refused(NOT_ALLOWED, _("You cannot do this. Ask someone in your city who can."))
        reader: Any = request.user
        about = [int(number) for number in asked["line_numbers"].split(",") if number]
        if (refused := unknown_line_refusal(need, about)) is not None:
            raise Refused(refused.code, refused.message, parameter="line_numbers")
        return Response(_suggestions(need, by, reader.language, about))


def _suggestions(
    need: SupplyRequest, by: Permissions, language: str, line_numbers: Sequence[int]
) -> dict[str, Any]:
    at = clock.now()
    found = suggested_contacts(need, at, language, line_numbers)
    here, _elsewhere = earlier_inquiries(need, [one.contact.user_id for one in found], by, at)
    best = best_suggestion(found, here)
    consents = consents_of_city(need.city_id, at)
    rows = [
        {
            "rank": rank,
            "contact": one.contact.pk,
            "name": one.contact.user.name,
            "office": one.contact.organization.name,
            "city": one.contact.city.slug,
            "language": one.contact.user.language,
            "reasons": translated_reasons(one.ranked_contact.reasons),
            "through_city": None if (city := intermediary_city(one)) is None else city.slug,
            "consent": _usable_consent(one, consents),
            "open_inquiries": one.contact.open_questions,
            "accepts": one.contact.task_limit,
            "has_room": not one.ranked_contact.needs_written_reason,
            "mail_returned": one.ranked_contact.candidate.has_returned_mail,
            "inquiry": here[one.contact.pk].reference if one.contact.pk in here else None,
            "needs_reason": unexplained_choice_refusal(one.contact, best.contact if best else None, "")
            is not None,
        }
        for rank, one in enumerate(found, start=1)
    ]
    return {"supply_request": need.reference, "suggestions": rows}


def _usable_consent(
    one: Recommendation, consents: Mapping[tuple[int, int], IntroductionConsent]
) -> str | None:
    """Return the reference of the consent with which an inquiry to this contact is sent at once, or None."""
    via = one.ranked_contact.path.via
    found = consents.get((via.city_id, one.contact.pk)) if via is not None else None
    return found.reference if found is not None else None


class NewInquiryBatchSerializer(StrictSerializer):
    """Contacts to ask about one need, each with a letter in their language.

    The letters are composed as for a single inquiry.
    """

    supply_request = VisibleReferenceField(SupplyRequest)
    line_numbers = line_numbers_field()
    contacts = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        min_length=1,
        max_length=MAX_BATCH_SIZE,
        help_text="Ids of contacts, from the suggestions.",
    )
    chosen_because = reason_field(
        "Needed if the first suggestion is left out, or a contact has no room.",
        required=False,
        allow_blank=True,
    )


class InquiryRefusalSerializer(serializers.Serializer[Any]):
    """Reason why one contact was not asked."""

    code = serializers.CharField()
    detail = serializers.CharField()


class InquiryBatchResultSerializer(serializers.Serializer[Any]):
    """Result of one contact: the inquiry, or the refusal."""

    contact = serializers.IntegerField()
    inquiry = serializers.CharField(allow_null=True)
    status = serializers.CharField(
        allow_null=True,
        help_text="`sent`, or `awaiting_consent` if a partner city was asked first. An inquiry through a partner "
        "city whose earlier consent is in force is sent.",
    )
    refused = InquiryRefusalSerializer(allow_null=True)


class InquiryBatchSerializer(serializers.Serializer[Any]):
    """Results, in the order of the contacts in the request."""

    results = InquiryBatchResultSerializer(many=True)


def send_batch(
    supply_request: SupplyRequest,
    *,
    contacts: Sequence[int],
    line_numbers: Sequence[int] = (),
    chosen_because: str = "",
    author: ActingUser,
    by: Permissions,
    at: datetime,
) -> list[dict[str, Any]]:
    """Ask several contacts about one need, or about some of its lines, each with a letter and a link of their own.

    A refusal of one contact does not hold up the others: each has its result. No reason is needed for contacts
    who are asked together with the first suggestion, unless one has no room. Refuses people who may not ask for
    the city.
    """
    if not by.may(Power.SEND_INQUIRY, supply_request):
        raise Refused(NOT_ALLOWED, _("You cannot do this. Ask someone in your city who can."))
    raise_refusal(unknown_line_refusal(supply_request, line_numbers))
    batch = inquiry_batch_of(supply_request, contacts, at, author.language, line_numbers)
    day = supply_request.city.day_at(at)
    words = {one.pk: letter_drafts(supply_request, one, author, day, line_numbers) for one in batch.contacts}
    results = send_batch_of_inquiries(
        batch, words, chosen_because=chosen_because, author=author, by=by, at=at
    )
    known = {one.contact.pk: one for one in results}
    others = Contact.objects.visible_to(by).filter(pk__in=set(contacts) - known.keys()).select_related("user")
    gone = {one.pk: batch.refusal_for(one) for one in others}
    return [_result(pk, known.get(pk), gone.get(pk)) for pk in dict.fromkeys(contacts)]


def _result(pk: int, one: InquiryBatchResult | None, gone: Refused | None) -> dict[str, Any]:
    """Return the result of one contact. A contact whom the caller may not see is one that does not exist."""
    inquiry = one.inquiry if one is not None else None
    refused = one.refusal if one is not None else gone
    unknown = _("“{value}” does not exist, or you cannot see it.").format(value=pk)
    if inquiry is None and refused is None:
        refused = Refused("no_such_contact", unknown)
    return {
        "contact": pk,
        "inquiry": inquiry.reference if inquiry is not None else None,
        "status": inquiry.status if inquiry is not None else None,
        "refused": None if refused is None else {"code": refused.code, "detail": str(refused.message)},
    }


class InquiryBatchViewSet(GenericViewSet[Any]):
    """Batch of inquiries about one need."""

    path: ClassVar[str] = "inquiries"
    verb: ClassVar[str] = "batch"
    file_content_types: ClassVar[dict[str, tuple[str, ...]]] = {}
    redirects: ClassVar[dict[str, str]] = {}
    move_actions: ClassVar[dict[str, MoveOperation]] = {
        "batch": MoveOperation(action=send_batch, body=NewInquiryBatchSerializer)
    }
    detail_serializer = InquiryBatchSerializer
    queryset = Inquiry.objects.none()
    filter_backends = ()

    def make_move(self, request: Request) -> HttpResponse:
        """Send the inquiries, and return a result for each contact."""
        return run_idempotently(self, lambda: self._send(request))

    def _send(self, request: Request) -> Response:
        by: Permissions = request.by  # type: ignore[attr-defined]  # set by accounts' authentication
        body = NewInquiryBatchSerializer(
            data=request.data, context={"by": by, **self.get_serializer_context()}
        )
        body.is_valid(raise_exception=True)
        author: Any = request.user
        results = send_batch(**body.validated_data, author=author, by=by, at=clock.now())
        return Response({"results": results})
