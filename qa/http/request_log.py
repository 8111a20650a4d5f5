"""What the server logs: a line for each request, and the id of the request in every line and every error."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from embeddings.errors import printable
from qa.settings import Settings

access = logging.getLogger("wenbao.access")
HEADER = "X-Request-ID"
_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)
_TEXT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"
_QUIET = ("sentence_transformers", "faiss")
# Words of visitors that a route takes in its address or in its body.
_ASKED = ("question", "q", "quote", "asked")

Observer = Callable[[str, str, int, float], None]
"""Takes the method, the route's pattern, the status and the seconds of a request that ended."""


def configure_logging(settings: Settings) -> None:
    """Write the log to standard error, in the form that the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_add_request_id)
    handler.setFormatter(_JsonLines() if settings.log_format == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for library in _QUIET:
        logging.getLogger(library).setLevel(logging.WARNING)


def request_id() -> str | None:
    """Return the id of the present request, None outside of any."""
    return g.get("request_id") if has_request_context() else None


def add_request_log(app: Flask, settings: Settings, observe: Observer) -> None:
    """Give each request an id, and when its answer is sent whole log and observe it."""

    @app.before_request
    def _begin() -> None:
        # A proxy's id is kept, so that its log and ours can be laid side by side; TrustedProxies took off all others.
        given = request.headers.get(HEADER, "")
        g.request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        began, number = g.get("began", time.perf_counter()), g.get("request_id", "")
        response.headers[HEADER] = number
        # Patterns, not addresses: a counter for each address that strangers try would grow without end.
        route = request.url_rule.rule if request.url_rule else ""
        facts: dict[str, object] = {
            "request_id": number, "client": request.remote_addr, "method": request.method,
            "path": printable(request.path), "status": response.status_code,
        }  # fmt: skip
        if settings.log_questions and (asked := _asked()):
            facts["asked"] = asked

        def sent() -> None:
            seconds = time.perf_counter() - began
            observe(str(facts["method"]), route, response.status_code, seconds)
            if settings.log_requests:
                facts["ms"] = round(1000 * seconds, 1)
                access.info("%s", _Facts(facts), extra={"facts": facts})

        response.call_on_close(sent)
        return response


class _Facts(str):
    """A line of what is known of a request, as name=value; nothing in it ends the line or forges another."""

    def __new__(cls, facts: dict[str, object]) -> _Facts:
        return super().__new__(
            cls, " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in facts.items())
        )


def _asked() -> dict[str, str]:
    body = request.get_json(silent=True) if request.is_json else None
    sent = {**request.args.to_dict(), **(body if isinstance(body, dict) else {})}
    return {name: printable(sent[name]) for name in _ASKED if isinstance(sent.get(name), str)}


def _add_request_id(record: logging.LogRecord) -> bool:
    record.request_id = getattr(record, "facts", {}).get("request_id") or request_id() or "-"
    return True


class _JsonLines(logging.Formatter):
    """Writes each line as a JSON object; by hand, because it is shorter than a library's set-up."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
        }
        facts = getattr(record, "facts", None)
        line.update(facts if facts is not None else {"message": record.getMessage()})
        if record.exc_info and record.exc_info[0] is not None:
            line["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)
