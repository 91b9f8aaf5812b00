"""Soak: `overt run` on a live camera in real time; is its memory flat, is no frame late?

A camera of this machine sends a generated street as motion JPEG over HTTP, in a loop, in real
time. The command runs in a process of its own, from outside its memory is read. Prints JSON; one
minute is enough to try it, fifteen to see a leak.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from statistics import median

import inputs
import numpy as np
from measuring import Report, bar
from PIL import Image

from overt.adapters.video.default_cast import default_cast
from overt.adapters.video.scene_settings import SceneSettings

LISTED = "grace-hopper"
MAX_GROWTH_SHARE = 0.05
_EVERY_S = 5.0
_N_SAMPLES = 6
_MIB = 2**20


def main(arguments: list[str]) -> None:
    """Run, sample and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--fps", type=float, default=10.0)
    parser.add_argument("--passages", type=int, default=8)
    parser.add_argument("--store-url", help="PostgreSQL's address; SQLite without it")
    options = parser.parse_args(arguments)
    street = _street(options.passages, options.fps)
    with tempfile.TemporaryDirectory() as folder:
        overt = _Overt(Path(folder), options.store_url)
        name = overt.prepared()
        with _camera(street, options.fps) as address:
            samples, end = overt.run(name, address, options.minutes)
        proof = overt.json("privacy", "verify", name, "--json")
    _report(options, arguments, samples, end, proof).publish()


def _report(options, arguments, samples, end, proof) -> Report:
    at = np.array([moment for moment, _ in samples])
    mib = np.array([size for _, size in samples]) / _MIB
    settled = at > min(60.0, at[-1] / 3)
    early, late = median(mib[settled][:_N_SAMPLES]), median(mib[settled][-_N_SAMPLES:])
    growth = late / early - 1
    slope = float(np.polyfit(at[settled] / 3600, mib[settled], 1)[0])
    made, erased, in_alerts = (proof["stored"][k] for k in ("made", "erased", "in_alerts"))
    store = "PostgreSQL" if options.store_url else "SQLite"
    frames = end["frames"]
    counts = frames["analysed"], frames["dropped"], end["faces_seen"], end["alerts"]
    row = f"{options.minutes:g}", f"{options.fps:g}", *map(str, counts), f"{early:.1f}"
    return Report(
        "soak_live",
        "A live camera in real time",
        "resident memory of `overt run` on a camera that sends motion JPEG over HTTP",
        (
            *(
                "store",
                "minutes",
                "camera, frames/s",
                "analysed",
                "dropped",
                "faces seen",
                "alerts",
            ),
            *("after 1 min, MiB", "at the end, MiB", "slope, MiB an hour"),
        ),
        rows=[(store, *row, f"{late:.1f}", f"{slope:.1f}")],
        bars=[
            bar(
                f"Growth of a live run after the first minute, {store}",
                f"at most {MAX_GROWTH_SHARE:.0%}",
                f"{growth:+.2%} in {options.minutes:g} min",
                is_met=growth <= MAX_GROWTH_SHARE,
            ),
            bar(
                f"Findings of `overt privacy verify` after a live run, {store}",
                "0",
                f"{len(proof['findings'])} ({made} templates made, {erased} erased, "
                f"{in_alerts} in alerts)",
                is_met=not proof["findings"] and made == erased + in_alerts,
            ),
        ],
        notes=[
            (
                "Networks, tracks, store, log and observers' numbers as in a real run; the camera "
                "is on the same machine and its cores."
            ),
            (
                f"Memory: one sample every {_EVERY_S:g} s; the median of {_N_SAMPLES} after the "
                f"first minute, and of the last {_N_SAMPLES}."
            ),
        ],
        figures={
            "end": end,
            "templates": {"made": made, "erased": erased, "in_alerts": in_alerts},
            "samples": [(round(moment), round(size / _MIB, 1)) for moment, size in samples],
        },
        arguments=arguments,
    )


