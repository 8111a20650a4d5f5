"""The table of answer kinds: one row a kind, and what each row says of it holds."""

from __future__ import annotations

import random

import pytest

from qa.understanding.answer_kinds import ANSWER_KINDS, BY_NAME, AnswerKind, Kind
from qa.understanding.question import Question, understand

# Questions that ask for each kind.
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
# A sentence that holds an answer of the kind, and the answer.
PRINTED = {
    Kind.NUMBER: ("灯会来了6218人。", "6218人"),
    Kind.DATE: ("大桥3月9日合龙。", "3月9日"),
    Kind.PERSON: ("柜员祝小鹿按下报警键。", "祝小鹿"),
    Kind.PLACE: ("终点设在松烟县。", "松烟县"),
    Kind.ORGANISATION: ("大桥由砚溪路桥建设有限公司承建。", "砚溪路桥建设有限公司"),
    Kind.REASON: ("由于道路施工，停水一天。", "道路施工"),
    Kind.OTHER: ("灯会唱了《渠水谣》。", "渠水谣"),
}


def test_every_kind_has_one_row() -> None:
    assert sorted(kind.name for kind in ANSWER_KINDS) == sorted(Kind)
    assert {name: BY_NAME[name].name for name in Kind} == {name: name for name in Kind}


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in ASKED.items() for text in texts])
def test_the_kind_of_answer_is_told_by_how_one_asks(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


def test_every_question_is_of_some_kind() -> None:
    assert [kind.name for kind in ANSWER_KINDS if kind.is_asked("")] == [ANSWER_KINDS[-1].name] == [Kind.OTHER]


def test_every_kind_with_a_finder_is_tried() -> None:
    assert {kind.name for kind in ANSWER_KINDS if kind.finds} == set(PRINTED)


@pytest.mark.parametrize("name", PRINTED)
def test_the_finder_of_a_kind_finds_its_answers(name: Kind) -> None:
    sentence, answer = PRINTED[name]
    finds = BY_NAME[name].finds
    assert finds is not None
    assert [sentence[slice(*span)] for span in finds(sentence, Question("", name, ()))] == [answer]


@pytest.mark.parametrize("name", [kind.name for kind in ANSWER_KINDS if kind.blank and kind.name is not Kind.OTHER])
def test_what_is_asked_with_for_a_kind_asks_for_that_kind(name: Kind) -> None:
    sentence, answer = PRINTED[name]
    blank = BY_NAME[name].blank
    assert blank is not None
    start = sentence.index(answer)
    asked = {blank(sentence, (start, start + len(answer)), random.Random(seed)) for seed in range(40)} - {None}
    # 谁 for a company asks for a person as well.
    assert {understand(f"那次是{words}？").kind for words in asked} - {Kind.PERSON} <= {name}
    assert asked


@pytest.mark.parametrize("kind", [kind for kind in ANSWER_KINDS if kind.nouns], ids=lambda kind: str(kind.name))
def test_what_completes_a_noun_of_a_kind_asks_for_that_kind(kind: AnswerKind) -> None:
    assert understand(f"那次{kind.nouns_ask}").kind is kind.name


def test_only_kinds_whose_answers_are_all_found_tell_a_mismatch() -> None:
    assert all(kind.finds for kind in ANSWER_KINDS if kind.decisive)
    assert {kind.name for kind in ANSWER_KINDS if kind.decisive} == {
        Kind.NUMBER,
        Kind.DATE,
        Kind.PERSON,
        Kind.PLACE,
        Kind.ORGANISATION,
    }
