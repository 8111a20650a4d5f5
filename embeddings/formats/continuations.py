"""Articles of an issue that go on elsewhere: whatever reader gave them, their marks go, and the halves become one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from embeddings.formats.jumps import Half, Jump, alike, find_marks, headline_of_rest, pair_halves, take_jumps
from embeddings.formats.page_marks import same_page
from embeddings.messages import MESSAGES
from embeddings.records import Article, Issue
from embeddings.text.sentences import ends_a_sentence
from embeddings.text.spans import behind

_TEXT = 40  # a line of more characters than this is text, whatever its punctuation
_TOLD = 20  # characters of a headline that a warning tells


@dataclass(frozen=True, slots=True)
class _Part:
    """An article without its marks; `headless` where it bears no headline of its own."""

    article: Article
    jumps: list[Jump]
    headless: bool


def with_continuations(issue: Issue) -> Issue:
    """Return an issue whose articles hold no marks of jumps: halves are joined, and one without the other is a warning.

    `continued` names the page on which the rest stands, also of a second half whose beginning is elsewhere.
    """
    parts = [part for article in issue.articles for part in _parts(article)]
    halves = [
        Half(place, "" if part.headless else part.article.title, part.article.page, part.jumps)
        for place, part in enumerate(parts)
    ]
    if not any(half.jumps for half in halves):
        articles = tuple(part.article for part in parts)
        return issue if articles == issue.articles else replace(issue, articles=articles)
    pairs, lone = pair_halves(halves)
    followers = {first: second for second, first in pairs.items()}
    articles = tuple(_whole(place, parts, followers) for place in range(len(parts)) if place not in pairs)
    warnings = [
        MESSAGES.text(
            "jump_onward" if half.onward and half.place not in followers else "jump_back",
            title=parts[half.place].article.title[:_TOLD],
            page=(half.onward or half.back or half.jumps[0]).page,
        )
        for half in lone
    ]
    return replace(issue, articles=articles, warnings=(*issue.warnings, *warnings))


def other_parts(articles: Sequence[Article], place: int) -> list[int]:
    """Return the places of the articles of an issue that came as halves of the one at `place`, from other files.

    Each names the page of the other; of several those with a headline like its own, where there are such.
    """
    own = articles[place] if place >= 0 else None
    if own is None or not (own.page and own.continued):
        return []
    found = [
        at
        for at, one in enumerate(articles)
        if at != place and one.page and one.continued
        and same_page(one.page, own.continued) and same_page(own.page, one.continued)
    ]  # fmt: skip
    return [at for at in found if alike(articles[at].title, own.title)] or found


def _parts(article: Article) -> list[_Part]:
    """Take the marks off an article, and part a rest of another (上接第1版) from the text that it stands below."""
    cuts = [
        mark.start
        for mark in find_marks(article.body)
        if mark.jump is not None and not mark.jump.onward and _opens_another(article.body[: mark.start])
    ]
    first, *rests = _split(article, cuts)
    parts = [_unmarked(first)]
    for rest in rests:
        body, jumps, doubts = take_jumps(rest.body, rest.doubts)
        if body:
            headline = headline_of_rest(jumps, body)
            parts.append(_Part(replace(rest, title=headline, body=body, doubts=doubts), jumps, headless=True))
    return parts


def _opens_another(above: str) -> bool:
    """Say whether a line below this text can begin the rest of another: the text is one, and no headline or byline."""
    return above.endswith("\n") and any(len(line) > _TEXT or ends_a_sentence(line) for line in above.split("\n"))


def _split(article: Article, cuts: Sequence[int]) -> list[Article]:
    """Cut an article's text at some offsets; what is behind the first is on its page, and has nothing else of it."""
    if not cuts:
        return [article]
    ends = [*cuts, len(article.body)]
    above = article.body[: cuts[0]].rstrip()
    doubts = [span for span in article.doubts if span[1] <= len(above)]
    pieces = [replace(article, body=above, doubts=tuple(doubts))]
    for start, end in pairwise(ends):
        own = [span for span in article.doubts if start <= span[0] and span[1] <= end]
        pieces.append(
            Article(
                "", article.body[start:end], page=article.page, page_name=article.page_name, url=article.url,
                doubts=behind(own, -start),
            )
        )  # fmt: skip
    return pieces


def _unmarked(article: Article) -> _Part:
    """Take the marks off headline, lines around it and text; the text stays where there is nothing else in it."""
    title, jumps, _ = take_jumps(article.title)
    # A text without a headline lent it its first line.
    lent = bool(jumps) and not jumps[0].onward and (len(title) > _TEXT or ends_a_sentence(title))
    lines = {"kicker": article.kicker, "subtitle": article.subtitle}
    for name, line in lines.items():
        if line:
            left, found, _ = take_jumps(line)
            lines[name] = left or None
            jumps += found
    body, found, doubts = take_jumps(article.body, article.doubts)
    if not body:
        return _Part(article, [], headless=False)
    jumps += found
    if lent and not body.startswith(title):
        body, doubts = f"{title}\n{body}", behind(doubts, len(title) + 1)
    headless = lent or not title
    title = headline_of_rest(jumps, body) if headless else title
    return _Part(replace(article, title=title, body=body, doubts=doubts, **lines), jumps, headless)  # type: ignore[arg-type]


def _whole(place: int, parts: Sequence[_Part], followers: dict[int, int]) -> Article:
    """Join an article with the parts on which it goes on, and tell on which pages these are."""
    whole, last = parts[place].article, parts[place]
    pages: list[str] = []
    seen = {place}
    while (follower := followers.get(place)) is not None and follower not in seen:
        seen.add(follower)
        onward = next((jump.page for jump in reversed(last.jumps) if jump.onward), None)
        place, last = follower, parts[follower]
        page = last.article.page or onward
        pages += [page] if page and page != whole.page else []
        whole = _joined(whole, last.article)
    if not pages:
        # What of it stands elsewhere was not found here; that of a rest is its beginning.
        found = [jump.page for jump in last.jumps if jump.onward] or [jump.page for jump in last.jumps]
        pages = [page for page in found[-1:] if len(seen) == 1]
    return replace(whole, continued="、".join(dict.fromkeys(pages)) or whole.continued)


def _joined(first: Article, second: Article) -> Article:
    """Let an article go on with the text of another."""
    # The page cut the sentence in two.
    gap = "\n" if ends_a_sentence(first.body) else ""
    return replace(
        first,
        body=first.body + gap + second.body,
        byline=first.byline or second.byline,
        source=first.source or second.source,
        column=first.column or second.column,
        url=first.url or second.url,
        doubts=(*first.doubts, *behind(second.doubts, len(first.body) + len(gap))),
    )
