"""The span that answers within a sentence: of the asked kind, unit and sort, nearest to the question's words."""

from __future__ import annotations

import re

from embeddings.text.letters import fold, fold_aligned, letters_and_digits
from embeddings.text.numbers import Measure, leading_unit
from embeddings.text.segmentation import search_words
from qa.reading.matching import holds
from qa.understanding.analysis import analyse
from qa.understanding.answer_kinds import Kind
from qa.understanding.asking_words import INTERROGATIVE
from qa.understanding.demands import Told
from qa.understanding.entities import Offsets
from qa.understanding.question import Question

_BONUS = 4  # characters that a lead makes a span nearer
_FAR = 24  # characters beyond which a word says nothing of a span
_LEAD = 40  # characters before a number in which is told whether it is a part
_REPEATED = 0.8  # of the letters of a reason that the question has too: it explains nothing
_FEW = 4  # letters, too few to tell a repeated clause by
_QUESTION_MARK = re.compile(r"[^，,。；;：:！!\n？?]{0,80}[？?]")
# What ends a question in print that is marked as an answer with it.
_ASKING = re.compile(r"[？?][”」』’]?$")
_ASKS_QUESTION = re.compile(r"问|哪.?句|话|说")
# 是8点还是9点, 甲和乙谁先到: one of the question's own words answers.
_CHOICE, _JOINED, _WHICH = re.compile(r"还是|或|\bor\b"), re.compile("[和跟与、，,]"), re.compile("[谁哪]")
_COUNTING = re.compile("多少|几")
_COUNTS_TOO = (Measure.PERSONS, Measure.SHARE, Measure.DEGREES)
"""What may answer whatever is counted: three persons for 几个, 70% for 多少户, 三度 for 几次."""
# 一共来了多少人
_TOTAL = re.compile(r"一共|总共|总计|合计|共有|共计|加起来|拢共|统共|\bin total\b|\baltogether\b|\btotal number\b")
_PART = re.compile(r"其中[^，,。；;：:！!？?\n]*$")
# 比前一天增加5人
_CHANGED = re.compile(
    r"(?:增[加长]|减少|下降|上[升涨]|提[高升]|回落|下跌|降低|扩大|缩[短小]|高出|(?<!最)[多少]了)了?(?:约|近|逾|超过?|至少|大约)?$"
)
_ASKS_CHANGE = re.compile(
    r"[增减涨跌降升缩扩贵便省差比新添拉变幅又再快慢提回]|[大小高低长短重轻热冷深宽窄多少]了?(?:多少|几|百分|一)|[多少]了|(?<!多)少(?!年)|多(?![少大长久高宽远深重么]|次)"
    r"|\b(?:grow|grew|growth|increas|ris|rose|fall|fell|drop|declin|more|less|fewer|higher|lower|chang|cut|by how|up|down)"
)
# 受此影响 points back to what explains, and does not tell it.
_POINTS_BACK = re.compile(r"(?:受[此其这]的?影响|[为因由对]此|因而|所以|于是|这样)")
_ASKED_SORT = re.compile(r"哪[一二两三几些]?[个座条家处支所片]?([\u4e00-\u9fff]{1,2})")


def find_spans(sentence: str, question: Question) -> list[Offsets]:
    """Return the spans of the asked kind, in order; empty for kinds that a pattern cannot tell."""
    finds = question.expects.finds
    return finds(sentence, question) if finds else []


def type_match(text: str, question: Question) -> float:
    """Say whether words hold what the question asks for: 1 or -1, and 0 where its kind cannot be told by a pattern."""
    kind = question.expects
    if not kind.decisive:
        return 0.0
    spans = find_spans(text, question)
    return 1.0 if (kind.of_unit(text, spans, question) if kind.of_unit else spans) else -1.0


def is_candidate(body: str, start: int, end: int, question: Question) -> bool:
    """Say whether words of a body may answer a question at all; what plainly is of another kind may not.

    It turns away next to nothing that answers (`python -m benchmarks.kinds`) and leaves the choice
    among the rest to the reader.
    """
    told = Told.of(body, start, end)
    made = question.demands
    if made and not any(demand.met(told) for demand in made):
        return False
    if question.kind is Kind.YES_NO:  # what is asked is told again where it is affirmed
        return True
    return not (
        (all(demand.general for demand in made) and _counts_otherwise(told, question))
        or _is_printed_question(told, body, end, question)
        or _repeats(told, question)
        or _is_part_or_change(body, start, question)
    )


