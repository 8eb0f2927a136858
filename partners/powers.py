"""Powers: the permissions in a city that roles grant and rules check."""

from dataclasses import dataclass
from enum import StrEnum

from workflow.actors import Actor


class Power(StrEnum):
    """Permission of a person in a city. Rules refer to permissions, never to roles."""

    SEE = "see"  # read the data of the city
    MANAGE_PEOPLE = "manage_people"
    APPOINT = "appoint"  # appoint coordinators, and the administrators of any city
    EDIT_REGISTER = "edit_register"
    EDIT_CUSTOMS_RULES = "keep_rules"  # customs rules and reliefs that apply to every city
    INVITE_CONTACT = "invite_contact"
    EDIT_CONTACT = "keep_contact"  # correct the data of contacts of the city itself
    POST_REQUEST = "post_request"
    SEND_INQUIRY = "ask"  # send inquiries to contacts abroad
    ANSWER_INQUIRY = "answer"  # for a contact: answer an inquiry
    EDIT_SUPPLIER = "edit_supplier"
    OFFER_LEAD = "offer_lead"
    REVIEW_LEAD = "review_lead"  # verify, reject, answer findings
    ASSIGN_CHECK = "assign_check"
    REPORT_ON_CHECK = "report"  # for a contact: report on a check assigned to them
    REVIEW_REPORT = "review_report"
    ALLOCATE = "allocate"
    ORDER = "order"
    CONFIRM_ORDER = "confirm_order"  # for a supplier: answer to one order, by its link; no role has it
    APPROVE = "approve"
    PAY = "pay"
    SHIP = "ship"
    CLEAR_CUSTOMS = "clear"  # customs documents and clearances
    SUBMIT_DOCUMENTS = "submit_documents"  # documents of a document request, by its link; no role has it
    RECEIVE = "receive"
    INSPECT = "inspect"
    COMMENT = "comment"
    OVERSEE_CITIES = "watch"  # see blocked items in all cities, and phone people


@dataclass(frozen=True)
class CityScope:
    """Object that belongs to a city, to check a permission without loading the city."""

    city_id: int | None


def may_edit_register_of(by: Actor, *city_ids: int | None) -> bool:
    """Return True if the actor is a register editor of one of these cities."""
    return any(by.may(Power.EDIT_REGISTER, CityScope(city_id)) for city_id in city_ids)
