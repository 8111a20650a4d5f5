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
from embeddings.store.records import Changes, Entry, FilePart, Manifest, PrintedArticle, SourceFile, StoredFile
from embeddings.store.sqlite_catalogue import SqliteCatalogue
from embeddings.text.segmentation import search_words

pytestmark = pytest.mark.usefixtures("english")

MANIFEST = Manifest("toy", 4, 260, 1)
FULL = Article("标题", "正文在此。", "肩题", "副题", "栏目", "记者 甲乙", "《丙报》", "2", "https://yanxi.example/1")


@pytest.fixture
def catalogue(tmp_path: Path) -> SqliteCatalogue:
    return SqliteCatalogue.create(tmp_path / "catalog.sqlite", MANIFEST)


def make_issue(issue_id: str, *articles: Article, paper: str = "砚溪日报") -> Issue:
    return Issue(issue_id, paper, date.fromisoformat(issue_id[-10:]), articles, 9370, 4, "CN00-0916", ("甲", "乙"))


def entry(article: Article, *days: Days) -> Entry:
    words = (" ".join(search_words(article.title)), " ".join(search_words(article.body)))
    return Entry(article, [Chunk(1, 0, len(article.body))], [words], np.eye(1, 4, dtype=np.float32), [days])


SLUGS = {"砚溪日报": "yxrb", "云河晚报": "yhwb"}


def store(catalogue: SqliteCatalogue, issue: Issue, path: str = "") -> Changes:
    """Store an issue as one file; an article of the same headline keeps its number."""
    held = {one.article.title: one.ordinal for one in catalogue.held_articles(path=path or issue.issue_id)}
    part = FilePart(issue, [entry(one) for one in issue.articles], [held.get(one.title) for one in issue.articles])
    return catalogue.store(SourceFile(path or issue.issue_id, "print"), [part], SLUGS)


def find(catalogue: SqliteCatalogue, question: str, filters: Filters = Filters()) -> list[str]:
    keys = [key for key, _ in catalogue.lexical_search(search_words(question), 50, filters)]
    return [passage.chunk_id for passage in catalogue.passages(keys).values()]


def test_an_issue_comes_back_as_it_was_stored(catalogue: SqliteCatalogue) -> None:
    issue = make_issue("yxrb-2024-05-06", FULL, Article("二", "渠水来了。"))
    assert store(catalogue, issue) == Changes(added=["yxrb-2024-05-06"])
    assert catalogue.issue("yxrb-2024-05-06") == issue
    assert catalogue.printed_articles(["none", "yxrb-2024-05-06-01"]) == [
        PrintedArticle("yxrb-2024-05-06-01", date(2024, 5, 6), FULL)
    ]
    assert catalogue.issue_of("yxrb-2024-05-06-02") == (issue, 1)
    assert catalogue.article_ids() == ["yxrb-2024-05-06-01", "yxrb-2024-05-06-02"]


def test_what_is_not_there_is_none_or_left_out(catalogue: SqliteCatalogue) -> None:
    assert catalogue.issue("yxrb-2024-05-06") is None
    assert catalogue.issue_of("yxrb-2024-05-06-01") is None
    assert catalogue.printed_articles(["yxrb-2024-05-06-01"]) == []


def test_a_passage_carries_all_that_a_citation_needs(catalogue: SqliteCatalogue) -> None:
    store(catalogue, make_issue("yxrb-2024-05-06", FULL))
    (passage,) = catalogue.passages(catalogue.keys().tolist()).values()
    assert (passage.chunk_id, passage.article_id, passage.issue_id) == (
        "yxrb-2024-05-06-01-1",
        "yxrb-2024-05-06-01",
        "yxrb-2024-05-06",
    )
    assert (passage.paper, passage.issue_date, passage.issue_number) == ("砚溪日报", date(2024, 5, 6), 9370)
    assert (passage.article, passage.text, passage.days) == (FULL, "正文在此。", ())


def test_a_passage_carries_the_days_it_speaks_of_earliest_first(catalogue: SqliteCatalogue) -> None:
    month = Days(date(2024, 4, 1), date(2024, 4, 30), Precision.MONTH)
    day = Days(date(2024, 5, 5), date(2024, 5, 5), Precision.DAY)
    issue = make_issue("yxrb-2024-05-06", FULL, Article("二", "渠水来了。"))
    part = FilePart.new(issue, [entry(FULL, day, month), entry(issue.articles[1], day)])
    catalogue.store(SourceFile("a.md", "print"), [part], SLUGS)
    first, second = catalogue.passages(catalogue.keys().tolist()).values()
    assert (first.days, second.days) == ((month, day), (day,))
    catalogue.remove(["yxrb-2024-05-06"])
    assert catalogue.db.execute("SELECT count(*) FROM days").fetchone() == (0,)


