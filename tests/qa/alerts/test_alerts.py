"""Alerts: asked again when the archive changed, told what is new and nothing else, by command, API and feed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from embeddings.ingest import afterwards
from embeddings.records import Article, Issue
from embeddings.store.archive import Archive
from qa.__main__ import main
from qa.alerts.asking import Ask, add_alert, remove_alert, run_alerts
from qa.alerts.atom import write_feed
from qa.alerts.book import Book, BookFile
from qa.alerts.keeping import Keeper
from qa.errors import AlertsError
from qa.pipeline import ask
from tests.support.api import WordReader, assert_error, serve
from tests.support.doubles import add

ASKED = "虹渡大桥什么时候通车？"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
TOKEN = {"Authorization": "Bearer secret"}


def issue(day: int, *bodies: str) -> Issue:
    articles = tuple(Article(body[:6], body, page="2") for body in bodies)
    return Issue(f"yxrb-2024-03-{day}", "砚溪日报", date(2024, 3, day), articles)


@pytest.fixture
def archive(open_archive: Callable[..., Archive]) -> Archive:
    opened = open_archive()
    add(opened, issue(12, "虹渡大桥预计9月通车。", "卧虹水库开闸放水。"))
    return opened


@pytest.fixture
def asking(archive: Archive) -> Ask:
    return lambda question: ask(archive, WordReader(), question)


def test_only_what_came_since_is_new_and_it_is_new_once(archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    assert run_alerts(archive, asking) == []
    add(archive, issue(13, "春笋大量上市。"))
    assert run_alerts(archive, asking) == []
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    (found,) = run_alerts(archive, asking)
    assert (found.article_id, found.issue_date, found.page) == ("yxrb-2024-03-14-01", "2024-03-14", "2")
    assert found.answer == "8月28日"
    assert found.quote == "虹渡大桥将于8月28日通车。"
    assert run_alerts(archive, asking) == []
    assert [one.article_id for one in BookFile(archive.folder).read().evidence] == ["yxrb-2024-03-14-01"]


def test_an_issue_stored_again_as_it_was_is_no_news_and_one_with_another_text_is(archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    add(archive, issue(12, "虹渡大桥预计9月通车。", "卧虹水库开闸放水。"))
    assert run_alerts(archive, asking) == []
    add(archive, issue(12, "虹渡大桥预计10月通车。", "卧虹水库开闸放水。"))
    assert [one.answer for one in run_alerts(archive, asking)] == ["10月"]


def test_a_later_alert_does_not_hide_what_an_earlier_one_waits_for(archive: Archive, asking: Ask) -> None:
    first = add_alert(archive, asking, ASKED)
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    add_alert(archive, asking, "卧虹水库何时放水？")
    assert [one.alert_id for one in BookFile(archive.folder).read().evidence] == [first.id]
    assert run_alerts(archive, asking) == []


def test_nothing_is_asked_while_the_archive_stays_as_it_is(archive: Archive) -> None:
    def never(question: str) -> None:
        raise AssertionError(question)

    alert = add_alert(archive, never, ASKED)  # type: ignore[arg-type]
    assert add_alert(archive, never, ASKED) == alert  # type: ignore[arg-type]
    assert run_alerts(archive, never) == []  # type: ignore[arg-type]


def test_an_alert_that_is_removed_takes_along_what_it_found(archive: Archive, asking: Ask) -> None:
    alert = add_alert(archive, asking, ASKED)
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    assert run_alerts(archive, asking)
    assert remove_alert(archive, alert.id)
    assert not remove_alert(archive, alert.id)
    assert BookFile(archive.folder).read().evidence == []


def test_a_question_that_fails_changes_nothing(archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    before = BookFile(archive.folder).read()
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))

    def broken(question: str) -> None:
        raise RuntimeError(question)

    with pytest.raises(RuntimeError):
        run_alerts(archive, broken)  # type: ignore[arg-type]
    assert BookFile(archive.folder).read() == before
    assert len(run_alerts(archive, asking)) == 1


def test_a_damaged_file_is_named(archive: Archive) -> None:
    path = archive.folder / afterwards.ALERTS
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AlertsError, match=r"alerts\.json: 不是提醒的文件"):
        BookFile(archive.folder).read()
    assert path.read_text(encoding="utf-8") == "{"


def test_a_server_asks_by_itself(archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    asked = threading.Event()

    def ask_and_tell(question: str) -> object:
        asked.set()
        return asking(question)

    keeper = Keeper(archive, ask_and_tell, every=0.01)  # type: ignore[arg-type]
    keeper.start()
    try:
        add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
        assert asked.wait(60)
    finally:
        keeper.stop()
        keeper._thread.join(60)
    assert len(BookFile(archive.folder).read().evidence) == 1


# The API and the feed


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return serve(archive, admin_token="secret")


def test_an_alert_fires_over_the_api_and_in_the_feed(archive: Archive, asking: Ask, client: FlaskClient) -> None:
    assert client.get("/api/alerts", headers=TOKEN).json == {"alerts": [], "evidence": [], "feed": None}
    added = client.post("/api/alerts", json={"question": ASKED}, headers=TOKEN)
    assert added.status_code == 201
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    run_alerts(archive, asking)
    told = client.get("/api/alerts", headers=TOKEN).json
    assert (told["alerts"][0]["alert_id"], added.json["asked"]) == (added.json["alert_id"], None)
    assert told["alerts"][0]["asked"] >= added.json["added"]
    (evidence,) = told["evidence"]
    assert (evidence["answer"], evidence["page"], evidence["url"]) == ("8月28日", 2, "/articles/yxrb-2024-03-14-01#c0-14")
    feed = client.get(told["feed"])
    assert feed.mimetype == "application/atom+xml"
    root = ET.fromstring(feed.text)
    assert root.findtext("a:title", namespaces=ATOM) == "问报提醒 Wenbao alerts"
    (entry,) = root.findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == f"{ASKED} 8月28日"
    link = entry.find("a:link", ATOM)
    assert link is not None
    assert link.get("href") == "http://localhost/articles/yxrb-2024-03-14-01#c0-14"
    assert client.delete(f"/api/alerts/{added.json['alert_id']}", headers=TOKEN).status_code == 204
    assert_error(client.delete(f"/api/alerts/{added.json['alert_id']}", headers=TOKEN), 404, "alert_not_found", "alert_id")


def test_what_was_seen_is_marked_and_what_came_later_stays_new(archive: Archive, asking: Ask, client: FlaskClient) -> None:
    alert = add_alert(archive, asking, ASKED)
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    (found,) = run_alerts(archive, asking)
    path = f"/api/alerts/{alert.id}/seen"

    def seen() -> list[bool]:
        return [one["seen"] for one in client.get("/api/alerts", headers=TOKEN).json["evidence"]]

    assert client.post(path, json={"until": "2000-01-01T00:00:00+00:00"}, headers=TOKEN).status_code == 204
    assert seen() == [False]
    assert client.post(path, json={"until": found.found}, headers=TOKEN).status_code == 204
    assert seen() == [True]
    add(archive, issue(15, "虹渡大桥将于8月30日通车。"))
    run_alerts(archive, asking)
    assert seen() == [False, True]
    assert client.post(path, json={}, headers=TOKEN).status_code == 204
    assert seen() == [True, True]
    assert_error(client.post(path, json={}), 401, "unauthorized")
    assert_error(client.post("/api/alerts/none/seen", json={}, headers=TOKEN), 404, "alert_not_found", "alert_id")
    assert client.post(path, json={"until": "gestern"}, headers=TOKEN).status_code == 422


def test_a_book_of_an_earlier_version_is_read(archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    run_alerts(archive, asking)
    path = archive.folder / afterwards.ALERTS
    facts = json.loads(path.read_text(encoding="utf-8"))
    del facts["alerts"][0]["asked"], facts["evidence"][0]["seen"]
    path.write_text(json.dumps(facts), encoding="utf-8")
    book = BookFile(archive.folder).read()
    assert (book.alerts[0].asked, book.evidence[0].seen) == (None, False)


def test_alerts_are_the_operators(client: FlaskClient, archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    assert_error(client.get("/api/alerts"), 401, "unauthorized")
    assert_error(client.post("/api/alerts", json={"question": ASKED}), 401, "unauthorized")
    assert_error(client.delete("/api/alerts/x"), 401, "unauthorized")
    assert_error(client.get("/api/alerts/feed.atom"), 401, "feed_key")
    assert_error(client.get("/api/alerts/feed.atom?key=wrong"), 401, "feed_key")
    assert_error(client.post("/api/alerts", json={"question": " "}, headers=TOKEN), 422, "question_empty", "question")


def test_asking_and_reading_write_no_alerts(client: FlaskClient, archive: Archive) -> None:
    client.post("/api/ask", json={"question": ASKED})
    client.get("/api/alerts", headers=TOKEN)
    assert not (archive.folder / afterwards.ALERTS).exists()


def test_a_feed_has_what_atom_asks_for_whatever_is_printed(archive: Archive, asking: Ask) -> None:
    add_alert(archive, asking, ASKED)
    add(archive, issue(14, "虹渡大桥<b>\x01将于8月28日通车&收费。"))
    run_alerts(archive, asking)
    book = BookFile(archive.folder).read()
    root = ET.fromstring(write_feed(book, "http://localhost/feed", "http://localhost/"))
    for element in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated", "author/a:name"):
            assert element.findtext(f"a:{name}", namespaces=ATOM)
    ids = [node.text for node in root.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids)) == 2
    assert "<b>将于" in (root.findtext("a:entry/a:summary", namespaces=ATOM) or "")
    assert ET.fromstring(write_feed(Book(), "http://localhost/feed", "http://localhost/")).find("a:entry", ATOM) is None


# The command


def test_the_commands_keep_list_ask_and_forget(
    archive: Archive, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Archive, "open", lambda settings: archive)
    monkeypatch.setattr("qa.reading.loading.load_reader", lambda archive, settings: WordReader())

    def run(*arguments: str) -> str:
        assert main(["alerts", *arguments, "--archive", str(archive.folder)]) == 0
        return capsys.readouterr().out

    assert run("list") == "没有提醒。\n"
    alert_id = json.loads(run("add", ASKED, "--json"))["id"]
    assert run("run") == "没有新的。\n"
    add(archive, issue(14, "虹渡大桥将于8月28日通车。"))
    assert run("run").startswith(f"{ASKED}\n    8月28日\n")
    assert run("list").splitlines()[0] == f"{alert_id}  {ASKED}"
    assert run("remove", alert_id) == f"已删除提醒 {alert_id}\n"
    assert main(["alerts", "remove", alert_id, "--archive", str(archive.folder)]) == 1


def test_a_sync_asks_where_there_are_alerts_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    class Done:
        returncode = 0

    def called(command: list[str], **settings: object) -> Done:
        asked.append(command[1:])
        return Done()

    monkeypatch.setattr("subprocess.run", called)
    assert afterwards.ask_alerts(tmp_path)
    assert asked == []
    (tmp_path / afterwards.ALERTS).write_text("{}", encoding="utf-8")
    assert afterwards.ask_alerts(tmp_path)
    assert asked == [["-m", "qa", "alerts", "run", "--archive", str(tmp_path)]]
