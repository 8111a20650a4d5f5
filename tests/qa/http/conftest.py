"""The archive and the client of tests that change neither."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from embeddings.settings import ArchiveSettings
from embeddings.store.archive import Archive
from tests.support.api import ISSUES, serve
from tests.support.doubles import ToyEncoder, add


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The issues of tests.support.api; tests must not change it."""
    settings = ArchiveSettings.load(archive=tmp_path_factory.mktemp("api") / "archive")
    opened = Archive.open(settings, lambda name: ToyEncoder(), create=True)
    add(opened, *ISSUES)
    return opened


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return serve(archive)
