"""The words that the made-up company is written in; no name is meant to be anybody's."""

from __future__ import annotations

from typing import Final

CITIES: Final = (
    "上海 北京 深圳 广州 杭州 苏州 南京 武汉 成都 重庆 西安 天津 青岛 宁波 无锡 长沙 合肥 郑州 济南 厦门".split()
)
FIRST: Final = "启明华瑞信安恒泰康博远宏盛嘉联新德中科天宇金海云锦东方鼎正和立友达"
SECOND: Final = "辰诚达德丰光海航恒宏华汇嘉捷科朗力联隆美能鹏普奇勤睿升顺通维祥兴扬宇源志"
TRADES: Final = "科技 机械 电子 材料 医药 物流 能源 仪器 软件 化工 食品 纺织 汽配 建材 环保 通信".split()
FORMS: Final = "有限公司 股份有限公司 (集团)有限公司 有限责任公司".split()
FAMILY: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐"
GIVEN: Final = "伟芳娜敏静强磊洋艳勇杰娟涛明超兰霞平刚桂文辉鑫玲斌宇浩凯"
INDUSTRIES: Final = "manufacturing electronics health logistics energy retail software chemicals".split()
SIZES: Final = "1-49 50-199 200-499 500-1999 2000+".split()
FEEDBACK: Final = "感兴趣 价格偏高 需要内部讨论 约下周再谈 要求样品 已看方案 暂无预算 希望现场演示".split()
TODO: Final = "寄报价 寄样品 电话回访 上门拜访 发案例 约技术交流 确认预算 催合同".split()
PAINS: Final = "交期不稳 人工成本高 数据对不上 库存积压 售后响应慢 良品率低".split()
OBJECTIONS: Final = "price lead-time quality service competitor".split()
SIGNALS: Final = "asks-for-quotation asks-for-contract-details asks-for-references asks-for-delivery-date".split()
CHANNELS: Final = "call call call message message e-mail visit visit meeting document minutes".split()
PLANNED: Final = "call call message e-mail visit visit meeting".split()
DEPARTMENTS: Final = "技术部 生产部 财务部 法务部".split()
