"""Scans: pictures of pages to lines with places, through RapidOCR's packaged models."""

from __future__ import annotations

import io
import math
import os
import re
import statistics
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.errors import IssueError
from embeddings.formats.printed_pages import PrintedPage, read_pages
from embeddings.formats.reading import FileReading, ReadingOptions
from embeddings.formats.text_lines import TextLine

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURES = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".tiff": "TIFF"}
"""The suffixes of pictures, and what is in such a file."""
INSTALL_OCR = 'pip install "wenbao[ocr]"'
MOST_PAGES = 500
"""A TIFF of more pages is refused: it is to be split."""
MOST_DOTS = 100_000_000
"""A picture of more dots is refused before it is unpacked; a broadsheet at 400 dpi has sixty million."""
DOUBTED = 0.6
"""A letter that the model gives less than this is remembered as doubted."""
_LONGEST_SIDE = 3200  # dots; a larger page is made smaller before its lines are looked for, which bounds memory
_BLANK = 1.33  # times the usual step from character to character; a longer one leaves a blank
_FULL = re.compile(r"[\u4e00-\u9fff]{2}")
_LEAST_SURE = 0.4  # a line less sure than this is a picture's texture


def has_ocr() -> bool:
    """Say whether the extra for scans is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


def read_picture_file(path: Path, raw: bytes, options: ReadingOptions) -> FileReading:
    """Read the issues that a picture, or each picture of a TIFF, shows; raises IssueError."""
    if not raw.strip():
        raise IssueError("empty", path)
    if not has_ocr():
        raise IssueError("extra_missing", path, install=INSTALL_OCR)
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():  # the size is looked at below
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=[PICTURES[path.suffix.lower()]])
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise IssueError("not_as_named", path, suffix=path.suffix) from None
    except (OSError, SyntaxError, EOFError, ValueError):  # cut off before the picture itself begins
        raise IssueError("page_broken", path, page=1) from None
    with picture:
        reader, issues = read_pages(path, _frames(path, picture), options)
    return FileReading(f"ocr {reader}", issues)


def _frames(path: Path, picture: Any) -> Iterator[PrintedPage]:
    """Yield the pages of a picture file, one in memory at a time."""
    count = getattr(picture, "n_frames", 1)
    if count > MOST_PAGES:
        raise IssueError("too_many_pages", path, count=count, most=MOST_PAGES)
    for number in range(1, count + 1):
        try:
            picture.seek(number - 1)
            if picture.width * picture.height > MOST_DOTS:
                raise IssueError("picture_too_large", path, page=number, width=picture.width, height=picture.height)
            page = picture.convert("L")
        except (OSError, SyntaxError, EOFError, ValueError):
            raise IssueError("page_broken", path, page=number) from None
        yield read_picture(page, number)


def read_picture(picture: Image, number: int) -> PrintedPage:
    """Read the picture of a page."""
    found = _engine()(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    if found.boxes is None or found.txts is None:
        return PrintedPage(number, picture.width, picture.height, (), scanned=True)
    boxes = np.asarray(found.boxes, dtype=float)
    level = _levelled(boxes, (picture.width / 2, picture.height / 2))
    lines: list[TextLine] = []
    for box, text, score, letters in zip(level, found.txts, found.scores, found.word_results, strict=True):
        if score >= _LEAST_SURE and text.strip():
            lines.append(_line(box, text, letters or ()))
    return PrintedPage(number, picture.width, picture.height, tuple(lines), scanned=True)


def _levelled(boxes: np.ndarray, centre: tuple[float, float]) -> np.ndarray:
    """Turn the corners of lines about the page's centre so that most lines are level: cheaper than to turn the picture."""
    along = boxes[:, 1] - boxes[:, 0]
    wide = along[:, 0] > 4 * np.abs(boxes[:, 3, 1] - boxes[:, 0, 1])
    if not wide.any():
        return boxes
    angle = float(np.median(np.arctan2(along[wide, 1], along[wide, 0])))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    level: np.ndarray = (boxes - centre) @ turn + centre
    return level


def _line(box: np.ndarray, text: str, letters: Sequence[tuple[str, float, Any]]) -> TextLine:
    """Make the line of a box."""
    left, top = box.min(axis=0)
    right, bottom = box.max(axis=0)
    height = (float(np.linalg.norm(box[3] - box[0])) + float(np.linalg.norm(box[2] - box[1]))) / 2
    width = float(np.linalg.norm(box[1] - box[0]))
    if width > height:
        text = _with_blanks(text, letters)
    scores = [score for letter, score, _ in letters for part in letter if not part.isspace()]
    doubts: list[tuple[int, int]] = []
    printed = [index for index, letter in enumerate(text) if not letter.isspace()]
    if len(scores) == len(printed):
        doubts = [(index, index + 1) for index, score in zip(printed, scores, strict=True) if score < DOUBTED]
    middle = (top + bottom) / 2
    half = height / 2 if width > height else (bottom - top) / 2
    place = (float(left), float(middle - half), float(right), float(middle + half))
    return TextLine(text, *place, min(height, width), tuple(doubts))


def _with_blanks(text: str, letters: Sequence[tuple[str, float, Any]]) -> str:
    """Put a blank where print leaves one between two characters: the models read none in 邬桐 戚明砚."""
    if (
        "".join(letter for letter, _, _ in letters) != "".join(text.split())
        or " " in text
        or any(x[2] is None for x in letters)
    ):
        return text
    middles = [float(np.mean([corner[0] for corner in box])) for _, _, box in letters]
    steps = [after - before for before, after in pairwise(middles)]
    full = [_FULL.fullmatch(one[0] + other[0]) is not None for one, other in pairwise(letters)]
    usual = statistics.median([step for step, both in zip(steps, full, strict=True) if both] or [math.inf])
    blanks = [" " if both and step > _BLANK * usual else "" for step, both in zip(steps, full, strict=True)]
    return "".join(letter + blank for (letter, _, _), blank in zip(letters, [*blanks, ""], strict=True))


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Load the packaged models once; they take a second and some 300 MB."""
    from rapidocr import RapidOCR

    threads = int(os.environ.get("OMP_NUM_THREADS", "-1") or -1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _LONGEST_SIDE,
            "Global.return_word_box": True,
            "Global.return_single_char_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        }
    )
