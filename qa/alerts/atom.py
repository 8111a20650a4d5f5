"""The feed of what alerts found, in Atom (RFC 4287).

Written with xml.etree: an entry is eight elements, and feedgen would bring lxml and dateutil for them.
"""

from __future__ import annotations

import re
import uuid
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from qa.alerts.book import Book, Evidence

MIMETYPE = "application/atom+xml"
_TITLE = "问报提醒 Wenbao alerts"
_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 has no place for, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_feed(book: Book, address: str, root: str) -> bytes:
    """Write a feed; `address` is its own, `root` the one that the paths of pages are under."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(_name("feed"), {_XML_LANG: "zh-CN"})
    _add(feed, "id", f"urn:uuid:{book.id}")
    _add(feed, "title", _TITLE)
    _add(feed, "updated", max([book.made, *(one.found for one in book.evidence)]))
    _add(feed, "link", rel="self", type=MIMETYPE, href=address)
    _add(feed, "link", rel="alternate", type="text/html", href=root)
    _add(_add(feed, "author"), "name", "问报 Wenbao")
    for evidence in book.evidence:
        _add_entry(feed, book, evidence, root)
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add_entry(feed: ET.Element, book: Book, evidence: Evidence, root: str) -> None:
    entry = _add(feed, "entry")
    place = f"《{evidence.paper}》{evidence.issue_date}" + (f" 第{evidence.page}版" if evidence.page is not None else "")
    unique = uuid.uuid5(uuid.UUID(book.id), f"{evidence.alert_id} {evidence.digest}")
    _add(entry, "id", f"urn:uuid:{unique}")
    _add(entry, "title", f"{evidence.question} {evidence.answer}")
    _add(entry, "updated", evidence.found)
    _add(entry, "link", rel="alternate", type="text/html", href=urljoin(root, evidence.url))
    _add(_add(entry, "author"), "name", evidence.paper)
    _add(entry, "category", term=evidence.alert_id, label=evidence.question)
    _add(entry, "summary", f"“{evidence.quote}” {place}《{evidence.title}》", type="text")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    clean = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, _name(name), clean)
    element.text = None if text is None else _NO_XML.sub("", text)
    return element


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"
