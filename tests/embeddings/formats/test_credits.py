"""Bylines are persons: every name as printed, and nothing else."""

import pytest

from embeddings.formats.credits import is_credit, people, read_credit_lines, read_credits


@pytest.mark.parametrize(
    ("body", "byline"),
    [
        ("本报讯(记者 闵小禾 实习生 田埂 摄影报道)今日放水。", "闵小禾 田埂"),
        ("本报讯(记者 闵小禾 田埂 通讯员 邬桐 郗春生 邢㛃)今日放水。", "闵小禾 田埂 邬桐 郗春生 邢㛃"),
        ("本报讯（首席记者 闵小禾）今日放水。", "闵小禾"),
        ("本报讯（全媒体记者 闵小禾 文/图）今日放水。", "闵小禾"),
        ("本报讯（记者闵小禾/文 田埂/图）今日放水。", "闵小禾 田埂"),
        ("本报讯（记者 闵小禾 文 田埂 图）今日放水。", "闵小禾 田埂"),
        ("本报讯(记者 㛃云 李𬱖)今日放水。", "㛃云 李𬱖"),
        ("本报讯(记者 阿依古丽·买买提)今日放水。", "阿依古丽·买买提"),
        ("今日放水。(闵小禾 文/摄)", "闵小禾"),
        ("今日放水。(文/闵小禾 图/田埂)", "闵小禾 田埂"),
        ("【記者林亦霏／東堤報導】今日放水。", "林亦霏"),
        ("【記者祝安平報導】今日放水。", "祝安平"),
        ("今日放水。（新塘乡通讯员　罗济川）", "罗济川"),
        ("今日放水。(何映秋摄)", "何映秋"),
        ("本报讯(记者 王 苗 李 禾)今日放水。", "王苗 李禾"),
        ("本报讯(记者 欧阳 蔚)今日放水。", "欧阳蔚"),
        ("本报讯(记者祁望舒通讯员江文)今日放水。", "祁望舒 江文"),
        ("(本报驻澜陵记者 王苗)今日放水。", "王苗"),
        ("本报讯 (王苗 李禾)今日放水。", "王苗 李禾"),
    ],
)
def test_names_alone_are_the_byline(body: str, byline: str) -> None:
    assert read_credits(body)[0] == byline


@pytest.mark.parametrize(
    "body",
    [
        *("【本報記者集體採訪】今日放水。", "今日放水。(市气象局)", "今日放水。(本報商情記者)", "(县府消息)今日放水。"),
        *("土布每尺二角。(米業公所 油業公會 報告)", "今日放水。(编辑室)", "今日放水。(完)", "今日放水。（短评）"),
    ],
)
def test_agencies_and_desks_are_no_persons(body: str) -> None:
    assert read_credits(body)[0] is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("□本报记者 闵小禾 特约通讯员 邬桐", "闵小禾 邬桐"),
        ("本报记者 邢㛃 摄影报道", "邢㛃"),
        ("记者 贺小满 整理", "贺小满"),
        ("作者：闵小禾", "闵小禾"),
        ("□ 阮知夏 柴小篱", "阮知夏 柴小篱"),
        ("□本报评论员", "本报评论员"),
    ],
)
def test_a_line_of_credits_is_read(line: str, names: str) -> None:
    assert is_credit(line)
    assert read_credit_lines([line]) == (names, None)


def test_the_source_beside_an_author_is_read() -> None:
    assert read_credit_lines(["来源：砚溪发布 作者：闵小禾"]) == ("闵小禾", "砚溪发布")


@pytest.mark.parametrize(
    "line",
    ["(第31号)", "编辑同志：", "●盜匪十三人 ●鳴槍七響", "□一紙遺囑三個筆跡", "记者昨日到了现场。", "西門大街 電話一一九號"],
)
def test_other_lines_are_no_credits(line: str) -> None:
    assert not is_credit(line)


def test_a_name_is_given_once() -> None:
    assert people("文/闵小禾 摄/闵小禾") == ["闵小禾"]
