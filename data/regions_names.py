"""Our own table of names for make_regions.py: short names, customary English names, corps divisions.

Written by hand on 2026-11-22. Short names of provinces are the official one-character ones; short names of
autonomous prefectures are those the prefectures use themselves.
"""

# code: (short, English, one-character and other short names)
PROVINCES = {
    "110000": ("北京", "Beijing", ["京"]),
    "120000": ("天津", "Tianjin", ["津"]),
    "130000": ("河北", "Hebei", ["冀"]),
    "140000": ("山西", "Shanxi", ["晋"]),
    "150000": ("内蒙古", "Inner Mongolia", ["蒙", "内蒙"]),
    "210000": ("辽宁", "Liaoning", ["辽"]),
    "220000": ("吉林", "Jilin", ["吉"]),
    "230000": ("黑龙江", "Heilongjiang", ["黑", "龙江"]),
    "310000": ("上海", "Shanghai", ["沪"]),
    "320000": ("江苏", "Jiangsu", ["苏"]),
    "330000": ("浙江", "Zhejiang", ["浙"]),
    "340000": ("安徽", "Anhui", ["皖"]),
    "350000": ("福建", "Fujian", ["闽"]),
    "360000": ("江西", "Jiangxi", ["赣"]),
    "370000": ("山东", "Shandong", ["鲁"]),
    "410000": ("河南", "Henan", ["豫"]),
    "420000": ("湖北", "Hubei", ["鄂"]),
    "430000": ("湖南", "Hunan", ["湘"]),
    "440000": ("广东", "Guangdong", ["粤"]),
    "450000": ("广西", "Guangxi", ["桂"]),
    "460000": ("海南", "Hainan", ["琼"]),
    "500000": ("重庆", "Chongqing", ["渝"]),
    "510000": ("四川", "Sichuan", ["川", "蜀"]),
    "520000": ("贵州", "Guizhou", ["黔"]),
    "530000": ("云南", "Yunnan", ["滇"]),
    "540000": ("西藏", "Tibet", ["藏"]),
    "610000": ("陕西", "Shaanxi", ["陕", "秦"]),
    "620000": ("甘肃", "Gansu", ["甘", "陇"]),
    "630000": ("青海", "Qinghai", ["青"]),
    "640000": ("宁夏", "Ningxia", ["宁"]),
    "650000": ("新疆", "Xinjiang", ["新"]),
    "710000": ("台湾", "Taiwan", ["台"]),
    "810000": ("香港", "Hong Kong", ["港"]),
    "820000": ("澳门", "Macao", ["澳"]),
}

# Autonomous prefectures, prefectures, leagues: name: [short name, further names …]
PREFECTURE_SHORT = {
    "博尔塔拉蒙古自治州": ["博州", "博尔塔拉", "博尔塔拉州"],
    "昌吉回族自治州": ["昌吉州"],
    "巴音郭楞蒙古自治州": ["巴州", "巴音郭楞", "巴音郭楞州"],
    "克孜勒苏柯尔克孜自治州": ["克州", "克孜勒苏", "克孜勒苏州"],
    "伊犁哈萨克自治州": ["伊犁州", "伊犁"],
    "延边朝鲜族自治州": ["延边州", "延边"],
    "恩施土家族苗族自治州": ["恩施州"],
    "湘西土家族苗族自治州": ["湘西州"],
    "阿坝藏族羌族自治州": ["阿坝州"],
    "甘孜藏族自治州": ["甘孜州"],
    "凉山彝族自治州": ["凉山州"],
    "黔西南布依族苗族自治州": ["黔西南州", "黔西南"],
    "黔东南苗族侗族自治州": ["黔东南州", "黔东南"],
    "黔南布依族苗族自治州": ["黔南州"],
    "楚雄彝族自治州": ["楚雄州"],
    "红河哈尼族彝族自治州": ["红河州"],
    "文山壮族苗族自治州": ["文山州"],
    "西双版纳傣族自治州": ["西双版纳州", "西双版纳"],
    "大理白族自治州": ["大理州"],
    "德宏傣族景颇族自治州": ["德宏州"],
    "怒江傈僳族自治州": ["怒江州"],
    "迪庆藏族自治州": ["迪庆州"],
    "临夏回族自治州": ["临夏州"],
    "甘南藏族自治州": ["甘南州"],
    "海北藏族自治州": ["海北州"],
    "黄南藏族自治州": ["黄南州"],
    "海南藏族自治州": ["海南州"],
    "果洛藏族自治州": ["果洛州"],
    "玉树藏族自治州": ["玉树州"],
    "海西蒙古族藏族自治州": ["海西州"],
    "阿里地区": [""],
    "兴安盟": [""],
    "锡林郭勒盟": ["锡盟", "锡林郭勒"],
    "阿拉善盟": ["阿拉善"],
    "巴里坤哈萨克自治县": ["巴里坤", "巴里坤县"],
    "塔什库尔干塔吉克自治县": ["塔县", "塔什库尔干"],
}

