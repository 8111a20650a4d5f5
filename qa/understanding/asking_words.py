"""The words that a question asks with: the patterns of them that more than one step looks for."""

from __future__ import annotations

import re

SIZE = "[长高大重远宽深久快厚]"
"""What 多 asks the size of: 多长, 多久."""
INTERROGATIVE = re.compile(rf"谁|哪|何|什么|啥|几|多(?:少|{SIZE})|怎[么样]|为啥")
"""Where a question asks: 哪 of 哪天通车. What stands before these words in it tends to stand before the answer."""
OPEN_INTERROGATIVE = re.compile(r"谁|哪|什么|啥|怎[么样]|如何|[为何]何|何[时地人处]|多少|几[个位名家人天年月号点次]|多久")
"""With one of these a question asks for more than yes or no: 有没有什么优惠. 几十人 does not ask."""
CLOCK_ASKED = r"(?<!哪)几点(?!建[议设]|意见|要求|希望|想法|看法|体会|启示|共识|内容|措施|好处|原因)"
"""A time of day is asked for, as a piece of a pattern: 几点开闸. 哪几点 and 几点建议 do not ask for it."""
PHONE_ASKED = (
    r"(?:电话(?:号码?)?(?:是|为)?(?:多少|几|啥|什么)|打(?:哪一?个|什么|啥)(?:号|电话|热线)"
    r"|(?:热线|号码)(?:是|为)?(?:多少|啥|什么|哪个))"
)
"""A telephone number is asked for, as a piece of a pattern: 打哪个号."""
HOW_MANY = re.compile(r"多少|(?<![这近那前后好])几")
"""A number is asked for: 来了几人. 这几年 does not ask."""
SAYING = (
    r"(?:(?<![小据传听学])说(?![明法服])|表示|介绍|告诉|认为|指出|透露|强调|回应|坦言|呼吁|解释|建议|补充|评价|看待|回忆|感慨|谈到|提到|宣布|答复|提醒"
    r"|(?<![名职人堪统简号对])称(?![为号职赞呼霸]))"
)
"""A verb of saying, as a piece of a pattern: 表示. 小说 and 名称 are none."""
