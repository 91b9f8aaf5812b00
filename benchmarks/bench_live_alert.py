"""From the frame to the browser: how long an alert of a live run takes until a browser has it.

A real `overt demo` is served: networks, tracking, search, store and stream in one process, with one
camera of 640x360 that plays a generated street. The time is from the frame's capture, as it stands
in the alert, to the moment at which a browser's stream has the event. Prints JSON; the table goes
to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time
from urllib.parse import urlencode, urlsplit

from measuring import Report, bar, spread

REQUIRED_S = 1.0
OPERATOR = "op-1"


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--alerts", type=int, default=20, help="how many to wait for")
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="overt-live-") as folder:
        environment = os.environ | {
            "OVERT_HOME": str(Path(folder) / "home"),
            "OVERT_MODEL_PACK": "",
        }
        demo = subprocess.Popen(
            [sys.executable, "-m", "overt", "demo", "--json", "--no-trial", "--port", "0"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        try:
            delays = measure(json.loads(demo.stdout.readline()), options.alerts)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(60)
    publish(delays, arguments)


def measure(told: dict, n_alerts: int) -> list[float]:
    """Return the seconds from capture to browser of some alerts."""
    place = urlsplit(told["address"])
    link = next(each["link"] for each in told["people"] if each["actor_id"] == OPERATOR)
    cookie = signed_in(place, link.partition("#")[2])
    stream = HTTPConnection(place.hostname, place.port, timeout=120)
    path = f"/live/{told['deployment_id']}/events"
    stream.request("GET", path, headers={"Cookie": cookie})
    answer, at = stream.getresponse(), {}
    while len(at) < n_alerts:
        line = answer.readline()
        if line.startswith(b"data: ") and b"AlertRaised" in line:
            at[json.loads(line[6:])["alert_id"]] = time()
    return [told_at - captured_at(place, cookie, alert) for alert, told_at in at.items()]


def signed_in(place, token: str) -> str:
    """Return the cookie of a session that a link begins."""
    connection = HTTPConnection(place.hostname, place.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in/link", urlencode({"token": token}), headers)
    answer = connection.getresponse()
    return answer.getheader("Set-Cookie").partition(";")[0]


def captured_at(place, cookie: str, alert_id: str) -> float:
    """Return when the frame of an alert was captured, in seconds of the epoch."""
    connection = HTTPConnection(place.hostname, place.port, timeout=30)
    headers = {"Cookie": cookie, "Accept": "application/json"}
    connection.request("GET", f"/api/v1/alerts/{alert_id}", headers=headers)
    shown = json.loads(connection.getresponse().read())
    return datetime.fromisoformat(shown["alert"]["captured_at"]).timestamp()


def publish(delays: list[float], arguments: list[str]) -> None:
    """Report what came of it."""
    p95 = statistics.quantiles(delays, n=20)[-1] if len(delays) > 1 else max(delays)
    report = Report(
        "live_alert",
        "From the frame to the browser",
        "a live rehearsal in the console's own process, one camera",
        ("alerts", "frame to browser, s", "p95"),
        rows=[(str(len(delays)), spread(delays).text(), f"{p95:.3f}")],
        bars=[
            bar(
                "An alert reaches a browser after its frame: 95 % within",
                f"at most {REQUIRED_S:g} s",
                f"{p95:.3f} s",
                is_met=p95 <= REQUIRED_S,
            )
        ],
        notes=["The frame is the one whose search raised the alert; its time is the camera's."],
        figures={"frame_to_browser_s": delays},
        arguments=arguments,
    )
    report.publish()


if __name__ == "__main__":
    main(sys.argv[1:])
