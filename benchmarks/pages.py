"""Time the reading of pages and weigh its memory: PDFs with a text layer, scans of the same pages, every other format.

    python -m benchmarks.pages [--pages 300] [--scans 1] [--dpi 200]

The pages are printed from examples/issues in three columns; of every other format the files of so many issues are read
as hold the same articles. What is refused stands below, with the memory it took to find out. Each kind is read in a
process of its own, whose peak memory is told; minutes are the processor's, so that a busy machine tells the same.
`letters` is the share of the printed letters that came out, in their order.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import LCSseq

from benchmarks.printed_formats import PRINTERS
from benchmarks.printing import PrintedArticle, Printer
from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file, read_file

EXAMPLES = Path(__file__).parent.parent / "examples" / "issues"
SKEW, NOISE = 1.2, 18.0  # degrees, and the spread of grey levels of 255
FONTS = "NotoSerifCJK-Regular.ttc"
VERTICAL = "渠水今日流到柳庄农户清早在田头等候管水员说今年先放渠尾再放渠头每户轮到七小时不必半夜守着闸口"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one kind of file took."""

    seconds: float
    megabytes: int
    letters: float
    outcome: str


def example_articles() -> list[PrintedArticle]:
    issues = [issue for path in sorted(EXAMPLES.glob("*.md")) for issue in read_file(path).issues]
    return [PrintedArticle(one.title, one.body, one.kicker, one.subtitle) for issue in issues for one in issue.articles]


