"""The route that writes a reference to an article."""

from __future__ import annotations

from typing import Any, Literal

from flask import Response, request
from flask_openapi3 import OpenAPI
from pydantic import Field

from qa.http.context import Context
from qa.http.errors import ApiError
from qa.http.models import ArticlePath, Strict
from qa.http.replies import ERRORS, READING
from qa.references.formats import STYLES


class CiteIn(Strict):
    """How a reference is written."""

    format: Literal["gbt7714", "bibtex", "ris", "csl"] | None = Field(
        None, description="left out: csl for a client that accepts JSON alone, else gbt7714"
    )


_REFERENCE: dict[str, Any] = {
    "description": "The reference, as a file to save",
    "content": {style.mimetype: {"schema": {"type": "array" if name == "csl" else "string"}} for name, style in STYLES.items()},
}


def add_routes(app: OpenAPI, context: Context) -> None:
    """Add GET /api/cite/<article_id>."""
    archive = context.archive

    @app.get(
        "/api/cite/<article_id>", summary="A reference to an article", tags=[READING], responses={**ERRORS, 200: _REFERENCE}
    )
    def _cite(path: ArticlePath, query: CiteIn) -> Response:
        passage = archive.passage_at(path.article_id)
        if passage is None:
            raise ApiError(404, "article_not_found", "article_id", article_id=path.article_id)
        json_alone = request.accept_mimetypes.best_match(["text/plain", "application/json"]) == "application/json"
        style = STYLES[query.format or ("csl" if json_alone else "gbt7714")]
        others = [one for one in archive.printings(passage.article_id) if one.article_id != passage.article_id]
        response = Response(style.write(passage, others).encode(), content_type=f"{style.mimetype}; charset=utf-8")
        response.headers.set("Content-Disposition", "attachment", filename=f"{passage.article_id}.{style.suffix}")
        response.vary.add("Accept")
        return response
