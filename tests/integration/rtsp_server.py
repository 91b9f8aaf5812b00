"""A camera for tests: a live RTSP server with a moving ball, run by the system's Python.

Usage: /usr/bin/python3 rtsp_server.py PORT {jpeg,h264}

Prints ``ready`` once it listens, or ``missing NAME`` and exits with status 3.
"""

from __future__ import annotations

import sys

EXIT_MISSING = 3
SIZE_WH = (320, 240)
FPS = 25
ENCODERS = {
    "jpeg": ("jpegenc", "rtpjpegpay"),
    "h264": ("openh264enc gop-size=12", "rtph264pay"),
}


def missing(name):
    """Say what is missing and end."""
    print("missing", name, flush=True)
    raise SystemExit(EXIT_MISSING)


def main(port, codec):
    """Serve ``rtsp://127.0.0.1:PORT/camera`` until the process is ended."""
    try:
        import gi

        gi.require_version("Gst", "1.0")
        gi.require_version("GstRtspServer", "1.0")
        from gi.repository import GLib, Gst, GstRtspServer
    except (ImportError, ValueError):
        missing("python3-gi, gir1.2-gst-rtsp-server-1.0")
    Gst.init(None)
    for element in ("videotestsrc", *ENCODERS[codec]):
        if Gst.ElementFactory.find(element.split()[0]) is None:
            missing(element)
    encoder, payloader = ENCODERS[codec]
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_shared(True)
    factory.set_launch(
        "( videotestsrc is-live=true pattern=ball ! "
        f"video/x-raw,format=I420,width={SIZE_WH[0]},height={SIZE_WH[1]},framerate={FPS}/1 ! "
        f"{encoder} ! {payloader} name=pay0 pt=96 )"
    )
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    server.get_mount_points().add_factory("/camera", factory)
    if not server.attach(None):
        missing(f"port {port}")
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
