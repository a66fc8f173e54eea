"""How sign-in is defended against guessing: failures fill a bucket that leaks, and who finds it full has to wait.

There is a bucket for an account from one address, one for the account from anywhere, one for the address whatever the account. A
bucket of 5 in a quarter of an hour lets five quick slips pass, and from then on one attempt every three minutes. Nobody is locked
out for good, and a success from elsewhere changes nothing for the guesser.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Bucket:
    """One count of failures: what it counts, how many are let pass, in what time that many leak out again."""

    key: str
    size: int
    time: timedelta

    def level(self, level: float, then: datetime, now: datetime) -> float:
        """How full it is now, if it was `level` full `then`."""
        leaked = (now - then) / self.time * self.size
        return max(0.0, level - max(0.0, leaked))

    def wait(self, level: float) -> int:
        """Seconds until one more failure would have room; 0 when it has."""
        over = level + 1 - self.size
        return math.ceil(over / self.size * self.time.total_seconds()) if over > 1e-6 else 0


def buckets(account: str, address: str, per_account_and_address: int, per_account: int, per_address: int) -> list[Bucket]:
    """The buckets that an attempt counts in: first that of account and address, then the account's, then the address's."""
    place = network(address)
    quarter, hour = timedelta(minutes=15), timedelta(hours=1)
    return [
        Bucket(_key("both", account, place), per_account_and_address, quarter),
        Bucket(_key("account", account), per_account, hour),
        Bucket(_key("address", place), per_address, quarter),
    ]


def network(address: str) -> str:
    """What counts as one address: with IPv6 the network of 64 bits, for within it a guesser has all they want."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
