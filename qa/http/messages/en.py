"""What the HTTP face tells in English."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # Any request
    "bad_request": "The request cannot be understood",
    "not_found": "There is nothing at this address",
    "method_not_allowed": "This address does not take requests of this method",
    "too_large": "The request is too large",
    "unsupported_media_type": "Send the request as application/json",
    "too_many_requests": "Too many requests: please try again later",
    "too_slow": "The request came too slowly",
    "stopping": "The server is stopping: please try again later",
    "too_many_requests.wait": "Too many requests: please try again in {seconds} s",
    "not_ready": "No answer can be given for now: please try again later",
    "damaged": "This was damaged on the server's disk and is not shown until it is mended",
    "error": "The request could not be completed",
    "internal": "Something went wrong on the server; it is in the log",
    "invalid_json": "The request is not valid JSON",
    "invalid_json.no_object": "The request should be a JSON object",
    # The admin token
    "admin_off": "No admin token is set: set WENBAO_ADMIN_TOKEN and restart the server",
    "unauthorized": "Wrong admin token: send it as Authorization: Bearer",
    "read_unauthorized": "Wrong token: send it as Authorization: Bearer, or as the password that the browser asks for",
    # Questions, quotations, articles
    "busy": "Too many questions at once: please try again later",
    "question_empty": "Please write a question",
    "question_too_long": "The question is too long: {longest} characters at most, not {length}",
    "quote_too_short": "The quotation is too short: {shortest} characters at least, not {length}",
    "quote_too_long": "The quotation is too long: {longest} characters at most, not {length}",
    "issue_not_found": "There is no issue {issue_id}",
    "article_not_found": "There is no article {article_id}",
    "feedback_full": "No more feedback can be taken for now",
    # Alerts
    "alert_not_found": "there is no alert {alert_id}",
    "alerts_full": "{most} alerts are kept at most: remove some first",
    "feed_key": "the address of the feed is not right: ask python -m qa alerts list, or GET /api/alerts, for it",
    # Uploads
    "archive_busy": "Another command is changing the archive: please try again later",
    "issue_not_uploaded": "{issue_id} was not uploaded but read from {source}: delete this file first, "
    "then run python -m embeddings sync --prune DIR on its folder",
    "issue_shares_file": "The file of {issue_id} holds {count} other issues ({others}): send ?together=true to delete them too",
    "no_files": "No file was sent: put it in the field files",
    "unsupported_media_type.files": "Send files as multipart/form-data or text/markdown",
    "uploads_full": "{most} uploads are waiting already: please send it later",
    "upload_not_found": "There is no upload {upload_id}, or it ended long ago",
    "upload_refused": "No file was taken: {reasons}",
    "upload_refused.between": "; ",
    # Corrections
    "correction_refused": "Nothing was corrected: {reason}",
    # What is wrong with a field
    "invalid_field": "{field}: {reason}",
    "reason.missing": "is missing",
    "reason.empty": "must not be empty",
    "reason.unknown": "there is no such field",
    "reason.no_text": "should be text",
    "reason.no_integer": "should be an integer",
    "reason.no_date": "should be a date such as 2021-01-31",
    "reason.no_boolean": "should be true or false",
    "reason.too_small": "is too small",
    "reason.too_large": "is too large",
    "reason.too_long": "is too long",
    "reason.other": "does not fit",
    "reason.half_character": "holds half a character (an unpaired surrogate)",
    "reason.no_utf8": "is not UTF-8: send it percent-encoded in UTF-8",
    "reason.dates_reversed": "the first date lies after the last",
    "reason.nothing_said": "say helpful, or the answer that was rejected",
    "reason.one_end": "start and end belong together",
    "reason.ends_reversed": "end must be greater than start",
    "reason.behind_the_body": "the body has only {length} characters",
    "reason.issue_not_found": "there is no issue {issue_id}",
    "reason.no_field_map": "{pair} is not FIELD=NAME, such as title=headline,date=day",
    "reason.not_the_begin": "is not the begin of the text",
    "reason.no_file_name": "give the file name in the address, such as ?name=2024-03-12.md",
}
