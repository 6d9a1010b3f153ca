"""`sales template`: the forms of the process as workbooks to fill in, and what there are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cli.core.command import command
from cli.core.options import argument
from infra.errors.problem import Problem
from infra.formats.result import Result
from infra.i18n import translate
from infra.i18n.translate import filled, marked
from projections.views.column import Column

if TYPE_CHECKING:
    from cli.core.session import Session
    from infra.imports.template_choices import Names

_ = translate.translate

TEMPLATES = (
    Column("name", marked("Name")),
    Column("title", marked("Title")),
    Column("about", marked("A row")),
    Column("actions", marked("Actions"), "list"),
)


@command(
    argument("name", required=False, help=marked("The form, as sales template lists them.")),
    example="sales template follow-ups --out 跟进记录表.xlsx",
    shows="none",
)
def template(session: Session, name: str | None) -> None:
    """Write a form as a workbook to fill in, with drop-downs, notes and an example; without a name list the forms.

    The drop-downs hold the logins, groups, customers and contracts that the store knows, where there is one. What was
    filled in is recorded by: sales import NAME FILE.
    """
    from infra.imports import form as forms

    if name is None:
        language = translate.language()
        every = [forms.form(each) for each in forms.forms()]
        rows = [
            {
                "name": form.name,
                "title": form.title.said(language),
                "about": form.about.said(language),
                "actions": list(dict.fromkeys(step.action for step in form.steps)),
            }
            for form in every
        ]
        session.show(Result("template", TEMPLATES, rows, title=marked("Forms")))
        return
    from cli.commands.import_ import form_of
    from cli.commands.report import written
    from infra.imports.template_workbook import workbook

    form = form_of(name)
    if not session.out and sys.stdout.isatty():
        why = marked("A workbook is no text for a terminal: name a file with --out.")
        raise Problem("usage.options", why=why, command="template")
    written(session, session.out or "-", workbook(form, known(session)))


def known(session: Session) -> Names:
    """Return the names for the drop-downs; none where there is no store, which is none of a template's business."""
    from infra.imports.template_choices import names
    from infra.store.open import open_store

    try:
        store = open_store(session.store_url, places=session.places)
    except Problem as problem:
        if problem.code != "store.missing":
            session.say(_("warning: ") + filled(marked("The drop-downs hold no names: {code}"), {"code": problem.code}))
        return {}
    session.use(store)
    return names(store)
