"""XML as a tree, and the few questions that its readers ask of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as Safe
from defusedxml.common import DefusedXmlException

from embeddings.errors import IssueError
from embeddings.formats.encodings import decode

_DECLARED = re.compile(rb"""<\?xml[^>]{0,100}?encoding=["']([\w.:-]{2,40})["']""")
_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?(?P<name>[\w.-]+)")
_HEAD = 4096


def parse_xml(path: Path, raw: bytes, encoding: str | None = None) -> tuple[Element, str]:
    """Return the root of an XML file and its encoding: the one named, else the one declared; raises IssueError.

    The text is decoded before it is parsed, for the parser knows no encoding of two bytes such as GB 18030.
    """
    declared = _DECLARED.search(raw[:_HEAD])
    decoded = decode(path, raw, encoding or (declared[1].decode("ascii") if declared else None))
    if not decoded.text.strip():
        raise IssueError("empty", path, 1)
    try:
        root: Element = Safe.fromstring(decoded.text.lstrip(), forbid_dtd=True)
    except ParseError as error:
        raise IssueError("xml", path, error.position[0], detail=str(error).split(":")[0]) from None
    except DefusedXmlException as error:
        raise IssueError("xml", path, 1, detail=type(error).__name__) from None
    return root, decoded.encoding


def root_name(raw: bytes) -> str:
    """Return the name of an XML file's root element without its namespace, or nothing, from its first bytes alone."""
    head = raw[:_HEAD].replace(b"\x00", b"").decode("ascii", "ignore")
    root = _ROOT.search(re.sub(r"<!--.*?(?:-->|$)", "", head, flags=re.DOTALL))
    return root["name"] if root else ""


def name_of(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Return an attribute whatever its namespace, or nothing."""
    found = element.get(name)
    if found is not None:
        return found
    return next((value for key, value in element.items() if key.endswith(f"}}{name}")), "")


def named(element: Element, name: str) -> Iterator[Element]:
    """Yield the elements of a name within another, in the order of the file."""
    return (one for one in element.iter() if name_of(one) == name)


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of a name."""
    return (one for one in element if name_of(one) == name)


def words(element: Element | None) -> str:
    """Return the words in an element, or nothing."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
