"""What a question asks for: its kind, what it counts, its words."""

from __future__ import annotations

import pytest

from qa.understanding.question import Kind, understand

ASKED = {
    Kind.NUMBER: (
        "砚溪市累计接种多少人？",
        "昨天新增几例？",
        "大桥有多长",
        "主跨多宽？",
        "水从水库走完总干渠要多长时间？",
        "修这条路花了多久？",
        "降温时山区最冷会到几度？",
        "总投资额是多少？",
        "百分之几的居民同意？",
        "茶叶产量占比是多大",
        "老人多大岁数了？",
        "这次捐款总额是？",
        "家里有几口人？",
        "水价一吨几块钱",
        "热线电话是多少？",
    ),
    Kind.DATE: (
        "大桥什么时候通车？",
        "书屋何时开放",
        "36路公交从哪天起开到松烟新城？",
        "田野课是哪一年开始上的？",
        "几月几号开学？",
        "问松路一带停水从几点到几点？",
        "活动在什么时间举行？",
        "到哪个月能通车？",
        "施工放在哪几天？",
        "开馆是星期几？",
        "报名啥时候截止",
        "闻岳舟是哪年当上市长的？",
    ),
    Kind.PERSON: (
        "谁获得了冠军？",
        "最后投中三分的是哪位球员？",
        "捡到钱的环卫工人叫什么？",
        "校长叫什么名字？",
        "市长姓什么？",
        "哪两位老师去了村里？",
        "给报社写信的是什么人？",
        "到会的有哪几位代表？",
        "哪名队员受了伤？",
        "篮球联赛最后几十秒投中三分的是谁？",
    ),
    Kind.PLACE: (
        "起点设在哪里？",
        "去图书馆应聘要到哪儿报名？",
        "大桥连接哪两个区？",
        "石料出自哪座山？",
        "列车从哪个站发车？",
        "候鸟飞往哪国？",
        "集合地点在什么地方？",
        "村子在何处？",
        "码头设在哪？",
        "首批改造的是哪些小区？",
        "哪个乡镇最先停电？",
    ),
    Kind.ORGANISATION: (
        "大桥由哪家公司承建？",
        "哪个部门负责发证？",
        "什么单位组织了这次活动？",
        "夺冠的是哪支球队？",
        "虹渡大桥是哪家设计院设计的？",
        "哪所学校开了田野课？",
        "药是哪个医院捐的？",
    ),
    Kind.REASON: (
        "为什么停水？",
        "大桥为何要在清晨合龙？",
        "为啥没人修路灯？",
        "男生因为什么晕倒？",
        "停电的原因是什么？",
        "水怎么会少这么多？",
        "事故起因是什么？",
    ),
    Kind.SAID: (
        "闻岳舟说了什么？",
        "水务局局长怎么说？",
        "郗春生介绍了哪些情况？",
        "岑立桥如何评价大桥合龙？",
        "市长有什么看法？",
        "他还说了什么",
    ),
    Kind.YES_NO: (
        "大桥通车了吗？",
        "水库是否放水",
        "灯修好了没有？",
        "有没有人受伤？",
        "能不能带宠物？",
        "大桥通不通车？",
        "能否补种？",
        "几十人受伤是真的吗？",
        "她几乎没有休息吗？",
    ),
    Kind.OTHER: (
        "有没有什么优惠？",
        "大桥怎么样了吗？",
        "老旧小区改造的内容怎么定下来？",
        "乡镇篮球联赛的冠军得到了什么奖品？",
        "去年哪类消费投诉最多？",
        "怎么防止冷空气冻坏茶芽？",
        "大桥",
        "😀",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in ASKED.items() for text in texts])
def test_the_kind_of_answer_is_told_by_how_one_asks(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("大橋什麼時候通車？", Kind.DATE),
        ("誰獲得了冠軍？", Kind.PERSON),
        ("終點站在哪裡？", Kind.PLACE),
        ("為什麼停水？", Kind.REASON),
    ],
)
def test_traditional_characters_ask_the_same(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("多少户企业停水？", "户"),
        ("昨天新增几例？", "例"),
        ("一共用了多少亿元？", "元"),
        ("种了多少万亩水田？", "亩"),
        ("今年下调几个百分点？", "个百分点"),
        ("第几届联赛？", "届"),
    ],
)
def test_what_is_counted_stands_behind_the_asking_word(text: str, unit: str) -> None:
    assert (understand(text).unit or "").startswith(unit)


@pytest.mark.parametrize("text", ["大桥多长？", "总额是多少？", "谁捐了钱？", "哪几户停水？"])
def test_where_nothing_counted_is_named_there_is_no_unit(text: str) -> None:
    assert understand(text).unit is None


def test_the_words_carry_the_subject_and_stand_once_in_order() -> None:
    words = understand("请问虹渡大桥的大桥主跨有多长？").words
    assert words == ("虹渡", "大桥", "主跨")


def test_the_text_is_kept_as_asked_without_blanks_around() -> None:
    assert understand(" 大橋幾時通車？\n").text == "大橋幾時通車？"


@pytest.mark.parametrize("text", ["", "？", "😀", "什么时候"])
def test_a_question_may_hold_no_word_at_all(text: str) -> None:
    assert understand(text).words == ()


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ("市一院的体检人数有什么变化？", "市一院的体检人数是多少？"),
        ("这几年全市高考报名人数有什么变化？", "这几年全市高考报名人数是多少？"),
        ("卧虹水库的蓄水量发生了什么变化", "卧虹水库的蓄水量是多少？"),
        ("这几年的票房走势怎么样？", "这几年的票房是多少？"),
        ("灯会的客流人数是怎么涨上去的？要各个时间点的数", "灯会的客流人数是多少？"),
        ("灯会三天门票收入滚到多少了？历次数字", "灯会三天门票收入滚到多少了？"),
        ("报出来的受灾人数先后是多少？", "受灾人数是多少？"),
        ("受灾人数怎么一天天往上涨的？", "受灾人数是多少？"),
        ("灯会的游客一步步涨到了多少？", "灯会的游客涨到了多少？"),
        ("2023年2月到10月，每个月用了多少电？", "2023年2月到10月用了多少电？"),
        ("接种人数，几次报道各是多少？", "接种人数是多少？"),
    ],
)
def test_how_a_number_changed_is_asked_as_the_number(asked: str, understood: str) -> None:
    question = understand(asked)
    assert (question.text, question.kind, question.series) == (understood, Kind.NUMBER, True)


@pytest.mark.parametrize(
    "text",
    [
        "水库每年能多发多少电？",
        "灯会期间铁路平均每天送走多少人？",
        "砚溪先后派出多少支医疗队？",
        "补助涨到每人每年多少？",
        "每户每月最多扣多少钱？",
    ],
)
def test_a_rate_is_no_series(text: str) -> None:
    assert not understand(text).series
