"""The catalogue stores an issue whole or not at all, and finds it by words, date, paper and id."""

import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.errors import ArchiveError
from embeddings.records import Article, Chunk, Days, Extent, Filters, Issue, IssueSummary, Precision
from embeddings.store.catalogue import Catalog, StoredIssue
from embeddings.store.schema import Entry
from embeddings.text.segmentation import search_words

MANIFEST = {"model": "toy", "dimension": "4", "chunk_size": "260", "chunk_overlap": "1"}
FULL = Article("标题", "正文在此。", "肩题", "副题", "栏目", "记者 甲乙", "《丙报》", 2, "https://yanxi.example/1")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "catalog.sqlite", MANIFEST)


def make_issue(issue_id: str, *articles: Article, paper: str = "砚溪日报") -> Issue:
    return Issue(issue_id, paper, date.fromisoformat(issue_id[-10:]), articles, 9370, 4, "CN00-0916", ("甲", "乙"))


def entry(article: Article, *days: Days) -> Entry:
    words = (" ".join(search_words(article.title)), " ".join(search_words(article.body)))
    return Entry(article, [Chunk(1, 0, len(article.body))], [words], np.eye(1, 4, dtype=np.float32), [days])


def store(catalog: Catalog, issue: Issue, path: str = "") -> bool:
    return catalog.replace(issue, [entry(article) for article in issue.articles], path or issue.issue_id, "print")


def find(catalog: Catalog, question: str, filters: Filters = Filters()) -> list[str]:
    keys = [key for key, _ in catalog.match(search_words(question), 50, filters)]
    return [passage.chunk_id for passage in catalog.passages(keys).values()]


def test_an_issue_comes_back_as_it_was_stored(catalog: Catalog) -> None:
    issue = make_issue("yxrb-2024-05-06", FULL, Article("二", "渠水来了。"))
    assert store(catalog, issue) is False
    assert catalog.issue("yxrb-2024-05-06") == issue
    assert catalog.article("yxrb-2024-05-06-01") == FULL
    assert catalog.issue_of("yxrb-2024-05-06-02") == (issue, 1)
    assert catalog.article_ids() == ["yxrb-2024-05-06-01", "yxrb-2024-05-06-02"]


def test_what_is_not_there_is_none_or_a_key_error(catalog: Catalog) -> None:
    assert catalog.issue("yxrb-2024-05-06") is None
    assert catalog.issue_of("yxrb-2024-05-06-01") is None
    with pytest.raises(KeyError, match="yxrb-2024-05-06-01"):
        catalog.article("yxrb-2024-05-06-01")


def test_a_passage_carries_all_that_a_citation_needs(catalog: Catalog) -> None:
    store(catalog, make_issue("yxrb-2024-05-06", FULL))
    (passage,) = catalog.passages(catalog.keys().tolist()).values()
    assert (passage.chunk_id, passage.article_id, passage.issue_id) == (
        "yxrb-2024-05-06-01-1",
        "yxrb-2024-05-06-01",
        "yxrb-2024-05-06",
    )
    assert (passage.paper, passage.issue_date, passage.issue_number) == ("砚溪日报", date(2024, 5, 6), 9370)
    assert (passage.article, passage.text, passage.days) == (FULL, "正文在此。", ())


def test_a_passage_carries_the_days_it_speaks_of_earliest_first(catalog: Catalog) -> None:
    month = Days(date(2024, 4, 1), date(2024, 4, 30), Precision.MONTH)
    day = Days(date(2024, 5, 5), date(2024, 5, 5), Precision.DAY)
    issue = make_issue("yxrb-2024-05-06", FULL, Article("二", "渠水来了。"))
    catalog.replace(issue, [entry(FULL, day, month), entry(issue.articles[1], day)], "a.md", "print")
    first, second = catalog.passages(catalog.keys().tolist()).values()
    assert (first.days, second.days) == ((month, day), (day,))
    catalog.remove(["yxrb-2024-05-06"])
    assert catalog.db.execute("SELECT count(*) FROM days").fetchone() == (0,)


def test_a_replaced_issue_leaves_no_article_chunk_or_word_behind(catalog: Catalog) -> None:
    store(catalog, make_issue("yxrb-2024-05-06", Article("旧", "水库放水。"), Article("旧二", "桥通了。")))
    old = catalog.keys().tolist()
    assert store(catalog, make_issue("yxrb-2024-05-06", Article("新", "灯笼亮了。"))) is True
    assert find(catalog, "水库 桥") == []
    assert find(catalog, "灯笼") == ["yxrb-2024-05-06-01-1"]
    assert catalog.article_ids() == ["yxrb-2024-05-06-01"]
    assert catalog.passages(old) == {}
    assert catalog.document_frequencies(["水库", "灯笼"]) == {"水库": 0, "灯笼": 1}


