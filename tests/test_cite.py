"""References by GB/T 7714-2015."""

from datetime import date

import pytest

from embeddings.records import Article, Passage
from qa.cite import gbt7714


def reference(title: str = "虹渡大桥合龙", byline: str | None = None, page: int | None = None) -> str:
    article = Article(title, "正文。", byline=byline, page=page)
    return gbt7714(Passage("c", "a", "i", "砚溪日报", date(2024, 3, 4), 9316, article, 0, 3))


@pytest.mark.parametrize(
    ("byline", "page", "expected"),
    [
        ("邬桐", 1, "邬桐. 虹渡大桥合龙[N]. 砚溪日报, 2024-03-04(1)."),
        ("邬桐", None, "邬桐. 虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."),
        (None, 12, "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04(12)."),
        (None, None, "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."),
        ("", None, "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."),
    ],
    ids=["author and page", "author", "page", "neither", "empty byline"],
)
def test_what_is_not_printed_is_left_out(byline: str | None, page: int | None, expected: str) -> None:
    assert reference(byline=byline, page=page) == expected


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("记者 邬桐 戚明砚", "邬桐, 戚明砚"),
        ("本报记者 邬桐", "邬桐"),
        ("本报见习记者邬桐", "邬桐"),
        ("记者 邬桐 通讯员 戚明砚", "邬桐, 戚明砚"),
        ("特约通讯员 邬桐", "邬桐"),
        ("邬桐、戚明砚", "邬桐, 戚明砚"),
        ("邬桐，戚明砚", "邬桐, 戚明砚"),
        ("邬桐,戚明砚/盛溪", "邬桐, 戚明砚, 盛溪"),
        ("邬桐 戚明砚 盛溪", "邬桐, 戚明砚, 盛溪"),
        ("邬桐 戚明砚 盛溪 尚青", "邬桐, 戚明砚, 盛溪, 等"),
        ("记者 邬桐 戚明砚 通讯员 盛溪 尚青 阮知夏", "邬桐, 戚明砚, 盛溪, 等"),
        ("组轩", "组轩"),
        ("阿依努尔·买买提", "阿依努尔·买买提"),
    ],
)
def test_authors_stand_without_their_role_and_three_at_most(byline: str, authors: str) -> None:
    assert reference(byline=byline) == f"{authors}. 虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."


def test_a_byline_of_a_role_alone_names_no_author() -> None:
    assert reference(byline="本报评论员") == "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."


def test_the_headline_is_quoted_to_the_letter() -> None:
    assert reference(title="灯笼巷的路灯，何时亮？ 市民来信") == "灯笼巷的路灯，何时亮？ 市民来信[N]. 砚溪日报, 2024-03-04."
