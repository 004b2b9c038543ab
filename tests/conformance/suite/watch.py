"""A watch, read when somebody looks: no thread, so that many of them cost nothing."""

import json
import select
import ssl
import time

from suite.server import Answer, NoAnswer

CHUNK_BYTES = 1 << 16


class WatchReader:
    """Sends the request at once. `events` grows as pump() is called; `refusal` is the answer where it is no stream."""

    def __init__(self, server, target, headers=None):
        self.server = server
        self.target = target
        self.events = []
        self.refusal = None
        self.ended = False
        self.headers = None
        self._raw, self._lines = b"", b""
        self._status, self._chunked = 0, False
        connection = server.connect()
        connection.connect()
        self._socket = connection.sock
        head = [f"GET {target} HTTP/1.1", f"Host: {server.host}:{server.port}"]
        head += [f"{name}: {value}" for name, value in server.headers(headers).items()]
        self._socket.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
        self._socket.setblocking(False)

    def close(self):
        self._socket.close()
        self.ended = True

    def opened(self, timeout=20):
        """Waits until the server has answered: from then on no event is missed."""
        deadline = time.monotonic() + timeout
        while not self.ended and (self.headers is None or self._status != 200):
            if time.monotonic() > deadline:
                raise NoAnswer(f"{self.server.title}: the watch {self.target} was not answered in {timeout} s")
            self.pump(0.5)
        if self.headers is None and self.refusal is None:
            raise NoAnswer(f"{self.server.title}: the watch {self.target} ended without an answer")
        return self

    def until(self, predicate, timeout):
        """True once an event satisfies the predicate; what came after it is dropped."""
        deadline = time.monotonic() + timeout
        seen = 0
        while True:
            for index in range(seen, len(self.events)):
                if predicate(self.events[index]):
                    del self.events[index + 1 :]
                    return True
            seen = len(self.events)
            left = deadline - time.monotonic()
            if self.ended or left <= 0:
                return False
            self.pump(min(left, 1.0))

    def pump(self, timeout=0.0):
        """Takes what has arrived; waits at most that long for the first of it."""
        while not self.ended and self._readable(timeout):
            timeout = 0.0
            try:
                data = self._socket.recv(CHUNK_BYTES)
            except (BlockingIOError, ssl.SSLWantReadError):
                return  # bytes of TLS itself, and none of the answer
            except ConnectionResetError:
                data = b""
            self._raw += data
            self._take()
            if not data:
                self.ended = True

    def _readable(self, timeout):
        pending = getattr(self._socket, "pending", None)
        if pending is not None and pending() > 0:
            return True
        return bool(select.select([self._socket], [], [], timeout)[0])

    def _take(self):
        if self.headers is None and not self._take_head():
            return
        if self._chunked:
            self._take_chunks()
        else:
            self._lines += self._raw
            self._raw = b""
        if self._status != 200:
            length = int(self.headers.get("content-length", ["0"])[0])
            if self._chunked and self.ended or not self._chunked and len(self._lines) >= length:
                self.refusal = Answer(self._status, self.headers, self._lines)
                self.close()
            return
        *lines, self._lines = self._lines.split(b"\n")
        self.events += [json.loads(line) for line in lines if line.strip()]

    def _take_head(self):
        end = self._raw.find(b"\r\n\r\n")
        if end < 0:
            return False
        first, *rest = self._raw[:end].decode("latin-1").split("\r\n")
        self._raw = self._raw[end + 4 :]
        self._status = int(first.split()[1])
        self.headers = {}
        for line in rest:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.strip().lower(), []).append(value.strip())
        self._chunked = "chunked" in self.headers.get("transfer-encoding", [""])[0]
        return True

    def _take_chunks(self):
        while True:
            end = self._raw.find(b"\r\n")
            if end < 0:
                return
            size = int(self._raw[:end].split(b";")[0] or b"0", 16)
            if len(self._raw) < end + 2 + size + 2:
                return
            self._lines += self._raw[end + 2 : end + 2 + size]
            self._raw = self._raw[end + 2 + size + 2 :]
            if size == 0:
                self.ended = True
                return
