"""Notes on the Incoterm of an offer: duties of city and seller, and mismatches with the mode.

Incoterms 2020 and the advice for a city are written from memory (facts/customs.md 2): they are notes
and block nothing.
"""

from procurement.leads.rules.landed_cost import INCLUDED_COSTS, SEA_ONLY_INCOTERMS

NOT_STATED, NOT_KNOWN, BY_AIR, IMPORTER = "not_stated", "not_known", "by_air", "importer"


def incoterm_notes(incoterm: str, *, abroad: bool, imports: bool, by_air: bool) -> list[str]:
    """Return the codes of the notes on a term (keys of `INCOTERM_NOTES`): its own note, then mismatches.

    `abroad`: the goods cross a border. `imports`: the seller has an address in the country of destination.
    `by_air`: the offer names only air freight.
    """
    term = incoterm.strip().upper()
    if not term:
        return [NOT_STATED]
    if term not in INCLUDED_COSTS:
        return [NOT_KNOWN]
    said = [term]
    if term in SEA_ONLY_INCOTERMS and by_air:
        said.append(BY_AIR)
    if term == "DDP" and abroad and not imports:
        said.append(IMPORTER)
    return said
