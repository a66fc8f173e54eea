"""What a stranger's connection may cost: origins, sizes, silence, numbers."""

import base64
import contextlib
import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from chalkbell.router.configuration import Limits
from tests.routing import Refused, Router, StandIns

LIMITS = Limits(
    message_size=65_536,
    connections=12,
    body_size=100_000,
    handshake_seconds=1.0,
    join_seconds=3.0,
    ping_seconds=1.0,
    ping_patience_seconds=1.0,
    idle_http_seconds=2,
)
PATIENCE = 10.0


@pytest.fixture(scope="module")
def strict() -> Iterator[Router]:
    """A router of its own with limits that a test can reach."""
    router = Router(limits=LIMITS, origins=("https://bell.campus.example",))
    router.start()
    StandIns(router)
    yield router
    router.close()


def connect(router: Router) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", router.settings.port), PATIENCE)
    connection.settimeout(PATIENCE)
    return connection


def upgrade(router: Router, origin: str | None = None, protocol: str = "wamp.2.json") -> tuple[socket.socket, bytes]:
    """Ask for a websocket by hand; the connection and the router's answer."""
    connection = connect(router)
    lines = [
        "GET /ws HTTP/1.1",
        f"Host: 127.0.0.1:{router.settings.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Sec-WebSocket-Protocol: {protocol}",
        *([f"Origin: {origin}"] if origin else []),
    ]
    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        more = connection.recv(4096)
        if not more:
            break
        answer += more
    return connection, answer  # the caller closes it


def frame(length: int, content: bytes = b"", opcode: int = 1) -> bytes:
    """A client's frame whose header says `length`, masked with zeros."""
    if length < 126:
        header = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 65_536:
        header = struct.pack("!BBH", 0x80 | opcode, 0x80 | 126, length)
    else:
        header = struct.pack("!BBQ", 0x80 | opcode, 0x80 | 127, length)
    return header + b"\0\0\0\0" + content


def closed(connection: socket.socket) -> bool:
    """Whether the router closes the connection, whatever it says before that."""
    with connection:
        try:
            while connection.recv(65_536):
                pass
        except ConnectionResetError:
            pass
        except TimeoutError:
            return False
    return True


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example"])
def test_a_page_of_another_origin_opens_no_websocket(strict: Router, origin: str) -> None:
    connection, answer = upgrade(strict, origin)
    assert not answer.startswith(b"HTTP/1.1 101")
    assert closed(connection)


def test_our_own_pages_a_named_origin_and_programs_open_one(strict: Router) -> None:
    for origin in (strict.url, f"http://localhost:{strict.settings.port}", "https://bell.campus.example", None):
        connection, answer = upgrade(strict, origin)
        connection.close()
        assert answer.startswith(b"HTTP/1.1 101")


def test_a_websocket_must_speak_wamp(strict: Router) -> None:
    connection, answer = upgrade(strict, protocol="chat")
    assert not answer.startswith(b"HTTP/1.1 101")
    assert closed(connection)


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(frame(LIMITS.message_size + 1, b"x" * 10), id="a frame above the limit"),
        pytest.param(frame(1 << 30), id="a header that promises a gigabyte"),
        pytest.param(frame(8, b"not json"), id="no JSON"),
        pytest.param(frame(2, b"[]"), id="no message"),
        pytest.param(frame(4, b"\xff\xfe\xfd\xfc"), id="no UTF-8"),
        pytest.param(b"\x00" * 64, id="no masked frame"),
        pytest.param(frame(60_000, b"[1," * 20_000), id="deep nesting"),
    ],
)
def test_what_breaks_the_protocol_is_dropped(strict: Router, sent: bytes) -> None:
    connection, _ = upgrade(strict)
    connection.sendall(sent)
    assert closed(connection)


def test_a_message_in_many_frames_above_the_limit_is_dropped(strict: Router) -> None:
    connection, _ = upgrade(strict)
    part = b"x" * 30_000
    try:
        connection.sendall(struct.pack("!BBH", 0x01, 0x80 | 126, len(part)) + b"\0\0\0\0" + part)
        for _ in range(5):
            connection.sendall(struct.pack("!BBH", 0x00, 0x80 | 126, len(part)) + b"\0\0\0\0" + part)
    except (ConnectionResetError, BrokenPipeError):
        return
    assert closed(connection)


def test_silence_after_connecting_is_dropped(strict: Router) -> None:
    assert closed(connect(strict))


def test_a_request_that_never_ends_is_dropped(strict: Router) -> None:
    connection = connect(strict)
    connection.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\n")
    assert closed(connection)


def test_a_websocket_that_answers_no_ping_is_dropped(strict: Router) -> None:
    connection, answer = upgrade(strict)
    assert answer.startswith(b"HTTP/1.1 101")
    assert closed(connection)


def test_a_websocket_that_never_says_hello_is_dropped(strict: Router) -> None:
    """It answers every ping, and still has no business here."""
    connection, _ = upgrade(strict)

    def answer_pings() -> None:
        while header := connection.recv(2):
            payload = connection.recv(header[1] & 0x7F)
            if header[0] & 0x0F == 9:
                connection.sendall(frame(len(payload), payload, opcode=10))

    with connection, pytest.raises(ConnectionResetError):
        answer_pings()


def test_connections_have_a_number(strict: Router) -> None:
    """Those above it are closed at once, and the services' own door is not among them."""
    with ExitStack() as stack:
        for _ in range(LIMITS.connections):
            stack.enter_context(connect(strict))
        began = time.monotonic()
        with socket.socket() as one_more:
            one_more.settimeout(PATIENCE)
            with contextlib.suppress(ConnectionResetError):
                one_more.connect(("127.0.0.1", strict.settings.port))
                assert one_more.recv(1) == b""
        assert time.monotonic() - began < LIMITS.idle_http_seconds
        assert strict.key("workflow").role == "service-workflow"


def test_a_body_without_a_length_is_cut_off_at_the_limit(strict: Router) -> None:
    connection = connect(strict)
    connection.sendall(b"POST /api/anything HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    part = b"x" * 30_000
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        for _ in range(4):
            connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    assert connection.recv(12) == b"HTTP/1.1 413"
    assert closed(connection)


def test_a_body_that_is_too_large_is_refused_before_it_is_held(strict: Router) -> None:
    connection = connect(strict)
    connection.sendall(b"POST /api/anything HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 1000)
    assert connection.recv(12) == b"HTTP/1.1 413"
    assert closed(connection)


def test_a_wrong_ticket_ends_the_connection(strict: Router) -> None:
    with pytest.raises(Refused):
        strict.ticket("nobody")
