"""Clips and photographs of the two bundled portraits, and cameras on this machine."""

from __future__ import annotations

import io
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import av
import numpy as np
from PIL import Image, ImageFilter

from overt.adapters.video.default_cast import default_cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE_WH = (480, 360)
FPS = 25
LISTED, OTHER = "grace-hopper", "eileen-collins"


def portrait(person: str = LISTED) -> Image.Image:
    """Return a portrait that every rehearsal can do with."""
    (path,) = default_cast()[person]
    return Image.open(path).convert("RGB")


def pictures(person: str = LISTED, n_frames: int = 14) -> Iterator[Image.Image]:
    """Yield frames in which one person moves slowly to the right."""
    face = portrait(person)
    face = face.resize((round(face.width * 340 / face.height), 340))
    for number in range(n_frames):
        picture = Image.new("RGB", SIZE_WH, (90, 100, 110))
        picture.paste(face, (20 + 3 * number, 20))
        yield picture


def write_clip(path: Path, person: str = LISTED, n_frames: int = 14) -> Path:
    """Write a clip in which every picture stands for itself."""
    with av.open(path, "w") as container:
        stream = container.add_stream("mjpeg", rate=FPS, options={"qmin": "2", "qmax": "4"})
        stream.width, stream.height = SIZE_WH
        stream.pix_fmt = "yuvj420p"
        for picture in pictures(person, n_frames):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode(None))
    return path


def damage(path: Path, *numbers: int) -> Path:
    """Overwrite some pictures of a clip with zeros."""
    with av.open(path) as container:
        packets = [bytes(packet) for packet in container.demux() if packet.size]
    content = path.read_bytes()
    for number in numbers:
        content = content.replace(packets[number], bytes(len(packets[number])))
    path.write_bytes(content)
    return path


def write_volunteers(folder: Path) -> None:
    """Write a folder of photographs: some that cannot be used, one of each kind that can."""
    folder.mkdir()
    face = portrait()
    beside = Image.new("RGB", (2 * face.width, face.height))
    beside.paste(face, (0, 0))
    beside.paste(face, (face.width, 0))
    noise = np.random.default_rng(7).integers(90, 110, (300, 300, 3), np.uint8)
    Image.fromarray(noise).save(folder / "no-face.png")
    beside.save(folder / "two-faces.jpg")
    far = Image.new("RGB", (600, 600), (90, 100, 110))
    far.paste(face.resize((60, 70)), (200, 200))
    far.save(folder / "far-away.png")
    face.filter(ImageFilter.GaussianBlur(12)).save(folder / "blurred.png")
    (folder / "zero-bytes.jpg").write_bytes(b"")
    (folder / "of-text.jpg").write_text("no photograph")

    face.save(folder / "plain.png")
    face.convert("L").save(folder / "grey.png")
    deep = np.asarray(face.convert("L")).astype(np.uint16) * 257
    Image.fromarray(deep).save(folder / "sixteen-bit.png")
    face.convert("CMYK").save(folder / "cmyk.jpg", quality=92)
    exif = Image.Exif()
    exif[0x0112] = 6
    face.transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", quality=92, exif=exif)
    large = face.resize((6455, 7746))
    large.save(folder / "fifty-megapixels.jpg", quality=85)
    (folder / "several").mkdir()
    face.save(folder / "several" / "1.png")
    (folder / "several" / "2.jpg").write_bytes(b"damaged")
    (folder / "notes.txt").write_text("not a photograph and not taken for one")


@contextmanager
def silent_camera() -> Iterator[str]:
    """Yield the address of a camera that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"rtsp://admin:hunter2@127.0.0.1:{server.getsockname()[1]}/camera"


class LiveCamera:
    """A camera that sends motion JPEG over HTTP until it is stopped."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.is_watched = threading.Event()
        self.location = ""

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request with pictures, without end."""
        handler.send_response(200)
        handler.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        handler.end_headers()
        shown = [jpeg(picture) for picture in pictures()]
        n_sent = 0
        while not self.stopping.wait(1 / FPS):
            part = shown[n_sent % len(shown)]
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(part)}\r\n\r\n"
            try:
                handler.wfile.write(head.encode() + part + b"\r\n")
            except OSError:
                return
            n_sent += 1
            if n_sent == 2 * FPS:
                self.is_watched.set()


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture as a JPEG file."""
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=90)
    return target.getvalue()


@contextmanager
def live_camera() -> Iterator[LiveCamera]:
    """Run a camera on this machine inside the block."""
    camera = LiveCamera()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            camera.send(self)

        def log_message(self, *arguments) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        camera.location = f"http://127.0.0.1:{server.server_port}/video"
        try:
            yield camera
        finally:
            camera.stopping.set()
            server.shutdown()
            thread.join()
