"""A camera's address without user, password, path and query."""

from __future__ import annotations

import re

_HIDDEN = "***"
_URL = re.compile(
    r"""(?P<scheme>[a-z][a-z0-9+.-]*)://
        (?:[^/?\#]*@)?                                      # user and password
        (?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?P<port>:\d{1,5})?
        (?P<rest>[/?\#][^@]*)?                              # may hold a password or a token
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def redacted(location: str) -> str:
    """Return what may be shown of an address: scheme, host and port.

    Some cameras take the password in the path, so the path is hidden too. Where a
    stray ``@`` or a wrong port makes it unclear which part is the host, everything
    after the scheme is hidden. A device or file name is returned as it is.

    Args:
        location: A URL, or the name of a device or file.
    """
    scheme = _SCHEME.match(location)
    if scheme is None:
        return location
    url = _URL.fullmatch(location)
    if url is None:
        return f"{scheme.group()}{_HIDDEN}"
    rest = f"/{_HIDDEN}" if url["rest"] not in (None, "/") else ""
    return f"{url['scheme']}://{url['host']}{url['port'] or ''}{rest}"


class Address:
    """A camera's address that prints without its secrets, in tracebacks too."""

    __slots__ = ("_location",)

    def __init__(self, location: str) -> None:
        """Keep the address.

        Args:
            location: A URL, or the name of a device or file.
        """
        self._location = location

    def __repr__(self) -> str:
        """Return the redacted address."""
        return redacted(self._location)

    def reveal(self) -> str:
        """Return the whole address, for the call that opens it and nothing else."""
        return self._location
