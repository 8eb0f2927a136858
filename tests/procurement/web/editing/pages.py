"""Every form that changes what is stored: where it is opened, by whom, and which of its fields two people change."""

from typing import NamedTuple

from accounts.web.choices import ChoicesForm
from accounts.web.home import ProfileForm
from partners.web import ties
from partners.web.city.limits import Limit
from partners.web.own import OwnDetails
from partners.web.people import Away, Details
from partners.web.ties import Renewal
from procurement.web.after.packs import Photo
from procurement.web.after.reliefs import Correction
from procurement.web.asking.inquiries import Revision
from procurement.web.contact_pages.difference import Said
from procurement.web.customs_rules.forms import RuleForm
from procurement.web.leads.facts import Facts
from procurement.web.needs.change_a_need import Change
from procurement.web.needs.need_lines import Line
from procurement.web.needs.steps import HowMany, Standards, What, Whom
from procurement.web.orders import moves
from procurement.web.orders.moves import Shares
from procurement.web.orders.payments import Due
from procurement.web.shipments.dock.cases import Answer
from procurement.web.shipments.moves import Numbers
from procurement.web.shipments.times import PlannedTimes
from procurement.web.shipments.ways.moving import Elsewhere
from procurement.web.suppliers.certificate_form import Amended
from procurement.web.suppliers.companies import Corrected
from workflow.doors.editing import Edit
from workflow.doors.moving import Day

type Typed = dict[str, str]


class Editing(NamedTuple):
    """One form: how each of two people comes to it, what each writes, and how both overwrite the same field."""

    form: type[Edit]
    where: str
    first: Typed
    second: Typed  # another field; empty where the form has one field only
    who: str = "officer"
    also: str = "second_officer"
    always: Typed = {}  # what the form asks each time: a reason
    clash: (
        Typed | None
    ) = {}  # what the second person writes into the first field, where not any text will do; None where
    # the field has no third value


def of(thing: str, verb: str) -> str:
    """The address of a move's form."""
    return f"{thing} {verb}/"


EDITS = [
    Editing(Facts, of("lead", "change"), {"stock_quantity": "33,000"}, {"remark": "Stored in Foshan."}),
    Editing(Facts, of("lead", "change"), {"unit_price": "0.71"}, {"payment_terms": "In 30 days."}),
    Editing(Change, of("need", "edit"), {"quantity{line}": "8,500"}, {"notes": "Ring the bell."}),
    Editing(Line, of("need", "lines/{line}"), {"quantity": "9,100"}, {"days_left": "12"}),
    Editing(What, of("draft", "write/1"), {"title": "Surgical masks"}, {"facility_kinds": "clinic"}),
    Editing(HowMany, of("draft", "write/2"), {"quantity": "700"}, {"deliver_locode": "CAVAN"}),
    Editing(
        Standards,
        of("draft", "write/3"),
        {"standards": "ASTM F2100 Level 2"},
        {"alternatives_allowed": "on"},
        clash=None,
    ),
    Editing(Whom, of("draft", "write/4"), {"visibility": "network"}, {"notes": "By the back door."}),
    Editing(moves.Facts, of("order", "edit"), {"extra_costs": "1,250.50"}, {"incoterm_place": "Foshan"}),
    Editing(
        Shares,
        of("order", "share"),
        {"deposit": "20", "on_papers": "45", "after_inspection": "35"},
        {"deposit_reason": "The maker is new."},
        clash={"deposit": "10", "on_papers": "50", "after_inspection": "40"},
    ),
    Editing(Due, of("payment", "set_due"), {"due_on": "2020-05-09"}, {}, always={"reason": "Agreed."}),
    Editing(
        Numbers,
        of("shipment", "edit"),
        {"carrier": "Cathay"},
        {"gross_kg": "812.5"},
        "logistics",
        "logistics",
    ),
    Editing(
        PlannedTimes,
        of("shipment", "schedule"),
        {"planned_departed": "2020-04-20 10:00"},
        {"planned_delivered": "2020-04-29 09:00"},
        "logistics",
        "logistics",
    ),
    Editing(
        Elsewhere,
        of("shipment", "reroute"),
        {"destination": "CAYYZ"},
        {"via": "KRICN"},
        "logistics",
        "logistics",
        {"reason": "The airport is closed."},
        {"destination": "CAYUL"},
    ),
    Editing(Answer, of("case", "answer"), {"answer": "They were whole."}, {}),
    Editing(Said, "case by link", {"answer": "They were whole."}, {}),
    Editing(
        Correction,
        of("claim", "correct"),
        {"value": "4,000.00"},
        {"number": "73-2530"},
        "logistics",
        "logistics",
        {"reason": "Misread."},
    ),
    Editing(
        Photo,
        of("pack", "choose"),
        {"photo": "{photo}", "nobody_seen": "on"},
        {},
        clash={"photo": "{other}", "nobody_seen": "on"},
    ),
    Editing(Corrected, of("supplier", "correct"), {"name_en": "Kanghu DEMO"}, {"phone": "+86 760 1111"}),
    Editing(Amended, of("certificate", "amend"), {"holder": "Kanghu"}, {"issued_on": "2020-01-02"}),
    Editing(
        Details,
        of("contact", "correct"),
        {"phone": "+86 760 2222"},
        {"title": "Director"},
        who="keeper",
        also="keeper",
    ),
    Editing(Away, of("contact", "go_away"), {"until": "2020-05-02"}, {}, who="keeper", also="keeper"),
    Editing(OwnDetails, "contact by link", {"wechat": "liwei"}, {"task_limit": "3"}),
    Editing(
        ties.Correction,
        of("tie", "correct"),
        {"note": "Renewed at a dinner."},
        {"expires": "2031"},
        who="coordinator",
        also="coordinator",
        always={"reason": "Read."},
    ),
    Editing(
        Renewal,
        of("tie", "renew"),
        {"source_url": "https://city.example/a"},
        {},
        "coordinator",
        "coordinator",
        {"reason": "Read."},
        {"source_url": "https://city.example/b"},
    ),
    Editing(
        RuleForm,
        "rule change/",
        {"why_en": "Wards run short."},
        {"position": "7"},
        "coordinator",
        "coordinator",
        {"reason": "Read anew."},
    ),
    Editing(
        Limit,
        "/cities/burnaby/limits/",
        {"limit": "90,000.00"},
        {},
        "manager",
        "manager",
        {"reason": "Council."},
    ),
    Editing(ProfileForm, "/account/", {"name": "Zoe Chan"}, {"time_zone": "America/Toronto"}, also="officer"),
    Editing(ChoicesForm, "/account/notices/", {"{first}": "off"}, {"{second}": "off"}, also="officer"),
    Editing(
        Revision, of("question", "revise"), {"subject": "口罩需求"}, {"chosen_because": "Knows the makers."}
    ),
    Editing(Day, of("asked", "redate"), {"due_at": "2020-04-28 10:00"}, {}),
]
