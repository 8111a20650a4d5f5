"""What follows on a sync that changed an archive: the questions saved beside it as alerts are asked again.

By a command in a process of its own, for the archive knows nothing of questions.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ALERTS = "alerts.json"
"""The file beside an archive that holds alerts."""


def ask_alerts(archive: Path) -> bool:
    """Ask the alerts of an archive again, where it has any; say whether that could be done. What is new is printed."""
    if not (archive / ALERTS).exists():
        return True
    command = [sys.executable, "-m", "qa", "alerts", "run", "--archive", str(archive)]
    # Standard output is for the report of the sync, which may be JSON.
    return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0
