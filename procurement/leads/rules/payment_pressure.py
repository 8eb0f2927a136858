"""Detection of pressure to pay in a seller's words, in English, French and Chinese."""

import re

from workflow.search import fold_text

_PAYMENT_WORDS = (
    r"\b(?:wire|wired|transfer|pay|paid|payment|deposit|remit|remittance|t/t|settle|send (?:us )?(?:the )?(?:money|funds)|funds"
    r"|virement|paiement|payez|payer|virez|virer|reglez|regler|reglement|versez|verser|acompte)\b"
)
_URGENCY_WORDS = (
    r"\b(?:tonight|immediately|at once|right away|straight away|without delay|asap|urgent(?:ly)?|by (?:noon|midnight|tonight)"
    r"|(?:this|before) (?:morning|noon|afternoon|evening|midnight)|end of (?:the )?(?:day|business)|eod|cob"
    r"|(?:within|in) (?:an?|one|two|three|six|twelve|[0-9]{1,2}) ?h(?:ou)?(?:rs?)?"
    r"|immediatement|sans (?:delai|attendre)|tout de suite|ce soir|d.urgence"
    r"|(?:dans les|sous|d.ici) [0-9]{1,2} ?h(?:eures)?)\b"
)
# "Today" and "now" may refer to the stock, so they count only right after a word for paying or money.
_WORDS_BEFORE_TODAY = (
    r"(?:the|this|a|us|me|your|our|full|whole|half|all|it|is|are|be|must|to|has|made|due|needed|required|expected|please|pls|deposit"
    r"|advance|money|funds|payment|amount|sum|balance|invoice|remainder|rest|bank|account|by|via|wire|transfer|usd|cad|eur|cny|rmb"
    r"|dollars|euros|le|la|les|un|une|votre|notre|nous|cet|ce|l.acompte|l.argent|acompte|solde|montant|somme|facture|virement|paiement"
    r"|est|du|exige|svp|par|[$€]?[0-9][0-9.,]*k?|%)"
)
_TODAY_AFTER_PAYMENT = (
    rf"(?:\s*{_WORDS_BEFORE_TODAY}(?![a-z0-9])){{0,6}} (?:now|today|aujourd.hui|des maintenant)\b"
    r"(?! (?:available|in stock|ready|dispon|en stock|[0-9]))"
)
# No word about the goods may come between: goods may well leave at once.
_WORDS_NOT_ON_GOODS = (
    r"(?:(?!\b(?:capacit|stock|availab|dispon|ready|ship|deliver|dispatch|despatch|produc|load|goods|leave|quote|expedi|livr"
    r"|after|upon|once|apres)\w*)[^.;!\n]){0,40}?"
)
_NOT_AFTER_DELIVERY = (
    r"(?! (?:after|upon|of|from) (?:the )?(?:inspection|delivery|receipt|arrival|acceptance|shipment))"
)
_REQUEST_WORDS = r"(?:(?:please|pls|kindly|need(?:ed)?|the|your|full|veuillez|de|merci) ){0,3}"
_URGENT_PAYMENT = re.compile(
    rf"{_PAYMENT_WORDS}{_TODAY_AFTER_PAYMENT}{_NOT_AFTER_DELIVERY}|{_PAYMENT_WORDS}{_WORDS_NOT_ON_GOODS}{_URGENCY_WORDS}{_NOT_AFTER_DELIVERY}|\burgent(?:ly)?\b\W*{_REQUEST_WORDS}{_PAYMENT_WORDS}"
)
_SCARCITY_CLAIM = re.compile(
    r"\b(?:last chance|only today|today only|act now|hurry|decide (?:today|now)|first come,? first served|derniere chance"
    r"|premier arrive|others? are waiting|(?:an)?other (?:buyers?|clients?|customers?|cities)\b[^.;\n]{0,20}"
    r"\b(?:wait|ready|interested|want"
    r"|queu)\w*"
    r"|have other (?:buyers?|clients?|customers?)"
    r"|(?:sell|sold|go(?:es)?) (?:it |them |the (?:goods|lot) )?to another (?:buyer|client|customer)"
    r"|autres? (?:acheteurs?|clients?) (?:attend|sont|interess)\w*"
    r"|(?:price|offer|quote|prix|offre) (?:is |est )?(?:valid|valable|good)[^.;\n]{0,20}?"
    r"(?:[0-9]{1,2} ?h(?:ou)?r?s?|heures|today|tonight"
    r"|aujourd.hui|ce soir)"
    r"|gone (?:by )?(?:today|tonight|tomorrow))\b"
    r"|过时不候|先到先得|手慢无|最后机会|欲购从速|给(?:其他|别的)(?:客户|买家)|(?:其他|别的|另有)(?:客户|买家)[^，。,]{0,6}(?:等|要|抢|排队)"
)
_PAYMENT_WORDS_ZH = r"(?:付款|汇款|打款|转账|付定金|付全款|付清|支付|付钱)"
_URGENT_PAYMENT_ZH = re.compile(
    rf"(?:今[天日晚]|立即|马上|立刻|尽快|火速|速|第一时间|[0-9一二两三]{{1,2}}个?小时内)[^，。,;!]{{0,10}}?{_PAYMENT_WORDS_ZH}(?!后)"
    rf"|{_PAYMENT_WORDS_ZH}(?!后)[^，。,;!]{{0,6}}?(?:今[天日晚]|立即|马上|立刻)(?!发货|出货|安排|生产)"
)


def is_pressing_for_payment(*texts: str) -> bool:
    """Return True if the words press for payment.

    "Urgent" alone, as on documents of relief goods, does not count.
    """
    folded = [fold_text(text) for text in texts]
    return any(
        words.search(text)
        for text in folded
        for words in (_URGENT_PAYMENT, _SCARCITY_CLAIM, _URGENT_PAYMENT_ZH)
    )