AUTONOMOUS = {
    "222400": "Yanbian Korean Autonomous Prefecture",
    "422800": "Enshi Tujia and Miao Autonomous Prefecture",
    "433100": "Xiangxi Tujia and Miao Autonomous Prefecture",
    "513200": "Ngawa Tibetan and Qiang Autonomous Prefecture",
    "513300": "Garzê Tibetan Autonomous Prefecture",
    "513400": "Liangshan Yi Autonomous Prefecture",
    "522300": "Qianxinan Bouyei and Miao Autonomous Prefecture",
    "522600": "Qiandongnan Miao and Dong Autonomous Prefecture",
    "522700": "Qiannan Bouyei and Miao Autonomous Prefecture",
    "532300": "Chuxiong Yi Autonomous Prefecture",
    "532500": "Honghe Hani and Yi Autonomous Prefecture",
    "532600": "Wenshan Zhuang and Miao Autonomous Prefecture",
    "532800": "Xishuangbanna Dai Autonomous Prefecture",
    "532900": "Dali Bai Autonomous Prefecture",
    "533100": "Dehong Dai and Jingpo Autonomous Prefecture",
    "533300": "Nujiang Lisu Autonomous Prefecture",
    "533400": "Dêqên Tibetan Autonomous Prefecture",
    "622900": "Linxia Hui Autonomous Prefecture",
    "623000": "Gannan Tibetan Autonomous Prefecture",
    "632200": "Haibei Tibetan Autonomous Prefecture",
    "632300": "Huangnan Tibetan Autonomous Prefecture",
    "632500": "Hainan Tibetan Autonomous Prefecture",
    "632600": "Golog Tibetan Autonomous Prefecture",
    "632700": "Yushu Tibetan Autonomous Prefecture",
    "632800": "Haixi Mongol and Tibetan Autonomous Prefecture",
    "652300": "Changji Hui Autonomous Prefecture",
    "652700": "Bortala Mongol Autonomous Prefecture",
    "652800": "Bayingolin Mongol Autonomous Prefecture",
    "653000": "Kizilsu Kirgiz Autonomous Prefecture",
    "654000": "Ili Kazakh Autonomous Prefecture",
}

