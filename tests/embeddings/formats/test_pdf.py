"""A PDF is read from its text layer: columns in order, headlines by size, folios as pages; faults are named with their page."""

import io
from pathlib import Path

import pytest

pytest.importorskip("pypdfium2")
pytest.importorskip("reportlab")

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.printing import FONT, PrintedArticle, Printer
from embeddings.errors import IssueError
from embeddings.formats import pdf
from embeddings.formats.readers import parse_file
from embeddings.formats.reading import ReadingOptions

pytestmark = pytest.mark.usefixtures("english")

LONG = "\n".join(
    f"本报讯(记者 林小满)第{n}段说,渠水在{n}月{n + 3}日流到柳庄,农户们一早就在田头等着,看着水一寸一寸漫过新翻的泥土。"
    f"管水员说,今年先放渠尾再放渠头,每户轮到{n * 7}小时,不必半夜守着闸口,也不必再为半尺水争吵。"
    for n in range(1, 6)
)
SHORT = "县图书馆从{}日起延长开放,每晚到九时半。读者可以凭身份证借书,一次最多借{}册,期限三十天,可以续借一次。"
ARTICLES = [
    PrintedArticle("渠水今春早到半月 柳庄三千亩田全部喝足", LONG, kicker="春灌一线", subtitle="——渠尾先放水"),
    PrintedArticle("图书馆延长开放", SHORT.format(12, 8)),
    PrintedArticle("博物馆周一不休", SHORT.format(13, 9)),
    PrintedArticle("体育馆免费开门", SHORT.format(14, 7)),
    PrintedArticle("柳庄桥月底合龙", LONG.replace("渠水", "桥面")),
]


