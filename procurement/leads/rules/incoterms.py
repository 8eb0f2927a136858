"""What the term of an offer asks of a city and of the seller, and whether it fits the way the goods travel. Pure.

Incoterms 2020 and the advice for a city are as remembered (facts/customs.md 2): they are said as notes, and block nothing.
"""

from procurement.leads.rules.landed import INSIDE, SEA_ONLY

NOT_STATED, NOT_KNOWN, BY_AIR, IMPORTER = "not_stated", "not_known", "by_air", "importer"


def notes(incoterm: str, *, abroad: bool, imports: bool, by_air: bool) -> list[str]:
    """What is to be said of a term, by code (`leads.words.INCOTERMS`): the term's own note, then what does not fit.

    `abroad`: the goods cross a border; `imports`: the seller has an address in the country of destination; `by_air`: only air is named.
    """
    term = incoterm.strip().upper()
    if not term:
        return [NOT_STATED]
    if term not in INSIDE:
        return [NOT_KNOWN]
    said = [term]
    if term in SEA_ONLY and by_air:
        said.append(BY_AIR)
    if term == "DDP" and abroad and not imports:
        said.append(IMPORTER)
    return said
