"""Words that stand in a catalogue as they stand in the source, each group with its reason.

A translation equal to its source is otherwise a word that somebody forgot.
"""

# Written with the same letters and the same sense in English and in Canadian French.
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

# The same noun in Canadian French, where the English of Canada writes it like the French one.
CANADIAN_SPELLING = frozenset({"Licence"})

# Names and marks: no language changes them.
NAMES = frozenset({"Twinlane", "DEMO"})

# A name or an abbreviation of a trade, which French uses as it is and Chinese has its own word for.
TERMS_OF_A_TRADE = frozenset({"API", "Incoterm", "WeChat"})

# Signs between what the page fills in; Chinese has its own signs, but no characters to add.
SIGNS = frozenset({"; ", "%(what)s (%(part)s)"})
# English and Chinese put the same marks around what somebody typed; French has its own.
QUOTED = frozenset({"“%(words)s”"})
JOINED_BY_SIGNS = SIGNS | QUOTED | {"%(what)s: %(why)s", "%(check)s of %(supplier)s"}

SAME = {
    "fr": {word.strip() for word in ALIKE_IN_FRENCH} | CANADIAN_SPELLING | NAMES | TERMS_OF_A_TRADE | SIGNS,
    "zh_Hans": set(NAMES | QUOTED),
}
WITHOUT_HAN = NAMES | JOINED_BY_SIGNS
