"""The span that answers within one sentence."""

from __future__ import annotations

import pytest

from qa.reading.answer_types import best_span, find_spans, is_candidate, shared_words, type_match
from qa.understanding.question import understand


def best(sentence: str, asked: str) -> str | None:
    span = best_span(sentence, understand(asked))
    return sentence[slice(*span)] if span else None


def found(sentence: str, asked: str) -> list[str]:
    spans = find_spans(sentence, understand(asked))
    assert spans == sorted(spans)
    return [sentence[slice(*span)] for span in spans]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("大桥全长1286米。", ["1286米"]),
        ("总投资8.9亿元。", ["8.9亿元"]),
        ("承包了一千一百六十亩水田。", ["一千一百六十亩"]),
        ("通过率为97.5%，下降0.3个百分点。", ["97.5%", "0.3个百分点"]),
        ("百分之三十五的居民同意。", ["百分之三十五"]),
        ("参加者有10,386人次。", ["10,386人次"]),
        ("来了两百多人，走了30余户。", ["两百多人", "30余户"]),
        ("山区最低气温2摄氏度。", ["2摄氏度"]),
        ("水头走完全程要二十六个小时。", ["二十六个小时"]),
        ("第三届联赛收官。", ["第三届"]),
        ("他跑了31分46秒。", ["31分46秒"]),
        ("报名电话0460-5550118。", ["0460-5550118"]),
        ("流量每秒12立方米。", ["12立方米"]),
        ("来了几十人，走了数百户。", ["几十人", "数百户"]),
        ("夜里零下20多度，白天-3℃。", ["零下20多度", "-3℃"]),
        ("不到千分之四的渠漏水。", ["千分之四"]),
        ("运送旅客1亿6325万人次。", ["1亿6325万人次"]),
        ("惠及800多万群众。", ["800多万"]),
        ("共有1.27亿65岁以上老人。", ["1.27亿", "65岁"]),
        ("电站装机120万千瓦。", ["120万千瓦"]),
        ("3.7.9亿人次出游", ["7.9亿人次"]),
    ],
)
def test_numbers_come_with_their_unit(sentence: str, expected: list[str]) -> None:
    assert found(sentence, "是多少？") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "36路公交车延伸了。",
        "一九八○年建成。",
        "四川与三亚。",
        "10公里组开跑了。",
        "记者在12楼见到他。",
        "列车驶上20号线。",
        "3月11日8时开闸。",
        "2021年9月开工。",
        "改到22时10分。",
        "每天8:30开门。",
    ],
)
def test_numbers_of_names_dates_and_hours_are_not_counted(sentence: str) -> None:
    assert found(sentence, "一共有多少？") == []


def test_a_number_of_a_name_is_found_where_it_is_asked() -> None:
    assert found("他住在12楼。", "他住几楼？") == ["12"]