def _counts_otherwise(told: Told, question: Question) -> bool:
    """Say whether all numbers of some words are measured otherwise than in the unit that is asked: 37% of 多少户."""
    if question.unit is None or len(_COUNTING.findall(fold(question.text))) > 1:
        return False
    first = analyse(question.unit).tokens[0][0]
    unit, measured = leading_unit(first)
    if unit != first or measured is Measure.DEGREES:  # 家电 of 多少家电 counts nothing
        return False
    return bool(found := told.numbers()) and all(
        number.measure is not None and number.measure not in (measured, *_COUNTS_TOO) for number in found
    )


def _is_printed_question(told: Told, body: str, end: int, question: Question) -> bool:
    """Say whether words are asked in print, and so tell nothing."""
    if _ASKS_QUESTION.search(question.text):
        return False
    return _ASKING.search(told.text) is not None or _QUESTION_MARK.match(body, end) is not None


def _repeats(told: Told, question: Question) -> bool:
    """Say whether words only say again what the question says; a reason may not even say most of it again."""
    asked = fold(question.put)
    # Looked for one behind the other: a pattern with .* between them would go over the rest from each comma.
    joined = _JOINED.search(asked)
    if _CHOICE.search(asked) or (joined and _WHICH.search(asked, joined.end())):
        return False
    if holds(question.put, told.text):
        return True
    if not any(demand.explains for demand in question.demands):
        return False
    letters = letters_and_digits(told.text)
    return _POINTS_BACK.fullmatch(letters) is not None or (
        len(letters) >= _FEW and sum(letter in asked for letter in letters) >= _REPEATED * len(letters)
    )


def _is_part_or_change(body: str, start: int, question: Question) -> bool:
    """Say whether a number is that of a part (其中), or tells a change (比前一天增加), where the whole is asked for."""
    if question.kind is not Kind.NUMBER:
        return False
    asked, before = fold(question.put), fold(body[max(0, start - _LEAD) : start])
    if _TOTAL.search(asked) and "其中" not in asked and _PART.search(before):
        return True
    return _CHANGED.search(before) is not None and _ASKS_CHANGE.search(asked) is None


def best_span(sentence: str, question: Question) -> Offsets | None:
    """Return the span of the asked kind that stands closest to the question's words, or None.

    A span that the question itself holds answers nothing, and neither does a
    number of another unit than the one asked.
    """
    kind = question.expects
    spans = [span for span in find_spans(sentence, question) if not holds(question.text, sentence[slice(*span)])]
    for keeps in (kind.of_unit, kind.of_grain):
        spans = keeps(sentence, spans, question) if keeps else spans
    if not spans:
        return None
    places = _word_places(sentence, question)
    if kind.farthest is not None and not any(
        max(span[0] - place[1], place[0] - span[1]) <= kind.farthest for span in spans for _, found in places for place in found
    ):
        return None
    sort = _ASKED_SORT.search(question.text)
    vague = kind.vague(sentence) if kind.vague else frozenset()

    def cost(span: Offsets) -> float:
        nearest = [min(_distance(sentence, span, place, after) for place in found) for after, found in places]
        distance = sum(min(found, _FAR) for found in nearest) / len(nearest) if nearest else float(span[0])
        before = sentence[: span[0]]
        led = kind.lead is not None and kind.lead.search(before) is not None
        misled = kind.misleads is not None and kind.misleads.search(before) is not None
        sorts = sort is not None and sentence[slice(*span)].endswith(sort[1])
        return distance - _BONUS * (led + sorts) + 2 * _BONUS * misled + _FAR * (span in vague)

    return min(spans, key=cost)


def shared_words(question: Question, text: str) -> frozenset[str]:
    """Return the question's search words that also stand in a text."""
    return frozenset(question.words) & frozenset(search_words(text))


def _word_places(sentence: str, question: Question) -> list[tuple[bool, list[Offsets]]]:
    """Find the question's words in a sentence: for each, whether it stands behind the asking word, and its places."""
    folded, asked = fold_aligned(sentence), fold(question.text)
    turn = INTERROGATIVE.search(asked)
    found = []
    for word in question.words:
        if len(word) < 2 and not word.isdigit():
            continue
        places = [folded.span(*match.span()) for match in re.finditer(re.escape(word), folded.text)]
        if places:
            found.append((turn is not None and asked.find(word) >= turn.start(), places))
    return found


def _distance(sentence: str, span: Offsets, place: Offsets, after: bool = False) -> float:
    """Count the characters between a span and a word, more for each comma.

    Answers keep the order of the question more often than not, so a word on the other side than asked is farther.
    """
    if span[0] < place[1] and place[0] < span[1]:
        return 0
    before = place[1] <= span[0]
    between = sentence[place[1] : span[0]] if before else sentence[span[1] : place[0]]
    stops = sum(map(between.count, "，,、")) + 4 * sum(map(between.count, "；;"))
    return (1.5 if after is before else 1) * (len(between) + 3 * stops)
