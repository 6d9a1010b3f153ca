"""One run of the command line: its settings, its store, and how it talks. stdout is data, stderr is talk."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from infra.config.settings import CHOICES, SECRETS, Config, Setting
from infra.errors.problem import Problem
from infra.i18n import translate

if TYPE_CHECKING:
    from datetime import date

    from cli.core.progress import Meter
    from infra.crypto.keyrings import Places
    from infra.db.sqlite_read_only import Folder
    from infra.formats.result import Result
    from infra.store.store import Store

_ = translate.translate


class Session:
    """What every command gets first. Flags given before or after the verb are in `config.flags`."""

    def __init__(self, environ: Mapping[str, str], words: Sequence[str] = (), folder: str = ".") -> None:
        """Read the settings of `environ`; `words` give language and format where the line turns out to be mistyped."""
        self.config = Config(environ, folder)
        self._store: Store | None = None
        self.acts = False  # whether what is asked is an act, which may be a store's first
        self.trying: Folder | None = None  # where the passing store lies in which such an act is decided
        self._said: list[str] = []
        self._meter: Meter | None = None
        self.ran, self.for_the_eye = "", False
        peeked = peek(words)
        self.config.flags.update(peeked)
        try:
            translate.use(self.config.find("lang").value)
            translate.use_unit(self.config.find("unit").value)
        finally:
            for name in peeked:
                del self.config.flags[name]
        self._peeked, self.words = peeked, tuple(words)

    def setting(self, name: str) -> Setting:
        """Return a setting with its origin. Raises Problem for a value that it can't take."""
        return self.config.find(name)

    def __getattr__(self, name: str) -> Any:
        """Return the value of the setting `name`: store is `store_url`, the others have their own names."""
        if name == "store_url":
            return self.address
        if name.startswith("_"):
            raise AttributeError(name)
        return self.config.find(name).value

    @property
    def address(self) -> str:
        """The store's address; the password of a server's store that has none in it comes with it, unseen."""
        from infra.db.errors import has_password

        store = self.config.find("store")
        url = str(store.value)
        if url.startswith("sqlite:") or has_password(url):
            return url
        for name in SECRETS:
            said = self.config.find(name)
            # A password goes only to the server that it is kept beside: another file may name another server.
            if said.value and said.origin in (store.origin, "environment"):
                from infra.config.secrets import SOURCES, Address

                return Address(url, partial(SOURCES[name], said.value))
        return url

    @property
    def json(self) -> bool:
        """Say whether answers and errors are JSON, also while the line is not understood yet."""
        asked = self.config.flags.get("output") or self._peeked.get("output")
        return (asked or self.config.asked("output").value) in ("json", "jsonl")

    @property
    def login(self) -> str:
        """Who sits at the keyboard: whom the login on Postgres stands for, else the actor but for --actor."""
        if self._store is not None and self._store.signed_in:
            return self._store.signed_in.person
        given = self.config.flags.pop("actor", None)
        try:
            return str(self.config.find("actor").value)
        finally:
            if given is not None:
                self.config.flags["actor"] = given

    @property
    def actor(self) -> str:
        """Whose acts these are: --actor, else who sits at the keyboard."""
        return str(self.config.flags.get("actor") or self.login)

    def store(self) -> Store:
        """Return the opened store. Raises Problem where there is none; for an act one is then made only to decide in."""
        if self._store is None:
            from infra.store.open import open_store

            try:
                self._store = self._ready(open_store(self.store_url, places=self.places, notes=self.notes))
            except Problem as problem:
                if problem.code != "store.missing" or not self.acts:
                    raise
                self._store = self._ready(self._passing(self.login))
        return self._store

    def begun(self) -> Store:
        """Return the store to record in, made where none is and none was; not even then with --dry-run. Raises Problem."""
        self.acts = True
        store = self.store()
        if self.trying and not self.dry_run:
            store = self._made(self.login)
        if not self.trying:
            self.remember(store)
        return store

    def _made(self, first_actor: str | None, settings: Mapping[str, str] | None = None) -> Store:
        """Make the store, unless somebody else just has, and say where."""
        from infra.store.open import create_store

        self.close()
        store, made = create_store(self.store_url, first_actor=first_actor, settings=settings, places=self.places)
        self._store = self._ready(store)
        if made:
            line = translate.marked("Made a new store at {store}; {login} is its director.")
            line = line if first_actor else translate.marked("Made a new store at {store}.")
            self.say(translate.filled(line, {"store": store.shown_url, "login": first_actor or ""}))
        return store

    def _passing(self, first_actor: str | None, settings: Mapping[str, str] | None = None) -> Store:
        """Return a store that is gone with this run, where an act may make one. Raises Problem where it may not."""
        from infra.crypto.keyrings import Places
        from infra.db.sqlite_read_only import folder
        from infra.store.creation import must_begin
        from infra.store.open import create_store

        must_begin(self.store_url, self.notes, folders=self.config.find("store").origin == "default")
        self.trying = folder()
        place = f"{self.trying.name}/store"
        places = Places(f"sqlite:///{place}.keys", f"{place}-wrapping-keys")
        return create_store(f"sqlite:///{place}.db", first_actor=first_actor, settings=settings, places=places)[0]

    def _ready(self, store: Store) -> Store:
        store.brief = True
        store.told_lag, store.told_day, store.told_folding = self._lagging, self.said_back, self._folding
        if getattr(store.db, "aside", None):
            self.say(
                _(
                    "Nothing can be written where the store lies; it is read with the journal beside it in a passing copy."
                )
            )
        return store

    @property
    def notes(self) -> str:
        """Where this machine remembers stores, apart from them."""
        from infra.config.environment import data_folder

        return os.path.join(data_folder(self.config.environ), "seen")

    def remember(self, store: Store, *, backup: str | None = None, copying: str | None = None) -> None:
        """Note where the store is, so that it is missed when it is gone; a note that can't be written disturbs nothing."""
        from infra.store import locations

        if store.db.dialect == "sqlite" or copying:
            place = locations.path_of(self.store_url) or store.shown_url
            with suppress(OSError):
                store_id = store.settings.get("store_id", "")
                locations.remember(self.notes, place, store_id, backup=backup, copying=copying)

    def said_back(self, flag: str, day: date, word: str) -> None:
        """Say which day a word was taken for, once."""
        line = translate.filled(translate.marked("{flag} {day} ({word})"), {"flag": flag, "day": day, "word": word})
        if line not in self._said:
            self._said.append(line)
            self.say(line)

    def _lagging(self, lag: int) -> None:
        line = translate.marked("The tables lag {count} events behind the log; let somebody run: sales work")
        self.say(translate.filled(line, {"count": lag}))

    def _folding(self, reached: int, end: int) -> None:
        """Show how far a fold is that an act has to wait for."""
        if self._meter is None:
            from cli.core.progress import Meter

            self._meter = Meter(translate.translate("events"), quiet=self.quiet)
        self._meter.at(reached, end)
        if reached >= end:
            self._meter.done()

    def empty_store(self, settings: Mapping[str, str] | None = None, *, anew: bool = False) -> Store:
        """Return the store at the session's address, made without registering anybody where none is and none was.

        `anew` makes one where one was, too. With --dry-run a passing one stands for it. Raises Problem.
        """
        from infra.store.creation import must_begin
        from infra.store.open import open_store

        if self._store is None:
            try:
                open_store(self.store_url, places=self.places, notes=self.notes).close()
            except Problem as problem:
                if problem.code not in ("store.missing", "store.gone"):
                    raise
                if self.dry_run:
                    self._store = self._ready(self._passing(None, settings))
                    return self._store
                if self.store_url.startswith("sqlite:") and not anew:
                    must_begin(self.store_url, self.notes, folders=self.config.find("store").origin == "default")
            self.remember(self._made(None, settings))
        assert self._store is not None
        return self._store

    @property
    def places(self) -> Places:
        """Where the settings say that keys are."""
        from infra.crypto.keyrings import Places

        return Places(self.config.find("keys").value, self.config.find("wrapping_key_file").value)

    def use(self, store: Store) -> None:
        """Go on with a store that is open already."""
        self.close()
        self._store = store

    @property
    def position(self) -> int | None:
        """The last position of the log that this run has opened."""
        return self._store.reader.head()[0] if self._store is not None else None

    def reopen(self) -> None:
        """Let the next look open the store anew, after its connection was lost."""
        try:
            self.close()
        finally:
            self._store = None

    def close(self) -> None:
        """Give the store back."""
        if self._store is not None:
            self._store.close()
            self._store = None
        if self.trying is not None:
            self.trying.cleanup()
            self.trying = None

    def say(self, message: str) -> None:
        """Say something about the work, on stderr; -q silences it."""
        if not self.quiet:
            print(message, file=sys.stderr)

    def answer(self, body: Mapping[str, Any]) -> None:
        """Print one JSON object on a line of its own."""
        from cli.core.output import json_text

        print(json_text(body))

    def show(self, view: Result) -> None:
        """Print a view in the format asked for."""
        from cli.core import output

        output.show(self, view)

    @property
    def can_ask(self) -> bool:
        """Say whether somebody sits there who can be asked."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def confirm(self, question: str) -> bool:
        """Ask, on a terminal only; without one, or with --no-input, the answer is whether --yes was given."""
        if self.yes:
            return True
        if not self.can_ask:
            return False
        print(question, _("[y/N] "), end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes", "是")

    def colored(self, stream: TextIO) -> bool:
        """Say whether `stream` may be coloured."""
        return stream.isatty() and not self.no_color


def peek(words: Sequence[str]) -> dict[str, Any]:
    """Return the language and the format that a line asks for, before it is parsed."""
    found: dict[str, Any] = {}
    for index, word in enumerate(words):
        if word == "--":
            break
        flag, equals, value = word.partition("=")
        if flag == "--json":
            found["output"] = "json"
        name = {"--lang": "lang", "--output": "output", "-o": "output"}.get(flag)
        if name:
            given = value if equals else words[index + 1] if index + 1 < len(words) else ""
            if given in CHOICES[name]:
                found[name] = given
    return found


def of_process(words: Sequence[str]) -> Session:
    """Return the session of this process."""
    return Session(os.environ, words)
