"""Permissions to enter, correct and review suppliers and the facts about them."""

from partners.powers import Power
from procurement.suppliers.models.suppliers import Provenance
from workflow.actors import Actor


def may_enter_supplier(by: Actor, thing: Provenance) -> bool:
    """Return True for officers of any city, and for a contact in an answer to an inquiry."""
    return by.may(Power.EDIT_SUPPLIER, thing) or by.may(Power.OFFER_LEAD, thing)


def may_edit_supplier(by: Actor, thing: object) -> bool:
    """Return True for officers of any city, because cities share these facts."""
    return by.may(Power.EDIT_SUPPLIER, thing)


def may_review_supplier(by: Actor, thing: object) -> bool:
    """Return True for officers and verifiers of any city."""
    return by.may(Power.REVIEW_LEAD, thing)
