"""A provider that lies: it says and signs whatever a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

HEADER = {"alg": "RS256", "kid": "ours"}


@cache
def a_key(kid: str = "ours") -> RSAKey:
    """Return a key of the provider, or of somebody else."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass
class ForgingProvider:
    """What it answers; a test changes it before it asks."""

    issuer: str
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: Any = None
    make_token: Callable[[], str] = lambda: ""
    token_status: int = 200
    answer_raw: bytes | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        self.keys = KeySet([a_key()]).as_dict(private=False)

    def answer(self, path: str) -> tuple[int, Any]:
        """Return status and document for a path."""
        if path.endswith("openid-configuration"):
            return 200, self.metadata
        if path == "/jwks":
            return 200, self.keys
        return self.token_status, {"id_token": self.make_token(), "token_type": "Bearer"}


def signed(claims: dict[str, Any], key: Any = None, header: dict[str, Any] = HEADER) -> str:
    """Return a token with these claims."""
    return jwt.encode(header, claims, key or a_key(), algorithms=[header["alg"]])


@contextmanager
def forging_provider() -> Iterator[ForgingProvider]:
    """Serve a provider that lies, on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = ForgingProvider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(provider)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def _handler(provider: ForgingProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, document = provider.answer(self.path)
            body = json.dumps(document).encode()
            if provider.answer_raw is not None:
                body = provider.answer_raw
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            provider.requests.append({"form": form, "headers": dict(self.headers)})
            self.do_GET()

        def log_message(self, *args: object) -> None:
            pass

    return Handler
