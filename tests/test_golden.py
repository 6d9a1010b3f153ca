"""What was stored once is read for ever: golden files revive as they say, and today's form writes the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.field import fields_of
from domain.kernel.json_form import revive
from domain.kernel.registry import event_class
from infra.event_store import codec
from projections.engine import json as json_codec
from tests.golden import FOLDER

FILES = sorted(FOLDER.glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    golden: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return golden


@pytest.fixture(params=["the standard library", "orjson"])
def json_writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("dumps", "encode", "loads"):
        monkeypatch.setattr(json_codec, name, getattr(json_codec, name))
    if request.param == "orjson":
        json_codec.go_fast()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("json_writer")
def test_stored_bytes_revive_as_the_file_says(path: Path) -> None:
    golden = read(path)
    for case in golden["cases"]:
        data = codec.decode(golden["event"], golden["schema"], case["stored"].encode())
        revived = revive(golden["event"], data)
        for field in fields_of(type(revived)):
            value = getattr(revived, field.attribute)
            if field.attribute in case["reads_as"]:
                assert repr(value) == case["reads_as"][field.attribute]
            else:
                assert value in (None, (), field.default)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.usefixtures("json_writer")
def test_the_current_version_is_written_with_the_same_bytes(path: Path) -> None:
    golden = read(path)
    if golden["schema"] == event_class(golden["event"]).SCHEMA:
        for case in golden["cases"]:
            data = codec.decode(golden["event"], golden["schema"], case["stored"].encode())
            assert codec.encode(revive(golden["event"], data)) == case["stored"].encode()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_is_named_after_its_event_and_version(path: Path) -> None:
    golden = read(path)
    assert path.name == f"{golden['event']}.v{golden['schema']}.json"
    assert golden["cases"]
