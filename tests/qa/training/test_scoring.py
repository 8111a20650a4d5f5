"""CMRC 2018's exact match and F1, worked by hand."""

from __future__ import annotations

import pytest

from qa.training.scoring import exact_match, f1, segments


@pytest.mark.parametrize(
    ("found", "answer", "value"),
    [
        ("砚溪大桥", "砚溪大桥", 1),
        ("砚溪大桥", "大桥", 0),
        ("《砚溪日报》。", "砚溪日报", 1),
        ("沈·墨池（市长）", "沈墨池市长", 1),
        ("WenBao", "wenbao", 1),
        (" 3860棵\n", "3860棵", 1),
        ("3 860棵", "3860棵", 0),  # only blanks at the ends are left out
        ("1,000棵", "1000棵", 0),  # the half-width comma is no mark of the script's
        ("(砚溪)", "砚溪", 0),
        ("砚溪……", "砚溪", 0),  # nor is half an ellipsis
        ("", "砚溪", 0),
        ("", "。", 1),
    ],
)
def test_exact_match_leaves_marks_and_case_aside(found: str, answer: str, value: float) -> None:
    assert exact_match(found, [answer]) == value


@pytest.mark.parametrize(
    ("found", "answer", "value"),
    [
        ("砚溪大桥", "砚溪大桥", 1),
        ("砚溪大桥", "大桥", 2 * 2 / (4 + 2)),
        ("大桥", "砚溪大桥", 2 * 2 / (2 + 4)),
        ("大桥在砚溪", "大桥砚溪", 2 * 2 / (5 + 4)),  # 大桥 or 砚溪: shared words apart from each other do not add up
        ("砚溪大桥", "桥大溪砚", 2 * 1 / (4 + 4)),
        ("3860万立方米", "3860万", 2 * 2 / (5 + 2)),
        ("386万", "3860万", 2 * 1 / (2 + 2)),  # a figure is one token
        ("3.5%", "3.5", 2 * 1 / (2 + 1)),
        ("1,000棵", "1000棵", 2 * 1 / (2 + 2)),
        ("3D打印", "打印", 2 * 2 / (3 + 2)),
        ("Wenbao News 报", "wenbao报", 2 * 1 / (3 + 2)),
        ("“砚溪”，大桥", "砚溪大桥", 1),
        ("砚溪", "松烟", 0),
        ("", "砚溪", 0),
        ("，", "。", 0),
    ],
)
def test_f1_is_taken_from_the_longest_shared_run(found: str, answer: str, value: float) -> None:
    assert f1(found, [answer]) == pytest.approx(value)


def test_the_best_of_several_answers_counts() -> None:
    assert exact_match("大桥", ["砚溪大桥", "大桥"]) == 1
    assert f1("大桥", ["砚溪大桥", "桥"]) == pytest.approx(2 / 3)
    assert f1("大桥", ["砚", "大桥"]) == 1


def test_without_answers_nothing_is_right() -> None:
    assert (exact_match("大桥", []), f1("大桥", [])) == (0, 0)


def test_chinese_is_compared_by_character_and_the_rest_by_word() -> None:
    assert segments("2024年GDP增长5.2%，（约1,000.5亿元）") == [
        *("2024", "年", "gdp", "增", "长", "5.2", "%", "约", "1,000.5", "亿", "元"),
    ]
    assert segments("用 5G 和 v2.0 上网") == ["用", "5g", "和", "v2.0", "上", "网"]
