"""A paper's name is told from what else its masthead prints, whatever it ends with."""

import pytest

from embeddings.formats.paper_names import PaperName, find_paper


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("青榆日報\n2024年5月5日", "青榆日報"),
        ("松烟每日电讯", "松烟每日电讯"),
        ("砚溪导刊", "砚溪导刊"),
        ("21世纪松烟报道", "21世纪松烟报道"),
        ("松烟消息\n松烟日报社出版", "松烟消息"),
        ("松烟周末\n2024年9月6日\n松烟日报社主办", "松烟周末"),
        ("砚边要览\n2024年5月1日 星期三\n砚溪日报社主办", "砚边要览"),
        ("砚 溪 日 报", "砚溪日报"),
        ("砚溪日报 2024年3月12日 星期二 第3版", "砚溪日报"),
        ("砚溪日报 农村版", "砚溪日报农村版"),
        ("砚溪日报（海外版）", "砚溪日报海外版"),
        ("申報 日期：1935年5月2日", "申報"),
        ("CHING YEN DAILY NEWS\n晴硯日報", "晴硯日報"),
        ("The Yanxi Times\nFriday, September 6, 2024", "The Yanxi Times"),
        ("中共砚溪市委机关报\n砚溪日报", "砚溪日报"),
        ("晴转多云\n砚边要览\n2024年5月1日", "砚边要览"),
        ("中共砚溪市委主管主办 砚溪日报社出版", "砚溪日报"),
        ("今天多云 13℃\nYAN XI RI BAO\n2024年5月1日\n雲澤日報社出版", "雲澤日報"),
    ],
)
def test_the_name_is_found(text: str, paper: str) -> None:
    assert find_paper(text) == PaperName(paper)


@pytest.mark.parametrize("text", ["", "YAN XI RI BAO", "2024年5月6日", "多云D北风", "本社地址:书院路", "中共砚溪市委机关报"])
def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    assert find_paper(text) is None


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("砚溪晚报 号外", "号外"),
        ("砚溪晚报（号外）", "号外"),
        ("號外\n硯溪晚報", "号外"),
        ("砚溪晚报增刊", "增刊"),
        ("砚溪晚报", None),
    ],
)
def test_an_extra_edition_is_none_of_the_name(text: str, edition: str | None) -> None:
    found = find_paper(text)
    assert found is not None
    assert found.paper in ("砚溪晚报", "硯溪晚報")
    assert found.edition == edition