@pytest.mark.parametrize(
    ("sentence", "asked", "expected"),
    [
        ("报名人数达到6218人，其中5公里组4455人，10公里组1763人。", "有多少人报名环湖跑？", "6218人"),
        ("报名人数达到6218人，其中5公里组4455人，10公里组1763人。", "10公里组有多少人？", "1763人"),
        ("共涉及居民4260户、单位73家。", "停水涉及多少户居民？", "4260户"),
        ("共涉及居民4260户、单位73家。", "停水涉及多少家单位？", "73家"),
        ("豆雁有4.3万只；让人惊喜的是东方白鹳，看到217只。", "看到了多少只东方白鹳？", "217只"),
        ("大桥2021年开工，全长1286米，总投资8.9亿元。", "修大桥要花多少钱？", "8.9亿元"),
        ("大桥2021年开工，全长1286米，总投资8.9亿元。", "大桥有多长？", "1286米"),
        ("主任介绍，截至3月11日8时，蓄水量为3860万立方米，比去年少740万立方米。", "水库的蓄水量是多少？", "3860万立方米"),
        ("城区最低气温5摄氏度，山区2摄氏度，阵风六级。", "山区最冷会到几度？", "2摄氏度"),
        ("36路每天由78班增加到96班，票价仍为2元。", "36路每天开多少班？", "96班"),
        ("七成居民同意，走访1200户。", "走访了多少户？", "1200户"),
        ("大桥占地600平方米，高30米。", "大桥高多少米？", "30米"),
        ("春笋每斤5元/斤，一筐8斤。", "一筐多少斤？", "8斤"),
        ("先读3小时，再歇20分钟。", "读了多少个小时？", "3小时"),
    ],
)
def test_the_number_of_the_asked_unit_nearest_to_the_asked_words_answers(sentence: str, asked: str, expected: str) -> None:
    assert best(sentence, asked) == expected


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("图书馆招聘古籍修复员2名。", "古籍修复员每月工资多少？"),
        ("小学离家四百多米。", "小学一共有多少名学生？"),
        ("敖守义扫了十六年街。", "敖守义家里有几口人？"),
        ("大桥投资8.9亿元。", "大桥有多长？"),
        ("大桥投资8.9亿元。", "大桥值多少美元？"),
        ("水面12平方公里。", "水面有多少公里？"),
        ("第三届灯会开幕。", "灯会来了多少人次？"),
    ],
)
def test_a_number_of_another_unit_does_not_answer(sentence: str, asked: str) -> None:
    assert best(sentence, asked) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("水库3月13日上午9时开闸。", ["3月13日上午9时"]),
        ("大桥于2021年9月开工。", ["2021年9月"]),
        ("田野课开设于2022年春天。", ["2022年春天"]),
        ("国庆节前正式通车。", ["国庆节前"]),
        ("四月上旬插秧。", ["四月上旬"]),
        ("二〇二一年一月五日开馆。", ["二〇二一年一月五日"]),
        ("定于2024年3月14日（星期四）9:00至17:00停水。", ["2024年3月14日（星期四）9:00至17:00"]),
        ("报名时间为3月18日至22日。", ["3月18日至22日"]),
        ("本周三合龙。", ["本周三"]),
        ("3月底前装好试车。", ["3月底前"]),
        ("明天中午就能见到水。", ["明天中午"]),
        ("今年春节放灯。", ["今年春节"]),
        ("七夕放灯。", ["七夕"]),
        ("第三季度动工。", ["第三季度"]),
        ("2021-01-19开馆。", ["2021-01-19"]),
        ("近日，村民三天前送来锦旗。", []),
        ("大雁北飞。", []),
    ],
)
def test_dates_are_found_as_printed(sentence: str, expected: list[str]) -> None:
    assert found(sentence, "什么时候？") == expected


@pytest.mark.parametrize(
    "sentence", ["昨日，记者在现场看到，大桥合龙。", "昨日记者获悉大桥合龙。", "记者3月11日获悉大桥合龙。"]
)
def test_the_day_that_a_reporter_was_told_is_no_answer(sentence: str) -> None:
    assert best(sentence, "大桥什么时候合龙？") is None


@pytest.mark.parametrize(
    ("sentence", "asked", "expected"),
    [
        ("8月进行荷载试验，9月中旬具备条件，国庆节前正式通车。", "大桥什么时候能正式通车？", "国庆节前"),
        ("首批小区将于3月25日开工，其余小区6月底前开工。", "首批小区哪天开始改造？", "3月25日"),
        ("停水定于3月14日9:00至17:00。", "停水从几点到几点？", "9:00至17:00"),
        ("田野课开设于2022年春天，每周五上课。", "田野课是哪一年开始上的？", "2022年春天"),
        ("从3月25日起，周一至周五末班车推迟到22时10分。", "末班车什么时候改到22时10分？", "3月25日"),
        ("水库今早8时30分开闸，十二时关闸。", "水库几点开的闸？", "8时30分"),
        ("灯会国庆节开，预计今年收。", "灯会哪天开？", "国庆节"),
        ("大桥2021年开工，10月合龙。", "大桥哪个月合龙？", "10月"),
        ("今年小区将改造，4月2日起施工。", "小区什么时候施工？", "4月2日"),
    ],
)
def test_the_date_of_the_asked_event_answers(sentence: str, asked: str, expected: str) -> None:
    assert best(sentence, asked) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第三季度动工。", 1.0),
        ("七夕放灯。", 1.0),
        ("2021-01-19开馆。", 1.0),
        ("第1号台风来了，提出5点建议。", -1.0),
        ("近日放灯。", -1.0),
    ],
)
def test_a_text_fits_a_question_for_a_time_where_it_names_one(text: str, expected: float) -> None:
    assert type_match(text, understand("灯会什么时候开？")) == expected


