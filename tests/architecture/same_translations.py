"""Lists of the messages whose translation may equal the source, each list with its reason.

Any other translation that equals its source counts as forgotten.
"""

# Spelling and meaning are the same in English and in Canadian French.
ALIKE_IN_FRENCH = frozenset(
    """
    %(kind)s, version %(version)s (%(reference)s)
    %(number)s, version %(version)s
    %(paper)s, version %(number)s
    %(figure)s documents
    %(shown)s cartons
    Absence
    Action
    action
    Actions
    Active
    Association
    Canada
    Canada %(number)s
    carton
    Carton
    Carton %%s
    Cartons
    cartons
    Code
    code
    Condition
    condition
    description
    Distributions
    Webhooks
    Correction
    Corrections
    Date
    date
    Description
    destination
    Distribution
    District
    Document
    document
    Documents
    euros (EUR)
    Inspection
    Inspections
    Intact
    Invitation
    Latitude
    litres
    Longitude
    Lot
    lot
    Lot %(number)s
    lot %(number)s
    Lots
    Message
    message
    Module
    module
    modules
    Note
    note
    Notes
    notes
    Oblast
    Obstacles
    Occurrences
    Photos
    Population
    population
    position
    Possible
    Province
    Question
    Questions
    Sanctions
    Sessions
    Source
    source
    Sources
    sources
    Suspect
    Taxes
    taxes
    tests
    Total
    Type
    type
    Verdict
    Version
    version
    version %(version)s
    Versions
    Via
    Village
    Volume
    """.strip().splitlines()
)

# Canadian English spells the noun as Canadian French does.
CANADIAN_SPELLING = frozenset({"Licence"})

# Names and marks are not translated.
NAMES = frozenset({"API", "DEMO", "Twinlane"})
# Chinese puts these two names together as English does; French needs a word between them.
TWO_NAMES = frozenset({"Twinlane API"})

# French keeps these terms of a trade; Chinese has its own words for them.
TERMS_OF_A_TRADE = frozenset({"WeChat"})

# Only signs between values: Chinese has its own signs, but no Han characters to add.
SIGNS = frozenset(
    {
        ", ",
        "; ",
        "%(what)s (%(part)s)",
        "(%(words)s)",
        "%(distance)s, %(day)s",
        "%(name)s, %(title)s",
        "%(city)s, %(country)s",
        "%(city)s, %(province)s, %(country)s",
    }
)
# English and Chinese use the same quotation marks; French has its own.
QUOTED = frozenset({"“%(words)s”"})
JOINED_BY_SIGNS = (
    SIGNS
    | QUOTED
    | {"%(what)s: %(why)s", "%(check)s: %(supplier)s", "%(finding)s: %(words)s", "%(label)s: %(figure)s"}
)

SAME = {
    "fr": {word.strip() for word in ALIKE_IN_FRENCH} | CANADIAN_SPELLING | NAMES | TERMS_OF_A_TRADE | SIGNS,
    "zh_Hans": set(NAMES | TWO_NAMES | QUOTED),
}
WITHOUT_HAN = NAMES | TWO_NAMES | JOINED_BY_SIGNS
