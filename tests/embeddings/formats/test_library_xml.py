"""METS and ALTO, as libraries deliver issues: articles with the words of their blocks, pages and facts."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file, read_file
from embeddings.formats.reading import FileReading

pytestmark = pytest.mark.usefixtures("english")

Block = tuple[str, str, list[str]]  # id, label, lines


def alto(number: int, blocks: list[Block], version: int = 3, size: dict[str, int] | None = None) -> str:
    sizes = size or {}
    text = "".join(
        f'<TextBlock ID="{name}"{f" TAGREFS={chr(34)}T-{label}{chr(34)}" if label else ""}>'
        + "".join(
            f'<TextLine HPOS="100" VPOS="10" WIDTH="400" HEIGHT="{sizes.get(name, 20)}">'
            + "".join(f'<String CONTENT="{word}" WC="0.9"/><SP/>' for word in line.split("|"))
            + "</TextLine>"
            for line in lines
        )
        + "</TextBlock>"
        for name, label, lines in blocks
    )
    labels = "".join(f'<StructureTag ID="T-{label}" LABEL="{label}"/>' for label in {block[1] for block in blocks} if label)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#"><Tags>{labels}</Tags>'
        f'<Layout><Page ID="P{number}" PHYSICAL_IMG_NR="{number}"><TopMargin><TextBlock '
        f'ID="M"><TextLine><String CONTENT="書眉"/></TextLine></TextBlock></TopMargin><PrintSpace>{text}</PrintSpace>'
        "</Page></Layout></alto>"
    )


ONE = alto(
    1,
    [
        ("B1", "headline", ["渡口大橋|合龍"]),
        ("B2", "", ["昨日上午，渡口大橋合龍，全長一千", "二百米。兩岸往來只要十分鐘"]),
        ("B3", "headline", ["早稻育秧"]),
        ("B4", "", ["早稻育秧開始了。"]),
    ],
)
TWO = alto(2, [("C1", "", ["，比從前快了一半。"])])
METS = """<?xml version="1.0" encoding="UTF-8"?>
<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">
 <mets:dmdSec ID="D1"><mets:mdWrap><mets:xmlData><mods:mods><mods:titleInfo><mods:title>雲澤時報</mods:title></mods:titleInfo>
  <mods:originInfo><mods:dateIssued encoding="iso8601">1936-03-12</mods:dateIssued></mods:originInfo>
  <mods:part><mods:detail type="issue"><mods:number>5123</mods:number></mods:detail></mods:part></mods:mods>
 </mets:xmlData></mets:mdWrap></mets:dmdSec>
 <mets:fileSec><mets:fileGrp USE="Text">
  <mets:file ID="A1"><mets:FLocat LOCTYPE="URL" xlink:href="file://./alto/0001.xml"/></mets:file>
  <mets:file ID="A2"><mets:FLocat LOCTYPE="URL" xlink:href="alto/0002.xml"/></mets:file></mets:fileGrp></mets:fileSec>
 <mets:structMap TYPE="LOGICAL"><mets:div TYPE="Newspaper"><mets:div TYPE="ISSUE"><mets:div TYPE="CONTENT">
  <mets:div TYPE="ARTICLE" LABEL="渡口大橋合龍">
   <mets:div TYPE="HEADING"><mets:fptr><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="B1"/></mets:fptr></mets:div>
   <mets:div TYPE="BODY"><mets:div TYPE="PARAGRAPH">
    <mets:fptr><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="B2"/></mets:fptr></mets:div>
    <mets:div TYPE="PARAGRAPH"><mets:fptr><mets:area FILEID="A2" BETYPE="IDREF" BEGIN="C1"/></mets:fptr></mets:div>
   </mets:div></mets:div>
  <mets:div TYPE="ARTICLE" LABEL="早稻育秧開始"><mets:div TYPE="BODY">
   <mets:fptr><mets:area FILEID="A1" BETYPE="IDREF" BEGIN="B4"/></mets:fptr></mets:div></mets:div>
 </mets:div></mets:div></mets:div></mets:structMap></mets:mets>
