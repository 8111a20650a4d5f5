"""References by GB/T 7714-2015, and in the formats of reference managers, read back by parsers of their own."""

import json
from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st

from embeddings.records import Article, Passage
from qa.references.formats import bibtex, csl, gbt7714, ris

STRANGE = r"50% & {half} #1_a ~ \alpha $5 ^2 “灯笼巷”" + "\n<b>"


def passage(
    title: str = "虹渡大桥合龙",
    byline: str | None = None,
    page: str | None = None,
    url: str | None = None,
    number: int | None = 9316,
) -> Passage:
    article = Article(title, "正文。", byline=byline, page=page, url=url)
    return Passage("c", "yxrb-2024-03-04-01", "i", "砚溪日报", date(2024, 3, 4), number, article, 0, 3)


def reference(title: str = "虹渡大桥合龙", byline: str | None = None, page: str | None = None) -> str:
    return gbt7714(passage(title, byline, page))


FULL = passage(byline="记者 邬桐 戚明砚 通讯员 盛溪 尚青", page="2", url="https://yanxi.example/a?b=1&c=%7B")
BARE = passage(number=None)


@pytest.mark.parametrize(
    ("byline", "page", "expected"),
    [
        ("邬桐", "1", "邬桐. 虹渡大桥合龙[N]. 砚溪日报, 2024-03-04(1)."),
        ("邬桐", None, "邬桐. 虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."),
        (None, "12", "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04(12)."),
        (None, None, "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."),
        ("", None, "虹渡大桥合龙[N]. 砚溪日报, 2024-03-04."),
    ],
    ids=["author and page", "author", "page", "neither", "empty byline"],
)
def test_what_is_not_printed_is_left_out(byline: str | None, page: str | None, expected: str) -> None:
    assert reference(byline=byline, page=page) == expected


def test_a_weekly_an_extra_edition_and_a_second_page_are_cited_as_printed() -> None:
    article = Article("虹渡大桥合龙", "正文。", page="1", continued="3")
    weekly = replace(passage(), article=article, last_date=date(2024, 3, 10), edition="号外")
    assert gbt7714(weekly) == "虹渡大桥合龙[N]. 砚溪日报(号外), 2024-03-04/2024-03-10(1, 3)."
    assert "date = {2024-03-04/2024-03-10}" in bibtex(weekly)
    assert "pages = {1, 3}" in bibtex(weekly)
    (item,) = json.loads(csl(weekly))
    assert (item["issued"], item["page"], item["container-title"]) == (
        {"date-parts": [[2024, 3, 4], [2024, 3, 10]]}, "1, 3", "砚溪日报(号外)",
    )  # fmt: skip


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


# BibTeX


def entry(written: str) -> tuple[str, str, dict[str, str]]:
    """Return the type, the key and the fields of the one entry, TeX's commands read back as characters."""
    plain, decoded = (
        bibtexparser.parse_string(written, append_middleware=middleware) for middleware in ([], [LatexDecodingMiddleware()])
    )
    assert not plain.failed_blocks
    assert not decoded.failed_blocks
    (found,) = decoded.entries
    fields = {field.key: str(field.value) for field in found.fields}
    if "url" in fields:  # TeX takes it as it stands
        fields["url"] = plain.entries[0]["url"]
    return found.entry_type, found.key, fields


def test_bibtex_holds_what_is_printed_and_every_author() -> None:
    kind, key, fields = entry(bibtex(FULL))
    assert (kind, key) == ("article", "yxrb-2024-03-04-01")
    assert fields == {
        "author": "邬桐 and 戚明砚 and 盛溪 and 尚青", "title": "虹渡大桥合龙", "journal": "砚溪日报",
        "entrysubtype": "newspaper", "year": "2024", "month": "mar", "date": "2024-03-04", "number": "9316", "pages": "2",
        "url": "https://yanxi.example/a?b=1&c=%7B", "langid": "chinese",
    }  # fmt: skip


def test_bibtex_leaves_out_what_is_not_printed() -> None:
    assert set(entry(bibtex(BARE))[2]) == {"title", "journal", "entrysubtype", "year", "month", "date", "langid"}


def test_characters_that_tex_takes_for_commands_are_written_as_commands() -> None:
    title = r"50% & {half} #1_a ~ \alpha $5 ^2"
    written = bibtex(passage(title))
    assert (
        r"  title = {{50\% \& {\textbraceleft}half{\textbraceright} \#1\_a {\textasciitilde} "
        r"{\textbackslash}alpha \$5 {\textasciicircum}2}}," in written
    )
    # The parser knows no braces by name, and takes the circumflex for the accent.
    assert entry(written)[2]["title"] == title.translate({ord("{"): None, ord("}"): None, ord("^"): "ˆ"})


@given(st.text(st.sampled_from('{}\\%$&#_^~"@,= \n桥a'), min_size=1))
def test_no_headline_breaks_an_entry(title: str) -> None:
    written = bibtex(passage(title, byline=f"记者 {title}"))
    assert written.count("{") == written.count("}")
    assert entry(written)[2]["journal"] == "砚溪日报"


# RIS


def test_ris_holds_what_is_printed_and_every_author() -> None:
    (found,) = rispy.loads(ris(FULL))
    assert found == {
        "type_of_reference": "NEWS", "id": "yxrb-2024-03-04-01", "authors": ["邬桐", "戚明砚", "盛溪", "尚青"],
        "title": "虹渡大桥合龙", "secondary_title": "砚溪日报", "year": "2024", "date": "2024/03/04", "number": "9316",
        "start_page": "2", "urls": ["https://yanxi.example/a?b=1&c=%7B"], "language": "zh",
    }  # fmt: skip


def test_ris_leaves_out_what_is_not_printed_and_ends_its_lines_as_the_format_does() -> None:
    assert ris(BARE).split("\r\n") == [
        "TY  - NEWS", "ID  - yxrb-2024-03-04-01", "TI  - 虹渡大桥合龙", "T2  - 砚溪日报", "PY  - 2024", "DA  - 2024/03/04",
        "LA  - zh", "ER  - ", "",
    ]  # fmt: skip


def test_a_headline_of_two_lines_starts_no_field() -> None:
    (found,) = rispy.loads(ris(passage("合龙\r\nER  - \nTY  - BOOK")))
    assert (found["type_of_reference"], found["title"]) == ("NEWS", "合龙 ER - TY - BOOK")


# CSL-JSON


def test_csl_holds_what_is_printed_and_every_author() -> None:
    assert json.loads(csl(FULL)) == [
        {
            "id": "yxrb-2024-03-04-01", "type": "article-newspaper", "title": "虹渡大桥合龙", "container-title": "砚溪日报",
            "author": [{"literal": "邬桐"}, {"literal": "戚明砚"}, {"literal": "盛溪"}, {"literal": "尚青"}],
            "issued": {"date-parts": [[2024, 3, 4]]}, "issue": "9316", "page": "2",
            "URL": "https://yanxi.example/a?b=1&c=%7B", "language": "zh-CN",
        }
    ]  # fmt: skip


def test_csl_leaves_out_what_is_not_printed() -> None:
    (item,) = json.loads(csl(BARE))
    assert set(item) == {"id", "type", "title", "container-title", "issued", "language"}
    assert json.loads(csl(passage(STRANGE)))[0]["title"] == STRANGE
