"""Which field of a record is which of an article: by the operator's map, else by the names that archives usually give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.text.letters import simplified_in_place

_SPELLINGS = {
    "title": "title headline head 标题 题名 题目 篇名 主标题 正题 文章标题 新闻标题",
    "body": "body content text fulltext articlebody bodytext contenttext contenthtml bodyhtml maintext"
    " 正文 内容 全文 文本 文章内容 新闻内容 正文内容 parts paragraphs 段落",
    "date": "date issuedate pubdate publishdate publishedat published datepublished publicationdate publishtime pubtime dates"
    " day 日期 见报日期 出版日期 刊登日期 刊出日期 发布日期 发表日期 报纸日期 见报时间 出版时间 发布时间 发表时间 时间",
    "paper": "paper newspaper papername newspapername publication journal 报纸 报名 报刊 报纸名称 报刊名称 媒体 媒体名称",
    "page": "page pageno pagenumber pagenum pagelabel pageissue 版面 版次 版号 版 页码 所在版面",
    "page_name": "pagename 版名 版面名称",
    "byline": "author authors byline creator reporter 作者 记者 责任者 署名 作者姓名",
    "source": "source 来源 稿源 消息来源 文章来源 出处",
    "column": "column 栏目 专栏 栏目名称",
    "kicker": "kicker 肩题 引题 眉题",
    "subtitle": "subtitle subheadline 副题 副标题",
    "url": "url link detailurl articleurl pageurl sourceurl permalink href canonical 链接 网址 原文链接 原文地址",
    "edition": "edition 版别 号外",
    "number": "issuenumber issueno 期号 总期号 期次",
    "imprint": "imprint publish publishinfo publicationinfo 刊载信息 出版信息 刊登信息 报刊信息",
}
"""The names of each field in simplified small letters, without blanks and marks, the surest first.

`imprint` is a line that tells several of them: 砚溪日报 日期：1948-03-12 版次：02版.
"""
FIELDS = tuple(_SPELLINGS)
_OTHER_NAMES = {"text": "body", "author": "byline", "day": "date", "content": "body"}
_MARKS = re.compile(r"[\s_\-.:：()（）]+")
# What those who prepare a table put before or behind a field's own name, the best to read first: text_clean, text_raw.
_STAGES = ("clean", "cleaned", "final", "processed", "raw", "original", "orig")
_STAGE = re.compile(rf"(?:^|[\s_\-.])({'|'.join(_STAGES)})(?=$|[\s_\-.])", re.IGNORECASE)
_PLACES = {spelling: (field, place) for field, names in _SPELLINGS.items() for place, spelling in enumerate(names.split())}
_SHOWN = 12  # names of a file's own that an error tells


class FieldNames:
    """The file's own name of each field, found once for all records of the same names."""

    def __init__(self, path: Path, named: Mapping[str, str]) -> None:
        self._path = path
        self._named = {_OTHER_NAMES.get(field, field): own for field, own in named.items()}
        unknown = next((field for field in self._named if field not in FIELDS), None)
        if unknown is not None:
            raise IssueError("unknown_field", path, field=unknown[:40], known=", ".join(FIELDS))
        self._found: dict[tuple[str, ...], dict[str, str]] = {}
        self._unseen = set(self._named.values())

    def of(self, names: Sequence[str]) -> Mapping[str, str]:
        """Return the file's name of each field that records of these names have."""
        key = tuple(names)
        if key not in self._found:
            self._unseen -= set(names)
            best: dict[str, tuple[int, str]] = {}
            for name in names:
                field, place = _place(name)
                if field and field not in self._named and (field not in best or place < best[field][0]):
                    best[field] = place, name
            own = {field: name for field, name in self._named.items() if name in names}
            self._found[key] = own | {field: name for field, (_, name) in best.items() if name not in own.values()}
        return self._found[key]

    @property
    def guessed(self) -> str:
        """Tell what was taken for what without having been named, such as title=标题."""
        pairs = {(field, name) for found in self._found.values() for field, name in found.items() if field not in self._named}
        return ", ".join(f"{field}={name}" for field, name in sorted(pairs, key=lambda pair: (FIELDS.index(pair[0]), pair[1])))

    def check(self) -> None:
        """Raise IssueError where the operator names a field that no record has, or where no record has a text."""
        if self._unseen:
            raise IssueError("field_absent", self._path, name=sorted(self._unseen)[0][:40], names=self._names())
        if not any("body" in found for found in self._found.values()):
            raise IssueError("no_text_field", self._path, names=self._names())

    def _names(self) -> str:
        return told_names(name for key in self._found for name in key)


def told_names(names: Iterable[str]) -> str:
    """Tell some of the names that a file gives its fields."""
    found = list(dict.fromkeys(names))
    return ", ".join(name[:40] for name in found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")


def names_text(name: str) -> bool:
    """Say whether a name is that of a text, so that what bears it is an article."""
    return _place(name)[0] == "body"


def names_headline(name: str) -> bool:
    """Say whether a name is that of a headline, so that what bears it and parts with texts is one article."""
    return _place(name)[0] == "title"


def names_issue_fact(name: str) -> bool:
    """Say whether a name is that of a fact that an issue or a page may tell for all its articles."""
    return _place(name)[0] in ("date", "paper", "page", "page_name", "edition", "number")


def _place(name: str) -> tuple[str, int]:
    """Return the field that a name is of, and how far it stands behind the surest name; an empty field for none."""
    found = _PLACES.get(_plain(name))
    stage = None if found else _STAGE.search(name)
    if stage is None:
        return found or ("", 0)
    field, place = _PLACES.get(_plain(name[: stage.start()] + name[stage.end() :]), ("", 0))
    return field, place + len(_PLACES) * (1 + _STAGES.index(stage[1].lower()))


def _plain(name: str) -> str:
    return _MARKS.sub("", simplified_in_place(name)).lower()
