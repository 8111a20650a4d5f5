"""What is no question to an archive: greetings, thanks, requests to write something, noise, abuse.

Each pattern fits a whole input or nothing, so that a question about the news is
never turned away for a word in it: 笨蛋餐厅在哪里开业 is asked of the archive.
"""

from __future__ import annotations

import re
from enum import StrEnum

from embeddings.text.letters import fold, letters_and_digits
from qa.understanding.asking_words import OPEN_INTERROGATIVE


class Notice(StrEnum):
    """Why an input is answered without a search."""

    # What is said in place of an answer stands in `embeddings.messages` as notice_ and
    # the value; the page has texts of its own in `web/js/strings/`.

    GREETING = "greeting"
    THANKS = "thanks"
    ABOUT = "about"
    """It asks what Wenbao is and does."""
    NO_QUESTION = "no_question"
    """Marks, emoji, digits or keys at random."""
    NOT_FOR_AN_ARCHIVE = "not_for_an_archive"
    """A poem, a joke, a sum, a translation: nothing that a newspaper holds."""
    ABUSE = "abuse"


_ADDRESS = r"(?:[你您](?!好)们?|大家(?!好)|各位|同学们?|朋友们?|老师|小?问报)"
_TAIL = r"(?:啊|呀|哦|噢|啦|了|哈|哇|嘛|吗|呢|吧|的)*+"
_OBJECT = (
    r"(?:诗歌?|词|歌词?|笑话|故事|段子|相声|绕口令|谜语|作文|文章|论文|日记|读后感|检讨书?|情书|信|对联|小说|剧本|总结|报告|简历"
    r"|演讲稿|发言稿|稿子|文案|策划案?|方案|计划书?|代码|程序|脚本|画|图)"
)
_PLEASE = r"(?:请你?|麻烦你?|你?能不能|你?可不可以|你?可以|你能|你会|给我|帮我|替我|为我|帮忙|再)"
_COUNTED = r"[一两二三几]?(?:首|个|篇|段|封|幅|张|则|副|份|支|部|句)"
# Whatever else is asked is asked of the archive.
# 谁翻译了《渠水谣》.
_ASKING = re.compile(rf"{OPEN_INTERROGATIVE.pattern}|《")
_WEAK = r"(?:垃圾|废物|笨蛋?|蠢货?|傻瓜?|呆瓜|讨厌|差劲|烂|没用|弱智|滚)"
_STRONG = (
    r"(?:傻[逼比bx叉]|煞笔|沙比|sb|脑残|智障|白痴|蠢猪|王八蛋|混蛋|他?妈的|tmd|[操草]你妈|草泥马|cnm|nmsl|去死|去你[妈的]+"
    r"|滚蛋|滚开|fuckyou|fuckoff|fuck|shit|bullshit|asshole|idiot|stupid)"
)
_SERVICE = r"你们?|您|小?问报"
_THING = r"(?:玩意儿?|东西|机器人?|网站|系统|程序|软件|人工智能|ai)"

