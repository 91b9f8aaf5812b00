"""``overt serve``: the console."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve_command(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on; this machine only as it is.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    certificate: Annotated[
        Path | None, typer.Option(help="TLS certificate, PEM; needed on any other address.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Its key, PEM, if the certificate's file has none.")
    ] = None,
    behind_proxy: Annotated[
        list[str] | None,
        typer.Option(help="Address of a proxy that speaks TLS for the console; repeatable."),
    ] = None,
) -> None:
    """Serve the console to browsers: everything that people decide, live.

    The service holds the store: live runs, stops, retentions and purges happen in it, and no
    `overt run` goes beside it. Ctrl-C or SIGTERM ends it; a deployment that is live is suspended
    first. Beyond this machine it needs TLS, its own or a proxy's.
    """
    from overt.errors import SettingInvalidError
    from overt.settings import read_settings
    from overt.web.serving import LOOPBACK, Place, serve

    proxies = tuple(behind_proxy or ())
    is_own = host in {LOOPBACK, "localhost", "::1"}
    if not is_own and certificate is None and not proxies:
        msg = "beyond this machine the console needs --certificate, or --behind-proxy"
        raise SettingInvalidError(msg, setting="--host")
    place = Place(host, port, certificate, key, proxies)
    serve(read_settings(), place, lambda address, _: typer.echo(f"console: {address}", err=True))
