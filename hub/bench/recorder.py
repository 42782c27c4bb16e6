"""A mail server that takes every mail and remembers which it took."""

import re
import socketserver
import threading
from contextlib import suppress
from typing import Self

_MESSAGE_ID = re.compile(rb"^Message-ID: *(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class Recorder:
    """`taken` holds the Message-ID of every mail, in the order in which they came: twice what came twice."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self._server = _Server(self.taken)
        self.port: int = self._server.server_address[1]

    def has_taken(self, count: int) -> bool:
        return len(self.taken) >= count

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, taken: list[str]) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken = taken


class _Talk(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(OSError):  # whoever sends is killed in the middle of a word
            self._say("220 bench")
            while command := self.rfile.readline()[:4].strip().upper():
                if command == b"DATA":
                    self._take()
                else:
                    self._say("221 bye" if command == b"QUIT" else "250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            if not (line := self.rfile.readline()):
                return  # cut off: not taken
            content += line
        if found := _MESSAGE_ID.search(content):
            self.server.taken.append(found[1].decode())
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
