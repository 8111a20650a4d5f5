"""What the HTTP face tells people: a table of templates a language, and the look-up of a text in one of them.

A language is a file with one dict, as in `embeddings.messages`; a text is worded in the
language of the request, where it is sent.
"""

from __future__ import annotations

from werkzeug.datastructures import LanguageAccept

from embeddings.messages import Messages
from qa.http.messages import en, zh

MESSAGES = Messages(zh=zh.TEXTS, en=en.TEXTS)
"""All that errors over HTTP tell: codes of errors, and under `reason.` what may be wrong with a field."""
LANGUAGES = tuple(MESSAGES.tables)


def preferred_language(accepted: LanguageAccept) -> str:
    """Return the language of ours that Accept-Language weighs highest; the first where it prefers none."""
    weights = dict.fromkeys(LANGUAGES, 0.0)
    for tag, weight in accepted:
        # en-GB counts as en; Werkzeug's own best match looks at en;q=0.5 before it takes zh-CN for zh.
        primary = tag.lower().replace("_", "-").partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], weight)
    return max(weights, key=weights.__getitem__)
