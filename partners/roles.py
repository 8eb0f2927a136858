"""Roles as data: each a set of powers with one sentence. The same set serves sessions, API tokens and links."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from partners.models.people import Membership
from workflow.errors import Words


class Power(StrEnum):
    """Something a person may do for a city; rules name these, never roles."""

    SEE = "see"  # read what is the city's own
    MANAGE_PEOPLE = "manage_people"
    APPOINT = "appoint"  # name the administrators of any city, and coordinators
    EDIT_REGISTER = "edit_register"
    KEEP_RULES = "keep_rules"  # the customs rules and reliefs that every city goes by
    INVITE_CONTACT = "invite_contact"
    KEEP_CONTACT = "keep_contact"  # correct what is kept about contacts of the city itself
    POST_REQUEST = "post_request"
    ASK = "ask"  # send inquiries to contacts abroad
    ANSWER = "answer"  # a contact, about what they were asked
    EDIT_SUPPLIER = "edit_supplier"
    OFFER_LEAD = "offer_lead"
    JUDGE_LEAD = "judge_lead"  # verify, reject, answer findings
    ASSIGN_CHECK = "assign_check"
    REPORT = "report"  # a contact, on a check they were given
    JUDGE_REPORT = "judge_report"
    ALLOCATE = "allocate"
    ORDER = "order"
    APPROVE = "approve"
    PAY = "pay"
    SHIP = "ship"
    CLEAR = "clear"  # customs papers and lanes
    HAND_IN = "hand_in"  # papers one was asked for, by the link of that call: no role gives it
    RECEIVE = "receive"
    INSPECT = "inspect"
    COMMENT = "comment"
    WATCH = "watch"  # see across cities what is stuck, and phone


@dataclass(frozen=True)
class RoleCard:
    """What a role is for, and what it may do."""

    about: Words
    powers: frozenset[Power]


_READ = frozenset({Power.SEE})
_CHECKS = frozenset({Power.JUDGE_LEAD, Power.ASSIGN_CHECK, Power.JUDGE_REPORT, Power.COMMENT}) | _READ
_LOGISTICS = frozenset({Power.SHIP, Power.CLEAR, Power.RECEIVE, Power.INSPECT, Power.COMMENT}) | _READ
_OFFICER = (
    _CHECKS
    | _LOGISTICS
    | frozenset(
        {
            Power.INVITE_CONTACT,
            Power.KEEP_CONTACT,
            Power.POST_REQUEST,
            Power.ASK,
            Power.EDIT_SUPPLIER,
            Power.OFFER_LEAD,
            Power.ALLOCATE,
            Power.ORDER,
            Power.PAY,
        }
    )
)

ROLES: dict[str, RoleCard] = {
    Membership.Role.ADMINISTRATOR: RoleCard(
        _("Looks after the city's people, roles and settings, and reads everything of the city."),
        _READ
        | {
            Power.MANAGE_PEOPLE,
            Power.INVITE_CONTACT,
            Power.KEEP_CONTACT,
            Power.EDIT_REGISTER,
            Power.COMMENT,
        },
    ),
    Membership.Role.COORDINATOR: RoleCard(
        _(
            "Keeps the register and the customs rules, and phones where something is stuck; sees no prices and no offers of a city."
        ),
        frozenset(
            {Power.WATCH, Power.EDIT_REGISTER, Power.KEEP_RULES, Power.INVITE_CONTACT, Power.KEEP_CONTACT}
        ),
    ),
    Membership.Role.OFFICER: RoleCard(
        _("Posts needs, asks partners, judges offers, allocates, orders, and follows the goods to the ward."),
        _OFFICER,
    ),
    Membership.Role.APPROVER: RoleCard(
        _("Approves orders and gifts, and is never their author."),
        _READ | {Power.APPROVE, Power.PAY, Power.COMMENT},
    ),
    Membership.Role.VERIFIER: RoleCard(_("Judges checks and offers; neither allocates nor orders."), _CHECKS),
    Membership.Role.LOGISTICS: RoleCard(_("Ships, clears customs, receives and inspects."), _LOGISTICS),
    Membership.Role.BROKER: RoleCard(
        _(
            "Hands in customs papers and declarations of the shipments given to them, and reads their invoices with the prices: "
            "customs asks for the value."
        ),
        frozenset({Power.CLEAR}),
    ),
    Membership.Role.OBSERVER: RoleCard(_("Reads everything of the city and changes nothing."), _READ),
}

# What a coordinator of the whole network may do in every city.
NETWORK_POWERS = frozenset(
    {
        Power.WATCH,
        Power.EDIT_REGISTER,
        Power.KEEP_RULES,
        Power.INVITE_CONTACT,
        Power.KEEP_CONTACT,
        Power.APPOINT,
    }
)

# Never above the inviter's role: who looks after a city's people gives its roles; who coordinates the network names coordinators,
# and the administrators of any city.
CITY_ROLES = frozenset(role for role in Membership.Role if role != Membership.Role.COORDINATOR)
APPOINTED_ROLES = frozenset({Membership.Role.ADMINISTRATOR, Membership.Role.COORDINATOR})

# What a contact may do about the things that carry their own contact id. A link gives these and nothing else.
CONTACT_POWERS = frozenset({Power.ANSWER, Power.REPORT, Power.OFFER_LEAD})
