"""The policy in force, and those that earlier deployments ran under."""

from __future__ import annotations

import json

import pytest
from tests.unit.core.policy_tables import SHIPPED, SHIPPED_TEXT

from overt.bootstrap.policies import policies_of
from overt.errors import PolicyInvalidError, RecordNotFoundError, StoreCorruptError
from overt.settings import Settings


def write_own(home, text):
    """Write the force's own policy."""
    (home / "policy.toml").write_text(text, encoding="utf-8")


def kept_file(home):
    """Return the file in which the shipped policy was kept."""
    return home / "policies" / f"{SHIPPED.digest()}.json"


@pytest.fixture
def policies(tmp_path):
    """Return the policies of a new machine."""
    return policies_of(Settings(home=tmp_path))


def test_a_machine_without_a_policy_of_its_own_uses_the_shipped_one(policies):
    """Nothing to set up."""
    assert policies.current() == SHIPPED


def test_a_forces_policy_lies_in_the_home_folder(policies, tmp_path):
    """It is read anew, so that a change holds for the next deployment."""
    write_own(tmp_path, SHIPPED_TEXT.replace('version = "1"', 'version = "northshire 4"'))
    assert policies.current().version == "northshire 4"
    write_own(tmp_path, SHIPPED_TEXT.replace('version = "1"', 'version = "northshire 5"'))

    assert policies.current().version == "northshire 5"


@pytest.mark.parametrize("is_link", [False, True])
def test_a_broken_policy_is_not_replaced_by_the_shipped_one(policies, tmp_path, is_link):
    """Nor is one behind a link that leads nowhere."""
    if is_link:
        (tmp_path / "policy.toml").symlink_to(tmp_path / "nowhere.toml")
    else:
        write_own(tmp_path, "broken")

    with pytest.raises(PolicyInvalidError):
        policies.current()


def test_an_earlier_policy_can_still_be_read(policies, tmp_path):
    """R-72: a deployment is judged by the rules that it ran under."""
    earlier = policies.current()
    write_own(tmp_path, SHIPPED_TEXT.replace("value = 2000\n", "value = 100\n"))
    later = policies.current()

    assert policies.get(earlier.digest()) == earlier
    assert policies.get(later.digest()).watchlist.size_cap == 100
    assert kept_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_a_kept_policy_is_not_written_again(policies, tmp_path):
    """It was complete the first time."""
    policies.current()
    before = kept_file(tmp_path).stat().st_ino
    policies.current()

    assert kept_file(tmp_path).stat().st_ino == before


@pytest.mark.parametrize("digest", ["0" * 64, "", "../policy", "A" * 64, "0" * 63 + "\n"])
def test_a_policy_that_was_never_in_force_here(policies, digest):
    """There is none to fall back on."""
    with pytest.raises(RecordNotFoundError):
        policies.get(digest)


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "null", "[" * 100_000, "\x00", '{"format": 1}']
)
def test_a_kept_policy_that_is_damaged(policies, tmp_path, content):
    """Nobody goes on until it is explained."""
    policies.current()
    kept_file(tmp_path).write_text(content)

    with pytest.raises(StoreCorruptError, match="what was kept is no policy"):
        policies.get(SHIPPED.digest())


def test_a_kept_policy_that_was_edited(policies, tmp_path):
    """Even where it is a policy, it is another one."""
    policies.current()
    document = json.loads(kept_file(tmp_path).read_text())
    document["watchlist"]["max_age"].update(value=48, ceiling=48)
    kept_file(tmp_path).write_text(json.dumps(document))

    with pytest.raises(StoreCorruptError, match="has the digest"):
        policies.get(SHIPPED.digest())
