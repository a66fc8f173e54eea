"""One origin for the pages, the websocket and the HTTP face."""

import gzip
import http.client
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.routing import Router


class Echo(http.server.BaseHTTPRequestHandler):
    """A gateway in miniature: says what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        lines = [f"{self.command} {self.path}", *(f"{name.lower()}: {value}" for name, value in self.headers.items())]
        self.send_response(418)
        self.send_header("Set-Cookie", "chalkbell_session=x; HttpOnly")
        self.end_headers()
        self.wfile.write("\n".join(lines).encode() + b"\n\n" + body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    """A router with pages and a gateway in miniature."""
    pages: Path = tmp_path_factory.mktemp("dist")
    (pages / "assets").mkdir()
    (pages / "index.html").write_text("<!doctype html><title>é</title>")
    (pages / "assets" / "index-abc.js").write_text("// " + "bell " * 1000)
    (pages / ".secret").write_text("hidden")
    (pages.parent / "outside.txt").write_text("outside")
    router = Router(pages=pages)
    gateway = http.server.ThreadingHTTPServer(("127.0.0.1", router.settings.gateway_port), Echo)
    thread = threading.Thread(target=gateway.serve_forever)
    thread.start()
    router.start()
    yield router
    router.close()
    gateway.shutdown()
    thread.join()
    gateway.server_close()


def ask(site: Router, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", site.settings.port, timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_the_home_page_comes_with_its_protections(site: Router) -> None:
    status, headers, body = ask(site, "GET", "/")
    assert (status, body.decode()) == (200, "<!doctype html><title>é</title>")
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-cache"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "'unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_a_page_the_browser_has_is_not_sent_again_until_it_changes(site: Router) -> None:
    _, headers, _ = ask(site, "GET", "/")
    assert ask(site, "GET", "/", If_None_Match=headers["etag"])[0] == 304
    (site.settings.pages / "index.html").write_text("<!doctype html><title>new one</title>")
    status, _, body = ask(site, "GET", "/", If_None_Match=headers["etag"])
    assert (status, body) == (200, b"<!doctype html><title>new one</title>")


def test_built_files_are_kept_for_ever_and_compressed_for_those_who_take_it(site: Router) -> None:
    path = "/assets/index-abc.js"
    _, headers, plain = ask(site, "GET", path)
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert "content-encoding" not in headers
    _, headers, packed = ask(site, "GET", path, Accept_Encoding="br, gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain
    assert "content-encoding" not in ask(site, "GET", path, Accept_Encoding="gzip;q=0")[1]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/.secret",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/assets/%00",
        "/assets/",
        "/%ff",
        "//etc/passwd",
    ],
)
def test_what_is_not_a_page_is_not_found(site: Router, path: str) -> None:
    status, headers, body = ask(site, "GET", path)
    assert status == 404
    assert "content-security-policy" in headers
    assert b"outside" not in body


def test_pages_take_no_other_method(site: Router) -> None:
    assert ask(site, "POST", "/", b"x")[0] == 405
    status, _, body = ask(site, "HEAD", "/")
    assert (status, body) == (200, b"")


def test_the_http_face_gets_method_path_body_and_cookies_and_answers_with_its_own_status(site: Router) -> None:
    status, headers, body = ask(
        site, "POST", "/api/workflow.v1.sign_off?a=b%20c", b'{"x": 1}', Authorization="Bearer cb_1", Cookie="a=b"
    )
    said = body.decode()
    assert status == 418
    assert headers["set-cookie"].startswith("chalkbell_session=x")
    assert said.startswith("POST /api/workflow.v1.sign_off?a=b%20c\n")
    assert "authorization: Bearer cb_1" in said
    assert "cookie: a=b" in said
    assert said.endswith('\n\n{"x": 1}')


def test_nobody_invents_the_address_that_a_request_came_from(site: Router) -> None:
    said = ask(site, "POST", "/api/x", b"", X_Forwarded_For="6.6.6.6", X_Real_IP="6.6.6.6", X_Forwarded_Proto="https")[2].decode()
    assert "6.6.6.6" not in said
    assert "x-forwarded-for: 127.0.0.1" in said
    assert "x-forwarded-proto: http\n" in said


def test_a_gateway_that_is_away_is_a_bad_gateway_and_no_page(router: Router) -> None:
    assert ask(router, "POST", "/api/x", b"")[0] in (501, 502, 503)


def test_pages_that_are_not_built_say_what_to_do(site: Router) -> None:
    home = site.settings.pages / "index.html"
    home.rename(home.with_suffix(".away"))
    status, _, body = ask(site, "GET", "/")
    home.with_suffix(".away").rename(home)
    assert status == 503
    assert b"make build-web" in body
