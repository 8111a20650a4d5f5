"""What a file is by its first bytes, so that a wrong suffix is told as such."""

from __future__ import annotations

from pathlib import Path

from embeddings.errors import IssueError

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"BZh", "BZIP2"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"SQLite format 3\x00", "SQLite"),
)
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_IN_ZIPS = (
    (b"word/document.xml", "DOCX"),
    (b"xl/workbook.xml", "XLSX"),
    (b"ppt/presentation.xml", "PPTX"),
    (b"application/epub+zip", "EPUB"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PDF_WITHIN = 1024  # bytes that may stand before a PDF's own first ones
_IMAGES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".webp", ".bmp"))
_SUFFIXES = {
    "PDF": frozenset((".pdf",)),
    "ZIP": frozenset((".zip",)),
    "DOCX": frozenset((".docx",)),
    **dict.fromkeys(("PNG", "JPEG", "TIFF", "GIF"), _IMAGES),
}
_NEVER_TEXT = (".docx", ".zip")


def kind_of(raw: bytes) -> str | None:
    """Return what a file is by its first bytes, such as PDF; None for text and for what is not known."""
    if raw.startswith(_ZIPS):
        # The names of a zip file's members stand in it as they are, at the latest in its table at the end.
        return next((kind for mark, kind in _IN_ZIPS if mark in raw), "ZIP")
    if raw.startswith(_OLD_OFFICE):
        return "Office 97"
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "WebP"
    if b"%PDF-" in raw[:_PDF_WITHIN]:
        return "PDF"
    return next((kind for mark, kind in _SIGNATURES if raw.startswith(mark)), None)


def check_suffix(path: Path, raw: bytes) -> None:
    """Raise IssueError where a file's first bytes are of another kind than its suffix, or it is locked with a password."""
    suffix = path.suffix.lower()
    kind = kind_of(raw)
    if kind == "Office 97" and _ENCRYPTED in raw:
        raise IssueError("protected", path)
    if kind is not None and suffix not in _SUFFIXES.get(kind, ()):
        raise IssueError("other_kind", path, kind=kind, suffix=suffix)
    if raw and kind is None and suffix in _NEVER_TEXT:
        raise IssueError("not_as_named", path, suffix=suffix)
