"""One probability from what the network and the search say."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from qa.reading.calibration import (
    UNCALIBRATED,
    Evidence,
    best_possible_value,
    certainty,
    confidence,
    rank_value,
    term_coverage,
    verified_value,
)  # fmt: skip
from qa.reading.span_reader import SpanReader
from tests.support.paths import ROOT

EVIDENCE = Evidence(
    log_odds=2.0, share=0.5, score_gap=0.5, type_match=-1.0, max_cosine=0.8, term_coverage=0.25, date_match=-1.0, cosine=0.6
)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"rank.log_odds": 1.0}, 2.0),
        ({"rank.share": 3.0}, 1.5),
        ({"rank.score_gap": -4.0}, -2.0),
        ({"rank.type_match": 0.5}, -0.5),
        ({"rank.term_coverage": 2.0}, 0.5),
        ({"rank.date_match": 2.0}, -2.0),
        ({"rank.log_odds": 1.0, "rank.share": 2.0, "rank.score_gap": -1.0}, 2.5),
    ],
)
def test_each_piece_of_evidence_is_weighed(weights: dict[str, float], expected: float) -> None:
    assert rank_value(EVIDENCE, weights) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("weights", "logit"),
    [
        ({"chance.value": 2.0}, 4.0),
        ({"chance.max_cosine": 5.0}, 4.0),
        ({"chance.term_coverage": -4.0}, -1.0),
        ({"chance.cosine": -5.0}, -3.0),
        ({"chance.date_match": 0.5}, -0.5),
        ({"chance.intercept": -1.0}, -1.0),
        ({"chance.value": 1.0, "chance.max_cosine": 10.0, "chance.intercept": -9.0}, 1.0),
    ],
)
def test_the_value_becomes_a_probability(weights: dict[str, float], logit: float) -> None:
    assert confidence(EVIDENCE, {"rank.log_odds": 1.0, **weights}) == pytest.approx(1 / (1 + math.exp(-logit)))


def test_a_verdict_moves_the_value_that_decides() -> None:
    weights = {"rank.log_odds": 1.0, "verified.value": 0.5, "verified.verdict": 2.0}
    assert verified_value(replace(EVIDENCE, verdict=1.5), weights) == pytest.approx(0.5 * 2.0 + 2.0 * 1.5)
    assert verified_value(replace(EVIDENCE, verdict=1.5), {"rank.log_odds": 1.0}) == rank_value(
        EVIDENCE, {"rank.log_odds": 1.0}
    )


def test_without_weights_nothing_is_known() -> None:
    assert confidence(EVIDENCE, {}) == 0.5


def test_until_it_is_calibrated_the_odds_are_taken_at_their_word() -> None:
    assert confidence(EVIDENCE, UNCALIBRATED) == pytest.approx(1 / (1 + math.exp(-2)))


def test_weights_of_other_things_change_nothing() -> None:
    assert confidence(EVIDENCE, UNCALIBRATED | {"stop.log_odds": 9.0}) == confidence(EVIDENCE, UNCALIBRATED)


def test_beyond_its_bounds_the_network_only_exaggerates() -> None:
    def told(given: float) -> float:
        return rank_value(replace(EVIDENCE, log_odds=given), {"rank.log_odds": 1.0})

    assert told(9) < told(10) == told(11) == told(1e4)
    assert told(-19) > told(-20) == told(-21) == told(-1e4)


@pytest.mark.parametrize("weight", [1e9, -1e9])
def test_no_weight_is_too_great_for_a_probability(weight: float) -> None:
    assert 0 <= confidence(EVIDENCE, {"chance.intercept": weight}) <= 1


def test_a_passage_far_behind_the_best_counts_for_less() -> None:
    near, far = (replace(EVIDENCE, score_gap=behind) for behind in (0.0, 1.5))
    weights = {"rank.score_gap": -1.0, "chance.value": 1.0}
    assert confidence(near, weights) > confidence(far, weights)


def test_a_passage_not_read_yet_may_hold_what_odds_are_to_be_hoped_for() -> None:
    weights = {"rank.log_odds": 1.0, "rank.share": 2.0, "rank.score_gap": -3.0, "rank.type_match": 0.25, "stop.log_odds": 4.0}
    assert best_possible_value(0.5, weights) == pytest.approx(4.0 + 2.0 - 1.5 + 0.25)
    # Without a fitted weight anything may be hoped for, as far as odds count at all.
    assert best_possible_value(0.5, {"rank.log_odds": 1.0}) == 10.0


@pytest.mark.parametrize(
    ("words", "share"),
    [(["大桥", "通车"], 1.0), (["大桥", "拆除"], 0.5), (["大桥", "总投资"], 0.4), (["拆除"], 0.0), ([], 1.0)],
    ids=["all", "half", "by their letters", "none", "nothing asked"],
)
def test_words_are_covered_that_stand_in_the_text(words: list[str], share: float) -> None:
    assert term_coverage(words, "砚溪大桥今日通车") == pytest.approx(share)


@pytest.mark.parametrize(
    ("confidence", "word"), [(0.8, "high"), (0.79, "middle"), (0.5, "middle"), (0.49, "low"), (0.0, "low")]
)
def test_a_confidence_has_a_word(confidence: float, word: str) -> None:
    assert certainty(confidence) == word


@pytest.mark.parametrize("told", ["docs/settings.md", "docs/evaluation.md", "qa/adapter/README.md"])
def test_documents_tell_the_confidence_from_which_the_reader_answers(told: str) -> None:
    text = (ROOT / told).read_text(encoding="utf-8")
    found = re.findall(r"(?:not given; empty:|from a confidence of|The default is) (\d\.\d+)", text)
    assert found
    assert set(found) == {str(SpanReader.min_confidence)}


def test_the_page_has_no_confidence_of_its_own() -> None:
    script = (ROOT / "web/js/chat/answer.js").read_text(encoding="utf-8")
    assert re.findall(r"\b0?\.\d+", script) == []
