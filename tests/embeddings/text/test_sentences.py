"""Sentences and clauses are slices of the printed text, cut where Chinese ends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.sentences import clause_spans, ends_a_sentence, sentence_spans

# Mostly what newspapers print, so that marks, quotes and blanks meet often.
CHARACTERS = "今日放水田里aB3。！？!?.…；;，,、：:“”\"'（）()《》 \u3000\n\t"
PRINTED = st.text(st.sampled_from(CHARACTERS), max_size=80) | st.text(max_size=40)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("渠水来了。农户笑了！真的？", ["渠水来了。", "农户笑了！", "真的？"]),
        ("真的?!当然!", ["真的?!", "当然!"]),
        ("他说：“不凉。”大家笑了。", ["他说：“不凉。”", "大家笑了。"]),
        ("（渠水来了。）灯亮了。", ["（渠水来了。）", "灯亮了。"]),
        ("渠水来了\n农户笑了", ["渠水来了", "农户笑了"]),
        ("　　渠水来了。 \n\n 农户笑了。", ["渠水来了。", "农户笑了。"]),
        ("均价3.8元. 信箱a.b@yanxi.example。", ["均价3.8元.", "信箱a.b@yanxi.example。"]),
        ("渠水来了；农户，笑了：真的", ["渠水来了；农户，笑了：真的"]),
        ("", []),
        (" \n\u3000\n", []),
    ],
    ids=[
        *("three marks", "marks together", "quotation", "brackets", "line ends", "blanks trimmed"),
        *("half-width stop", "clauses stay", "empty", "blank"),
    ],
)
def test_sentences_end_where_chinese_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_part_of_a_text_keeps_the_offsets_of_the_whole() -> None:
    text = "一。二。三。四。"
    assert sentence_spans(text, 2, 6) == [(2, 4), (4, 6)]
    assert sentence_spans(text, 3, 5) == [(3, 4), (4, 5)]


@given(PRINTED)
def test_sentences_are_in_order_disjoint_and_cover_all_that_is_printed(text: str) -> None:
    spans = sentence_spans(text)
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    assert all(start < end for start, end in spans)
    covered = {offset for start, end in spans for offset in range(start, end)}
    assert {offset for offset, character in enumerate(text) if not character.isspace()} <= covered


@given(PRINTED)
def test_no_sentence_is_padded_or_runs_over_a_line(text: str) -> None:
    for sentence in sentences(text):
        assert sentence == sentence.strip()
        assert "\n" not in sentence


def test_clauses_end_with_the_mark_that_closes_them() -> None:
    text = "甲。今日放水，先尾后头；渠首、渠尾：“都要保。”"
    start = 2
    clauses = [text[first:last] for first, last in clause_spans(text, start, len(text))]
    assert clauses == ["今日放水，", "先尾后头；", "渠首、", "渠尾：", "“都要保。”"]


@given(PRINTED)
def test_the_clauses_of_a_sentence_rebuild_it(text: str) -> None:
    for start, end in sentence_spans(text):
        clauses = clause_spans(text, start, end)
        assert "".join(text[first:last] for first, last in clauses) == text[start:end]


@pytest.mark.parametrize("text", ["来了。", "来了！", "来了?", "“来了。”", "（来了。）", "来了……", "来了. ", "《来了！》》"])
def test_a_sentences_end_is_seen_behind_quotes_and_blanks(text: str) -> None:
    assert ends_a_sentence(text)


@pytest.mark.parametrize("text", ["", "来了", "来了，", "来了；", "3.", "来了：", "。来了", "来了”"])
def test_what_goes_on_is_no_sentences_end(text: str) -> None:
    assert not ends_a_sentence(text)
