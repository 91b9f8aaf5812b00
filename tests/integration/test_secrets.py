"""Secrets: they open with their key, in their place, unchanged, and never again after a purge."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select, update

from contract.databases import MASTER_KEY, sql_store
from contract.records import a_deployment
from overt.adapters.secrets.envelope import MasterKey, seal, secret_binding, unseal
from overt.adapters.store.schema import deployment_keys, secrets
from overt.errors import KeyDestroyedError, MasterKeyMissingError, SecretUnopenableError

PLAIN = b"a template that nobody may see"


@pytest.fixture
def database(new_sqlite):
    """Return a store's database with a secret in each of two deployments."""
    return new_sqlite()


@pytest.fixture
def put(database) -> dict[str, str]:
    """Return the identifiers of the secrets of two deployments."""
    with sql_store(database).unit_of_work() as unit:
        found = {}
        for name in ("deployment-1", "deployment-2"):
            unit.deployments.add(a_deployment(name))
            found[name] = unit.secrets.put(name, "template", "entry-1", PLAIN)
        unit.commit()
    return found


def change(database, table, key, **values) -> None:
    """Change a row behind the store's back."""
    (column,) = table.primary_key.columns
    with database.writer.begin() as connection:
        connection.execute(update(table).where(column == key).values(**values))


def row(database, table, key):
    """Return a row as it is stored."""
    (column,) = table.primary_key.columns
    with database.reader.connect() as connection:
        return connection.execute(select(table).where(column == key)).one()


def refusal(database, secret_id, master_key=MASTER_KEY) -> SecretUnopenableError:
    """Return the error of opening a secret; it must tell nothing of what is inside."""
    with (
        sql_store(database, master_key).reading() as unit,
        pytest.raises(SecretUnopenableError) as caught,
    ):
        unit.secrets.get(secret_id)
    assert PLAIN.decode() not in str(caught.value)
    assert caught.value.code == "secrets.cannot_open"
    return caught.value


def flipped(data: bytes, place: int) -> bytes:
    """Return bytes with one bit turned."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("part", ["nonce", "ciphertext"])
def test_one_turned_bit_anywhere_is_found(database, put, part):
    """In the nonce, the encrypted bytes and the tag: at every byte."""
    secret_id = put["deployment-1"]
    stored = getattr(row(database, secrets, secret_id), part)
    for place in range(len(stored)):
        change(database, secrets, secret_id, **{part: flipped(stored, place)})
        refusal(database, secret_id)


@pytest.mark.parametrize("part", ["nonce", "wrapped"])
def test_one_turned_bit_in_the_key_is_found(database, put, part):
    """At every byte of the wrapped key."""
    stored = getattr(row(database, deployment_keys, "deployment-1"), part)
    for place in range(len(stored)):
        change(database, deployment_keys, "deployment-1", **{part: flipped(stored, place)})
        refusal(database, put["deployment-1"])


@pytest.mark.parametrize(
    "values",
    [
        {"deployment_id": "deployment-2"},
        {"kind": "image"},
        {"row_id": "entry-2"},
        {"secret_id": "secret-0"},
        {"ciphertext": b""},
        {"ciphertext": b"short"},
    ],
)
def test_a_secret_opens_only_in_its_place(database, put, values):
    """Moved to another deployment, kind, row or identifier, or cut short."""
    change(database, secrets, put["deployment-1"], **values)

    refusal(database, values.get("secret_id", put["deployment-1"]))


def test_rows_swapped_between_deployments_are_refused(database, put):
    """The same kind and row identifier on both sides."""
    rows = {name: row(database, secrets, put[name]) for name in put}
    for name, other in (("deployment-1", "deployment-2"), ("deployment-2", "deployment-1")):
        stored = rows[other]
        change(database, secrets, put[name], nonce=stored.nonce, ciphertext=stored.ciphertext)
    for name in put:
        refusal(database, put[name])


def test_keys_swapped_between_deployments_are_refused(database, put):
    """A wrapped key names its deployment."""
    other = row(database, deployment_keys, "deployment-2")
    change(database, deployment_keys, "deployment-1", nonce=other.nonce, wrapped=other.wrapped)

    refusal(database, put["deployment-1"])


def test_another_master_key_opens_nothing_and_is_named(database, put):
    """The message gives both keys' identifiers; nothing is written under the wrong one."""
    wrong = MasterKey(bytes(32))
    error = refusal(database, put["deployment-1"], wrong)

    assert MASTER_KEY.key_id in error.message
    assert wrong.key_id in error.message
    with (
        sql_store(database, wrong).unit_of_work() as unit,
        pytest.raises(SecretUnopenableError),
    ):
        unit.secrets.put("deployment-1", "template", "entry-2", PLAIN)


