"""Stands between one operator and the API server, and does to their talk what networks and servers do.

It ends TLS with a certificate of its own, so it sees each request: it can lose, delay, cut or refuse it, or kill the
operator right before a write is sent, after it was carried out but before it is answered, or after its answer. So the
operator needs no failpoints in it. Each process has a proxy of its own, whose mark stands in the user agent, and so in
the audit log.
"""

import asyncio
import collections
import dataclasses
import json
import re
import ssl
import subprocess
import threading
import urllib.parse

TARGET = re.compile(r"^/api(?:s/[^/]+)?/[^/]+(?:/namespaces/[^/]+)?/(?P<plural>[a-z]+)"
                    r"(?:/(?P<name>[^/]+))?(?:/(?P<sub>[a-z]+))?$")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
UNCOUNTED = ("leases", "events")  # they come by the clock, so that no number of theirs says anything
# Cancelled: the proxy hangs up. asyncio would print that as an exception which nobody caught.
BROKEN = (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError)
MAX_LINE = 16 << 20  # an object of a watch is a line


@dataclasses.dataclass
class Call:
    method: str
    target: str
    headers: list
    body: bytes
    plural: str = ""
    name: str = ""
    sub: str = ""
    is_watch: bool = False
    number: int = 0  # of the process' writes; 0: none that is counted

    def about(self):
        return f"{self.method} {self.plural}{'/' + self.sub if self.sub else ''} {self.name}".strip()


@dataclasses.dataclass
class Rule:
    """What is done to the calls that `when` chooses, so many times.

    Of writes and reads: kill-before, kill-late (the write arrives after `seconds`, when the next process may work
    already), kill-unanswered, kill-answered; refuse (with `code`), cut (nothing arrives), lose (carried out, never
    answered), half (the answer breaks off), late (answered after `seconds`).
    Of watches: delay (each event by `seconds`), freeze (nothing for `seconds`, or until heal), end, cut (both after
    `events`), gone (a 410, after `events`).
    """

    action: str
    when: object
    times: int = 1
    seconds: float = 0
    code: int = 0
    events: int = 0
    struck: int = 0

    def strikes(self, call):
        if self.struck >= self.times or not self.when(call):
            return False
        self.struck += 1
        return True


# --- which calls ---
def writes_of(plural, sub="", methods=WRITES):
    return lambda call: call.plural == plural and call.sub == sub and call.method in methods


def watch_of(*plurals):
    return lambda call: call.is_watch and (not plurals or call.plural in plurals)


_making_certificate = threading.Lock()


def make_certificate(folder):
    """(certificate, key) for 127.0.0.1, signed by itself; one for all proxies of the folder."""
    certificate, key = folder / "proxy.crt", folder / "proxy.key"
    with _making_certificate:
        if certificate.exists():
            return certificate, key
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", key, "-out", certificate, "-days", "7", "-subj", "/CN=ork-proxy",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return certificate, key


