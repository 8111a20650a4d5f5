"""What front matter and the lines around a headline call each fact of an article: 作者, author, 版面, page."""

from __future__ import annotations

from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    label: field
    for field, labels in {
        "title": "标题 题名 题目 篇名 主标题 文章标题 新闻标题 title headline",
        "kicker": "肩题 引题 眉题 kicker",
        "subtitle": "副题 副标题 subtitle",
        "byline": ("作者 撰文 撰稿 撰稿人 责任者 署名 作者姓名 记者 文 author authors by writer creator byline"),
        "day": (
            "日期 时间 发布时间 发布日期 发表时间 发表日期 发稿时间 发稿日期 出版日期 出版时间 刊登日期 刊登时间 刊发日期 "
            "见报日期 见报时间 报纸日期 刊期 date published pubdate pub_date "
            "publish_date publication_date date_published published_at "
            "published_time issue_date datetime day datepublished 发布于"
        ),
        "stamp": (
            "归档日期 归档时间 抓取时间 抓取日期 采集时间 采集日期 更新时间 更新日期 最后更新 修改时间 创建时间 录入时间 "
            "入库时间 下载时间 updated modified lastmod last_modified datecreated "
            "date_created created created_at updated_at datemodified "
            "retrieved accessed date_saved scraped_at crawled"
        ),
        "page": ("版面 版次 版号 页码 版 页 版次(卷期) 版次/卷期 所在版面 page pages page_no page_number 版位"),
        "page_name": "版名 版面名称 版块名称 page_name",
        "column": "专栏 栏目 栏目名称 副刊 频道 版块 column section category categories",
        "source": "来源 出处 稿源 信息来源 消息来源 文章来源 新闻来源 source",
        "paper": ("报纸 报名 报刊 报刊名称 报纸名称 刊名 媒体 媒体名称 paper newspaper publication journal sitename site_name"),
        "url": (
            "链接 网址 原文链接 原文地址 原文网址 来源链接 文章链接 原文 地址链接 url link permalink "
            "source_url canonical original"
        ),
        "number": "期号 总期号 期次 总期数 issue_number number issue_no",
        "text": "正文 内容 全文 文章内容 新闻内容 正文内容 content body text description",
        "nothing": (
            "新闻数量 文章数量 数量 标签 关键词 关键字 字数 阅读 阅读量 点击 点击量 浏览 浏览量 编号 序号 分类 类别 "
            "责任编辑 责编 编辑 校对 美编 版式 tags keywords id guid words editor "
            "comments 审核 摄影 主题词"
        ),
    }.items()
    for label in labels.split()
}
"""The field that each label names, in simplified characters and small letters.

`text` opens the body, `stamp` is the day on which somebody changed the file, `nothing` tells nothing that is kept.
"""
