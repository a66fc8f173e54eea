"""What the gateway decides of a request by looking at it: who sent it, from where, and whether a browser was tricked into it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

COOKIE = "chalkbell_session"
_CORRELATION = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_BEARER = re.compile(r"bearer +([\x21-\x7e]{1,200})", re.IGNORECASE)


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Networks by their names. Raises `ValueError` naming the one that is none."""
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def is_within(address: str, known: Sequence[Network]) -> bool:
    """Whether an address is in one of these networks; what is no address is not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found.version == network.version and found in network for network in known)


def client_address(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """From where a request comes: the peer, or what trusted proxies say of it, each of which appends whom it saw.

    `forwarded` is X-Forwarded-For. From the right, the first address that is no trusted proxy's is the client's; what stands left of
    it may have been written by the client itself.
    """
    address = peer
    for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not is_within(address, trusted):
            break
        try:
            address = str(ipaddress.ip_address(hop.strip("[]")))
        except ValueError:
            break
    return address


def is_own_page(origin: str | None, fetch_site: str | None, hosts: Iterable[str], origins: Iterable[str]) -> bool:
    """Whether a request with a browser's cookie comes from one of our own pages and not from another site's.

    `hosts` are the names under which the browser reached us, with the port where it was given. A program that is no browser sends
    neither `Origin` nor `Sec-Fetch-Site`: it holds the cookie itself, and nobody tricks it.
    """
    if origin is None:
        return fetch_site in (None, "same-origin", "none")
    if origin.lower().rstrip("/") in {other.lower().rstrip("/") for other in origins}:
        return True
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    usual = 443 if parts.scheme == "https" else 80
    return any(_host(host, usual) == (parts.hostname, port or usual) for host in hosts)


def _host(host: str, usual: int) -> tuple[str, int] | None:
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname, parts.port or usual) if parts.hostname else None
    except ValueError:
        return None


def correlation_id(given: str | None) -> str | None:
    """The caller's correlation id, if it is fit to be passed on and written to logs."""
    return given if given and _CORRELATION.fullmatch(given) else None


def bearer(authorization: str) -> str | None:
    """The token in an Authorization header, or None where there is none of this kind."""
    match = _BEARER.fullmatch(authorization.strip())
    return match[1] if match else None


def is_json(content_type: str | None) -> bool:
    """Whether a body says that it is JSON, in the one encoding that JSON has."""
    kind, _, parameters = (content_type or "").partition(";")
    charset = parameters.replace(" ", "").replace('"', "").lower()
    return kind.strip().lower() == "application/json" and charset in ("", "charset=utf-8")