def test_an_issue_that_changed_its_date_replaces_the_one_of_its_file(catalog: Catalog) -> None:
    store(catalog, make_issue("yxrb-2024-05-06", FULL), path="a.md")
    assert store(catalog, make_issue("yxrb-2024-05-07", FULL), path="a.md") is True
    assert catalog.article_ids() == ["yxrb-2024-05-07-01"]


def test_stored_issues_are_found_by_path_print_and_id_or_all_listed(catalog: Catalog) -> None:
    for day in ("06", "07"):
        store(catalog, make_issue(f"yxrb-2024-05-{day}", FULL), path=f"{day}.md")
    first, second = catalog.stored()
    assert first == StoredIssue("yxrb-2024-05-06", "砚溪日报", "06.md", "print")
    assert catalog.stored(path="07.md") == catalog.stored(issue_id="yxrb-2024-05-07") == [second]
    assert catalog.stored(fingerprint="print") == [first, second]
    assert catalog.stored(path="08.md") == []


def test_keys_are_never_used_twice(catalog: Catalog) -> None:
    store(catalog, make_issue("yxrb-2024-05-06", FULL))
    old = catalog.keys().tolist()
    catalog.remove(["yxrb-2024-05-06"])
    store(catalog, make_issue("yxrb-2024-05-06", FULL))
    assert catalog.keys().tolist() == [old[-1] + 1]


def test_a_failed_transaction_stores_nothing_and_keeps_the_generation(catalog: Catalog) -> None:
    store(catalog, make_issue("yxrb-2024-05-06", FULL))
    bad = Entry(FULL, [Chunk(1, 0, 2), Chunk(1, 2, 5)], [("", ""), ("", "")], np.ones((2, 4), np.float32), [(), ()])
    with pytest.raises(sqlite3.IntegrityError):
        catalog.replace(make_issue("yxrb-2024-05-06", FULL), [bad], "b.md", "other")
    assert catalog.generation() == 1
    assert [stored.fingerprint for stored in catalog.stored(issue_id="yxrb-2024-05-06")] == ["print"]
    assert find(catalog, "正文") == ["yxrb-2024-05-06-01-1"]


def test_every_change_raises_the_generation_and_a_move_does_not(catalog: Catalog) -> None:
    assert catalog.generation() == 0
    store(catalog, make_issue("yxrb-2024-05-06", FULL))
    assert catalog.generation() == 1
    catalog.move("yxrb-2024-05-06", "elsewhere.md")
    assert catalog.generation() == 1
    assert catalog.stored(path="elsewhere.md")[0].issue_id == "yxrb-2024-05-06"
    catalog.remove(["yxrb-2024-05-06"])
    assert catalog.generation() == 2
    assert catalog.manifest() == {**MANIFEST, "schema": "2", "generation": "2"}


def test_a_reader_sees_one_state_while_another_thread_writes(catalog: Catalog) -> None:
    other = Catalog.open(catalog.path)
    with other.read() as db:
        assert db.execute("SELECT count(*) FROM issues").fetchone() == (0,)
        store(catalog, make_issue("yxrb-2024-05-06", FULL))
        assert db.execute("SELECT count(*) FROM issues").fetchone() == (0,)
    assert other.generation() == 1


# Searching


@pytest.fixture
def three(catalog: Catalog) -> Catalog:
    """Two issues of one paper and one of another, all with the same article."""
    store(catalog, make_issue("yxrb-2024-05-06", Article("放水", "水库今日放水。")))
    store(catalog, make_issue("yxrb-2024-05-08", Article("放水", "水库今日放水。")))
    store(catalog, make_issue("yhwb-2024-05-07", Article("放水", "水库今日放水。"), paper="云河晚报"))
    return catalog


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), {"yxrb-2024-05-06", "yhwb-2024-05-07", "yxrb-2024-05-08"}),
        (Filters(first=date(2024, 5, 7)), {"yhwb-2024-05-07", "yxrb-2024-05-08"}),
        (Filters(last=date(2024, 5, 7)), {"yxrb-2024-05-06", "yhwb-2024-05-07"}),
        (Filters(first=date(2024, 5, 7), last=date(2024, 5, 7)), {"yhwb-2024-05-07"}),
        (Filters(issue_id="yxrb-2024-05-08"), {"yxrb-2024-05-08"}),
        (Filters(paper="砚溪日报"), {"yxrb-2024-05-06", "yxrb-2024-05-08"}),
        (Filters(paper="砚溪日报", last=date(2024, 5, 6)), {"yxrb-2024-05-06"}),
        (Filters(paper="无此报"), set()),
    ],
    ids=["none", "from", "to", "one day", "issue", "paper", "paper and date", "unknown paper"],
)
def test_filters_hold_for_words_keys_and_counts(three: Catalog, filters: Filters, found: set[str]) -> None:
    keys = [key for key, _ in three.match(["水库"], 50, filters)]
    assert {passage.issue_id for passage in three.passages(keys).values()} == found
    assert three.keys(filters).tolist() == sorted(keys)
    days = sorted(date.fromisoformat(issue_id[-10:]) for issue_id in found)
    count = len(found)
    assert three.extent(filters) == Extent(count, count, count, days[0] if days else None, days[-1] if days else None)


