"""Rights to read, written by hand from the definitions of the roles, never from the rules.

All objects here are Burnaby's. A column is a person: of the city itself (`own`); of Markham, with which
Burnaby shared a need and an offer by name (`shared`); of Oakville, which has no relation to Burnaby
(`foreign`); of Zhongshan, the twin (`partner`); a contact there; a coordinator. This file and its neighbours
import nothing of the product.
"""

ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")


def people(*names: str) -> frozenset[str]:
    """Return columns by name."""
    return frozenset(names)


def staff(city: str) -> frozenset[str]:
    """Return the people who read a city's own objects.

    These are all roles except the broker, who sees only the shipments assigned to them.
    """
    return frozenset(f"{city} {role}" for role in ROLES if role != "broker")


OWN = staff("own") | {"own colleague"}  # the colleague is a second officer
SHARED, FOREIGN = staff("shared"), staff("foreign")
PARTNER = people("partner officer", "partner observer")
STAFF = OWN | SHARED | FOREIGN | PARTNER  # people who work for a city of the network
BROKER = people("own broker")  # the shipment is assigned to them; the idle broker has none
BROKERS = BROKER | people("own idle broker", "shared broker", "foreign broker")
ASKED = people("asked contact")
CONTACTS = ASKED | people("other contact")
WATCHING = people("coordinator", "own coordinator")  # of the whole network, and of Burnaby's province
COORDINATORS = WATCHING | people("foreign coordinator")  # of another province
EVERYONE = STAFF | BROKERS | CONTACTS | COORDINATORS

OFFICERS = people("own officer", "own colleague")
JUDGES = OFFICERS | people("own verifier")
DOCK = OFFICERS | people("own logistics")
COMMENTING = OWN - people("own observer")
ALL_COMMENTING = COMMENTING | SHARED | FOREIGN | PARTNER
ALL_COMMENTING -= people("shared observer", "foreign observer", "partner observer")
ALL_OFFICERS = OFFICERS | people("shared officer", "foreign officer", "partner officer")
ALL_JUDGES = ALL_OFFICERS | people("own verifier", "shared verifier", "foreign verifier")
ADMINISTRATORS = people("own administrator", "shared administrator", "foreign administrator")
KEEPERS = ADMINISTRATORS | COORDINATORS  # keepers of the register, each for their own cities
# People who may add contacts in Zhongshan: its officer, those of its twins, and coordinators of one of these cities.
INVITING = (
    OFFICERS
    | people("own administrator", "shared administrator", "shared officer", "partner officer")
    | WATCHING
)
NOBODY: frozenset[str] = frozenset()