# Customary names that are not plain pinyin of the Chinese name.
ENGLISH = {
    "150100": "Hohhot", "150200": "Baotou", "150600": "Ordos", "150700": "Hulunbuir", "150800": "Bayannur",
    "150900": "Ulanqab", "152200": "Hinggan League", "152500": "Xilingol League", "152900": "Alxa League",
    "230100": "Harbin", "230200": "Qiqihar", "232700": "Da Hinggan Ling Prefecture",
    "540100": "Lhasa", "540200": "Xigazê", "540300": "Qamdo", "540400": "Nyingchi", "540500": "Shannan",
    "540600": "Nagqu", "542500": "Ngari Prefecture",
    "650100": "Ürümqi", "650200": "Karamay", "650400": "Turpan", "650500": "Hami", "652900": "Aksu Prefecture",
    "653100": "Kashgar Prefecture", "653200": "Hotan Prefecture", "654200": "Tacheng Prefecture",
    "654300": "Altay Prefecture", "652100": "Turpan Prefecture", "652200": "Hami Prefecture",
    "650402": "Gaochang District", "650421": "Shanshan County", "650422": "Toksun County",
    "650502": "Yizhou District", "650521": "Barkol Kazakh Autonomous County", "650522": "Yiwu County",
    "650121": "Ürümqi County", "650203": "Karamay District", "650103": "Saybag District", "650205": "Urho District",
    "652301": "Changji", "652302": "Fukang", "652323": "Hutubi County", "652324": "Manas County",
    "652325": "Qitai County", "652327": "Jimsar County", "652328": "Mori Kazakh Autonomous County",
    "652701": "Bole", "652702": "Alashankou", "652722": "Jinghe County", "652723": "Wenquan County",
    "652801": "Korla", "652822": "Luntai County", "652823": "Yuli County", "652824": "Ruoqiang County",
    "652825": "Qiemo County", "652826": "Yanqi Hui Autonomous County", "652827": "Hejing County",
    "652828": "Hoxud County", "652829": "Bohu County",
    "652901": "Aksu", "652902": "Kuqa", "652922": "Wensu County", "652924": "Xayar County",
    "652926": "Baicheng County", "652927": "Uqturpan County", "652928": "Awat County", "652929": "Kalpin County",
    "653001": "Artux", "653022": "Akto County", "653023": "Akqi County", "653024": "Ulugqat County",
    "653101": "Kashgar", "653121": "Shufu County", "653122": "Shule County", "653123": "Yengisar County",
    "653124": "Zepu County", "653125": "Shache County", "653126": "Yecheng County", "653127": "Makit County",
    "653128": "Yopurga County", "653129": "Jiashi County", "653130": "Bachu County",
    "653131": "Taxkorgan Tajik Autonomous County",
    "653201": "Hotan", "653221": "Hotan County", "653222": "Moyu County", "653223": "Pishan County",
    "653224": "Lop County", "653225": "Qira County", "653226": "Yutian County", "653227": "Minfeng County",
    "654002": "Yining", "654003": "Kuytun", "654004": "Horgos", "654021": "Yining County",
    "654022": "Qapqal Xibe Autonomous County", "654023": "Huocheng County", "654024": "Gongliu County",
    "654025": "Xinyuan County", "654026": "Zhaosu County", "654027": "Tekes County", "654028": "Nilka County",
    "654201": "Tacheng", "654202": "Wusu", "654203": "Shawan", "654221": "Emin County", "654224": "Toli County",
    "654225": "Yumin County", "654226": "Hoboksar Mongol Autonomous County",
    "150723": "Oroqen Autonomous Banner", "150724": "Evenki Autonomous Banner",
    "150722": "Morin Dawa Daur Autonomous Banner", "622926": "Dongxiang Autonomous County",
    "654301": "Altay", "654321": "Burqin County", "654322": "Fuyun County", "654323": "Fuhai County",
    "654324": "Habahe County", "654325": "Qinggil County", "654326": "Jeminay County",
}

