"""Tests of advance payment and pressure in a seller's own words, in three languages.

Each text has a counterpart that does not mention them.
"""

import pytest

from procurement.leads.rules.payment_pressure import is_pressing_for_payment
from procurement.leads.rules.payment_terms import advance_sentences, parse_advance_payment


@pytest.mark.parametrize(
    ("terms", "percent"),
    [
        ("100% TT in advance", 100),
        ("T/T 50% in advance, 50% before shipment", 100),
        ("40% deposit and balance before shipment", 100),
        ("payment in full before production", 100),
        ("TT 40% down payment, 60% L/C at sight", 40),
        ("30% with order, 70% after acceptance", 30),
        ("100 % à la commande", 100),
        ("Acompte de 45 %, solde contre connaissement", 45),
        ("paiement intégral avant expédition", 100),
        ("预付60%，余款验货后付清", 60),
        ("30%定金，70%发货前付清", 100),
        ("款到发货", 100),
        ("100% upon receipt of proforma invoice", 100),
        ("payment in full on booking", 100),
        ("paid in full prior to dispatch", 100),
        ("goods ship upon receipt of full payment", 100),
        ("no deposit, 100% before shipment", 100),
        ("one hundred percent in advance", 100),
        ("half upfront, half on delivery", 50),
        ("30% down, 70% prior to loading", 100),
        ("30% in advance 70% against B/L", 30),
        ("deposit 30% balance 70% after inspection", 30),
        ("30% deposit within 3 days, balance after inspection", 30),
        ("30 per cent deposit and the rest once goods are ready", 100),
        ("TT 40/60", 40),
        ("50 % à la signature, 50 % avant départ", 100),
        ("Cent pour cent d’avance", 100),
        ("Expédition après réception du virement", 100),
        ("先付款后发货", 100),
        ("全款发货", 100),
        ("预付百分之五十", 50),
        ("预付百分之百", 100),
        ("三成定金，七成提货前付清", 100),
        ("签合同付２０％，余款见提单", 20),
        ("Paiement 100 % à la réception de la facture pro forma", 100),
        ("40 % à réception de votre facture pro-forma, solde contre connaissement", 40),
        ("60 % sur présentation de la facture pro forma", 60),
        ("100% CBD", 100),
        ("100% PIA", 100),
        ("35% PIA, rest against documents", 35),
        ("Cash before delivery", 100),
        ("T/T 100%, before shipment", 100),
        ("25% deposit, photos before shipment, balance after inspection", 25),
        ("solde avant livraison, 30 % à la commande", 100),
        ("advance payment", None),
        ("Paiement d’avance", None),
        ("须付定金", None),
        ("payment before delivery", None),
        ("règlement avant livraison", None),
        ("发货前付款", None),
    ],
)
def test_advance_payment_is_recognized_in_payment_terms(terms, percent):
    found = parse_advance_payment(terms)
    assert (found.is_mentioned, found.percent) == (True, percent)


@pytest.mark.parametrize(
    "terms",
    [
        "",
        "100% after inspection",
        "irrevocable letter of credit at sight",
        "no deposit, net 30",
        "payment on delivery",
        "100 % après inspection",
        "sans acompte, à 30 jours",
        "验货后付款",
        "月结30天",
        "无需定金",
        "escrow, released after inspection",
        "100% inspection before shipment",
        "goods 100% tested prior to loading; L/C at sight",
        "deposit not required, 30 days after order confirmation",
        "L/C opened at contract signing",
        "D/P at sight",
        "Paiement à 30 jours",
        "不需要定金，验收后付款",
        "L/C at sight, SGS report before shipment",
        "Net 30, samples sent before delivery",
        "photos prior to shipment, payment 30 days after delivery",
        "Packing list before loading, D/P at sight",
        "labels approved before production; L/C 60 days",
        "rapport de laboratoire avant expédition, paiement à 30 jours",
        "发货前提供检测报告，信用证",
        "下单后七天发货，信用证",
    ],
)
def test_payment_terms_without_an_advance_name_none(terms):
    assert not parse_advance_payment(terms).is_mentioned


@pytest.mark.parametrize(
    ("terms", "whole"),
    [
        ("T/T 100%", True),
        ("100% by wire transfer", True),
        ("paiement intégral par virement", True),
        ("全款电汇", True),
        ("T/T", False),
        ("100% T/T after inspection", False),
        ("100% L/C at sight", False),
        ("100 % TT, 30 days", False),
        ("30% deposit, balance by T/T", False),
        ("", False),
    ],
)
def test_full_payment_without_a_time_is_not_read_as_an_advance(terms, whole):
    found = parse_advance_payment(terms)
    assert found.is_full_payment == whole
    assert not (whole and found.is_mentioned)


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("Stock ready in Izmir. 100% TT in advance.", "100% TT in advance"),
        ("现货十万。预付全款", "预付全款"),
        ("Lot 12\nAcompte de 60 %\nCartons de 2 000", "Acompte de 60 %"),
        ("Made in 2020, 100% inspected before shipment", ""),
        ("A deposit of samples on request. 100% cotton.", ""),
        ("Packed before shipment. Certificates ahead of delivery.", ""),
        ("", ""),
    ],
)
def test_sentence_about_an_advance_is_found_in_a_remark(remark, said):
    assert advance_sentences(remark) == said


@pytest.mark.parametrize(
    "words",
    [
        "URGENT wire today",
        "remit within 24 hrs",
        "Send the money right away",
        "Pay by noon or decide today",
        "ＵＲＧＥＮＴ: please pay",
        "another buyer is waiting",
        "price valid only 2 hours",
        "virement sous 24 h",
        "Veuillez régler ce soir",
        "D’autres acheteurs attendent",
        "两小时内打款，过时不候",
        "今天下午五点前必须付款",
        "第一时间付款",
        "Please transfer the deposit immediately",
        "Payment within 24 hours or the goods go to another city",
        "Payez aujourd’hui, sinon le lot part ailleurs",
        "请今天付款",
        "other buyers are waiting",
        "T/T the balance today",
        "payment is due today",
        "transfer 20,000 USD to our account now",
        "payez l’acompte dès maintenant",
    ],
)
def test_words_pressing_for_payment_are_recognized(words):
    assert is_pressing_for_payment("", words)


@pytest.mark.parametrize(
    "words",
    [
        "URGENT - COVID-19",
        "urgent relief goods, please handle with care",
        "Ships today",
        "Pay by wire transfer; the goods are ready now",
        "医院急需",
        "besoin urgent des hôpitaux",
        "urgent need of gowns, wire transfer accepted",
        "Full payment, then goods ship immediately",
        "pay within 48 hours after inspection",
        "payment within 30 days",
        "Other buyers in Ontario know us",
        "offer valid until 30 April",
        "付款后立即发货",
        "收到定金后马上安排生产",
        "其他客户的评价可提供",
        "T/T 50% deposit, capacity now 100k a day",
        "payment terms T/T, now 2 million in stock",
        "wire transfer accepted, price today 0.45",
        "30% deposit today available in three currencies",
        "Virement accepté, capacité dès maintenant de 20 000 par jour",
        "Paiement par virement, aujourd’hui 40 000 en stock",
        "T/T 30%, stock available immediately",
    ],
)
def test_words_of_haste_alone_are_not_read_as_pressing_for_payment(words):
    assert not is_pressing_for_payment(words)
