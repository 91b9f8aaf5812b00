from __future__ import annotations

import pytest

from overt.services.report_digests import digests_in, digests_text, sha256_of

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_text_is_what_common_tools_read():
    """A digest, two blanks, a name; sorted by name."""
    text = digests_text({"b/c.csv": EMPTY, "a.txt": EMPTY})
    assert text == f"{EMPTY}  a.txt\n{EMPTY}  b/c.csv\n"
    assert digests_in(text) == {"a.txt": EMPTY, "b/c.csv": EMPTY}
    assert sha256_of(b"") == EMPTY


@pytest.mark.parametrize(
    "text",
    [
        f"{EMPTY}  b\n{EMPTY}  a\n",
        f"{EMPTY}  a\n{EMPTY}  a\n",
        f"{EMPTY} a\n",
        f"{EMPTY}  a",
        f"{EMPTY.upper()}  a\n",
        f"{EMPTY}  a b\n",
        "something\n",
    ],
)
def test_a_text_in_another_form_is_none(text):
    """Out of order, twice, without a line break, or nothing of the kind."""
    assert digests_in(text) is None
