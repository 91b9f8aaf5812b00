"""The published record of a deployment: numbers with their denominators, nothing personal (R-64).

Its columns are those of section 5 of the requirements. Texts come from the application,
written for the public, and from the policy's closed lists; nobody's identifier is in it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from overt.evaluation.rates import false_alerts_per_face_seen, limit_status, rate
from overt.evaluation.trial_numbers import Query, rate_text
from overt.evaluation.walks_by_person import rate_of_walks

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.authority import Application, Site
    from overt.core.deployment import Deployment
    from overt.core.outcome import AlertCounts
    from overt.core.policy import Policy
    from overt.evaluation.deployment_figures import DeploymentFigures
    from overt.evaluation.rates import Rate

FORMAT = "overt deployment record 1"
RECORD_SEED = 1
"""Of the draws of an interval by person, so that the same log gives the same record."""

_METHOD = "confirmed tracks through the zone of recognition, counted by the system; estimated"
_BANDS_MIN = (5, 15, 60)


@dataclass(frozen=True, slots=True)
class RecordProof:
    """What a record can be checked against.

    Attributes:
        log_size: Events of the audit log before the publication.
        log_root: Root of its tree over them, in base64.
        certificate_sha256: Digest of the certificate of destruction, or None.
    """

    log_size: int
    log_root: str
    certificate_sha256: str | None


def published_record(
    deployment: Deployment,
    figures: DeploymentFigures,
    policy: Policy,
    proof: RecordProof,
    now: datetime,
) -> dict[str, object]:
    """Return the record as plain values, ready to be written as JSON.

    Args:
        deployment: Purged; with its application.
        figures: Counted from the log.
        policy: Closed lists, limit, smallest number.
        proof: What it can be checked against.
        now: When it is published, aware UTC.
    """
    application, calibration = deployment.application, deployment.calibration
    return {
        "format": FORMAT,
        "deployment_id": deployment.deployment_id,
        "kind": deployment.kind.value,
        "published_at": _utc(now),
        "sites": [_site(site, policy) for site in application.sites] if application else [],
        "authority": _authority(deployment),
        "ran": _ran(deployment, figures),
        "watchlist": _watchlist(application, figures, policy),
        "threshold": calibration.threshold if calibration else None,
        "operating_point_digest": calibration.operating_point_digest if calibration else None,
        "model_pack": calibration.pack_name if calibration else None,
        "model_pack_digest": calibration.pack_digest if calibration else None,
        "faces_seen": {"count": figures.faces_seen, "method": _METHOD},
        "searches": figures.searches,
        "alerts": _alerts(figures.alerts),
        "false_alerts_per_face_seen": _per_face_seen(figures, policy),
        "false_alerts_per_alert": _per_alert(figures.alerts),
        "decisions": {"total": figures.decisions, "marked_quick": figures.quick_decisions},
        "engagements": _engagements(figures, policy),
        "equality": _equality(figures, policy),
        "blue": _blue(deployment.deployment_id, figures),
        "notices": _notices(deployment, figures, policy),
        "policy_hash": deployment.policy_hash,
        "retention_certificate_sha256": proof.certificate_sha256,
        "purged_at": _utc(deployment.purged_at) if deployment.purged_at else None,
        "log": {"size": proof.log_size, "root": proof.log_root},
    }


def rate_values(observed: Rate) -> dict[str, object]:
    """Return a rate as plain values: never without counts, unit and interval.

    Args:
        observed: Any rate; its share is None where it is not defined.
    """
    interval = observed.interval
    share = observed.count / observed.total if observed.total else None
    return {
        "count": observed.count,
        "total": observed.total,
        "unit": observed.unit,
        "percent": None if share is None else share * 100,
        "low_percent": interval.low * 100 if interval else None,
        "high_percent": interval.high * 100 if interval else None,
        "level": interval.level if interval else None,
        "text": rate_text(observed),
    }


def _site(site: Site, policy: Policy) -> dict[str, object]:
    return {
        "site_id": site.site_id,
        "place": site.place,
        "time_zone": site.time_zone,
        "reason": _label(policy.location.reasons.labels, site.reason_code),
        "windows": [
            {"starts_at": _utc(window.starts_at), "ends_at": _utc(window.ends_at)}
            for window in sorted(site.windows)
        ],
        "n_cameras": len(site.cameras),
    }


def _authority(deployment: Deployment) -> dict[str, object] | None:
    authority = deployment.authority
    if authority is None:
        return None
    return {
        "rank": authority.rank.title,
        "granted_at": _utc(authority.granted_at),
        "oral": authority.is_oral,
        "ratified": authority.ratified_at is not None,
        "status": authority.status.value,
    }


def _ran(deployment: Deployment, figures: DeploymentFigures) -> dict[str, object]:
    return {
        "spans": [
            {"started_at": _utc(span.started_at), "ended_at": _utc(span.ended_at)}
            for span in figures.spans
        ],
        "duration_h": round(figures.live_hours(), 2),
        "ended_at": _utc(deployment.ended_at) if deployment.ended_at else None,
        "note": deployment.end_reason,
    }


def _watchlist(
    application: Application | None, figures: DeploymentFigures, policy: Policy
) -> dict[str, object]:
    labels = policy.watchlist.categories.labels
    categories = application.categories if application else ()
    return {
        "size": figures.watchlist_size(),
        "unit": "people listed, one image each",
        "images_rejected": figures.images_rejected,
        "categories": [_label(labels, category) for category in categories],
    }


def _alerts(alerts: AlertCounts) -> dict[str, object]:
    return {
        "total": alerts.n_alerts,
        "true_confirmed": alerts.confirmed_true,
        "true_unconfirmed": alerts.unconfirmed_true,
        "false_confirmed": alerts.confirmed_false,
        "false_unconfirmed": alerts.unconfirmed_false,
        "unresolved": alerts.unresolved,
    }


def _per_face_seen(figures: DeploymentFigures, policy: Policy) -> dict[str, object]:
    limit, alerts = policy.alerts.false_alert_limit, figures.alerts
    stated: dict[str, object] = {"limit_percent": limit * 100, "limit_source": _source(policy)}
    if alerts.n_false > figures.faces_seen:  # nobody walks past twice as one track
        text = f"not defined ({alerts.n_false:,} of {figures.faces_seen:,})"
        return {**stated, "count": alerts.n_false, "total": figures.faces_seen, "text": text}
    observed = false_alerts_per_face_seen(
        false_alerts=alerts.n_false, faces_seen=figures.faces_seen
    )
    stated |= rate_values(observed)
    if observed.interval is not None:
        finding = limit_status(observed, limit)
        stated["status"] = finding.status.value
        stated["point_above_limit"] = finding.is_point_above_limit
    return stated


def _per_alert(alerts: AlertCounts) -> dict[str, object]:
    stated = rate_values(rate(alerts.n_false, alerts.n_alerts, "alerts"))
    if alerts.unresolved:
        # Whoever counts unresolved alerts as false, or only confirmed ones, finds their figure.
        stated["if_only_confirmed_percent"] = 100 * alerts.confirmed_false / alerts.n_alerts
        others = alerts.n_alerts - alerts.confirmed_true
        stated["if_all_not_confirmed_true_percent"] = 100 * others / alerts.n_alerts
    return stated


def _engagements(figures: DeploymentFigures, policy: Policy) -> dict[str, object]:
    counts, labels = figures.engagements, policy.alerts.arrest_reasons.labels
    n_reasons = sum(counts.arrest_reasons.values())
    return {
        "total": counts.engaged,
        "after_false_alert": counts.false_engaged,
        "after_false_alert_durations": _bands(figures.false_engaged_s),
        "arrests": counts.arrests,
        "arrest_reasons": {_label(labels, k): n for k, n in counts.arrest_reasons.items()},
        "arrest_reasons_total": n_reasons,
        "arrest_reasons_note": (
            f"{n_reasons} reasons for {counts.arrests} arrests: one arrest may have several"
            if n_reasons > counts.arrests
            else None
        ),
        "other_disposals": counts.other_disposals,
        "no_further_action": counts.no_further_action,
        "without_alert": figures.engaged_without_alert,
    }


def _bands(seconds: tuple[float, ...]) -> dict[str, int]:
    edges = (0, *_BANDS_MIN, math.inf)
    names = [f"under {_BANDS_MIN[0]} min"]
    names += [f"{low} to {high} min" for low, high in itertools.pairwise(_BANDS_MIN)]
    names.append(f"{_BANDS_MIN[-1]} min and more")
    counted = [
        sum(low <= s / 60 < high for s in seconds) for low, high in itertools.pairwise(edges)
    ]
    return dict(zip(names, counted, strict=True))


def _equality(figures: DeploymentFigures, policy: Policy) -> dict[str, object] | None:
    """Return people engaged after an alert by group, as the log has them; None if uncounted."""
    if figures.equality is None:
        return None
    rules = policy.alerts
    labels = {
        "ethnicity": rules.ethnicities.labels,
        "age_band": rules.age_bands.labels,
        "sex": rules.sexes.labels,
    }
    stated: dict[str, object] = {
        "source": "as the person said or the officer perceived it; never from a picture",
        "withheld_below": figures.equality.withheld_below,
    }
    for name, table in figures.equality.by_name().items():
        stated[name] = {
            "engaged": {_label(labels[name], k): n for k, n in table.engaged.items()},
            "after_false_alert": {
                _label(labels[name], k): n for k, n in table.after_false_alert.items()
            },
        }
    return stated


def _blue(deployment_id: str, figures: DeploymentFigures) -> dict[str, object]:
    blue = figures.blue
    query = Query("true_recognition_rate", deployment_id)
    observed = rate_of_walks(blue.walks, query, RECORD_SEED)
    return {
        "note": "volunteers: among the faces seen; alerts about them are in no figure above",
        "volunteers": blue.volunteers,
        "passes": blue.passes,
        "alerts": blue.alerts,
        "true_recognition_rate": rate_values(observed),
    }


def _notices(
    deployment: Deployment, figures: DeploymentFigures, policy: Policy
) -> dict[str, object]:
    notice, application = deployment.public_notice, deployment.application
    exception = application.no_public_notice_code if application else None
    return {
        "public_notice_at": _utc(notice.announced_at) if notice else None,
        "public_notice_where": notice.where if notice else None,
        "exception": _label(policy.notices.exceptions.labels, exception) if exception else None,
        "signs_placed": figures.signs_placed,
    }


def _label(labels: tuple[tuple[str, str], ...], code: str) -> str:
    return dict(labels).get(code, code)


def _source(policy: Policy) -> str:
    return policy.number("alerts.false_alert_limit").source


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
