"""A whole deployment on a real store: what was tried at each gate, and what came of it.

It is prepared by services two days, then an hour before; cameras run now, on the machine's
own clock, at a camera that sends the picture of somebody on the list.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.deploying import prepare, write_application
from tests.cli.footage import live_camera
from tests.unit.services.listing import SetClock

from overt.adapters.files.application_file import read_application
from overt.adapters.video.default_cast import default_cast
from overt.bootstrap import audit, live, live_request, publication, purging, watchlists
from overt.bootstrap.calibrations import calibration_of_pack
from overt.bootstrap.register import publish_site
from overt.bootstrap.store import open_reader, open_workplace
from overt.core.adjudication import (
    DisposalVerdict,
    IdentityVerdict,
    OfficerVerdict,
    OperatorVerdict,
    Step,
)
from overt.core.deployment import DeploymentKind
from overt.core.engagement import EqualityDetails
from overt.core.gates import LiveFacts
from overt.core.notice import NoticePlacement, PlannedSign
from overt.core.roles import Actor, Rank, Role
from overt.errors import DeploymentNotReadyError, RuleError
from overt.evaluation.deployment_count import count_deployment
from overt.services import (
    decide_authority,
    draft_deployment,
    engage,
    go_live,
    place_notice,
    publish_record,
    record_outcome,
)
from overt.services.adjudicate import adjudicate
from overt.services.apply_for_authority import apply_with_cameras
from overt.services.approve_watchlist import approve_watchlist
from overt.services.calibrate import calibrate
from overt.services.check_freshness import check_freshness
from overt.services.compose_watchlist import ComposeProgress
from overt.services.find_events import events_of_deployment
from overt.services.manage_actors import add_actor
from overt.services.view_alert import first_shown, view_alert, view_crop
from overt.settings import Settings

NOW = datetime.now(UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DRAFTED, AUTHORISED, ANNOUNCED = NOW - 50 * HOUR, NOW - 49 * HOUR, NOW - 48 * HOUR
STALE, FRESH = NOW - 30 * HOUR, NOW - HOUR
LISTED, OTHER = "N-1001", "N-1002"
JUSTIFICATION = "Failed to appear on the third of January"
SITE = "site-1"
ABOUT_S = 0.2


@dataclass
class Story:
    """What happened.

    Attributes:
        refused: Gate -> requirements that were unmet while it was closed.
        opened: Gate -> requirements that were unmet once it was open.
        denied: What was tried by whom may not -> code.
        end: How the run ended.
        told: Alerts that were told.
        states: State after each step from then on.
        texts: Record, certificate, exported log.
        personal: Words that may stand in nothing that is published.
        proofs: What was proven, by name.
        site: Folder of the public register.
    """

    refused: dict[str, set[str]] = field(default_factory=dict)
    opened: dict[str, set[str]] = field(default_factory=dict)
    denied: dict[str, str] = field(default_factory=dict)
    end: object = None
    told: list = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    personal: set[str] = field(default_factory=set)
    proofs: dict[str, object] = field(default_factory=dict)
    site: Path = Path()


@dataclass
class _Other:
    """Policies that give another one than the deployment names."""

    policy: object

    def current(self):
        return self.policy

    def get(self, policy_hash):
        return self.policy


class Telling:
    """Tells the story, step by step, on one store."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.settings = Settings(home=folder / "home", cache=cache)
        self.story = Story()
        self.workplace = None
        self.name = ""
        self.point = self.pack = ""

    def tell(self) -> Story:
        """Return what happened, from the draft to the published record."""
        prepare(self.settings.home)
        with live_camera() as camera:
            with open_workplace(self.settings) as self.workplace:
                self.add_people()
                self.name = self.apply(camera.location)
                self.authorise()
                self.announce()
                self.compose()
                self.place_signs()
                self.calibrate()
                self.try_the_edge()
                self.try_other_deployments(camera.location)
            self.run()
        with open_workplace(self.settings) as self.workplace:
            self.decide()
            self.end()
        self.purge()
        with open_workplace(self.settings) as self.workplace:
            self.publish()
        self.publish_register()
        self.verify()
        return self.story

    # -- how something is tried --------------------------------------------------------

    def at(self, moment: datetime):
        """Return the workplace at another time."""
        return replace(self.workplace, clock=SetClock(moment))

    def facts(self, **changes) -> LiveFacts:
        """Return what the edge finds when all is well."""
        good = LiveFacts((SITE,), self.point, self.pack, 0, True, (), True, True)
        return replace(good, **changes)

    def unmet(self, moment=NOW, *, name=None, policies=None, **changes) -> set[str]:
        """Return the requirements for which going live is refused."""
        workplace = self.at(moment)
        if policies is not None:
            workplace = replace(workplace, policies=policies)
        try:
            go_live.go_live(workplace, "op-1", name or self.name, self.facts(**changes))
        except DeploymentNotReadyError as error:
            return {row[0] for row in error.unmet}
        raise AssertionError("it went live")

    def deny(self, what: str, step, *arguments, **named) -> None:
        """Try what is not allowed, and keep the code."""
        try:
            step(*arguments, **named)
        except RuleError as error:
            self.story.denied[what] = error.code
        else:
            raise AssertionError(f"{what} was allowed")

    # -- the steps, in order -----------------------------------------------------------

    def add_people(self) -> None:
        """Add two people with two roles each, who will try to do both."""
        both = (
            Actor("op-eo", frozenset({Role.OPERATOR, Role.ENGAGEMENT_OFFICER})),
            Actor(
                "ap-ao", frozenset({Role.APPLICANT, Role.AUTHORISING_OFFICER}), Rank.SUPERINTENDENT
            ),
        )
        for actor in both:
            add_actor(self.workplace, "ao-1", actor)

    def application(self, location: str, review_by=None):
        """Return an application whose window is open now."""
        starts = (NOW - 10 * MINUTE).replace(tzinfo=None)
        changes = {
            "Europe/London": "UTC",
            "2000-01-01T10:00:00": starts.isoformat(timespec="seconds"),
            "2000-01-01T16:00:00": (starts + 3 * HOUR).isoformat(timespec="seconds"),
            'location = ""': f'location = "{location}"',
        }
        if review_by is not None:
            changes["review_by = 2000-01-01"] = f"review_by = {review_by.isoformat()}"
        read = read_application(write_application(self.folder, **changes))
        assert read.problems == ()
        return read

    def draft(self, actor_id="ap-1") -> str:
        """Draft a deployment two days ago."""
        return draft_deployment.draft_deployment(
            self.at(DRAFTED), actor_id, name="Square", kind=DeploymentKind.OPERATIONAL
        ).deployment_id

    def apply(self, location: str) -> str:
        """Apply, after trying to go live with nothing at all."""
        self.name = self.draft("ap-ao")
        self.story.refused["R-02 application"] = self.unmet()
        read = self.application(location)
        step, at = apply_with_cameras, self.at(DRAFTED)
        what = (self.name, read.application, read.locations)
        self.deny("officer applies", step, at, "ao-1", *what)
        step(at, "ap-ao", *what)
        self.story.opened["R-02 application"] = self.unmet()
        return self.name

    def authorise(self) -> None:
        """Grant the authority, after the applicant and a lower rank have tried."""
        step, at = decide_authority.authorise, self.at(AUTHORISED)
        self.story.refused["R-01 authority"] = self.unmet()
        self.deny("applicant authorises", step, at, "ap-ao", self.name, reason="My own")
        self.deny("inspector authorises", step, at, "ao-3", self.name, reason="Now")
        self.deny("without a reason", step, at, "ao-1", self.name, reason=" ")
        step(at, "ao-1", self.name, reason="Necessary and proportionate")
        self.story.opened["R-01 authority"] = self.unmet()
        self.story.refused["R-01 window"] = self.unmet(NOW - HOUR)
        self.story.opened["R-01 window"] = self.unmet()
        self.story.refused["R-01 site"] = self.unmet(site_ids=("elsewhere",))
        self.story.opened["R-01 site"] = self.unmet()

    def announce(self) -> None:
        """Give the public notice."""
        self.story.refused["R-60 public notice"] = self.unmet()
        where = "https://force.example/notices"
        place_notice.announce(self.at(ANNOUNCED), "ap-1", self.name, where=where)
        self.story.opened["R-60 public notice"] = self.unmet()

    def write_list(self) -> Path:
        """Write the list: the person in front of the camera, and somebody else."""
        folder = self.folder / "photographs"
        folder.mkdir(exist_ok=True)
        cast = default_cast()
        names = {LISTED: "grace-hopper", OTHER: "eileen-collins"}
        lines = [
            "reference,category,justification,image,image_source,image_date,urgency,is_under_18"
        ]
        day = (NOW - timedelta(days=60)).date().isoformat()
        for reference, person in names.items():
            shutil.copy(cast[person][0], folder / f"{reference}{cast[person][0].suffix}")
            image = f"{reference}{cast[person][0].suffix}"
            cells = (reference, "wanted_by_courts", JUSTIFICATION, image, "Custody", day)
            lines.append(",".join((*cells, "amber", "no")))
        path = self.folder / "list.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def compose(self) -> None:
        """Compose the watchlist: too early, then again; a second person approves it."""
        refused, opened = self.story.refused, self.story.opened
        path, folder = self.write_list(), self.folder / "photographs"

        def composed(moment, actor_id):
            with watchlists.open_offers(path, folder) as offers:
                return watchlists.compose_from_folder(
                    self.at(moment), actor_id, self.name, offers, self.settings, ComposeProgress()
                )

        refused["R-12 watchlist"] = self.unmet()
        self.deny("officer composes", composed, STALE, "ao-1")
        composed(STALE, "ap-1")
        opened["R-12 watchlist"] = self.unmet()
        refused["R-13 age"] = self.unmet()
        composed(FRESH, "ap-1")
        opened["R-13 age"] = self.unmet()
        refused["R-16 second person"] = self.unmet()
        step, later = approve_watchlist, self.at(FRESH + MINUTE)
        self.deny("composer approves", step, later, "ap-1", self.name, {})
        step(later, "ap-2", self.name, {})
        opened["R-16 second person"] = self.unmet()
        refused["R-14 freshness"] = self.unmet()
        check_freshness(self.at(NOW - MINUTE), "op-1", self.name, self.feed())
        opened["R-14 freshness"] = self.unmet()

    def feed(self):
        """Return a feed that names nobody of the list."""
        path = self.folder / "feed.csv"
        path.write_text("reference\nN-9999\n", encoding="utf-8")
        return watchlists.read_feed_file(path)

    def sign(self, number: int, distance_m: float) -> None:
        """Put up a sign an hour ago."""
        at = self.at(FRESH)
        latitude_deg, photo = 51.5 + number / 1000, f"{number}" * 64
        notice = NoticePlacement(
            f"sign-{number}", SITE, FRESH, latitude_deg, -0.1, distance_m, photo, "op-1"
        )
        place_notice.place_notice(at, "op-1", self.name, notice)

    def place_signs(self) -> None:
        """Put up signs: none, one, two of which one is too near, three."""
        refused, opened = self.story.refused, self.story.opened
        plan = tuple(
            PlannedSign(f"way {number}", SITE, 51.5 + number / 1000, -0.1, 120) for number in (1, 3)
        )
        place_notice.plan_signs(self.at(FRESH), "ap-1", self.name, plan, reason="Both ways in")
        self.sign(1, 120)
        refused["R-62 signs logged"] = self.unmet()
        self.sign(2, 50)
        opened["R-62 signs logged"] = self.unmet()
        refused["R-61 distance"] = self.unmet()
        self.sign(3, 150)
        opened["R-61 distance"] = self.unmet()

    def calibrate(self) -> None:
        """Fix the operating point: not at all, too low, as authorised."""
        refused, opened = self.story.refused, self.story.opened
        refused["R-40 operating point"] = self.unmet()

        def fixed(threshold, actor_id="se-1", **changes):
            point = calibration_of_pack(
                self.settings, None, threshold, evidence="CAL-3", actor_id=actor_id, now=FRESH
            )
            self.point, self.pack = point.operating_point_digest, point.pack_digest
            at, point = self.at(FRESH), replace(point, **changes)
            calibrate(at, actor_id, self.name, point, reason="Calibrated")

        self.deny("operator calibrates", fixed, 0.93, "op-1")
        self.deny("research pack", fixed, 0.93, pack_use="research")
        self.deny("threshold too low", fixed, 0.90)
        fixed(0.93)
        opened["R-40 operating point"] = set()
        self.lower_threshold(0.90)
        refused["R-41 floor"] = refused["R-40 threshold"] = self.unmet()
        fixed(0.93)
        opened["R-41 floor"] = opened["R-40 threshold"] = set()

    def lower_threshold(self, threshold: float) -> None:
        """Put a threshold into the store that no service takes."""
        with self.workplace.open() as uow:
            deployment = uow.deployments.get(self.name)
            point = replace(deployment.calibration, threshold=threshold)
            uow.deployments.save(replace(deployment, calibration=point))
            uow.commit()

    def try_the_edge(self) -> None:
        """Go through what only the machine knows; all is well but one thing at a time."""
        policy = self.workplace.policies.current()
        small = replace(policy, watchlist=replace(policy.watchlist, size_cap=1))
        for gate, changes in {
            "R-19 purge overdue": {"purge_overdue": ("deployment-0",)},
            "R-22 both lists": {"n_on_both_lists": 1},
            "R-33 purge worker": {"purge_healthy": False},
            "R-40 another point": {"operating_point_digest": "another"},
            "R-40 another pack": {"pack_digest": "another"},
            "R-70 log": {"store_writable": False},
            "design 3 observers": {"observers_page_up": False},
            "R-17 cap": {"policies": _Other(small)},
            "R-72 policy": {"policies": _Other(replace(policy, version="another"))},
        }.items():
            self.story.refused[gate] = self.unmet(**changes)
        self.deny(
            "officer goes live", go_live.go_live, self.at(NOW), "ao-1", self.name, self.facts()
        )

    def try_other_deployments(self, location: str) -> None:
        """Take two others so far that only time is against them."""
        yesterday = (NOW - timedelta(days=1)).date()
        for gate, review_by, officer, is_oral in (
            ("R-06 review date", yesterday, "ao-1", False),
            ("R-03 ratification", None, "ao-3", True),
        ):
            name, at = self.draft(), self.at(DRAFTED)
            read = self.application(location, review_by)
            apply_with_cameras(at, "ap-1", name, read.application, read.locations)
            decide_authority.authorise(
                self.at(AUTHORISED), officer, name, reason="Urgent", is_oral=is_oral
            )
            self.story.refused[gate] = self.unmet(name=name)

    def run(self) -> None:
        """Run the cameras for a few seconds, on the machine's own clock."""
        follower = live_request.Follower(on_alert=self.story.told.append)
        feed = self.folder / "feed.csv"
        request = live_request.RunRequest(self.name, "op-1", feed=feed, minutes=ABOUT_S)
        self.story.end = live.run(request, self.settings, follower)

    def decide(self) -> None:
        """Take the first alert to its end, with everybody who may not trying first."""
        w, deny = self.workplace, self.deny
        alert_id = self.story.told[0].alert_id
        deny("officer sees it first", view_alert, w, "eo-1", alert_id)
        deny("evaluator sees it", view_alert, w, "ev-1", alert_id)
        deny("engineer sees it", view_crop, w, "se-1", alert_id)
        view_alert(w, "op-eo", alert_id)
        with w.open() as uow:
            shown_at = first_shown(uow, alert_id, "op-eo")
        passed = {"reason_code": "looks_alike", "shown_at": shown_at, "key": "k1"}
        engaged = {"reason_codes": ("own_assessment",), "shown_at": None, "key": "k2"}
        arrested = {"reason_codes": ("wanted_by_courts",), "key": "k0"}
        go, stop = OperatorVerdict.PASSED_ON, DisposalVerdict.ARREST
        deny(
            "arrest at once", record_outcome.record_disposal, w, "eo-1", alert_id, stop, **arrested
        )
        deny(
            "officer without a pass",
            *(engage.engage, w, "eo-1", alert_id, OfficerVerdict.ENGAGED),
            **engaged,
        )
        deny("engineer decides", adjudicate, w, "se-1", alert_id, go, **passed)
        adjudicate(w, "op-eo", alert_id, go, **passed)
        late = {**passed, "key": "k9"}
        deny("second operator", adjudicate, w, "op-1", alert_id, go, **late)
        officer = OfficerVerdict.ENGAGED
        deny("operator engages", engage.engage, w, "op-eo", alert_id, officer, **engaged)
        engage.engage(w, "eo-1", alert_id, officer, **engaged)
        record_outcome.record_identity(
            *(w, "eo-1", alert_id, IdentityVerdict.CONFIRMED_TRUE),
            method_code="documents",
            key="k3",
        )
        record_outcome.record_disposal(w, "eo-1", alert_id, stop, **{**arrested, "key": "k4"})
        with w.open() as uow:
            self.story.states["alert"] = uow.alerts.get(alert_id).state
            self.story.proofs["steps"] = [d.step for d in uow.decisions.of_alert(alert_id)]
            engagement_id = engage.engagement_of_alert(uow, alert_id).engagement_id
            self.story.personal |= {a.alert_id for a in uow.alerts.of_deployment(self.name)}
            entries = uow.entries.of_deployment(self.name)
            self.story.personal |= {entry.entry_id for entry in entries}
        engage.end_engagement(
            *(w, "eo-1", engagement_id),
            is_leaflet_given=True,
            details=EqualityDetails(perceived_ethnicity_code="white"),
        )
        assert self.story.proofs["steps"] == list(Step)

    def end(self) -> None:
        """End the deployment; nothing is published before its purge."""
        w = self.workplace
        self.deny("applicant ends", go_live.end, w, "ap-1", self.name, reason="Enough")
        ended = go_live.end(w, "op-1", self.name, reason=f"Done after the arrest of {LISTED}")
        self.story.states["end"] = ended.state
        self.deny("published early", publish_record.publish_record, w, "ev-1", self.name)

    def purge(self) -> None:
        """Purge, and prove it."""
        self.deny("operator purges", purging.purge_one, self.name, "op-1", self.settings)
        certificate = purging.purge_one(self.name, "se-1", self.settings)
        self.story.texts["certificate"] = certificate.text
        verified = purging.certificate_of(self.name, self.settings)
        self.story.proofs["certificate"] = verified.stated
        self.story.proofs["privacy"] = purging.prove_privacy(self.name, self.settings)

    def publish(self) -> None:
        """Publish the record, after somebody who may not has tried."""
        out = self.folder / "record.json"
        step = publication.publish_to_file
        self.deny("operator publishes", step, self.workplace, "op-1", self.name, out)
        assert not out.exists()
        step(self.workplace, "ev-1", self.name, out)
        self.story.texts["record"] = out.read_text(encoding="utf-8")
        with self.workplace.open() as uow:
            self.story.states["last"] = uow.deployments.get(self.name).state
            actors = {actor.actor_id for actor in uow.actors.list()}
        self.story.personal |= {LISTED, OTHER, JUSTIFICATION, "127.0.0.1"} | actors

    def verify(self) -> None:
        """Verify the log in the store, export it, and verify the file alone."""
        evidence = audit.Evidence()
        stored = audit.verify_store(evidence, self.settings, lambda _: None)
        path = self.folder / "log.jsonl"
        audit.export(path, "au-1", self.settings)
        exported = audit.verify_file(path, evidence, self.settings, lambda _: None)
        self.story.proofs["log"] = (stored.size, exported.size)
        self.story.texts["log"] = path.read_text(encoding="utf-8")

    def publish_register(self) -> None:
        """Write the public register, and count the deployment once more."""
        site = self.folder / "site"
        self.story.proofs["site"] = publish_site(self.settings, site)
        self.story.site = site
        with open_reader(self.settings) as reading, reading() as uow:
            events = tuple(events_of_deployment(uow, self.name))
        self.story.proofs["figures"] = count_deployment(events).figures
