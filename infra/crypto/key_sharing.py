"""Which group each data key is wrapped for: settled by whoever keeps the tables, as customers and people change hands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from domain.kernel.rights import roles
from infra.crypto.group_keys import ALONE, COMPANY, EVERYBODY, SYMMETRIC, TeamWrapper, owner_of, pair
from infra.crypto.key_store import DataKey, KeyRows
from infra.crypto.keyring import DIGEST, Keyring
from infra.crypto.master_key_file import KeysUnusable, MasterKey
from infra.crypto.recipient import seal_to
from infra.db.errors import StoreFault
from infra.errors.problem import Problem
from projections.engine.projection import OPEN

if TYPE_CHECKING:
    from infra.db.database import Database

PEOPLE: Final = f"SELECT login, role FROM {{persons}} WHERE known_to = {OPEN}"
GROUPS: Final = f"SELECT code, parent FROM {{groups_known}} WHERE known_to = {OPEN}"
# Who has left keeps the group that was theirs last, as in what each group sees.
MEMBERS: Final = f"""
SELECT DISTINCT ON (login) login, groups FROM {{memberships}} WHERE known_to = {OPEN} AND first <= (
    SELECT (now() AT TIME ZONE value)::date - date '0001-01-01' + 1 FROM store WHERE name = 'zone'
) ORDER BY login, first DESC
"""
# A lead merged into another (its last row is empty) stays whose it was.
OWNERS: Final = f"""
SELECT DISTINCT ON (c.customer) c.customer, coalesce(t.owner, '') FROM {{tracked}} c JOIN {{tracking}} t USING (number)
WHERE t.known_to = {OPEN} ORDER BY c.customer, t.stage = '', t.since DESC
"""
HOLDERS: Final = "SELECT DISTINCT subject, actor FROM {records} WHERE kind = 'review'"


NEEDED: Final = ("organisation", "tracking", "records")

Named = Callable[["Database", Iterable[str]], Mapping[str, str]]
"""Returns the real name of each table of some read models. Raises Problem or LookupError if one can't be asked."""


class Settled(NamedTuple):
    """What settling did: keys that were wrapped for all until then, keys that have another group now, and new groups."""

    brought: int = 0
    moved: int = 0
    groups: int = 0


class House(NamedTuple):
    """The groups with the one above each, whose group each person is in, each person's role, and who owns what has a key."""

    parents: Mapping[str, str]
    groups: Mapping[str, str]
    people: Mapping[str, str]
    owners: Mapping[str, str]

    def alone(self) -> set[str]:
        """Return the persons of no group who don't see everything."""
        whole = roles("read everything")
        return {login for login, role in self.people.items() if login not in self.groups and role not in whole}

    def team(self, subject: str) -> str | None:
        """Return the team of what a key seals; None where nothing is known of it yet."""
        of = subject.partition("/")[0]
        if of.startswith(("cus_", "rev_")):
            if of not in self.owners:
                return None
            owner = self.owners[of]
            return self.groups.get(owner, ALONE + owner) if owner else EVERYBODY
        return EVERYBODY


def begin(ring: Keyring) -> bool:
    """Make the company's key pair in a store that has none, and the secret of digests; returns whether it is there.

    Raises StoreFault where the file lacks the wrapping key that the data keys have been wrapped with.
    """
    rows = ring.rows(create=True)
    if rows is None or not rows.grouped:
        return False
    if not rows.teams():
        with rows.db.transaction():
            rows.db.one("SELECT pg_advisory_xact_lock(hashtext('salestrail.keys'))")
            if not rows.teams():
                _make_company(ring, rows)
        ring.close()
        ring.secret()
    return True


def _make_company(ring: Keyring, rows: KeyRows) -> None:
    """Make the company's key pair, in the transaction that is open, and keep its private key in this machine's file."""
    used = rows.wrapping(hold=True)
    if used is not None:
        ring.ready()
    private, public = pair(rows.id, COMPANY)
    ring.file.add(private)
    rows.keep_team(public)
    rows.note_before(used or "")
    rows.use_wrapping(public.fingerprint)


def begun(ring: Keyring) -> bool:
    """Say whether this file opens the company's wrapping key, with which all is wrapped once there are groups."""
    rows, wrapper = ring.rows(), ring.wrapper
    return rows is not None and isinstance(wrapper, TeamWrapper) and wrapper.reaches(wrapper.teams[COMPANY].fingerprint)


class Ailing(NamedTuple):
    """What is wrong with keys for groups: whether there are any yet, why this desk can't use its own, how many are damaged."""

    begun: bool
    why: str = ""
    damaged: int = 0


def ailing(ring: Keyring) -> Ailing | None:
    """Return what is wrong with the keys as this desk sees them; None where groups have none of their own."""
    rows = ring.rows()
    if rows is None or not rows.grouped:
        return None
    if not isinstance(ring.wrapper, TeamWrapper):
        return Ailing(begun=False)
    try:
        ring.wrapper.current(rows)
    except KeysUnusable as wrong:
        return Ailing(begun=True, why=str(wrong))
    return Ailing(begun=True, damaged=sum(isinstance(raw, StoreFault) for _, raw in ring.unwrapped(rows.every())))


