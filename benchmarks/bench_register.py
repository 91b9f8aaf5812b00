"""The public register: how long all of it takes to write, and one page of it to come.

A store on SQLite has deployments of many years, most of them with a published record, and the
references that were listed for them. `overt publish` verifies the log, makes every file, searches
each for what identifies a person, and writes it. Then a real `overt serve` is asked over HTTP, one
request after the other: first pages that nobody has asked for before, then lists and pages that
it knows. Prints JSON; the table goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from measuring import Report, bar, spread

from overt.bootstrap import installation
from overt.bootstrap.register import publish_site
from overt.bootstrap.store import open_workplace
from overt.core.audit import SYSTEM_ACTOR, AuditEvent
from overt.core.audit_events import EventKind
from overt.core.authority import (
    Application,
    CameraPlan,
    DocumentKind,
    GoverningDocument,
    Site,
    Window,
)
from overt.core.certificate import Certificate
from overt.core.deployment import Deployment, DeploymentKind, DeploymentState
from overt.core.listed_period import ListedPeriod
from overt.core.notice import PublicNotice
from overt.core.outcome import AlertCounts
from overt.core.zone import whole_frame
from overt.evaluation.deployment_figures import DeploymentFigures, EngagementCounts, LiveSpan
from overt.evaluation.published_record import RecordProof, published_record
from overt.services.publish_record import KIND
from overt.settings import Settings

HOST = "127.0.0.1"
REQUIRED_BUILD_S, REQUIRED_PAGE_S = 30.0, 0.050
FIRST = datetime(2017, 1, 2, 10, tzinfo=UTC)
AT_ONCE = 250


def main(arguments: list[str]) -> None:
    """Measure and report.

    Args:
        arguments: See ``--help``.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deployments", type=int, default=5000)
    parser.add_argument("--references", type=int, default=40, help="listed for each of them")
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="overt-register-") as folder:
        home, site = Path(folder) / "home", Path(folder) / "site"
        fill(home, options.deployments, options.references)
        began, began_cpu = perf_counter(), process_time()
        done = publish_site(Settings(home=home), site)
        build_s, cpu_s = perf_counter() - began, process_time() - began_cpu
        sizes = [path.stat().st_size for path in site.rglob("*.html")]
        with_server(home, options, (build_s, cpu_s, done, max(sizes)), arguments)


def fill(home: Path, n_deployments: int, n_references: int) -> None:
    """Put deployments with their records and references into a new store."""
    settings = Settings(home=home)
    installation.set_up(settings)
    with open_workplace(settings) as workplace:
        policy = workplace.policies.current()
        for start in range(0, n_deployments, AT_ONCE):
            with workplace.open() as uow:
                for number in range(start, min(start + AT_ONCE, n_deployments)):
                    add(uow, number, n_references, policy)
                uow.commit()


def add(uow, number: int, n_references: int, policy) -> None:
    """Put one deployment in: nine of ten are published."""
    opens = FIRST + timedelta(hours=16 * number)
    deployment = a_deployment(f"deployment-{number:05}", number, opens, policy)
    uow.deployments.add(deployment)
    if deployment.state is DeploymentState.PUBLISHED:
        text = a_record(deployment, number, policy)
        identifier = f"record-{number:05}"
        uow.certificates.add(Certificate(identifier, deployment.deployment_id, KIND, opens, text))
    periods = (
        ListedPeriod(
            f"NOM-{number:05}-{n:03}", deployment.deployment_id, "wanted_by_courts", opens, opens
        )
        for n in range(n_references)
    )
    uow.listed.add_many(periods)
    details = {"where": "https://force.example/notices"}
    uow.audit.append(
        AuditEvent(
            EventKind.PUBLIC_NOTICE_GIVEN, opens, SYSTEM_ACTOR, deployment.deployment_id, details
        )
    )


def a_deployment(deployment_id: str, number: int, opens: datetime, policy) -> Deployment:
    """Return a deployment of one site and six hours."""
    closes = opens + timedelta(hours=6)
    site = Site(
        site_id="site-1",
        place=f"Street {number % 700}, Town {number % 90}",
        time_zone="Europe/London",
        reason_code="serious_crime_here",
        reason_evidence="INT-1",
        presence_grounds="Arrests were made here",
        sensitive_places=(),
        windows=(Window(opens, closes),),
        cameras=(CameraPlan("camera-1", "secret-1", whole_frame()),),
    )
    application = Application(
        aim="Find people wanted by the courts",
        legal_basis="Common law",
        necessity="Arrests at home have failed",
        less_intrusive_options="Patrols were tried",
        proportionality="One street, six hours",
        sites=(site,),
        categories=("wanted_by_courts",),
        size_cap=500,
        threshold=0.93,
        threshold_evidence="TEST-7",
        notice_plan="Four signs",
        no_public_notice_code=None,
        no_public_notice_reason="",
        documents=tuple(
            GoverningDocument(kind, "a" * 64, date(2030, 1, 1)) for kind in DocumentKind
        ),
    )
    deployment = Deployment(
        deployment_id=deployment_id,
        name="Square",
        kind=DeploymentKind.OPERATIONAL,
        state=DeploymentState.PUBLISHED,
        created_by="ap-1",
        created_at=opens - timedelta(days=9),
        policy_hash=policy.digest(),
        application=application,
        public_notice=PublicNotice(opens - timedelta(days=2), "ap-1", "https://force.example"),
        ended_at=closes,
        end_reason="The window was over",
        purged_at=closes + timedelta(hours=2),
        published_at=closes + timedelta(days=1),
    )
    if number % 10 == 0:
        return replace(
            deployment, state=DeploymentState.CANCELLED, purged_at=None, published_at=None
        )
    return deployment