def test_a_replaced_issue_leaves_no_article_chunk_or_word_behind(catalogue: SqliteCatalogue) -> None:
    store(catalogue, make_issue("yxrb-2024-05-06", Article("旧", "水库放水。"), Article("旧二", "桥通了。")))
    old = catalogue.keys().tolist()
    new = make_issue("yxrb-2024-05-06", Article("新", "灯笼亮了。"))
    assert store(catalogue, new) == Changes(replaced=["yxrb-2024-05-06"])
    assert find(catalogue, "水库 桥") == []
    assert find(catalogue, "灯笼") == ["yxrb-2024-05-06-03-1"]
    assert catalogue.article_ids() == ["yxrb-2024-05-06-03"]
    assert catalogue.passages(old) == {}
    assert catalogue.document_frequencies(["水库", "灯笼"]) == {"水库": 0, "灯笼": 1}


def test_an_issue_that_changed_its_date_replaces_the_one_of_its_file(catalogue: SqliteCatalogue) -> None:
    store(catalogue, make_issue("yxrb-2024-05-06", FULL), path="a.md")
    changes = store(catalogue, make_issue("yxrb-2024-05-07", FULL), path="a.md")
    assert changes == Changes(added=["yxrb-2024-05-07"], removed=["yxrb-2024-05-06"])
    assert catalogue.article_ids() == ["yxrb-2024-05-07-01"]


def test_files_are_found_by_path_print_and_issue_or_all_listed(catalogue: SqliteCatalogue) -> None:
    for day in ("06", "07"):
        store(catalogue, make_issue(f"yxrb-2024-05-{day}", FULL), path=f"{day}.md")
    first, second = catalogue.stored_files()
    assert first == StoredFile(SourceFile("06.md", "print"), ("yxrb-2024-05-06",))
    assert catalogue.stored_files(path="07.md") == catalogue.stored_files(issue_id="yxrb-2024-05-07") == [second]
    assert catalogue.stored_files(fingerprint="print") == [first, second]
    assert catalogue.stored_files(path="08.md") == []


def test_keys_are_never_used_twice(catalogue: SqliteCatalogue) -> None:
    store(catalogue, make_issue("yxrb-2024-05-06", FULL))
    old = catalogue.keys().tolist()
    catalogue.remove(["yxrb-2024-05-06"])
    store(catalogue, make_issue("yxrb-2024-05-06", FULL))
    assert catalogue.keys().tolist() == [old[-1] + 1]


def test_a_failed_transaction_stores_nothing_and_keeps_the_generation(catalogue: SqliteCatalogue) -> None:
    store(catalogue, make_issue("yxrb-2024-05-06", FULL))
    bad = Entry(FULL, [Chunk(1, 0, 2), Chunk(1, 2, 5)], [("", ""), ("", "")], np.ones((2, 4), np.float32), [(), ()])
    with pytest.raises(sqlite3.IntegrityError):
        catalogue.store(
            SourceFile("yxrb-2024-05-06", "other"), [FilePart.new(make_issue("yxrb-2024-05-06", FULL), [bad])], SLUGS
        )
    assert catalogue.generation() == 1
    assert [stored.source.fingerprint for stored in catalogue.stored_files(issue_id="yxrb-2024-05-06")] == ["print"]
    assert find(catalogue, "正文") == ["yxrb-2024-05-06-01-1"]


def test_a_failure_is_told_even_where_sqlite_ended_the_transaction_by_itself(catalogue: SqliteCatalogue) -> None:
    def fill_the_disk() -> None:
        catalogue.db.execute("ROLLBACK")  # as SQLite does then
        raise OSError("disk full")

    for transaction in (catalogue._write(), catalogue.consistent_view()):
        with pytest.raises(OSError, match="disk full"), transaction:
            fill_the_disk()
    assert store(catalogue, make_issue("yxrb-2024-05-06", FULL)).added == ["yxrb-2024-05-06"]


def test_every_change_raises_the_generation_and_a_move_does_not(catalogue: SqliteCatalogue) -> None:
    assert catalogue.generation() == 0
    store(catalogue, make_issue("yxrb-2024-05-06", FULL))
    assert catalogue.generation() == 1
    catalogue.note(SourceFile("elsewhere.md", "print"), "yxrb-2024-05-06")
    assert catalogue.generation() == 1
    assert catalogue.stored_files(path="elsewhere.md")[0].issue_ids == ("yxrb-2024-05-06",)
    catalogue.remove(["yxrb-2024-05-06"])
    assert catalogue.generation() == 2
    assert catalogue.facts() == {**MANIFEST.facts(), "schema": "4", "generation": "2"}


def test_a_reader_sees_one_state_while_another_thread_writes(catalogue: SqliteCatalogue) -> None:
    other = SqliteCatalogue.open(catalogue.path)
    with other.consistent_view():
        assert other.issue_days() == []
        store(catalogue, make_issue("yxrb-2024-05-06", FULL))
        assert (other.issue_days(), other.generation()) == ([], 0)
    assert other.generation() == 1


# Searching