def settle(ring: Keyring, db: Database, named: Named) -> Settled:
    """Wrap each data key for the team that may see what it seals, as far as the tables know; raises StoreFault."""
    try:
        made = ring.rows() is not None and begin(ring)
    except KeysUnusable:
        return Settled()  # this machine's file is not the one for it, which doctor tells
    rows, wrapper = ring.rows(), ring.wrapper
    if not made or rows is None or not isinstance(wrapper, TeamWrapper) or not begun(ring):
        return Settled()
    head = db.one("SELECT position FROM head")
    day, since = rows.settled()
    today = db.one("SELECT (now() AT TIME ZONE value)::date::text FROM store WHERE name = 'zone'")
    touched = _touched(db, since) if day == (today or ("",))[0] else None
    if touched is not None and not touched and not rows.unsettled():
        return Settled()
    house = _house(db, named)
    if house is None:
        return Settled()
    groups = _teams(rows, wrapper, house)
    done = _wrapped(rows, wrapper, house, touched)
    rows.note_settled((today or ("",))[0], head[0] if head else 0)
    return done._replace(groups=groups)


def handed_out(ring: Keyring, db: Database, named: Named, login: str) -> MasterKey:
    """Return the wrapping key for a person's desk: the company's for who sees everything, else that of the group.

    Raises Problem where there are no groups, where the person is not known, or where this file may not hand it out.
    """
    rows, wrapper = ring.rows(), ring.wrapper
    if rows is None or not isinstance(wrapper, TeamWrapper):
        raise Problem("keys.no_groups")
    house = _house(db, named)
    if house is None:
        raise Problem("keys.not_settled", login=login)
    whole = {person for person, role in house.people.items() if role in roles("read everything")}
    if login not in house.people:
        raise Problem("person.unknown", login=login)
    team = COMPANY if login in whole else house.groups.get(login, ALONE + login)
    if team not in wrapper.teams:
        raise Problem("keys.not_settled", login=login)
    fingerprint = wrapper.teams[team].fingerprint
    return MasterKey(owner_of(rows.id, team), fingerprint, wrapper.private(fingerprint))


def _touched(db: Database, since: int) -> set[str] | None:
    """Return the subjects in which something happened after a position; None if it was people or groups: then all."""
    streams = {str(stream) for (stream,) in db.all("SELECT DISTINCT stream FROM log WHERE position > ?", (since,))}
    if any(stream.startswith(("per_", "grp_")) for stream in streams):
        return None
    return {stream for stream in streams if stream.startswith(("cus_", "rev_"))}


def _house(db: Database, named: Named) -> House | None:
    """Return what the tables know of people and customers; None where one of them can't be asked just now."""
    try:
        real = named(db, NEEDED)
    except (Problem, LookupError):
        return None
    groups: dict[str, str] = dict(db.all(MEMBERS.format(**real)))
    return House(
        dict(db.all(GROUPS.format(**real))),
        groups,
        dict(db.all(PEOPLE.format(**real))),
        dict(db.all(OWNERS.format(**real))) | dict(db.all(HOLDERS.format(**real))),
    )


def _teams(rows: KeyRows, wrapper: TeamWrapper, house: House) -> int:
    """Give each team its key pair, and each private key to whom it is for; returns how many teams are new."""
    wanted = {EVERYBODY, *house.parents, *(ALONE + login for login in house.alone())}
    fresh = wanted - wrapper.teams.keys()
    with rows.db.transaction():
        for team in sorted(fresh):
            private, public = pair(rows.id, team)
            company = wrapper.teams[COMPANY]
            rows.keep_team(public)
            rows.hand_on([(public.fingerprint, company.fingerprint, seal_to(company.public, private.key))])
    if fresh:
        wrapper.forget()
    teams = wrapper.teams
    for_whom = {(teams[team].fingerprint, teams[holder].fingerprint): holder for team, holder in _handed(house, teams)}
    among = {each.fingerprint for each in teams.values()}
    there = {pair for pair in rows.handed_on() if among.issuperset(pair)}
    whole = teams[COMPANY].fingerprint
    with rows.db.transaction():
        for fingerprint, holder in for_whom.keys() - there:
            sealed = seal_to(teams[for_whom[fingerprint, holder]].public, wrapper.private(fingerprint))
            rows.hand_on([(fingerprint, holder, sealed)])
        rows.take_back(pair for pair in there - for_whom.keys() if whole not in pair)
    return len(fresh)


def _handed(house: House, teams: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the teams whose private key another team has: of everybody's each, of a group below the one above."""
    yield from ((EVERYBODY, team) for team in teams if team not in (EVERYBODY, COMPANY))
    yield from ((code, parent) for code, parent in house.parents.items() if parent in teams and code in teams)


def _wrapped(rows: KeyRows, wrapper: TeamWrapper, house: House, touched: set[str] | None) -> Settled:
    """Wrap the keys anew that are not as they should be; those of all subjects unless some are named."""
    company = wrapper.teams[COMPANY].fingerprint
    brought = moved = left = 0
    changed: list[tuple[DataKey, str, bool]] = []
    for key, settled in rows.live_among(touched, company):
        team = EVERYBODY if key.subject == DIGEST else house.team(key.subject)
        team = team if team is None or team in wrapper.teams else None
        known = team is not None
        wanted = key._replace(team=team if known else key.team)
        right = key.wrap == company and key.wrapped is not None and len(key.wrapped) == SYMMETRIC
        has = wrapper.teams.get(wanted.team or "") if wanted.team is not None else None
        if right and (wanted.team, has.fingerprint if has else "") == (key.team, key.share):
            if known != settled:
                changed.append((key, key.wrap, known))
            continue
        try:
            again = wrapper.wrapped(wanted, wrapper.raw(key), MasterKey("", company, b""))
        except StoreFault:
            left += 1  # a damaged key is told by doctor, and stops no other
            continue
        brought += key.wrap != company
        moved += key.wrap == company and again.team != key.team
        changed.append((again, key.wrap, known))
    rows.settle_all(changed)
    if rows.before() and touched is None and not left:
        rows.note_before("")
        wrapper.file.leave(rows.id, company)
        wrapper.forget()
    return Settled(brought, moved)
