"""Sentences and clauses are slices of the printed text, cut where Chinese ends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.text.sentences import LONGEST, clause_spans, ends_a_sentence, printed_clause, sentence_spans

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


# What has no end is cut

PARTS = ["渠水来到田里", "1,250.6万亩", "二○二四年", "e\u0301", "○", "、", "，", "；", "”", " ", "\u3000"]
UNENDING = st.lists(st.sampled_from(PARTS), max_size=300).map("".join)


def cut(item: str, total: int = 600) -> list[str]:
    """The pieces of a sentence that repeats these words."""
    return sentences((item * total)[:total])


@pytest.mark.parametrize(
    ("item", "ends"),
    [
        ("渠水来了，田水满了；灯、桥", "田水满了；"),
        ("渠水来了，田水满了、灯 桥", "渠水来了，"),
        ("渠水来了“，”田水满了、灯 桥", "渠水来了“，”"),
        ("渠水来了田水满了、灯1,250桥", "渠水来了田水满了、"),
        ("渠水来了田水满了 灯1:30桥", "渠水来了田水满了"),
    ],
    ids=["semicolon", "comma", "closing quote", "enumeration", "blank"],
)
def test_a_sentence_without_end_is_cut_at_the_best_of_its_marks(item: str, ends: str) -> None:
    pieces = cut(item)
    assert len(pieces) == 3
    assert all(piece.endswith(ends) for piece in pieces[:-1])


def test_a_list_is_cut_before_the_circle_that_opens_an_item() -> None:
    first, *_ = cut("○渠水来到田里二○二四年完工")
    assert first.endswith("二○二四年完工")
    assert len(first) % 14 == 0


def test_a_sentence_without_any_mark_is_cut_by_its_length() -> None:
    assert [len(piece) for piece in cut("渠水来了田水满了灯亮", 620)] == [300, 245, 75]


@pytest.mark.parametrize(
    "whole", ["1,250,000.6亿", "二千五百六十七万", "https://yanxi.example/2024-05", "e\u0301", "👩\u200d🌾"]
)
def test_no_number_address_or_character_is_cut_in_two(whole: str) -> None:
    for shift in range(len(whole)):
        pieces = sentences("渠" * shift + f"水{whole}" * (900 // len(whole)))
        assert len(pieces) > 2
        assert all(piece.endswith(whole) or piece.endswith("水") for piece in pieces)


def test_a_sentence_that_is_just_long_enough_stays_whole() -> None:
    assert cut("渠水，来了；", LONGEST) == ["渠水，来了；" * (LONGEST // 6)]
    assert len(cut("渠水，来了；", LONGEST + 1)) == 2


@given(UNENDING)
def test_no_sentence_is_longer_than_the_longest_and_none_is_lost(text: str) -> None:
    pieces = sentences(text)
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


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


@pytest.mark.parametrize(
    ("text", "words", "clause"),
    [
        ("卧虹水库将提起两孔闸门，请沿岸居民留意。", "两孔", "卧虹水库将提起两孔闸门"),
        ("全年收入1,250.6万元，比上年多一成。", "250.6万元", "全年收入1,250.6万元"),
        ("灯会今晚19:30开始，共三天。", "19:30", "灯会今晚19:30开始"),
        ("他说：“桥在，人在。”", "桥在，人在", "“桥在，人在。”"),
        ("降幅为3%；再议。", "3%", "降幅为3%"),
    ],
)
def test_the_clause_of_some_words_is_whole(text: str, words: str, clause: str) -> None:
    start = text.index(words)
    first, last = printed_clause(text, (0, len(text)), start, start + len(words))
    assert text[first:last] == clause
