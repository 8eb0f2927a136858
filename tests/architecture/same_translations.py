"""Messages whose translation equals the source, in groups with a reason each.

Any other translation equal to its source is taken for a forgotten one.
"""

# Spelling and meaning are the same in English and in Canadian French.
ALIKE_IN_FRENCH = frozenset(
    """
    %(kind)s, version %(version)s (%(reference)s)
    %(number)s, version %(version)s
    %(paper)s, version %(number)s
    Association
    Canada
    Canada %(number)s
    carton
    Cartons
    Sanctions
    Code
    Collections
    Condition
    contact
    Contradiction
    Correction
    Corrections
    Direction
    District
    Document
    Inspection
    Inspections
    Invitation
    Latitude
    Lot %(number)s
    lot %(number)s
    Longitude
    Photos
    Lot
    Lots
    Message
    Mode
    Module
    Note
    Notes
    Oblast
    Population
    Province
    Question
    Questions
    Rail
    Sessions
    Source
    Sources
    Suspect
    Taxes
    Total
    Verdict
    Version
    Village
    Volume
    cartons
    code
    condition
    euros (EUR)
    litres
    lot
    message
    mode
    modes
    module
    modules
    note
    notes
    population
    source
    sources
    taxes
    tests
    verdict
    version
    version %(version)s
    Versions
    """.strip().splitlines()
)

# Canadian English spells the noun as Canadian French does.
CANADIAN_SPELLING = frozenset({"Licence"})

# Names and marks are not translated.
NAMES = frozenset({"Twinlane", "DEMO"})

# French keeps these terms of a trade; Chinese has its own words for them.
TERMS_OF_A_TRADE = frozenset({"API", "Incoterm", "WeChat"})

# Only signs between values: Chinese has its own signs, but no Han characters to add.
SIGNS = frozenset({"; ", "%(what)s (%(part)s)"})
# English and Chinese use the same quotation marks; French has its own.
QUOTED = frozenset({"“%(words)s”"})
JOINED_BY_SIGNS = SIGNS | QUOTED | {"%(what)s: %(why)s", "%(check)s of %(supplier)s"}

SAME = {
    "fr": {word.strip() for word in ALIKE_IN_FRENCH} | CANADIAN_SPELLING | NAMES | TERMS_OF_A_TRADE | SIGNS,
    "zh_Hans": set(NAMES | QUOTED),
}
WITHOUT_HAN = NAMES | JOINED_BY_SIGNS