def print_pages(count: int, flowing: bool = False) -> tuple[bytes, str]:
    """Return a PDF of so many pages, the same few again and again, and the bodies printed on them."""
    articles = example_articles()
    printed = pdfium.PdfDocument(Printer(flowing=flowing).print_articles(articles))
    document = pdfium.PdfDocument.new()
    while len(document) < count:
        document.import_pages(printed, list(range(min(len(printed), count - len(document)))))
    out = io.BytesIO()
    document.save(out)
    bodies = "".join(article.body for article in articles)
    return out.getvalue(), bodies * -(-count // len(printed))


def scan(raw: bytes, dpi: int, pages: int) -> bytes:
    """Return skewed and noisy pictures of pages as a PDF."""
    noise = np.random.default_rng(16)
    pictures = []
    for index in range(pages):
        drawn = pdfium.PdfDocument(raw)[index].render(scale=dpi / 72, grayscale=True).to_pil()
        turned = np.asarray(drawn.rotate(SKEW, fillcolor=255, resample=Image.Resampling.BILINEAR), dtype=np.float32)
        grey = turned + noise.normal(0, NOISE, turned.shape).astype(np.float32)
        pictures.append(Image.fromarray(grey.clip(0, 255).astype(np.uint8)))
    out = io.BytesIO()
    pictures[0].save(out, "PDF", resolution=dpi, save_all=True, append_images=pictures[1:])
    return out.getvalue()


def vertical_picture() -> bytes:
    """Return a picture of vertical columns, read from the right."""
    path = next(Path("/usr/share/fonts").rglob(FONTS))
    font = ImageFont.truetype(str(path), 34, index=2)
    picture = Image.new("L", (500, 700), 255)
    draw = ImageDraw.Draw(picture)
    for place, letter in enumerate(VERTICAL):
        column, row = divmod(place, 14)
        draw.text((420 - column * 60, 60 + row * 40), letter, font=font, fill=0)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def peak_memory() -> int:
    """Return the megabytes that this process has held at most; what getrusage tells begins with those of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) // 1024


def _read(files: Sequence[tuple[str, bytes | None]], printed: str, queue: multiprocessing.Queue[Measured]) -> None:
    before = time.process_time()
    text, outcome, count = "", "", 0
    try:
        for name, raw in files:
            reading = parse_file(Path(name), raw) if raw is not None else read_file(Path(name))
            text += "".join(article.body for issue in reading.issues for article in issue.articles)
            count += sum(len(issue.articles) for issue in reading.issues)
            outcome = f"{reading.reader}, {count} articles"
    except IssueError as error:
        outcome = f"{error.code}: {error.reason}"
    seconds = time.process_time() - before
    megabytes = peak_memory()
    found, wanted = "".join(text.split()), "".join(printed.split())[: max(1, len("".join(text.split())))]
    letters = LCSseq.normalized_similarity(found[:20_000], wanted[:20_000]) if text else 0.0
    queue.put(Measured(seconds, megabytes, letters, outcome))


def measure(files: Sequence[tuple[str, bytes | None]], printed: str) -> Measured:
    """Read files in a process of its own; those without bytes are read from their places."""
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[Measured] = context.Queue()
    process = context.Process(target=_read, args=(files, printed, queue))
    process.start()
    measured = queue.get()
    process.join()
    return measured


def print_folder(name: str, folder: Path, pages: int) -> tuple[list[tuple[str, bytes | None]], str]:
    """Print the example issues in a format until they hold the articles of so many pages; return their files and bodies."""
    issues = [issue for path in sorted(EXAMPLES.glob("*.md")) for issue in read_file(path).issues]
    printed = len(pdfium.PdfDocument(Printer().print_articles(example_articles())))
    turns = -(-pages // printed)
    for turn in range(turns):
        for issue in issues:
            place = folder / name / str(turn) / issue.paper / issue.issue_id
            place.mkdir(parents=True)
            PRINTERS[name](issue, place)
    files: list[tuple[str, bytes | None]] = [(str(path), None) for path in sorted((folder / name).rglob("*")) if path.is_file()]
    return files, "".join(article.body for article in example_articles()) * turns


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return out.getvalue()


def kinds(pages: int, scans: int, dpi: int) -> Iterator[tuple[str, int, Callable[[], tuple[str, bytes, str]]]]:
    """Yield each kind with its pages and what makes its file: name, bytes, printed text."""

    def printed(count: int, flowing: bool) -> tuple[str, bytes, str]:
        raw, text = print_pages(count, flowing)
        return "砚溪日报/issue.pdf", raw, text

    def blank(count: int) -> tuple[str, bytes, str]:
        document = pdfium.PdfDocument.new()
        for _ in range(count):
            document.new_page(595, 842)
        out = io.BytesIO()
        document.save(out)
        return "砚溪日报/year.pdf", out.getvalue(), ""

    def scanned() -> tuple[str, bytes, str]:
        raw, text = print_pages(scans)
        return "砚溪日报/2024-03-12.pdf", scan(raw, dpi, scans), text

    yield "PDF, headlines over columns", pages, lambda: printed(pages, False)
    yield "PDF, text flowing through columns", pages, lambda: printed(pages, True)
    yield "PDF of too many pages", 10_000, lambda: blank(10_000)
    if scans:
        yield f"scan, {dpi} dpi, skewed, noisy", scans, scanned
        yield "scan of vertical columns", 1, lambda: ("砚溪日报/2024-03-12.png", vertical_picture(), VERTICAL)


def refused() -> Iterator[tuple[str, bytes]]:
    """Yield files that are refused: cut off, empty, of another kind than their suffix, packed to fill the memory."""
    whole, _ = print_pages(3)
    yield "砚溪日报/cut.pdf", whole[: len(whole) // 2]
    yield "砚溪日报/empty.pdf", b""
    yield "砚溪日报/picture.pdf", b"\x89PNG\r\n\x1a\n" + b"\x00" * 1000
    yield "砚溪日报/bomb.zip", packed({"2024-03-12.md": b"\n" * (200 << 20)})
    yield "砚溪日报/outside.zip", packed({"../2024-03-12.md": "# 放水\n\n今日放水。".encode()})
    yield "砚溪日报/many.zip", packed({f"{number:05d}.md": b"" for number in range(20_001)})


def ten_thousand() -> Iterator[tuple[str, bytes]]:
    """Yield files of ten thousand articles, which are taken."""
    text = (
        '{{"标题": "第{0}号告示", "日期": "2024-03-12", "报纸": "砚溪日报", "版次": "{1}", "正文": "渠水流到第{0}户田头。"}}\n'
    )
    yield "many.jsonl", "".join(text.format(number, number % 8 + 1) for number in range(10_000)).encode()
    page = "# 第{0}号告示\n\n渠水流到第{0}户田头，农户清早守候。\n"
    yield "砚溪日报/many.zip", packed({f"2024-03-12_{number:05d}.md": page.format(number).encode() for number in range(10_000)})


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the reading of pages.")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--scans", type=int, default=1, help="pages that are read by OCR; 0 leaves scans out")
    parser.add_argument("--dpi", type=int, default=200)
    options = parser.parse_args()
    print(f"{'kind':36} {'pages':>6} {'pages/min':>10} {'peak MB':>8} {'letters':>8}  outcome")
    for kind, count, made in kinds(options.pages, options.scans, options.dpi):
        name, raw, text = made()
        tell(kind, count, measure([(name, raw)], text))
    with TemporaryDirectory(prefix="wenbao-") as temporary:
        for name in ("epaper", "docx", "files", "jsonl", "alto", "mets"):
            tell(name, options.pages, measure(*print_folder(name, Path(temporary), options.pages)))
    for name, raw in ten_thousand():
        tell(f"10,000 articles: {Path(name).name}", 10_000, measure([(name, raw)], ""))
    for name, raw in refused():
        tell(Path(name).name, 1, measure([(name, raw)], ""))


def tell(kind: str, count: int, found: Measured) -> None:
    """Print what one kind took."""
    taken = " articles" in found.outcome  # how fast a file is refused says nothing of pages
    rate = f"{count * 60 / max(found.seconds, 1e-6):.0f}" if taken else "–"
    print(f"{kind:36} {count:>6} {rate:>10} {found.megabytes:>8} {found.letters:>8.1%}  {found.outcome[:90]}", flush=True)


if __name__ == "__main__":
    main()
