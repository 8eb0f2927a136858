"""Sources that the screening rules cite, shown on the rules page: publications with their address, and others.

The labels F2 to F57 are numbers in fraud.md, the collection of fraud cases that was given to the project.
"""

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.rule_types import Source

EUROPE_FAULTY_MASKS = Source("fraud.md F2", "https://mothership.sg/2020/03/covid-19-holland-china-masks/")
EUROPE_REFUSED_SUPPLIES = Source(
    "fraud.md F4",
    "https://www.propergaanda.com/european-countries-are-refusing-to-use-masks-and-coronavirus-testing-kits-made-in-china-due-to-rubbish-quality/",
)
FINLAND_RESIGNATION = Source(
    "fraud.md F5",
    "https://www.reuters.com/article/us-health-coronavirus-finland-facemasks/finlands-emergency-supply-agency-head-quits-over-face-mask-purchase-idUSKCN21S1NE",
)
FINLAND_POLICE_PROBE = Source(
    "fraud.md F6", "https://www.dailyfinland.fi/national/15363/Police-to-probe-into-faulty-mask-import-deal"
)
FINLAND_DECLARATION = Source("fraud.md F7", "https://ummnews.net/node/32599")
FINLAND_BANNED_MASKS = Source(
    "fraud.md F8",
    "https://www.thenomadtoday.com/articulo/coronavirus/masks-purchased-from-sarmastre-have-been-banned/20200417214701005362.html",
)
TANGO_LAWSUIT = Source(
    "fraud.md F11",
    "https://www.parisstaronline.com/news/politics/federal-government-sues-montreal-firm-to-recover-81m-for-n95-masks-it-says-were-below-standards",
)
TANGO_PREPAYMENT = Source(
    "fraud.md F12",
    "https://www.tpsgc-pwgsc.gc.ca/trans/documentinfo-briefingmaterial/pacp/2022-02-10/p1-eng.html",
)
TANGO_SELLER = Source("fraud.md F13", "https://euro.dayfr.com/business/2298067.html")
PHAC_ADVANCE_LOSSES = Source(
    "fraud.md F15",
    "https://torontosun.com/news/national/stolen-public-health-agency-supplies-cost-taxpayers-106-million-report",
)
NRW_SCAM_ARRESTS = Source(
    "fraud.md F19",
    "https://www.iamexpat.de/expat-info/german-expat-news/european-police-foil-15-million-euro-face-mask-scam",
)
NRW_SCAM_PAYMENTS = Source(
    "fraud.md F20", "https://thetop10news.com/2020/04/14/coronavirus-police-bust-massive-face-mask-scam/"
)
PHANTOM_STOCK_FBI = Source(
    "fraud.md F22", "https://www.latimes.com/california/story/2020-04-11/coronavirus-seiu-masks-fraud-fbi"
)
PHANTOM_STOCK_HOSPITALS = Source(
    "fraud.md F23",
    "https://abc7news.com/coronavirus-face-mask-shortage-where-to-buy-masks-in-the-bay-area-california-healthcare-workers/6104173/",
)
PRICE_GOUGING_SUIT = Source(
    "fraud.md F24",
    "https://www.postbulletin.com/news/business/3m-says-a-new-jersey-company-is-price-gouging-new-york-officials-over-n95-masks/article_cd13dcc4-7b8e-11ea-a193-6fb9af588694.html",
)
LIST_PRICE_SUIT = Source(
    "fraud.md F25",
    "https://www.startribune.com/3m-suit-distributor-tried-to-sell-n95-masks-to-new-york-city-for-600-above-list-price/569542502/",
)
US_UNPROVEN_VENDORS = Source(
    "fraud.md F26",
    "https://news.mydosti.com/index.php/2020/04/18/u-s-pays-high-prices-for-masks-from-unproven-vendors",
)
US_NO_BID_CONTRACTS = Source("fraud.md F27", "https://www.nationmultimedia.com/in-focus/30386092")
FDA_RESPIRATOR_LIST = Source(
    "fraud.md F28",
    "https://einpresswire.com/article/516443632/certain-filtering-facepiece-respirators-from-china-may-not-provide-adequate-respiratory-protection-letter-to-health-care-providers",
)
HEALTH_CANADA_RESPIRATORS = Source(
    "fraud.md F29",
    "http://www.epicos.com/article/578007/advisory-important-safety-information-certain-respirator-masks",
)
HEALTH_CANADA_HEARING = Source(
    "fraud.md F30",
    "https://openparliament.ca/committees/government-operations/43-1/13/dr-stephen-lucas-1/only",
)
FDA_CERTIFICATE_WARNING = Source(
    "fraud.md F31",
    "https://www.aha.org/news/headline/2021-03-03-fda-some-respirators-other-devices-displaying-misleading-certificates",
)
FDA_CERTIFICATE_LETTERS = Source(
    "fraud.md F32", "https://www.fdamap.com/fda-requests-fraudsters-to-stop-making-fake-certificates.html"
)
VOLUNTARY_CE_PAPERS = Source(
    "fraud.md F33", "https://www.eu-esf.org/covid-19/4513-covid-19-suspicious-certificates-for-ppe"
)
VOLUNTARY_CE_PAPER_LIST = Source("fraud.md F34", "https://www.sellerclass.com/p/7753.html")
ACCREDIA_MASKS = Source("fraud.md F35", "https://accredia.it/mascherine")
EMERGENCY_PROCUREMENT = Source(
    "fraud.md F37", "https://cfodive.com/news/emergency-government-procurement/587204"
)
UK_PRICE_RISES = Source(
    "fraud.md F38", "https://brexometer.com/covid-ppe-price-rises-cost-taxpayers-10bn-report-says"
)
PP_FIBRE_PRICES = Source(
    "fraud.md F39",
    "https://www.wxlongshine.com/PP-fiber-price-surges-due-to-the-malicious-speculative-behavior-id3801003.html",
)
COUNTERFEIT_NIOSH = Source(
    "fraud.md F41",
    "https://healthcapusa.com/blog/counterfeit-respirators-misrepresentation-of-niosh-approval/",
)
FBI_ADVANCE_FEE_ALERT = Source(
    "fraud.md F43",
    "https://www.clarksvilleonline.com/2020/04/16/fbi-warns-of-advance-fee-bec-schemes-related-to-procurement-of-ppe-and-other-supplies-during-covid-19-pandemic/",
)
FBI_HOSPITAL_ALERT = Source(
    "fraud.md F44",
    "https://www.wvlt.tv/content/news/FBI-warns-healthcare-providers-of-COVID-19-related-fraud-schemes--569607541.html",
)
US_PRICE_RISES = Source(
    "fraud.md F45",
    "https://meaww.com/coronavirus-pandemic-protective-equipment-costs-up-by-1000-high-demand-lack-of-supplies",
)
MELTBLOWN_PRICES = Source(
    "fraud.md F55", "http://m.up-resin.com/news/domestic-mask-production-capacity-rises-deman-34237806.html"
)
CE_2163_REPORT = Source(
    "fraud.md F57",
    "https://www.br.de/nachrichten/wirtschaft/warum-viele-ffp2-masken-die-nummer-derselben-pruefstelle-tragen,SMpT5UI",
)

OFFER_TEXT = Source(
    _("No source is needed: the rule uses only the offer’s own text and our company register.")
)
REFERENCE_ROW = Source(_("The reference data behind the rule. The link is shown next to each finding."))
RECORDED_ANSWER = Source(_("The recorded answer, with the link opened or the number called."))
OWN_FIGURE = Source(_("Our own figure."))
FIGURE_FROM_MEMORY = Source(
    _("A figure from memory, not found in any publication. Such a figure never blocks an offer.")
)
CUSTOMS_FACTS = Source(_("Our own notes on customs, from secondary sources"))
GB_32100 = Source(
    "GB 32100-2015", "https://zh.wikisource.org/wiki/GB_32100-2015_法人和其他组织统一社会信用代码编码规则"
)
STDNUM = Source(_("The python-stdnum package"), "https://arthurdejong.org/python-stdnum/")
IGLEWICZ_HOAGLIN = Source(
    _("Iglewicz and Hoaglin (1993)"), "https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm"
)
