"""The server: read the settings, load the archive and the models once, serve the chat and the API."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from embeddings.command_line import DONE, PATH, Command, option, run
from embeddings.errors import SettingsError, WenbaoError, described
from embeddings.messages import MESSAGES
from qa.settings import Settings

log = logging.getLogger("wenbao")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns 0 after a stop, 1 where the archive or a model cannot be used."""
    return run(_serve, argv, "python serve.py")


@click.command("serve", cls=Command, help="help_serve")
@option("--host", help="help_host")
@option("--port", type=int, help="help_port")
@option("--archive", type=PATH, metavar="DIR", help="help_archive")
def _serve(host: str | None, port: int | None, archive: Path | None) -> int:
    # A service manager stops with SIGTERM, be it while models are loaded: as Ctrl-C, it is no failure.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Flask takes a second to import, too.
    from qa.http.request_log import configure_logging

    try:
        settings = Settings.load(host=host, port=port, archive=archive)
        configure_logging(settings)
        serve(settings)
    except KeyboardInterrupt:
        pass
    except (WenbaoError, OSError):
        raise  # told as they are
    except Exception as error:
        log.debug("cannot start", exc_info=True)
        raise SettingsError("cannot_start", reason=described(error)) from error
    return DONE


def serve(settings: Settings) -> None:
    """Load the archive and the models, say where the chat is, and serve until stopped."""
    # The models take seconds to import; --help and wrong usage should not wait for them.
    from embeddings.ingest.uploads import settle
    from embeddings.models.encoder import use_threads
    from embeddings.store.archive import Archive
    from qa.alerts.keeping import Keeper
    from qa.http.app import create_app
    from qa.http.connections import check_address
    from qa.http.server import Server
    from qa.pipeline import ask
    from qa.reading.loading import load_reader
    from qa.understanding import query_expansion

    try:
        check_address(settings)
    except OSError as error:
        raise _cannot_listen(settings, error) from error
    use_threads(settings.threads)
    archive = Archive.open(settings)
    reader = load_reader(archive, settings)
    # The first question should not wait for dictionaries and kernels.
    reader.warm_up()
    query_expansion.warm_up()
    if settings.admin_token:
        for failed in settle(archive).failed:
            log.warning("%s", MESSAGES.message("upload_not_read", error=failed))
    app = create_app(archive, reader, settings)
    try:
        server = Server(app, settings)
    except OSError as error:
        raise _cannot_listen(settings, error) from error
    extent = archive.extent()
    url = f"http://{settings.host}:{server.port}"
    print(MESSAGES.text("served", url=url, issues=extent.issues, articles=extent.articles), flush=True)
    keeper = Keeper(archive, partial(ask, archive, reader, min_confidence=settings.min_confidence))
    keeper.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    try:
        server.run()
    finally:
        keeper.stop()


def _cannot_listen(settings: Settings, error: OSError) -> SettingsError:
    return SettingsError("cannot_listen", address=f"{settings.host}:{settings.port}", reason=described(error))


def _leave(code: int) -> NoReturn:
    """End the process without taking the interpreter apart, under which threads in the models' native code abort."""
    sys.stdout.flush()
    sys.stderr.flush()
    logging.shutdown()
    os._exit(code)


if __name__ == "__main__":
    _leave(main())
