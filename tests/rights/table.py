"""Who may read what: written by hand, from the roles' one sentence each and the domain, and never from the rules.

Everything here is Burnaby's. A column is a person: of the city itself (`own`), of Markham, with which Burnaby shared a need and an
offer by name (`shared`), of Oakville, which has nothing to do with any of it (`foreign`), of Zhongshan, the twin (`partner`), a
contact there, a coordinator. This file and its neighbours import nothing of the product.
"""

ROLES = ("administrator", "officer", "approver", "verifier", "logistics", "broker", "observer")


def people(*names: str) -> frozenset[str]:
    """Columns by name."""
    return frozenset(names)


def staff(city: str) -> frozenset[str]:
    """Whoever reads what is a city's own: every role but the broker, who sees the shipments given to them."""
    return frozenset(f"{city} {role}" for role in ROLES if role != "broker")


OWN = staff("own") | {"own colleague"}  # the colleague is a second officer
SHARED, FOREIGN = staff("shared"), staff("foreign")
PARTNER = people("partner officer", "partner observer")
STAFF = OWN | SHARED | FOREIGN | PARTNER  # whoever works for a city of the network
BROKER = people("own broker")  # the shipment was given to them; to the idle one nothing was
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
KEEPERS = ADMINISTRATORS | COORDINATORS  # of the register, each for their own places
# Whoever may name contacts in Zhongshan: its own officer, those of its twins, and who coordinates one of them.
INVITING = (
    OFFICERS
    | people("own administrator", "shared administrator", "shared officer", "partner officer")
    | WATCHING
)
NOBODY: frozenset[str] = frozenset()

