"""Who may read the rows that have no name in the other tables, written by hand. Rows are hidden by `visible_to`.

A row with a name is for the people of `reading_rights_table.SEES`. A row of Burnaby or Markham without a name is for the
people of some named row of its model, or for one of the groups in `OWN_ROWS`. A row of another city is for
one of the groups in `ELSEWHERE`.
"""

from tests.rights.reading_rights_table import (
    ASKED,
    CONTACTS,
    EVERYONE,
    FOREIGN,
    NOBODY,
    OWN,
    PARTNER,
    SHARED,
    STAFF,
    WATCHING,
    people,
)

COORDINATOR = people("coordinator")

# Facts of the register and from published sources, for everyone who is signed in.
OPEN = frozenset(
    "partners.city partners.twinningagreement partners.organization partners.exchange partners.correction "
    "partners.dispute "
    "procurement.standard procurement.equivalencereason procurement.standardequivalence procurement.product "
    "procurement.productclassification "
    "procurement.tariffcode procurement.productstandard procurement.certificatetype "
    "procurement.certificatetypestatus "
    "procurement.notifiedbody procurement.checkquestion procurement.customsrule procurement.dutyrelief "
    "procurement.inspectionpoint procurement.priceband procurement.publishedfreightrate procurement.dutyrate".split()
)
# No row in the cast, and no page or API reads them; what a message holds and who gets it: leaks/test_leak_markers.py.
EMPTY = frozenset({"workflow.message"})
# Models that hide rows, with rows in the cast but none with a name.
UNNAMED = frozenset({"procurement.issuercheck", "procurement.orderline", "procurement.requestline"})
# Facts about suppliers, which belong to no city.
OF_NO_CITY = frozenset(
    "procurement.supplier procurement.supplierfact procurement.bankaccount procurement.certificate "
    "procurement.supplierchange "
    "procurement.registerlookup procurement.watchlist procurement.watchlistentry procurement.watchlistmatch "
    "procurement.interestdeclaration".split()
)

type Groups = tuple[frozenset[str], ...]

# Rows of Burnaby without a name; `reading_rights_table.of_markham` translates them.
OWN_ROWS: dict[str, Groups] = {
    "procurement.milestone": (OWN | ASKED, OWN),  # only the named shipment has a broker; a return no helper
    "procurement.customsclearance": (OWN,),
    "procurement.customsdocument": (OWN,),
    "procurement.trackingevent": (OWN | ASKED,),
    "procurement.verificationtask": (OWN | WATCHING,),  # a check of another contact, or of none
    "procurement.checkreport": (OWN,),
    "procurement.issuercheck": (OWN,),  # look-ups for an offer are the city's
    "procurement.orderline": (OWN,),
    "procurement.requestline": (  # those of its need
        OWN,  # while it waits for approval
        OWN | PARTNER | WATCHING | CONTACTS,
        OWN | PARTNER | WATCHING | CONTACTS | SHARED,
        EVERYONE,
    ),
    "procurement.shipment": (OWN | ASKED,),
}
# Named rows of Markham, where the people are not those who correspond to Burnaby's.
OF_MARKHAM: dict[str, frozenset[str]] = {
    "audit_file": NOBODY,  # the person who requested it is no column
    "batch": NOBODY,  # nor is its sender
    "contact": OWN | SHARED | PARTNER | WATCHING,  # in Zhongshan, and no column
}
# Rows of other cities, and of none, by model and city; no column sees a row that is not listed.
ELSEWHERE: dict[tuple[str, str], Groups] = {
    ("partners.contact", "zhongshan"): (
        OWN | SHARED | PARTNER | WATCHING,
        OWN | SHARED | PARTNER | WATCHING | people("other contact"),  # it is herself
    ),
    ("partners.contact", "foshan"): (COORDINATOR,),
    ("partners.contact", "wuhan"): (COORDINATOR,),
    ("partners.membership", "oakville"): (FOREIGN,),
    ("partners.membership", "zhongshan"): (PARTNER,),
    ("procurement.supplyrequest", "richmond"): (COORDINATOR,),
    ("procurement.requestline", "richmond"): (COORDINATOR,),
    ("procurement.verificationtask", "richmond"): (COORDINATOR,),
    ("procurement.issuercheck", ""): (STAFF,),  # of the register of issuers, for all cities
    ("workflow.entry", "zhongshan"): (PARTNER,),
    ("workflow.entry", "oakville"): (FOREIGN,),
    ("workflow.entry", "register"): (EVERYONE,),
}
