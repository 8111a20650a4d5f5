"""Uploads that wait to be taken in: laid by on the disk, so that neither memory nor a stop of the server loses them.

Each lies in a folder of its own below the folder of uploads, hidden from every sync.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path
from time import time_ns

from embeddings.formats.reading import ReadingOptions
from embeddings.ingest.uploads import FOLDER, Upload
from embeddings.store.archive import Archive

_FOLDER = ".waiting"
_ABOUT = "about.json"
_ID = re.compile(r"[0-9a-f]{16}-[0-9a-f]{8}")


def lay_by(archive: Archive, uploads: Sequence[Upload], options: ReadingOptions = ReadingOptions()) -> str:
    """Keep the files of an upload until it is taken in, all or none of them; return its id."""
    upload_id = f"{time_ns():016x}-{secrets.token_hex(4)}"
    folder = _place(archive, upload_id)
    partial = folder.with_suffix(".part")
    partial.mkdir(parents=True)
    try:
        for number, upload in enumerate(uploads):
            _write(partial / str(number), upload.raw)
        about = {
            "names": [upload.name for upload in uploads],
            "paper": options.paper, "encoding": options.encoding, "map": dict(options.fields),
        }  # fmt: skip
        # In ASCII: a name may hold half a character.
        _write(partial / _ABOUT, json.dumps(about).encode())
        os.replace(partial, folder)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return upload_id


def laid_by(archive: Archive, upload_id: str) -> tuple[list[Upload], ReadingOptions]:
    """Return the files of an upload that waits, and how they are read."""
    folder = _place(archive, upload_id)
    about = json.loads((folder / _ABOUT).read_bytes())
    uploads = [Upload(name, (folder / str(number)).read_bytes()) for number, name in enumerate(about["names"])]
    return uploads, ReadingOptions(about["paper"], about["encoding"], about["map"])


def waiting(archive: Archive) -> dict[str, int]:
    """Return the ids of the uploads that a stop left behind, oldest first, each with the count of its files.

    What was half laid by is removed.
    """
    folder = _place(archive, "")
    if not folder.is_dir():
        return {}
    for partial in folder.glob("*.part"):
        shutil.rmtree(partial, ignore_errors=True)
    left = sorted(one for one in folder.iterdir() if _ID.fullmatch(one.name))
    return {one.name: sum(file.name != _ABOUT for file in one.iterdir()) for one in left}


def drop(archive: Archive, upload_id: str) -> None:
    """Forget an upload that was taken in or refused."""
    shutil.rmtree(_place(archive, upload_id), ignore_errors=True)


def _place(archive: Archive, upload_id: str) -> Path:
    return archive.folder / FOLDER / _FOLDER / upload_id


def _write(place: Path, raw: bytes) -> None:
    with place.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
