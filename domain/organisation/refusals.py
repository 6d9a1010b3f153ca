"""Refusals about persons and groups."""

from __future__ import annotations

from typing import Final

from domain.kernel.refusal import Text

TEXTS: Final[dict[str, Text]] = {
    "person.unknown": Text(
        "missing",
        "No person has the login {login}.",
        "Register them first: sales person register {login} --name ... --role rep",
    ),
    "person.ambiguous": Text(
        "missing", "Several people are named {name}: {logins}.", "Write the login of the one that is meant."
    ),
    "person.departed": Text("rule", "{login} has departed on {date}.", "Name somebody who is here."),
    "person.exists": Text("conflict", "{login} is registered already, as {name}.", "Choose another login."),
    "person.reserved": Text("rule", "{login} stands for the rules of the house.", "Choose another login."),
    "person.not_in_group": Text(
        "rule", "{login} is in no group on {date}.", "See who is where: sales progress --level person"
    ),
    "group.unknown": Text("missing", "There is no group {code}.", "Form it first: sales group form {code} --name ..."),
    "group.exists": Text("conflict", "There is a group {code} already, {name}.", "Choose another code."),
}
