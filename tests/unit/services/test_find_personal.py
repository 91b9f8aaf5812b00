from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core import governed as g
from tests.unit.services.listing import a_row
from tests.unit.services.registered import a_register, named, text_of_record

from overt.core.listed_period import ListedPeriod
from overt.core.sign_in import Identity
from overt.core.watchlist import EntryStatus, ListKind, WatchlistEntry
from overt.errors import PersonalDataPublishedError
from overt.services.apply_for_authority import LOCATION
from overt.services.find_personal import PersonalScan

ADDRESS = "rtsp://user:word@192.0.2.7/stream"
REASON = "Failed to appear on the third of January"


def an_entry(**changes) -> WatchlistEntry:
    """Return an entry of a list that is not purged yet."""
    row = a_row()
    entry = WatchlistEntry(
        entry_id="entry-1",
        deployment_id="d-live",
        list_kind=ListKind.OPERATIONAL,
        reference="N-1001",
        category=row.category,
        justification=REASON,
        image_source=row.image_source,
        image_date=row.image_date,
        urgency=row.urgency,
        is_under_18=False,
        composed_by=g.APPLICANT.actor_id,
        composed_at=g.BUILT_AT,
        status=EntryStatus.APPROVED,
    )
    return replace(entry, **changes)


def a_scan():
    """Return a scan of a store with a living list, an old one, accounts and a camera."""
    register = a_register(named(g.live(), "d-live"), named(g.published_at_last(), "d-pub"))
    with register.store.unit_of_work() as uow:
        for actor in g.EVERYONE:
            uow.actors.save(actor)
        uow.actors.save(g.an_actor("operator"))
        uow.identities.add(Identity("https://id.example", "subject-77aa", "operator-1"))
        uow.entries.add_many([an_entry()])
        for reference in ("N-1001", "NOM 12 / 2019", "7", "123456", "99999", "ÄB-77"):
            uow.listed.add(ListedPeriod(reference, "d-pub", "wanted", g.OPENS, g.CLOSES))
        uow.secrets.put("d-live", LOCATION, "north/north-camera", ADDRESS.encode())
        uow.commit()
    with register.store.reading() as uow:
        return register, PersonalScan(uow, register.files.own_words())


def look_at_all(register, scan) -> None:
    """Look at every file of a register."""
    for name, content in register.files.all():
        scan.look(name, content)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.html", "<p>Seen: N-1001.</p>", "reference"),
        ("a.html", "<p>seen: n-1001</p>", "reference"),
        ("a.html", '<a href="x/N-1001/y">', "reference"),
        ("a.html", "<p>&#78;-1001</p>", "reference"),
        ("a.json", '{"text": "first line\\nN-1001"}', "reference"),
        ("a.csv", 'x,"N-1001",y', "reference"),
        ("a.html", "<p>about nom 12 /\n 2019, he said</p>", "reference"),
        ("a.html", "<p>123456</p>", "reference"),
        ("a.html", "<p>äb-77!</p>", "reference"),
        ("a.html", "<p>operator-1 was rude</p>", "account"),
        ("a.atom", "<name>authority-1</name>", "account"),
        ("a.html", "<p>subject-77aa</p>", "sign-in"),
        ("a.html", f"<p>{REASON.lower()}</p>", "reason"),
        ("a.txt", ADDRESS, "camera"),
        ("a.html", "<p>a camera at 192.0.2.7</p>", "camera"),
        ("a.json", '"alert-01hzy3v8q4m2t6w9b5c7d1e0fg"', "row"),
        ("a.svg", "<text>N-1001</text>", "reference"),
    ],
)
def test_what_identifies_a_person_is_found(name, text, kind):
    """However it is written; the message names the file and the kind, never what was found."""
    _, scan = a_scan()

    with pytest.raises(PersonalDataPublishedError) as refused:
        scan.look(name, text.encode())

    assert kind in refused.value.message
    assert name in refused.value.message
    assert "1001" not in refused.value.message
    assert refused.value.exit_status == 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<p>7 of 99999 faces, N-100, N-10011, noms 12, 2019</p>"),
        ("a.html", "<p>The operators decide</p>"),
        ("a.pdf", "N-1001"),
        ("a.html", "<p>deployment-01hzy3v8q4m2t6w9b5c7d1e0fg</p>"),
    ],
)
def test_what_identifies_nobody_is_let_through(name, text):
    """Counts, other references, words of the trade, deployments; pictures are not read."""
    _, scan = a_scan()

    scan.look(name, text.encode())
    scan.look("b.html", b"<p>An operator</p>")


def test_a_word_that_was_let_through_is_not_looked_at_again_but_a_phrase_is():
    """The second file with a phrase is refused even where all of its words are known."""
    _, scan = a_scan()
    scan.look("a.html", b"NOM 2019 12 /")

    with pytest.raises(PersonalDataPublishedError):
        scan.look("b.html", b"NOM 12 / 2019")


def test_a_planted_reference_stops_the_register():
    """In a statement, which nobody edits, and in a place."""
    for planted in ({"place": "N-1001 square"}, {"statement": "They sought N-1001"}):
        register, scan = a_scan()
        other = named(g.published_at_last(), "d-2")
        text = text_of_record(other)
        text = text.replace("The square, north", planted.get("place", "The square, north"))
        text = text.replace("I saw no sign.", planted.get("statement", "I saw no sign."))
        look_at_all(register, scan)
        register.add(other, text)

        with pytest.raises(PersonalDataPublishedError):
            look_at_all(register, scan)


def test_a_whole_register_identifies_nobody():
    """Every file of a register in every state is let through."""
    register, scan = a_scan()

    look_at_all(register, scan)
