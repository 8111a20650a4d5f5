"""What every route of the API answers with, and how the description groups them."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi3 import Tag
from pydantic import BaseModel

from qa.http.models import ErrorOut

ASKING = Tag(name="ask", description="Questions and searches")
READING = Tag(name="read", description="Issues and articles")
OPERATING = Tag(name="operate", description="Health, metrics, and what wants the admin token")
ERRORS: dict[str | int, type[BaseModel] | dict[Any, Any] | None] = dict.fromkeys((400, 404, 413, 415, 422, 429), ErrorOut)


def reply(model: BaseModel, status: int = 200) -> Response:
    """Return a model as JSON."""
    return Response(model.model_dump_json(by_alias=True), status, mimetype="application/json")
