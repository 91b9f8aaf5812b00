"""What the address of a live camera looks like, and whether it leads to this machine itself."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

LIVE_SCHEMES = ("rtsp", "rtsps", "http", "https")
_DEVICE = re.compile(r"/dev/video[\w.-]*", re.ASCII)
# Where clouds tell a machine its secrets.
_METADATA = frozenset({ip_address("169.254.169.254"), ip_address("fd00:ec2::254")})


def is_camera_address(location: str) -> bool:
    """Return whether a location is a live camera's: no recording, no folder, no other scheme.

    Args:
        location: As somebody wrote it.
    """
    scheme, separator, rest = location.partition("://")
    is_stream = bool(separator and rest) and scheme.lower() in LIVE_SCHEMES
    return is_stream or _DEVICE.fullmatch(location) is not None


def leads_here(location: str) -> bool:
    """Return whether a network address leads to this machine itself, where other services listen.

    Names are looked up, as ``localhost`` has many; an address that cannot be read leads nowhere
    good, and counts. A name that nobody knows leads nowhere at all.

    Args:
        location: As somebody wrote it.
    """
    if "://" not in location:
        return False
    try:
        host = urlsplit(location).hostname
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM) if host else []
    except socket.gaierror:
        return False
    except (ValueError, OSError):
        return True
    return not host or any(_is_here(str(address[0])) for *_, address in found)


def _is_here(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback or ip.is_unspecified or ip in _METADATA
