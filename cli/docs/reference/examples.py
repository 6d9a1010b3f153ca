"""An action's example as it is typed and as a line of a batch, through the real parser."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cli.actions.command import command_of, read
from cli.core.session import Session
from domain.kernel.action import Action
from domain.kernel.field import fields_of

if TYPE_CHECKING:
    from infra.commands.request import Request


def request_of(action: type[Action]) -> Request:
    """Return the request that the action's example makes, its envelope included. Raises Problem."""
    words = shlex.split(action.EXAMPLE)
    session = Session({})
    params: dict[str, Any] = _params(action, words[3:], session)
    request: Request = read(action, params.pop("bare"), params)
    return request._replace(at=session.at, key=session.key, reason=session.reason)


def _params(action: type[Action], words: Sequence[str], session: Session) -> dict[str, Any]:
    noun, _, verb = action.NAME.partition(".")
    command = command_of(action)
    with command.make_context(f"sales {noun} {verb}", list(words), obj=session) as ctx:
        return dict(ctx.params)


def line_of(action: type[Action]) -> str:
    """Return the example as a line of a batch."""
    request = request_of(action)
    data = {}
    for field in fields_of(action):
        if field.attribute in request.values:
            value, write = request.values[field.attribute], field.kind.write
            data[field.name] = write(value) if write else value
    envelope = {"action": action.NAME, "subject": request.subject, "at": request.at, "reason": request.reason}
    said: dict[str, Any] = {name: value for name, value in envelope.items() if value is not None}
    return json.dumps({**said, "data": data} if data else said, ensure_ascii=False)
