"""An issue file is decoded, given to its reader, or refused with its line and reason."""

from pathlib import Path

import pytest

from embeddings.errors import IssueError
from embeddings.formats.readers import parse_file, read_file
from embeddings.formats.reading import ReadingOptions

pytestmark = pytest.mark.usefixtures("english")

PLAIN = "# 放水 2024-05-06\n\n渠水来了，农户笑了。\n"
NEWSPAPER = "砚溪日报\n2024年5月6日 总第9370期\n\n# 放水\n\n渠水来了，农户笑了。\n"
BROADCAST = "# 《砚溪新闻》 (20240506)\n\n## 详细新闻\n\n### 放水\n\n<p>渠水来了，农户笑了。</p>\n"


@pytest.mark.parametrize(
    ("text", "issue_id"),
    [(PLAIN, "yxwb-2024-05-06"), (NEWSPAPER, "yxrb-2024-05-06"), (BROADCAST, "yxxw-2024-05-06")],
    ids=["plain", "newspaper", "broadcast"],
)
def test_each_format_goes_to_its_reader(text: str, issue_id: str) -> None:
    issue = parse_file(Path("砚溪晚报/a.md"), text.encode()).issues[0]
    assert issue.issue_id == issue_id
    assert [article.body for article in issue.articles] == ["渠水来了，农户笑了。"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", PLAIN),
        ("a.md", NEWSPAPER),
        ("a.md", BROADCAST),
        ("a.json", '[{"title": "放水", "date": "2024-05-06", "body": "渠水来了，农户笑了。", "paper": "砚溪日报"}]'),
        ("a.csv", "标题,日期,正文,报纸\n放水,2024-05-06,渠水来了，农户笑了。,砚溪日报\n"),
    ],
    ids=["plain", "newspaper", "broadcast", "JSON", "CSV"],
)
def test_the_operators_paper_wins_over_every_other(name: str, text: str) -> None:
    (issue,) = parse_file(Path("砚溪晚报") / name, text.encode(), ReadingOptions(paper="虹渡日报")).issues
    assert (issue.paper, issue.issue_id, issue.warnings) == ("虹渡日报", "hdrb-2024-05-06", ())


@pytest.mark.parametrize("text", [PLAIN, NEWSPAPER, BROADCAST], ids=["plain", "newspaper", "broadcast"])
@pytest.mark.parametrize(
    ("encoding", "newline"),
    [("utf-8-sig", "\n"), ("gb18030", "\n"), ("utf-16", "\n"), ("utf-8", "\r\n"), ("utf-8", "\r")],
    ids=["byte order mark", "GB 18030", "UTF-16", "CRLF", "CR"],
)
def test_encodings_and_line_ends_give_one_issue(text: str, encoding: str, newline: str) -> None:
    path = Path("砚溪晚报/a.md")
    assert parse_file(path, text.replace("\n", newline).encode(encoding)).issues == parse_file(path, text.encode()).issues


@pytest.mark.parametrize(
    ("name", "raw", "line", "reason"),
    [
        ("a.md", b"", 1, "the file is empty"),
        ("a.md", b"\xef\xbb\xbf \n\n\t\n", 1, "the file is empty"),
        ("a.md", b"# 1\n\n\xff\xfe\xff\xff", 3, "neither UTF-8 nor text in UTF-16, GB 18030 or Big5"),
        ("a.md", b"# 2024-05-06\n\n\x00\x01", 3, "holds NUL bytes"),
        ("a.exe", b"MZ", None, r"\.exe is not a format read here; use one of \.md, \.markdown, \.txt"),
        ("issue", b"# 1", None, "issue is not a format"),
        ("README.md", "# 说明\n\n怎样使用这些文件。\n".encode(), 1, "no date found"),
    ],
    ids=["empty", "blank", "binary", "NUL bytes", "other suffix", "no suffix", "README without a date"],
)
def test_a_file_that_is_no_issue_is_refused_with_its_line(name: str, raw: bytes, line: int | None, reason: str) -> None:
    with pytest.raises(IssueError, match=reason) as refused:
        parse_file(Path(name), raw)
    assert refused.value.path == name
    assert line is None or refused.value.line == line
    assert str(refused.value) == f"{name}:{refused.value.line}: {refused.value.reason}".replace(":None:", ":")


@pytest.mark.parametrize("mark", ["\f", "\v", "\x1c", "\x1e", "\x85", "\u2028", "\u2029"], ids=ascii)
def test_a_printers_line_break_within_a_sentence_does_not_split_it(mark: str) -> None:
    for text in (NEWSPAPER, PLAIN):
        sent = text.replace("渠水", f"渠水{mark}") + f"{mark}\n{mark}# 灯会{mark}\n\n灯会{mark}今晚开。{mark}\n"
        water, lamps = parse_file(Path("砚溪日报/2024-05-06.md"), sent.encode()).issues[0].articles
        assert (water.title, water.body) == (text.split("# ")[1].split("\n")[0], "渠水 来了，农户笑了。")
        assert (lamps.title, lamps.body) == ("灯会", "灯会 今晚开。")


@pytest.mark.parametrize("error", [ValueError("水\n深"), RecursionError("too deep"), KeyError()])
def test_what_a_reader_stumbles_over_is_told_as_the_files_error(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def stumble(text: str) -> None:
        raise error

    monkeypatch.setattr("embeddings.formats.plain.split_blocks", stumble)
    with pytest.raises(IssueError, match=rf"^a\.md: cannot be read \({type(error).__name__}[^\n]*\); mend the file") as told:
        parse_file(Path("a.md"), "2024-05-06 放水".encode())
    assert (told.value.code, told.value.__cause__) == ("stumbled", error)


@pytest.mark.parametrize("name", ["\udcb7\udcc5.md", "\udccf\udcef/a.md", "\ud83d.md"], ids=ascii)
def test_a_name_that_is_not_utf_8_is_refused_and_shown_escaped(name: str) -> None:
    with pytest.raises(IssueError) as told:
        parse_file(Path(name), b"2024-05-06")
    error = told.value
    assert error.code == "name_encoding"
    assert error.path in ("\\xb7\\xc5.md", "\\xcf\\xef/a.md", "\\ud83d.md")
    assert str(error).encode()


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(IssueError, match="cannot be opened") as refused:
        read_file(tmp_path / "gone.md")
    assert refused.value.path == str(tmp_path / "gone.md")


def test_a_file_on_disk_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.MD"
    path.write_text(NEWSPAPER, encoding="gb18030")
    assert read_file(path).issues[0].issue_id == "yxrb-2024-05-06"