# People who see an object and get its page. "What you may not see is 404."
SEES: dict[str, frozenset[str]] = {
    # A posted need is open to staff and contacts of a partner city and to coordinators; a draft only to its own city.
    "need": OWN | PARTNER | WATCHING | CONTACTS,
    "draft need": OWN,
    "waiting need": OWN,  # for approval, though every city could see it once it is posted
    "shared need": OWN | PARTNER | WATCHING | CONTACTS | SHARED,
    "network need": EVERYONE,
    "public need": EVERYONE,
    "unwanted": EVERYONE,  # what not to send
    "template": OWN,  # the words of the city's letters
    # An inquiry: the asking city, the contact once it is sent, coordinators, and the partner city it goes through.
    "inquiry": OWN | WATCHING | ASKED,
    "unsent inquiry": OWN | WATCHING,
    "second inquiry": OWN | WATCHING | PARTNER,
    "introduced inquiry": OWN | WATCHING,  # the person who may agree gets a mail and acts by its link
    # A consent: the city it was given to, the city that gave it, and its contact who gave it.
    "consent": OWN | WATCHING | PARTNER | people("other contact"),
    "thanks": OWN | WATCHING | ASKED,  # a letter: people who see the answered inquiry
    # Suppliers, their certificates and accounts are shared facts for all staff.
    "supplier": STAFF,
    "certificate": STAFF,
    "account": STAFF,
    "company_change": STAFF,
    "lookup": STAFF,
    "companyfact": STAFF,
    "standing": OWN,
    # Declared interests: staff must know whom not to ask; also the network's coordinator.
    "interest": STAFF | people("coordinator"),
    # Watchlists are for staff and coordinators; watchlist matches for people who see suppliers.
    "list": STAFF | COORDINATORS,
    "listed name": STAFF | COORDINATORS,
    "match": STAFF,
    # Customs rules: facts from published sources, for everyone who is signed in.
    "customs rule": EVERYONE,
    "duty relief": EVERYONE,
    # An offer: its city, the contact who made it, and a city it is shared with by name.
    "lead": OWN | ASKED,
    "shared lead": OWN | ASKED | SHARED,
    "finding": OWN,
    "rate": OWN,  # a city's own rate, which converts only its own amounts
    "check": OWN | WATCHING | ASKED,
    "open check": OWN | WATCHING | ASKED,
    "report": OWN | ASKED,
    "reuse": OWN,  # another city asks to use a check of Burnaby
    # An inquiry or check on the page where a contact answers it: only for that contact.
    "question to them": ASKED,
    "check given to them": ASKED,
    "allocation": OWN,
    "free allocation": OWN,
    "plan": OWN,
    "joint plan": NOBODY,  # over lines of Burnaby and Markham: for people of both, who are no column
    "order": OWN,
    "draft order": OWN,
    "waiting order": OWN,
    "gift": OWN,
    "sent order": OWN,
    "acknowledgement": OWN,  # its supplier reads and answers it by a link
    "payment": OWN,
    "memo": OWN,  # the basis of an order, for its auditors too
    "audit_file": people("own observer"),  # an order's documents in one file, for the person who requested it
    # A shipment: the receiving city, its broker, and the contact who helped, who sees its tracking.
    "shipment": OWN | BROKER | ASKED,
    "milestone": OWN | BROKER | ASKED,
    "event": OWN | BROKER | ASKED,
    "batch": people("own logistics"),  # many events at once, for their sender
    # Customs of a shipment: the city and the broker.
    "clearance": OWN | BROKER,
    "declaration": OWN | BROKER,
    "hold": OWN | BROKER,
    "document": OWN | BROKER,
    # Document requests with their addresses are the city's; submissions are also the broker's.
    "document_request": OWN,
    "submission": OWN | BROKER,
    "requested document": OWN | BROKER,
    # Generated documents: those for customs are also the broker's, and a purchase order once customs has it as the contract;
    # letters of a donation are the city's.
    "generated document": OWN | BROKER,
    "purchase order": OWN | BROKER,
    "gift letter": OWN,
    "arrived shipment": OWN | ASKED,
    "arrived allocation": OWN,
    "receipt": OWN,
    # Returns and destructions are the city's. A broker sees an assigned return.
    "back shipment": OWN,
    "destruction": OWN,
    "lot": OWN,
    "discrepancy": OWN,  # the contact who made the offer answers by a link
    "carton": OWN,
    "distribution": OWN,
    "relief_claim": OWN,  # the city is liable for the condition; its broker only declares
    "thank_you": OWN,
    "thank_you_message": OWN,  # its addressee reads it by a link
    "inspection": OWN,
    "comment": OWN,
    "file": OWN,
    # Comments and files of a customs document are also for its broker.
    "document comment": OWN | BROKER,
    "document file": OWN | BROKER,
    "entry": OWN,
    # Webhooks are for those who manage the city's people and settings.
    "webhook": people("own administrator"),
    "webhook delivery": people("own administrator"),
    # A notification is for its recipient; others read about the object on its page.
    "notice": people("own officer"),
    # People: themselves, their own city, cities with an agreement with it, and coordinators of one of these.
    "contact": OWN | SHARED | PARTNER | WATCHING | ASKED,
    "membership": OWN,
    "invitation": people("own administrator"),
    "import": people("own administrator"),  # only for the person who uploaded the file
    # The register is open to everyone who is signed in.
    "city": EVERYONE,
    "agreement": EVERYONE,
    "exchange": EVERYONE,
    "dispute": EVERYONE,
    "correction": EVERYONE,  # also its proposed corrections
    "organization": EVERYONE,
    "twin": EVERYONE,  # Zhongshan
    "criteria": OWN,  # the criteria for offers
    "delegation": OWN,  # delegates of approvers
    "city limits": OWN,  # approval limits
    "city people": OWN
    | people("coordinator"),  # staff and their roles; the network's coordinator appoints administrators
}

OF_NO_CITY = people(
    "supplier",
    "certificate",
    "account",
    "company_change",
    "lookup",
    "companyfact",
    "correction",
    "list",
    "listed name",
    "match",
    "customs rule",
    "duty relief",
)

# People who may read a reference or a sentence about an object on another page that they see.
QUOTED: dict[str, frozenset[str]] = {
    "unsent inquiry": NOBODY,
    "supplier": ASKED
    | WATCHING
    | BROKER,  # the supplier of their offer, of a check they follow, of goods they clear
    "lead": WATCHING,  # a check names its offer
    "certificate": ASKED | WATCHING,  # a check names its certificate
    "shared lead": WATCHING,
    # A shipment names its orders, allocations and clearances.
    "thank_you_message": ASKED,  # on their own page and in the mail
    "order": BROKER | ASKED,
    "sent order": ASKED,  # the contact passes its link on
    "acknowledgement": ASKED,
    "allocation": BROKER | ASKED,
    "arrived allocation": ASKED,
    "clearance": ASKED,
    "discrepancy": ASKED,  # notified by mail
    "document_request": BROKER,  # the person of whom documents are requested is notified
    "batch": OWN | BROKER | ASKED,  # an event names its sender
    "interest words": people("own observer"),  # the person with the interest
    "price": OWN | ASKED | SHARED,
    "account number": NOBODY,
    "webhook": OWN,  # its description, in the journal of the city; the address is masked there
}


def readers(thing: str, city: str) -> frozenset[str]:
    """Return the people who may read about an object of a city, also where another page quotes it."""
    told = SEES.get(thing, NOBODY) | QUOTED.get(thing, NOBODY)
    return told if city == "burnaby" or thing in OF_NO_CITY else of_markham(told)


def of_markham(names: frozenset[str]) -> frozenset[str]:
    """Return the columns with the same right to an object of Markham as these have to one of Burnaby.

    Markham's people are the columns `shared`. Markham shares nothing by name, so Burnaby's people have a right
    there only where people of every city have it, and contacts only where all of the partner city have it.
    Markham's broker and contact are no columns.
    """
    found = {f"shared {role}" for role in ROLES if f"own {role}" in names and role != "broker"}
    found |= {f"own {role}" for role in ROLES if f"foreign {role}" in names}
    found |= people("own colleague") if "foreign officer" in names else NOBODY
    found |= CONTACTS if names >= CONTACTS else NOBODY
    found |= names & (PARTNER | FOREIGN | people("coordinator", "foreign coordinator"))
    return EVERYONE if names == EVERYONE else frozenset(found)