# Readings that the pinyin tool gets wrong in place names, or that carry an umlaut.
PINYIN = {
    "南乐": "Nanle", "闵行": "Minhang", "马尾": "Mawei", "八宿": "Baxoi", "迁西": "Qianxi",
    "六安": "Lu'an", "六合": "Luhe", "乐清": "Yueqing", "乐亭": "Laoting", "东阿": "Dong'e", "铅山": "Yanshan",
    "番禺": "Panyu", "蚌埠": "Bengbu", "亳州": "Bozhou", "厦门": "Xiamen", "台州": "Taizhou", "丽水": "Lishui",
    "天台": "Tiantai", "仙居": "Xianju", "长子": "Zhangzi", "洪洞": "Hongtong", "繁峙": "Fanshi", "浚": "Xun",
    "单": "Shan", "莘": "Shen", "解": "Xie", "尉氏": "Weishi", "尉犁": "Yuli", "蔚": "Yu", "涡阳": "Guoyang",
    "枞阳": "Zongyang", "歙": "She", "黟": "Yi", "监利": "Jianli", "枝江": "Zhijiang", "华阴": "Huayin",
    "柞水": "Zhashui", "吴堡": "Wubu", "大埔": "Dabu", "东莞": "Dongguan", "沁县": "Qin", "渑池": "Mianchi",
    "荥阳": "Xingyang", "荥经": "Yingjing", "中牟": "Zhongmu", "武陟": "Wuzhi", "冤句": "Yuanqu", "郓城": "Yuncheng",
    "鄄城": "Juancheng", "牟平": "Muping", "莒": "Ju", "芝罘": "Zhifu", "无棣": "Wudi", "临朐": "Linqu",
    "宕昌": "Tanchang", "迭部": "Tewo", "珲春": "Hunchun", "桦甸": "Huadian", "穆棱": "Muling", "什邡": "Shifang",
    "犍为": "Qianwei", "郫": "Pi", "邛崃": "Qionglai", "筠连": "Junlian", "珙": "Gong", "阆中": "Langzhong",
    "儋州": "Danzhou", "吕梁": "Lüliang", "绿春": "Lüchun", "重庆": "Chongqing", "重": "Chong", "勐海": "Menghai",
    "任丘": "Renqiu", "任": "Ren", "任城": "Rencheng", "盖州": "Gaizhou", "华容": "Huarong", "会稽": "Kuaiji",
    "句容": "Jurong", "盱眙": "Xuyi", "邗江": "Hanjiang", "甪直": "Luzhi", "浒墅": "Xushu", "鄞州": "Yinzhou",
    "余杭": "Yuhang", "嵊州": "Shengzhou", "莆田": "Putian", "长汀": "Changting", "乐平": "Leping",
    "乐安": "Le'an", "乐昌": "Lechang", "乐山": "Leshan", "乐都": "Ledu", "乐业": "Leye", "乐陵": "Laoling",
    "昌乐": "Changle", "平乐": "Pingle", "康乐": "Kangle", "民乐": "Minle", "永乐": "Yongle", "将乐": "Jiangle",
    "长乐": "Changle", "大城": "Daicheng", "阿城": "Acheng", "阿荣": "Arun", "瓦房店": "Wafangdian",
    "朝阳": "Chaoyang", "洛扎": "Lhozhag", "车里": "Cheli", "济南": "Jinan", "济宁": "Jining", "曾都": "Zengdu",
    "曲阜": "Qufu", "曲靖": "Qujing", "曲江": "Qujiang", "阳曲": "Yangqu", "武都": "Wudu", "宿州": "Suzhou",
    "宿迁": "Suqian", "宿松": "Susong", "泌阳": "Biyang", "柏乡": "Baixiang", "柏林": "Bolin", "六枝": "Liuzhi",
    "身毒": "Shendu", "冼": "Xian", "郴州": "Chenzhou", "耒阳": "Leiyang", "汨罗": "Miluo", "澧": "Li",
    "溆浦": "Xupu", "麻阳": "Mayang", "沅陵": "Yuanling", "晃": "Huang", "石阡": "Shiqian", "岢岚": "Kelan",
    "隰": "Xi", "蒲": "Pu", "洮南": "Taonan", "扎兰屯": "Zhalantun", "堡子": "Baozi", "都江堰": "Dujiangyan",
    "夏河": "Xiahe", "广饶": "Guangrao", "饶平": "Raoping", "行唐": "Xingtang", "太行": "Taihang", "叶": "Ye",
    "叶城": "Yecheng", "沈阳": "Shenyang", "沈丘": "Shenqiu", "应": "Ying", "应城": "Yingcheng", "宝应": "Baoying",
    "观山湖": "Guanshanhu", "南漳": "Nanzhang", "大冶": "Daye", "黄陂": "Huangpi", "硚口": "Qiaokou",
    "猇亭": "Xiaoting", "秭归": "Zigui", "郧阳": "Yunyang", "郧西": "Yunxi", "相城": "Xiangcheng", "相山": "Xiangshan",
    "兴": "Xing", "兴宁": "Xingning", "兴国": "Xingguo", "兴安": "Xing'an", "兴县": "Xing", "兴化": "Xinghua",
}

# One character whose reading in place names is (almost) always this one; PINYIN holds the exceptions.
PLACE_READINGS = {"长": "chang", "都": "du", "漯": "luo", "调": "diao", "泊": "bo", "朝": "chao", "莞": "guan"}

# Peoples in the names of autonomous units, longest first where one contains the other.
ETHNIC = {
    "各族": "Multi-ethnic", "达斡尔族": "Daur", "鄂温克族": "Evenki", "柯尔克孜": "Kirgiz", "俄罗斯族": "Russian",
    "哈萨克族": "Kazakh", "哈萨克": "Kazakh", "塔吉克": "Tajik", "布依族": "Bouyei", "土家族": "Tujia",
    "仡佬族": "Gelao", "哈尼族": "Hani", "拉祜族": "Lahu", "傈僳族": "Lisu", "纳西族": "Naxi", "景颇族": "Jingpo",
    "布朗族": "Blang", "仫佬族": "Mulao", "毛南族": "Maonan", "东乡族": "Dongxiang", "保安族": "Bonan",
    "撒拉族": "Salar", "裕固族": "Yugur", "蒙古族": "Mongol", "朝鲜族": "Korean", "普米族": "Pumi",
    "独龙族": "Derung", "锡伯": "Xibe", "蒙古": "Mongol", "回族": "Hui", "满族": "Manchu", "苗族": "Miao",
    "侗族": "Dong", "瑶族": "Yao", "壮族": "Zhuang", "黎族": "Li", "彝族": "Yi", "藏族": "Tibetan",
    "羌族": "Qiang", "白族": "Bai", "傣族": "Dai", "佤族": "Va", "畲族": "She", "水族": "Sui", "土族": "Tu",
    "怒族": "Nu",
}