@pytest.fixture
def three(catalogue: SqliteCatalogue) -> SqliteCatalogue:
    """Two issues of one paper and one of another, all with the same article."""
    store(catalogue, make_issue("yxrb-2024-05-06", Article("放水", "水库今日放水。")))
    store(catalogue, make_issue("yxrb-2024-05-08", Article("放水", "水库今日放水。")))
    store(catalogue, make_issue("yhwb-2024-05-07", Article("放水", "水库今日放水。"), paper="云河晚报"))
    return catalogue


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
def test_filters_hold_for_words_keys_and_counts(three: SqliteCatalogue, filters: Filters, found: set[str]) -> None:
    keys = [key for key, _ in three.lexical_search(["水库"], 50, filters)]
    assert {passage.issue_id for passage in three.passages(keys).values()} == found
    assert three.keys(filters).tolist() == sorted(keys)
    days = sorted(date.fromisoformat(issue_id[-10:]) for issue_id in found)
    count = len(found)
    assert three.extent(filters) == Extent(count, count, count, days[0] if days else None, days[-1] if days else None)


@pytest.mark.parametrize("filters", [Filters(), Filters(first=date(2024, 5, 1))], ids=["unfiltered", "filtered"])
def test_rarer_words_and_more_of_them_rank_first(catalogue: SqliteCatalogue, filters: Filters) -> None:
    bodies = ["水库今日放水。", "水库。", "灯笼巷的路灯亮了。", "虹渡大桥合龙。", "环湖跑报名。"]
    store(catalogue, make_issue("yxrb-2024-05-06", *(Article("题", body) for body in bodies)))
    ranked = catalogue.lexical_search(["水库", "放水"], 50, filters)
    assert [key for key, _ in ranked] == [1, 2]
    assert ranked[0][1] > ranked[1][1] > 0
    assert catalogue.lexical_search(["水库", "放水"], 1, filters) == ranked[:1]


def test_the_words_of_chosen_chunks_score_as_in_the_whole(three: SqliteCatalogue) -> None:
    whole = dict(three.lexical_search(["水库"], 50, Filters()))
    assert list(three.lexical_scores(["水库"], [3, 2, 99]).items()) == [(key, whole[key]) for key in (2, 3)]
    assert three.lexical_scores(["水库"], []) == three.lexical_scores([], [2]) == {}


def test_a_headline_is_searched_too(catalogue: SqliteCatalogue) -> None:
    store(catalogue, make_issue("yxrb-2024-05-06", Article("卧虹水库放水", "今日上午开闸。")))
    assert find(catalogue, "水库") == ["yxrb-2024-05-06-01-1"]


def test_no_words_find_nothing(three: SqliteCatalogue) -> None:
    assert three.lexical_search([], 50, Filters()) == []
    assert three.document_frequencies([]) == {}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40) | st.text(st.sampled_from("\"'*^:()-+ ANDORNEAR水库。%."), max_size=20))
def test_no_question_breaks_the_query_language(three: SqliteCatalogue, question: str) -> None:
    words = [*search_words(question), question, *question.split(" ")]
    assert {key for key, _ in three.lexical_search(words, 50, Filters())} <= {1, 2, 3}
    assert set(three.chunks_holding(words).tolist()) <= {1, 2, 3}
    assert three.count_phrase(words, 2) <= 2
    assert set(three.matching_passages(words).values()) <= {1}
    assert three.later_articles("yxrb-2024-05-06-01", words) == []


def test_issues_are_listed_newest_first_and_paged(three: SqliteCatalogue) -> None:
    assert three.summaries(2) == [
        IssueSummary("yxrb-2024-05-08", "砚溪日报", date(2024, 5, 8), 9370, 1, 1),
        IssueSummary("yhwb-2024-05-07", "云河晚报", date(2024, 5, 7), 9370, 1, 1),
    ]
    assert [line.issue_id for line in three.summaries(2, after="yhwb-2024-05-07")] == ["yxrb-2024-05-06"]
    assert three.summaries(2, after="unknown-2024-01-01") == []
    assert three.papers() == ["云河晚报", "砚溪日报"]


def test_vectors_come_back_with_their_keys(three: SqliteCatalogue) -> None:
    ((keys, vectors),) = three.vectors([3, 1, 99], 4)
    assert keys.tolist() == [1, 3]
    assert vectors.tolist() == [[1, 0, 0, 0], [1, 0, 0, 0]]


# Opening


def test_a_missing_catalogue_is_named_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"gone\.sqlite: there is no archive here; make one with: python -m embeddings sync"):
        SqliteCatalogue.open(tmp_path / "gone.sqlite")


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ArchiveError, match="not a readable catalogue"):
        SqliteCatalogue.open(path)


def test_a_catalogue_of_another_schema_is_refused(catalogue: SqliteCatalogue) -> None:
    catalogue.db.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with pytest.raises(ArchiveError, match="made by another version \\(schema 1\\)"):
        SqliteCatalogue.open(catalogue.path)


def test_a_closed_connection_is_opened_again(catalogue: SqliteCatalogue) -> None:
    catalogue.close()
    catalogue.close()
    assert catalogue.generation() == 0
