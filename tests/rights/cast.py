"""Objects of two cities and all people of the rights tests.

Burnaby and Markham have one object of each kind, with a marker in every text; Burnaby shares a need and an
offer with Markham by name. Oakville has only people. Zhongshan is twinned with Burnaby and Markham.
"""

from datetime import date
from typing import Any

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.cities.actions import set_need_approval
from partners.cities.models import City
from partners.memberships.actions import grant_role
from partners.register_import.actions.imports import upload_import
from procurement.allocations.plans.actions import create_plan
from procurement.catalogue.models.products import Product
from procurement.documents.actions.submissions import upload_document
from procurement.generated_documents.actions import generate_document
from procurement.leads.actions.leads import share_lead
from procurement.requests.actions.lines import LineFacts
from procurement.requests.actions.requests import draft_request, share_request
from procurement.requests.approval.actions import submit_request
from procurement.suppliers.actions.facts import select_fact_value
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.one_of_each.played_city import PlayedCity
from tests.worlds.one_of_each.shipments import play_private_rows
from tests.worlds.one_of_each.suppliers import play_reliance
from tests.worlds.one_of_each.watchlists import play_watchlist
from workflow.comments_and_files.actions import add_comment, attach_file

# Well formed, of Zhongshan, and no company's.
MAKER_NUMBERS = {"burnaby": "91442000MADEM00028", "markham": "91442000MADEM0003B"}


def play_city(city: PlayedCity) -> None:
    """Create the objects of a city, with comments and files also about objects that belong to no city.

    Another city comes to rely on the supplier after its facts were settled.
    """
    city.register(MAKER_NUMBERS[city.city.slug])  # before another city relies on the supplier
    things = city.play()
    select_fact_value(
        things["companyfact"],
        reason=city.say("companyfact"),
        settled_by=city.officer.user,
        **city.by_officer,
    )
    play_reliance(city)
    play_private_rows(city, city.logistics, city.observer)
    submit_purchase_order(city)
    submit_need(city)
    for name in ("supplier", "certificate", "agreement", "city"):
        add_comment(things[name], city.say("comment"), language="en", **city.by_officer)
    for name in ("supplier", "certificate", "agreement"):
        attach_file(things[name], city.photo(), **city.by_officer)
    city.number_all()


def submit_purchase_order(city: PlayedCity) -> None:
    """Generate the purchase order of the goods in the shipment, and submit it to customs as the contract."""
    shipment = city.things["shipment"]
    order = shipment.lines.get().order_line.order
    made = generate_document("purchase_order", language_pair="zh-en", order=order, **city.as_officer)
    upload_document(city.document(shipment, "CONTRACT_CN"), generated=[made], **city.as_officer)
    city.things["purchase order"] = made


def submit_need(city: PlayedCity) -> None:
    """Send a need that every city in the network could see for approval. The city then posts without approval again."""
    need = draft_request(
        city.city,
        **city.texts("waiting need", "title", "deliver_to", "notes", "importer_of_record"),
        needed_by=date(2020, 5, 20),
        facility_kinds=["hospital"],
        accepts=["purchase"],
        visibility="network",
        lines=[LineFacts(product=Product.objects.get(code="MASK_SURG"), quantity=3_000)],
        **city.as_officer,
    )
    assert city.approver
    given: dict[str, Any] = {"by": city.administrator.by, "at": AT, "reason": "Council"}
    set_need_approval(city.city, "always", limit=None, **given)
    city.things["waiting need"] = submit_request(need, **city.by_officer)
    set_need_approval(city.city, "none", limit=None, **given)


def share_need_and_offer(owner: PlayedCity, other: City) -> None:
    """Share a need and its offer with a city by name.

    Two more needs are posted, one to the network and one to the public.
    """
    need = owner.need("shared need", **owner.texts("shared need", "importer_of_record"))
    share_request(need, city=other, **owner.by_officer)
    lead = owner.offer("shared lead", need.lines.get())
    share_lead(lead, city=other, **owner.by_officer)
    more = {
        "shared need": need,
        "shared lead": lead,
        "network need": owner.need(
            "network need", **owner.texts("network need", "importer_of_record"), visibility="network"
        ),
        "public need": owner.need(
            "public need", **owner.texts("public need", "importer_of_record"), visibility="public"
        ),
    }
    owner.things.update(more)
    owner.number_all()


def plan_together(owner: PlayedCity, other: PlayedCity) -> None:
    """Ask for an allocation plan over a need line of each city, by a person who is an officer of both."""
    person = cities.member("officer", owner.city, "Officer of both cities")
    grant_role(person, role="officer", city=other.city, by=CONSOLE_ACTOR, at=AT)
    lines, leads = ([city.things[name] for city in (owner, other)] for name in ("line", "lead"))
    owner.things["joint plan"] = create_plan(lines, leads, author=person, by=cities.powers_for(person), at=AT)
    owner.number_all()


ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")


def people(own: PlayedCity, shared: PlayedCity) -> dict[str, User]:
    """Return all people by the name of their column in the tables."""
    stranger = cities.city("oakville")
    found: dict[str, User] = {"own colleague": own.second_officer.user}
    for role in ROLES:
        found[f"own {role}"] = getattr(own, role).user
        found[f"shared {role}"] = (
            getattr(shared, role).user
            if role in ("officer", "administrator")
            else cities.member(role, shared.city)
        )
        found[f"foreign {role}"] = cities.member(role, stranger)
    own.things["import"] = upload_import(
        [["name_en", "country"], [own.say("import"), "CA"]],
        table="cities",
        columns={"name_en": 0, "country": 1},
        by=own.administrator.by,
        at=AT,
        **own.texts("import", "name", "reason"),
    )
    play_watchlist(own)
    found["own idle broker"] = cities.member("broker", own.city)
    for role in ("officer", "observer"):
        found[f"partner {role}"] = cities.member(role, cities.city("zhongshan"))
    found["asked contact"] = own.contact.user
    found["other contact"] = own.things["colleague"].user
    found["coordinator"] = cities.member("coordinator", None)
    found["own coordinator"] = cities.member(
        "coordinator", cities.city("columbia", subdivision="CA-BC", level="province")
    )
    found["foreign coordinator"] = cities.member(
        "coordinator", cities.city("manitoba", subdivision="CA-MB", level="province")
    )
    return found
