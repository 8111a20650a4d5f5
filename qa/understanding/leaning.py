"""How likely it is that a question leans on the turns before it, told from its words: a small logistic model.

Its weights were learnt on conversations (`python -m benchmarks.conversations --fit` prints them), and each
feature is plain: 他 points back, 鸡蛋涨了没 names something of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from embeddings.text.segmentation import search_words, word_frequency
from qa.understanding.analysis import analyse
from qa.understanding.asking_words import INTERROGATIVE
from qa.understanding.question import understand
from qa.understanding.topics import NAMED_TYPES, asking_start, entity_mentions

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "one": 0.1,
        "points": 1.67,
        "points_first": 2.57,
        "swaps": 3.4,
        "further": -0.73,
        "then": 0.62,
        "related": 1.74,
        "why": 0.7,
        "asks_first": 1.23,
        "no_noun_before": 1.06,
        "names": -0.27,
        "time": -0.32,
        "nouns": 0.03,
        "no_word": 0.43,
        "words": -0.49,
        "rarest": 1.25,
        "length": -1.97,
        "fragment": 1.52,
        "no_asking_word": 0.31,
        "shares_last": 0.33,
        "shares_answer": 0.32,
        "shares_earlier": 0.81,
        "same_kind": 0.16,
        "verb_first": -0.28,
        "adverb_first": 0.67,
        "measure_first": -0.09,
    }
)
# What is only said in relation to something told before: 同比, 比上年, 其中, 一共, 后来.
_RELATED = re.compile(
    r"^(?:那么?)?(?:同比|环比|[比跟和与](?:[去上前]|.{1,4}比)|其中|其次|其他|其余|剩|一共|总共|合计|加起来|最后|最终|最多|最少|最高|最低|平均|后来|结果|然后|以前|原来|又|才|还|再|都|也|分别|各"
    r"|[^\W\d_]{1,5}(?:以后|之后|以前|之前|后)(?!天))"
)
# 那 leads on, and points to nothing: 那平价菜呢.
_THEN = re.compile(r"^那么?(?![里儿边天年次个家位座项场篇届时会些种条])")
_WHY = re.compile(r"^(?:那)?(?:为什么|为何|为啥|因为(?:什么|啥)|怎么会|凭什么)")
_FRAGMENT = 4
_HAN_LONG = 16


def leaning_features(
    question: str, turns: Sequence[tuple[str, str]], today: date, *, points: int | None, swaps: bool, further: bool
) -> dict[str, float]:
    """Return what of a question's words tells whether it leans; `turns`: the questions before and their answers, oldest first.

    `points`: where a word of it points back, or None; `swaps`: it only names something else (…呢);
    `further`: it was opened as one more question (对了).
    """
    parts = entity_mentions(question, today)
    sorts = {part.entity_type for part in parts}
    begun = asking_start(question)
    own = _own_words(question)
    rarest = min((word_frequency(word) for word in own), default=None)
    last_question, last_answer = turns[-1] if turns else ("", "")
    earlier = "".join(asked + answer for asked, answer in turns[:-1])
    before = question[:begun] if begun is not None else question
    nouns = [part for part in parts if part.entity_type in NAMED_TYPES or part.entity_type == "noun"]
    first = analyse(question).tokens[0][1] if question else "x"
    return {
        "one": 1.0,
        "points": float(points is not None),
        "points_first": float(points is not None and points <= 1),
        "swaps": float(swaps),
        "further": float(further),
        "then": float(_THEN.match(question) is not None),
        "related": float(_RELATED.match(question) is not None),
        "why": float(_WHY.match(question) is not None),
        "asks_first": float(begun is not None and len(before) <= 1),
        "no_noun_before": float(not any(part.end <= len(before) for part in nouns)),
        "names": float(bool(sorts & NAMED_TYPES)),
        "time": float("time" in sorts),
        "nouns": float(min(len(nouns), 3)),
        "no_word": float(not own),
        "words": float(min(len(own), 6)),
        "rarest": 0.0 if rarest is None else math.log1p(rarest) / 10,
        "length": min(len(question), _HAN_LONG) / 10,
        "fragment": float(len(question.rstrip("？?")) <= _FRAGMENT),
        "no_asking_word": float(INTERROGATIVE.search(question) is None),
        "shares_last": float(any(word in last_question for word in own)),
        "shares_answer": float(any(word in last_answer for word in own)),
        "shares_earlier": float(any(word in earlier for word in own)),
        "same_kind": float(bool(last_question) and understand(question).kind is understand(last_question).kind),
        "verb_first": float(first.startswith("v")),
        "adverb_first": float(first.startswith(("d", "p", "c"))),
        "measure_first": float(first.startswith("m")),
    }


def leaning_probability(features: Mapping[str, float], weights: Mapping[str, float] = WEIGHTS) -> float:
    """Return how likely a question with these features leans on what was asked before."""
    return 1 / (1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in features.items())))


def _own_words(question: str) -> list[str]:
    """Return the words of a question that carry a subject."""
    return [word for word in search_words(question) if len(word) > 1 and not INTERROGATIVE.search(word)]
