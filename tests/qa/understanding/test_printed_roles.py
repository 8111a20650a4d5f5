"""Questions for bylines, signatures and posts, told from all others."""

import pytest

from qa.understanding.printed_roles import Role, asked_role


@pytest.mark.parametrize(
    ("question", "role", "trade"),
    [
        ("公交线路调整是哪个记者报道的", Role.REPORTER, "记者"),
        ("早市迁址那篇的记者是谁？", Role.REPORTER, "记者"),
        ("写大桥合龙的通讯员是谁", Role.REPORTER, "通讯员"),
        ("游泳比赛的报道是谁写的", Role.REPORTER, None),
        ("停水通知是哪家单位发的", Role.SIGNER, None),
        ("灯笼巷路灯的来信是谁写的", Role.SIGNER, None),
        ("更正是谁署名的", Role.SIGNER, None),
        ("停电公告落款是哪天？", Role.SIGNED_DAY, None),
        ("那份通告是什么时候签发的", Role.SIGNED_DAY, None),
        ("红绿灯的通告是哪个单位哪天签发的", Role.SIGNATURE, None),
        ("邬桐是什么职务？", Role.POST, None),
        ("闵小禾现在是干什么的", Role.POST, None),
        ("邬桐的职务是什么", Role.POST, None),
        ("邬桐做什么工作", Role.POST, None),
        ("邬桐什么职务", Role.POST, None),
    ],
)
def test_what_is_asked(question: str, role: Role, trade: str | None) -> None:
    asked = asked_role(question)
    assert asked is not None
    assert (asked.role, asked.trade) == (role, trade)


@pytest.mark.parametrize(
    "question",
    [
        *("工资哪天发", "大桥由哪家公司承建", "谁发的第一球", "大赛什么时候发布成绩", "年龄最大的选手是谁", "市长是谁"),
        *("邬桐退休前是做什么的", "邬桐的丈夫是做什么工作的", "这座桥是干什么用的"),
        # Books, songs and letterings are written too, and reporters do more than report.
        *("校歌是谁写的曲", "这首诗是谁写的", "牌匾是谁写的", "《渠水谣》是谁写的剧本", "哪位作者得了一等奖", "哪个记者获奖了"),
        *("记者什么时候到的水库", "两个记者是哪家报社的", "采访馆长的那个外国记者叫什么"),
        # What somebody does on a day is no post, and who held one or why it was given up is another question.
        *("邬桐来砚溪是干什么的", "邬桐检查什么工作", "邬桐为什么辞去局长的职务", "邬桐换了啥职务", "邬桐接了谁的职务"),
        *("通知说什么时候发工资", "通知要求哪个单位发放补贴"),
    ],
)
def test_other_questions_ask_for_none(question: str) -> None:
    asked = asked_role(question)
    assert asked is None or asked.names not in (("邬桐",), ("丈夫",))
    assert asked is None or asked.role is Role.POST


def test_what_is_asked_about_is_left() -> None:
    for question in ("写大桥合龙的通讯员是谁", "大桥合龙的报道是谁写的", "大桥合龙是哪个记者报道的"):
        asked = asked_role(question)
        assert asked is not None
        assert asked.about.strip().removesuffix("是").removesuffix("的") == "大桥合龙"


def test_by_its_title_alone_an_article_is_meant_only_under_that_headline() -> None:
    asked, reported = asked_role("《渠水谣》是谁写的"), asked_role("《渠水谣》上演的报道是谁写的")
    assert asked is not None
    assert reported is not None
    assert (asked.headline, reported.headline) == ("渠水谣", "")


def test_the_person_is_named_at_either_end_of_what_leads_to_the_asking() -> None:
    for question in ("柴小篱在交警支队是什么职务", "开发布会时柴小篱是什么职务", "策划展览的柴小篱是什么职称"):
        asked = asked_role(question)
        assert asked is not None
        assert "柴小篱" in asked.names
