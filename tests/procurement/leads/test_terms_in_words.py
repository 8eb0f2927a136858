"""What a seller's own words say about money in advance and haste, in three languages; each beside words that say nothing of it."""

import pytest

from procurement.leads.rules.terms import advance_in, presses


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
        ("advance payment", None),
        ("Paiement d’avance", None),
        ("须付定金", None),
    ],
)
def test_an_advance_is_read_from_the_words(terms, percent):
    found = advance_in(terms)
    assert (found.named, found.percent) == (True, percent)


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
    ],
)
def test_other_terms_name_no_advance(terms):
    assert not advance_in(terms).named


@pytest.mark.parametrize(
    "words",
    [
        "URGENT wire today",
        "Please transfer the deposit immediately",
        "Payment within 24 hours or the goods go to another city",
        "Payez aujourd’hui, sinon le lot part ailleurs",
        "请今天付款",
        "other buyers are waiting",
    ],
)
def test_words_press_for_money(words):
    assert presses("", words)


@pytest.mark.parametrize(
    "words",
    [
        "URGENT - COVID-19",
        "urgent relief goods, please handle with care",
        "Ships today",
        "Pay by wire transfer; the goods are ready now",
        "医院急需",
        "besoin urgent des hôpitaux",
    ],
)
def test_haste_alone_does_not(words):
    assert not presses(words)
