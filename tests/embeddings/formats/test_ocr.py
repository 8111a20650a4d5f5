"""Scans are read: skewed lines are levelled, doubted letters remembered, faulty pictures named with their page."""

import io
import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("PIL")

from PIL import Image

from embeddings.errors import IssueError
from embeddings.formats import ocr
from embeddings.formats.readers import parse_file

pytestmark = pytest.mark.usefixtures("english")


def engine(*lines: tuple[float, float, float, float, str], angle: float = 0.0, doubted: str = ""):  # type: ignore[no-untyped-def]
    """Return what stands for the models: it finds these lines (left, top, width, height, text), turned by an angle."""
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    boxes = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h, _ in lines]
    texts = [line[4] for line in lines]
    found = SimpleNamespace(
        boxes=np.array(boxes, dtype=float) @ turn,
        txts=texts,
        scores=[0.9 for _ in lines],
        word_results=[[(letter, 0.3 if letter in doubted else 0.9, None) for letter in text] for text in texts],
    )
    return lambda: lambda picture: found


def picture(kind: str = "PNG", pages: int = 1) -> bytes:
    out = io.BytesIO()
    first, *more = [Image.new("L", (800, 1000), 255 - page) for page in range(pages)]
    first.save(out, kind, **({"save_all": True, "append_images": more} if more else {}))
    return out.getvalue()


LINES = [
    (100.0, 50.0, 300.0, 40.0, "渡口大桥合龙"),
    (140.0, 120.0, 260.0, 20.0, "两岸的桥面昨天接上了，全长"),
    (100.0, 150.0, 300.0, 20.0, "一千二百米，通车还要等铺装做"),
    (100.0, 180.0, 40.0, 20.0, "完。"),
    (440.0, 120.0, 300.0, 20.0, "大桥由云泽路桥公司承建，前年"),
    (440.0, 150.0, 120.0, 20.0, "九月开工。"),
]


@pytest.mark.parametrize("angle", [0.0, 0.03, -0.03], ids=["level", "turned right", "turned left"])
@pytest.mark.parametrize("suffix", ["png", "jpg", "tif"])
def test_a_picture_becomes_articles(suffix: str, angle: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_engine", engine(*LINES, angle=angle))
    kind = {"png": "PNG", "jpg": "JPEG", "tif": "TIFF"}[suffix]
    reading = parse_file(Path(f"云泽日报/2024-03-12.{suffix}"), picture(kind))
    (issue,) = reading.issues
    (article,) = issue.articles
    assert article.title == "渡口大桥合龙"
    assert "".join(article.body.split()) == "".join(line[4] for line in LINES[1:])


def test_letters_that_the_model_is_not_sure_of_are_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_engine", engine(*LINES, doubted="桥 "))
    lines = ocr.read_picture(Image.new("L", (800, 1000)), 1).lines
    assert [(line.text[slice(*span)], span) for line in lines for span in line.doubts] == [
        ("桥", (3, 4)),
        ("桥", (3, 4)),
        ("桥", (1, 2)),
        ("桥", (6, 7)),
    ]


def test_a_wide_step_between_two_characters_is_a_blank(monkeypatch: pytest.MonkeyPatch) -> None:
    places = [0, 20, 50, 70, 90, 110]
    letters = [
        (letter, 0.9, [[x, 0], [x + 18, 0], [x + 18, 20], [x, 20]]) for letter, x in zip("邬桐戚明砚说", places, strict=True)
    ]
    found = SimpleNamespace(boxes=np.array([[(0, 0), (130, 0), (130, 20), (0, 20)]]), txts=["邬桐戚明砚说"], scores=[0.9])
    found.word_results = [letters]
    monkeypatch.setattr(ocr, "_engine", lambda: lambda picture: found)
    assert [line.text for line in ocr.read_picture(Image.new("L", (200, 100)), 1).lines] == ["邬桐 戚明砚说"]


def test_each_page_of_a_tiff_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_engine", engine(*LINES))
    (issue,) = parse_file(Path("云泽日报/2024-03-12.tiff"), picture("TIFF", pages=3)).issues
    assert [article.title for article in issue.articles] == ["渡口大桥合龙"] * 3


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.png", b"", "the file is empty"),
        ("a.png", picture("JPEG"), r"its first bytes are not those of a \.png file"),
        ("a.jpg", b"%PDF-1.7", r"its first bytes are those of PDF, not of a \.jpg file"),
        ("a.png", picture()[:400], "page 1 is damaged"),
    ],
    ids=["empty", "JPEG named PNG", "PDF named JPEG", "truncated"],
)
def test_faulty_pictures_are_refused(name: str, raw: bytes, reason: str) -> None:
    with pytest.raises(IssueError, match=reason):
        parse_file(Path(name), raw)


def test_a_picture_of_too_many_dots_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "MOST_DOTS", 1000)
    with pytest.raises(IssueError, match="page 1 has 800 by 1000 dots"):
        parse_file(Path("a.png"), picture())


def test_without_the_extra_the_install_line_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "has_ocr", lambda: False)
    with pytest.raises(IssueError, match=r'pip install "wenbao\[ocr\]"'):
        parse_file(Path("a.png"), picture())


@pytest.mark.slow
def test_the_packaged_models_read_a_printed_line() -> None:
    pdfium = pytest.importorskip("pypdfium2")
    printing = pytest.importorskip("benchmarks.printing")
    if not list(Path("/usr/share/fonts").rglob("NotoS*CJK*")):
        pytest.skip("no Chinese font to draw with: apt-get install fonts-noto-cjk")
    page = printing.Printer().print_articles(
        [printing.PrintedArticle("渡口大桥合龙", "两岸的桥面昨天接上了，全长一千二百米。")]
    )
    drawn = pdfium.PdfDocument(page)[0].render(scale=150 / 72, grayscale=True).to_pil().crop((0, 0, 1240, 620))
    out = io.BytesIO()
    drawn.save(out, "PNG")
    (issue,) = parse_file(Path("x/a.png"), out.getvalue()).issues
    assert (issue.paper, issue.issue_id) == ("砚溪日报", "yxrb-2024-03-12")
    assert [article.title for article in issue.articles] == ["渡口大桥合龙"]
    assert "桥面昨天接上了" in issue.articles[0].body.replace("\n", "")
