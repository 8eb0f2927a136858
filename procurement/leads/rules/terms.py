"""What a seller's own words say about payment and haste, in English, French and Chinese. Pure."""

import re
from dataclasses import dataclass

from workflow.search import fold

WHOLE = 100  # percent
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,][0-9]+)?\s*(?:%|percent|per cent|pct|pour ?cent)")
# Each part of the terms says when some of the money is paid; the rest is a part of its own.
_PARTS = re.compile(
    r"[,;+\n，；、。]|\.(?![0-9])|\b(?:and|et|then|puis)\b|和|及|(?=\b(?:balance|rest|remainder|remaining|solde|reste)\b)|(?=余款|尾款|剩余)"
)
_REST = re.compile(r"\b(?:balance|rest|remainder|remaining|solde|reste)\b|余款|尾款|剩余")
_BEFORE = re.compile(
    r"\badvance|\bup-? ?front\b|\bprepa(?:y|id)|\bpre-pa(?:y|id)|\bdown ?payment|\bdeposit\b"
    r"|\bwith (?:the )?order\b|\bon order\b|\bcwo\b"
    r"|\bbefore (?:the )?(?:production|shipment|shipping|delivery|dispatch|loading|goods)|\bprior to (?:production|shipment|delivery)"
    r"|\bpro-?forma\b|\bcia\b|\bd'avance\b|\bd’avance\b|\bacompte|\barrhes\b|\bprepaiement|\bpaye d.avance|\ba la commande\b"
    r"|\bavant (?:la |l.)?(?:expedition|envoi|livraison|production|fabrication)"
    r"|预付|定金|订金|款到发货|先款后货|发货前|出货前|生产前|下单"
)
_AFTER = re.compile(
    r"\b(?:after|upon|on|against|following) (?:the |a |copy of |successful |passed |satisfactory |scan of )*"
    r"(?:inspection|delivery|receipt|arrival|acceptance|shipment|loading|test|lab|b/?l\b|bill of lading|documents|sight)"
    r"|\bb/l\b|\bl/c\b|\bletters? of credit|\bat sight\b|\bnet [0-9]+|\bescrow\b|\bopen account\b"
    r"|\bapres|\bcontre|\ba (?:la )?(?:livraison|reception)|\bconnaissement|\blettre de credit|\ba vue\b"
    r"|提单|信用证|货到|到付|月结|验货|检验后|验收|收货后|发货后"
)
_NONE = re.compile(
    r"\b(?:no|without|zero|sans|aucun|pas d.)\s*(?:any )?(?:advance|deposit|prepayment|down payment|acompte|avance|prepaiement)"
    r"|(?:无需|不需|不收|无|免)(?:预付|定金|订金)"
)
_ALL = re.compile(
    r"\b(?:full|whole|total|entire|integral|totalite|cash in advance|cia)\b|\bpaye d.avance|款到发货|先款后货|全款|全额"
)
_URGENT = re.compile(
    r"\burgent\b[^.;\n]{0,40}\b(?:wire|transfer|pay|payment|deposit|virement|paiement|acompte)\b"
    r"|\b(?:wire|transfer|pay|payment|deposit|virement|payez|virez)\b[^.;\n]{0,40}\b(?:today|now|immediately|tonight|at once"
    r"|within [0-9]+ hours"
    r"|asap|urgent|aujourd.hui|immediatement|sans delai|tout de suite|dans les [0-9]+ heures|d.urgence)\b"
    r"|\b(?:last chance|only today|today only|act now|other buyers? (?:is |are )?(?:waiting|ready)|hurry|derniere chance|offre valable "
    r"aujourd.hui)\b"
    r"|(?:今天|今日|立即|马上|立刻|尽快|速)[^，。]{0,8}(?:付款|汇款|打款|转账|付定金)|(?:付款|汇款|打款|转账)[^，。]{0,6}(?:今天|今日|立即|马上)|最后机会|欲购从速"
)


@dataclass(frozen=True)
class Advance:
    """What payment terms ask before anything is shipped: `named` whether they ask for anything, `percent` how much, None where they do
    not say.
    """

    named: bool = False
    percent: int | None = None


def advance_in(terms: str) -> Advance:
    """How much of the price payment terms ask before the goods are shipped, read from their words."""
    text = fold(terms)
    if _NONE.search(text):
        return Advance()
    total, named, unknown = 0, False, False
    for part in _PARTS.split(text):
        if not _BEFORE.search(part) or _AFTER.search(part):
            continue
        named = True
        shares = [int(share) for share in _PERCENT.findall(part)]
        if shares:
            total += sum(shares)
        elif _REST.search(part) or _ALL.search(part):
            total = WHOLE
        else:
            unknown = True
    if not named:
        return Advance()
    if not total and unknown:
        return Advance(named=True)
    return Advance(named=total > 0, percent=min(total, WHOLE))


def presses(*texts: str) -> bool:
    """Whether a seller's words press for money: "urgent" alone, as on the papers of relief goods, does not."""
    return any(_URGENT.search(fold(text)) for text in texts)
