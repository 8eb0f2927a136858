"""Advance payments in a seller's payment terms, read in English, French and Chinese."""

import re
from dataclasses import dataclass

from workflow.search import fold_text

FULL_PERCENT = 100  # percent
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,][0-9]+)?\s*(?:%|percent\b|per cent\b|pct\b|pour ?cent\b)")
# Each part of the terms states when some of the money is due; the remainder is a part of its own.
_PART_SEPARATOR = re.compile(
    r"[,;+\n，；、。]|\.(?![0-9])|\b(?:and|et|then|puis)\b|和|及"
    r"|(?=\b(?:balance|rest|remainder|remaining|solde|reste)\b)|(?=余款|尾款|剩余)"
)
_REMAINDER_WORDS = re.compile(r"\b(?:balance|rest|remainder|remaining|solde|reste)\b|余款|尾款|剩余")
_DEPARTURE_WORDS = (
    r"(?:the )?(?:mass )?(?:production|shipment|shipping|delivery|dispatch|despatch|loading|release|collection|pick-? ?up|departure"
    r"|export|goods|they leave|we ship)"
)
_ADVANCE_WORDS = re.compile(
    r"\badvance|\bup-? ?front\b|\bprepa(?:y|id)|\bpre-pa(?:y|id)|\bdown ?payment|%\s*down\b|\bdeposit\b"
    r"|\bwith (?:the )?order\b|\bon order\b|\bcwo\b|\b(?:money|payment) first\b"
    r"|\bpro[- ]?forma\b|\b(?:cia|cbd|pia)\b|\bd.avance\b|\bpar avance\b|\bacompte|\barrhes\b|\bprepaiement|\ba la commande\b"
    r"|预付|定金|订金|款到发货|先款后货"
)
# Reports, photos and samples also come before shipment, so these count only beside a word for money.
_BEFORE_DEPARTURE = re.compile(
    rf"\b(?:before|prior to|ahead of) {_DEPARTURE_WORDS}|\b(?:once|when) (?:the )?(?:goods|order) (?:are|is) ready\b"
    r"|\bavant (?:la |le |l.)?(?:expedition|envoi|livraison|production|fabrication|depart|chargement|enlevement)"
    r"|(?:发货|出货|生产|提货|装运|装船|装柜|交货|排产)之?前|下单"
)
# "100% T/T, before shipment": a part that only states the time belongs to the part before it.
_SEPARATED_BEFORE_DEPARTURE = re.compile(
    rf"[,，]\s*(?=(?:{_BEFORE_DEPARTURE.pattern})\s*(?:[,;.，；。\n]|$))"
)
_MONEY_WORDS = re.compile(
    r"%|\b(?:percent|pct|pour ?cent)\b|\bpa(?:y|id|yments?|yable)\b|\bt/?t\b|\bwire|\btransfer|\bremit|\bcash\b|\bsettle|\bamounts?\b"
    r"|\b(?:money|funds|usd|cad|eur|cny|rmb)\b|[$€£¥]|\bpaiement|\bpay(?:e|er|es|ez|able)\b|\bvir(?:e|er|ez|ement)|\bregl(?:e|er|ez|ement)"
    r"|\bcomptant\b|\bmontant|\bsomme\b|付|款|汇|结清|全额|钱"
)
_LATER_PAYMENT_WORDS = re.compile(
    r"\b(?:after|upon|on|against|following) (?:the |a |copy of |successful |passed |satisfactory |scan of )*"
    r"(?:inspection|delivery|receipt|arrival|acceptance|shipment|loading|test|lab|b/?l\b|bill of lading|documents|sight)"
    r"|\bb/l\b|\bl/c\b|\bletters? of credit|\bat sight\b|\bnet [0-9]+|\b[0-9]+ days (?:after|from|net)|\bescrow\b|\bopen account\b"
    r"|\bapres|\bcontre|\ba (?:la )?(?:livraison|reception)|\bconnaissement|\blettre de credit|\ba vue\b|\ba [0-9]+ jours"
    r"|\b(?:inspect\w*|test\w*|check\w*|sampl\w*) (?:\w+ )?(?:before|prior to)\b"
    r"|提单|信用证|货到|到付|月结|验货|检验后|验收|收货后|发货后|账期"
)
_NO_ADVANCE = re.compile(
    r"\b(?:no|without|zero|sans|aucun|pas d.)\s*(?:any )?(?:advance|deposit|prepayment|down payment|acompte|avance|prepaiement)"
    r"(?: payment)?|\b(?:advance|deposit|prepayment|down payment|acompte) (?:is |are )?(?:not (?:required|needed|asked)|non requis)"
    r"|(?:无需|无须|不需要?|不用|不收|无|免)(?:预付款?|定金|订金)"
)
_FULL_PAYMENT_WORDS = re.compile(
    r"\b(?:full|whole|total|entire|integral|integralite|totalite|cash in advance|cash before (?:delivery|shipment|dispatch)"
    r"|cia|cbd|pia)\b|\bpaye d.avance"
    r"|款到发货|先款后货|全款|全额|付清"
)
# Money due when the order is placed, or before the goods leave, is an advance under any name.
_AT_ORDER_WORDS = re.compile(
    r"(?<!days )\b(?:up)?(?:on|at|after|against|with) (?:the )?(?:receipt of )?(?:our |the |your |signed |sales )*"
    r"(?:pro[- ]?forma(?: invoice)?|p\.?i\b|p\.?o\b|purchase order|order confirmation|contract|signing|signature|booking)"
    r"(?: signing| signature)?"
    r"|\b(?:a|des|apres|contre|sur) (?:la |le )?(?:(?:reception|presentation) (?:de (?:la |votre |notre )?|du )?)?(?:facture )?"
    r"(?:pro[- ]?forma|commande|signature|reservation)"
    r"|(?:签约|签合同|合同签订|签订合同|收到pi|见pi|确认订单|订单确认)(?:后|时|之后|当日)?"
)
_SHIPMENT_AFTER_PAYMENT = re.compile(
    r"\b(?:ship(?:s|ped|ping|ment)?|deliver(?:s|y|ed)?|dispatch(?:es|ed)?|releases?d?|production)\b (?:[\w-]+ ){0,4}?"
    r"(?:after|upon|on|following|once) (?:the |full |receipt of |receiving |your |we (?:have )?receiv\w+ |cleared )*"
    r"(?:payment|funds|money|remittance|transfer|t/t|tt)\b"
    r"|\b(?:expedi|livr|envo)\w* (?:\w+ ){0,3}?(?:apres|des) (?:la |le )?(?:reception (?:de |du )?)?"
    r"(?:votre )?(?:paiement|virement|reglement)"
    r"|\b(?:paid|payment) in full (?:before|prior to) (?:dispatch|despatch)"
    r"|(?:付款|付清|收款|到账|全款|款清|结清|打款)[^，。,;]{0,6}?后?再?(?:发货|出货|提货|装运)"
)
_TRANSFER_WORDS = re.compile(
    r"\bt/?t\b|\bwire|\btransfer\b|\bpayments?\b|\bpaiement|\bvirement|电汇|付款|全款"
)
_SHARE_PAIR = re.compile(r"(?<![0-9/.])([0-9]{2})\s*[/:]\s*([0-9]{2})(?![0-9/.])")
_PAYMENT_WORDS = re.compile(
    r"\bt/?t\b|\bpa(?:y|id)|\bdeposit|\badvance\b|\bprepa|\bwire|\bacompte|\bpaiement|\bvirement|\bavance\b|付款|预付|定金|订金|全款|款到"
)
_PERCENT_BY_WORD = {
    word: tens
    for tens, words in {
        10: "ten dix", 20: "twenty vingt", 30: "thirty trente", 40: "forty quarante", 50: "fifty cinquante", 60: "sixty soixante",
        70: "seventy soixante-dix", 80: "eighty quatre-vingts", 90: "ninety quatre-vingt-dix", FULL_PERCENT: "hundred cent",
    }.items()
    for word in words.split()
}  # fmt: skip
_PERCENT_IN_WORDS = re.compile(
    rf"\b(?:one |a )?({'|'.join(sorted(_PERCENT_BY_WORD, key=len, reverse=True))})(?=\s*(?:%|percent\b|per cent\b|pour ?cent\b))"
)
_PERCENT_OF_GOODS = re.compile(
    r"[0-9]{1,3}\s*%\s*(?:(?:of|the|goods|lot) )*(?=inspect|test|qc\b|check|quality|sampl|cotton|polyp|virgin)"
)
_CREDIT_DAYS = re.compile(r"\b[0-9]+ (?:days|jours)\b|[0-9]+天")
_HALF = re.compile(r"\bhalf\b|\b(?:la )?moitie\b|一半")
_CHINESE_DIGITS = {char: at for at, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_CHINESE_PERCENT = re.compile(
    r"百分之(百|[一二三四五六七八九]?十[一二三四五六七八九]?)|([一二两三四五六七八九十]|10|[1-9])成"
)


@dataclass(frozen=True)
class AdvancePayment:
    """The advance that payment terms ask for before goods are shipped.

    `is_mentioned`: the terms ask for one. `percent`: its share of the price, None if not stated. `is_full_payment`: the
    terms ask for the full price but do not state when.
    """

    is_mentioned: bool = False
    percent: int | None = None
    is_full_payment: bool = False


def parse_advance_payment(terms: str) -> AdvancePayment:
    """Return the advance that the payment terms ask for before the goods are shipped."""
    text = _plain(terms)
    parts = [piece for part in _PART_SEPARATOR.split(text) for piece in _split_before_and_after(part)]
    total, named = 0, False
    for part in parts:
        if not _is_before(part) or _LATER_PAYMENT_WORDS.search(part):
            continue
        named = True
        shares = [int(share) for share in _PERCENT.findall(part)]
        if shares:
            total += sum(shares)
        elif _REMAINDER_WORDS.search(part) or _FULL_PAYMENT_WORDS.search(part):
            total = FULL_PERCENT
    if not named:
        return AdvancePayment(is_full_payment=_is_in_full(text))
    stated = total or _PERCENT.search(text)
    return AdvancePayment(
        is_mentioned=bool(total or not stated), percent=min(total, FULL_PERCENT) if stated else None
    )


def advance_sentences(remark: str) -> str:
    """Return the sentences of a remark that name an advance with its amount. Other sentences are left out."""
    sentences = (one.strip() for one in re.split(r"[\n。!！]|\.(?![0-9])", remark))
    return ". ".join(
        one
        for one in sentences
        if _PAYMENT_WORDS.search(fold_text(one)) and parse_advance_payment(one).percent
    )


def _is_before(part: str) -> bool:
    """Return True if this part of the terms asks for money before the goods leave."""
    if _ADVANCE_WORDS.search(part):
        return True
    return bool(
        _BEFORE_DEPARTURE.search(part)
        and (_MONEY_WORDS.search(part) or _REMAINDER_WORDS.search(part) or _FULL_PAYMENT_WORDS.search(part))
    )


def _plain(terms: str) -> str:
    """Return the terms in the form used for reading: shares as digits, hidden advances named as such."""
    text = _HALF.sub("50%", _CHINESE_PERCENT.sub(_share, fold_text(terms)))
    text = _PERCENT_IN_WORDS.sub(lambda found: str(_PERCENT_BY_WORD[found[1]]), text)
    text = _SHARE_PAIR.sub(lambda two: _shares_as_deposit(two[0], int(two[1]), int(two[2])), text)
    text = _PERCENT_OF_GOODS.sub(" ", _NO_ADVANCE.sub(" ", text))
    text = _SHIPMENT_AFTER_PAYMENT.sub(" full advance ", _AT_ORDER_WORDS.sub(" in advance ", text))
    return _SEPARATED_BEFORE_DEPARTURE.sub(" ", text)


def _share(found: re.Match[str]) -> str:
    of_a_hundred, of_ten = found.groups()
    if of_a_hundred == "百":
        return f"{FULL_PERCENT}%"
    if of_ten:
        return f"{10 * _CHINESE_DIGITS.get(of_ten, 0) or 10 * int(of_ten)}%"
    tens, units = of_a_hundred.split("十")
    return f"{10 * (_CHINESE_DIGITS[tens] if tens else 1) + (_CHINESE_DIGITS[units] if units else 0)}%"


def _shares_as_deposit(words: str, one: int, other: int) -> str:
    """Rewrite 30/70 as a deposit and a remainder if the two shares add up to 100."""
    return f"{one}% deposit, {other}% remainder" if one + other == FULL_PERCENT else words


def _split_before_and_after(part: str) -> list[str]:
    """Split a part that names money both before and after shipment, with one share per piece."""
    shares = list(_PERCENT.finditer(part))
    if len(shares) < 2 or not (_is_before(part) and _LATER_PAYMENT_WORDS.search(part)):
        return [part]
    leads = not part[: shares[0].start()].strip()
    at = [one.start() if leads else one.end() for one in (shares[1:] if leads else shares[:-1])]
    return [part[start:end] for start, end in zip([0, *at], [*at, len(part)], strict=True)]


def _is_in_full(text: str) -> bool:
    shares = {int(share) for share in _PERCENT.findall(text)}
    later = _LATER_PAYMENT_WORDS.search(text) or _CREDIT_DAYS.search(text)
    return bool(
        (FULL_PERCENT in shares or _FULL_PAYMENT_WORDS.search(text))
        and _TRANSFER_WORDS.search(text)
        and not later
    )
