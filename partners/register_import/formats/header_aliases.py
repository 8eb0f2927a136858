"""Other headings and cell values that external lists use besides the register's own names and labels."""

AGREEMENT_HEADINGS: dict[str, tuple[str, ...]] = {
    "city_a": ("city 1", "city a", "ville", "ville 1", "ville a", "城市", "城市1", "我方城市"),
    "city_b": (
        *("city 2", "city b", "twin", "twin city", "twin town", "sister city", "partner", "friendship city"),
        *(
            "ville 2",
            "ville b",
            "ville partenaire",
            "ville jumelée",
            "ville jumelle",
            "ville sœur",
            "jumelage",
        ),
        *("友好城市", "友城", "姐妹城市", "城市2", "外方城市", "结好城市"),
    ),
    "kind": ("type", "type of agreement", "nature", "type d’entente", "类型", "类别", "种类", "性质"),
    "signed": (
        *("date signed", "signature date", "date of signing", "signing date", "year", "since"),
        *("date de signature", "signature", "signée", "année", "depuis"),
        *("签署", "签署日期", "签署时间", "签约日期", "签订日期", "签字日期", "结好日期", "结好时间", "年份"),
    ),
    "expires": (
        "expiry",
        "expiry date",
        "until",
        "valid until",
        "échéance",
        "expiration",
        "到期",
        "到期日期",
        "有效期至",
    ),
    "status": ("state", "statut", "état", "状态"),
    "terminated": ("end date", "date ended", "ended on", "date de fin", "终止", "终止日期", "结束日期"),
}
EXCHANGE_HEADINGS: dict[str, tuple[str, ...]] = {
    "from_city": (
        "from",
        "de",
        "giver",
        "donor",
        "sender",
        "donateur",
        "expéditeur",
        "赠送方",
        "捐赠方",
        "捐赠城市",
    ),
    "to_city": (
        "to",
        "à",
        "receiver",
        "recipient",
        "bénéficiaire",
        "destinataire",
        "接收方",
        "受赠方",
        "受赠城市",
    ),
    "date": ("day", "jour", "when", "on", "date", "日期", "时间"),
    "date_precision": ("precision", "précision", "精度"),
    "kind": ("type", "nature", "类型", "类别", "种类"),
    "items": ("what", "goods", "articles", "marchandises", "物资", "物品"),
    "quantity": ("number", "amount", "nombre", "数目"),
    "unit": ("units", "单位"),
}
CITY_HEADINGS: dict[str, tuple[str, ...]] = {
    "name_en": ("name", "city", "place", "nom", "ville", "nom anglais", "城市", "名称"),
    "name_zh": ("chinese", "nom chinois", "中文名", "中文名称"),
    "name_fr": ("french", "nom français", "法文名"),
    "country": ("country code", "pays", "国家"),
    "subdivision": ("province", "state", "région", "省", "省份", "州"),
    "level": ("type", "niveau", "级别", "类型"),
    "latitude": ("lat", "纬度"),
    "longitude": ("lng", "lon", "long", "经度"),
    "geonames_id": ("geonameid", "geonames"),
    "population": ("inhabitants", "habitants", "人口"),
    "timezone": ("zone", "fuseau horaire", "时区"),
}
SOURCE_HEADINGS = ("url", "link", "lien", "source", "来源", "网址", "链接")
NOTE_HEADINGS = (
    "notes",
    "remark",
    "remarks",
    "comment",
    "comments",
    "remarques",
    "commentaires",
    "备注",
    "说明",
)

# Values in cells, beside the labels.
AGREEMENT_KIND_WORDS: dict[str, tuple[str, ...]] = {
    "sister": (
        *("sister city", "twin city", "twin cities", "twin town", "twinning", "sister"),
        *("ville jumelée", "ville jumelle", "ville sœur", "villes sœurs", "jumelage", "姐妹城市", "友城"),
    ),
    "friendship": (
        "friendship city",
        "friendship agreement",
        "ville amie",
        "amitié",
        "友好交流城市",
        "友好交流关系",
    ),
    "other": ("other", "autre", "其他", "memorandum", "mou"),
}
AGREEMENT_STATUS_WORDS: dict[str, tuple[str, ...]] = {
    "active": ("in force", "en vigueur", "actif", "有效", "生效"),
    "unknown": ("unknown", "inconnu", "?", "未知", "不详"),
    "expired": ("échue", "échu", "expiré", "到期", "已到期"),
    "terminated": ("ended", "résiliée", "terminée", "fin", "终止", "已终止"),
    "suspended": ("suspendu", "暂停", "中止"),
}
