"""Word documents become articles by their styles, else by what stands out; tables become rows."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import FileReading
from embeddings.records import Article

docx = pytest.importorskip("docx")
if TYPE_CHECKING:
    from docx.document import Document

pytestmark = pytest.mark.usefixtures("english")


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(document: Document, name: str = "砚溪晚报/2024-05-06.docx") -> FileReading:
    return parse_file(Path(name), saved(document))


def articles(document: Document) -> tuple[Article, ...]:
    (issue,) = read(document).issues
    return issue.articles


def test_styled_headings_are_headlines() -> None:
    document = docx.Document()
    document.add_heading("渠水来了", 1)
    document.add_paragraph("昨天上午，渠水到了。")
    document.add_paragraph("农户笑了。")
    document.add_heading("灯会今晚开", 1)
    document.add_paragraph("# 号是灯会的标记。")
    reading = read(document)
    (issue,) = reading.issues
    assert (reading.reader, issue.paper, issue.issue_date) == ("docx", "砚溪晚报", date(2024, 5, 6))
    assert [(one.title, one.body) for one in issue.articles] == [
        ("渠水来了", "昨天上午，渠水到了。\n农户笑了。"),
        ("灯会今晚开", "# 号是灯会的标记。"),
    ]


@pytest.mark.parametrize("how", ["size", "bold"])
def test_without_styles_what_stands_out_is_a_headline(how: str) -> None:
    document = docx.Document()
    for text in ("渠水来了", "昨天上午，渠水到了，农户都笑了。", "灯会今晚开", "灯会今晚开，人都来了，很热闹。"):
        run = document.add_paragraph().add_run(text)
        if not text.endswith("。"):
            run.bold = how == "bold"
            run.font.size = docx.shared.Pt(22 if how == "size" else 10.5)
        else:
            run.font.size = docx.shared.Pt(10.5)
    assert [one.title for one in articles(document)] == ["渠水来了", "灯会今晚开"]


def test_an_issue_with_a_masthead_is_read_as_one() -> None:
    document = docx.Document()
    for text in ("砚溪日报", "2024年5月6日 星期一 总第9370期 今日4版"):
        document.add_paragraph(text)
    document.add_heading("渠水来了", 1)
    document.add_paragraph("本报讯（记者 林知远）昨天上午，渠水到了。")
    (issue,) = read(document, "文库/a.docx").issues
    assert (issue.paper, issue.issue_number, issue.articles[0].byline) == ("砚溪日报", 9370, "林知远")


def test_tables_become_rows_that_name_their_columns() -> None:
    document = docx.Document()
    document.add_heading("播种进度", 1)
    table = document.add_table(3, 3)
    for row, texts in zip(
        table.rows, (("县区", "计划", "完成"), ("云泽县", "12.6万亩", "8.3万亩"), ("砚溪县", "9万亩", "")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("各县抓紧播种。")
    (article,) = articles(document)
    assert article.body == "县区：云泽县；计划：12.6万亩；完成：8.3万亩。\n县区：砚溪县；计划：9万亩。\n各县抓紧播种。"


def test_text_set_in_columns_by_a_table_is_text() -> None:
    document = docx.Document()
    document.add_heading("渠水来了", 1)
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "昨天上午，渠水到了。" * 20
    table.cell(0, 1).text = "农户笑了。"
    (article,) = articles(document)
    assert article.body == "昨天上午，渠水到了。" * 20 + "\n农户笑了。"


def test_inserted_words_and_text_boxes_are_read_and_struck_ones_not() -> None:
    document = docx.Document()
    document.add_heading("渠水来了", 1)
    document.add_paragraph("渠水MARK到了。")
    raw = saved(document)
    out = io.BytesIO()
    box = "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>农户笑了。</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
    marks = '<w:ins w:id="1" w:author="甲"><w:r><w:t>昨天</w:t></w:r></w:ins>'
    marks += '<w:del w:id="2" w:author="甲"><w:r><w:delText>今天</w:delText></w:r></w:del>'
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "word/document.xml":
                text = content.decode().replace(
                    "<w:t>渠水MARK到了。</w:t></w:r>", f"<w:t>渠水</w:t></w:r>{marks}<w:r><w:t>到了。</w:t></w:r>{box}"
                )
                content = text.encode()
            target.writestr(info, content)
    (issue,) = parse_file(Path("砚溪晚报/2024-05-06.docx"), out.getvalue()).issues
    assert issue.articles[0].body == "渠水昨天到了。\n农户笑了。"


def test_a_day_that_is_printed_nowhere_is_that_of_the_document_with_a_warning() -> None:
    document = docx.Document()
    document.add_heading("渠水来了", 1)
    document.add_paragraph("渠水到了。")
    with pytest.raises(IssueError, match="no date found"):
        read(document, "砚溪晚报/a.docx")  # the library's template has a day that means nothing
    document.core_properties.author = "编辑部"
    document.core_properties.created = datetime(2024, 5, 6, 9, 30)
    reading = read(document, "砚溪晚报/a.docx")
    assert reading.issues[0].issue_date == date(2024, 5, 6)
    assert reading.warnings == ("no day is printed; 2024-05-06 is that on which the document was made",)


def test_an_empty_a_cut_off_and_a_bombed_document_are_named() -> None:
    document = docx.Document()
    document.add_paragraph("渠水到了。")
    raw = saved(document)
    bomb = io.BytesIO(raw)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", b"\x00" * (4 << 20))
    for content, code in (
        (b"", "empty"),
        (raw[: len(raw) // 2], "zip_damaged"),
        (saved(docx.Document()), "docx_without_text"),
        (bomb.getvalue(), "zip_bomb"),
        ("渠水到了。".encode(), "not_as_named"),
    ):
        with pytest.raises(IssueError) as refused:
            parse_file(Path("砚溪晚报/2024-05-06.docx"), content)
        assert refused.value.code == code


def test_without_the_library_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = saved(docx.Document())
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(IssueError, match=r'pip install "wenbao\[docx\]"'):
        parse_file(Path("a.docx"), raw)