def a_record(deployment: Deployment, number: int, policy) -> str:
    """Return a record's text."""
    opens = deployment.application.windows()[0].starts_at
    n_false = number % 4
    figures = DeploymentFigures(
        spans=(LiveSpan(opens, opens + timedelta(hours=6), 450),),
        faces_seen=8000 + number % 5000,
        searches=9000,
        alerts=AlertCounts(confirmed_true=number % 9, confirmed_false=n_false),
        engagements=EngagementCounts(
            engaged=number % 9 + n_false, false_engaged=n_false, arrests=number % 9
        ),
        signs_placed=4,
    )
    proof = RecordProof(1000 + number, "cm9vdA==", "b" * 64)
    document = published_record(deployment, figures, policy, proof, deployment.published_at)
    document["statements"] = [
        {"filed_at": "2026-01-01T12:00:00Z", "sha256": "c" * 64, "text": "I saw the signs. " * 20}
    ]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def with_server(home: Path, options, built, arguments: list[str]) -> None:
    """Serve, ask, and report."""
    server = subprocess.Popen(
        [sys.executable, "-m", "overt", "serve", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OVERT_HOME": str(home)},
    )
    try:
        port = port_of(server)
        threading.Thread(target=lambda: list(server.stderr), daemon=True).start()
        (first_s,) = asked(port, ["index.html"])
        chance = random.Random(1)  # noqa: S311 - which pages are asked for
        numbers = chance.sample(range(options.deployments), min(options.pages, options.deployments))
        names = [f"deployments/deployment-{number:05}.html" for number in numbers]
        times = {
            "a page that nobody asked for before": asked(port, names),
            "the same pages again": asked(port, names[:100]),
            "first page, year, places, feed": asked(port, lists(options.deployments) * 20),
            "a search": asked(port, [f"search.html?place=town+{n}" for n in range(40)]),
        }
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
    publish(options, built, first_s, times, arguments)


def lists(n_deployments: int) -> list[str]:
    """Return lists that are there however few deployments there are."""
    year = (FIRST + timedelta(hours=16 * (n_deployments - 1))).year
    return ["index.html", f"years/{year}-1.html", "places/1.html", "feed.atom"]


def asked(port: int, names: list[str]) -> list[float]:
    """Return the seconds that each answer took, over one connection."""
    connection, times = HTTPConnection(HOST, port, timeout=120), []
    for name in names:
        began = perf_counter()
        connection.request("GET", f"/public/{name}")
        answer = connection.getresponse()
        answer.read()
        times.append(perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"{name}: {answer.status}")
    connection.close()
    return times


def port_of(server: subprocess.Popen[str]) -> int:
    """Return the port that the server says it took."""
    for line in server.stderr:
        if "console: http" in line:
            return int(line.rstrip().rpartition(":")[2])
    raise SystemExit("the server did not start")


def publish(options, built, first_s: float, times, arguments: list[str]) -> None:
    """Report what came of it."""
    build_s, cpu_s, done, largest = built
    medians = {what: spread(measured) for what, measured in times.items()}
    slowest = max(medians.values(), key=lambda one: one.median)
    n = options.deployments
    rows = [(f"all {done.n_files:,} files, written", "1", f"{build_s:.1f} s")]
    rows.append(("of that, this process had a core for", "1", f"{cpu_s:.1f} s"))
    rows.append(("the first request after a start", "1", f"{first_s * 1000:.0f} ms"))
    rows += [
        (what, str(len(times[what])), found.text(1000, "ms")) for what, found in medians.items()
    ]
    Report(
        "register",
        "Public register",
        f"seconds to write a register of {n:,} deployments, and milliseconds to answer a page",
        ("what", "times", "took"),
        rows=rows,
        bars=[
            bar(
                f"A register of {n:,} deployments, verified, searched and written",
                f"at most {REQUIRED_BUILD_S:g} s",
                f"{build_s:.1f} s",
                is_met=build_s <= REQUIRED_BUILD_S,
            ),
            bar(
                "A page of the register, median of the slowest kind",
                f"at most {REQUIRED_PAGE_S * 1000:g} ms",
                slowest.text(1000, "ms"),
                is_met=slowest.median <= REQUIRED_PAGE_S,
            ),
            bar(
                "Largest page",
                "at most 100,000 bytes",
                f"{largest:,} bytes",
                is_met=largest <= 100_000,
            ),
        ],
        notes=[
            f"{done.n_records:,} of them have a published record.",
            f"{n * options.references:,} references are searched for in every file.",
            "Server and reader share the machine's cores; the reader asks one thing at a time.",
        ],
        figures={"build_s": [build_s], "page_s": times["a page that nobody asked for before"]},
        arguments=arguments,
    ).publish()


if __name__ == "__main__":
    main(sys.argv[1:])
