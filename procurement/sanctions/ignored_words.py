"""Words of company names that comparisons ignore: legal forms, trades and places.

They describe a company but do not identify it. Source: common knowledge of company names, extended with the
words that the test set of names needed.
"""


def _words(text: str) -> list[str]:
    return text.split()


LEGAL_FORMS = frozenset(
    _words(
        """ab ag as asa bhd bv co coltd company corp corporation demo fzc fzco fze gesmbh gmbh inc incorporated jsc kg kk lda
        limited limitada llc llp lp ltd ltda ltee nv oao ooo oy oyj pjsc plc private pt pte pty pvt sa sae sarl sas sdn spa spol
        srl sro und zao the of and et de des du la le"""
    )
)
TRADE_WORDS = frozenset(
    _words(
        """agencies agency apparel appliance appliances biological biotech biotechnology chemical chemicals commerce commercial
        development device devices electronic electronics engineering enterprise enterprises equipment equipments export exports
        factory fabric fabrics fashion garment garments general global gloves group health healthcare high holding holdings
        hygiene imp import imports industrial industries industry instrument instruments international investment manufacturing
        manufacturer mask masks material materials medical medicine mfg new nonwoven ppe product products production protection
        protective safety sanitary science sciences scientific service services solutions supplies supply tech technologies
        technology textile textiles trade trading weaving wovens"""
    )
)
CHINESE_LEGAL_FORMS = _words(
    "株式会社 有限会社 合同会社 有限责任公司 股份有限公司 集团有限公司 集团股份有限公司 有限公司 责任公司 股份公司 集团公司 "
    "总公司 分公司 公司 集团 厂"
)
CHINESE_TRADE_WORDS = _words(
    """医疗器械 医疗用品 医疗科技 医疗设备 医用材料 卫生用品 卫生材料 防护用品 劳保用品 无纺布 进出口 生物科技 生物技术 医疗 医用
    医药 卫生 器材 器械 科技 技术 贸易 商贸 实业 工贸 国际 防护 劳保 用品 制品 产品 材料 生物 工业 发展 纺织 服装 服饰 电子 工程
    设备 健康 制造 安全 企业 控股 投资 药业 化工 新材料 日用品"""
)
# Places in Chinese, with their form in a Latin name.
PLACE_NAMES = dict(
    pair.split(":")
    for pair in _words(
        """中国:china 中华:china 香港:hongkong 澳门:macau 台湾:taiwan 北京:beijing 上海:shanghai 天津:tianjin 重庆:chongqing
        河北:hebei 山西:shanxi 辽宁:liaoning 吉林:jilin 黑龙江:heilongjiang 江苏:jiangsu 浙江:zhejiang 安徽:anhui 福建:fujian
        江西:jiangxi 山东:shandong 河南:henan 湖北:hubei 湖南:hunan 广东:guangdong 海南:hainan 四川:sichuan 贵州:guizhou
        云南:yunnan 陕西:shaanxi 甘肃:gansu 青海:qinghai 内蒙古:neimenggu 广西:guangxi 西藏:tibet 宁夏:ningxia 新疆:xinjiang
        广州:guangzhou 深圳:shenzhen 中山:zhongshan 佛山:foshan 东莞:dongguan 珠海:zhuhai 惠州:huizhou 汕头:shantou
        江门:jiangmen 杭州:hangzhou 宁波:ningbo 温州:wenzhou 绍兴:shaoxing 嘉兴:jiaxing 金华:jinhua 义乌:yiwu 台州:taizhou
        南京:nanjing 苏州:suzhou 无锡:wuxi 常州:changzhou 南通:nantong 扬州:yangzhou 徐州:xuzhou 武汉:wuhan 仙桃:xiantao
        长沙:changsha 郑州:zhengzhou 新乡:xinxiang 安阳:anyang 济南:jinan 青岛:qingdao 烟台:yantai 潍坊:weifang 日照:rizhao
        石家庄:shijiazhuang 沈阳:shenyang 大连:dalian 长春:changchun 哈尔滨:harbin 西安:xian 成都:chengdu 昆明:kunming
        贵阳:guiyang 南宁:nanning 福州:fuzhou 厦门:xiamen 泉州:quanzhou 南昌:nanchang 合肥:hefei 淮安:huaian 太原:taiyuan
        兰州:lanzhou 乌鲁木齐:urumqi 喀什:kashgar 和田:hotan 阿克苏:aksu 石河子:shihezi 霍城:huocheng"""
    )
)
