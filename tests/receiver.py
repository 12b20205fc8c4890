"""A web server of this machine that keeps what it is sent, and answers what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Received(NamedTuple):
    """A request."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """`status`, `answer` and `location` are what the next request is answered; with `is_silent`, nothing."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.status, self.answer, self.location, self.is_silent = 200, '{"errcode": 0, "code": 0}', "", False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append(Received(self.path, dict(self.headers), body))
                if receiver.is_silent:
                    self.close_connection = True
                    return
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.end_headers()
                self.wfile.write(receiver.answer.encode())

            do_GET = do_POST

            def log_message(self, *args: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
