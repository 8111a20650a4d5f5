"""What asks for a fact of the masthead and nothing beside, and where the masthead prints it."""

import pytest

from qa.understanding.imprint_facts import asked_fact, find_fact

PAPERS = ("砚溪日报", "松烟農報")
TODAY = """\
YAN XI RI BAO
2024年5月6日 星期一
总第9370期 今日4版 零售价：1.50元
国内统一刊号:CN00-0916 邮发代号：13-27 E-mail:yx_ribao@yanxi.example
中共砚溪市委主管主办 砚溪日报社出版
新闻热线：0460-5550118 发行投诉：0460-5550119
砚溪信息港 <http://www.yanxi.example>
责任编辑:柴小篱 阮知夏 电话:0460-5550120"""
OLD = """\
松烟農報
中華民國二十五年三月四日 星期三
第一百另三號 今日出紙一大張 每逢星期三出版
零售每份大洋一分五厘 定閱全月三角五分 半年二元
社址：後街 電話十九號 省登記證第037號"""


def told(question: str, printed: str) -> str | None:
    fact = asked_fact(question, PAPERS)
    found = find_fact(fact, printed, question) if fact else None
    return printed[slice(*found)] if found else None


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("这期是总第几期？", "总第9370期"),
        ("5月6日的砚溪日报是第几期", "总第9370期"),
        ("今天几版？", "4版"),
        ("今天的报纸多少钱一份", "1.50元"),
        ("砚溪日报几块钱一份？", "1.50元"),
        ("报社热线电话多少", "0460-5550118"),
        ("发行投诉打哪个电话", "0460-5550119"),
        ("报纸的邮发代号", "13-27"),
        ("砚溪日报的刊号是多少", "CN00-0916"),
        ("往报社投稿发到哪个邮箱？", "yx_ribao@yanxi.example"),
        ("报纸是谁主办的", "中共砚溪市委"),
        ("本报由哪家单位出版？", "砚溪日报社"),
        ("报社网址是什么", "http://www.yanxi.example"),
        ("今天报纸的责任编辑是谁", "柴小篱 阮知夏"),
        ("砚溪日报在哪家厂印刷", None),
    ],
)
def test_a_masthead_of_today(question: str, value: str | None) -> None:
    assert told(question, TODAY) == value


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("松烟农报一份几分钱", "大洋一分五厘"),
        ("訂半年松煙農報要多少錢？", "定閱全月三角五分 半年二元"),
        ("报馆社址在哪条街", "後街"),
        ("报社电话几号", "十九號"),
        ("三月四日的报纸是第几号", "第一百另三號"),
        ("今天出纸几张", "一大張"),
        ("松烟农报星期几出版？", "每逢星期三出版"),
        ("报纸的登记证号", "省登記證第037號"),
    ],
)
def test_a_masthead_of_old(question: str, value: str | None) -> None:
    assert told(question, OLD) == value


@pytest.mark.parametrize(
    "question",
    [
        *("供热服务热线电话是多少", "报名电话是多少？", "砚溪日报报道的门票多少钱", "报社组织的马拉松在哪里起跑"),
        *("停水通知登在第几版", "这期培训班多少钱", "今天猪肉价格多少", "报社广告部招几个人", "市文化局主办了什么"),
        *("报社版面多少钱", "全年用电量多少", "热线电话多少", "本期彩票第几期"),
    ],
)
def test_an_ordinary_question_asks_for_no_fact_of_the_paper(question: str) -> None:
    assert asked_fact(question, PAPERS) is None
