"""Crossbar's node configuration, built from typed settings."""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chalkbell.router.keys import OPERATOR, SERVICES, make_keys

REALM = "campus"
AUTHENTICATE = "chalkbell.directory.v1.authenticate"
AUTHORIZE = "chalkbell.router.v1.authorize"
END_SESSIONS = "chalkbell.router.v1.end_sessions"
END_SUBSCRIPTIONS = "chalkbell.router.v1.end_subscriptions"
SESSIONS = "chalkbell.router.v1.sessions"
SUBSCRIBERS = "chalkbell.router.v1.subscribers"

#: The courtyard: Crossbar's environment, the extensions inside its worker and the permissions table.
ROUTER_DIRECTORY = Path(__file__).resolve().parents[2] / "router"
#: A unix socket's path is cut off by the system after 107 bytes.
SOCKET_PATH_LIMIT = 107


@dataclass(frozen=True)
class Limits:
    """What a stranger's connection may cost. Sizes in bytes, times in seconds."""

    #: It bounds what people send and what they are answered: a department's loads are some hundred kilobytes.
    message_size: int = 2 * 1024 * 1024
    service_message_size: int = 16 * 1024 * 1024
    connections: int = 2_000
    service_connections: int = 2_000
    body_size: int = 8 * 1024 * 1024
    handshake_seconds: float = 5.0
    join_seconds: float = 10.0
    #: What may wait for a reader who does not read, on a websocket and on the services' rawsocket, before its session is ended.
    #: A service's own answers to one caller may be large; what waits for a service are calls.
    queue_size: int = 8 * 1024 * 1024
    service_queue_size: int = 32 * 1024 * 1024
    ping_seconds: float = 10.0
    ping_patience_seconds: float = 10.0
    idle_http_seconds: int = 60


@dataclass(frozen=True)
class RouterSettings:
    """Where the router listens and what it serves. `services_port` unset means a unix socket below `data`."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 8081
    services_host: str = "127.0.0.1"
    services_port: int | None = None
    #: Whether people reach it by https, through something in front that ends TLS; the gateway is told.
    secure: bool = False
    #: Further origins whose pages may open the websocket, such as `https://bell.campus.example`.
    origins: tuple[str, ...] = ()
    pages: Path = ROUTER_DIRECTORY.parent / "web" / "dist"
    permissions: Path = ROUTER_DIRECTORY / "permissions.json"
    limits: Limits = field(default_factory=Limits)
    #: Whether the fast lanes may be installed; without them all works, only slower and without a limit on what waits.
    fastlanes: bool = True
    #: Where Prometheus reads `/metrics` of the router itself; 0: nowhere.
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0

    @property
    def keys(self) -> Path:
        """The directory of the keys."""
        return self.data / "keys"

    @property
    def node(self) -> Path:
        """Crossbar's node directory."""
        return self.data / "router"

    @property
    def services_socket(self) -> Path:
        """The unix socket of the services; its directory, of mode 0700, is what protects it."""
        path = self.node.resolve() / "run" / "services.sock"
        if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
            return path
        short = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"chalkbell-{os.getuid()}-{short}" / "services.sock"

    @property
    def allowed_origins(self) -> list[str]:
        """The origins whose pages may open the websocket: this machine's own address and those named."""
        own = {self.host, "localhost", "127.0.0.1"} - {"0.0.0.0", "::"}
        return sorted({f"http://{host}:{self.port}" for host in own} | {with_port(origin) for origin in self.origins})


def with_port(origin: str) -> str:
    """An origin with its port written out: Crossbar compares with that, whatever the browser leaves out."""
    parts = urlsplit(origin)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.scheme}://{parts.hostname}:{port}"


def write_node(settings: RouterSettings) -> Path:
    """Make the keys and directories, write the node configuration, and return its path. Doing it again is safe."""
    public_keys = make_keys(settings.keys)
    settings.node.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.node.chmod(0o700)
    if settings.services_port is None:
        private_directory(settings.services_socket.parent)
    path = settings.node / "config.json"
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(node(settings, public_keys), indent=2, sort_keys=True) + "\n")
    draft.replace(path)
    return path


