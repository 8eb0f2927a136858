"""Who may enter, correct and judge companies and what is claimed about them."""

from partners.roles import Power
from procurement.suppliers.models.company import Brought
from workflow.actors import Actor


def may_enter(by: Actor, thing: Brought) -> bool:
    """Officers of any city in the network; a contact for what they answer a question with."""
    return by.may(Power.EDIT_SUPPLIER, thing) or by.may(Power.OFFER_LEAD, thing)


def may_edit(by: Actor, thing: object) -> bool:
    """Officers of any city in the network: facts are shared."""
    return by.may(Power.EDIT_SUPPLIER, thing)


def may_check(by: Actor, thing: object) -> bool:
    """Officers and verifiers of any city in the network."""
    return by.may(Power.JUDGE_LEAD, thing)
