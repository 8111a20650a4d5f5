"""Turns at the processor: one at a time, those in a hurry first, nobody for ever last."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager

from embeddings.models.turns import Turns
from tests.support.served import LIMIT_SECONDS


def in_line(turns: Turns, take: Callable[[], AbstractContextManager[None]], name: str, order: list[str]) -> Callable[[], None]:
    def work() -> None:
        with take():
            order.append(name)

    return work


def after(turns: Turns, *kinds: str) -> list[str]:
    """Let turns be asked for in this order while one is held; return the order in which they were had."""
    order: list[str] = []
    waiting: list[Future[None]] = []
    with ThreadPoolExecutor(len(kinds)) as threads:
        with turns.hurried():
            for place, kind in enumerate(kinds):
                work = in_line(turns, turns.hurried if kind == "hurried" else turns.patient, f"{kind} {place}", order)
                waiting.append(threads.submit(work))
                while len(turns._hurried) + len(turns._patient) <= place:  # until it stands in line
                    threading.Event().wait(0.001)
        for one in waiting:
            one.result(LIMIT_SECONDS)
    return order


def test_who_is_in_a_hurry_comes_before_who_is_patient_each_in_their_order() -> None:
    turns = Turns(patience=LIMIT_SECONDS)
    assert after(turns, "patient", "hurried", "patient", "hurried") == ["hurried 1", "hurried 3", "patient 0", "patient 2"]


def test_without_patience_left_it_comes_before_those_in_a_hurry() -> None:
    turns = Turns(patience=0)
    assert after(turns, "hurried", "patient", "hurried")[0] == "patient 1"


def test_two_never_have_a_turn_at_once() -> None:
    turns, inside, most = Turns(patience=0.001), [0], [0]

    def work(place: int) -> None:
        with turns.hurried() if place % 2 else turns.patient():
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.0005)
            inside[0] -= 1

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(64)))
    assert most == [1]


def test_a_turn_that_fails_is_given_back() -> None:
    turns = Turns()
    try:
        with turns.patient():
            raise RuntimeError
    except RuntimeError:
        pass
    assert after(turns, "hurried") == ["hurried 0"]
