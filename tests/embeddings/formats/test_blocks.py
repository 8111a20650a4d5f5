"""A file is split into headings and paragraphs, each with its line."""

from embeddings.formats.blocks import Block, split_blocks


def test_headings_and_paragraphs_keep_their_lines() -> None:
    text = "\n# 放水 #\n渠水来了。\n农户笑了。\n\n\n###\t修灯\n　　灯亮了。　\n"
    assert split_blocks(text) == [
        Block(1, "放水", 2),
        Block(0, "渠水来了。\n农户笑了。", 3),
        Block(3, "修灯", 7),
        Block(0, "灯亮了。", 8),
    ]


def test_rules_and_empty_headings_part_paragraphs_and_are_left_out() -> None:
    assert split_blocks("甲。\n---\n乙。\n* * *\n丙。\n##\n丁。\n## \n戊。") == [
        Block(0, "甲。", 1),
        Block(0, "乙。", 3, ruled=True),
        Block(0, "丙。\n##\n丁。", 5, ruled=True),
        Block(0, "戊。", 9),
    ]


def test_escapes_are_taken_out_and_printed_marks_stay() -> None:
    assert split_blocks("yx\\_ribao \\* 1\\. \\n\n1. 一\n* 二\n#三\n    # 四") == [
        Block(0, "yx_ribao * 1. \\n\n1. 一\n* 二\n#三\n# 四", 1)
    ]


def test_an_empty_text_has_no_blocks() -> None:
    assert split_blocks("") == split_blocks(" \n\u3000\n\ufeff\n---\n") == []
