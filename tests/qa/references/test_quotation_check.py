"""Checking a quotation: where it stands, what is near, and what is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from embeddings.records import Article, Issue
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from qa.references.quotation_check import NEAR_PLACES, Status, check_quotation
from tests.support.doubles import ToyEncoder, add

RESERVOIR = (
    "本报讯（记者 闵小禾 邬桐）卧虹水库将于3月13日上午9时开闸放水，流量为每秒12立方米。"
    "水库管理处主任郗春生介绍，截至3月11日8时，水库蓄水量为3860万立方米。\n头一轮放水二十天，由各村管水员开关闸口。"
)
OTHER = "水库管理处主任郗春生介绍,截至3月11日8时,水库蓄水量为3860万立方米."
FILLER = "茶臼村的茶农说，今年的春茶比往年早了七天，鲜叶的价钱也好。" * 12
ISSUES = (
    Issue(
        "yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12),
        (
            Article("卧虹水库明日开闸放水", RESERVOIR, kicker="一湖春水万家田", subtitle="——头一轮放水二十天", page="2"),
            Article("虹渡大桥引桥完工", "虹渡大桥连接墨池区与南渡区，总投资8.9亿元。𠮷祥路引桥😀昨日完工，全长1286米。"),
            Article("茶山行", f"{FILLER}\n书院路口将于下月装红绿灯。{FILLER}\n春茶节定在清明之后。"),
        ),
    ),
    Issue(
        "sywb-2024-03-13", "松烟晚报", date(2024, 3, 13),
        (Article("水库放水", f"{OTHER}头一轮放水二十天……由各村安排。"),),
    ),
    Issue(
        "yxrb-2024-03-14", "砚溪日报", date(2024, 3, 14),
        (Article("重播", "水库管理处主任郗春生介绍，截至3月11日8时，水库蓄水量为3860万立方米。"),),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The issues above; tests must not change it."""
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("quotation") / "archive")
    opened = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    add(opened, *ISSUES)
    return opened


def places(archive: Archive, quote: str, **more: int) -> list[tuple[str, str, str]]:
    """Return the status, the article and the printed words of each place, parts joined by a stroke."""
    checked = check_quotation(archive, quote, **more)
    for place in checked.places:
        citation = place.citation
        assert 0 <= citation.quote_start < citation.quote_end <= len(citation.passage.article.body)
        for segment in place.segments:
            assert "".join(step.printed for step in segment.difference) == place.printed[segment.start : segment.end]
        if place.field == "body":
            assert (place.segments[0].start, place.segments[-1].end) == (citation.quote_start, citation.quote_end)
    return [
        (
            place.status.value,
            place.citation.passage.article_id,
            "|".join(place.printed[segment.start : segment.end] for segment in place.segments),
        )
        for place in checked.places
    ]


def test_a_quotation_is_found_in_every_article_that_prints_it_newest_first(archive: Archive) -> None:
    quote = "水库蓄水量为3860万立方米。"
    assert places(archive, quote) == [
        ("exact", "yxrb-2024-03-14-01", quote),
        ("folded", "sywb-2024-03-13-01", "水库蓄水量为3860万立方米"),
        ("exact", "yxrb-2024-03-12-01", quote),
    ]
    checked = check_quotation(archive, quote)
    assert (checked.status, checked.more) == (Status.EXACT, False)
    assert [place.citation.id for place in checked.places] == [1, 2, 3]


def test_a_limit_leaves_out_the_oldest_and_says_so(archive: Archive) -> None:
    checked = check_quotation(archive, "水库管理处主任郗春生", limit=2)
    assert [place.citation.passage.issue_id for place in checked.places] == ["yxrb-2024-03-14", "sywb-2024-03-13"]
    assert checked.more is True
    assert check_quotation(archive, "水库管理处主任郗春生", limit=3).more is False


@pytest.mark.parametrize(
    ("quote", "printed"),
    [
        ("卧虹水库将于３月１３日上午９时开闸放水", "卧虹水库将于3月13日上午9时开闸放水"),
        ("臥虹水庫將於3月13日上午9時開閘放水", "卧虹水库将于3月13日上午9时开闸放水"),
        ("“卧虹水库 将于3月13日上午9时,开闸放水!”", "卧虹水库将于3月13日上午9时开闸放水"),
        (
            "水库蓄水量为3860万立方米。 头一轮放水二十天,由各村管水员",
            "水库蓄水量为3860万立方米。\n头一轮放水二十天，由各村管水员",
        ),
        ("(记者闵小禾邬桐)卧虹水库", "记者 闵小禾 邬桐）卧虹水库"),
    ],
    ids=["width", "Traditional", "quotation marks", "over a line's end", "brackets"],
)
def test_spellings_are_told_from_other_words(archive: Archive, quote: str, printed: str) -> None:
    found = places(archive, quote)
    assert ("folded", "yxrb-2024-03-12-01") in [place[:2] for place in found]
    assert found[-1][2].strip("（") == printed


def test_a_quotation_over_several_chunks_is_found(archive: Archive) -> None:
    body = ISSUES[0].articles[2].body
    assert len(archive.manifest.split(ISSUES[0].articles[2])) > 2
    quote = body[20:700]
    assert places(archive, quote) == [("exact", "yxrb-2024-03-12-03", quote)]
    assert places(archive, quote.replace("，", ","))[0][:2] == ("folded", "yxrb-2024-03-12-03")
    assert places(archive, quote.replace("红绿灯", "红绿打"))[0] == ("near", "yxrb-2024-03-12-03", quote)


