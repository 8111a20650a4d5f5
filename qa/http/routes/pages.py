"""The pages: the chat, and what is read, printed and linked without a script."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from flask import Response, abort, render_template, request, send_from_directory
from flask_openapi3 import OpenAPI
from werkzeug.exceptions import NotFound

from embeddings.records import Issue
from embeddings.store.archive import Archive
from embeddings.store.records import IssueDay
from qa.http.context import Context
from qa.http.errors import http_error
from qa.http.models import RelatedOut, ReprintOut
from qa.http.paragraphs import Span, paragraphs
from qa.http.routes.articles import ArticleOut
from qa.http.routes.issues import ArticleLine, IssueOut
from qa.references.corrections import find_later_reports
from qa.references.formats import gbt7714

# Beside this package, in a clone and where it is installed. It holds no Python, and a folder that is no package
# cannot be found by import once an editable install stands in between.
WEB = Path(__file__).resolve().parents[3] / "web"
_SERVED = (".css", ".js", ".svg")
"""The files of the pages; their templates are none, and are only sent filled in."""
_RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Month:
    """The issues of one month, oldest first."""

    number: int
    issues: tuple[IssueDay, ...]


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add the pages and their files, and the page of an address under which nothing stands."""
    archive, settings = context.archive, context.settings
    app.add_template_filter(_chinese_day, "day")
    app.register_error_handler(404, _missing)

    # Flask's own route: that of OpenAPI hands no part of the address to a function without a model.
    @app.route("/")
    def _home() -> Response:
        return _packed(send_from_directory(WEB, "index.html"))

    @app.route("/static/<path:name>")
    def _static(name: str) -> Response:
        if not name.endswith(_SERVED):
            abort(404)
        return _packed(send_from_directory(WEB, name))

    @app.route("/embed.js")
    def _embed() -> Response:
        return _packed(send_from_directory(WEB / "js" / "chat", "embed.js"))

    @app.route("/archive")
    def _by_day() -> str:
        return render_template("archive.html")

    @app.route("/admin")
    def _desk() -> str:
        return render_template("admin.html", open=settings.admin_token is not None)

    @app.route("/issues")
    def _issues_of_year() -> str:
        return _issues_page(archive.issue_days())

    @app.route("/issues/<issue_id>")
    def _printed_issue(issue_id: str) -> str:
        issue = archive.issue(issue_id)
        if issue is None:
            abort(404)
        return render_template(
            "issue.html",
            issue=IssueOut.of(issue),
            before=archive.issue_before(issue.paper, issue.issue_date),
            after=archive.issue_after(issue.paper, issue.issue_date),
            others=_others(archive, issue),
        )

    @app.route("/articles/<article_id>")
    def _printed_article(article_id: str) -> str:
        found = archive.article(article_id)
        passage = archive.passage_at(article_id)
        if found is None or passage is None:
            abort(404)
        return _article_page(archive, *found, reference=gbt7714(passage))


def _packed(response: Response) -> Response:
    """Compress a whole file of text for whoever takes it so.

    By hand, because Flask-Compress brings two more compressors along for these few small files.
    """
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or request.accept_encodings.quality("gzip") <= 0:
        return response
    response.direct_passthrough = False
    response.set_data(gzip.compress(response.get_data(), mtime=0))
    response.content_encoding = "gzip"
    # The same name for both forms is only honest where it says that they mean the same.
    response.set_etag(response.get_etag()[0] or "", weak=True)
    return response


def _missing(error: NotFound) -> Any:
    """Answer that nothing stands under an address: with a page whoever reads pages, else in the one body of errors."""
    return Response(render_template("missing.html"), 404, mimetype="text/html") if _wants_page() else http_error(error)


def _wants_page() -> bool:
    """Say whether whoever asks reads pages: a browser does, and a program gets JSON."""
    accepted = request.accept_mimetypes
    return not request.path.startswith("/api/") and accepted.quality("text/html") > accepted.quality("application/json")


def _article_page(archive: Archive, issue: Issue, place: int, reference: str) -> str:
    article = ArticleOut.of(issue, place)
    contents = IssueOut.of(issue).articles
    mark = _asked_mark(len(article.body))
    later = find_later_reports(archive, article.article_id, issue.text_at(place), issue.issue_date)
    return render_template(
        "article.html",
        article=article,
        paragraphs=paragraphs(article.body, mark, [(doubt.start, doubt.end) for doubt in article.doubts]),
        printed=[(printed, paragraphs(printed.body)) for printed in article.printed],
        reference=reference,
        original=_web_address(article.original_url),
        related=[RelatedOut.of(one) for one in later],
        reprints=[ReprintOut.of(one) for one in archive.printings(article.article_id) if one.article_id != article.article_id],
        contents=contents,
        before=contents[place - 1] if place > 0 else None,
        after=_at(contents, place + 1),
        others=_others(archive, issue),
    )


def _issues_page(days: list[IssueDay]) -> str:
    """Show the issues of the year that is asked for, or of the last one that holds any."""
    years = sorted({day.issue_date.year for day in days}, reverse=True)
    asked = request.args.get("year", type=int)
    year = asked if asked in years else next(iter(years), None)
    shown = [day for day in days if day.issue_date.year == year]
    months = [Month(number, tuple(issues)) for number, issues in groupby(shown, lambda day: day.issue_date.month)]
    return render_template("issues.html", years=years, year=year, months=months, total=len(days))


def _others(archive: Archive, issue: Issue) -> list[IssueOut]:
    """Return what other papers printed on the day of an issue."""
    others = [day for day in archive.issues_of_day(issue.issue_date) if day.issue_id != issue.issue_id]
    found = (archive.issue(day.issue_id) for day in others)
    return [IssueOut.of(other) for other in found if other is not None]


def _asked_mark(length: int) -> Span | None:
    """Return the quote that the address names (?q=31-62 or ?start=31&end=62), where the body holds it."""
    given = request.args
    match = _RANGE.fullmatch(given.get("q") or f"{given.get('start', '')}-{given.get('end', '')}")
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None


def _web_address(url: str | None) -> str | None:
    """Return an address of an issue file that may be linked: one of the web, and no script."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _at(articles: list[ArticleLine], place: int) -> ArticleLine | None:
    return articles[place] if place < len(articles) else None


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
