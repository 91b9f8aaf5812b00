from __future__ import annotations

import re

import pytest

from overt.adapters.secrets.passwords import Argon2Hasher


@pytest.fixture(scope="module")
def hasher():
    """Return the hash that accounts are kept under."""
    return Argon2Hasher()


def test_a_password_is_kept_under_argon2id(hasher):
    """With its own salt: the same password is never kept alike twice."""
    first, second = hasher.hash("correct horse battery"), hasher.hash("correct horse battery")

    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", first)
    assert first != second
    assert hasher.verify("correct horse battery", first)
    assert not hasher.verify("correct horse batterz", first)


def test_nothing_fits_an_account_without_a_password(hasher):
    """Not even an empty one."""
    assert not hasher.verify("", None)


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$v=19$broken", "$2b$12$abcdefghijklmnop"])
def test_what_is_no_hash_fits_nothing(hasher, kept):
    """A damaged row opens no account, and is no crash either."""
    assert not hasher.verify("plain", kept)


def test_accents_may_come_from_any_keyboard(hasher):
    """One sends an e with its accent, another an e and then the accent."""
    assert hasher.verify("cafe\u0301 au lait, deux", hasher.hash("caf\u00e9 au lait, deux"))


@pytest.mark.parametrize("password", ["\ud800 half a sign", "a\0b", "x" * 100_000])
def test_any_text_can_be_tried(hasher, password):
    """A program may send what no keyboard types."""
    assert hasher.verify(password, hasher.hash(password))
    assert not hasher.verify(password, None)