def test_parts_around_an_ellipsis_stand_in_order_in_one_article(archive: Archive) -> None:
    assert places(archive, "卧虹水库将于3月13日……水库蓄水量为3860万立方米") == [
        ("exact", "yxrb-2024-03-12-01", "卧虹水库将于3月13日|水库蓄水量为3860万立方米")
    ]
    assert places(archive, "臥虹水庫将于3月13日...水库蓄水量为3860万立方米")[0][0] == "folded"
    assert places(archive, "截至3月11日8时……卧虹水库将于3月13日上午9时") == []
    assert places(archive, "虹渡大桥连接墨池区……水库蓄水量为3860万立方米") == []


def test_an_ellipsis_that_is_printed_is_found_to_the_letter(archive: Archive) -> None:
    assert places(archive, "放水二十天……由各村安排") == [("exact", "sywb-2024-03-13-01", "放水二十天……由各村安排")]


@pytest.mark.parametrize(
    ("quote", "field", "title"),
    [
        ("卧虹水库明日开闸放水", "title", "卧虹水库明日开闸放水"),
        ("一湖春水万家田", "kicker", "卧虹水库明日开闸放水"),
        ("虹渡大橋引橋完工", "title", "虹渡大桥引桥完工"),
        ("卧虹水厍明曰开闸放水", "title", "卧虹水库明日开闸放水"),
    ],
    ids=["headline", "kicker", "Traditional", "slips"],
)
def test_headlines_are_quoted_too(archive: Archive, quote: str, field: str, title: str) -> None:
    place = check_quotation(archive, quote).places[0]
    assert (place.field, place.citation.passage.article.title) == (field, title)
    assert place.citation.quote.endswith("。")  # the first sentence under it


@pytest.mark.parametrize(
    ("quote", "score"),
    [
        ("卧虹水厍将于3月13曰上午9时开闸放水", 17 / 19),
        ("卧虹水库将于3月15日上午9时开闸放水", 18 / 19),
        ("水库蓄水量为8360万立方米", 12 / 14),
        ("春茶节定于清明之后", 8 / 9),
        ("引桥昨日完竣，全长1286米", 12 / 13),
    ],
    ids=["OCR", "another day", "digits changed round", "another word", "behind an emoji"],
)
def test_slips_are_near_and_shown(archive: Archive, quote: str, score: float) -> None:
    checked = check_quotation(archive, quote)
    assert checked.status is Status.NEAR
    place = checked.places[0]
    assert place.score == pytest.approx(score, abs=0.01)
    assert place.citation.near is True
    assert any(step.kind != "equal" for step in place.segments[0].difference)
    assert "".join(step.quoted for step in place.segments[0].difference) == quote


def test_a_changed_figure_is_named(archive: Archive) -> None:
    steps = check_quotation(archive, "连接墨池区与南渡区，总投资7.9亿元").places[0].segments[0].difference
    assert [(step.kind, step.quoted, step.printed) for step in steps if step.kind != "equal"] == [("replace", "7", "8")]


@pytest.mark.parametrize(
    "quote",
    [
        "卧虹水库本周五起停止供水，恢复时间另行通知",
        "郗春生表示，水库的水位比去年同期低了两米多",
        "虹渡大桥预计明年年底建成通车，全长两公里",
        "水库放鱼",
        "珠穆朗玛峰海拔8848米",
        "茶农今年收成不好，鲜叶价钱跌了三成",
        "，，，，！！",
        "😀😀😀😀",
    ],
)
def test_other_words_on_the_same_matter_are_absent(archive: Archive, quote: str) -> None:
    checked = check_quotation(archive, quote)
    assert (checked.status, checked.places, checked.more) == (Status.ABSENT, (), False)
    assert checked.searched.issues == 3


@pytest.mark.parametrize(
    "quote",
    [
        '" OR 1=1 --',
        "NEAR(水库 放水)",
        "title:水库 AND *",
        "'; DROP TABLE issues; --",
        "水库%_放水",
        "a\u0000b水库",
        "水" * 2000,
        "…" * 2000,
        "水库…" * 600,
    ],
    ids=ascii,
)
def test_no_quotation_is_syntax(archive: Archive, quote: str) -> None:
    assert check_quotation(archive, quote).searched.issues == 3


def test_words_too_garbled_to_be_found_by_themselves_are_found_by_meaning(open_archive: Callable[..., Archive]) -> None:
    archive = open_archive()
    add(archive, Issue("i", "砚溪日报", date(2024, 3, 4), (Article("短讯", "蓮蓬芡实菱角藕"),)))
    checked = check_quotation(archive, "蓮蓬芡买菱角藉籽")
    assert (checked.status, checked.places[0].citation.quote) == (Status.NEAR, "蓮蓬芡实菱角藕")


def test_no_more_than_three_places_are_near(open_archive: Callable[..., Archive]) -> None:
    archive = open_archive()
    bodies = [f"书院路口将于{day}日装红绿灯，请行人绕行。" for day in range(1, 7)]
    add(archive, Issue("i", "砚溪日报", date(2024, 3, 4), tuple(Article(f"短讯{body}", body) for body in bodies)))
    checked = check_quotation(archive, "书院路口将于9日装红绿打，请行人绕行。")
    assert len(checked.places) == NEAR_PLACES
    scores = [place.score for place in checked.places]
    assert scores == sorted(scores, reverse=True)


def test_an_empty_archive_prints_nothing(open_archive: Callable[..., Archive]) -> None:
    assert check_quotation(open_archive(), "卧虹水库将于3月13日放水").status is Status.ABSENT
