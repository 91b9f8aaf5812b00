"""What of a camera's address may be seen."""

from __future__ import annotations

import pytest

from overt.adapters.video.redaction import Address, redacted

SECRETS = ("admin", "hunter2", "s3cr3t")


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("rtsp://10.0.0.5:554", "rtsp://10.0.0.5:554"),
        ("rtsp://admin:hunter2@10.0.0.5:554/live", "rtsp://10.0.0.5:554/***"),
        ("RTSP://admin@cam.example/", "RTSP://cam.example"),
        ("http://cam.example/video?token=s3cr3t&user=admin", "http://cam.example/***"),
        ("http://cam.example?token=s3cr3t", "http://cam.example/***"),
        ("https://admin:hunter2@[fe80::1]:8443/x#s3cr3t", "https://[fe80::1]:8443/***"),
        ("rtsp://cam.example/user=admin&password=hunter2&channel=1", "rtsp://cam.example/***"),
        ("rtsp://admin:hunt@er2@cam.example/live", "rtsp://cam.example/***"),
        ("/dev/video0", "/dev/video0"),
        ("van/front.mp4", "van/front.mp4"),
    ],
)
def test_scheme_host_and_port_are_shown(location, shown):
    """Only scheme, host and port of an address are shown; a file or device keeps its name."""
    assert redacted(location) == shown


@pytest.mark.parametrize(
    "location",
    [
        "rtsp://admin:hun/ter2@cam.example/live",
        "rtsp://admin:hunter2#@cam.example",
        "rtsp://admin:hunter2",
        "http://cam.example/x?token=s3cr3t@home",
        "http://cam.example:s3cr3t/",
        "http://user name:hunter2@cam example/",
        "rtsp://",
    ],
)
def test_an_unclear_address_is_hidden_whole(location):
    """Where it is unclear which part is the host, nothing after the scheme is shown."""
    assert redacted(location) == location.partition("://")[0] + "://***"


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format])
def test_an_address_prints_without_its_secrets(show):
    """An address that ends up in a message or a traceback's variables shows no secret."""
    address = Address("rtsp://admin:hunter2@cam.example/live?token=s3cr3t")

    assert not [secret for secret in SECRETS if secret in show(address)]
    assert address.reveal() == "rtsp://admin:hunter2@cam.example/live?token=s3cr3t"
