"""The times of day as print writes them: 8:30, 9时30分, 下午三点半, 二十点, 0—24时."""

from __future__ import annotations

from embeddings.dates.anchor import ONES

TO = r" ?(?:至|到|-|–|—{1,2}|─|~) ?"
PART_OF_DAY = (
    r"(?:[上中下]午|午[后夜]|正午|傍晚|凌晨|[清早]晨|早上|晚[上间]|深夜|夜[里间]"
    r"|[早晚](?!报(?!道|[告称导])|会(?![见谈晤])|[饭餐点班稻稿期年已就于]))"
)
"""上午 of 3月5日上午, which is a time only behind a day or before an hour."""
_HOUR = r"(?:[01]?\d|2[0-4])"
_MINUTE = r"[0-5]\d"
_SPELT_HOUR = rf"(?:二十[一二三四]?|十[{ONES}]?|[零两{ONES}])"
_MINUTES = rf"(?:(?:[0-5]?\d|[二三四五]?十[{ONES}]?|零?[{ONES}])分(?!钟)|半(?![会个年天晌])|[一三]刻(?!钟))"
_WHOLE = r"(?:[整许]|钟(?![头声]))"
# 3时间隔 and 3点建议 name no hour.
_TIME = r"时(?![代间期段速光辰差刻候尚])"
_POINT = r"点(?![建意要主看希共倡原方措内说期理优好感启体经教特问不名状数子位心滴])"
# An hour in Chinese numerals may not be the tail of another number: 百分之二十点五, 第三点.
_APART = rf"(?<![\d.{ONES}零〇两十百千万第之每同差])"
CLOCK = (
    # 8:30, 17：00:05; the scores 21:19 and 3:02胜 are none.
    rf"(?<![\d.:：以比/])(?<!比分)(?:{PART_OF_DAY})?{_HOUR}[:：]{_MINUTE}(?:[:：]{_MINUTE})?(?![\d:：]|的?比分|[大险完]?胜|击败|战[胜平]|负|力克)"
    # 9时, 上午9点30分, 9点30, 0—24时.
    rf"|(?<![\d.:：第/])(?:{PART_OF_DAY})?(?:{_HOUR}[时点]?{TO})?{_HOUR}(?:{_TIME}|{_POINT})"
    rf"(?:{_MINUTES}|(?<=点){_MINUTE}(?![\d.%％个元万亿多倍])|{_WHOLE})?"
    # 下午三点, 凌晨两时许.
    rf"|{PART_OF_DAY}{_SPELT_HOUR}(?:{_TIME}|{_POINT})(?:{_MINUTES}|{_WHOLE})?"
    # 三点半, 两点钟: 三点 alone may be any three points.
    rf"|{_APART}{_SPELT_HOUR}[时点](?:{_MINUTES}|{_WHOLE})"
    # 二十点, 十二时.
    rf"|{_APART}(?:二十[一二三四]?|十[{ONES}])(?:{_TIME}|{_POINT})(?![{ONES}零〇十])"
)
BEGINNINGS = f"0123456789{ONES}零两十上中下午正傍凌清早晚深夜"
"""What a time of day may begin with."""
