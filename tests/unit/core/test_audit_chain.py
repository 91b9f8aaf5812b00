"""Damage to the chain is found and located (R-70)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from overt.core.audit import FIRST_PREVIOUS_HASH, parse_line, read_line
from overt.core.audit_chain import ChainCheck, verify_chain
from overt.core.transparency import EMPTY_ROOT, TreeHead, leaf_hash, tree_of
from overt.errors import AuditChainBrokenError, AuditTruncatedError, RootMismatchError
from unit.core.audit_lines import a_log, an_event, log_of

LINES = a_log(12)


def head_at(size: int, lines: list[bytes] = LINES) -> TreeHead:
    """Return what a checkpoint after so many lines signs."""
    return tree_of(map(leaf_hash, lines[:size])).head()


HEAD = head_at(len(LINES))


def damage(lines: list[bytes], heads: tuple[TreeHead, ...] = (HEAD,)) -> tuple[int, str]:
    """Return where the log is damaged, and how."""
    with pytest.raises(AuditChainBrokenError) as caught:
        verify_chain(lines, heads)
    assert (
        caught.value.message == f"event {caught.value.fields['seq']}: {caught.value.fields['what']}"
    )
    return caught.value.fields["seq"], caught.value.fields["what"]


def with_line(seq: int, line: bytes) -> list[bytes]:
    """Return the log with another line."""
    return [*LINES[:seq], line, *LINES[seq + 1 :]]


def test_a_whole_log_is_verified():
    """Against checkpoints of any age, or none."""
    chain = verify_chain(LINES, [head_at(size) for size in (12, 0, 5, 1)])

    assert chain.tree.head() == HEAD
    assert chain.last_hash == leaf_hash(LINES[-1])
    assert verify_chain(LINES) == chain


def test_an_empty_log_is_verified():
    """It has the root of nothing."""
    chain = verify_chain([], [TreeHead(0, EMPTY_ROOT)])

    assert (chain.tree.size, chain.last_hash) == (0, FIRST_PREVIOUS_HASH)


def test_reading_gives_the_events():
    """Whoever checks can use what is read."""
    check = ChainCheck()

    assert [check.add(line) for line in LINES] == [parse_line(x, n) for n, x in enumerate(LINES)]
    assert check.size == 12


@pytest.mark.parametrize("seq", range(12))
def test_a_changed_detail_is_located(seq):
    """The line after names the hash that the line had; for the last, the checkpoint does."""
    lines = with_line(seq, LINES[seq].replace(b"dismissed", b"passed_on"))
    if seq < 11:
        found, what = damage(lines)
        assert (found, what[:14]) == (seq, "it was changed")
        return
    with pytest.raises(RootMismatchError, match="event 11: the checkpoint of 12 events") as caught:
        verify_chain(lines, [HEAD])
    assert caught.value.fields["seq"] == 11


@pytest.mark.parametrize("seq", range(12))
def test_a_changed_link_is_located(seq):
    """The line whose own hash nobody names any more is the one that was changed."""
    logged = read_line(LINES[seq])
    old = logged.previous_hash.hex().encode()

    assert damage(with_line(seq, LINES[seq].replace(old, b"ab" * 32)))[0] == seq


def test_the_last_two_lines_without_a_checkpoint():
    """Nobody can tell which was changed; the later one is named."""
    lines = with_line(10, LINES[10].replace(b"dismissed", b"passed_on"))

    assert damage(lines, ())[0] == 11


def test_a_hint_tells_which_of_the_last_two_lines_was_changed():
    """Such as the stored state of the tree, which nobody signed."""
    check = ChainCheck()
    for line in with_line(10, LINES[10].replace(b"dismissed", b"passed_on")):
        check.add(line)

    with pytest.raises(AuditChainBrokenError, match="event 10: it was changed"):
        check.finish(hint=HEAD)


def test_a_changed_line_of_two():
    """The smallest log in which the line before can be named."""
    lines = a_log(2)
    head = head_at(2, lines)
    lines[0] = lines[0].replace(b"dismissed", b"passed_on")

    assert damage(lines, (head,))[0] == 0


@pytest.mark.parametrize("seq", range(12))
def test_a_line_that_is_no_record_is_located(seq):
    """Whatever stands there."""
    assert damage(with_line(seq, b"{}")) == (
        seq,
        "its line was changed: it is not written as a record of this log",
    )


def test_damage_behind_a_broken_link():
    """The first damage is named, not the second."""
    lines = with_line(4, LINES[4].replace(b"dismissed", b"passed_on"))
    lines[6] = b"{}"

    assert damage(lines)[0] == 5


@pytest.mark.parametrize("seq", range(11))
def test_a_removed_line_is_located(seq):
    """By the number that is missing."""
    assert damage([*LINES[:seq], *LINES[seq + 1 :]]) == (
        seq,
        f"it is missing; event {seq + 1} stands here",
    )


@pytest.mark.parametrize(("first", "last"), [(0, 2), (3, 9), (5, 6)])
def test_removed_lines_are_located(first, last):
    """All of them."""
    found = damage([*LINES[:first], *LINES[last + 1 :]])

    assert found == (first, f"events {first} to {last} are missing; event {last + 1} stands here")


@pytest.mark.parametrize("seq", range(11))
def test_neighbours_that_changed_places_are_located(seq):
    """The first that is not in its place."""
    lines = [*LINES[:seq], LINES[seq + 1], LINES[seq], *LINES[seq + 2 :]]

    assert damage(lines) == (seq, f"it was moved behind event {seq + 1}")


@pytest.mark.parametrize("seq", range(12))
def test_a_repeated_line_is_located(seq):
    """Where it stands for the second time."""
    lines = [*LINES[: seq + 1], LINES[seq], *LINES[seq + 1 :]]

    assert damage(lines) == (seq + 1, f"event {seq} stands here again")


@pytest.mark.parametrize("seq", range(12))
def test_a_changed_number_is_located(seq):
    """It is told apart from removed lines by what follows; at the end it looks like them."""
    old = b'"seq":%d}' % seq
    found, what = damage(with_line(seq, LINES[seq].replace(old, b'"seq":70}')))

    last = "events 11 to 69 are missing; event 70 stands here"
    assert (found, what) == (
        seq,
        "it was changed: it says that it is event 70" if seq < 11 else last,
    )


def test_a_line_that_was_put_in_is_located():
    """It cannot have the hashes of both neighbours right."""
    inserted = log_of([*map(an_event, range(5)), an_event(99)])[5]

    found, what = damage([*LINES[:5], inserted, *LINES[5:]])
    assert (found, what) == (6, "event 5 stands here again")


@pytest.mark.parametrize("size", range(12))
def test_a_cut_log_is_found(size):
    """What the checkpoint counts is not there."""
    with pytest.raises(AuditTruncatedError, match=f"counts 12 events, found {size}") as caught:
        verify_chain(LINES[:size], [HEAD])

    assert caught.value.fields["seq"] == size


def test_a_log_that_was_written_anew_is_found():
    """Every line follows from the one before; only what was signed earlier tells."""
    anew = log_of([an_event(n) if n != 6 else an_event(n, actor_id="other") for n in range(12)])

    assert verify_chain(anew).tree.size == 12
    with pytest.raises(RootMismatchError, match="between 5 and it") as caught:
        verify_chain(anew, [head_at(12), head_at(5), head_at(8)])
    assert caught.value.fields["seq"] == 7
    assert caught.value.fields["first_in_doubt"] == 5


def test_a_checkpoint_of_another_log_is_found():
    """Even where it counts no event at all."""
    with pytest.raises(RootMismatchError):
        verify_chain(LINES, [replace(head_at(0), root=bytes(32))])


def test_a_log_of_one_line_with_a_changed_link():
    """There is no line before that could have been changed."""
    line = a_log(1)[0].replace(b"0" * 64, b"ab" * 32)

    assert damage([line], (head_at(1),))[0] == 0
