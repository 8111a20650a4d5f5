"""The reader of OCR'd newspaper issues: masthead, unreliable headings, broken columns, articles that go on elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from embeddings.errors import IssueError
from embeddings.formats.blocks import Block, split_blocks
from embeddings.formats.credits import is_credit, read_credit_lines, read_credits
from embeddings.formats.drafts import Draft, gather, is_text, separate
from embeddings.formats.front_matter import read_front_matter
from embeddings.formats.headings import read_headlines
from embeddings.formats.imprint import imprint_length, is_newspaper, masthead_length, names_editors
from embeddings.formats.jumps import Half, headline_of_rest, pair_halves, written
from embeddings.formats.masthead import find_date, make_issue_id, read_masthead
from embeddings.formats.page_marks import PageMark, read_page_mark
from embeddings.messages import MESSAGES
from embeddings.records import Article, ArticleKind, Issue
from embeddings.text.letters import simplified_in_place
from embeddings.text.sentences import ends_a_sentence

__all__ = ["is_newspaper", "join_columns", "read_credits", "read_newspaper"]

_SUBHEAD = 20  # a line within an article that stands by itself: 一、加强领导
# What stands under a headline and opens the text without being a sentence: 编辑同志：, 一、学额, (第31号).
_OPENS_TEXT = re.compile(r"[:：,，、]$|^(?:[一二三四五六七八九十]{1,3}[、.．]|[(（【])")
_FIRST_PAGE = re.compile(
    r"(?:^|\s)(?:第\s*(?P<page>0?1|一)\s*版|(?P<letter>A0?1)版?)(?:[:：]\s*(?P<name>[\u4e00-\u9fff·]{2,8}))?(?=\s|$)"
)


def read_newspaper(path: Path, text: str, paper: str | None = None) -> Issue:
    """Read an OCR'd issue; raises IssueError where the paper, the date or every article is missing.

    The `paper` that the operator names wins over the one that is printed.
    """
    front = read_front_matter(path, text)
    blocks = list(separate(split_blocks(front.text)))
    opening = masthead_length(blocks)
    above = "\n".join(block.text for block in blocks[:opening])
    masthead = read_masthead(above)
    stated = None if front.edited else front.told.day  # the day of a change is the last resort
    issue_date = stated or masthead.issue_date or find_date(path.stem) or front.told.day
    if issue_date is None:
        raise IssueError("masthead_date", path, 1)
    paper = paper or front.told.paper or masthead.paper
    if paper is None:
        raise IssueError("masthead_paper", path, 1)
    if masthead.overlong is not None:
        line = text.count("\n", 0, text.index(masthead.overlong)) + 1
        raise IssueError("masthead_number", path, line, number=masthead.overlong[:40])
    warnings = list(masthead.warnings)
    last_date = masthead.last_date if masthead.issue_date == issue_date else None
    for other, place in ((masthead.issue_date, "day_of_masthead"), (find_date(path.stem), "day_of_name")):
        if other and not issue_date <= other <= (last_date or issue_date):
            warnings.append(MESSAGES.text("days_disagree", day=issue_date, other=other, place=MESSAGES.message(place)))
    closing = len(blocks) - imprint_length(blocks[opening:])
    told = [block for block in blocks[opening:closing] if block.level or not names_editors(block.text)]
    editors = [block.text for block in blocks[opening:closing] if not block.level and names_editors(block.text)]
    articles = _joined_articles(gather(told, _first_page(blocks[:opening])))
    if not articles:
        line = text.rstrip("\n").count("\n") + 1
        raise IssueError("no_article", path, line)
    return Issue(
        issue_id=make_issue_id(paper, issue_date),
        paper=paper,
        issue_date=issue_date,
        articles=tuple(articles),
        issue_number=front.told.number or masthead.issue_number,
        pages=masthead.pages,
        cn_number=masthead.cn_number,
        warnings=tuple(warnings),
        masthead=Article(
            title=MESSAGES.text("masthead_title", paper=paper),
            body="\n".join([above, *editors, *(block.text for block in blocks[closing:])]),
            kind=ArticleKind.MASTHEAD,
        ),
        edition=masthead.edition,
        last_date=last_date,
    )


def _first_page(masthead: Sequence[Block]) -> PageMark:
    """Return the page that is named within the masthead or right behind it."""
    page = PageMark()
    for block in masthead:
        for line in block.text.split("\n"):
            mark = read_page_mark(line)
            if mark and find_date(line) is None:
                page = mark
            elif match := _FIRST_PAGE.search(simplified_in_place(line)):
                page = PageMark(match["letter"] or "1", match["name"])
    return page


def _joined_articles(drafts: Sequence[Draft]) -> list[Article]:
    """Make the articles of drafts, those that go on elsewhere as one.

    A half that stays alone keeps its mark, for its other half may stand in another file of the same zip.
    """
    halves = []
    for place, draft in enumerate(drafts):
        title = draft.headings[0].text if len(draft.headings) == 1 else _finish(draft).title if draft.headings else ""
        halves.append(Half(place, title, draft.page.page, draft.jumps))
    pairs, lone = pair_halves(halves)
    followers = {first: second for second, first in pairs.items()}
    alone = {half.place for half in lone}
    articles = []
    for place, draft in enumerate(drafts):
        if place in pairs:
            continue
        first, parts, pages, follower = place, [draft], [], followers.get(place)
        seen = {place}
        while follower is not None and follower not in seen:
            seen.add(follower)
            parts.append(drafts[follower])
            onward = halves[place].onward
            pages.append(drafts[follower].page.page or (onward.page if onward else None))
            place, follower = follower, followers.get(follower)
        article = _finish(draft, parts[1:], [page for page in pages if page])
        back, onward = halves[first].back, halves[place].onward
        if first in alone and back:
            article = replace(article, body=f"{written(back)}{article.body}")
        if place in alone and onward and place not in followers:
            article = replace(article, body=f"{article.body}\n{written(onward)}")
        articles.append(article)
    return articles


def _finish(draft: Draft, more: Sequence[Draft] = (), pages: Sequence[str] = ()) -> Article:
    """Make the article of a draft: headline told from kicker and subtitle, paragraphs joined, credits read.

    `more` are its further halves and `pages` where these stand.
    """
    blocks = list(draft.blocks)
    credits: list[str] = []
    subtitles: list[str] = []
    while blocks and not is_text(blocks[0]) and not _OPENS_TEXT.search(simplified_in_place(blocks[0].text)):
        line = blocks.pop(0).text
        (credits if is_credit(line) else subtitles).append(line)
    body = ""
    for part in (blocks, *(half.blocks for half in more)):
        text = join_columns(line for block in part for line in block.text.split("\n"))
        # The page cut the sentence in two.
        body += ("\n" if body and ends_a_sentence(body) else "") + text
    if not draft.headings:  # what comes from elsewhere, without a headline of its own
        first_line = draft.blocks[0].line if draft.blocks else 1
        draft = replace(draft, headings=[Block(1, headline_of_rest(draft.jumps, body), first_line)])
    heads = read_headlines(draft.headings, body)
    names, source = read_credit_lines(credits)
    byline, printed_source = read_credits(body)
    return Article(
        title=heads.title,
        body="\n".join([*credits, body]),
        kicker=heads.kicker,
        subtitle=" ".join(filter(None, [heads.subtitle, *subtitles])) or None,
        column=heads.column,
        byline=names or byline,
        source=source or printed_source,
        page=draft.page.page,
        page_name=draft.page.name,
        continued="、".join(dict.fromkeys(pages)) or None,
    )


def join_columns(lines: Iterable[str]) -> str:
    """Join lines that a column or page cut in mid-sentence; whole paragraphs keep lines of their own."""
    paragraphs: list[str] = []
    open_sentence = False
    for line in lines:
        if open_sentence:
            # Between two Latin words the cut stood at a space; Chinese needs none.
            gap = " " if paragraphs[-1][-1:].isascii() and paragraphs[-1][-1:].isalpha() and line[:1].isascii() else ""
            paragraphs[-1] += gap + line
        else:
            paragraphs.append(line)
        alone = not open_sentence and len(line) <= _SUBHEAD and not re.search(r"[，,。；;]", line)
        open_sentence = not ends_a_sentence(paragraphs[-1]) and not alone
    return "\n".join(paragraphs)
