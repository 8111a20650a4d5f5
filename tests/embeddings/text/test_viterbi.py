"""The tagger's path: jieba's own, and at a cost that grows with the text."""

from __future__ import annotations

import random
import sys

import pytest

from embeddings.text.names import tag_words
from embeddings.text.viterbi import StatePath


@pytest.fixture(scope="module")
def tables() -> tuple[dict, dict, dict, dict]:  # type: ignore[type-arg]
    tag_words("砚溪")
    tagger = sys.modules["jieba.posseg"]
    return tagger.char_state_tab_P, tagger.start_P, tagger.trans_P, tagger.emit_P


@pytest.mark.parametrize(
    "letters",
    ["年月日市县说的一", "砚溪虹渡尉迟闻岳舟", "龘靐齉", "年龘的靐说", "卧虹水库王李张国人"],
    ids=lambda letters: letters[:3],
)
def test_the_path_is_that_of_jieba_to_the_last_bit(tables: tuple[dict, ...], letters: str) -> None:  # type: ignore[type-arg]
    jieba_path, path = sys.modules["jieba.posseg.viterbi"].viterbi, StatePath(*tables)
    chosen = random.Random(letters)
    for length in [*range(1, 9), 30]:
        text = "".join(chosen.choice(letters) for _ in range(length))
        likelihood, states = jieba_path(text, *tables)
        assert path(text) == (likelihood, list(states))


def test_jieba_asks_for_this_path(tables: tuple[dict, ...], monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[type-arg]
    asked: list[str] = []
    ours = sys.modules["jieba.posseg"].viterbi
    monkeypatch.setattr("jieba.posseg.viterbi", lambda text, *given: asked.append(text) or ours(text, *given))
    tag_words("尉迟砚来了")
    assert asked
    assert not ours.__module__.startswith("jieba")
