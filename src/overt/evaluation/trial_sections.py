"""The sections of a trial report: what ran, alerts, people's decisions, recognition, equality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from overt.core.outcome import Outcome
from overt.evaluation.recognition_figures import PassResult
from overt.evaluation.trial_document import section, table
from overt.evaluation.trial_drawings import (
    cumulative_figure,
    false_alert_figures,
    outcome_figure,
    recognition_figure,
    timeline_figure,
)
from overt.evaluation.trial_equality import equality_section
from overt.evaluation.trial_figures import arrest_reasons_of, cameras_of, factors_of, hours_of
from overt.evaluation.trial_findings import limit_words
from overt.evaluation.trial_scores import score_figures, searches_figure, sweep_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overt.core.canonical_json import JsonValue
    from overt.evaluation.trial_document import Document, Sources
    from overt.evaluation.trial_figures import Scope

    Row = list[JsonValue]

MISSES = {
    PassResult.NOT_CAPTURED: "no face was followed through the zone",
    PassResult.REJECTED: "no face was good enough to be compared",
    PassResult.COMPARED: "compared, and no correct alert was raised",
    PassResult.NOT_RECORDED: "missed; why was not recorded",
}
_CLASSES = {
    Outcome.CONFIRMED_TRUE: "Confirmed true",
    Outcome.UNCONFIRMED_TRUE: "Unconfirmed true",
    Outcome.CONFIRMED_FALSE: "Confirmed false",
    Outcome.UNCONFIRMED_FALSE: "Unconfirmed false",
    Outcome.UNRESOLVED: "Unresolved",
}
_REVIEWERS = (
    ("operator_false_passed_on", "False alerts that operators passed on"),
    ("operator_true_dismissed", "True alerts that operators dismissed"),
    ("seeded_passed_on", "Seeded pairs of different people that operators passed on"),
    ("officer_false_engaged", "False alerts passed on for which officers engaged somebody"),
    ("officer_true_not_engaged", "True alerts passed on for which officers engaged nobody"),
    ("officer_agrees", "Alerts passed on for which officers engaged somebody"),
    ("operator_dismissed", "Alerts that operators dismissed"),
    ("quick_decisions", "Decisions marked as quick"),
)
_FACTORS = (
    "A factor is a problem that was noted with a pass, such as one with the light: noted does not "
    "mean that there was good light, but that the light may have been why."
)
_QUARTILES = ("first quartile", "median", "third quartile")


def sections_of(sources: Sources, equality_margin: float) -> list[Document]:
    """Return the sections of the report.

    Args:
        sources: What was counted.
        equality_margin: Difference of rates of two groups that does not matter.
    """
    return [
        _what_ran(sources),
        _alerts(sources),
        _followed(sources),
        _reviewers(sources),
        _recognition(sources),
        equality_section(sources, equality_margin),
        _scores(sources),
    ]


def _rows(sources: Sources, names: Sequence[str]) -> list[Row]:
    """Return a row a deployment and one for all, with the same figures."""
    return [
        [sources.label(scope), *(sources.cell(name, scope) for name in names)]
        for scope in sources.figures.scopes()
    ]


def _what_ran(sources: Sources) -> Document:
    names = ("live_hours", "watchlist_size", "signs_placed", "faces_seen", "searches", "alerts")
    rows = [
        [*row, _end(scope)]
        for row, scope in zip(_rows(sources, names), sources.figures.scopes(), strict=True)
    ]
    listed = "Volunteers listed" if sources.figures.is_rehearsal else "People listed"
    columns = ("Deployment", "Hours live", listed, "Signs", "Faces seen", "Searches", "Alerts")
    identifiers = [[sources.label(scope), scope.name] for scope in sources.figures.parts]
    text = [
        (
            "A face seen is one face that was followed through the zone of recognition, counted "
            "by the system and never stored. One person may be counted more than once. The "
            "watchlist of all deployments is the largest of them, not their sum."
        ),
    ]
    tables = [
        table("deployments", "What ran", (*columns, "How it came out"), rows),
        table("identifiers", "Deployments in the audit log", ("Deployment", "Log"), identifiers),
    ]
    return section("deployments", "What ran", text, tables, timeline_figure(sources))


def _end(scope: Scope) -> str:
    if len(scope.deployments) != 1 or scope.name == "all":
        return ""
    return scope.deployments[0].end


def _alerts(sources: Sources) -> Document:
    outcomes = [
        [
            sources.label(scope),
            *(sources.cell("outcome", scope, outcome.value) for outcome in _CLASSES),
            sources.cell("alerts", scope),
        ]
        for scope in sources.figures.scopes()
    ]
    rates = [
        [*row, limit_words(sources, scope)]
        for row, scope in zip(
            _rows(sources, ("false_alerts_per_face_seen", "false_alerts_per_alert")),
            sources.figures.scopes(),
            strict=True,
        )
    ]
    per = ("Deployment", "False alerts per face seen", "False alerts per alert", "Limit")
    tables = [
        table("outcomes", "Alerts by outcome", ("Deployment", *_CLASSES.values(), "All"), outcomes),
        table("false-alerts", "Both false alert rates: read them together", per, rates),
        *_less_passes(sources),
        *_bounds(sources),
    ]
    figures = [
        *outcome_figure(sources, _CLASSES),
        *false_alert_figures(sources),
        *cumulative_figure(sources),
    ]
    return section(
        "alerts", "Alerts, and how many were false", _alert_text(sources), tables, figures
    )


def _alert_text(sources: Sources) -> list[str]:
    limit = sources.figures.limit()
    held = (
        f"The limit of false alerts per face seen was {100 * limit:g} %. Within: the whole "
        "interval is at or below it. Breached: all of it is above. Otherwise it is not "
        "demonstrated either way."
        if limit is not None
        else "The log does not tell to which limit the deployments were held."
    )
    confirmed = (
        "Confirmed means that an identity check showed it, or that the volunteer was walking "
        "past this camera at that time."
        if sources.figures.is_rehearsal
        else "Confirmed means that an identity check after an engagement showed it."
    )
    return [
        (
            "The two false alert rates have the same count and other totals: how rarely somebody "
            "who walks by is wrongly alerted to, and how often an alert is wrong. Either alone "
            "misleads."
        ),
        confirmed + " Alerts that nobody could resolve are neither true nor false: they count in "
        "the total, and the rates are also given with them taken both ways.",
        held,
        *(_faces_of_volunteers(sources) if sources.figures.is_rehearsal else ()),
    ]


def _faces_of_volunteers(sources: Sources) -> list[str]:
    whole = sources.whole()
    passes, faces = sources.said("passes", whole), sources.said("faces_seen", whole)
    return [
        (
            "Faces seen include those of volunteers on the list, who can only be mistaken for "
            "another entry: with one entry on the list, not at all. A rate per face seen of a "
            f"rehearsal therefore rests on fewer faces than it names: {passes} passes of "
            f"volunteers were logged beside {faces} faces seen. Below, as many faces are left out "
            "as passes were logged; a pass may have given no face, or several."
        )
    ]


def _less_passes(sources: Sources) -> list[Document]:
    if not sources.figures.is_rehearsal:
        return []
    names = ("faces_seen", "passes", "false_alerts_per_face_less_passes")
    columns = ("Deployment", "Faces seen", "Passes of volunteers", "False alerts, of the rest")
    caption = "False alerts, and faces without those of volunteers"
    return [table("faces-of-volunteers", caption, columns, _rows(sources, names))]


def _bounds(sources: Sources) -> list[Document]:
    scopes = [s for s in sources.figures.scopes() if s.count(Outcome.UNRESOLVED)]
    names = (
        "false_alerts_per_face_seen_at_most",
        "false_alerts_per_alert_at_most",
        "false_alerts_per_alert_if_only_confirmed",
        "false_alerts_per_alert_if_not_confirmed_true",
    )
    rows = [[sources.label(s), *(sources.cell(name, s) for name in names)] for s in scopes]
    columns = (
        "Deployment",
        "Per face, unresolved as false",
        "Per alert, unresolved as false",
        "Per alert, only confirmed false",
        "Per alert, all but confirmed true",
    )
    caption = "Between what the false alert rates lie, as some alerts are unresolved"
    return [table("bounds", caption, columns, rows)] if rows else []


def _followed(sources: Sources) -> Document:
    names = ["engagements", "engagements_per_alert", "false_per_engagement"]
    columns = ["Deployment", "Engagements", "Engaged, of alerts", "False, of engagements"]
    if not sources.figures.is_rehearsal:
        names += ["arrests", "arrests_per_engagement"]
        columns += ["Arrests", "Arrests, of engagements"]
    names += ["other_disposals", "no_further_action", "engaged_without_alert"]
    columns += ["Other disposals", "No further action", "Engaged without an alert"]
    tables = [table("engagements", "What followed", columns, _rows(sources, names))]
    text = ["An engagement is an officer's contact with a person after an alert was passed on."]
    if sources.figures.is_rehearsal:
        text.append("In a rehearsal nobody is arrested: those engaged are volunteers.")
    tables += _reasons(sources)
    if len(tables) > 1:
        whole = sources.whole()
        text.append(
            f"Reasons recorded: {sources.said('arrest_reasons', whole)}; arrests: "
            f"{sources.said('arrests', whole)}. One arrest may have several reasons, so that these "
            "can add up to more."
        )
    return section("engagements", "Engagements and what they led to", text, tables)


def _reasons(sources: Sources) -> list[Document]:
    whole = sources.whole()
    rows: list[Row] = [
        [code.replace("_", " "), sources.cell("arrest_reason", whole, code)]
        for code in sorted(arrest_reasons_of(whole))
    ]
    if not rows:
        return []
    rows += [["All reasons", sources.cell("arrest_reasons", whole)]]
    rows += [["All arrests", sources.cell("arrests", whole)]]
    return [table("arrest-reasons", "Arrests by reason", ("Reason", "Arrests"), rows)]


def _reviewers(sources: Sources) -> Document:
    whole = sources.whole()
    rates: list[Row] = [[words, sources.cell(name, whole)] for name, words in _REVIEWERS]
    by_deployment = _rows(sources, ("operator_false_passed_on", "officer_false_engaged"))
    times: list[Row] = [
        [
            who.capitalize(),
            sources.cell(f"{who}_decisions", whole),
            *(sources.cell(f"{who}_seconds", whole, quartile) for quartile in _QUARTILES),
        ]
        for who in ("operator", "officer")
    ]
    columns = ("Deployment", "False alerts that operators passed on", "False alerts engaged for")
    tables = [
        table("reviewers", "People against the truth", ("What", "How often"), rates),
        table("reviewers-by-deployment", "The same by deployment", columns, by_deployment),
        table(
            "decision-times",
            "How long decisions took, in seconds",
            ("Who", "Decisions with a time", *(each.capitalize() for each in _QUARTILES)),
            times,
        ),
    ]
    text = [
        (
            "A reviewer who passes on whatever the machine suggests looks right as long as the "
            "machine is. Alerts of one reviewer are alike, so intervals are by reviewer; "
            "rates of a single reviewer have none, whatever they count."
        ),
        (
            "Pairs of different people, put into a rehearsal on purpose, show how often "
            f"reviewers follow the machine. There were {sources.said('seeded_alerts', whole)} of "
            "them."
        ),
    ]
    return section("reviewers", "Operators and officers", text, tables)


def _recognition(sources: Sources) -> Document:
    rate = "true_recognition_rate"
    names = ("volunteers", "passes", rate)
    columns = ("Deployment", "Volunteers", "Passes", "True recognition rate")
    tables = [
        table("recognition", "True recognition rate", columns, _rows(sources, names)),
        *_misses(sources),
        *_by(sources, "camera", [(f"camera {each}", each) for each in cameras_of(sources.whole())]),
        *_by(
            sources, "hour", [(f"hour {each}", f"{each} UTC") for each in hours_of(sources.whole())]
        ),
        *_by(
            sources,
            "factor",
            [
                (f"{word} {each}", f"{noted}: {each.replace('_', ' ')}")
                for each in factors_of(sources.whole())
                for word, noted in (("with", "noted"), ("without", "not noted"))
            ],
        ),
    ]
    text = [
        (
            "Only passes of volunteers, which are logged whether or not anything was seen, can "
            "tell how many listed people were missed. Each is one recognition opportunity."
        ),
        (
            "Passes of one person are alike: whoever is missed once tends to be missed again. "
            "The intervals therefore draw people, each with all of their passes."
        ),
        (
            "The log cannot tell whether a volunteer of one deployment is one of another: whoever "
            "took part in several counts as one person in each. With few people, the interval of "
            "all deployments is then too narrow."
        ),
    ]
    if sources.figures.whole.opportunities():
        effect = sources.said("design_effect", sources.whole())
        text.append(f"Design effect over all passes, by person: {effect}; 1 is independence.")
        if factors_of(sources.whole()):
            text.append(_FACTORS)
    else:
        text.append("No pass was logged: the true recognition rate is not defined (0 of 0).")
    return section(
        "recognition",
        "How many listed people were recognised",
        text,
        tables,
        recognition_figure(sources),
    )


def _misses(sources: Sources) -> list[Document]:
    whole = sources.whole()
    if not whole.opportunities():
        return []
    rows: list[Row] = [
        [words, sources.cell("missed", whole, cause.value)] for cause, words in MISSES.items()
    ]
    return [table("misses", "Missed passes by cause", ("Cause", "Of all passes"), rows)]


def _by(sources: Sources, what: str, parts: Sequence[tuple[str, str]]) -> list[Document]:
    rows: list[Row] = [
        [words, sources.cell("true_recognition_rate", sources.whole(), argument)]
        for argument, words in parts
    ]
    columns = (what.capitalize(), "True recognition rate")
    caption = f"True recognition rate by {what}"
    return [table(f"recognition-by-{what}", caption, columns, rows)] if rows else []


def _scores(sources: Sources) -> Document:
    text = [
        (
            "A higher score means that two faces are more alike. Of a search that raised no alert, "
            "only its place in a count of scores is kept."
        ),
    ]
    searches = searches_figure(sources)
    if not searches:
        text.append("The log does not hold the scores of searches of this trial.")
    figures = [*searches, *score_figures(sources), *sweep_figure(sources)]
    return section("scores", "Scores", text, (), figures)
