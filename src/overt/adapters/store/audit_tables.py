"""The tables of the audit log, and triggers that let nobody change what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, LargeBinary, Table, event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, MetaData

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def define_audit_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Return the tables of lines and of the tree's state, added to a schema.

    Of lines, rows are only ever added. The state of the tree is one row; it can be
    computed from the lines. ``metadata.create_all`` also makes what
    :func:`audit_guards` returns; a migration has to execute those statements itself.

    Args:
        metadata: Of the whole store.
    """
    log = Table(
        "audit_log",
        metadata,
        Column("seq", _NUMBER, primary_key=True, autoincrement=False),
        Column("line", LargeBinary, nullable=False, comment="canonical JSON, UTF-8"),
        Column("hash", LargeBinary, nullable=False, comment="SHA-256 of a zero byte and the line"),
        CheckConstraint("seq >= 0", name="seq"),
    )
    tree = Table(
        "audit_tree",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("size", _NUMBER, nullable=False, comment="number of lines"),
        Column("last_hash", LargeBinary, nullable=False, comment="hash of the last line"),
        Column("hashes", LargeBinary, nullable=False, comment="roots of complete subtrees"),
        CheckConstraint("id = 1", name="one_row"),
    )
    _guard_when_made(log, _LOG_GUARDS)
    _guard_when_made(tree, _TREE_GUARDS)
    return log, tree


def audit_guards(dialect: str) -> tuple[str, ...]:
    """Return the statements that guard the tables and put in the row of the empty tree.

    Args:
        dialect: ``sqlite`` or ``postgresql``.
    """
    return (*_LOG_GUARDS[dialect], *_TREE_GUARDS[dialect])


def _guard_when_made(table: Table, guards: Mapping[str, tuple[str, ...]]) -> None:
    @event.listens_for(table, "after_create")
    def guard(_: Table, connection: Connection, **_more: object) -> None:
        for statement in guards[connection.dialect.name]:
            connection.exec_driver_sql(statement)


def _sqlite_refusal(table: str, verb: str, when: str = "") -> str:
    return (
        f"CREATE TRIGGER {table}_{verb.lower()}_refused BEFORE {verb} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
    )


def _postgresql_refusal(table: str, verbs: str, name: str, when: str = "FOR EACH ROW") -> str:
    return (
        f"CREATE TRIGGER {table}_{name}_refused BEFORE {verbs} ON {table} "
        f"{when} EXECUTE FUNCTION audit_log_only_grows()"
    )


_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$
"""
_EMPTY_TREE = "INSERT INTO audit_tree (id, size, last_hash, hashes) VALUES (1, 0, "
_LOG_GUARDS = {
    "sqlite": (
        _sqlite_refusal("audit_log", "UPDATE"),
        _sqlite_refusal("audit_log", "DELETE"),
        # INSERT OR REPLACE deletes without asking the trigger above.
        _sqlite_refusal(
            "audit_log",
            "INSERT",
            "WHEN NEW.seq <> (SELECT coalesce(max(seq) + 1, 0) FROM audit_log)",
        ),
    ),
    "postgresql": (
        _POSTGRESQL_FUNCTION,
        _postgresql_refusal("audit_log", "UPDATE OR DELETE", "change"),
        _postgresql_refusal("audit_log", "TRUNCATE", "truncate", "FOR EACH STATEMENT"),
    ),
}
_TREE_GUARDS = {
    "sqlite": (
        _sqlite_refusal("audit_tree", "DELETE"),
        _sqlite_refusal("audit_tree", "UPDATE", "WHEN NEW.size <= OLD.size"),
        f"{_EMPTY_TREE}zeroblob(32), x'')",
    ),
    "postgresql": (
        _POSTGRESQL_FUNCTION,
        _postgresql_refusal("audit_tree", "DELETE", "delete"),
        _postgresql_refusal("audit_tree", "TRUNCATE", "truncate", "FOR EACH STATEMENT"),
        _postgresql_refusal(
            "audit_tree", "UPDATE", "update", "FOR EACH ROW WHEN (NEW.size <= OLD.size)"
        ),
        f"{_EMPTY_TREE}decode(repeat('00', 32), 'hex'), '')",
    ),
}
