"""What the HTTP face tells in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, str] = {
    # Any request
    "bad_request": "请求无法理解",
    "not_found": "没有这个地址",
    "method_not_allowed": "这个地址不支持这种请求方法",
    "too_large": "请求过大",
    "unsupported_media_type": "请用 application/json 发送请求",
    "too_many_requests": "请求太频繁，请稍后再试",
    "too_slow": "请求来得太慢",
    "stopping": "服务器正在停止，请稍后再试",
    "too_many_requests.wait": "请求太频繁：请在 {seconds} 秒后再试",
    "not_ready": "暂时不能回答，请稍后再试",
    "damaged": "这一篇在服务器磁盘上已损坏，修好之前不再显示",
    "error": "请求未能完成",
    "internal": "服务器出错了，已记入日志",
    "invalid_json": "请求不是有效的 JSON",
    "invalid_json.no_object": "请求应是一个 JSON 对象",
    # The admin token
    "admin_off": "没有设置管理口令：设置 WENBAO_ADMIN_TOKEN 后重启服务器",
    "unauthorized": "管理口令不对：请用 Authorization: Bearer 发送",
    "read_unauthorized": "阅读口令不对：请用 Authorization: Bearer 发送，或在浏览器询问密码时填写",
    # Questions, quotations, articles
    "busy": "提问的人太多，请稍后再试",
    "question_empty": "请写下要问的问题",
    "question_too_long": "问题太长：最多 {longest} 个字，现有 {length} 个",
    "quote_too_short": "引文太短：至少 {shortest} 个字，现有 {length} 个",
    "quote_too_long": "引文太长：最多 {longest} 个字，现有 {length} 个",
    "issue_not_found": "没有 {issue_id} 这一期",
    "article_not_found": "没有 {article_id} 这一篇",
    "feedback_full": "暂时不能再收反馈",
    # Alerts
    "alert_not_found": "没有 {alert_id} 这条提醒",
    "alerts_full": "最多保存 {most} 条提醒：请先删除不要的",
    "feed_key": "订阅地址不对：请用 python -m qa alerts list 重新取来",
    # Uploads
    "archive_busy": "另一个命令正在改动档案，请稍后再试",
    "issue_not_uploaded": "{issue_id} 不是上传的，而是从 {source} 读入的：请先删除这个文件，"
    "再对它所在的文件夹运行 python -m embeddings sync --prune DIR",
    "issue_shares_file": "{issue_id} 的文件里还有另外 {count} 期（{others}）：要一起删除，请加上 ?together=true",
    "no_files": "没有收到文件：请放在 files 一栏里",
    "unsupported_media_type.files": "请用 multipart/form-data 或 text/markdown 发送文件",
    "uploads_full": "已有 {most} 次上传在等，请稍后再传",
    "upload_not_found": "没有 {upload_id} 这次上传，或已是旧事",
    "upload_refused": "没有收入任何文件：{reasons}",
    "upload_refused.between": "；",
    # Corrections
    "correction_refused": "没有更正：{reason}",
    # What is wrong with a field
    "invalid_field": "{field}：{reason}",
    "reason.missing": "缺少这一项",
    "reason.empty": "不能为空",
    "reason.unknown": "没有这一项",
    "reason.no_text": "应是文字",
    "reason.no_integer": "应是整数",
    "reason.no_date": "应是 2021-01-31 这样的日期",
    "reason.no_boolean": "应是 true 或 false",
    "reason.too_small": "太小",
    "reason.too_large": "太大",
    "reason.too_long": "太长",
    "reason.other": "不合要求",
    "reason.half_character": "有半个字符（不成对的代理码点）",
    "reason.no_utf8": "不是 UTF-8 文字：请按 UTF-8 作百分号编码再发送",
    "reason.dates_reversed": "起始日期晚于结束日期",
    "reason.nothing_said": "请写明是否有用（helpful），或被放弃的答案（rejected）",
    "reason.one_end": "start 和 end 要一起给出",
    "reason.ends_reversed": "end 要大于 start",
    "reason.behind_the_body": "正文只有 {length} 个字",
    "reason.issue_not_found": "没有 {issue_id} 这一期",
    "reason.no_field_map": "“{pair}”不是 项=名字，应如 title=标题,date=日期",
    "reason.not_the_begin": "不是正文开头的文字",
    "reason.no_file_name": "请在地址里写明文件名，如 ?name=2024-03-12.md",
}