def drawn(*texts: tuple[float, float, float, str]) -> bytes:
    """Return a PDF of one page with texts at places from its lower left corner, each with its size."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    for left, bottom, size, text in texts:
        canvas.setFont(FONT, size)
        canvas.drawString(left, bottom, text)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def letters(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("flowing", [False, True], ids=["headlines over columns", "text that flows through columns"])
def test_columns_become_the_articles_that_were_printed(flowing: bool) -> None:
    reading = parse_file(Path("x/a.pdf"), Printer(flowing=flowing).print_articles(ARTICLES))
    (issue,) = reading.issues
    assert (issue.issue_id, issue.paper, issue.issue_number, issue.pages) == ("yxrb-2024-03-12", "砚溪日报", 9316, 4)
    assert [article.title for article in issue.articles] == [article.title for article in ARTICLES]
    assert [article.body for article in issue.articles] == [article.body for article in ARTICLES]
    assert (issue.articles[0].kicker, issue.articles[0].subtitle) == ("春灌一线", "——渠尾先放水")
    assert issue.articles[0].byline == "林小满"
    assert issue.masthead is not None
    assert issue.masthead.body.startswith("砚溪日报\n2024年3月12日")


def test_folios_become_pages_and_stay_out_of_the_text() -> None:
    (issue,) = parse_file(Path("x/a.pdf"), Printer().print_articles(ARTICLES * 2)).issues
    assert [(article.page, article.page_name) for article in issue.articles] == [("1", None)] * 5 + [("2", "民生")] * 5
    assert not any("版" in article.body or "砚溪日报" in article.body for article in issue.articles)


def test_a_page_that_prints_another_day_begins_another_issue() -> None:
    from pypdfium2 import PdfDocument

    both = PdfDocument(Printer().print_articles(ARTICLES[:2]))
    facts = ("2024年3月13日 星期三  总第9317期  今日4版",)
    both.import_pages(PdfDocument(Printer(facts=facts, day="2024年3月13日").print_articles(ARTICLES[2:])))
    out = io.BytesIO()
    both.save(out)
    issues = parse_file(Path("x/a.pdf"), out.getvalue()).issues
    assert [(issue.issue_id, len(issue.articles)) for issue in issues] == [("yxrb-2024-03-12", 2), ("yxrb-2024-03-13", 3)]


def test_a_document_without_masthead_is_read_as_plain_text_is() -> None:
    raw = drawn(
        (80, 700, 22, "渡口大桥合龙"),
        (80, 660, 11, "　　两岸的桥面昨天接上了，全长一千二百米。"),
        (80, 640, 11, "通车还要等铺装做完。"),
    )
    reading = parse_file(Path("云泽日报/2024-03-12_渡口大桥合龙.pdf"), raw)
    (issue,) = reading.issues
    assert (reading.reader, issue.paper, str(issue.issue_date)) == ("pdf plain", "云泽日报", "2024-03-12")
    assert issue.articles[0].title == "渡口大桥合龙"
    assert letters(issue.articles[0].body) == "两岸的桥面昨天接上了，全长一千二百米。通车还要等铺装做完。"


def test_the_makers_at_the_foot_are_of_the_imprint_and_not_of_the_last_article() -> None:
    raw = drawn(
        (250, 740, 40, "云泽日报"),
        (180, 710, 10, "2024年3月12日 星期二  总第88期  今日4版"),
        (60, 650, 20, "渡口大桥合龙"),
        (60, 620, 10, "两岸的桥面昨天接上了，全长一千二百米。"),
        (60, 40, 10, "责任编辑:柳小禾 校对:林远"),
    )
    (issue,) = parse_file(Path("x/a.pdf"), raw).issues
    assert [article.body for article in issue.articles] == ["两岸的桥面昨天接上了，全长一千二百米。"]
    assert issue.masthead is not None
    assert issue.masthead.body.endswith("责任编辑:柳小禾 校对:林远")


def test_the_operators_paper_wins_over_the_masthead() -> None:
    (issue,) = parse_file(Path("x/a.pdf"), Printer().print_articles(ARTICLES), ReadingOptions(paper="砚溪晚报")).issues
    assert issue.paper == "砚溪晚报"


def test_vertical_lines_are_read_from_the_right() -> None:
    columns = ["渠水今日到柳庄农户清早", "在田头等候说今年的水", "比去年早到半个月。"]
    texts = [
        (500 - 20 * place, 700 - 13 * row, 11, letter)
        for place, words in enumerate(columns)
        for row, letter in enumerate(words)
    ]
    (issue,) = parse_file(Path("云泽日报/1936-05-06.pdf"), drawn(*texts)).issues
    assert letters(issue.articles[0].body) == "".join(columns)


def scan() -> bytes:
    """Return a PDF of one page that is all picture."""
    from PIL import Image

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 600, 800)
    canvas.save()
    return out.getvalue()


def test_a_scan_without_the_extra_names_page_and_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "has_ocr", lambda: False)
    with pytest.raises(IssueError, match=r'a\.pdf: page 1 is a scan .* pip install "wenbao\[ocr\]"'):
        parse_file(Path("a.pdf"), scan())


def locked() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("geheim", ownerPassword="noch geheimer"))
    canvas.drawString(100, 100, "2024-03-12")
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (locked(), "pdf_locked"),
        (b"", "empty"),
        (b"%PDF-1.4\n%", "pdf_broken"),
        (drawn((80, 700, 11, "渠水来了。"))[:300], "pdf_broken"),
        ("# 放水 2024-05-06\n\n渠水来了。\n".encode(), "not_as_named"),
        (drawn(), "no_printed_text"),
    ],
    ids=["password", "empty", "header only", "truncated", "not a PDF", "blank page"],
)
def test_faulty_files_are_refused_by_name(raw: bytes, code: str) -> None:
    with pytest.raises(IssueError) as caught:
        parse_file(Path("a.pdf"), raw)
    assert (caught.value.code, caught.value.path) == (code, "a.pdf")


def test_a_file_of_too_many_pages_is_refused_before_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    with pytest.raises(IssueError, match="it has 2 pages, more than 1"):
        parse_file(Path("a.pdf"), Printer().print_articles(ARTICLES * 2))


def test_a_page_of_too_many_letters_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_LETTERS", 30)
    with pytest.raises(IssueError, match=r"page 1 has \d+ letters, more than 30"):
        parse_file(Path("a.pdf"), Printer().print_articles(ARTICLES))


def test_a_pdf_keeps_its_edition_and_the_days_of_a_week() -> None:
    lines = [(50, 740, 40, "云泽周刊 号外"), (50, 700, 10, "2024年9月2日—9月8日 总第12期 今日4版")]
    text = [(50, 600 - 14 * at, 10, f"县图书馆第{at}室延长开放,读者可以凭身份证借书。") for at in range(6)]
    (issue,) = parse_file(Path("x/a.pdf"), drawn(*lines, (50, 640, 24, "图书馆延长开放"), *text)).issues
    assert (str(issue.issue_date), str(issue.last_date), issue.edition) == ("2024-09-02", "2024-09-08", "号外")
