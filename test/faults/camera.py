# Copyright 2026 The assist authors
# SPDX-License-Identifier: Apache-2.0
"""A network camera on this machine that can be unplugged."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

import cv2
from assist_vision import letterbox

PERIOD = 0.2
"""Seconds between two pictures."""

_BOUNDARY = 'picture'


class NetworkCamera:
    """A context manager that shows a picture as a stream of JPEGs at `address`."""

    def __init__(self, picture: Path) -> None:
        self._size = cv2.imread(str(picture)).shape[:2]
        self.show(picture)
        self._plugged = threading.Event()
        self._plugged.set()
        self._server = ThreadingHTTPServer(('127.0.0.1', 0), self._handler())
        self._server.daemon_threads = True
        self.address = f'http://127.0.0.1:{self._server.server_port}/stream.mjpg'

    def __enter__(self) -> NetworkCamera:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.unplug()
        self._server.shutdown()
        self._server.server_close()

    def show(self, picture: Path) -> None:
        """Show another picture from now on, in the middle of frames as large as the first one.

        A camera sends frames of one size. Were this one to change it, whoever opens the stream anew
        would need more memory or less, as chance decides.
        """
        height, width = self._size
        frame, _ = letterbox.fit(cv2.imread(str(picture)), width, height)
        _, encoded = cv2.imencode('.jpg', frame)
        self._jpeg = encoded.tobytes()

    def unplug(self) -> None:
        """End the stream, and start none."""
        self._plugged.clear()

    def plug(self) -> None:
        """Show the picture again to whoever asks."""
        self._plugged.set()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not camera._plugged.is_set():
                    self.send_error(503)
                    return
                self.send_response(200)
                kind = f'multipart/x-mixed-replace; boundary={_BOUNDARY}'
                self.send_header('Content-Type', kind)
                self.end_headers()
                try:
                    while camera._plugged.is_set():
                        self._send(camera._jpeg)
                        time.sleep(PERIOD)
                except OSError:
                    return

            def _send(self, jpeg: bytes) -> None:
                head = f'--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}'
                self.wfile.write(f'{head}\r\n\r\n'.encode() + jpeg + b'\r\n')

            def log_message(self, *_: object) -> None:
                """Say nothing of each request."""

        return Handler
