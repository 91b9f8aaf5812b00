"""The policy: every number and closed list that a rule uses, as data (R-72).

A deployment names the digest of the policy under which it ran. The numbers come
from a file; this module says what a policy must hold and refuses anything else.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from overt.core.canonical_json import canonical_json
from overt.core.policy_reading import SettingReader, shown
from overt.core.policy_rules import GROUPS, Kind, build_groups, group_schema
from overt.core.policy_settings import PolicyNumber, setting_table
from overt.errors import PolicyInvalidError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from overt.core.canonical_json import JsonValue
    from overt.core.policy_rules import (
        AlertRules,
        AuthorityRules,
        DocumentRules,
        LocationRules,
        NoticeRules,
        PublicationRules,
        RequestRules,
        RetentionRules,
        SecurityRules,
        ThresholdRules,
        TrainingRules,
        WatchlistRules,
    )
    from overt.core.policy_settings import Setting

FORMAT = 1
_HEADER = ("format", "name", "version")


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number and closed list that a rule uses.

    Attributes:
        name: Whose policy it is.
        version: Which version of it.
        settings: Every setting with bounds and source by its dotted name, in order.
        watchlist: Who may be on a watchlist.
        location: Where a deployment may be.
        authority: Who may authorise, and for how long.
        notices: How people are told.
        threshold: Lowest thresholds by model pack.
        alerts: What people may make of an alert.
        retention: How long anything is kept.
        publication: How results are published.
        requests: How long what people ask may take, and how long it is kept.
        training: Who may work with the software.
        documents: Which documents an authority names.
        security: How accounts are protected.
    """

    name: str
    version: str
    settings: Mapping[str, Setting]
    watchlist: WatchlistRules
    location: LocationRules
    authority: AuthorityRules
    notices: NoticeRules
    threshold: ThresholdRules
    alerts: AlertRules
    retention: RetentionRules
    publication: PublicationRules
    requests: RequestRules
    training: TrainingRules
    documents: DocumentRules
    security: SecurityRules

    def number(self, name: str) -> PolicyNumber:
        """Return a number with its unit, bounds and source, for messages.

        Args:
            name: Dotted, such as ``watchlist.max_age``.

        Raises:
            KeyError: No number of this policy has that name.
        """
        setting = self.settings[name]
        if not isinstance(setting, PolicyNumber):
            raise KeyError(name)
        return setting

    def tables(self) -> dict[str, object]:
        """Return the policy as plain tables, complete: read again, they give the same digest."""
        groups: dict[str, dict[str, Any]] = {
            group: {name: {} for name, kind in group_schema(group).items() if kind is Kind.PER_PACK}
            for group in GROUPS
        }
        for name, setting in self.settings.items():
            group, key, *pack = name.split(".", 2)
            place = groups[group][key] if pack else groups[group]
            place[pack[0] if pack else key] = setting_table(setting)
        return {"format": FORMAT, "name": self.name, "version": self.version, **groups}

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON of everything: values, bounds, sources."""
        settings = {name: asdict(setting) for name, setting in self.settings.items()}
        whole: dict[str, JsonValue] = {
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "settings": settings,
        }
        return hashlib.sha256(canonical_json(whole)).hexdigest()


def policy_from_mapping(mapping: Mapping[str, object], shipped: Policy | None = None) -> Policy:
    """Return the policy that plain tables hold.

    Args:
        mapping: As read from a file.
        shipped: The policy that comes with the software, whose bounds, sources and
            closed lists a force's policy cannot change; None to read that one itself.

    Raises:
        PolicyInvalidError: Something is missing, unknown, of a wrong type or unit, or
            out of bounds; the message lists everything, and so does the field
            ``problems``, one a line.
    """
    reader = SettingReader(None if shipped is None else shipped.settings)
    if mapping.get("format") != FORMAT:
        found = shown(mapping.get("format"))
        reader.problems.append(f"format: expected {FORMAT}, found {found}")
    name = reader.text("name", mapping.get("name")) or ""
    version = reader.text("version", mapping.get("version")) or ""
    settings = reader.settings({k: v for k, v in mapping.items() if k not in _HEADER})
    if reader.problems:
        raise _invalid(reader.problems)
    groups = build_groups(settings)
    policy = Policy(name=name, version=version, settings=settings, **groups)
    if problems := list(_contradictions(policy)):
        raise _invalid(problems)
    return policy


def _contradictions(policy: Policy) -> Iterator[str]:
    if lonely := policy.threshold.floor.keys() ^ policy.threshold.same_face.keys():
        yield f"threshold: {', '.join(sorted(lonely))}: needs both floor and same_face"
    for shorter, longer in (
        ("authority.max_window", "authority.max_span"),
        ("security.session_idle", "security.session_max"),
    ):
        if policy.number(shorter).span() > policy.number(longer).span():
            yield f"{shorter}: is longer than {longer}"


def _invalid(problems: list[str]) -> PolicyInvalidError:
    noun = "problem" if len(problems) == 1 else "problems"
    msg = f"the policy has {len(problems)} {noun}: {'; '.join(problems)}"
    return PolicyInvalidError(msg, problems="\n".join(problems), n_problems=len(problems))
