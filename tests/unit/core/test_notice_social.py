from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.core.noticed import some_details, some_facts

from overt.core.notice_facts import SiteTimes
from overt.core.notice_social import MAX_POST, long_post, short_post
from overt.core.notice_texts import NoticeText

PAGE = "https://police.example/lfr/d-1"


def say(words):
    """Say a sentence in English, roughly."""
    return words.text.format(**{name: str(value) for name, value in words.values.items()})


def short(details=None, written=lambda _: None, **changes):
    """Return the short text."""
    return short_post(replace(some_facts(), **changes), details or some_details(), say, written)


def test_the_short_text():
    """R-61: who, where, when, and the address with the rest."""
    assert short() == (
        "Example Police: live facial recognition at The square, north. 2026-03-03, 10:00:00 to"
        " 16:00:00. Why, who is on the list, and how to walk another way:"
        f" {PAGE}"
    )


@pytest.mark.parametrize(
    ("force", "n_letters"), [("Example Police", 500), ("Example Police " * 10, 500)]
)
def test_names_that_are_too_long(force, n_letters):
    """A place, then a force are cut; the time and the address are whole."""
    site = replace(some_facts().sites[0], place="x" * n_letters)

    post = short(some_details(force=force.strip()), sites=(site,))

    assert len(post) <= MAX_POST
    assert "…" in post
    assert post.endswith(PAGE)
    assert "10:00:00 to 16:00:00" in post


def test_an_address_that_is_too_long_by_itself():
    """It is not cut: it would lead nowhere."""
    page = "https://police.example/" + "a" * 270

    assert short(some_details(page_url=page)).endswith(page)


def test_a_place_as_it_is_said_in_the_language():
    """What the force has translated is used."""
    assert "Y sgwâr" in short(written={"The square, north": "Y sgwâr"}.get)


def test_a_deployment_without_times():
    """Nothing is made up."""
    post = short(sites=(SiteTimes("Yard", "UTC", ()),))

    assert "Yard. . Why" in post


def test_the_long_text():
    """R-61, R-63: places, times, the way round, who is listed, what is kept, the address."""
    text = long_post(some_facts(), some_details(), say, lambda _: None)

    assert text.splitlines()[:3] == [
        "Example Police",
        NoticeText.TITLE,
        NoticeText.LEAD,
    ]
    assert NoticeText.WAY_FINE in text
    assert f"- {NoticeText.WHO_WANTED_BY_COURTS}" in text
    assert "- An alert about you" in text
    assert text.endswith(f"{NoticeText.PAGE} {PAGE}\n")
