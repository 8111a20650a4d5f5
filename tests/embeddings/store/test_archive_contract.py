"""What an archive promises, whatever keeps its catalogue and its index: another implementation is another parameter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from embeddings.messages import MESSAGES
from embeddings.records import Article, ArticleKind, Chunk, Days, Extent, Filters, Issue, IssueSummary, Precision
from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from embeddings.store.rebuilding import Rebuild
from embeddings.store.records import (
    Changes,
    Entry,
    FilePart,
    Headline,
    IssueDay,
    Manifest,
    PrintedArticle,
    SourceFile,
    StoredFile,
)
from embeddings.store.status import archive_status
from embeddings.store.verification import verify
from embeddings.text.segmentation import search_words
from tests.support.doubles import ToyEncoder

# What the settings of each implementation say beside the archive's folder.
BACKENDS = [pytest.param({}, id="sqlite and faiss")]

OpenArchive = Callable[[], Archive]

WATER = Article("放水", "卧虹水库今日放水。水头走了六十八公里。", subtitle="——头一轮")
LAMPS = Article("修灯", "灯笼巷的路灯亮了。", kicker="民生", byline="邬桐")
BRIDGE = Article("通车", "虹渡大桥九月通车。")
LATER = Article("更正", "本报3月12日《放水》一文把水库的水头写错了。")
FIRST = Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), (WATER, LAMPS), 9316, 4)
OTHER = Issue("yhwb-2024-03-13", "云河晚报", date(2024, 3, 13), (BRIDGE,), 70)
SECOND = Issue("yxrb-2024-03-14", "砚溪日报", date(2024, 3, 14), (LATER,), 9318)
TWELFTH = Days(date(2024, 3, 12), date(2024, 3, 12), Precision.DAY)


@pytest.fixture(params=BACKENDS)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> ArchiveSettings:
    return ArchiveSettings.load(archive=tmp_path / "archive", **request.param)


@pytest.fixture
def opened(settings: ArchiveSettings) -> OpenArchive:
    """Open the archive once more, as another process does."""
    return lambda: Archive.open(settings, lambda name: ToyEncoder(), create=True)


@pytest.fixture
def archive(opened: OpenArchive) -> Archive:
    """Three issues of two papers; each article is cut into its sentences."""
    archive = opened()
    for issue in (FIRST, OTHER, SECOND):
        put(archive, issue)
    archive.save_index()
    return archive


def cut(article: Article) -> list[Chunk]:
    ends = [place + 1 for place, letter in enumerate(article.body) if letter == "。"]
    return [Chunk(place, *span) for place, span in enumerate(zip([0, *ends[:-1]], ends, strict=True), start=1)]


def entry(article: Article) -> Entry:
    """An article as it is stored; whatever is printed of 3月12日 speaks of that day."""
    chunks = cut(article)
    texts = [article.body[chunk.start : chunk.end] for chunk in chunks]
    words = [(" ".join(search_words(article.title)), " ".join(search_words(text))) for text in texts]
    days = [(TWELFTH,) if "3月12日" in text else () for text in texts]
    return Entry(article, chunks, words, ToyEncoder().encode_queries(texts), days)


def put(archive: Archive, *issues: Issue, path: str = "") -> Changes:
    """Store a file of these issues; an article of the same headline keeps its number."""
    path = path or f"{issues[0].issue_id}.md"
    held = {(one.issue_id, one.article.title): one.ordinal for one in archive.held_articles(path=path)}
    parts = [
        FilePart(
            issue, [entry(one) for one in issue.articles], [held.get((issue.issue_id, one.title)) for one in issue.articles]
        )
        for issue in issues
    ]
    return archive.store(SourceFile(path, "print", "plain", "UTF-8"), parts)


def counted_on(issue: Issue, *ordinals: int) -> Issue:
    """The issue with the numbers that its articles bear by now."""
    return replace(issue, ordinals=ordinals)


def texts(archive: Archive, keys: Sequence[int]) -> list[str]:
    passages = archive.passages(keys)
    return [passages[key].text for key in keys]


def vector(text: str) -> NDArray[np.float32]:
    return ToyEncoder().encode_queries([text])


# Issues


def test_an_issue_comes_back_as_it_was_stored(archive: Archive) -> None:
    assert archive.issue("yxrb-2024-03-12") == FIRST
    assert archive.article("yxrb-2024-03-12-02") == (FIRST, 1)
    assert (archive.issue("none"), archive.article("none")) == (None, None)


def test_a_masthead_is_kept_beside_the_articles_and_found_by_day_alone(archive: Archive) -> None:
    masthead = Article("报头", "总第9316期 卧虹水库", kind=ArticleKind.MASTHEAD)
    before = archive.extent(), archive.issues(), archive.issue_days(), archive.headlines(), len(archive.refresh())
    put(archive, replace(FIRST, masthead=masthead))
    assert (archive.extent(), archive.issues(), archive.issue_days(), archive.headlines(), len(archive.refresh())) == before
    assert archive.article("yxrb-2024-03-12-00") == (replace(FIRST, masthead=masthead), -1)
    (passage,) = archive.mastheads(Filters(paper="砚溪日报"), 9)
    assert (passage.article, passage.text, passage.issue_date) == (masthead, masthead.body, FIRST.issue_date)
    assert archive.passage_at("yxrb-2024-03-12-00", 3) == passage
    assert archive.mastheads(Filters(paper="云河晚报")) == []
    assert masthead not in [hit.passage.article for hit in archive.search("总第9316期 卧虹水库")]
    # A quotation is looked for in it too, behind the articles of its letters.
    assert list(archive.articles_printing(["卧虹水库"])) == ["yxrb-2024-03-12-01", "yxrb-2024-03-12-00"]
    assert verify(archive) == []


def test_issues_are_listed_newest_first_and_paged(archive: Archive) -> None:
    newest = IssueSummary("yxrb-2024-03-14", "砚溪日报", date(2024, 3, 14), 9318, 1, 1)
    middle = IssueSummary("yhwb-2024-03-13", "云河晚报", date(2024, 3, 13), 70, 1, 1)
    oldest = IssueSummary("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), 9316, 2, 3)
    assert archive.issues(2) == [newest, middle]
    assert archive.issues(-1) == [newest, middle, oldest]
    assert archive.issues(2, after="yhwb-2024-03-13") == [oldest]
    assert archive.issues_beside(date(2024, 3, 13)) == (oldest, newest)
    assert archive.issues_beside(date(2024, 3, 13), "云河晚报") == (None, None)
    assert archive.papers() == ["云河晚报", "砚溪日报"]


def test_issues_are_found_by_their_days(archive: Archive) -> None:
    first = IssueDay("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), 9316, 2)
    other = IssueDay("yhwb-2024-03-13", "云河晚报", date(2024, 3, 13), 70, 1)
    second = IssueDay("yxrb-2024-03-14", "砚溪日报", date(2024, 3, 14), 9318, 1)
    assert archive.issue_days() == [first, other, second]
    assert archive.issues_of_day(date(2024, 3, 13)) == [other]
    assert archive.issue_before("砚溪日报", date(2024, 3, 14)) == first
    assert archive.issue_after("砚溪日报", date(2024, 3, 12)) == second
    assert archive.issue_before("云河晚报", date(2024, 3, 13)) is None
    assert archive.issue_after("云河晚报", date(2024, 3, 13)) is None


def test_an_extent_counts_what_lies_within_filters(archive: Archive) -> None:
    assert archive.extent() == Extent(3, 4, 5, date(2024, 3, 12), date(2024, 3, 14))
    assert archive.extent(Filters(paper="砚溪日报", last=date(2024, 3, 13))) == Extent(
        1, 2, 3, date(2024, 3, 12), date(2024, 3, 12)
    )
    assert archive.extent(Filters(issue_id="none")) == Extent(0, 0, 0, None, None)


def test_files_are_found_by_path_fingerprint_and_issue(archive: Archive) -> None:
    first = StoredFile(SourceFile("yxrb-2024-03-12.md", "print", "plain", "UTF-8"), ("yxrb-2024-03-12",))
    assert archive.stored_files(path="yxrb-2024-03-12.md") == archive.stored_files(issue_id="yxrb-2024-03-12") == [first]
    ids = ["yhwb-2024-03-13", "yxrb-2024-03-12", "yxrb-2024-03-14"]
    assert [stored.issue_ids for stored in archive.stored_files()] == [(issue_id,) for issue_id in ids]
    assert archive.stored_files(fingerprint="print") == archive.stored_files()
    assert archive.stored_files(fingerprint="other") == archive.stored_files(path="none") == []
    assert archive.issue_ids() == ids


# Files and issues are two things


def test_an_issue_is_made_of_the_articles_of_its_files_and_keeps_its_numbers(archive: Archive) -> None:
    old = archive.keys().tolist()
    second = Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), (BRIDGE,), None, 4, "CN00-0916")
    assert put(archive, second, path="02.md") == Changes(replaced=["yxrb-2024-03-12"])
    whole = replace(FIRST, articles=(BRIDGE, WATER, LAMPS), cn_number="CN00-0916", ordinals=(3, 1, 2))
    assert archive.issue("yxrb-2024-03-12") == whole  # files stand in the order of their names where no page is told
    assert archive.article("yxrb-2024-03-12-03") == (whole, 0)
    assert archive.article("yxrb-2024-03-12-01") == (whole, 1)
    assert archive.keys().tolist() == [*old, old[-1] + 1]
    assert put(archive, replace(second, articles=(LATER,)), path="02.md") == Changes(replaced=["yxrb-2024-03-12"])
    assert archive.article("yxrb-2024-03-12-03") is None  # its number went with it
    assert archive.issue("yxrb-2024-03-12") == replace(whole, articles=(LATER, WATER, LAMPS), ordinals=(4, 1, 2))
    assert archive.forget(["02.md", "none"]) == Changes(replaced=["yxrb-2024-03-12"])
    assert archive.issue("yxrb-2024-03-12") == FIRST
    assert archive.forget(["yxrb-2024-03-12.md"]) == Changes(removed=["yxrb-2024-03-12"])
    assert archive.issue("yxrb-2024-03-12") is None
    assert archive.stored_files(issue_id="yxrb-2024-03-12") == []
    archive.save_index()
    assert verify(archive) == []


def test_pages_order_the_articles_of_several_files(archive: Archive) -> None:
    day = Issue("yxrb-2024-03-20", "砚溪日报", date(2024, 3, 20), ())
    for name, page in (("a.md", "10"), ("b.md", "2"), ("c.md", None), ("d.md", "A01")):
        article = Article(f"第{page}", "卧虹水库放水。", page=page)
        follows = Article(f"又{page}", "虹渡大桥通车。")
        put(archive, replace(day, articles=(article, follows)), path=name)
    held = archive.issue("yxrb-2024-03-20")
    assert held is not None
    assert [article.title for article in held.articles] == ["第2", "又2", "第10", "又10", "第A01", "又A01", "第None", "又None"]
    assert [held.id_at(place) for place in (0, 1, 2)] == ["yxrb-2024-03-20-03", "yxrb-2024-03-20-04", "yxrb-2024-03-20-01"]


def test_a_file_may_hold_many_issues_and_changes_them_at_once(archive: Archive) -> None:
    days = [Issue(f"yxrb-2024-04-0{day}", "砚溪日报", date(2024, 4, day), (LAMPS,)) for day in (1, 2, 3)]
    generation = archive.stored_generation()
    assert put(archive, *days, path="year.md") == Changes(added=[day.issue_id for day in days])
    assert archive.stored_generation() == generation + 1
    (stored,) = archive.stored_files(path="year.md")
    assert stored.issue_ids == tuple(day.issue_id for day in days)
    assert put(archive, days[0], replace(days[2], articles=(BRIDGE,)), path="year.md") == Changes(
        replaced=["yxrb-2024-04-01", "yxrb-2024-04-03"], removed=["yxrb-2024-04-02"]
    )
    archive.discard(["yxrb-2024-04-01"])
    (stored,) = archive.stored_files(path="year.md")
    assert (stored.issue_ids, stored.source.fingerprint) == (("yxrb-2024-04-03",), "")  # so that it is read again
    archive.save_index()
    assert verify(archive) == []


def test_facts_of_an_issue_merge_and_contradictions_are_told(archive: Archive) -> None:
    page = Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), (BRIDGE,), 9317, 8, warnings=("错字多",))
    changes = put(archive, page, path="02.md")
    told = [
        "02.md 写的期号是 9317，yxrb-2024-03-12.md 写的是 9316：取后者",
        "02.md 写的版数是 8，yxrb-2024-03-12.md 写的是 4：取后者",
    ]
    assert changes.warnings == told
    held = archive.issue("yxrb-2024-03-12")
    assert held is not None
    assert (held.issue_number, held.pages, held.warnings) == (9316, 4, ("错字多", *told))
    archive.forget(["yxrb-2024-03-12.md"])
    held = archive.issue("yxrb-2024-03-12")
    assert held is not None
    assert (held.issue_number, held.pages, held.warnings) == (9317, 8, ("错字多",))


def test_mastheads_of_several_files_are_one_text(archive: Archive) -> None:
    for name, lines in (("01.md", "砚溪日报\n总第9320期"), ("02.md", "砚溪日报\n零售每份一元")):
        masthead = Article("报头", lines, kind=ArticleKind.MASTHEAD)
        put(
            archive,
            Issue("yxrb-2024-03-20", "砚溪日报", date(2024, 3, 20), (Article(name, "水来了。"),), masthead=masthead),
            path=name,
        )
    (passage,) = archive.mastheads(Filters(issue_id="yxrb-2024-03-20"))
    assert passage.text == "砚溪日报\n总第9320期\n零售每份一元"
    archive.forget(["01.md"])
    (passage,) = archive.mastheads(Filters(issue_id="yxrb-2024-03-20"))
    assert passage.text == "砚溪日报\n零售每份一元"
    archive.forget(["02.md"])
    assert archive.mastheads(Filters(issue_id="yxrb-2024-03-20")) == []
    assert archive.article("yxrb-2024-03-20-00") is None


def test_a_file_read_again_and_found_as_it_was_changes_nothing(archive: Archive) -> None:
    generation, keys = archive.stored_generation(), archive.keys().tolist()
    source = SourceFile("yxrb-2024-03-12.md", "other print", "newspaper", "GB 18030")
    assert not archive.store(source, [FilePart(FIRST, [None, None], [1, 2])]).any
    assert archive.stored_files(path=source.path) == [StoredFile(source, ("yxrb-2024-03-12",))]
    assert (archive.stored_generation(), archive.keys().tolist()) == (generation, keys)
    told = replace(FIRST, articles=(replace(WATER, page="2", page_name="要闻", continued="3"), LAMPS))
    assert archive.store(source, [FilePart(told, [None, None], [1, 2])]) == Changes(replaced=["yxrb-2024-03-12"])
    assert archive.issue("yxrb-2024-03-12") == told
    assert (archive.stored_generation(), archive.keys().tolist()) == (generation + 1, keys)


def test_a_weekly_is_found_by_every_day_of_its_range(archive: Archive) -> None:
    weekly = Issue("yhzk-2024-03-18", "云河周刊", date(2024, 3, 18), (BRIDGE,), last_date=date(2024, 3, 24))
    put(archive, weekly)
    assert archive.issue(weekly.issue_id) == weekly
    for day in (18, 21, 24):
        asked = date(2024, 3, day)
        assert [one.issue_id for one in archive.issues_of_day(asked)] == [weekly.issue_id]
        assert archive.extent(Filters(asked, asked)).articles == 1
        days = Days(asked, asked, Precision.DAY)
        (hit,) = archive.search_days("大桥", days, 50)
        assert (hit.passage.issue_date, hit.passage.last_date) == (weekly.issue_date, weekly.last_date)
    assert archive.issues_of_day(date(2024, 3, 25)) == []
    assert archive.issue_before("云河周刊", date(2024, 3, 20)) is None
    before = archive.issue_before("云河周刊", date(2024, 3, 25))
    assert before is not None
    assert (before.issue_id, before.last_date) == (weekly.issue_id, date(2024, 3, 24))


def test_an_extra_edition_is_an_issue_of_its_own(archive: Archive) -> None:
    extra = Issue("yxrb-2024-03-12-hw", "砚溪日报", date(2024, 3, 12), (BRIDGE,), edition="号外")
    put(archive, extra)
    assert archive.issue("yxrb-2024-03-12-hw") == extra
    assert archive.issue("yxrb-2024-03-12") == FIRST
    assert [(one.issue_id, one.edition) for one in archive.issues_of_day(date(2024, 3, 12))] == [
        ("yxrb-2024-03-12", None), ("yxrb-2024-03-12-hw", "号外"),
    ]  # fmt: skip
    (passage,) = archive.passages(archive.chunks_holding(["大桥", "通车"]).tolist()[-1:]).values()
    assert (passage.issue_id, passage.edition) == ("yxrb-2024-03-12-hw", "号外")


def test_names_of_issues_are_given_for_good(archive: Archive) -> None:
    def named(paper: str, edition: str | None = None) -> Issue:
        return Issue("", paper, date(2024, 3, 12), (LAMPS,), edition=edition)

    names = archive.issue_names()
    assert [names.of(named(paper)) for paper in ("砚溪日报", "宜春日报", "伊春日报")] == [
        "yxrb-2024-03-12", "ycrb-2024-03-12", "yichunribao-2024-03-12",
    ]  # fmt: skip
    assert [names.of(named("宜春日报", edition)) for edition in ("号外", "海外", "2", None)] == [
        "ycrb-2024-03-12-hw", "ycrb-2024-03-12-haiwai", "ycrb-2024-03-12-n2", "ycrb-2024-03-12",
    ]  # fmt: skip
    put(archive, replace(named("伊春日报"), issue_id="ycrb-2024-03-12"))
    archive.remove(["ycrb-2024-03-12"])
    again = archive.issue_names()
    assert again.of(named("宜春日报")) == "yichunribao-2024-03-12"  # the initials are the other's for good
    assert again.of(named("依春日报")) == "yichunribao2-2024-03-12"
    assert again.of(named("伊春日报")) == "ycrb-2024-03-12"


# Articles


@pytest.mark.parametrize(
    ("parts", "ids"),
    [
        (["水库"], ["yxrb-2024-03-14-01", "yxrb-2024-03-12-01"]),
        (["库今", "八公里"], ["yxrb-2024-03-12-01"]),
        (["水库", "灯"], []),
        (["民生"], ["yxrb-2024-03-12-02"]),
        (["——头一轮"], ["yxrb-2024-03-12-01"]),
        (["修灯"], ["yxrb-2024-03-12-02"]),
        (["%"], []),
        (["' OR 1 --"], []),
    ],
    ids=["newest first", "parts of words", "not in one", "kicker", "subtitle", "headline", "wildcard", "syntax"],
)
def test_articles_that_print_all_parts_to_the_letter(archive: Archive, parts: list[str], ids: list[str]) -> None:
    assert list(archive.articles_printing(parts)) == ids


def test_headlines_are_listed_newest_first(archive: Archive) -> None:
    assert archive.headlines() == [
        Headline("yxrb-2024-03-14-01", date(2024, 3, 14), "更正", None),
        Headline("yhwb-2024-03-13-01", date(2024, 3, 13), "通车", None),
        Headline("yxrb-2024-03-12-01", date(2024, 3, 12), "放水", None),
        Headline("yxrb-2024-03-12-02", date(2024, 3, 12), "修灯", "邬桐"),
    ]


def test_later_articles_are_of_the_same_paper_and_name_it(archive: Archive) -> None:
    later = [PrintedArticle("yxrb-2024-03-14-01", date(2024, 3, 14), LATER)]
    assert archive.later_articles("yxrb-2024-03-12-01", ["水库", "放水"]) == later
    assert archive.later_articles("yxrb-2024-03-12-01", ["大桥"]) == []
    assert archive.later_articles("yxrb-2024-03-12-01", []) == []
    assert archive.later_articles("yxrb-2024-03-14-01", ["水库"]) == []
    assert archive.later_articles("yhwb-2024-03-13-01", ["水库"]) == []


# Chunks


def test_a_passage_carries_all_that_a_citation_needs(archive: Archive) -> None:
    (key,) = archive.chunks_holding(["写错"]).tolist()
    passage = archive.passages([key])[key]
    assert (passage.chunk_id, passage.article_id, passage.issue_id) == (
        "yxrb-2024-03-14-01-1", "yxrb-2024-03-14-01", "yxrb-2024-03-14",
    )  # fmt: skip
    assert (passage.paper, passage.issue_date, passage.issue_number) == ("砚溪日报", date(2024, 3, 14), 9318)
    assert (passage.article, passage.text, passage.days) == (LATER, LATER.body, (TWELFTH,))
    assert archive.passages([key, 10**9]).keys() == {key}


@pytest.mark.parametrize(("offset", "start"), [(0, 0), (8, 0), (9, 9), (18, 9), (500, 9)])
def test_the_passage_at_an_offset_is_the_last_that_begins_before_it(archive: Archive, offset: int, start: int) -> None:
    passage = archive.passage_at("yxrb-2024-03-12-01", offset)
    assert passage is not None
    assert passage.start == start
    assert archive.passage_at("none", offset) is None


def test_keys_ascend_and_their_vectors_come_back(archive: Archive) -> None:
    keys = archive.keys().tolist()
    assert keys == sorted(set(keys))
    assert len(keys) == 5
    found = {key: row for batch, rows in archive.vectors([*keys, 10**9]) for key, row in zip(batch.tolist(), rows, strict=True)}
    assert set(found) == set(keys)
    for key, text in zip(keys, texts(archive, keys), strict=True):
        assert found[key].tolist() == vector(text)[0].tolist()


# Words


def test_the_words_of_a_question_rank_chunks(archive: Archive) -> None:
    ranked = archive.lexical_search(["水库", "放水"], 50)
    assert texts(archive, [key for key, _ in ranked])[0] == "卧虹水库今日放水。"
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
    assert ranked[-1][1] > 0
    assert archive.lexical_search(["水库", "放水"], 1) == ranked[:1]
    assert archive.lexical_search([], 50) == archive.lexical_search(["", '"', "\0"], 50) == []
    days = Filters(first=date(2024, 3, 13))
    assert texts(archive, [key for key, _ in archive.lexical_search(["水库"], 50, days)]) == [LATER.body]


def test_words_are_counted(archive: Archive) -> None:
    assert archive.document_frequencies(["水库", "灯笼", "春茶"]) == {"水库": 2, "灯笼": 1, "春茶": 0}
    assert archive.document_frequencies([]) == {}
    assert texts(archive, archive.chunks_holding(["水库", "放水"]).tolist()) == ["卧虹水库今日放水。", LATER.body]
    assert archive.chunks_holding([]).tolist() == archive.chunks_holding(["水库", "灯笼"]).tolist() == []
    assert archive.matching_passages(["水库"]) == {"yxrb-2024-03-12": 1, "yxrb-2024-03-14": 1}
    assert archive.matching_passages(["水库", "灯笼"]) == archive.matching_passages([]) == {}
    beginning = archive.words_beginning("水")
    assert beginning["水库"] == 2
    assert all(word.startswith("水") for word in beginning)
    assert archive.count_phrase(["水库", "今日"], 10) == 1
    assert archive.count_phrase(["今日", "水库"], 10) == 0
    assert archive.count_phrase(["水库"], 1) == 1


@pytest.mark.parametrize("word", ['水"库', "水\0库", "AND", "NEAR", "水*", "title:水", "^水库", "-", "(", "\U0010ffff", ""])
def test_no_word_is_syntax(archive: Archive, word: str) -> None:
    keys = set(archive.keys().tolist())
    assert {key for key, _ in archive.lexical_search([word, "水库"], 50)} <= keys
    assert set(archive.chunks_holding([word]).tolist()) <= keys
    assert archive.matching_passages([word, "灯笼"]).keys() <= {"yxrb-2024-03-12"}
    assert archive.count_phrase([word, "水库"], 9) <= 2
    assert len(archive.later_articles("yxrb-2024-03-12-01", [word, "水库"])) == 1
    assert set(archive.document_frequencies([word])) == {word}


# Searching


def test_a_search_scores_by_meaning_and_by_words(archive: Archive) -> None:
    hits = {hit.passage.text: hit for hit in archive.search("灯笼巷的路灯亮了。")}
    assert len(hits) == 5
    for text, hit in hits.items():
        assert hit.dense == pytest.approx(float(vector(text)[0] @ vector("灯笼巷的路灯亮了。")[0]), abs=1e-5)
    assert [text for text, hit in hits.items() if hit.lexical > 0] == ["灯笼巷的路灯亮了。"]
    assert archive.nearness(["虹渡大桥九月通车。"]) == [pytest.approx(1.0, abs=1e-5)]


def test_a_search_keeps_to_filters_and_days(archive: Archive) -> None:
    assert {hit.passage.issue_id for hit in archive.search("水库", 50, Filters(paper="云河晚报"))} == {"yhwb-2024-03-13"}
    on_day = {hit.passage.issue_id for hit in archive.search_days("水库", TWELFTH, 50)}
    assert on_day == {"yxrb-2024-03-12", "yxrb-2024-03-14"}  # printed on it, or speaking of it
    later = archive.search_days("水库", TWELFTH, 50, Filters(first=date(2024, 3, 13)))
    assert [hit.passage.text for hit in later] == [LATER.body]


def test_an_empty_archive_holds_nothing(opened: OpenArchive) -> None:
    archive = opened()
    assert (len(archive), archive.search("水库"), archive.nearness(["水库"])) == (0, [], [-1.0])
    assert (archive.issue_days(), archive.papers(), archive.headlines(), archive.keys().tolist()) == ([], [], [], [])
    assert archive.extent() == Extent(0, 0, 0, None, None)
    assert (archive.stored_generation(), archive.searched_generation) == (0, 0)


# Changing


def test_what_a_file_held_before_gives_way(archive: Archive) -> None:
    old = archive.keys().tolist()
    changed = Issue("yxrb-2024-03-12", "砚溪日报", date(2024, 3, 12), (BRIDGE,))
    assert put(archive, changed) == Changes(replaced=["yxrb-2024-03-12"])
    assert archive.issue("yxrb-2024-03-12") == counted_on(changed, 3)
    redated = Issue("yxrb-2024-03-15", "砚溪日报", date(2024, 3, 15), (LAMPS,))
    assert put(archive, redated, path="yxrb-2024-03-12.md") == Changes(added=["yxrb-2024-03-15"], removed=["yxrb-2024-03-12"])
    assert archive.issue("yxrb-2024-03-12") is None
    assert put(archive, Issue("yxrb-2024-03-16", "砚溪日报", date(2024, 3, 16), (LAMPS,))).added == ["yxrb-2024-03-16"]
    assert archive.document_frequencies(["水库", "灯笼"]) == {"水库": 1, "灯笼": 2}
    assert set(archive.keys().tolist()) - set(old) == {max(old) + 2, max(old) + 3}  # the one that gave way had a key too


def test_what_fails_on_the_way_is_not_stored(archive: Archive) -> None:
    keys, generation = archive.keys().tolist(), archive.stored_generation()
    good = entry(LAMPS)
    bad = Entry(BRIDGE, good.chunks, [], good.vectors, good.days)
    with pytest.raises(ValueError, match="zip"):
        archive.store(
            SourceFile("yxrb-2024-03-12.md", "new"), [FilePart.new(replace(FIRST, articles=(LAMPS, BRIDGE)), [good, bad])]
        )
    assert (archive.issue("yxrb-2024-03-12"), archive.keys().tolist()) == (FIRST, keys)
    assert archive.stored_generation() == generation
    assert archive.document_frequencies(["灯笼"]) == {"灯笼": 1}


def test_a_discarded_issue_is_found_no_more_and_its_keys_are_not_used_again(archive: Archive) -> None:
    old = archive.keys().tolist()
    archive.discard(["yxrb-2024-03-14", "none"])
    put(archive, SECOND)
    assert archive.keys().tolist() == [*old[:-1], old[-1] + 1]
    assert archive.passages(old).keys() == set(old[:-1])
    archive.remove(["yxrb-2024-03-14"])
    assert archive.document_frequencies(["水库"]) == {"水库": 1}
    assert "yxrb-2024-03-14" not in {hit.passage.issue_id for hit in archive.search("水库")}


def test_each_change_raises_the_stored_generation_and_a_search_goes_on_to_it(archive: Archive, opened: OpenArchive) -> None:
    server = opened()
    assert (server.stored_generation(), server.searched_generation) == (3, 3)
    archive.discard(["yhwb-2024-03-13"])
    assert (server.stored_generation(), server.searched_generation) == (4, 3)
    assert {hit.passage.issue_id for hit in server.search("大桥")} == {"yxrb-2024-03-12", "yxrb-2024-03-14"}
    assert (server.searched_generation, len(server)) == (4, 4)
    archive.note(SourceFile("elsewhere.md", "print"), "yxrb-2024-03-12.md")
    assert server.stored_generation() == 4
    assert server.stored_files(path="elsewhere.md")[0].issue_ids == ("yxrb-2024-03-12",)


@pytest.mark.parametrize("saved", [True, False])
def test_an_archive_opened_again_is_the_same_whether_its_index_was_saved_or_not(
    archive: Archive, opened: OpenArchive, saved: bool
) -> None:
    archive.discard(["yhwb-2024-03-13"])
    if saved:
        archive.save_index()
    archive.close()
    again = opened()
    assert (len(again), again.searched_generation, again.issue("yxrb-2024-03-12")) == (4, 4, FIRST)
    found = [(hit.passage.chunk_id, hit.dense, hit.lexical) for hit in again.search("水库")]
    assert found == [(hit.passage.chunk_id, hit.dense, hit.lexical) for hit in archive.search("水库")]


def test_a_closed_archive_goes_on_when_asked_again(archive: Archive) -> None:
    archive.close()
    archive.close()
    assert archive.stored_generation() == 3


# Rebuilding


def test_a_rebuild_is_seen_only_when_it_is_finished(archive: Archive, settings: ArchiveSettings) -> None:
    old = archive.keys().tolist()
    rebuild = Rebuild(settings)
    assert rebuild.manifest == archive.manifest == Manifest("toy", 64, 260, 1)
    ids = rebuild.start()
    assert ids == ["yhwb-2024-03-13-01", "yxrb-2024-03-12-01", "yxrb-2024-03-12-02", "yxrb-2024-03-14-01"]
    stored = rebuild.articles(ids)
    assert stored[1] == PrintedArticle("yxrb-2024-03-12-01", date(2024, 3, 12), WATER)
    rebuild.add((one.article_id, entry(one.article)) for one in stored[:2])
    assert (archive.keys().tolist(), archive.stored_generation()) == (old, 3)
    assert rebuild.start() == ids  # that one was cut off
    rebuild.add((one.article_id, entry(one.article)) for one in stored)
    rebuild.finish(Manifest("toy", 64, 100, 0))
    assert (archive.stored_generation(), archive.document_frequencies(["水库"])) == (4, {"水库": 2})
    assert archive.passages(old) == {}
    assert min(archive.keys().tolist()) > max(old)
    assert len(archive.search("水库")) == 5
    assert archive.manifest == Manifest("toy", 64, 100, 0)


# Status and verification


def test_the_status_tells_what_the_archive_holds(archive: Archive, settings: ArchiveSettings) -> None:
    status = archive_status(settings)
    assert (status.papers, status.extent) == (archive.papers(), archive.extent())
    assert status.issue_ids == ["yhwb-2024-03-13", "yxrb-2024-03-12", "yxrb-2024-03-14"]
    assert status.facts.items() >= {**archive.manifest.facts(), "generation": "3"}.items()


def test_a_whole_archive_has_no_problems_and_a_vector_of_another_length_is_one(archive: Archive) -> None:
    assert verify(archive) == []
    made = entry(BRIDGE)
    long = Entry(BRIDGE, made.chunks, made.words, 2 * made.vectors, made.days)
    archive.store(SourceFile("yhwb-2024-03-13.md", "print"), [FilePart.new(OTHER, [long])])
    (key,) = archive.chunks_holding(["大桥"]).tolist()
    assert verify(archive) == [MESSAGES.message("verify_vector_length", chunk=key)]
