"""The register's Atom feed (RFC 4287): what is new, with identifiers that stay."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from overt.adapters.publish.register_words import status_of
from overt.core.register import RegisterStatus, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from overt.core.register import Register, RegisterEntry

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 100


def register_feed(register: Register) -> bytes:
    """Return the deployments that were last heard of, newest first.

    Args:
        register: All of it.
    """
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en"})
    name = "Register of live facial recognition"
    _text(feed, "title", f"REHEARSAL - {name}" if register.is_demonstration else name)
    _text(feed, "id", _identifier(register, "feed"))
    _text(feed, "updated", _stamp(register.changed_at))
    _child(feed, "link", rel="self", type="application/atom+xml", href="feed.atom")
    _child(feed, "link", rel="alternate", type="text/html", href="index.html")
    _text(_child(feed, "author"), "name", one_line(register.log_name))
    newest = sorted(
        register.entries, key=lambda entry: (entry.changed_at, entry.deployment_id), reverse=True
    )
    for entry in newest[:_MOST]:
        _add(feed, register, entry)
    text: str = ET.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _add(feed: ET.Element, register: Register, entry: RegisterEntry) -> None:
    made = _child(feed, "entry")
    mark = "REHEARSAL - " if entry.is_rehearsal else ""
    _text(made, "title", f"{mark}{status_of(entry)}: {one_line(entry.title)}")
    _text(made, "id", _identifier(register, entry.deployment_id))
    _text(made, "updated", _stamp(entry.changed_at))
    _child(
        made,
        "link",
        rel="alternate",
        type="text/html",
        href=f"deployments/{entry.deployment_id}.html",
    )
    _text(made, "summary", _summary(entry))


def _summary(entry: RegisterEntry) -> str:
    figures = entry.figures
    if entry.is_rehearsal and entry.status is RegisterStatus.ENDED:
        return "Over; its figures stand on its page, and no record of it is published."
    if figures is None:
        return f"{status_of(entry)}; no figures are published yet."
    return (
        f"{figures.faces_seen:,} faces seen, {figures.alerts:,} alerts: {figures.true_alerts:,}"
        f" true, {figures.false_alerts:,} false; {figures.arrests:,} arrests."
    )


def _identifier(register: Register, name: str) -> str:
    """Return an identifier that is the same wherever the register is read."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"overt:{register.log_name}/{name}").urn


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: ET.Element, name: str, text: str) -> None:
    _child(parent, name).text = text


def _child(parent: ET.Element, name: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