def private_directory(path: Path) -> None:
    """Make `path` a directory that only its owner, who must be ourselves, can enter."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.is_symlink() or path.stat().st_uid != os.getuid():
        raise PermissionError(f"{path} belongs to somebody else: delete it, or set another data directory")
    path.chmod(0o700)


def node(settings: RouterSettings, public_keys: Mapping[str, str]) -> dict[str, Any]:
    """The whole configuration: one router worker with its realm, its components and its two transports.

    Transports start in this order, and the second only when the first's paths exist: what answers the services is
    ready.
    """
    worker: dict[str, Any] = {
        "type": "router",
        "id": "courtyard",
        "options": {"pythonpath": [str(ROUTER_DIRECTORY)], "title": "chalkbell router"},
        "realms": [{"name": REALM, "roles": roles(settings)}],
        "components": [
            {
                "type": "class",
                "classname": "courtyard.component.Courtyard",
                "realm": REALM,
                "role": "trusted",
                "extra": {
                    "permissions": str(settings.permissions.resolve()),
                    "join_seconds": settings.limits.join_seconds,
                    "body_size": settings.limits.body_size,
                    "metrics": [settings.metrics_host, settings.metrics_port],
                },
            },
            {
                "type": "class",
                "classname": "fastlanes.component.FastLanes",
                "realm": REALM,
                "role": "trusted",
                "extra": {
                    "wanted": settings.fastlanes,
                    "queue_size": {"websocket": settings.limits.queue_size, "rawsocket": settings.limits.service_queue_size},
                },
            },
        ],
        "transports": [people_transport(settings), services_transport(settings, public_keys)],
    }
    return {"version": 2, "controller": {}, "workers": [worker]}


def roles(settings: RouterSettings) -> list[dict[str, Any]]:
    """Static permissions for each service, the authorizer for people and the operator, and nobody anonymous."""
    calls: dict[str, str] = json.loads(settings.permissions.read_text())["calls"]
    of_router = sorted(uri for uri, level in calls.items() if level == "router")
    people: list[dict[str, Any]] = [{"name": name, "authorizer": AUTHORIZE} for name in ("person", "administrator", OPERATOR)]
    return people + [{"name": f"service-{name}", "permissions": permissions(name, of_router)} for name in SERVICES]


def permissions(service: str, of_router: list[str]) -> list[dict[str, Any]]:
    """What a service may do: everything under its own prefix, call and follow under `chalkbell.`, and a few single
    things.

    Crossbar takes the entry with the longest matching URI. `of_router` are procedures that only the router itself may
    call; their owner still registers them.
    """
    own = f"chalkbell.{service}."
    extra: dict[str, dict[str, bool]] = {END_SUBSCRIPTIONS: {"call": True}, SUBSCRIBERS: {"call": True}}
    if service == "directory":
        extra |= {END_SESSIONS: {"call": True}, SESSIONS: {"call": True}}
    if service == "classroom":
        extra |= {"wamp.session.on_leave": {"subscribe": True}}
        extra[SESSIONS] = {"call": True}
    return [
        _allow("chalkbell.", "prefix", call=True, subscribe=True),
        _allow(own, "prefix", call=True, subscribe=True, register=True, publish=True),
        _allow("chalkbell.router.", "prefix"),
        *(_allow(uri, "exact", register=uri.startswith(own)) for uri in of_router),
        *(_allow(uri, "exact", **allowed) for uri, allowed in extra.items()),
    ]


def _allow(uri: str, match: str, **allowed: bool) -> dict[str, Any]:
    """One entry of a static role. Callees and subscribers are always told who called and who published."""
    every = {action: allowed.get(action, False) for action in ("call", "register", "publish", "subscribe")}
    disclose = {"caller": True, "publisher": True}
    return {"uri": uri, "match": match, "allow": every, "disclose": disclose, "cache": True}


def people_transport(settings: RouterSettings) -> dict[str, Any]:
    """One port for people: the pages, the websocket and, passed on to the gateway, the HTTP face."""
    limits = settings.limits
    websocket: dict[str, Any] = {
        "type": "websocket",
        "serializers": ["json", "cbor"],
        "auth": {"ticket": ticket()},
        "options": {
            "allowed_origins": settings.allowed_origins,
            "allow_null_origin": False,
            "auto_ping_interval": _milliseconds(limits.ping_seconds),
            "auto_ping_timeout": _milliseconds(limits.ping_patience_seconds),
            "auto_ping_size": 12,
            "close_handshake_timeout": _milliseconds(limits.handshake_seconds),
            "enable_webstatus": False,
            "fail_by_drop": True,
            "max_frame_size": limits.message_size,
            "max_message_size": limits.message_size,
            "open_handshake_timeout": _milliseconds(limits.handshake_seconds),
            "require_websocket_subprotocol": True,
            "show_server_version": False,
        },
    }
    pages: dict[str, Any] = {
        "type": "resource",
        "classname": "courtyard.pages.Pages",
        "extra": {"directory": str(settings.pages.resolve())},
    }
    api: dict[str, Any] = {
        "type": "reverseproxy",
        "host": settings.gateway_host,
        "port": settings.gateway_port,
        "path": "/api",
        "forwarded_proto": "https" if settings.secure else "http",
    }
    return {
        "type": "web",
        "id": "people",
        "endpoint": {"type": "tcp", "interface": settings.host, "port": settings.port, "backlog": 1024},
        "max_connections": limits.connections,
        "options": {"client_timeout": limits.idle_http_seconds, "display_tracebacks": False},
        "paths": {"/": pages, "ws": websocket, "api": api},
    }


def services_transport(settings: RouterSettings, public_keys: Mapping[str, str]) -> dict[str, Any]:
    """Rawsocket for the services and the operator with their keys, and for people whose session the gateway opens."""
    if settings.services_port is None:
        endpoint: dict[str, Any] = {"type": "unix", "path": str(settings.services_socket), "backlog": 1024}
    else:
        endpoint = {
            "type": "tcp",
            "interface": settings.services_host,
            "port": settings.services_port,
            "backlog": 1024,
        }
    principals = {authid(name): {"role": role(name), "realm": REALM, "authorized_keys": [key]} for name, key in public_keys.items()}
    return {
        "type": "rawsocket",
        "id": "services",
        "endpoint": endpoint,
        "serializers": ["cbor"],
        "max_connections": settings.limits.service_connections,
        "options": {"max_message_size": settings.limits.service_message_size},
        "auth": {"cryptosign": {"type": "static", "principals": principals}, "ticket": ticket()},
    }


def ticket() -> dict[str, str]:
    """Sign-in by ticket, which the directory answers. An authenticator role is not named: with one, joins hang."""
    return {"type": "dynamic", "authenticator": AUTHENTICATE, "authenticator-realm": REALM}


def authid(name: str) -> str:
    """The authid with which a service or the operator signs in. People's have no dot."""
    return OPERATOR if name == OPERATOR else f"service.{name}"


def role(name: str) -> str:
    """The role in which a service or the operator joins."""
    return OPERATOR if name == OPERATOR else f"service-{name}"


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
