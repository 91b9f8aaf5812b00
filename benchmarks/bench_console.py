"""The console under load: browsers that listen, alerts in a minute, nothing lost or doubled.

A real `overt serve` runs on SQLite. Alerts are committed by another process, as a live run does:
crop and probe encrypted, the line in the log, one transaction. Each browser is a thread with a
stream of its own; some are operators who fetch the picture of every alert as it comes. A tenth of
the streams is cut now and then and comes back with the number that it knows. The time is from the
commit to the moment at which the browser has the event. Prints JSON; the table goes to standard
error.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep, time

from measuring import Report, bar, spread

from overt.bootstrap import installation
from overt.bootstrap.store import open_workplace
from overt.core.adjudication import AlertRecord
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.deployment import DeploymentKind
from overt.core.roles import Actor, Rank, Role
from overt.core.sign_in import SignInMethod
from overt.core.watchlist import EntryStatus, ListKind, Urgency, WatchlistEntry
from overt.services.draft_deployment import draft_deployment
from overt.services.manage_actors import add_actor, add_first_actor
from overt.services.open_session import open_session
from overt.settings import Settings

HOST = "127.0.0.1"
REQUIRED_S = 1.0
CROP_BYTES = 40_000
SETTLE_S = 3.0


@dataclass
class Browser:
    """A browser that listens, and what it was told.

    Attributes:
        token: Of its session.
        is_operator: Whether it fetches every alert's picture.
        at: Alert -> when it was told, each time.
        n_pictures: Pictures fetched.
        n_cuts: How often its line was cut.
    """

    token: str
    is_operator: bool
    at: dict[str, list[float]] = field(default_factory=dict)
    n_pictures: int = 0
    n_cuts: int = 0
    last: int = -1
    connection: HTTPConnection | None = None

    def listen(self, port: int, path: str, stop: threading.Event) -> None:
        """Follow the stream, and come back whenever it breaks."""
        while not stop.is_set():
            try:
                self._once(port, path, stop)
            except (OSError, HTTPException, ValueError, AttributeError):
                if not stop.is_set():
                    sleep(0.2)

    def cut(self) -> None:
        """Break the line, as a telephone in a tunnel does."""
        connection = self.connection
        if connection is not None and connection.sock is not None:
            self.n_cuts += 1
            connection.sock.shutdown(2)

    def _once(self, port: int, path: str, stop: threading.Event) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=60)
        headers = {"Cookie": f"overt={self.token}"}
        if self.last >= 0:
            headers["Last-Event-ID"] = str(self.last)
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        if answer.status != 200:
            raise OSError(answer.status)
        seq = -1
        while not stop.is_set():
            line = answer.readline()
            if not line:
                raise OSError("cut")
            if line.startswith(b"id: "):
                seq = int(line[4:])
            elif line.startswith(b"data: ") and b"AlertRaised" in line:
                alert_id = line.split(b'"alert_id": "')[1].split(b'"')[0].decode()
                self.at.setdefault(alert_id, []).append(time())
                self.last = seq
                if self.is_operator:
                    self._fetch(port, alert_id)

    def _fetch(self, port: int, alert_id: str) -> None:
        other = HTTPConnection(HOST, port, timeout=30)
        other.request("GET", f"/alerts/{alert_id}/crop", headers={"Cookie": f"overt={self.token}"})
        answer = other.getresponse()
        answer.read()
        other.close()
        self.n_pictures += answer.status == 200


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browsers", type=int, default=50)
    parser.add_argument("--operators", type=int, default=4)
    parser.add_argument("--alerts", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--write", nargs=3, metavar=("HOME", "DEPLOYMENT", "ENTRY"))
    options = parser.parse_args(arguments)
    if options.write:
        write_alerts(*options.write, options.alerts, options.seconds)
        return
    with TemporaryDirectory(prefix="overt-console-") as folder:
        measure(Path(folder) / "home", options, arguments)


def measure(home: Path, options: argparse.Namespace, arguments: list[str]) -> None:
    """Serve, listen, write, and report."""
    deployment_id, entry_id, tokens = prepare(home, options.browsers)
    browsers = [Browser(token, n < options.operators) for n, token in enumerate(tokens)]
    environment = os.environ | {"OVERT_HOME": str(home)}
    server = subprocess.Popen(
        [sys.executable, "-m", "overt", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        port = port_of(server)
        threading.Thread(target=lambda: list(server.stderr), daemon=True).start()
        stop, path = threading.Event(), f"/live/{deployment_id}/events"
        for browser in browsers:
            threading.Thread(target=browser.listen, args=(port, path, stop), daemon=True).start()
        sleep(SETTLE_S)
        committed = told_while_written(home, deployment_id, entry_id, browsers, options)
        sleep(SETTLE_S)
        stop.set()
        for browser in browsers:
            browser.cut()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    publish(committed, browsers, options, arguments)


def told_while_written(home, deployment_id, entry_id, browsers, options) -> dict[str, float]:
    """Return when each alert was committed, once all are; lines are cut meanwhile."""
    command = [sys.executable, __file__, "--alerts", str(options.alerts)]
    command += ["--seconds", str(options.seconds), "--write", str(home), deployment_id, entry_id]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    chance = random.Random(1)  # noqa: S311 - which lines are cut
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(writer.stdout), daemon=True)
    reader.start()
    while writer.poll() is None:
        sleep(1)
        for browser in chance.sample(browsers, max(1, len(browsers) // 50)):
            browser.cut()
    reader.join()
    return {alert: float(at) for alert, at in (line.split() for line in lines)}


def prepare(home: Path, n_browsers: int) -> tuple[str, str, list[str]]:
    """Return a deployment, an entry of its list, and a session a browser."""
    settings = Settings(home=home)
    installation.set_up(settings)
    with open_workplace(settings) as workplace:
        officer = Actor("ao-1", frozenset({Role.AUTHORISING_OFFICER}), Rank.SUPERINTENDENT)
        add_first_actor(workplace, officer)
        add_actor(workplace, "ao-1", Actor("ap-1", frozenset({Role.APPLICANT})))
        tokens = []
        for number in range(n_browsers):
            actor = Actor(f"op-{number}", frozenset({Role.OPERATOR}))
            add_actor(workplace, "ao-1", actor)
            with workplace.open() as uow:
                today = workplace.clock.now().date()
                uow.actors.save(replace(uow.actors.get(actor.actor_id), trained_on=today))
                opened = open_session(workplace, uow, actor, SignInMethod.PASSWORD)
                uow.commit()
            tokens.append(opened.token)
        drafted = draft_deployment(workplace, "ap-1", name="Load", kind=DeploymentKind.OPERATIONAL)
        entry = WatchlistEntry(
            entry_id="entry-1",
            deployment_id=drafted.deployment_id,
            list_kind=ListKind.OPERATIONAL,
            reference="N-1",
            category="wanted_by_courts",
            justification="A warrant",
            image_source="Custody",
            image_date=date(2025, 6, 1),
            urgency=Urgency.AMBER,
            is_under_18=False,
            composed_by="ap-1",
            composed_at=workplace.clock.now(),
            status=EntryStatus.APPROVED,
        )
        with workplace.open() as uow:
            uow.entries.add_many([entry])
            uow.commit()
    return drafted.deployment_id, entry.entry_id, tokens


def write_alerts(home: str, deployment_id: str, entry_id: str, n_alerts: int, seconds: float):
    """Commit alerts at random moments, and print when each was."""
    chance = random.Random(2)  # noqa: S311 - when alerts come
    at = sorted(chance.uniform(0, seconds) for _ in range(n_alerts))
    crop, probe = chance.randbytes(CROP_BYTES), chance.randbytes(600)
    with open_workplace(Settings(home=Path(home))) as workplace:
        policy_hash = workplace.policies.current().digest()
        began = monotonic()
        for due in at:
            sleep(max(0.0, began + due - monotonic()))
            alert_id = workplace.ids.new("alert")
            commit_alert(workplace, alert_id, deployment_id, entry_id, policy_hash, (crop, probe))
            print(alert_id, time(), flush=True)


def commit_alert(workplace, alert_id, deployment_id, entry_id, policy_hash, secrets) -> None:
    """Commit one alert as a live run does."""
    now = datetime.now(UTC)
    with workplace.open() as uow:
        crop, probe = (
            uow.secrets.put(deployment_id, kind, alert_id, content)
            for kind, content in zip(("crop", "probe"), secrets, strict=True)
        )
        record = AlertRecord(
            alert_id=alert_id,
            deployment_id=deployment_id,
            entry_id=entry_id,
            camera_id="camera-1",
            site_id="site-1",
            captured_at=now,
            score=0.96,
            threshold=0.93,
            runner_up_margin=0.05,
            n_shots=3,
            quality=0.8,
            pack_digest="p" * 64,
            operating_point_digest="o" * 64,
            policy_hash=policy_hash,
            list_kind=ListKind.OPERATIONAL,
            crop_secret_id=crop,
            probe_secret_id=probe,
        )
        uow.alerts.add(record)
        details = {
            "alert_id": alert_id,
            "entry_id": entry_id,
            "camera_id": record.camera_id,
            "list_kind": record.list_kind.value,
            "score": record.score,
            "threshold": record.threshold,
        }
        event = AuditEvent(EventKind.ALERT_RAISED, now, SYSTEM_ACTOR, deployment_id, details)
        uow.audit.append(event)
        uow.commit()


def port_of(server: subprocess.Popen[str]) -> int:
    """Return the port that the server says it took."""
    for line in server.stderr:
        if "console: http" in line:
            return int(line.rstrip().rpartition(":")[2])
    raise SystemExit("the server did not start")


def publish(committed, browsers, options, arguments) -> None:
    """Report what came of it."""
    told = [(alert, at[0], len(at)) for browser in browsers for alert, at in browser.at.items()]
    delays = [first - committed[alert] for alert, first, _ in told if alert in committed]
    n_expected = len(committed) * len(browsers)
    n_lost = n_expected - len(delays)
    n_doubled = sum(n - 1 for _, _, n in told)
    p95 = statistics.quantiles(delays, n=20)[-1]
    n_pictures = sum(browser.n_pictures for browser in browsers)
    n_cuts = sum(browser.n_cuts for browser in browsers)
    report = Report(
        "console",
        "Console under load",
        "server-sent events to many browsers while alerts are committed by another process",
        (
            "browsers",
            "alerts",
            "lost",
            "doubled",
            "lines cut",
            "pictures fetched",
            "delay, s",
            "p95",
        ),
        rows=[
            (
                str(len(browsers)),
                f"{len(committed)} in {options.seconds:g} s",
                str(n_lost),
                str(n_doubled),
                str(n_cuts),
                f"{n_pictures} by {options.operators}",
                spread(delays).text(),
                f"{p95:.3f}",
            )
        ],
        bars=[
            bar(
                f"{options.alerts} alerts in a minute to {len(browsers)} browsers: 95 % within",
                f"at most {REQUIRED_S:g} s",
                f"{p95:.3f} s",
                is_met=p95 <= REQUIRED_S,
            ),
            bar(
                "Events lost or told twice",
                "0",
                f"{n_lost} and {n_doubled}",
                is_met=not n_lost and not n_doubled,
            ),
        ],
        notes=[
            "Server, writer and browsers share the machine's cores.",
            "A line that was cut counts with the time until it came back.",
        ],
        figures={"p95_s": [p95], "median_s": [statistics.median(delays)]},
        arguments=arguments,
    )
    report.publish()


if __name__ == "__main__":
    main(sys.argv[1:])
