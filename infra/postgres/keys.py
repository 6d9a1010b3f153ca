"""Who may do what with the data keys of a store on Postgres: read and make them, but destroy them only as the projector."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from infra.keystore import open_keys, place_of

if TYPE_CHECKING:
    from infra.database import Database
    from infra.postgres.roles import Roles


def share(db: Database, to: Roles) -> None:
    """Make the key store beside the store, and give the store's roles what they need of it."""
    opened = open_keys(db, None, create=True)
    assert opened is not None
    everybody = f"{to.writer}, {to.reader}, {to.projector}"
    with closing(opened) as keys, keys.transaction():
        keys.script(
            (
                f"REVOKE ALL ON SCHEMA {place_of(db)} FROM PUBLIC, {everybody}",
                f"GRANT USAGE ON SCHEMA {place_of(db)} TO {everybody}",
                f"REVOKE ALL ON meta, data_keys FROM PUBLIC, {everybody}",
                f"GRANT SELECT ON meta, data_keys TO {everybody}",
                f"GRANT INSERT, UPDATE ON meta TO {to.writer}, {to.projector}",
                f"GRANT INSERT ON data_keys TO {to.writer}, {to.projector}",
                f"GRANT UPDATE ON data_keys TO {to.projector}",
            )
        )
