"""What the address of a live camera looks like."""

from __future__ import annotations

LIVE_SCHEMES = ("rtsp", "rtsps", "http", "https")
_DEVICES = "/dev/video"


def is_camera_address(location: str) -> bool:
    """Return whether a location is a live camera's: no recording, no folder, no other scheme.

    Args:
        location: As somebody wrote it.
    """
    scheme, separator, rest = location.partition("://")
    is_stream = bool(separator and rest) and scheme.lower() in LIVE_SCHEMES
    return is_stream or location.startswith(_DEVICES)
