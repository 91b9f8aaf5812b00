"""Receipts: nobody guesses one, and whoever has one may type it as they like."""

from __future__ import annotations

import re

import pytest

from overt.core.receipt import receipt_from, receipt_sha256

RECEIPT = receipt_from("a token with 256 bits of chance")


def test_a_receipt_is_twenty_letters_and_digits_that_look_like_no_others():
    """100 bits: whoever asks ten million times a second needs 4,000,000,000,000,000 years."""
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}", RECEIPT)


def test_two_tokens_have_two_receipts():
    """And one has always the same."""
    assert len({receipt_from(f"token-{n}") for n in range(1000)}) == 1000
    assert receipt_from("token-1") == receipt_from("token-1")


@pytest.mark.parametrize("change", [str.lower, lambda r: r.replace("-", " "), lambda r: f"  {r}\n"])
def test_a_receipt_may_be_typed_as_one_likes(change):
    """Small letters, blanks for dashes, blanks around it."""
    assert receipt_sha256(change(RECEIPT)) == receipt_sha256(RECEIPT)


def test_letters_that_look_like_digits_are_meant_as_them():
    """O for 0, I and L for 1."""
    assert receipt_sha256("OIL00-00000-00000-00000") == receipt_sha256("01100-00000-00000-00000")


@pytest.mark.parametrize("typed", ["", "\ud800", "x" * 10_000_000, "<b>", "\0"])
def test_anything_has_a_digest(typed):
    """What is no receipt is looked up like one, and takes no longer."""
    assert len(receipt_sha256(typed)) == 64
    assert receipt_sha256(typed) != receipt_sha256(RECEIPT)
