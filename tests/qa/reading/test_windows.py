"""Windows of tokens: every character keeps its place, and an answer may begin and end anywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from embeddings.models.encoder import SentenceEncoder
from qa.reading.windows import BEFORE_MARKED, BEHIND_MARKED, LEAD_TOKENS, QUESTION_TOKENS, SLOTS, Tokens, Window, Windower

FRAME = 4  # <s>, two </s> behind the question, one at the end
# Pieces of several characters, folded widths, characters that become two, blanks of all kinds, and what is unknown.
TEXTS = st.lists(
    st.sampled_from(
        [*"今天报市😀𠮷ﬁ㎏１２3aＡ，。 　\n\t", "日的", "人在", "砚溪市", "1234567890", "wenbao", "  ", "２０２４年"]
    ),
    max_size=40,
).map("".join)


@pytest.fixture(scope="module")
def windower(tiny: SentenceEncoder) -> Windower:
    # As after any encoding: the encoder's own tokenizer now cuts and pads.
    tiny.encode_queries(["砚溪市", "今天的砚溪市"])
    return Windower(tiny.tokenizer)


def pieces(text: str, tokens: Tokens) -> list[str]:
    """Return the printed text of each token."""
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


def marked(text: str, window: Window, start: int, end: int) -> str | None:
    """Return the words that a model marks which was taught this span."""
    place = window.place(start, end)
    return None if place is None else text[window.first + place[0] : window.first + place[1] + 1]


# Tokens


def test_tokens_are_cut_from_the_printed_text(windower: Windower) -> None:
    text = "３月12日的😀会上，\n有１２３４５６７８９０人在 砚溪市"
    assert pieces(text, windower.tokens(text))[1:] == [
        *("３", "月", "1", "2", "日的", "😀", "会", "上", "，", "", "有", "１２３４５６７８９０", "人在", "", "砚溪市"),
    ]


def test_a_ligature_is_the_place_of_all_its_letters(windower: Windower) -> None:
    text = "今ﬁ㎏天"
    assert pieces(text, windower.tokens(text))[-5:] == ["ﬁ", "ﬁ", "㎏", "㎏", "天"]


@given(text=TEXTS)
@settings(deadline=None)
def test_every_printed_character_lies_in_a_token_and_none_begins_with_a_blank(windower: Windower, text: str) -> None:
    tokens = windower.tokens(text)
    held = {place for start, end in zip(tokens.starts, tokens.ends, strict=True) for place in range(start, end)}
    assert {place for place, char in enumerate(text) if not char.isspace()} <= held
    assert not [piece for piece in pieces(text, tokens) if piece[:1].isspace()]
    assert (np.diff(tokens.starts) >= 0).all()


def test_a_text_longer_than_the_encoder_reads_is_cut_to_its_end(windower: Windower) -> None:
    text = "砚溪报今天" * 300
    tokens = windower.tokens(text)
    assert len(tokens) > 1024
    assert tokens.ends[-1] == len(text)


def test_texts_of_a_batch_are_not_padded(windower: Windower) -> None:
    texts = ["报", "今天的报", ""]
    for text, tokens in zip(texts, windower.batch(texts), strict=True):
        assert tokens.ids.tolist() == windower.tokens(text).ids.tolist()
        assert windower.pad not in tokens.ids


def test_a_tokenizer_of_another_family_is_refused() -> None:
    with pytest.raises(ValueError, match="no <s>"):
        Windower(Tokenizer(models.WordLevel({"[CLS]": 0, "[UNK]": 1}, unk_token="[UNK]")))


# One window


def test_a_window_is_framed_as_the_encoder_frames_a_pair(tiny: SentenceEncoder, windower: Windower) -> None:
    window = windower.window(windower.tokens("谁看报？"), windower.tokens("今天有人看报。"))
    assert window.ids.tolist() == tiny.tokenizer.encode("谁看报？", "今天有人看报。").ids


def test_what_leads_the_text_stands_before_it_and_cannot_be_marked(windower: Windower) -> None:
    asked, text, lead = (windower.tokens(words) for words in ("谁看报？", "今天有人看报。", "砚溪报"))
    window = windower.window(asked, text, lead=lead)
    assert window.ids.tolist() == [0, *asked.ids, 2, 2, *lead.ids, *text.ids, 2]
    head = len(window.ids) - len(text) - 1
    assert window.tokens.min() >= head
    assert len(window.starts) == len("今天有人看报。")
    assert window.starts.min() >= head * SLOTS


def test_words_that_are_judged_stand_between_separators(tiny: SentenceEncoder, windower: Windower) -> None:
    text = "今天无事可说。" * 60 + "大桥长九里，由沈砚设计。" + "明天也无事可说。" * 40
    start = text.index("九里")
    window = windower.marked(windower.tokens("多长？"), windower.tokens(text), start, start + 2, windower.tokens("大桥通车"))
    assert window is not None
    assert tiny.tokenizer.decode(window.ids[window.first : window.last].tolist()) == "九里"
    shown = tiny.tokenizer.decode(window.ids.tolist(), skip_special_tokens=False)
    assert "大桥长</s>九里</s>,由沈砚设计" in shown.replace(" ", "")
    assert "大桥通车" in shown
    assert len(window.ids) < 60 + BEFORE_MARKED + BEHIND_MARKED


def test_words_outside_the_text_are_not_judged(windower: Windower) -> None:
    assert windower.marked(windower.tokens("多长？"), windower.tokens("九里"), 5, 7) is None


def test_a_long_question_loses_its_middle(windower: Windower) -> None:
    asked = windower.tokens("".join(map(chr, range(0x4E00, 0x4E00 + 200))))
    window = windower.window(asked, windower.tokens("报"))
    assert len(asked) > 200
    half = QUESTION_TOKENS // 2
    assert window.ids[1 : 1 + QUESTION_TOKENS].tolist() == [*asked.ids[:half], *asked.ids[-half:]]
    assert window.ids[1 + QUESTION_TOKENS : 3 + QUESTION_TOKENS].tolist() == [2, 2]


def test_a_question_of_just_the_room_keeps_its_middle(windower: Windower) -> None:
    asked = windower.tokens("▁砚溪" + "砚溪市" * (QUESTION_TOKENS - 1))
    assert len(asked) == QUESTION_TOKENS
    assert windower.window(asked, windower.tokens("报")).ids[1 : 1 + QUESTION_TOKENS].tolist() == asked.ids.tolist()


def test_a_long_headline_gives_way_to_the_text(windower: Windower) -> None:
    lead = windower.tokens("砚溪市" * 200)
    text = windower.tokens("今天的报")
    window = windower.window(windower.tokens("谁？"), text, lead=lead)
    assert len(window.ids) == FRAME + len(windower.tokens("谁？")) + LEAD_TOKENS + len(text)
    assert window.ids[-1 - len(text) : -1].tolist() == text.ids.tolist()


@pytest.mark.parametrize(
    "answer",
    [
        "主持人",
        "在台上",
        "12日",
        "的会",
        "日",
        "的",
        "３８６０棵",
        "𠮷祥",
        "😀",
        "ﬁ",
        "１２３４５６７８９０",
        "４５６７",
        "报人",
    ],
)
def test_an_answer_that_begins_or_ends_inside_a_token_is_marked_to_the_character(windower: Windower, answer: str) -> None:
    text = " 12日的会，主持人在台上说：\n今年种树３８６０棵。𠮷祥镇😀喜报人在ﬁ处１２３４５６７８９０株"
    start = text.index(answer)
    window = windower.window(windower.tokens("谁？"), windower.tokens(text))
    assert marked(text, window, start, start + len(answer)) == answer


@pytest.mark.parametrize(("answer", "found"), [("12", "1234567"), ("90", "4567890"), ("6", "4567"), ("2345678", "2345678")])
def test_an_answer_inside_a_long_number_is_widened_to_where_it_can_be_marked(
    windower: Windower, answer: str, found: str
) -> None:
    text = "共1234567890株"
    window = windower.window(windower.tokens("多少？"), windower.tokens(text))
    start = text.index(answer)
    assert marked(text, window, start, start + len(answer)) == found


@given(text=TEXTS, data=st.data())
@settings(deadline=None)
def test_any_span_of_printed_words_is_marked_whole(windower: Windower, text: str, data: st.DataObject) -> None:
    printed = [place for place, char in enumerate(text) if not char.isspace()]
    if not printed:
        return
    start = data.draw(st.sampled_from(printed))
    end = data.draw(st.sampled_from([place for place in printed if place >= start])) + 1
    window = windower.window(windower.tokens("谁？"), windower.tokens(text))
    place = window.place(start, end)
    assert place is not None
    first, last = place
    wanted = start - window.first, end - 1 - window.first
    assert first <= wanted[0] <= wanted[1] <= last
    assert window.starts[first] >= 0
    assert window.ends[last] >= 0
    # Only what lies deep inside a long piece is widened.
    assert first == wanted[0] or window.starts[wanted[0]] < 0
    assert last == wanted[1] or window.ends[wanted[1]] < 0


@given(text=TEXTS)
@settings(deadline=None)
def test_no_two_characters_share_a_score(windower: Windower, text: str) -> None:
    window = windower.window(windower.tokens("谁？"), windower.tokens(text))
    for places in (window.starts, window.ends):
        used = places[places >= 0]
        assert len(set(used.tolist())) == len(used)
        assert used.max(initial=0) < len(window.ids) * SLOTS


@pytest.mark.parametrize("span", [(0, 2), (2, 4), (8, 10), (9, 12)])
def test_a_span_outside_the_window_has_no_place(windower: Windower, span: tuple[int, int]) -> None:
    text = "零一二三四五六七八九十百"
    tokens = windower.tokens(text)
    offset = len(tokens) - len(text)  # the mark of a word's beginning may be a token of its own
    window = windower.window(windower.tokens("谁？"), tokens, 3 + offset, 9 + offset)
    assert (window.first, len(window.starts)) == (3, 6)
    assert marked(text, window, 3, 9) == "三四五六七八"
    assert window.place(*span) is None


# Windows that cover a text


def test_a_text_that_fits_is_one_window(windower: Windower) -> None:
    asked, text, lead = (windower.tokens(words) for words in ("谁看报？", "今天有人看报。", "砚溪报"))
    size = FRAME + len(asked) + len(text) + len(lead)
    (window,) = windower.cover(asked, text, size, 1, lead)
    assert len(window.ids) == size
    assert len(windower.cover(asked, text, size - 1, 1, lead)) == 2


@given(
    count=st.integers(0, 900),
    asked=st.integers(0, 100),
    lead=st.integers(0, 100) | st.none(),
    size=st.integers(FRAME + QUESTION_TOKENS + LEAD_TOKENS + 8, 448),
    stride=st.integers(1, 448),
)
@settings(deadline=None, max_examples=40)
def test_windows_overlap_fit_and_leave_nothing_out(
    windower: Windower, count: int, asked: int, lead: int | None, size: int, stride: int
) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(count))
    tokens = windower.tokens(text)
    question = windower.tokens("问" * asked)
    stride = max(stride, 40)  # as many windows as characters would only take long
    windows = windower.cover(question, tokens, size, stride, None if lead is None else windower.tokens("题" * lead))
    assert max(len(window.ids) for window in windows) <= size
    ends = [window.first + len(window.starts) for window in windows]
    assert (windows[0].first, ends[-1]) == (0, count)
    for window, following, end in zip(windows, windows[1:], ends, strict=False):
        # Two may begin with the same character where the first token, a blank of the tokenizer's own, holds none.
        assert window.first <= following.first <= end
        assert following.first - window.first <= stride
    # The words of a text are numbered, so a window's own tell where it was cut.
    for window, end in zip(windows, ends, strict=True):
        own = window.ids[window.tokens].tolist() if count else []
        assert own == tokens.ids[-count:][window.first : end].tolist()


def test_windows_are_of_like_length(windower: Windower) -> None:
    text = windower.tokens("报" * 500)
    windows = windower.cover(windower.tokens("谁？"), text, 400, 200)
    assert len({len(window.ids) for window in windows}) == 1
    assert len(windows[0].ids) == 400
