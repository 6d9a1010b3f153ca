"""Keeps the catalogues: `python -m infra.i18n.catalogue.compile` adds new message ids to each .po, drops old ones, writes .mo.

It ends with 1 and lists them while messages are without a translation.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Final

from infra.i18n.catalogue.messages import messages

HERE: Final = Path(__file__).resolve().parent
HEADER: Final = "Content-Type: text/plain; charset=UTF-8\nLanguage: {language}\n"


def read_po(path: Path) -> dict[str, str]:
    """Return the translations that a .po file holds."""
    texts: dict[str, str] = {}
    entry = {"msgid": "", "msgstr": ""}
    part = ""
    for line in [*path.read_text("utf-8").splitlines(), "msgid"]:
        word, _space, rest = line.partition(" ")
        if word == "msgid":
            texts[entry["msgid"]] = entry["msgstr"]
            entry = {"msgid": "", "msgstr": ""}
        if word in entry:
            part = word
        elif not line.startswith('"'):
            continue
        else:
            rest = line
        entry[part] += unquoted(rest)
    texts.pop("", None)
    return texts


def unquoted(quoted: str) -> str:
    """Return the text of a quoted line."""
    body = quoted.strip()[1:-1]
    return body.replace("\\\\", "\0").replace('\\"', '"').replace("\\n", "\n").replace("\0", "\\")


def quoted(text: str) -> str:
    """Return a text as a .po file writes it."""
    body = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{body}"'


def write_po(path: Path, language: str, texts: dict[str, str]) -> None:
    """Write the translations of `language`, in the order of the code."""
    entries = [("", HEADER.format(language=language)), *texts.items()]
    body = "\n".join(f"msgid {quoted(message)}\nmsgstr {quoted(text)}\n" for message, text in entries)
    path.write_text(body, "utf-8")


def compiled(texts: dict[str, str], language: str) -> bytes:
    """Return a .mo file: two tables of lengths and places, sorted by message id, then the texts."""
    entries = sorted([("", HEADER.format(language=language)), *((m, t) for m, t in texts.items() if t)])
    ids = [message.encode() for message, _text in entries]
    translations = [text.encode() for _message, text in entries]
    start = 28
    place = start + 16 * len(entries)
    tables, held = b"", b""
    for column in (ids, translations):
        for text in column:
            tables += struct.pack("<2I", len(text), place + len(held))
            held += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(entries), start, start + 8 * len(entries), 0, place)
    return head + tables + held


def renew(language: str) -> list[str]:
    """Bring both files of `language` in step with the code; return the message ids without a translation."""
    folder = HERE / language / "LC_MESSAGES"
    source = folder / "salestrail.po"
    known = read_po(source) if source.is_file() else {}
    texts = {message: known.get(message, "") for message in messages()}
    folder.mkdir(parents=True, exist_ok=True)
    write_po(source, language, texts)
    (folder / "salestrail.mo").write_bytes(compiled(texts, language))
    return [message for message, text in texts.items() if not text]


def main() -> int:
    """Renew every catalogue."""
    missing = [message for language in ("zh",) for message in renew(language)]
    for message in missing:
        print(f"no translation: {message}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