# Who sees a thing, so that its page is there for them. "What you may not see is 404."
SEES: dict[str, frozenset[str]] = {
    # A posted need is open to whoever works or answers in a partner city, and to who coordinates; a draft is nobody else's.
    "need": OWN | PARTNER | WATCHING | CONTACTS,
    "draft need": OWN,
    "shared need": OWN | PARTNER | WATCHING | CONTACTS | SHARED,
    "network need": EVERYONE,
    "public need": EVERYONE,
    # A question: the asking city, the person asked once it has gone, who coordinates, and the partner city it goes through.
    "inquiry": OWN | WATCHING | ASKED,
    "unsent inquiry": OWN | WATCHING,
    "second inquiry": OWN | WATCHING | PARTNER,
    "introduced inquiry": OWN | WATCHING,  # whoever may agree is told of it by mail, and acts by their link
    "thanks": OWN | WATCHING | ASKED,  # on paper: whoever sees the question that was answered
    # Companies, their certificates and accounts are shared facts: for whoever works for a city.
    "supplier": STAFF,
    "certificate": STAFF,
    "account": STAFF,
    "company_change": STAFF,
    "lookup": STAFF,
    "companyfact": STAFF,
    "standing": OWN,
    # Whom a company concerns: whoever works for a city must know whom not to ask, and the network's coordinator.
    "interest": STAFF | people("coordinator"),
    # Lists of sanctions are for whoever works for a city or coordinates; what is like a company on one, for who sees companies.
    "list": STAFF | COORDINATORS,
    "listed name": STAFF | COORDINATORS,
    "match": STAFF,
    # What customs asks for: facts from published sources, for whoever is signed in.
    "customs rule": EVERYONE,
    "duty relief": EVERYONE,
    # An offer: the city it was made to, the contact who brought it, and a city it was shared with by name.
    "lead": OWN | ASKED,
    "shared lead": OWN | ASKED | SHARED,
    "finding": OWN,
    "rate": OWN,  # a city's own: only its own amounts are read by it
    "check": OWN | WATCHING | ASKED,
    "open check": OWN | WATCHING | ASKED,
    "report": OWN | ASKED,
    "reuse": OWN,  # another city asks for the use of a check of Burnaby's
    # What was put to a person, as they answer it: theirs alone.
    "question to them": ASKED,
    "check given to them": ASKED,
    "allocation": OWN,
    "free allocation": OWN,
    "order": OWN,
    "draft order": OWN,
    "waiting order": OWN,
    "gift": OWN,
    "payment": OWN,
    "memo": OWN,  # what an order rested on: for its auditors, too
    "bundle": people("own observer"),  # an order's papers in one file: of whoever asked
    # A shipment: the receiving city, the broker it was given to, and the contact who helped, who sees where it is.
    "shipment": OWN | BROKER | ASKED,
    "milestone": OWN | BROKER | ASKED,
    "event": OWN | BROKER | ASKED,
    "batch": people("own logistics"),  # many events in one go: of whoever sent them
    # Its customs: the city and the broker.
    "lane": OWN | BROKER,
    "declaration": OWN | BROKER,
    "hold": OWN | BROKER,
    "paper": OWN | BROKER,
    # Whom the city asks for papers, at which address, is the city's; what came in, the broker's as well.
    "call": OWN,
    "paper_version": OWN | BROKER,
    "asked paper": OWN | BROKER,
    # Papers made from the record: what customs asks for, for the broker as well; a gift's letters are the city's.
    "made paper": OWN | BROKER,
    "gift letter": OWN,
    "arrived shipment": OWN | ASKED,
    "arrived allocation": OWN,
    "receipt": OWN,
    # Refused goods on their way back, and what was destroyed: the city's. A broker sees a return that was given to them.
    "back shipment": OWN,
    "destruction": OWN,
    "lot": OWN,
    "case": OWN,  # who brought the offer answers by a link
    "carton": OWN,
    "hand_out": OWN,
    "relief_claim": OWN,  # the city answers for the condition; its broker only declares
    "thanks_pack": OWN,
    "thanks_note": OWN,  # whom it thanks reads it by their link
    "inspection": OWN,
    "comment": OWN,
    "file": OWN,
    # What is said about a customs paper and brought to it: the broker it was given to as well.
    "paper comment": OWN | BROKER,
    "paper file": OWN | BROKER,
    "entry": OWN,
    # What one person was told is theirs; who else reads of the thing, reads it on its page.
    "notice": people("own officer"),
    # People: themselves, their own city, cities with a tie to it, and who coordinates one of those.
    "contact": OWN | SHARED | PARTNER | WATCHING | ASKED,
    "membership": OWN,
    "invitation": people("own administrator"),
    "import": people("own administrator"),  # of whoever brought the file
    # The register is public to whoever is signed in.
    "city": EVERYONE,
    "twinning": EVERYONE,
    "exchange": EVERYONE,
    "dispute": EVERYONE,
    "correction": EVERYONE,  # what is proposed about it, too
    "organisation": EVERYONE,
    "twin": EVERYONE,  # Zhongshan
    "criteria": OWN,  # by what offers are judged
    "delegation": OWN,  # who approves for whom
    "city limits": OWN,  # above which sum a second person decides
    "city people": OWN
    | people("coordinator"),  # who works there and as what; the network's coordinator names administrators
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

# What else somebody may read about a thing than its page: its number or a sentence, quoted where they do see something.
QUOTED: dict[str, frozenset[str]] = {
    "unsent inquiry": NOBODY,
    "supplier": ASKED
    | WATCHING
    | BROKER,  # the company of an offer they brought, of a check they follow, of goods they clear
    "lead": WATCHING,  # a check names the offer it is made for
    "certificate": ASKED | WATCHING,  # and the certificate it is about
    "shared lead": WATCHING,
    # A shipment names the orders and allocations it carries, and its two customs.
    "thanks_note": ASKED,  # on their own page and in the mail
    "order": BROKER | ASKED,
    "allocation": BROKER | ASKED,
    "arrived allocation": ASKED,
    "lane": ASKED,
    "case": ASKED,  # told of it by mail
    "call": BROKER,  # of whom papers are asked, hears of it
    "batch": OWN | BROKER | ASKED,  # an event says who sent it
    "interest words": people("own observer"),  # whose interest it is
    "price": OWN | ASKED | SHARED,
    "account number": NOBODY,
}


def readers(thing: str, city: str) -> frozenset[str]:
    """Whoever may be told what is said about a thing of a city. Markham shares nothing, and its contact is not among the columns."""
    told = SEES.get(thing, NOBODY) | QUOTED.get(thing, NOBODY)
    if thing in OF_NO_CITY:
        return told
    return told if city == "burnaby" else frozenset(filter(None, map(_in_markham, told)))


def _in_markham(name: str) -> str:
    """The column that has in Markham what another one has in Burnaby; "" where nobody has."""
    city, _space, role = name.partition(" ")
    if city == "own":
        return f"shared {role}" if role in ROLES and role != "broker" else ""
    return name if name in ("coordinator", *PARTNER, *CONTACTS) else ""
