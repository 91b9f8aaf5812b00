"""Signed notes and checkpoints as their specifications write them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, strategies as st

from overt.core.checkpoint import Checkpoint, parse_checkpoint
from overt.core.signed_note import MAX_NOTE_BYTES, NoteSignature, SignedNote, parse_note
from overt.core.transparency import TreeHead
from overt.errors import SignedNoteInvalidError

# The example of c2sp.org/tlog-checkpoint.
SAMPLE = """\
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
"""  # noqa: E501 - as published
LINE = SAMPLE.splitlines()[-1]


def test_the_sample_of_the_specification():
    """It is read, and written again byte for byte."""
    note = parse_note(SAMPLE.encode())
    checkpoint = parse_checkpoint(note.text)

    assert str(note) == SAMPLE
    assert note.signatures[0].key_id.hex() == "033de0ae"
    assert len(note.signatures[0].signature) == 64
    assert (checkpoint.origin, checkpoint.head.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text() == note.text


def test_a_text_may_have_empty_lines():
    """The last one parts text and signatures."""
    note = parse_note(f"a\n\nb\n\n{LINE}\n{LINE}\n".encode())

    assert note.text == "a\n\nb\n"
    assert len(note.signatures) == 2


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"\xff\n\n" + LINE.encode() + b"\n", "UTF-8"),
        (b"", "empty line"),
        (SAMPLE.encode()[:-1], "line break"),
        (f"text\n{LINE}\n".encode(), "empty line"),
        (b"text\n\n", "empty line"),
        (b"text\n\n\n", "empty line"),
        (f"te\txt\n\n{LINE}\n".encode(), "control"),
        (f"text\r\n\n{LINE}\n".encode(), "control"),
        (f"text\n\n{LINE.replace('—', '-')}\n".encode(), "signature line"),
        ("text\n\n— name AAAA\n".encode(), "signature line"),
        ("text\n\n— name AAAAA\n".encode(), "signature line"),
        ("text\n\n— na+me AAAAAAAA\n".encode(), "signature line"),
        ("text\n\n— name AAAAAAB=\n".encode(), "spare bits"),
        (f"{'x' * MAX_NOTE_BYTES}\n\n{LINE}\n".encode(), "empty line"),
    ],
)
def test_what_is_no_note_is_refused(data, problem):
    """With the rule that it breaks."""
    with pytest.raises(SignedNoteInvalidError, match=problem):
        parse_note(data)


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"log\n-1\n{ROOT}\n",
        f"log\n01\n{ROOT}\n",
        f"log\n1.0\n{ROOT}\n",
        f"\n1\n{ROOT}\n",
        f"log\n1\n{ROOT}",
        f"log\n1\n{ROOT}\n\n",
        "log\n1\nAAAA\n",
        f"log\n1\n{ROOT[:-2]}B=\n",
        f"log\n{'9' * 19}\n{ROOT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    """A name, a number without leading zeros, a root in the one form of base64."""
    with pytest.raises(SignedNoteInvalidError, match="checkpoint"):
        parse_checkpoint(text)


def test_further_lines_are_ignored():
    """The specification calls them extensions."""
    assert parse_checkpoint(f"log\n1\n{ROOT}\nmore\n").head == TreeHead(1, bytes(32))


@given(st.integers(0, 10**17), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back(size, root):
    """Writing and reading are inverse."""
    checkpoint = Checkpoint("trial.example/audit", TreeHead(size, root))

    assert parse_checkpoint(checkpoint.text()) == checkpoint


@given(st.text("abc \n", min_size=1), st.binary(min_size=1, max_size=80))
def test_a_note_comes_back(text, signature):
    """Writing and reading are inverse for any text that ends with a line break."""
    note = SignedNote(f"{text}\n", (NoteSignature("n", b"\0\1\2\3", signature),))

    assert parse_note(str(note).encode()) == note
