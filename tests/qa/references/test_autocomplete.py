"""Completing headlines and names."""

from collections.abc import Callable
from datetime import date

import pytest

from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from qa.references.autocomplete import Suggester, Suggestion
from tests.support.doubles import add

OLD, NEW = date(2024, 3, 12), date(2024, 3, 13)


def make_issue(issue_id: str, day: date, *articles: Article) -> Issue:
    return Issue(issue_id, "砚溪日报", day, articles)


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    opened = open_archive()
    add(
        opened,
        make_issue(
            "old", OLD,
            Article("北京的客人看水库", "有客来。", byline="记者 邬桐 戚明砚"),
            Article("水库放水", "放水了。", byline="记者 邬桐"), Article("水位公报", "水位不变。"),
        ),
        make_issue(
            "new", NEW,
            Article("卧虹水库清淤", "清淤了。"), Article("水位公报", "水位略降。"), Article("水价听证在北京", "听证。"),
        ),
    )  # fmt: skip
    return opened


@pytest.fixture
def suggester(archive: Archive) -> Suggester:
    made = Suggester(archive)
    made.settle()
    return made


def texts(suggester: Suggester, typed: str, limit: int = 8) -> list[str]:
    return [suggestion.text for suggestion in suggester.suggest(typed, limit)]


def test_what_begins_with_it_comes_first_and_newer_before_older(suggester: Suggester) -> None:
    assert texts(suggester, "水") == ["水位公报", "水价听证在北京", "水库放水", "卧虹水库清淤", "北京的客人看水库"]


def test_a_headline_stands_once_with_its_count_and_its_newest_article(suggester: Suggester) -> None:
    assert suggester.suggest("水位") == [Suggestion("headline", "水位公报", 2, "new-02", NEW)]


def test_names_of_headlines_and_bylines_are_counted(suggester: Suggester) -> None:
    assert suggester.suggest("北京") == [
        Suggestion("name", "北京", 2, None, NEW),
        Suggestion("headline", "北京的客人看水库", 1, "old-01", OLD),
        Suggestion("headline", "水价听证在北京", 1, "new-03", NEW),
    ]
    assert suggester.suggest("邬") == [Suggestion("name", "邬桐", 2, None, OLD)]


@pytest.mark.parametrize("typed", ["水庫放水", " 水库放 ", "skf", "SKFS"])
def test_spellings_and_initials_complete(suggester: Suggester, typed: str) -> None:
    assert texts(suggester, typed) == ["水库放水"]


def test_initials_complete_names(suggester: Suggester) -> None:
    assert texts(suggester, "qmy") == ["戚明砚"]
    assert texts(suggester, "m") == []


@pytest.mark.parametrize("typed", ["没有的词", "%", "*", "水库水库", "😀", "\u0000"])
def test_what_is_not_there_completes_to_nothing(suggester: Suggester, typed: str) -> None:
    assert texts(suggester, typed) == []


def test_names_take_half_at_most_and_leave_no_place_empty(open_archive: Callable[..., Archive]) -> None:
    archive = open_archive()
    articles = (Article(f"北{number}号公路", "通车。", byline=f"北{name}山") for number, name in enumerate("一二三四五六"))
    add(archive, make_issue("i", NEW, *articles))
    suggester = Suggester(archive)
    suggester.settle()
    kinds = [suggestion.kind for suggestion in suggester.suggest("北", 4)]
    assert kinds == ["name", "name", "headline", "headline"]
    assert len(suggester.suggest("北", 12)) == 12
    assert [suggestion.kind for suggestion in suggester.suggest("公路", 4)] == ["headline"] * 4
    assert [suggestion.kind for suggestion in suggester.suggest("山", 4)] == ["name"] * 4


def test_what_is_new_is_completed_and_what_is_removed_is_not(archive: Archive, suggester: Suggester) -> None:
    add(archive, make_issue("newer", date(2024, 3, 14), Article("水利局在北京领奖", "领奖。")))
    assert texts(suggester, "水利") == ["水利局在北京领奖"]
    suggester.settle()
    assert suggester.suggest("北京")[0].count == 3
    archive.remove(["newer", "new"])
    assert texts(suggester, "水利") == []
    assert suggester.suggest("北京")[0] == Suggestion("name", "北京", 1, None, OLD)


def test_an_empty_archive_completes_nothing(open_archive: Callable[..., Archive]) -> None:
    assert texts(Suggester(open_archive()), "水") == []