# Nobody greets at such length.
_LONG = 40
_WHOLE: tuple[tuple[Notice, re.Pattern[str]], ...] = tuple(
    (notice, re.compile(pattern))
    for notice, pattern in (
        (
            Notice.GREETING,
            rf"(?:{_ADDRESS}?(?:你好|您好|你们好|大家好|哈喽|哈啰|哈罗|嗨|喂|hello|hi|hey|goodmorning|goodafternoon|goodevening"
            rf"|早上好|早安|早|上午好|中午好|下午好|晚上好|晚安|再见|拜拜|bye|goodbye|幸会|久仰|在吗|在不在|有人吗){_TAIL}{_ADDRESS}?{_TAIL})++",
        ),
        (
            Notice.THANKS,
            rf"(?:(?:非常|十分|太|真|很|好的?|那|多)?(?:感谢|谢谢|多谢|谢了|谢|thanks|thankyou|thx|辛苦了?|麻烦你了|好的|好|知道了|明白了?|懂了"
            rf"|收到|ok|okay|不错|很好|真棒|厉害){_ADDRESS}?{_TAIL})++",
        ),
        (
            Notice.ABOUT,
            r"(?:请问)?(?:你|您|小?问报|whoare|whatare)(?:到底|究竟)?(?:是谁|是什么|是啥|叫什么(?:名字)?|是干什么的|是干嘛的|是做什么的|都?会什么|会干什么|会做什么"
            r"|都?能做什么|都?能干什么|能干嘛|可以做什么|可以干什么|有什么(?:功能|用|本事)|怎么用|如何使用|能帮我?(?:做|干)?什么|能回答什么(?:问题)?"
            r"|是(?:不是)?(?:机器人|真人|人|ai|人工智能)吗?|you)(?:啊|呀|呢)*"
            # Who made it and what it runs on; 这个软件是谁开发的 is asked of the news.
            rf"|(?:请问)?(?:{_SERVICE})(?:到底|究竟)?(?:是)?(?:由)?(?:谁|哪(?:家|个|位)?(?:公司|单位|人|团队|机构|报社)?|什么(?:人|公司|单位|团队))"
            r"(?:来)?(?:开发|研发|做|制作|创造|设计|训练|造|写|搞|弄|运营|维护|管)(?:出来)?的?(?:啊|呀|呢)?"
            rf"|(?:请问)?(?:{_SERVICE})(?:的)?(?:开发者|作者|主人|老板|开发团队|开发公司)是(?:谁|哪位|哪家(?:公司)?|什么人)"
            rf"|(?:请问)?(?:{_SERVICE})(?:到底|究竟)?(?:用的?)?(?:是|是用的?)?(?:什么|啥|哪个|哪种|哪家的?)(?:大?语言)?(?:大?模型|ai|人工智能|技术|系统|软件|程序)(?:做的)?(?:啊|呀|呢)?"
            rf"|(?:请问)?(?:{_SERVICE})(?:是不是|是)?(?:chatgpt|gpt|deepseek|文心一言|通义千问|豆包|kimi|大模型)(?:吗|么|吧)?"
            rf"|(?:请问)?(?:{_SERVICE})(?:的)?(?:数据|资料|答案|信息|内容)?(?:都?是)?(?:从)?(?:哪里|哪儿|哪)(?:来的?|找的?|弄的?)(?:啊|呀|呢)?"
            rf"|(?:请问)?(?:{_SERVICE})(?:都|还|又)?(?:会|能|可以)(?:干|做)?(?:些|点)?(?:嘛|啥|什么)(?:事|用)?(?:啊|呀|呢)?"
            r"|(?:你|您|小?问报)?自我介绍(?:一下|下)?|(?:你|您)?介绍一下(?:你|您|你自己|您自己|自己)|whatcanyoudo|howdoesthiswork",
        ),
        (
            Notice.NOT_FOR_AN_ARCHIVE,
            r"(?:来)?(?:陪我)?(?:聊聊天|聊会儿?天|聊天吧?)|我(?:好|很|太)?无聊|(?:我爱你|你爱我吗|我喜欢你|你喜欢我吗)|你(?:今年)?(?:几岁|多大)了?"
            r"|(?:请问)?(?:现在|此刻)(?:是)?几点钟?了?|(?:请问)?今天(?:是)?(?:几月几[号日]|几[号日]|星期几|周几)了?",
        ),
        (
            Notice.ABUSE,
            rf"(?:你们?|您|真是?|就?是|一?个|这个?|什么|破|太|好|大|都|全)*+(?:{_STRONG})++{_TAIL}(?:{_THING})?{_TAIL}"
            rf"|(?:你们?(?:真是?|[就全都]?是|太|好|一?个|这个?)*+|(?:真是?|太)个?)(?:{_WEAK}|{_STRONG})++{_TAIL}(?:{_THING})?{_TAIL}",
        ),
    )
)  # fmt: skip
# Without a verb of asking or a pointing word these could go on from an earlier question: 怎么用？ after one about a vaccine.
_FIRST = re.compile(
    r"怎么用|如何使用|使用(?:方法|说明)|帮助|help|[能可]以?问(?:你|些|点)?什么|我?(?:可以|能)问(?:你|些)?什么(?:问题)?"
)
# 给我写一首诗.
_WRITE = re.compile(
    rf"(?:{_PLEASE})*+(?:写|作|编|创作|画|唱|讲|说|背|念|来)(?:{_COUNTED})(?!.*的是).{{0,20}}?{_OBJECT}{_TAIL}(?:给我)?(?:听听?|看看?)?{_TAIL}"
    rf"|(?:{_PLEASE})++(?:写|作|编|创作|画|唱|讲|说|背|念)(?:一下|下)?.{{0,20}}?{_OBJECT}{_TAIL}"
    r"|(?:请|帮我|替我|给我|帮忙)++(?:写|做|完成|检查|批改)(?:一下|下|完)?(?:我的|今天的|一下)?.{0,6}?(?:作业|功课|习题|题目?)"
)
# 请把这句话翻译成英文.
_TRANSLATE = re.compile(
    r"(?:请你?|帮我|帮忙|麻烦|替我|给我)++把?.{0,40}?翻译.{0,40}|翻译(?:一下|下|成(?!功|就|果)|为).{0,40}"
    r"|把.{1,40}翻译(?:成|为).{1,6}"
)
# 一加一等于几, 3*4=.
_SUM = re.compile(
    r"[\d.()零一二两三四五六七八九十百千万]+(?:(?:[+*×÷/-]|加上?|减去?|乘以?|除以)[\d.()零一二两三四五六七八九十百千万]+)+(?:=|等于|得)(?:几|多少|\?)*[啊呢]?"
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
# An abbreviation such as CCTV has no vowel either, so that only the keyboard tells.
# asdf, qwertyui.
_MASHED = re.compile(
    "(?=.{4})(?:"
    + "|".join(
        row[start:end]
        for row in (*_ROWS, *(row[::-1] for row in _ROWS))
        for start in range(len(row))
        for end in range(start + 3, len(row) + 1)
    )
    + ")+"
)
# The same over and over: 啦啦啦, 111.
_REPEATED = re.compile(r"(.{1,2})\1{2,}")
# 哈哈, 嗯.
_SOUNDS = re.compile(r"[哈呵嘿嘻啊哦嗯额呃唉嗷噢]+")


def detect_out_of_scope(text: str, *, first: bool = True) -> Notice | None:
    """Return why an input is no question to an archive, or None where it is one.

    `first` says that nothing was asked before it: digits alone and words such as
    怎么用 may go on from an earlier question.
    """
    folded = re.sub(r"\s+", "", fold(text))
    plain, words = folded.strip("?!。,.~"), letters_and_digits(folded)
    if len(words) > _LONG:
        return None
    if _SUM.fullmatch(plain) or (not _ASKING.search(folded) and (_TRANSLATE.fullmatch(plain) or _WRITE.fullmatch(words))):
        return Notice.NOT_FOR_AN_ARCHIVE
    if not words or _is_noise(words) or (first and plain.isdecimal()):
        return Notice.NO_QUESTION
    if first and _FIRST.fullmatch(words):
        return Notice.ABOUT
    return next((notice for notice, pattern in _WHOLE if pattern.fullmatch(words)), None)


def _is_noise(words: str) -> bool:
    """Say whether letters are keys side by side or over and over, or sounds that mean nothing."""
    return any(pattern.fullmatch(words) for pattern in (_MASHED, _REPEATED, _SOUNDS))
