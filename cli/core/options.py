"""Flags and words of a command, and the global options that stand before or after any verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperOption

from infra.config.settings import CHOICES, checked
from infra.errors.problem import Problem, not_among
from infra.i18n import translate
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from typer import Context

Offers = Callable[[Any, str], list[tuple[str, str]]]
"""Returns what a word that is being typed may become, by the context and what stands there; with what is said of each."""


class Option(TyperOption):
    """A flag with what its help says: its heading, whether it is needed, may be repeated, and what holds without it."""

    choices: tuple[str, ...] = ()
    panel: str = ""
    needed: bool = False
    many: bool = False
    usual: str = ""
    offers: Offers


class Argument(TyperArgument):
    """A word that stands bare after the verb."""

    offers: Offers


def option(
    *names: str,
    help: str = "",
    flag: bool = False,
    many: bool = False,
    choices: Sequence[str] = (),
    offers: Sequence[str] = (),
    metavar: str | None = None,
    panel: str = "",
    hidden: bool = False,
    keep: Callable[..., Any] | None = None,
    completes: str = "",
) -> Option:
    """Declare an option: `option("--level", choices=("company", "group"), help="...")`, or a switch with `flag`.

    What is not given is None, or () with `many`. A plain word among `names` is the name of its value
    (`option("since", "--from")`). `help` is a message id. `choices` are checked here; `offers` are only completed.
    What the store knows is completed by its kind: `completes`, or the metavar (see cli.core.completion).
    """
    words = choices or offers
    made = Option(
        param_decls=list(names),
        is_flag=flag,
        type=None if flag else str,
        multiple=many,
        metavar=metavar or ("|".join(choices) if choices else None),
        callback=keep or (_choose if choices else None),
        expose_value=keep is None,
        hidden=hidden,
    )
    made.help, made.choices, made.panel, made.many = help, tuple(choices), panel, many
    made.offers = completion(words, completes or metavar or "")
    return made


def completion(words: Sequence[str], kind: str) -> Offers:
    """Return how a value is completed: by fixed words, or by a kind of thing that the store knows."""

    def complete(ctx: Any, start: str) -> list[tuple[str, str]]:
        if words:
            return [(word, "") for word in words]
        from cli.core.completion import offered

        return list(offered(ctx, kind, start))

    return complete


def argument(
    name: str,
    *,
    help: str = "",
    required: bool = True,
    many: bool = False,
    completes: str = "",
    offers: Offers | None = None,
) -> Argument:
    """Declare a word that stands bare after the verb; None, or () with `many`, where it is not given."""
    stands = name.upper().replace("_", "-")
    made = Argument(param_decls=[name], type=str, nargs=-1 if many else 1, metavar=stands)
    made.help, made.offers = help, offers or completion((), completes or stands)
    made.callback = _needed if required else None
    return made


def _choose(ctx: Context, param: Any, value: Any) -> Any:
    for given in value if param.multiple else [value]:
        if given is not None and given not in param.choices:
            raise not_among(param.opts[-1], given, param.choices, help=param.help)
    return value


def _needed(ctx: Any, param: Any, value: Any) -> Any:
    if not value and not ctx.resilient_parsing:
        name = path_of(ctx).partition(" ")[2]
        raise Problem("usage.missing_field", action=name, field=param.metavar, help=param.help)
    return value


def _keep(ctx: Context, param: Any, value: Any) -> None:
    if value is None or ctx.obj is None:
        return
    if ctx.resilient_parsing and param.name not in ("store", "profile"):
        return  # a line that is being completed may hold half a word
    if param.name == "json":
        ctx.obj.config.flags["output"] = "json"
        return
    if param.name == "log_json":
        ctx.obj.config.flags["log"] = "json"
        return
    if param.name == "store":
        from infra.db.errors import has_password

        if has_password(value):
            raise Problem("config.password_typed")
    ctx.obj.config.flags[param.name] = checked(param.name, value)
    if param.name == "lang":
        translate.use(value)
    if param.name == "unit":
        translate.use_unit(checked(param.name, value))


def _help(ctx: Context, param: Any, value: Any) -> None:
    if value and not ctx.resilient_parsing:
        print(ctx.command.get_help(ctx))
        ctx.exit()


ENVELOPE = ("at", "actor", "key", "reason", "dry_run")


@lru_cache
def global_options() -> tuple[Option, ...]:
    """Return the options that stand before or after any verb."""

    def one(*names: str, help: str, flag: bool = False, metavar: str | None = None) -> Option:
        return option(*names, help=help, flag=flag, metavar=metavar, keep=_keep)

    return (
        one("--store", metavar="URL", help=marked("The store: sqlite:///path or postgresql://...")),
        one(
            "--profile",
            metavar="PROFILE",
            help=marked("The profile of your settings: [profiles.NAME] in a config file."),
        ),
        one(
            "--as-of",
            metavar="MOMENT",
            help=marked("Business time of a view: a date, a time, 2024-W07, yesterday, last friday."),
        ),
        one("--known-at", metavar="MOMENT", help=marked("What was known then: the same forms as --as-of.")),
        one("--explain", flag=True, help=marked("The events behind each number.")),
        one("--output", "-o", metavar="|".join(CHOICES["output"]), help=marked("How data is printed.")),
        one("--json", flag=True, help=marked("The same as -o json.")),
        one("--out", metavar="FILE", help=marked("Write the data into a file instead of stdout.")),
        one(
            "--unit",
            metavar="1|10k",
            help=marked("Amounts in tables for the eye: 1 (元) or 10k (万元); files for programs stay exact."),
        ),
        one("--lang", metavar="en|zh", help=marked("Language of the words; codes and keys stay as they are.")),
        one(
            "--at",
            metavar="TIME",
            help=marked("When it happened: a date, a time, yesterday, last friday, yesterday 15:30; now if not given."),
        ),
        one("--actor", metavar="LOGIN", help=marked("Whose act it is; yours if not given.")),
        one("--key", metavar="KEY", help=marked("An id of your own: the same key records the same thing only once.")),
        one("--reason", metavar="TEXT", help=marked("Why.")),
        one("--dry-run", flag=True, help=marked("Print the events that would be recorded, and record nothing.")),
        one("--yes", "-y", flag=True, help=marked("Answer every question with yes.")),
        one("--no-input", flag=True, help=marked("Never ask.")),
        one("--no-color", flag=True, help=marked("No colours (also NO_COLOR).")),
        one("--no-pager", flag=True, help=marked("Never start a pager.")),
        one("--quiet", "-q", flag=True, help=marked("Say nothing but data and errors.")),
        one("--log-json", flag=True, help=marked("Say on stderr what was run, as a line of JSON (also log = json).")),
        option("--help", "-h", flag=True, help=marked("Show this page."), keep=_help),
    )


def path_of(ctx: Context) -> str:
    """Return the words that lead to the command, as `sales lead capture`."""
    words = []
    at: Any = ctx
    while at is not None:
        words.append(at.info_name or "")
        at = at.parent
    return " ".join(reversed(words))


def replacing() -> Option:
    """Return the flag that lets a copy of more, or of something else, be written over."""
    return option("--replace", flag=True, help=marked("Write over a file even where it holds more, or another log."))
