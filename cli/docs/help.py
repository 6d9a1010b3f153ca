"""`sales help`: pages on what no single command explains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from cli.core.command import command
from cli.core.help_page import columns, section
from cli.core.options import argument
from cli.core.output import printed
from infra.errors.problem import Problem
from infra.i18n import translate
from infra.i18n.terminal_text import wrap
from infra.i18n.translate import filled, marked

if TYPE_CHECKING:
    from cli.core.session import Session

_ = translate.translate

PAGES: Final[dict[str, tuple[str, str, str]]] = {
    "batch": (
        marked("Recording many actions from JSON Lines"),
        """sales apply actions.jsonl
{"action": "lead.capture", "key": "expo#17", "actor": "zhang.san", "at": "2024-01-08T10:00:00+08:00",
 "data": {"company": "某某科技有限公司", "channel": "exhibition", "campaign": "CIIE-2024"}}""",
        marked(
            "One action a line; each is answered by a line, in order. A bad line is answered with its error and"
            " the others go on (exit status 8); with --atomic nothing is recorded unless all hold. A key makes a"
            " line safe to repeat: the same content again is already recorded, other content is a conflict. The"
            " subject of a line is named by its id, by the key of the line that made it, or by its exact name. The"
            " fields of an action: sales schema lead.capture"
        ),
    ),
    "import": (
        marked("Recording the rows of a workbook or a CSV file"),
        """sales template follow-ups --out follow-ups.xlsx
sales import follow-ups follow-ups.xlsx --dry-run
sales import leads expo.csv --map map.toml""",
        marked(
            "sales template lists the forms and writes each as a workbook to fill in; a table of your own does as well."
            " Columns are found by their headings, Chinese or English; a mapping file names those that are not"
            " found. --dry-run shows the verdict on each row and records nothing. CSV is UTF-8, with or without a"
            " byte order mark, or GB18030. The same file again records nothing new; a row that was changed under"
            " its key is a conflict, and nothing is overwritten."
        ),
    ),
    "periods": (
        marked("Naming a period of time"),
        """sales progress --period 2024Q1
sales progress --period 2024-02
sales audit --period 2024-W07""",
        marked(
            "2024Q1 is a quarter, 2024-02 a month, 2024-W07 an ISO week, 2024-02-18 a day, 2024 a year, and"
            " 2024-01-08..2024-02-18 any stretch of days. Years and quarters follow the store's fiscal year."
        ),
    ),
    "times": (
        marked("The two times of everything"),
        """sales tracking --as-of 2024-02-18
sales tracking --as-of 2024-02-18 --known-at 2024-02-20""",
        marked(
            "Each event has the time when it happened (--at, now if not given) and the time when it was recorded."
            " A view shows what held at --as-of, as far as it was known at --known-at; a date means the end of"
            " that day. What was reported for an earlier --known-at never changes."
        ),
    ),
    "days": (
        marked("Words for days"),
        """sales next-action set 某某科技有限公司 --what 寄样品 --due 下周一
sales follow-up log 某某科技有限公司 --channel call --at "yesterday 15:30" --next-actions "寄报价 @ 3个工作日"
sales tracking --as-of "last friday\"""",
        marked(
            "Wherever a date is typed: 2024-02-18, today, yesterday, tomorrow, friday, next monday, last friday, +3d,"
            " +2w, +3wd (working days), -3d, 3/5 (5 March), end of month; 今天, 明天, 后天, 周五, 下周一, 上周五, 3天后,"
            " 3个工作日, 3月5日, 20号, 月底. The day that was understood is said back. A weekday or a day without its"
            " year is the next one for what is due, and the last one for what has happened; today counts. Next monday"
            " and 下周一 are of the next week from Monday to Sunday. Numbers count from the day of --at. Files keep to"
            " 2024-02-18."
        ),
    ),
    "corrections": (
        marked("Mending what was recorded"),
        """sales event correct 318 --values '{"amount": "800000"}' --reason 少写一个零
sales event void 318 --reason 重复录入
sales undo""",
        marked(
            "Nothing is changed or deleted: a correction is an event of its own that names the first one, and the"
            " audit shows both. What concerns an approved target or a signed contract is corrected by a second"
            " person. sales undo takes back your last act, or the one that is named, by the withdrawal or the opposite act that"
            " fits; again, it takes back the act before."
        ),
    ),
    "formats": (
        marked("How data is printed"),
        """sales tracking -o csv --out tracking.csv
sales tracking -o xlsx --out tracking.xlsx
sales tracking --out tracking.md
sales progress --unit 10k
sales progress --json""",
        marked(
            "table is for reading, plain has tabs between the cells, json and jsonl have decimals as text and"
            " times with their offset, csv opens in Excel, xlsx has typed cells, charts and a sheet about the question,"
            " html is a page, md a table for a document. Without -o the ending of --out says which. --unit 10k shows"
            " amounts in 10k (万元) in table, html and md; the others stay exact. Data goes to stdout, all talk to"
            " stderr."
        ),
    ),
}

