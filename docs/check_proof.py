"""Checks one proof, written by `sales prove`, with nothing of Salestrail: python check_proof.py FILE KEY"""

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TEXTS = "stream name occurred recorded actor recorder source key event_id correlation causation reason".split()


class Refused(Exception):
    """The proof does not hold."""


def unbase64(text):
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("base64 that is not canonical")
    return raw


def leaf(record):
    data = record["data"].encode() if "data" in record else unbase64(record["data_base64"])
    raw = [None if record[name] is None else record[name].encode() for name in TEXTS] + [data]
    lengths = [-1 if value is None else len(value) for value in raw]
    numbers = struct.pack(">QQII13i", *(record[n] for n in ("position", "version", "schema", "migrated")), *lengths)
    head = b"salestrail.leaf.v1\n" + numbers.hex().encode() + b"\n"
    return hashlib.sha256(b"\0" + head + b"".join(value or b"" for value in raw)).digest()


def root(hash, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    last = size - 1
    for beside in path:
        if last == 0:
            raise ValueError("a path that is too long")
        if index & 1 or index == last:
            hash = hashlib.sha256(b"\1" + beside + hash).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hash = hashlib.sha256(b"\1" + hash + beside).digest()
        index, last = index >> 1, last >> 1
    if last:
        raise ValueError("a path that is too short")
    return hash


def signed(note, key):
    """The lines of a C2SP signed note: name of the log, size, root; at least one signature is of `key`."""
    text, _, signatures = note.rpartition("\n\n")
    name, key_hash, encoded = key.split("+", 2)
    public = unbase64(encoded)
    if public[0] != 1 or hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8] != key_hash:
        raise ValueError("a key that is none")
    for line in signatures.removesuffix("\n").split("\n"):
        dash, signer, raw = line.split(" ")
        if dash == "—" and signer == name and unbase64(raw)[:4].hex() == key_hash:
            Ed25519PublicKey.from_public_bytes(public[1:]).verify(unbase64(raw)[4:], f"{text}\n".encode())
            return text.split("\n")[:3]
    raise ValueError("a checkpoint that the key has not signed")


def check(raw, key):
    """Return the record that the bytes of a file prove, with the checkpoint's name and size; raises Refused."""
    try:
        said = json.loads(raw)
        if json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" != raw:
            raise ValueError("a form that is not the canonical one")
        if [*said] != ["proof", "record", "path", "checkpoint"] or said["proof"] != "salestrail.event.v1":
            raise ValueError("another kind of file")
        record = said["record"]
        origin, size, wanted = signed(said["checkpoint"], key)
        if not 1 <= record["position"] <= int(size):
            raise ValueError("a position outside of the tree")
        if root(leaf(record), record["position"] - 1, int(size), [unbase64(p) for p in said["path"]]) != unbase64(
            wanted
        ):
            raise ValueError("a path that does not lead to the signed root")
    except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError, IndexError, struct.error) as wrong:
        raise Refused(str(wrong) or "a signature that is false") from wrong
    return {**record, "origin": origin, "size": int(size)}


if __name__ == "__main__":
    try:
        proven = check(Path(sys.argv[1]).read_bytes(), sys.argv[2])
    except Refused as refused:
        print(f"refused: {refused}")
        sys.exit(9)
    print(f"position {proven['position']} of {proven['size']} in {proven['origin']}")
    print(*(f"{name}: {value}" for name, value in proven.items()), sep="\n")