"""


def packed(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def laid_down(folder: Path) -> FileReading:
    (folder / "alto").mkdir()
    (folder / "alto" / "0001.xml").write_text(ONE, encoding="utf-8")
    (folder / "alto" / "0002.xml").write_text(TWO, encoding="utf-8")
    (folder / "issue-mets.xml").write_text(METS, encoding="utf-8")
    return read_file(folder / "issue-mets.xml")


def check(reading: FileReading) -> None:
    (issue,) = reading.issues
    assert (issue.paper, issue.issue_date, issue.issue_number) == ("雲澤時報", date(1936, 3, 12), 5123)
    bridge, rice = issue.articles
    assert (bridge.title, rice.title) == ("渡口大橋合龍", "早稻育秧開始")
    assert bridge.body == "昨日上午，渡口大橋合龍，全長一千二百米。兩岸往來只要十分鐘，比從前快了一半。"
    assert (bridge.page, bridge.continued, rice.page, rice.body) == ("1", "2", "1", "早稻育秧開始了。")


def test_an_issue_of_mets_and_alto_is_read_from_its_folder(tmp_path: Path) -> None:
    reading = laid_down(tmp_path)
    check(reading)
    assert (reading.reader, reading.encoding, reading.warnings) == ("mets", "UTF-8", ())


def test_a_page_that_mets_lists_gives_nothing_by_itself(tmp_path: Path) -> None:
    laid_down(tmp_path)
    reading = read_file(tmp_path / "alto" / "0001.xml")
    assert (reading.issues, reading.warnings) == ((), ("a page of issue-mets.xml, and read with it",))


def test_an_issue_is_read_from_a_zip_file() -> None:
    raw = packed({"x/alto/0001.xml": ONE, "x/alto/0002.xml": TWO, "x/issue-mets.xml": METS})
    reading = parse_file(Path("a.zip"), raw)
    check(reading)
    assert reading.warnings == ()


def test_pages_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(IssueError, match=r"not beside it: file://\./alto/0001\.xml, alto/0002\.xml") as refused:
        parse_file(tmp_path / "mets.xml", METS.encode())
    assert refused.value.code == "mets_pages"
    (tmp_path / "0001.xml").write_text(ONE, encoding="utf-8")
    reading = parse_file(tmp_path / "mets.xml", METS.encode())
    assert [article.body[-6:] for article in reading.issues[0].articles] == ["來只要十分鐘", "育秧開始了。"]
    assert reading.warnings == ("1 pages that it lists are not there: alto/0002.xml",)


def test_no_page_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_text(ONE, encoding="utf-8")
    (tmp_path / "in").mkdir()
    for href in ("../secret.xml", f"file://{tmp_path}/secret.xml", f"{tmp_path}/secret.xml"):
        text = METS.replace("file://./alto/0001.xml", href).replace("alto/0002.xml", "../secret.xml")
        with pytest.raises(IssueError) as refused:
            parse_file(tmp_path / "in" / "mets.xml", text.encode())
        assert refused.value.code == "mets_pages"


def test_mets_that_tells_only_pages_gives_their_articles(tmp_path: Path) -> None:
    (tmp_path / "0001.xml").write_text(ONE, encoding="utf-8")
    start, end = METS.index("<mets:structMap"), METS.index("</mets:mets>")
    (issue,) = parse_file(tmp_path / "mets.xml", (METS[:start] + METS[end:]).encode()).issues
    assert [(article.title, article.page) for article in issue.articles] == [("渡口大橋合龍", "1"), ("早稻育秧", "1")]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_a_page_alone_is_read_with_its_headlines_and_number(version: int) -> None:
    page = alto(3, [("B1", "headline", ["渡口大桥|合龙"]), ("B2", "", ["大桥昨日合龙，全长", "一千二百米。"])], version)
    (issue,) = parse_file(Path("砚溪日报/2024-05-06_03.xml"), page.encode()).issues
    (article,) = issue.articles
    assert (issue.paper, issue.issue_date) == ("砚溪日报", date(2024, 5, 6))
    assert (article.title, article.body, article.page) == ("渡口大桥合龙", "大桥昨日合龙，全长一千二百米。", "3")


def test_large_lines_are_headlines_where_no_label_tells() -> None:
    page = alto(3, [("B1", "", ["大桥合龙"]), ("B2", "", ["大桥昨日合龙，全长一千二百米。"] * 3)], size={"B1": 60})
    (article,) = parse_file(Path("砚溪日报/2024-05-06.xml"), page.encode()).issues[0].articles
    assert article.title == "大桥合龙"


def test_words_of_letters_keep_their_blanks_and_cut_ones_are_made_whole() -> None:
    page = alto(1, [("B1", "headline", ["News"]), ("B2", "", ["The|new|bridge|is|fin-", "ished|today.", "大桥|合龙|了。"])])
    (article,) = parse_file(Path("砚溪日报/2024-05-06.xml"), page.encode()).issues[0].articles
    assert article.body == "The new bridge is finished today.大桥合龙了。"


def test_words_that_ocr_was_not_sure_of_are_counted() -> None:
    page = alto(1, [("B1", "headline", ["大桥"]), ("B2", "", ["大桥|昨日|合龙了。"])])
    page = page.replace('"昨日" WC="0.9"', '"昨日" WC="0.2"').replace('"合龙了。" WC="0.9"', '"合龙了。" WC="0.1" CC="0 9 0 0"')
    reading = parse_file(Path("砚溪日报/2024-05-06.xml"), page.encode())
    assert reading.warnings == ("OCR was not sure of 2 stretches of text",)


def test_a_page_in_gb_18030_is_read() -> None:
    page = alto(1, [("B1", "headline", ["大桥合龙"]), ("B2", "", ["大桥昨日合龙。"])]).replace("UTF-8", "GB18030")
    reading = parse_file(Path("砚溪日报/2024-05-06.xml"), page.encode("gb18030"))
    assert (reading.encoding, reading.issues[0].articles[0].title) == ("GB 18030", "大桥合龙")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (ONE[: len(ONE) // 2], "xml"),
        ("<html><body/></html>", "unknown_xml"),
        ('<!DOCTYPE alto [<!ENTITY a "水">]><alto>&a;</alto>', "xml"),
        (alto(1, []), "alto_without_text"),
        (METS.replace("1936-03-12", "n. d."), "mets_date"),
    ],
)
def test_what_is_no_page_or_issue_is_refused(text: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(IssueError) as refused:
        parse_file(tmp_path / "a.xml", text.encode())
    assert refused.value.code == code
