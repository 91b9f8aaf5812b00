from __future__ import annotations

from datetime import date

import pytest
from tests.unit.core.governed import DIGEST
from tests.unit.core.noticed import some_details

from overt.core.notice_details import TranslationApproval
from overt.errors import NoticeDetailsInvalidError

READ_ON = date(2026, 5, 1)


def test_the_address_of_a_deployment():
    """The identifier takes its place in the address."""
    assert some_details().url_of("d-1") == "https://police.example/lfr/d-1"
    assert some_details(page_url="https://police.example").url_of("d-1") == (
        "https://police.example"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"force": " "},
        {"contact": ""},
        {"complaints": ""},
        {"contact": "a" * 201},
        {"regulator": "a" * 201},
        {"force": "Example\nPolice"},
        {"page_url": ""},
        {"page_url": "http://police.example"},
        {"page_url": "https://police.example/a page"},
        {"page_url": "https://police.example/é"},
        {"page_url": "javascript:alert(1)"},
        {"page_url": "https://police.example/" + "a" * 300},
    ],
)
def test_details_that_leave_a_reader_without_an_answer(changes):
    """R-61: whom to ask, where to complain, and an address that a telephone opens safely."""
    with pytest.raises(NoticeDetailsInvalidError):
        some_details(**changes)


def test_a_regulator_may_be_left_out():
    """Not every country has one."""
    assert some_details(regulator="").regulator == ""


def test_an_approval_is_of_one_text():
    """A translation that was changed after somebody read it is unread again."""
    approved = {"cy": TranslationApproval(DIGEST, "Welsh desk", READ_ON)}
    details = some_details(approvals=approved)

    assert details.approves("cy", DIGEST)
    assert not details.approves("cy", "b" * 64)
    assert not details.approves("fr", DIGEST)


@pytest.mark.parametrize(("sha256", "by"), [("abc", "Welsh desk"), (DIGEST, " ")])
def test_an_approval_of_nothing_or_by_nobody(sha256, by):
    """Which text, and who answers for it."""
    with pytest.raises(NoticeDetailsInvalidError):
        TranslationApproval(sha256, by, READ_ON)