def test_a_date_coarser_than_asked_is_no_answer() -> None:
    assert best("小区今年改造。", "小区哪天开始改造？") is None
    assert best("小区4月改造。", "小区改造从几点开始？") is None


@pytest.mark.parametrize(
    ("sentence", "asked", "expected"),
    [
        ("市长闻岳舟到松烟县调研春耕。", "谁到松烟县调研？", "闻岳舟"),
        ("柜员祝小鹿见她神色慌张，按下报警键。", "是谁按下了报警键？", "祝小鹿"),
        ("前锋屠大力在底线投中一个三分球。", "投中三分球的是哪位球员？", "屠大力"),
        ("徒弟里留下来的只有外孙女奚小满。", "留下来的徒弟是谁？", "奚小满"),
        ("护林员糜远征获得男子第一名，教师巫晓棠获得女子第一名。", "男子第一名是谁？", "糜远征"),
        ("本报讯（记者 尚青）读者冉有信来信反映没有路灯。", "写信反映没有路灯的是谁？", "冉有信"),
        ("党支部书记廷·巴特尔减羊增牛。", "谁减羊增牛？", "廷·巴特尔"),
        ("五十七岁的环卫工人敖守义捡到一个布包。", "捡到布包的环卫工人叫什么？", "敖守义"),
    ],
)
def test_people_are_found_by_title_and_surname(sentence: str, asked: str, expected: str) -> None:
    assert best(sentence, asked) == expected


def test_who_wrote_it_is_answered_only_where_the_reporter_is_asked() -> None:
    sentence = "本报讯（记者 尚青）路灯昨夜全亮了。"
    assert best(sentence, "谁修好了路灯？") is None
    assert best(sentence, "采写路灯这篇的记者是谁？") == "尚青"


@pytest.mark.parametrize("sentence", ["施工单位按照方案推进改造。", "春笋大量上市，每斤四元。", "路灯全亮了。"])
def test_common_words_are_no_people(sentence: str) -> None:
    assert found(sentence, "是谁？") == []


@pytest.mark.parametrize(
    ("sentence", "asked", "expected"),
    [
        ("其中七成来自白芷县。", "春笋主要是哪里产的？", "白芷县"),
        ("虹渡大桥连接墨池区与南渡区，2021年开工。", "虹渡大桥连接哪两个区？", "墨池区与南渡区"),
        ("起点设在望湖亭广场，终点设在市体育馆。", "起点设在哪里？", "望湖亭广场"),
        ("此次列车从昆明王家营西站启程。", "列车从哪站发车？", "昆明王家营西站"),
    ],
)
def test_places_are_found_whole(sentence: str, asked: str, expected: str) -> None:
    assert best(sentence, asked) == expected


def test_an_organisation_is_found_without_its_preposition() -> None:
    assert best("大桥由砚溪路桥建设有限公司承建。", "大桥是哪家公司承建的？") == "砚溪路桥建设有限公司"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("比去年少740万立方米，主要原因是去冬以来降雨偏少三成。", "去冬以来降雨偏少三成"),
        ("由于道路施工，停水一天。", "道路施工"),
        ("因为没有电，灯不亮。", "没有电"),
        ("经查，事故系超速引起。", "超速"),
        ("路灯不亮。", None),
    ],
)
def test_causes_are_found_by_the_words_that_name_them(sentence: str, expected: str | None) -> None:
    assert best(sentence, "为什么会这样？") == expected


