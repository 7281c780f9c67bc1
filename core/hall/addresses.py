"""Under which addresses this machine can be reached by phones of the same network."""

import ipaddress
import re
import socket
import time
from contextlib import suppress
from functools import lru_cache

# An address of each private network, to which nothing is sent: asked for the way there, the system
# names the address of its own that it would use. The last is anywhere in the internet.
ELSEWHERE = ("192.168.255.255", "10.255.255.255", "172.31.255.255", "198.51.100.1")


UNREACHED = (
    "No phone reaches this app: its machine is in no network, or the app was started with "
    "server.address so that it answers this machine alone."
)
FRESH = 10  # seconds that what was found is true: a look-up of one's own name can take long


def own() -> list[str]:
    """The likeliest first; none that only this machine itself can reach."""
    return list(_own(int(time.monotonic() // FRESH)))


@lru_cache(maxsize=1)
def _own(_: int) -> tuple[str, ...]:
    found = []
    for elsewhere in ELSEWHERE:
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect((elsewhere, 9))
            found.append(sock.getsockname()[0])
    with suppress(OSError):
        found += [each[4][0] for each in socket.getaddrinfo(socket.gethostname(), None)]
    return tuple(each for each in dict.fromkeys(found) if reachable(each))


def of_app(host: str, port: int | None, listens: str) -> str:
    """Return the host and port by which a phone reaches the app itself.

    host, port: by which a browser has come to it. listens: the address that it was told to listen
    at, "" for all. Raises ValueError where no phone reaches it.
    """
    if reachable(host):
        hosts = [host]
    elif listens in ("", "0.0.0.0", "::"):
        hosts = own()
    else:
        hosts = [listens] if reachable(listens) else []
    if not hosts:
        raise ValueError(UNREACHED)
    return f"{hosts[0]}:{port}" if port else hosts[0]


# A name of a machine: its last part is no number, which browsers would read as an address
NAME = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z]([a-z0-9-]*[a-z0-9])?")


def reachable(address: str) -> bool:
    """Whether a phone could reach it: an IPv4 address or a name that is not this machine's own."""
    host = address.strip().lower().rstrip(".")
    try:
        known = ipaddress.ip_address(host)
    except ValueError:
        return NAME.fullmatch(host) is not None and "localhost" not in host
    return known.version == 4 and not (
        known.is_loopback or known.is_link_local or known.is_unspecified
    )
