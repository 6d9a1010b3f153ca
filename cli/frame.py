"""A command of ours: typer's, with the global options on every level, our help, and errors in our form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from cli import text
from cli.text import marked
from infra.config import CHOICES, checked
from infra.problem import Problem

if TYPE_CHECKING:
    from typer import _click
    from typer._click.shell_completion import CompletionItem

    from cli.session import Session

_ = text.translate

Run = Callable[..., "int | None"]


class Option(TyperOption):
    """A flag with its values: `choices` are checked, `panel` is its heading in help."""

    choices: tuple[str, ...] = ()
    panel: str = ""


def option(
    *names: str,
    help: str = "",
    flag: bool = False,
    many: bool = False,
    choices: Sequence[str] = (),
    metavar: str | None = None,
    panel: str = "",
    hidden: bool = False,
    keep: Callable[..., Any] | None = None,
) -> Option:
    """Declare an option: `option("--level", choices=("company", "group"), help="...")`, or a switch with `flag`.

    What is not given is None, or () with `many`. A plain word among `names` is the name of its value
    (`option("since", "--from")`). `help` is a message id.
    """
    made = Option(
        param_decls=list(names),
        is_flag=flag,
        type=None if flag else str,
        multiple=many,
        metavar=metavar or ("|".join(choices) if choices else None),
        callback=keep or (_choose if choices else None),
        expose_value=keep is None,
        hidden=hidden,
        shell_complete=(lambda ctx, param, start: [c for c in choices if c.startswith(start)]) if choices else None,
    )
    made.help, made.choices, made.panel = help, tuple(choices), panel
    return made


def argument(name: str, *, help: str = "", required: bool = True, many: bool = False) -> TyperArgument:
    """Declare a word that stands bare after the verb; None, or () with `many`, where it is not given."""
    made = TyperArgument(param_decls=[name], type=str, nargs=-1 if many else 1, metavar=name.upper().replace("_", "-"))
    made.help = help
    made.callback = _needed if required else None
    return made


def _choose(ctx: _click.Context, param: Any, value: Any) -> Any:
    for given in value if param.multiple else [value]:
        if given is not None and given not in param.choices:
            facts = {"choices": ", ".join(param.choices)}
            why = "it is one of {choices}"
            raise Problem(
                "usage.bad_value", field=param.opts[-1], value=given[:80], why=why, why_facts=facts, help=param.help
            )
    return value


def _needed(ctx: _click.Context, param: Any, value: Any) -> Any:
    if not value and not ctx.resilient_parsing:
        name = path_of(ctx).partition(" ")[2]
        raise Problem("usage.missing_field", action=name, field=param.metavar, help=param.help)
    return value


def _keep(ctx: _click.Context, param: Any, value: Any) -> None:
    if value is None or ctx.obj is None:
        return
    if param.name == "json":
        ctx.obj.config.flags["output"] = "json"
        return
    ctx.obj.config.flags[param.name] = checked(param.name, value)
    if param.name == "lang":
        text.use(value)


def _help(ctx: _click.Context, param: Any, value: Any) -> None:
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
            "--as-of", metavar="MOMENT", help=marked("Business time of a view: 2024-02-18, a time, 2024-W07, yesterday.")
        ),
        one("--known-at", metavar="MOMENT", help=marked("What was known then: the same forms as --as-of.")),
        one("--explain", flag=True, help=marked("The events behind each number.")),
        one("--output", "-o", metavar="|".join(CHOICES["output"]), help=marked("How data is printed.")),
        one("--json", flag=True, help=marked("The same as -o json.")),
        one("--out", metavar="FILE", help=marked("Write the data into a file instead of stdout.")),
        one("--lang", metavar="en|zh", help=marked("Language of the words; codes and keys stay as they are.")),
        one("--at", metavar="TIME", help=marked("When it happened: 2024-02-18, a time, today or yesterday; now if not given.")),
        one("--actor", metavar="LOGIN", help=marked("Whose act it is; yours if not given.")),
        one("--key", metavar="KEY", help=marked("An id of your own: the same key records the same thing only once.")),
        one("--reason", metavar="TEXT", help=marked("Why.")),
        one("--dry-run", flag=True, help=marked("Print the events that would be recorded, and record nothing.")),
        one("--yes", "-y", flag=True, help=marked("Answer every question with yes.")),
        one("--no-input", flag=True, help=marked("Never ask.")),
        one("--no-color", flag=True, help=marked("No colours (also NO_COLOR).")),
        one("--no-pager", flag=True, help=marked("Never start a pager.")),
        one("--quiet", "-q", flag=True, help=marked("Say nothing but data and errors.")),
        option("--help", "-h", flag=True, help=marked("Show this page."), keep=_help),
    )


class Ours:
    """What commands and groups share: global options that a command's own ones go before."""

    params: list[Any]
    _all: list[Any] | None = None

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the own parameters and those of the global options whose flags are free."""
        if self._all is None:
            taken = {flag for param in self.params for flag in (*param.opts, *param.secondary_opts)}
            free = [shared for shared in global_options() if not taken & set(shared.opts)]
            self._all = [*self.params, *free]
        return self._all


class Command(Ours, TyperCommand):
    """A command that runs `run(session, **parameters)`; its help opens with `example`."""

    def __init__(
        self, name: str, run: Run, *, params: Sequence[Any] = (), help: str, example: str, usage: str = "", shows: str = ""
    ) -> None:
        """Hold the command. `shows` names the global options that its help spells out: view, action or none."""
        super().__init__(name, params=list(params), help=help, add_help_option=False, rich_markup_mode=None)
        self.run, self.example, self.usage, self.shows = run, example, usage, shows

    def get_help(self, ctx: _click.Context) -> str:
        from cli import helping

        return helping.of_command(self, ctx)

    def invoke(self, ctx: _click.Context) -> int:
        return self.run(ctx.obj, **ctx.params) or 0


def command(
    *params: Any, example: str, name: str = "", shows: str = "view"
) -> Callable[[Callable[..., int | None]], Command]:
    """Make a command of a function `(session, **parameters) -> exit status or None`; its docstring is its help."""

    def declare(run: Run) -> Command:
        doc = " ".join((run.__doc__ or "").split())
        return Command(name or run.__name__.replace("_", "-"), run, params=params, help=doc, example=example, shows=shows)

    return declare


class Group(Ours, TyperGroup):
    """Commands by name, each loaded only when it is asked for."""

    def __init__(self, name: str, *, help: str, example: str) -> None:
        super().__init__(name=name, help=help, add_help_option=False, rich_markup_mode=None)
        self.example = example
        self.invoke_without_command = True

    def lines(self) -> list[tuple[str, str, str]]:
        """Return name, one-line help and heading of each command, without loading it where that costs."""
        raise NotImplementedError

    def load(self, name: str) -> Any:
        """Return the command `name`, or None."""
        raise NotImplementedError

    def list_commands(self, ctx: _click.Context) -> list[str]:
        return [name for name, _line, _heading in self.lines()]

    def get_command(self, ctx: _click.Context, cmd_name: str) -> Any:
        return self.load(cmd_name)

    def get_help(self, ctx: _click.Context) -> str:
        from cli import helping

        return helping.of_group(self, ctx)

    def invoke(self, ctx: _click.Context) -> Any:
        if not ctx._protected_args:
            print(self.get_help(ctx))
            return 0
        return super().invoke(ctx)

    def resolve_command(self, ctx: _click.Context, args: list[str]) -> tuple[str | None, Any, list[str]]:
        found = self.load(args[0])
        if found is None and not ctx.resilient_parsing:
            raise unknown(self, ctx, args)
        return (args[0] if found else None), found, args[1:]

    def shell_complete(self, ctx: _click.Context, incomplete: str) -> list[CompletionItem]:
        from typer._click.shell_completion import CompletionItem as Item

        offered = [Item(name, help=_(line)) for name, line, _heading in self.lines() if name.startswith(incomplete)]
        return offered if incomplete[:1] != "-" else super().shell_complete(ctx, incomplete)


def path_of(ctx: _click.Context) -> str:
    """Return the words that lead to the command, as `sales lead capture`."""
    words = []
    at: Any = ctx
    while at is not None:
        words.append(at.info_name or "")
        at = at.parent
    return " ".join(reversed(words))


def unknown(group: Group, ctx: _click.Context, args: list[str]) -> Problem:
    """Return the problem of a command that doesn't exist, with the one that was meant."""
    place = path_of(ctx).partition(" ")[2]
    names = group.list_commands(ctx)
    near = get_close_matches(args[0], names, 1, 0.5) or [name for name in names if name.startswith(args[0])][:1]
    facts = {"command": f"{place} {args[0]}".strip()}
    if not near:
        why = marked("There is no command {command}.")
    else:
        why = marked("There is no command {command}. Did you mean {suggestion}?")
        facts["suggestion"] = f"{place} {near[0]}".strip()
    return Problem("usage.options", why=why, why_facts=facts, command=place)
