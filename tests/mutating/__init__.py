"""Small wrongs put into the program, one at a time, to see whether a test notices: `./mutate domain/contract --count 20`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

TURNED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.USub: ast.UAdd,
}  # fmt: skip
SIGNS: Final = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not",
    ast.In: "in", ast.NotIn: "not in", ast.And: "and", ast.Or: "or", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.USub: "-", ast.UAdd: "+",
}  # fmt: skip


class Mutant(NamedTuple):
    """One place of a file and what it is turned into: the text from `start` to `end`, in bytes, becomes `now`."""

    path: str
    line: int
    start: int
    end: int
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.was} -> {self.now}"

    def text(self, before: bytes) -> bytes:
        """Return the file's text with this one thing turned."""
        return before[: self.start] + self.now.encode() + before[self.end :]


def mutants(path: Path, name: str) -> Iterator[Mutant]:
    """Yield what can be turned in a file: comparisons, and and or, signs, not, numbers, True and False; not in annotations."""
    source = path.read_bytes()
    begins = [0]
    for each in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(each))

    def place(node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset

    def between(left: ast.expr, right: ast.expr, kind: type[ast.AST]) -> Iterator[Mutant]:
        start, end = place(left)[1], place(right)[0]
        sign, gap = SIGNS[kind], source[start:end].decode()
        if gap.count(sign) == 1 and "#" not in gap:
            at = start + len(gap[: gap.index(sign)].encode())
            yield Mutant(name, left.end_lineno or 0, at, at + len(sign), sign, SIGNS[TURNED[kind]])

    for node in _code(ast.parse(source)):
        match node:
            case ast.Compare(left, ops, comparators):
                for one, op, other in zip((left, *comparators), ops, comparators, strict=False):
                    yield from between(one, other, type(op))
            case ast.BoolOp(op, values):
                for one, other in pairwise(values):
                    yield from between(one, other, type(op))
            case ast.BinOp(left, op, right) if type(op) in TURNED and not _text(left) and not _text(right):
                yield from between(left, right, type(op))
            case ast.UnaryOp(ast.Not()):
                yield Mutant(name, node.lineno, place(node)[0], place(node)[0] + 3, "not", "")
            case ast.Constant(bool() as value):
                yield Mutant(name, node.lineno, *place(node), str(value), str(not value))
            case ast.Constant(int() as number):
                yield Mutant(name, node.lineno, *place(node), str(number), str(number + 1))


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _code(tree: ast.AST, *, inside: bool = False) -> Iterator[ast.AST]:
    """Yield the nodes of functions that decide something: no annotations, no decorators, no defaults, nothing in an f-string."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_params", "decorator_list", "args") and not isinstance(
            tree, ast.Call
        ):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not isinstance(node, ast.JoinedStr):
                within = inside or isinstance(node, (ast.FunctionDef, ast.Lambda))
                if inside:
                    yield node
                yield from _code(node, inside=within)