class Proxy:
    """Runs in a thread of its own. `on_kill` kills the operator."""

    def __init__(self, api, folder, mark, on_kill=None):
        self.mark = mark
        self.on_kill = on_kill
        self.server = api.server
        self.upstream_tls = ssl.create_default_context(cadata=api.authority)
        self.certificate, key = make_certificate(folder)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate, key)
        self.tls.set_alpn_protocols(["http/1.1"])
        self.rules = []
        self.writes = 0  # of the process that runs now
        self.calls = []  # what was struck, for a person to read
        self.gone_seen = 0  # real 410s of the server
        self.codes = collections.Counter()  # (plural, code) of what it answered
        self.loop = asyncio.new_event_loop()
        self.healed = asyncio.Event()
        self.ready = threading.Event()
        self.listener = None
        self.port = 0
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.ready.wait(10), "the proxy does not listen"

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.listen())
        self.loop.run_forever()
        self.loop.close()

    async def listen(self):
        self.listener = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=self.tls, limit=MAX_LINE)
        self.port = self.listener.sockets[0].getsockname()[1]
        self.ready.set()

    def add(self, action, when, **kwargs):
        self.rules.append(Rule(action, when, **kwargs))
        return self.rules[-1]

    def new_process(self):
        self.writes = 0

    def heal(self):
        """No more faults; what was frozen goes on."""
        self.rules = []
        self.loop.call_soon_threadsafe(self.healed.set)

    def stop(self):
        self.heal()
        asyncio.run_coroutine_threadsafe(self.hang_up(), self.loop)
        self.thread.join(timeout=10)

    async def hang_up(self):
        self.listener.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.loop.stop()

    # --- one connection of the operator's ---
    async def serve(self, reader, writer):
        line = Line(self)
        try:
            while (call := await self.read_call(reader)) is not None:
                rule = next((rule for rule in self.rules if rule.strikes(call)), None)
                if rule:
                    self.calls.append(f"{rule.action} {call.about()}")
                if call.is_watch:
                    goes_on = await self.watch(call, rule, line, reader, writer)
                else:
                    goes_on = await self.exchange(call, rule, line, writer)
                if not goes_on:
                    break
        except BROKEN:
            pass
        finally:
            line.close()
            writer.transport.abort()

    async def read_call(self, reader):
        first, headers = await read_head(reader)
        if first is None:
            return None
        method, target, _ = first.split(" ", 2)
        call = Call(method, target, headers, await read_body(reader, headers))
        split = urllib.parse.urlsplit(target)
        if found := TARGET.match(split.path):
            call.plural, call.name, call.sub = (found[key] or "" for key in ("plural", "name", "sub"))
        call.is_watch = "watch" in urllib.parse.parse_qs(split.query)
        if method in WRITES and call.plural not in UNCOUNTED:
            self.writes += 1
            call.number = self.writes
        return call

    async def exchange(self, call, rule, line, writer):
        """Whether the connection goes on."""
        action = rule.action if rule else ""
        if action == "kill-before":
            return self.kill()
        if action == "kill-late":
            self.kill()
            await asyncio.sleep(rule.seconds)
            await line.ask(call)
            return False
        if action == "cut":
            return False
        if action == "refuse":
            writer.write(refusal(rule.code))
            await writer.drain()
            return True
        answer = await line.ask(call)
        self.codes[call.plural, int(answer[9:12])] += 1
        if action == "kill-unanswered":
            return self.kill()
        if action == "lose":
            return False
        if action == "late":
            await asyncio.sleep(rule.seconds)
        if action == "half":
            writer.write(answer[:len(answer) * 2 // 3])
            await writer.drain()
            return False
        writer.write(answer)
        await writer.drain()
        return self.kill() if action == "kill-answered" else True

    def kill(self):
        self.on_kill()
        return False

    async def watch(self, call, rule, line, reader, writer):
        """Until the stream ends, or the operator does."""
        pump = asyncio.ensure_future(self.pump(call, rule, line, writer))
        left = asyncio.ensure_future(reader.read(1))
        done, pending = await asyncio.wait([pump, left], return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.exception()
        return False

    async def pump(self, call, rule, line, writer):
        first, headers = await line.send(call)
        status = int(first.split(" ", 2)[1])
        if status != 200:
            self.gone_seen += status == 410
            writer.write(plain_answer(first, headers, await read_body(line.reader, headers)))
            await writer.drain()
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        await writer.drain()
        count = 0
        async for event in line.events():
            if b'"BOOKMARK"' not in event:
                count += 1
                self.gone_seen += event.startswith(b'{"type":"ERROR"') and b'"code":410' in event
                if rule and not await self.lets_pass(rule, count, writer):
                    return
            writer.write(chunk(event))
            await writer.drain()
        writer.write(chunk(b""))
        await writer.drain()

    async def lets_pass(self, rule, count, writer):
        """False: the stream has ended here."""
        if rule.action == "delay":
            await self.wait(rule.seconds)
        elif rule.action == "freeze" and count == rule.events + 1:
            await self.wait(rule.seconds)
        elif count > rule.events and rule.action in ("end", "cut", "gone"):
            if rule.action == "gone":
                writer.write(chunk(json.dumps({"type": "ERROR", "object": status_of(410)}).encode() + b"\n"))
            if rule.action != "cut":
                writer.write(chunk(b""))
                await writer.drain()
            return False
        return True

    async def wait(self, seconds):
        try:
            await asyncio.wait_for(self.healed.wait(), seconds)
        except asyncio.TimeoutError:
            pass


class Line:
    """To the API server; opened when first needed."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.reader = self.writer = None

    async def send(self, call):
        """The head of the answer."""
        if self.writer is None:
            server = self.proxy.server
            self.reader, self.writer = await asyncio.open_connection(server.hostname, server.port, limit=MAX_LINE,
                                                                     ssl=self.proxy.upstream_tls)
        marked = [(name, f"{value} ({self.proxy.mark})" if name.lower() == "user-agent" else value)
                  for name, value in call.headers if name.lower() not in ("accept-encoding", "host", "expect")]
        marked.append(("Host", f"{self.proxy.server.hostname}:{self.proxy.server.port}"))
        head = f"{call.method} {call.target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in marked)
        self.writer.write(head.encode() + b"\r\n" + call.body)
        await self.writer.drain()
        first, headers = await read_head(self.reader)
        if first is None:
            raise ConnectionResetError("the API server has hung up")
        return first, headers

    async def ask(self, call):
        """The whole answer, ready to be passed on."""
        first, headers = await self.send(call)
        return plain_answer(first, headers, await read_body(self.reader, headers))

    async def events(self):
        """The lines of a chunked stream."""
        held = b""
        while (data := await read_chunk(self.reader)) != b"":
            *lines, held = (held + data).split(b"\n")
            for line in lines:
                yield line + b"\n"

    def close(self):
        if self.writer is not None:
            self.writer.transport.abort()


# --- HTTP/1.1, as far as these two speak it ---
async def read_head(reader):
    """(first line, headers); (None, None) where the other side has hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None, None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    return first, [tuple(line.split(": ", 1)) for line in lines if ": " in line]


async def read_body(reader, headers):
    named = {name.lower(): value for name, value in headers}
    if named.get("transfer-encoding", "").lower() == "chunked":
        parts = []
        while (data := await read_chunk(reader)) != b"":
            parts.append(data)
        return b"".join(parts)
    return await reader.readexactly(int(named.get("content-length", 0)))


async def read_chunk(reader):
    size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
    data = await reader.readexactly(size + 2)
    return data[:-2]


def chunk(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def plain_answer(first, headers, body):
    kept = [(name, value) for name, value in headers if name.lower() not in ("transfer-encoding", "content-length")]
    kept.append(("Content-Length", str(len(body))))
    return (first + "\r\n" + "".join(f"{name}: {value}\r\n" for name, value in kept) + "\r\n").encode("latin-1") + body


REASONS = {409: "Conflict", 410: "Expired", 429: "TooManyRequests", 500: "InternalError", 503: "ServiceUnavailable"}


def status_of(code):
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code,
            "reason": REASONS[code], "message": f"the proxy says {code}"}


def refusal(code):
    headers = [("Content-Type", "application/json"), *([("Retry-After", "1")] if code == 429 else [])]
    return plain_answer(f"HTTP/1.1 {code} {REASONS[code]}", headers, json.dumps(status_of(code)).encode())
