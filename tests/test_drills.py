"""The drills of benchmarks/drills, a few rounds of each: `make drill-damage` and `make drill-kill` run them at length."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.drills import damage, kill


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_nothing_is_lost_where_commands_are_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    figures = kill.Drill(tmp_path, seed=3).run(5)
    assert (figures.kills, figures.faults) == (5, [])


def test_every_flipped_bit_that_changes_data_is_found_and_mended(tmp_path: Path) -> None:
    figures = damage.drill(tmp_path, 5, seed=3)
    assert (figures.flips, figures.missed, figures.served, figures.failed) == (5, [], [], [])
    assert figures.changing == figures.found > 0
