"""Evaluating a package's formulas: simpleeval, narrowed to arithmetic on numbers, with caps on length and size.

Every number is a double, so that no formula can make an integer that takes a minute to multiply.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import threading
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from simpleeval import InvalidExpression, SimpleEval

from services.workload.rules.hours import FormulaProblem

LONGEST = 200
DEEPEST = 40
_ALLOWED = re.compile(r"[A-Za-z0-9_ .,()+\-*/%<>=!]*")
# 2students, 1if: Python's own parser warns of these and reads them all the same
_RUN_TOGETHER = re.compile(r"(?<![\w.])(?:(?:\d+\.?\d*|\.\d+)(?!\d)(?![eE][+-]?\d)|[\d.]+[eE][+-]?\d+(?!\d))[A-Za-z_]")


def _round(number: float, digits: float = 0) -> float:
    return float(round(number, int(digits)))


def _divide(one: float, other: float) -> float:
    return one / other


def _divide_to_whole(one: float, other: float) -> float:
    return one // other


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sqrt": math.sqrt,
    "abs": abs,
    "min": min,
    "max": max,
    "round": _round,
}
OPERATORS: dict[Any, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divide,
    ast.FloorDiv: _divide_to_whole,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NODES = (ast.Constant, ast.Name, ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call)
_PARTS = (*OPERATORS, ast.And, ast.Or, ast.Load)
_WORDS: dict[type[BaseException], str] = {
    ZeroDivisionError: "it divides by zero",
    OverflowError: "its result is too large",
    ValueError: "it takes a logarithm, root or power that is no number",
    TypeError: "it gives a function or operator the wrong number or kind of values",
}


class _Arithmetic(SimpleEval):
    """simpleeval with nothing left of it but numbers, names, operators and our functions."""

    def __init__(self) -> None:
        super().__init__(operators=OPERATORS, functions=FUNCTIONS, names={})  # pyright: ignore[reportUnknownMemberType]
        nodes: dict[Any, Any] = self.nodes or {}
        self.nodes = {kind: nodes[kind] for kind in _NODES}


_of_thread = threading.local()


def evaluate(formula: str, names: Mapping[str, float]) -> float:
    """The number that a formula gives. `FormulaProblem` says in words why there is none."""
    tree = _parsed(formula, frozenset(names))
    evaluator: _Arithmetic | None = getattr(_of_thread, "evaluator", None)
    if evaluator is None:
        evaluator = _of_thread.evaluator = _Arithmetic()
    evaluator.names = {name: float(value) for name, value in names.items()}
    try:
        result = cast(Any, evaluator.eval(formula, previously_parsed=tree))  # pyright: ignore[reportUnknownMemberType]
    except tuple(_WORDS) as error:
        raise FormulaProblem(next(words for kind, words in _WORDS.items() if isinstance(error, kind))) from None
    except (InvalidExpression, ArithmeticError, LookupError, RecursionError) as error:
        raise FormulaProblem(f"it cannot be worked out: {error}"[:190]) from None
    if not isinstance(result, (int, float)) or not math.isfinite(result):
        raise FormulaProblem("its result is no number")
    return float(result)


@lru_cache(maxsize=1024)
def _parsed(formula: str, names: frozenset[str]) -> ast.expr:
    """The formula as a tree, checked: nothing in it but what is allowed, also where it is not reached."""
    if len(formula) > LONGEST:
        raise FormulaProblem(f"it is longer than {LONGEST} characters")
    if not _ALLOWED.fullmatch(formula) or _RUN_TOGETHER.search(formula):
        raise FormulaProblem("it has characters that no formula has, or a number and a word run together")
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise FormulaProblem("it is no formula: check brackets and operators") from None
    _check(tree, names, 0)
    return _Floats().visit(tree)


def _check(node: ast.AST, names: frozenset[str], depth: int) -> None:
    if depth > DEEPEST:
        raise FormulaProblem("it is nested too deeply")
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
            raise FormulaProblem(f"the functions are {', '.join(FUNCTIONS)}")
        children: list[ast.AST] = list(node.args)
    elif isinstance(node, ast.Name):
        if node.id not in names:
            raise FormulaProblem(f"there is no {node.id[:40]} here; it may use {', '.join(sorted(names))}")
        return
    elif isinstance(node, ast.Constant):
        if not isinstance(node.value, (int, float)):
            raise FormulaProblem("it may hold numbers, and nothing else")
        return
    elif isinstance(node, (*_NODES, *_PARTS)):
        children = list(ast.iter_child_nodes(node))
    else:
        raise FormulaProblem("it may hold numbers, names, + - * / // % **, comparisons, if-else and functions")
    for child in children:
        _check(child, names, depth + 1)


class _Floats(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        """Integers become doubles."""
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            return node
        try:
            return ast.Constant(float(node.value))
        except OverflowError:
            raise FormulaProblem("a number in it is too large") from None