EXITS: Final = (
    ("0", marked("done, or already recorded")),
    ("1", marked("a fault of the program")),
    ("2", marked("the line or a value can't be understood")),
    ("3", marked("refused by a rule")),
    ("4", marked("not found")),
    ("5", marked("a conflict with what is recorded")),
    ("6", marked("not allowed for this person")),
    ("7", marked("the store is busy or can't be reached")),
    ("8", marked("partly done")),
    ("9", marked("a check found problems")),
    ("130", marked("interrupted")),
)


def written(topic: str) -> Iterator[str]:
    """Yield the lines of a written page."""
    title, examples, body = PAGES[topic]
    yield from examples.splitlines()
    yield ""
    yield from (_(title), "")
    yield from wrap(_(body), columns())


def actions() -> Iterator[str]:
    """Yield every action with its line."""
    from domain.kernel.registry import ACTION_HOMES, actions_of

    yield "sales lead capture --help"
    for noun in ACTION_HOMES:
        doc = [(cls.NAME, _(" ".join((cls.__doc__ or "").split()))) for cls in actions_of(noun)]
        yield from section(noun, doc)


def errors() -> Iterator[str]:
    """Yield the exit statuses, and every code with its text."""
    from domain.kernel.refusal_texts import all_texts
    from infra.errors.catalogue import PROBLEMS

    yield 'sales lead capture X --channel referral; echo "$?"'
    yield from section(_("Exit statuses"), [(status, _(line)) for status, line in EXITS])
    codes = {**{code: held.message for code, held in all_texts().items()},
             **{code: held.message for code, held in PROBLEMS.items()}}  # fmt: skip
    yield from section(_("Codes"), [(code, _(codes[code])) for code in sorted(codes)])


LISTS: Final[dict[str, tuple[str, Callable[[], Iterator[str]]]]] = {
    "actions": (marked("Every action"), actions),
    "errors": (marked("Exit statuses, and every code with its text"), errors),
}


def topics(start: str = "") -> list[str]:
    """Return the topics that there is a page on."""
    from cli.docs.pages.find import pages

    return [topic for topic in dict.fromkeys((*LISTS, *PAGES, *pages())) if topic.startswith(start)]


@command(
    argument(
        "topic",
        required=False,
        help=marked("The topic; without one they are listed."),
        offers=lambda _ctx, start: [(topic, "") for topic in topics(start)],
    ),
    example="sales help tutorial",
    name="help",
    shows="plain",
)
def help_(session: Session, *, topic: str | None) -> int:
    """Show a page on a topic or of a command, or which topics there are."""
    from cli.core.errors import dispatched
    from cli.docs.pages.find import FIRST, HOW_TO, MORE, REFERENCE
    from cli.docs.pages.page_view import drawn, listed
    from cli.registry import COMMANDS, NOUNS

    if topic is None:
        titles = {name: title for name, (title, _lines) in LISTS.items()} | {
            name: page[0] for name, page in PAGES.items()
        }
        short = section(_("Topics"), [(name, _(title)) for name, title in titles.items()])
        lines = ["sales help tutorial", *listed(FIRST, HOW_TO), *short, *listed(MORE, REFERENCE, but=titles)]
        lines += ["", _("A command explains itself: sales COMMAND --help")]
    elif topic in LISTS:
        lines = [*LISTS[topic][1]()]
    elif topic in PAGES:
        lines = [*written(topic), *drawn(session, topic, after=True)]
    else:
        lines = [*drawn(session, topic)]
        if not lines and (topic in COMMANDS or topic in NOUNS):
            return dispatched(session, [topic, "--help"])
        if not lines:
            raise unknown(topic)
    printed(session, lines)
    return 0


def unknown(topic: str) -> Problem:
    """Return the problem of a topic that there is no page for."""
    near = get_close_matches(topic, topics(), 1) or [", ".join(topics())]
    why, facts = marked("There is no topic {topic}. There is: {topics}."), {"topic": topic, "topics": near[0]}
    return Problem("usage.options", why=filled(why, facts), command="help")
