"""A web server on this machine that gives repositories only to somebody who sends the right token."""

from __future__ import annotations

import base64
import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@contextlib.contextmanager
def private_host(folder: Path, token: str) -> Iterator[str]:
    """Serve the bare repositories below `folder`; yield the address, which ends with a slash."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = self.headers.get("Authorization", "").removeprefix("Basic ")
            if base64.b64decode(sent).decode().partition(":")[2] != token:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="private"')
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            env = {"GIT_PROJECT_ROOT": str(folder), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path}
            env |= {"QUERY_STRING": query, "REQUEST_METHOD": self.command, "PATH": os.environ["PATH"]}
            env |= {"CONTENT_TYPE": self.headers.get("Content-Type", "")}
            env |= {"GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
            env |= {"HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", "")}
            given = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            ran = subprocess.run(["git", "http-backend"], env=env, input=given, capture_output=True, check=True)
            head, _, body = ran.stdout.partition(b"\r\n\r\n")
            self.send_response(200)
            for line in head.decode().splitlines():
                name, _, value = line.partition(": ")
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
