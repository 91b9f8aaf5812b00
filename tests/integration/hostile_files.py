"""Builders: files that somebody might send in place of a photograph."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def a_png(width: int = 8, height: int = 8) -> bytes:
    """Return a black picture."""
    target = io.BytesIO()
    Image.new("RGB", (width, height)).save(target, "PNG")
    return target.getvalue()


def a_jpeg(width: int = 64, height: int = 64) -> bytes:
    """Return a black picture."""
    target = io.BytesIO()
    Image.new("RGB", (width, height)).save(target, "JPEG")
    return target.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """Return a small PNG file that unpacks to all its pixels."""
    row = b"\0" * (1 + 3 * width)
    packer = zlib.compressobj(9)
    data = b"".join([*(packer.compress(row) for _ in range(height)), packer.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def a_zip() -> bytes:
    """Return an archive with a file that unpacks to sixteen megabytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("face.jpg", b"\0" * (16 << 20))
    return target.getvalue()


NO_PHOTOGRAPHS = {
    "svg": SVG,
    "html": HTML,
    "zip": a_zip(),
    "html before a jpeg": HTML + a_jpeg(),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n",
    "pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "nothing": b"",
    "half a jpeg": a_jpeg(512, 512)[:300],
    "100 megapixels": png_bomb(10_000, 10_000),
}
"""Each is to be refused as no photograph that can be read."""