@pytest.mark.parametrize("filters", [Filters(), Filters(first=date(2024, 5, 1))], ids=["unfiltered", "filtered"])
def test_rarer_words_and_more_of_them_rank_first(catalog: Catalog, filters: Filters) -> None:
    bodies = ["水库今日放水。", "水库。", "灯笼巷的路灯亮了。", "虹渡大桥合龙。", "环湖跑报名。"]
    store(catalog, make_issue("yxrb-2024-05-06", *(Article("题", body) for body in bodies)))
    ranked = catalog.match(["水库", "放水"], 50, filters)
    assert [key for key, _ in ranked] == [1, 2]
    assert ranked[0][1] > ranked[1][1] > 0
    assert catalog.match(["水库", "放水"], 1, filters) == ranked[:1]


def test_the_words_of_chosen_chunks_score_as_in_the_whole(three: Catalog) -> None:
    whole = dict(three.match(["水库"], 50, Filters()))
    assert dict(three.match(["水库"], 50, Filters(), keys=[2, 3])) == {key: whole[key] for key in (2, 3)}
    assert three.match(["水库"], 50, Filters(), keys=[]) == []


def test_a_headline_is_searched_too(catalog: Catalog) -> None:
    store(catalog, make_issue("yxrb-2024-05-06", Article("卧虹水库放水", "今日上午开闸。")))
    assert find(catalog, "水库") == ["yxrb-2024-05-06-01-1"]


def test_no_words_find_nothing(three: Catalog) -> None:
    assert three.match([], 50, Filters()) == []
    assert three.document_frequencies([]) == {}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text(st.sampled_from("\"'*^:()-+ ANDORNEAR水库。%."), max_size=20))
def test_no_question_breaks_the_query_language(three: Catalog, question: str) -> None:
    words = [*search_words(question), *question.replace("\0", " ").split()]
    assert {key for key, _ in three.match(words, 50, Filters())} <= {1, 2, 3}


def test_issues_are_listed_newest_first_and_paged(three: Catalog) -> None:
    assert three.summaries(2) == [
        IssueSummary("yxrb-2024-05-08", "砚溪日报", date(2024, 5, 8), 9370, 1, 1),
        IssueSummary("yhwb-2024-05-07", "云河晚报", date(2024, 5, 7), 9370, 1, 1),
    ]
    assert [line.issue_id for line in three.summaries(2, after="yhwb-2024-05-07")] == ["yxrb-2024-05-06"]
    assert three.summaries(2, after="unknown-2024-01-01") == []
    assert three.papers() == ["云河晚报", "砚溪日报"]


def test_vectors_come_back_with_their_keys(three: Catalog) -> None:
    ((keys, vectors),) = three.vectors([3, 1, 99], 4)
    assert keys.tolist() == [1, 3]
    assert vectors.tolist() == [[1, 0, 0, 0], [1, 0, 0, 0]]


# Opening


def test_a_missing_catalogue_is_named_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"gone\.sqlite: there is no archive here; make one with: python -m embeddings sync"):
        Catalog.open(tmp_path / "gone.sqlite")


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ArchiveError, match="not a readable catalogue"):
        Catalog.open(path)


def test_a_catalogue_of_another_schema_is_refused(catalog: Catalog) -> None:
    catalog.db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with pytest.raises(ArchiveError, match="made by another version \\(schema 1\\)"):
        Catalog.open(catalog.path)


def test_a_closed_connection_is_opened_again(catalog: Catalog) -> None:
    catalog.close()
    catalog.close()
    assert catalog.generation() == 0