def test_a_lost_key_row_is_no_reason_for_a_new_one(database, put):
    """A secret without its key is an error of integrity."""
    with database.writer.begin() as connection:
        connection.execute(deployment_keys.delete())

    refusal(database, put["deployment-1"])


def test_nothing_but_secrets_needs_the_master_key(database, put):
    """A machine without it still reads and writes everything else."""

    def missing():
        msg = "there is none"
        raise MasterKeyMissingError(msg)

    store = sql_store(database)
    store = type(store)(database, missing, store.ids)
    with store.unit_of_work() as unit:
        unit.deployments.get("deployment-1")
        assert unit.secrets.destroy_key("deployment-1")
        assert unit.secrets.delete_of("deployment-1") == {"template": 1}
        with pytest.raises(MasterKeyMissingError):
            unit.secrets.get(put["deployment-2"])


def test_nonces_are_never_used_twice(database):
    """A thousand secrets of the same bytes in one deployment: no two look alike."""
    with sql_store(database).unit_of_work() as unit:
        unit.deployments.add(a_deployment())
        for number in range(1000):
            unit.secrets.put("deployment-1", "template", f"entry-{number}", PLAIN)
        unit.commit()
    with database.reader.connect() as connection:
        rows = connection.execute(select(secrets.c.nonce, secrets.c.ciphertext)).all()

    assert len({stored.nonce for stored in rows}) == 1000
    assert len({stored.ciphertext for stored in rows}) == 1000


def test_each_deployment_has_a_key_of_its_own(database, put):
    """Different bytes, different nonces."""
    one, two = (row(database, deployment_keys, name) for name in put)

    assert one.wrapped != two.wrapped
    assert one.nonce != two.nonce


def test_after_the_key_is_destroyed_its_bytes_are_gone(database, put):
    """A copy of the rows made before the purge no longer opens, even with the master key."""
    kept = row(database, secrets, put["deployment-1"])
    with sql_store(database).unit_of_work() as unit:
        assert unit.secrets.destroy_key("deployment-1")
        unit.secrets.delete_of("deployment-1")
        unit.commit()
    with database.writer.begin() as connection:
        connection.execute(insert(secrets), dict(kept._mapping))
    with sql_store(database).reading() as unit, pytest.raises(KeyDestroyedError):
        unit.secrets.get(put["deployment-1"])
    stored = row(database, deployment_keys, "deployment-1")

    assert (stored.nonce, stored.wrapped) == (None, None)


def test_bindings_cannot_be_shifted():
    """Parts of a binding are told apart by their lengths."""
    key = bytes(32)
    sealed = seal(key, PLAIN, secret_binding("ab", "c", "d", "e"))

    assert unseal(key, sealed, secret_binding("ab", "c", "d", "e")) == PLAIN
    with pytest.raises(SecretUnopenableError):
        unseal(key, sealed, secret_binding("a", "bc", "d", "e"))


def test_a_master_key_does_not_show_itself():
    """Neither in a message nor in a traceback."""
    key = MasterKey(b"K" * 32)

    assert "KKK" not in repr(key)
    assert key.key_id != MASTER_KEY.key_id
