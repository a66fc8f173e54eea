"""`python -m chalkbell.router.first_start`: what a campus of containers keeps secret, made once and handed out.

The router has all keys in `/data/keys`. Each service gets its own alone, in a folder that its container mounts and no
other: who breaks into one service is not the others yet, and not the operator. The database's password is the one given
as the secret `database_password`, or made here when none was ever given. Doing it again changes nothing.
"""

import os
import secrets
import sys
from pathlib import Path

from chalkbell.router.keys import SERVICES, key_path, make_keys, read_seed

DATABASE = "database"


def hand_out(keys: Path, shares: Path, given_password: str = "") -> None:
    """Make what is missing of the keys in `keys`, and lay what each needs into its folder below `shares`.

    `shares` has a folder for each service, for its key, and `database`, for the password. A given password replaces the
    one that is there: whoever changes it in the database changes it here too.
    """
    make_keys(keys)
    for service in SERVICES:
        lay(key_path(shares / service, service), read_seed(keys, service), 0o600)
    password = shares / DATABASE / "password"
    if given_password:
        lay(password, given_password, 0o444)
    elif not password.exists():
        lay(password, secrets.token_hex(32), 0o444)


def lay(path: Path, content: str, mode: int) -> None:
    """Write a file whole, or leave it as it is when it says the same."""
    if path.exists() and path.read_text() == content + "\n":
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        os.fchmod(file.fileno(), mode)  # whatever the umask took away
        file.write(content + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def main() -> None:
    """Hand out in a container, where the places are fixed."""
    secret = Path("/run/secrets/database_password")
    try:
        given = secret.read_text().strip() if secret.exists() else ""
    except PermissionError:
        sys.exit(
            "The file with the database's password cannot be read in the container, where we are user 10001:"
            " make it readable (chmod 444) in a folder that others cannot enter."
        )
    hand_out(Path(os.environ.get("CHALKBELL_DATA", "/data")) / "keys", Path("/secrets"), given)


if __name__ == "__main__":
    main()
