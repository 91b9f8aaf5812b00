"""The summary of a trial report: a few sentences that anybody understands, counts first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.outcome import Outcome
from overt.evaluation.trial_findings import NO_LIMIT, Verdict, limit_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from overt.core.trial import Trial
    from overt.evaluation.rates import Rate
    from overt.evaluation.trial_document import Sources
    from overt.evaluation.trial_findings import Finding

_LIMIT_SENTENCES = {
    "within": "This is shown to be within the limit of {limit} of all faces.",
    "breached": "This is shown to be above the limit of {limit} of all faces.",
    "not demonstrated": (
        "Too little was counted to show on which side of the limit of {limit} of all faces this "
        "lies."
    ),
}


def summary_of(trial: Trial, sources: Sources, findings: Sequence[Finding]) -> list[str]:
    """Return four to eight sentences for the public.

    Args:
        trial: With its plan.
        sources: What was counted.
        findings: Of the plan's hypotheses.
    """
    return list(_sentences(trial, sources, findings))


def _sentences(trial: Trial, sources: Sources, findings: Sequence[Finding]) -> Iterator[str]:
    whole = sources.whole()
    if sources.figures.is_rehearsal:
        yield (
            "This was a rehearsal: those who walked past the cameras were volunteers or generated "
            "people, and none of these figures is one of an operational deployment."
        )
    n_live = sum(each.was_live for each in whole.deployments)
    faces, n_alerts = whole.faces_seen(), len(whole.alerts())
    if not n_live:
        yield f"None of {_count(trial.plan.n_deployments, 'planned deployment')} has run."
    else:
        yield (
            f"{_count(n_live, 'deployment')} of {trial.plan.n_deployments:,} planned ran for "
            f"{sources.said('live_hours', whole)} hours and counted {_count(faces, 'face')}; the "
            f"system raised {_count(n_alerts, 'alert')}."
        )
    yield _false_alerts(sources)
    if unresolved := whole.count(Outcome.UNRESOLVED):
        at_most = sources.said("false_alerts_per_alert_at_most", whole)
        yield (
            f"Whether {_count(unresolved, 'more alert')} named the right person, nobody could say; "
            f"if none did, {at_most} were wrong."
        )
    status, limit = limit_words(sources, whole), sources.figures.limit()
    if status != NO_LIMIT and limit is not None:
        yield _LIMIT_SENTENCES[status].format(limit=f"{100 * limit:g} %")
    yield _recognised(sources)
    yield _engaged(sources)
    yield _hypotheses(findings)


def _false_alerts(sources: Sources) -> str:
    whole = sources.whole()
    n_false, n_alerts, faces = whole.n_false(), len(whole.alerts()), whole.faces_seen()
    if not n_alerts or not faces:
        return (
            f"How often alerts were wrong is not defined: {_count(n_false, 'false alert')} of "
            f"{_count(n_alerts, 'alert')}, {_count(faces, 'face')} seen."
        )
    named = _count(n_false, "alert") if n_false else "No alert"
    per_face = sources.rate("false_alerts_per_face_seen", whole)
    per_alert = sources.rate("false_alerts_per_alert", whole)
    return (
        f"{named} named somebody else: {n_false:,} of {faces:,} faces seen "
        f"({_range(per_face)}), and {n_false:,} of {n_alerts:,} alerts ({_range(per_alert)})."
        f"{_volunteers_among(sources) if sources.figures.is_rehearsal else ''}"
    )


def _volunteers_among(sources: Sources) -> str:
    found = sources.rate("false_alerts_per_face_less_passes", sources.whole())
    passes = int(_value(sources, "passes"))
    if not passes:
        return ""
    rest = f"{found.count:,} of {found.total:,} ({_range(found)})" if found.total else NO_LIMIT
    return (
        f" Faces seen include volunteers on the list, who passed {_times(passes)} and can only be "
        f"mistaken for another entry; without as many faces it is {rest}."
    )


def _recognised(sources: Sources) -> str:
    found = sources.rate("true_recognition_rate", sources.whole())
    if not found.total:
        return "How many listed people were missed is not known: no volunteer's pass was logged."
    return (
        f"Volunteers on the list walked past a camera {_times(found.total)}; {found.count:,} of "
        f"these passes raised a correct alert ({_range(found)})."
    )


def _engaged(sources: Sources) -> str:
    whole = sources.whole()
    engaged = sources.rate("engagements_per_alert", whole).count
    is_rehearsal = sources.figures.is_rehearsal
    if not engaged:
        if is_rehearsal:
            return "After alerts, no officer engaged anybody."
        return "After alerts, no officer spoke to anybody."
    n_false = sources.rate("false_per_engagement", whole).count
    others = {0: "none was", 1: "1 was"}.get(n_false, f"{n_false:,} were")
    did = "engaged" if is_rehearsal else "spoke to somebody"
    followed = (
        f"After alerts, officers {did} {_times(engaged)}, of which {others} found to be somebody "
        "else"
    )
    if is_rehearsal:
        return f"{followed}."
    return f"{followed}, and made {_count(int(_value(sources, 'arrests')), 'arrest')}."


def _hypotheses(findings: Sequence[Finding]) -> str:
    counts = [
        f"{n:,} {verdict.value}"
        for verdict in Verdict
        if (n := sum(each.verdict is verdict for each in findings))
    ]
    return (
        f"Of {_count(len(findings), 'expectation')} that the plan stated before the trial began: "
        f"{', '.join(counts)}."
    )


def _value(sources: Sources, name: str) -> float:
    found = sources.book.entries[sources.number(name, sources.whole())]["value"]
    return found if isinstance(found, int | float) else 0


def _range(found: Rate) -> str:
    """Return share and interval in words, without the counts, which stand before it."""
    if found.interval is None:
        return "no interval can be given" if found.total >= found.count else "not defined"
    _, _, rest = found.text().partition(" (")
    return (
        rest.rstrip(")")
        .replace("95 % interval", "likely between", 1)
        .replace("likely between by person", "likely between", 1)
        .replace(" to ", " and ")
    )


def _count(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'' if n == 1 else 's'}"


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")
