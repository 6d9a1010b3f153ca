"""Files from strangers: endless lines, CSV and workbooks made to do harm are read or refused, in little memory."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.faults.harmless import LONG, harmless, views_hold
from tests.faults.running import BOSS, LAUNCHER, Done, environment, sales
from tests.given import lead

MEMORY = 700 << 20
"""What a child may map: the interpreter, openpyxl and the libraries need less than half of it."""


def in_a_child(store: str, *words: str, given: Path | None = None) -> Done:
    """Run a command in a process that may not map more than MEMORY."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    with (given or Path(os.devnull)).open("rb") as stdin:
        ran = subprocess.run(
            [sys.executable, str(LAUNCHER), *words], env=environment(store, {}), stdin=stdin, preexec_fn=bounded,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
    done = Done(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
    assert "Traceback" not in done.err
    assert "MemoryError" not in done.err
    harmless(done)
    return done


def test_a_line_of_a_hundred_megabytes_is_refused_in_little_memory(store: str, tmp_path: Path) -> None:
    big = tmp_path / "big.jsonl"
    with big.open("wb") as file:
        file.write(b'{"action": "lead.capture", "data": {"company": "')
        for _ in range(100):
            file.write(b"a" * (1 << 20))
        file.write(b'"}}\n' + json.dumps(lead("good", by=BOSS)).encode() + b"\n")
    for words, given in ((("apply", str(big)), None), (("apply", "-"), big)):
        done = in_a_child(store, *words, given=given)
        assert done.status == 8
        assert done.codes[0] == "line.too_long"
        assert done.codes[1] in ("recorded", "repeated")


def test_an_export_whose_line_never_ends_is_refused_in_little_memory(store: str, tmp_path: Path) -> None:
    big = tmp_path / "big.jsonl"
    with big.open("wb") as file:
        file.write(sales("export", store=store).out.encode().splitlines(keepends=True)[0])
        for _ in range(100):
            file.write(b"a" * (1 << 20))
    done = in_a_child(f"sqlite:///{tmp_path}/b.db", "import", "log", str(big))
    assert (done.status, done.code) == (2, "migration.bad_export")


def some(kinds: Iterable[str], quick: str) -> list[str]:
    """Return all kinds in the long run, else those that the ordinary one takes."""
    return list(kinds) if LONG else [kind for kind in kinds if kind in quick.split("/")]


CSVS: dict[str, bytes | Callable[[], bytes]] = {
    "empty": b"", "a bom alone": b"\xef\xbb\xbf", "zero bytes": "公司,渠道\na\0b,online\n".encode(),
    "two encodings": "公司,渠道\n甲,online\n".encode() + "乙,online\n".encode("gb18030") + b"\xff\xff,online\n",
    "ragged": "公司,渠道\n甲\n乙,online,1,2,3\n,,,,\n丙,online\n".encode(),
    "a quote never closed": ('公司,渠道\n甲,online\n"乙,online\n' + "x,y\n" * 500).encode(),
    "quotes inside": '公司,渠道\n"甲"x"乙",online\n'.encode(), "utf-16": "公司\t渠道\n甲\tonline\n".encode("utf-16"),
    "utf-16 cut": "公司\t渠道\n甲\tonline\n".encode("utf-16")[:-1], "old mac": "公司,渠道\r甲,online\r".encode(),
    "ten million columns": lambda: b"a," * 10_000_000 + b"\n", "a heading a million times": lambda: b"a," * 999 + b"a\n",
    "a long cell": lambda: "公司,渠道\n".encode() + b"x" * 5_000_000 + b",online\n", "binary": random.Random(1).randbytes(9_000),
    "a terminal's orders": "公司,渠道\n\x1b[31m甲\x1b]0;t\x07,online\n\u202e乙,\x1b[2J\n".encode(),
    "formulas": "公司,渠道\n=cmd|' /C calc'!A0,online\n+1+1,online\n-2+3,online\n@SUM(A1),online\n".encode(),
}  # fmt: skip


@pytest.mark.parametrize("kind", some(CSVS, "two encodings/a quote never closed/ten million columns/formulas"))
def test_an_odd_csv_is_read_or_refused(store: str, tmp_path: Path, kind: str) -> None:
    made = CSVS[kind]
    (tmp_path / "a.csv").write_bytes(made() if callable(made) else made)
    done = in_a_child(store, "import", "leads", "a.csv")
    assert done.status in (0, 2, 8), done.err
    views_hold(store)


def sheet(*rows: Iterable[object]) -> bytes:
    """Return a workbook of these rows."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_part(raw: bytes, name: str, change: Callable[[bytes], bytes], *, deflated: bool = True) -> bytes:
    """Return a workbook one part of which is changed, or added."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return held.getvalue()


PAGE = "xl/worksheets/sheet1.xml"


GOOD = sheet(["公司", "渠道"], ["甲", "online"])


def bomb(size: int = 80 << 20) -> bytes:
    """Return a workbook whose sheet unpacks to much."""
    return with_part(GOOD, PAGE, lambda xml: xml.replace(b"</sheetData>", b" " * size + b"</sheetData>"))


def lying_bomb() -> bytes:
    """Return such a workbook that says that the sheet unpacks to little."""
    raw = bytearray(bomb())
    size = (1_000).to_bytes(4, "little")
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as book:
        entry = book.getinfo(PAGE)
    raw[entry.header_offset + 22 : entry.header_offset + 26] = size
    central = raw.rindex(PAGE.encode()) - 46
    raw[central + 24 : central + 28] = size
    return bytes(raw)


def many_shared_strings() -> bytes:
    text = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" + b"<si><t>a</t></si>" * 8_000_000
    return with_part(GOOD, "xl/sharedStrings.xml", lambda _: text + b"</sst>")


def entities() -> bytes:
    lol = b"".join(b"<!ENTITY l%d '%s'>" % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))
    return with_part(
        GOOD, PAGE, lambda xml: b"<!DOCTYPE x [" + lol + b"]>" + xml.replace(b"<sheetData>", b"<sheetData>&l9;")
    )


def outside_entity() -> bytes:
    doctype = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
    return with_part(GOOD, "xl/sharedStrings.xml", lambda xml: doctype + xml.replace(b"<t>", b"<t>&e;", 1))


WORKBOOKS: dict[str, bytes | Callable[[], bytes]] = {
    "good": GOOD, "a zip and no workbook": lambda: with_part(GOOD, "[Content_Types].xml", lambda _: b"<x/>"),
    "half": GOOD[: len(GOOD) // 2], "locked": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4_000,
    "a bomb": bomb, "a bomb that lies": lying_bomb, "eight million strings": many_shared_strings,
    "entities in entities": entities, "an entity from outside": outside_entity,
    "ten million columns": lambda: with_part(GOOD, PAGE, lambda x: x.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')),
    "a column that is none": lambda: with_part(GOOD, PAGE, lambda x: x.replace(b'r="B2"', b'r="ZZZZZZ2"')),
    "a row far below": lambda: with_part(GOOD, PAGE, lambda x: x.replace(b'<row r="2"', b'<row r="999999999999"')),
    "numbers that are none": lambda: with_part(GOOD, PAGE, lambda x: x.replace(b't="s"', b't="n"').replace(b"<v>", b"<v>1e9999")),
    "an index far beyond": lambda: with_part(GOOD, PAGE, lambda x: x.replace(b"<v>2</v>", b"<v>99999999999999999999</v>")),
    "formulas without results": lambda: sheet(["公司", "渠道"], ['=HYPERLINK("http://x","甲")', "online"], ["=1+1", "online"]),
    "macros": lambda: with_part(GOOD, "xl/vbaProject.bin", lambda _: b"\xd0\xcf\x11\xe0" + b"x" * 500),
    "an outer link": lambda: with_part(
        GOOD, "xl/externalLinks/externalLink1.xml", lambda _: b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'
    ),
    "orders to a terminal": lambda: sheet(["公司", "渠道"], ["_x001B_[2J甲", "online"], ["\u202e乙\u2066", "_x0007_"]),
}  # fmt: skip


@pytest.mark.parametrize(
    "kind", some(WORKBOOKS, "good/a bomb that lies/entities in entities/an outer link/a row far below")
)
def test_an_odd_workbook_is_read_or_refused_in_little_memory(store: str, tmp_path: Path, kind: str) -> None:
    made = WORKBOOKS[kind]
    (tmp_path / "a.xlsx").write_bytes(made() if callable(made) else made)
    done = in_a_child(store, "import", "leads", "a.xlsx")
    assert done.status in (0, 2, 8), done.err
    assert "root:" not in done.out + done.err
    if "bomb" in kind or kind == "eight million strings":
        assert done.code == "import.not_a_table"
    if kind == "good":
        assert done.status == 0
    views_hold(store)


@pytest.mark.parametrize(
    "where", ["/dev/zero", "/dev/stdin", "/proc/self/mem", "folder", "link-to-nowhere", "loop", "pipe"]
)
def test_what_is_no_file_is_no_table(store: str, tmp_path: Path, where: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link-to-nowhere").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    done = sales("import", "leads", where, store=store)
    assert done.status == 2
    assert done.code in ("file.unreadable", "import.not_a_table")
