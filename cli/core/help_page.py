"""The help pages: the example first, then what it does, then its words and flags in two columns."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from cli.core.options import path_of
from infra.i18n import translate
from infra.i18n.terminal_text import pad, width, wrap
from infra.i18n.translate import marked

if TYPE_CHECKING:
    from typer import Context

    from cli.core.command import Command, Group

_ = translate.translate

LEFT = 30  # columns at most for what stands left of the help texts

SHOWN = {
    "view": ("as_of", "known_at", "explain", "output", "json", "out"),
    "action": ("at", "actor", "key", "reason", "dry_run", "json"),
    "plain": (),
}


def columns() -> int:
    """Return the columns that a page may fill."""
    return min(shutil.get_terminal_size((100, 24)).columns, 100)


def of_command(command: Command, ctx: Context) -> str:
    """Return the help page of a command."""
    params = [param for param in command.params if not param.hidden]
    words = [param for param in params if param.param_type_name == "argument"]
    usage = command.usage or " ".join(_word(param) for param in words)
    wanted = SHOWN.get(command.shows, ())
    shared = [param for param in command.get_params(ctx) if param not in command.params and param.name in wanted]
    lines = opening(command.example, command.help or "")
    lines += ["", f"{_('Usage:')} {path_of(ctx)}{' ' + usage if usage else ''} [{_('options')}]"]
    lines += section(_("Words"), [(_word(param), _(param.help)) for param in words if param.help])
    own = [param for param in params if param not in words]
    for heading in dict.fromkeys(param.panel for param in own):
        lines += section(_(heading or marked("Options")), map(record, (p for p in own if p.panel == heading)))
    lines += section(_("About the entry") if command.shows == "action" else _("Of every view"), map(record, shared))
    return "\n".join([*lines, "", _("Options of every command: sales --help")])


def of_group(group: Group, ctx: Context) -> str:
    """Return the help page of a group."""
    lines = opening(group.example, group.help or "")
    lines += ["", f"{_('Usage:')} {path_of(ctx)} {_('COMMAND')} ..."]
    listed = group.lines()
    for heading in dict.fromkeys(heading for _name, _line, heading in listed):
        lines += section(
            _(heading or marked("Commands")), [(name, _(line)) for name, line, head in listed if head == heading]
        )
    if ctx.parent is None:
        version = ("--version", _("Print the version."))
        rows = [*map(record, group.get_params(ctx)), version]
        lines += section(_("Options, before or after the command"), rows)
    return "\n".join([*lines, "", f"{_('More:')} {path_of(ctx)} {_('COMMAND')} --help"])


def opening(example: str, doc: str) -> list[str]:
    """Return the first lines of a page."""
    examples = [line.strip() for line in example.strip().splitlines()]
    if len(examples) == 1:
        lines = [f"{_('Example:')} {examples[0]}"]
    else:
        lines = [_("Examples:"), *(f"  {line}" for line in examples)]
    return [*lines, "", *wrap(_(doc), columns())]


def section(heading: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return a heading with two columns below it, the right one wrapped; nothing without rows."""
    held = list(rows)
    if not held:
        return []
    left = min(max(width(word) for word, _help in held), LEFT)
    lines = ["", f"{heading}:" if translate.language() == "en" else f"{heading}："]
    for word, help in held:
        wrapped = wrap(help, max(columns() - left - 4, 20))
        first = wrapped[0] if width(word) <= left else ""
        lines.append(f"  {pad(word, left)}  {first}".rstrip())
        lines += [f"{' ' * (left + 4)}{line}" for line in (wrapped[1:] if first else wrapped) if line]
    return lines


def record(param: Any) -> tuple[str, str]:
    """Return the two columns of an option."""
    flags = ", ".join(sorted(param.opts, key=len))
    if param.secondary_opts:
        flags += f"/{param.secondary_opts[0]}"
    if not param.is_flag:
        flags += f" {param.metavar or 'TEXT'}"
    notes = [_("required")] if param.needed else []
    if param.many and not param.help.endswith("may be repeated."):
        notes.append(_("may be repeated"))
    if param.usual:
        notes.append(translate.filled("{value} if not given", {"value": param.usual}))
    return flags, " ".join([_(param.help), *(f"[{note}]" for note in notes)])


def _word(param: Any) -> str:
    word = param.metavar + ("..." if param.nargs == -1 else "")
    return word if param.required or param.callback else f"[{word}]"
