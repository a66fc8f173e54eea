"""Whether a port can be had."""

from __future__ import annotations

import errno
import socket


def why_not(host: str, port: int) -> str:
    """Why nothing can listen there, in words; empty when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} on {host} is taken by another program."
            if error.errno == errno.EACCES:
                return f"Port {port} may not be used by this user: take one from 1024 on, and put a web server in front."
            return f"Nothing can listen on {host}, port {port}: {error.strerror}."
    return ""
