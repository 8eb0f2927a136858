"""Who asks, consents and answers a question. Pure."""

from partners.roles import Power
from procurement.outreach.models import Inquiry
from workflow.actors import Actor
from workflow.errors import Refused


def may_ask(by: Actor, inquiry: Inquiry) -> bool:
    """Officers of the asking city."""
    return by.may(Power.ASK, inquiry)


def may_consent(by: Actor, inquiry: Inquiry) -> bool:
    """Officers of the partner city through which a second-degree question goes."""
    return inquiry.through_city is not None and by.may(Power.ASK, inquiry.through_city)


def may_answer(by: Actor, inquiry: Inquiry) -> bool:
    """The person who was asked, by their link; or an officer who has their answer by phone."""
    return by.may(Power.ANSWER, inquiry) or by.may(Power.ASK, inquiry)


def at_field(refused: Refused, field: str) -> Refused:
    """The same refusal, pointing at the field in which this door names the person."""
    return Refused(refused.code, refused.message, **{**refused.details, "field": field})
