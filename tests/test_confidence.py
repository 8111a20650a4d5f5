"""One probability from what the network and the search say."""

from __future__ import annotations

import math

import pytest

from qa.confidence import Evidence, confidence

EVIDENCE = Evidence(odds=2.0, share=0.5, gate=-1.0, score=1.5, best=2.0)


@pytest.mark.parametrize(
    ("weights", "value"),
    [
        ({"odds": 1.0}, 2.0),
        ({"share": 3.0}, 1.5),
        ({"gate": 2.0}, -2.0),
        ({"score": 1.0}, 1.5),
        ({"behind": -4.0}, -2.0),
        ({"intercept": -1.0}, -1.0),
        ({"odds": 1.0, "share": 2.0, "gate": 1.0, "score": 2.0, "behind": 2.0, "intercept": -5.0}, 1.0),
    ],
)
def test_each_piece_of_evidence_is_weighed(weights: dict[str, float], value: float) -> None:
    assert confidence(EVIDENCE, weights) == pytest.approx(1 / (1 + math.exp(-value)))


def test_without_weights_nothing_is_known() -> None:
    assert confidence(EVIDENCE, {}) == 0.5


def test_weights_of_other_things_change_nothing() -> None:
    assert confidence(EVIDENCE, {"odds": 1.0, "gate_open": 9.0, "read_least": 4.0}) == confidence(EVIDENCE, {"odds": 1.0})


@pytest.mark.parametrize("name", ["odds", "gate"])
def test_beyond_ten_the_network_only_exaggerates(name: str) -> None:
    def told(value: float) -> float:
        return confidence(Evidence(**{"odds": 0, "share": 0, "gate": 0, "score": 0, "best": 0, name: value}), {name: 1.0})

    assert told(9) < told(10) == told(11) == told(1e4)
    assert told(-9) > told(-10) == told(-1e4)


@pytest.mark.parametrize("weight", [1e9, -1e9])
def test_no_weight_is_too_great_for_a_probability(weight: float) -> None:
    assert 0 <= confidence(EVIDENCE, {"intercept": weight}) <= 1


def test_a_passage_far_behind_the_best_counts_for_less() -> None:
    near, far = (Evidence(2.0, 0.5, 0.0, score, 2.0) for score in (2.0, 0.5))
    assert confidence(near, {"behind": -1.0}) > confidence(far, {"behind": -1.0})