def test_a_quoted_phrase_answers_an_open_question_beside_its_words() -> None:
    assert best("今年首次实行“先尾后头”的办法放水。", "今年实行什么办法？") == "先尾后头"
    assert best("他说：“今年的水，渠尾的田跟渠头一样要保。”随后去看了水库。", "怎么修泵站？") is None


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("10公里组于3月17日开跑。", "3月17日的10公里组有多少公里？"),
        ("3月25日改到22时10分。", "3月25日22时10分什么时候？"),
        ("闻岳舟出席。", "闻岳舟是谁？"),
        ("白芷县下雨。", "白芷县在哪里？"),
        ("闻嶽舟出席。", "闻岳舟是谁？"),
    ],
    ids=["number", "date", "person", "place", "spelt otherwise"],
)
def test_what_the_question_holds_is_no_answer(sentence: str, asked: str) -> None:
    assert best(sentence, asked) is None


def test_a_sentence_without_the_kind_has_no_span() -> None:
    assert best_span("路灯亮了。", understand("多少盏？")) is None
    assert best_span("", understand("多少盏？")) is None


@pytest.mark.parametrize("asked", ["多少？", "何时？", "谁？", "哪里？", "哪家？", "为什么？", "怎么样？"])
def test_spans_lie_within_whatever_is_read(asked: str) -> None:
    sentence = "😀本报讯(记者  盛溪)３月１５日起,𠮷祥路36路“公交车”由于ＡＢＣ公司施工,停运3.5万人次…\t"
    for start, end in find_spans(sentence, understand(asked)):
        assert 0 <= start < end <= len(sentence)
        assert sentence[start:end].strip() == sentence[start:end]


def test_shared_words_are_those_of_the_question_that_stand_in_the_text() -> None:
    question = understand("虹渡大橋主跨多长？")
    assert shared_words(question, "大桥的主跨320米。") == {"大桥", "主跨"}
    assert shared_words(question, "春笋上市。") == frozenset()


def test_words_of_the_question_are_found_in_a_sentence_whose_folding_moves_letters() -> None:
    assert best("圖書館有30人，86㎡的體育館有50人。", "体育馆有多少人？") == "50人"


def taken(body: str, marked: str, asked: str) -> bool:
    start = body.index(marked)
    return is_candidate(body, start, start + len(marked), understand(asked))


@pytest.mark.parametrize(
    ("body", "asked", "candidates", "none"),
    [
        ("闸门两孔，上午9时开启。", "闸门几点开启？", ["上午9时"], ["两孔"]),
        ("停水涉及4260户，占37.5%，长8公里。", "停水涉及多少户？", ["4260户"], ["8公里"]),
        ("砚溪发水。何时退水？水务局说，明日退水。", "水什么时候退？", ["明日"], ["何时"]),
        ("一共来了6218人，其中老人455人，比去年增加900人。", "一共来了多少人？", ["6218人"], ["455人", "900人"]),
        ("报名人数比去年增加900人。", "报名人数增加了多少？", ["900人"], []),
        ("因管道破裂，松烟县停水。受此影响，学校放假。", "松烟县为什么停水？", ["管道破裂"], ["松烟县停水", "受此影响"]),
        ("东渠长，西渠短。", "东渠和西渠谁长？", ["东渠"], []),
        ("全县停水。", "全县停水了吗？", ["全县停水"], []),
    ],
)
def test_what_plainly_is_no_answer_is_no_candidate(body: str, asked: str, candidates: list[str], none: list[str]) -> None:
    assert [marked for marked in candidates + none if taken(body, marked, asked)] == candidates