class _Overt:
    """The command line with a home of its own."""

    def __init__(self, folder: Path, store_url: str | None) -> None:
        self._folder = folder
        self._env = {**os.environ, "OVERT_HOME": str(folder / "home")}
        if store_url:
            self._env["OVERT_STORE_URL"] = store_url

    def __call__(self, *arguments: object) -> str:
        """Run one command and return what it printed."""
        done = subprocess.run(
            _command(arguments), env=self._env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout

    def json(self, *arguments: object) -> dict:
        """Run one command and return what it printed, as a document."""
        return json.loads(self(*arguments))

    def prepared(self) -> str:
        """Return a rehearsal that may go live, with one volunteer."""
        self("init")
        first = "user", "add", "ao", "--role", "authorising_officer", "--rank", "superintendent"
        self(*first, "--bootstrap")
        for account, role in (("app", "applicant"), ("en", "system_engineer"), ("ev", "evaluator")):
            self("user", "add", account, "--role", role, "--as", "ao")
        operator = "user", "add", "op", "--role", "operator", "--rank", "constable"
        self(*operator, "--as", "ao")
        self("deployment", "draft", "Soak", "--rehearsal", "--as", "ev")
        name = json.loads(self("deployment", "list", "--json"))[0]["deployment_id"]
        forms = self._folder / "forms.txt"
        forms.write_text("consent")
        until = "--until", "2099-01-01T00:00Z"
        self("deployment", "consent", name, forms, "--as", "ev", "--volunteers", 1, *until)
        (portrait,) = default_cast()[LISTED]
        listed = "--reference", "V-1", "--consent", forms, "--as", "ev"
        self("blue", "add", name, portrait, *listed)
        self("watchlist", "approve", name, "--as", "app")
        why = "--reason", "soak", "--evidence", "none"
        self("deployment", "calibrate", name, "--as", "en", *why)
        return name

    def run(self, name: str, address: str, minutes: float) -> tuple[list[tuple[float, int]], dict]:
        """Run the deployment; return moments with the size of its memory, and how it ended."""
        options = "--camera", f"front={address}", "--minutes", minutes, "--json"
        command = _command(("run", name, "--as", "op", *options))
        samples = []
        with (
            (self._folder / "out.json").open("w+") as out,
            subprocess.Popen(command, env=self._env, stdout=out) as process,
        ):
            started = time.monotonic()
            while process.poll() is None:
                samples.append((time.monotonic() - started, _resident(process.pid)))
                print(f"{samples[-1][0]:6.0f} s  {samples[-1][1] / _MIB:7.1f} MiB", file=sys.stderr)
                time.sleep(_EVERY_S)
            out.seek(0)
            return [s for s in samples if s[1]], json.load(out)


def _command(arguments) -> list[str]:
    return [sys.executable, "-m", "overt", *map(str, arguments)]


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _street(n_passages: int, fps: float) -> list[bytes]:
    """Return a generated street as JPEG files, its people both listed and not."""
    everybody, _ = inputs.people()
    pack, point = inputs.loaded_pack()
    settings = SceneSettings(seed=1, n_passages=n_passages, max_at_once=3, fps=fps)
    walking = {**dict(list(everybody.items())[:6]), LISTED: default_cast()[LISTED]}
    scene = inputs.scene_of(inputs.cutouts(walking, pack, point), settings)
    street = []
    with scene:
        for frame in scene:
            stream = io.BytesIO()
            Image.fromarray(frame.pixels_rgb).save(stream, "JPEG", quality=90)
            street.append(stream.getvalue())
    return street


class _camera:  # noqa: N801 - used as a function
    """Serve pictures as motion JPEG, in a loop and in real time, inside the block."""

    def __init__(self, street: list[bytes], fps: float) -> None:
        self._street, self._fps = street, fps

    def __enter__(self) -> str:
        street, fps = self._street, self._fps

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                due = time.monotonic()
                for picture in cycle(street):
                    head = "--frame\r\nContent-Type: image/jpeg\r\n"
                    head += f"Content-Length: {len(picture)}\r\n\r\n"
                    try:
                        self.wfile.write(head.encode() + picture + b"\r\n")
                    except OSError:
                        return
                    due += 1 / fps
                    time.sleep(max(due - time.monotonic(), 0))

            def log_message(self, *arguments) -> None:
                """Write nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}/video"

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()


if __name__ == "__main__":
    main(sys.argv[1:])
