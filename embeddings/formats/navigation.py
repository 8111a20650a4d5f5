"""What the pages of an electronic newspaper print around an article: its buttons, lists and notices."""

from __future__ import annotations

import re

# Each of these alone is a button; the others are only beside another, for 评论 and 目录 are also names of columns.
_SURE = (
    r"上一篇|下一篇|上一版|下一版|上一期|下一期|上一页|下一页|前一页|后一页|上一条|下一条|放大|缩小|返回(?:首页|顶部|目录|版面|列表|本版)?"
    r"|(?:本期)?版面(?:导航|目录|概览|列表)|标题导航|本版(?:新闻|标题|导航|文章)|快速导航|往期回顾|过刊查询|按日期(?:查找|查阅|检索)|回到首页|数字报首页"
    r"|(?:新闻|文章)列表|打印本页|关闭窗口|收藏本页|字体大小|复制链接|我要评论|全文复制|(?:PDF版?|JPG|版面)下载|下载PDF|高级检索|分享[到至]"
)
_WEAK = (
    r"默认|大字体|小字体|大|中|小|朗读|打印|关闭|首页|本版|往期|目录|收藏|分享|字体|字号|评论|点赞|举报|纠错|PDF版?"
    r"|A\+|A-|A|T|\+|－|-"
)
_OPEN, _SHUT = r"[\[【(（<《]?", r"[\]】)）>》]?"
_BUTTON = rf"{_OPEN}\s*(?:{_SURE}|{_WEAK})\s*{_SHUT}\s*[:：]?"
_ALONE = re.compile(rf"{_OPEN}\s*(?:{_SURE})\s*{_SHUT}\s*[:：]?")
_ROW = re.compile(rf"{_OPEN}\s*{_BUTTON}(?:[\s|｜/·、>»<«]*{_BUTTON})+\s*{_SHUT}")
_APART = re.compile(rf"{_OPEN}\s*{_BUTTON}(?:[\s|｜/·、>»<«]+{_BUTTON})+\s*{_SHUT}")
_ANY_SURE = re.compile(_SURE)
_BESIDE = re.compile(r"[\[【(（<《]?(?:上一篇|下一篇|上一条|下一条|前一篇|后一篇)[\]】)）>》]?\s*[:：]\s*\S.{0,80}")
_NOTICE = re.compile(
    r"(?i)(?:版权所有|著作权所有|未经.{0,12}(?:授权|许可|书面).{0,20}(?:禁止|不得|转载)"
    r"|copyright|all rights reserved|©|ICP备|公网安备|互联网新闻信息服务许可|技术支持\s*[:：]|建议使用.{0,20}(?:浏览器|分辨率))"
)
_ROW_LENGTH = 120  # characters
_NOTICE_LENGTH = 160  # characters; a longer line that speaks of copyright is news of it
_PLACE = re.compile(r"(?:您?(?:当前|现在|所在)(?:的)?位置|首页)\s*(?:[:：>»]|-{1,2}>).{0,80}")

_SITE = (
    re.compile(
        r"[\[【（(]?\s*(?:责任编辑|責任編輯|值班编辑|网络编辑|责编|编辑|校对|编审|监制|终审)\s*[:：|｜][^。！？]{0,40}[\]】）)]?"
        r"|[\[【（(]?\s*(?:责任编辑|责编)\s*[:：]?"
    ),
    re.compile(r"(?:[\[【]\d{1,2}[\]】]\s*)+(?:下一页|尾页)?|\+1|图集"),
    re.compile(r"[（(]?\s*(?:本文)?(?:原题为|原标题|文章原题)\s*(?:[:：]|(?=[《“])).{1,80}"),
    re.compile(
        r"[（(]?.{0,60}(?:请?下载|打开|关注)\s*[“\"「]?[^。，]{0,16}(?:APP|App|app|客户端|公众号|微信号?)[”\"」]?[^。，]{0,10}[)）]?"
    ),
    re.compile(
        r"(?:违法和?不良信息)?举报(?:电话|邮箱|热线)\s*[:：].{0,40}|.{0,12}意见反馈.{0,50}|(?:赞|踩|赏|分享|收藏)(?:\s*\d*\s*(?:赞|踩|赏|分享|收藏))+"
    ),
    re.compile(r"点击(?:进入|查看|阅读).{0,40}(?:>>|》》|＞＞|→)"),
)


def is_button_row(line: str) -> bool:
    """Say whether a line holds nothing but the buttons of a page: 上一篇, 放大 缩小 默认, 版面导航."""
    line = " ".join(line.split())
    if not line or len(line) > _ROW_LENGTH:
        return False
    row = _ROW if _ANY_SURE.search(line) else _APART  # 放大缩小默认 is a row without blanks, 大小 is a word
    return any(pattern.fullmatch(line) for pattern in (_ALONE, row, _BESIDE))


def is_navigation(line: str) -> bool:
    """Say whether a line is of the page around an article, none of its text: buttons, 当前位置, 版权所有."""
    if is_button_row(line) or _PLACE.fullmatch(line.strip()):
        return True
    return len(line) <= _NOTICE_LENGTH and _NOTICE.search(line) is not None and not line.endswith(("。", "！", "？", "”"))


def is_site_line(line: str) -> bool:
    """Say whether a line below or above a web article's text is the site's: its editor, its pages' numbers, 请下载 APP."""
    line = line.strip()
    return len(line) <= _ROW_LENGTH and any(pattern.fullmatch(line) for pattern in _SITE)
