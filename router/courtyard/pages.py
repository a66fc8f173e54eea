"""The pages: files of one directory, with the headers that a browser should get with them.

Crossbar's own static files lack a content security policy, carry `Access-Control-Allow-Origin: *` and are never compressed.
"""

import gzip
import hashlib
import mimetypes
from typing import Any

from twisted.python.filepath import FilePath, InsecurePath
from twisted.web.http import CACHED
from twisted.web.resource import Resource
from twisted.web.server import Request

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), geolocation=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}
#: What the build puts here has its content's hash in its name.
FOR_EVER = "assets"
COMPRESSED = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
SMALL = 1_000
MISSING = b"There is nothing here."
NOT_BUILT = b"The pages are not built yet: run make build-web."

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("font/woff2", ".woff2")


class File:
    """A file's content as it is sent."""

    def __init__(self, content: bytes, kind: str) -> None:
        self.content = content
        self.kind = kind
        self.tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'.encode()
        worth = len(content) > SMALL and kind.startswith(COMPRESSED)
        self.compressed = gzip.compress(content, mtime=0) if worth else None


class Pages(Resource):
    """The root of the web transport; Crossbar hangs the websocket and the HTTP face below it. `extra` has `directory`."""

    def __init__(self, extra: dict[str, Any]) -> None:
        super().__init__()
        self._root = FilePath(extra["directory"])
        self._read: dict[str, tuple[tuple[float, int], File]] = {}

    def getChild(self, path: bytes, request: Request) -> Resource:  # noqa: N802
        """Whatever is not hung below it is a file or nothing."""
        return Page(self, [path, *request.postpath])

    def file(self, segments: list[bytes]) -> File | None:
        """The file at a path, read again when it has changed; None when there is none."""
        if any(segment.startswith(b".") or b"\0" in segment for segment in segments):
            return None
        try:
            path = self._root.descendant([segment.decode() for segment in segments if segment])
        except (InsecurePath, UnicodeDecodeError, ValueError):
            return None
        if path.isdir():
            path = path.child("index.html")
        if not path.isfile():
            return None
        path.restat()
        state = (path.getModificationTime(), path.getsize())
        known = self._read.get(path.path)
        if known is None or known[0] != state:
            kind = mimetypes.guess_type(path.path)[0] or "application/octet-stream"
            known = self._read[path.path] = (state, File(path.getContent(), kind))
        return known[1]


class Page(Resource):
    """The answer to one request for a file."""

    isLeaf = True

    def __init__(self, pages: Pages, segments: list[bytes]) -> None:
        super().__init__()
        self._pages = pages
        self._segments = segments

    def render_GET(self, request: Request) -> bytes:
        """The file, or that the browser has it already, or that there is none."""
        for name, value in HEADERS.items():
            request.setHeader(name, value)
        file = self._pages.file(self._segments)
        if file is None:
            at_home = not any(self._segments)
            request.setResponseCode(503 if at_home else 404)
            request.setHeader("Content-Type", "text/plain; charset=utf-8")
            request.setHeader("Cache-Control", "no-store")
            return NOT_BUILT if at_home else MISSING
        text = file.kind.startswith(("text/", "application/javascript", "application/json"))
        request.setHeader("Content-Type", file.kind + ("; charset=utf-8" if text else ""))
        hashed = self._segments[0] == FOR_EVER.encode()
        request.setHeader("Cache-Control", "public, max-age=31536000, immutable" if hashed else "no-cache")
        if request.setETag(file.tag) is CACHED:
            return b""
        if file.compressed is not None and _takes_gzip(request):
            request.setHeader("Content-Encoding", "gzip")
            return file.compressed
        return file.content


def _takes_gzip(request: Request) -> bool:
    accepted = request.getHeader("Accept-Encoding") or ""
    return any(part.split(";")[0].strip() == "gzip" and "q=0" not in part.replace(" ", "") for part in accepted.split(","))
