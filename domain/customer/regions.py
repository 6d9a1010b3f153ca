"""Words for places that a company's name is often written with or without: provinces, cities, parts of a country."""

from typing import Final

# Plain strings, longest first where one holds another; a market adds its own.
CHINESE: Final = (
    "中国 全国 大中华 亚太 华东 华南 华北 华中 西南 西北 东北 长三角 珠三角 "
    "内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区 内蒙古 黑龙江 "
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 四川 贵州 云南 西藏 "
    "陕西 甘肃 青海 宁夏 新疆 台湾 香港 澳门 "
    "石家庄 哈尔滨 呼和浩特 乌鲁木齐 太原 沈阳 大连 长春 南京 苏州 无锡 常州 南通 徐州 杭州 宁波 温州 绍兴 嘉兴 台州 金华 合肥 芜湖 福州 "
    "厦门 泉州 南昌 济南 青岛 烟台 潍坊 郑州 洛阳 武汉 宜昌 长沙 株洲 广州 深圳 东莞 佛山 珠海 中山 惠州 南宁 柳州 海口 成都 绵阳 "
    "贵阳 昆明 西安 兰州 西宁 银川 拉萨"
).split()
LATIN: Final = frozenset(
    "china chinese prc beijing shanghai tianjin chongqing guangzhou shenzhen suzhou hangzhou nanjing wuhan chengdu ningbo qingdao "
    "dalian xiamen dongguan jiangsu zhejiang guangdong shandong hong kong hongkong taiwan macau asia pacific apac greater "
    "india japan korea singapore europe emea germany deutschland france uk usa us america americas international global".split()
)