# Bare names that are plain words, that other words contain across their border (平台江…), or that name something else.
BARE_STOP = set("""
来宾 白银 朝阳 新乡 阿里 兴安 合作 同心 兴业 和平 共和 资源 南部 中方 东方 公安 方正
友谊 富裕 平和 无为 万年 博爱 平安 永和 温泉 新源 新和 民丰 新星 白杨 双河 草湖 昆玉
和政 通道 互助 建平 安达 海伦 灯塔 尚志 集安 大安 同江 铁力 东宁 明光 天长 界首 万宁
文昌 常宁 资兴 当阳 赤壁 大冶 应城 石首 凤凰 高平 原平 永济 孝义 古交 新民 北票 兴城
开原 兴化 东台 大丰 永康 江山 龙泉 温岭 福安 建瓯 永安 瑞金 贵溪 乐平 德兴 丰城 高安
新泰 高密 安丘 莱阳 招远 平度 临清 乐陵 禹城 登封 灵宝 义马 项城 永城 林州 开平 高州
信宜 连州 化州 乐昌 阳春 四会 合山 东兴 平果 大理 文山 开远 个旧 弥勒 水富 华阴 兴平
子长 神木 华亭 灵武 铁门关 北屯 武安 安国 河间 泊头 定州 任丘 南宫 沙河 和静 裕民 且末
城固 石河 和康 和安 岑岭 清水河 临海 榆树 同仁 临江 和龙 南安 北流 台山 新乐 新密 三河
龙井 龙口 安陆 京山 广水 海安 海宁 海林 海阳 津市 黔西 海东 山南
""".split())

# number: (Chinese numeral, English ordinal)
ORDINALS = dict(enumerate([
    ("一", "First"), ("二", "Second"), ("三", "Third"), ("四", "Fourth"), ("五", "Fifth"), ("六", "Sixth"),
    ("七", "Seventh"), ("八", "Eighth"), ("九", "Ninth"), ("十", "Tenth"), ("十一", "Eleventh"),
    ("十二", "Twelfth"), ("十三", "Thirteenth"), ("十四", "Fourteenth")], start=1))

# division: (region code, city, city in English, prefecture around the seat). Shihezi lies between two prefectures
# and inside neither, so the autonomous region itself is its geographic parent. The Eleventh (construction) and the
# Twelfth Division have no city; both have their seat in Ürümqi.
CORPS = {
    1: ("659002", "阿拉尔市", "Aral", "652900"),
    2: ("659006", "铁门关市", "Tiemenguan", "652800"),
    3: ("659003", "图木舒克市", "Tumxuk", "653100"),
    4: ("659008", "可克达拉市", "Cocodala", "654000"),
    5: ("659007", "双河市", "Shuanghe", "652700"),
    6: ("659004", "五家渠市", "Wujiaqu", "652300"),
    7: ("659010", "胡杨河市", "Huyanghe", "654200"),
    8: ("659001", "石河子市", "Shihezi", "650000"),
    9: ("659012", "白杨市", "Baiyang", "654200"),
    10: ("659005", "北屯市", "Beitun", "654300"),
    11: ("XPCC11", "", "", "650100"),
    12: ("XPCC12", "", "", "650100"),
    13: ("659011", "新星市", "Xinxing", "650500"),
    14: ("659009", "昆玉市", "Kunyu", "653200"),
}

# Where the customary Chinese name differs from CLDR's, or a shorter one is common: [name, further names …]
COUNTRY_ALIASES = {
    "MN": ["蒙古国"],
    "FK": ["马尔维纳斯群岛", "福克兰群岛"],
    "PS": ["巴勒斯坦"],
    "AE": ["阿拉伯联合酋长国", "阿联酋"],
    "SA": ["沙特阿拉伯", "沙特"],
    "RU": ["俄罗斯", "俄罗斯联邦"],
    "KR": ["韩国"],
    "KP": ["朝鲜"],
    "MM": ["缅甸"],
    "CZ": ["捷克"],
}

COUNTRY_ENGLISH = {"FK": "Malvinas (Falkland Islands)", "PS": "Palestine"}
