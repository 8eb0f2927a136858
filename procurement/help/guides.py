"""Guides of the help section: the daily tasks of each role, with the pages where they are done.

The role's description and permissions come from `partners.memberships.roles`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from partners.memberships.models import Membership
from partners.memberships.roles import NETWORK_POWERS, ROLE_DEFINITIONS
from partners.powers import Power
from procurement.help import pictures
from procurement.help.pictures import Picture
from workflow.errors import LazyText

Role = Membership.Role


@dataclass(frozen=True)
class GuideStep:
    """One step of a day's work, in `instruction`.

    `url_name` is the URL name of the page where it is done, if there is one, and `link_label` the text of the link to it. With
    `is_city_page`, the address of the page contains the reader's city.
    """

    instruction: LazyText
    url_name: str = ""
    link_label: LazyText = ""
    is_city_page: bool = False
    picture: Picture | None = None


OPEN_TODAY_STEP = GuideStep(
    _("Open the Today page. Each row says what is waiting for you and what happens if you do nothing."),
    "today",
    _("Today"),
)

GUIDES: dict[str, tuple[GuideStep, ...]] = {
    Role.OFFICER: (
        OPEN_TODAY_STEP,
        GuideStep(
            _("Post a need: goods, quantity, date and accepted standards. It takes four short steps."),
            "add_need",
            _("Post a need"),
            picture=pictures.POST_NEED_PICTURE,
        ),
        GuideStep(
            _("Ask contacts in partner cities. We suggest whom to ask and why, and draft the letter."),
            "needs",
            _("Needs"),
            picture=pictures.ASK_PARTNERS_PICTURE,
        ),
        GuideStep(
            _("Read each offer: respond to its findings, have a contact check it, then verify or reject it."),
            "leads",
            _("Offers"),
            picture=pictures.JUDGE_OFFER_PICTURE,
        ),
        GuideStep(
            _(
                "If there is not enough for every need, use an allocation plan to propose fair "
                "shares, then accept its allocations."
            ),
            "allocation_plans",
            _("Allocation plans"),
        ),
        GuideStep(
            _("Allocate verified goods to the lines of a need, create the order and send it for approval."),
            "orders",
            _("Orders"),
            picture=pictures.CREATE_ORDER_PICTURE,
        ),
        GuideStep(
            _("Follow the shipment until the goods are released, then thank everyone who helped."),
            "shipments",
            _("Shipments"),
        ),
    ),
    Role.APPROVER: (
        OPEN_TODAY_STEP,
        GuideStep(
            _("Read the decision page of an order: price, supplier, findings and what blocks it."),
            "orders",
            _("Orders"),
        ),
        GuideStep(
            _("Approve the order, or return it with a reason. You cannot approve your own order."),
            picture=pictures.DECISION_PICTURE,
        ),
        GuideStep(
            _("Pay what is due. One person proposes a payment and another person pays it."),
            "payments",
            _("Payments"),
        ),
        GuideStep(
            _("Before an absence, name a delegate on your city’s approval limits page."),
            "approval_limits",
            _("Who decides"),
            is_city_page=True,
        ),
    ),
    Role.VERIFIER: (
        OPEN_TODAY_STEP,
        GuideStep(
            _("Assign the checks of an offer to a contact near the supplier."),
            "leads",
            _("Offers"),
            picture=pictures.ASSIGN_CHECKS_PICTURE,
        ),
        GuideStep(
            _("Read each check report. Accept it, or return it with one clear question."),
            "checks",
            _("Checks"),
            picture=pictures.ACCEPT_REPORT_PICTURE,
        ),
        GuideStep(
            _("Verify the offer when its findings are resolved, or reject it with a reason."),
            "leads",
            _("Offers"),
        ),
    ),
    Role.LOGISTICS: (
        OPEN_TODAY_STEP,
        GuideStep(
            _("Plan the shipment of an order and choose who clears it through customs."),
            "plan_shipment",
            _("Plan a shipment"),
        ),
        GuideStep(
            _("Collect the customs documents. The shipment page shows who provides each one and by when."),
            "shipments",
            _("Shipments"),
            picture=pictures.DOCUMENT_TABLE_PICTURE,
        ),
        GuideStep(
            _("Record each milestone, or import the forwarder’s tracking file."),
            "import_tracking",
            _("Import tracking updates"),
        ),
        GuideStep(
            _(
                "At the dock, open the shipment on a phone, count the cartons and record what is missing or damaged."
            ),
            "shipments",
            _("Shipments"),
            picture=pictures.RECEIVING_DOCK_PICTURE,
        ),
        GuideStep(
            _("Inspect a sample of each lot, release the lot and distribute it."),
            "lots",
            _("Lots"),
        ),
    ),
    Role.BROKER: (
        OPEN_TODAY_STEP,
        GuideStep(
            _("Open a shipment assigned to you. You cannot see any others."), "shipments", _("Shipments")
        ),
        GuideStep(_("Submit the documents you are responsible for, and file the customs declaration.")),
        GuideStep(
            _("Record each customs hold with the question customs asked, then record the customs clearance."),
            picture=pictures.ANSWER_CUSTOMS_PICTURE,
        ),
    ),
    Role.COORDINATOR: (
        GuideStep(
            _("Open the Today page. It shows what is stuck in any city you oversee, and whom to phone."),
            "today",
            _("Today"),
        ),
        GuideStep(
            _("Maintain the city register: add agreements, review corrections, import lists."),
            "cities",
            _("Cities"),
        ),
        GuideStep(
            _("See on the map which cities have agreements and what they have exchanged."),
            "network",
            _("Network"),
            picture=pictures.NETWORK_PICTURE,
        ),
        GuideStep(
            _("Look for untapped potential: partner cities that have never been asked."),
            "untapped",
            _("Untapped potential"),
            picture=pictures.UNTAPPED_POTENTIAL_PICTURE,
        ),
        GuideStep(
            _("Keep the customs rules up to date. Each change names its source and its dates."),
            "customs_rules",
            _("Customs rules"),
        ),
    ),
    Role.OBSERVER: (
        GuideStep(
            _("Open any record of the city. The history shows who did what, when and why."),
            "orders",
            _("Orders"),
            picture=pictures.HISTORY_PICTURE,
        ),
        GuideStep(
            _("Download the audit file of an order: every document and decision in one ZIP file."),
            "orders",
            _("Orders"),
            picture=pictures.AUDIT_FILE_PICTURE,
        ),
        GuideStep(
            _("Look for overrides: an order lists each exception with its reason and its author."),
            "orders",
            _("Orders"),
        ),
        GuideStep(
            _("Check payments against their approvals and the goods received."), "payments", _("Payments")
        ),
    ),
    Role.ADMINISTRATOR: (
        GuideStep(
            _("Set up your city with the first-run guide."),
            "help_first_run",
            _("First-run guide"),
            picture=pictures.FIRST_RUN_PICTURE,
        ),
        GuideStep(
            _("Invite staff and give each person only the roles they need."),
            "people",
            _("People and roles"),
            is_city_page=True,
            picture=pictures.PEOPLE_PICTURE,
        ),
        GuideStep(
            _("Set which orders, and which needs, require approval."),
            "approval_limits",
            _("Who decides"),
            is_city_page=True,
        ),
        GuideStep(
            _("Remove people’s access on the day they leave."),
            "people",
            _("People and roles"),
            is_city_page=True,
        ),
        GuideStep(_("Check from time to time that emails are delivered."), "outbox", _("Outbox")),
    ),
}

CONTACT_GUIDE = (
    GuideStep(_("You receive an email with a link. You do not need an account or a password.")),
    GuideStep(
        _("The first page says who is asking, for what and by when."),
        picture=pictures.CONTACT_FIRST_PAGE_PICTURE,
    ),
    GuideStep(
        _("Fill in what you know and leave the rest blank. You can correct your answer later."),
        picture=pictures.CONTACT_ANSWER_PICTURE,
    ),
    GuideStep(_("If you cannot help, say so, or name a colleague. Both are useful answers.")),
    GuideStep(
        _("If you check a supplier, report only what you saw. Photos help."),
        picture=pictures.CONTACT_REPORT_PICTURE,
    ),
    GuideStep(
        _("If you are asked for a document, take a photo of every page or choose the PDF, and submit it."),
        picture=pictures.DOCUMENT_UPLOAD_PICTURE,
    ),
    GuideStep(_("You do not guarantee anything, and you can stop all requests at any time.")),
)

# What each permission allows, in the order of a need's life. `Power` holds them all.
POWER_LABELS: dict[Power, LazyText] = {
    Power.SEE: _("See the city’s records"),
    Power.COMMENT: _("Comment and attach files"),
    Power.MANAGE_PEOPLE: _("Manage staff, roles and settings"),
    Power.APPOINT: _("Appoint coordinators and city administrators"),
    Power.EDIT_REGISTER: _("Edit the city register"),
    Power.EDIT_CUSTOMS_RULES: _("Maintain customs rules"),
    Power.OVERSEE_CITIES: _("See what is stuck in the cities they oversee"),
    Power.INVITE_CONTACT: _("Add contacts and offices"),
    Power.EDIT_CONTACT: _("Correct the city’s contacts"),
    Power.POST_REQUEST: _("Post needs"),
    Power.SEND_INQUIRY: _("Send inquiries"),
    Power.ANSWER_INQUIRY: _("Reply to inquiries"),
    Power.OFFER_LEAD: _("Enter offers"),
    Power.EDIT_SUPPLIER: _("Edit suppliers"),
    Power.REVIEW_LEAD: _("Verify and reject offers"),
    Power.ASSIGN_CHECK: _("Assign checks"),
    Power.REPORT_ON_CHECK: _("Carry out checks and report"),
    Power.REVIEW_REPORT: _("Accept check reports"),
    Power.ALLOCATE: _("Allocate goods"),
    Power.ORDER: _("Create orders"),
    Power.CONFIRM_ORDER: _("Confirm an order as its supplier"),
    Power.APPROVE: _("Approve orders"),
    Power.PAY: _("Propose and make payments"),
    Power.SHIP: _("Plan and track shipments"),
    Power.CLEAR_CUSTOMS: _("Clear goods through customs"),
    Power.SUBMIT_DOCUMENTS: _("Submit the documents listed in a document request"),
    Power.RECEIVE: _("Count deliveries"),
    Power.INSPECT: _("Inspect and release lots"),
}


def guide_pictures() -> list[Picture]:
    """Return the pictures of all guides."""
    steps = [step for guide in (*GUIDES.values(), CONTACT_GUIDE) for step in guide]
    return [step.picture for step in steps if step.picture]


def powers_of_role(role: str) -> frozenset[Power]:
    """Return the permissions of a role; a coordinator's include those in the whole network."""
    return ROLE_DEFINITIONS[role].powers | (NETWORK_POWERS if role == Role.COORDINATOR else frozenset())
