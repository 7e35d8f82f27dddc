"""What does the server say a large mail is made of, before any of it is fetched (BODYSTRUCTURE, RFC 3501)?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .headers import decoded, one_line

_TOKEN = re.compile(rb'\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+')
DEEPEST, MOST_LEAVES = 40, 300


@dataclass(frozen=True)
class Leaf:
    """A part without parts. `number` names it to the server; `size` is in bytes as it travels."""

    number: str
    mime: str
    size: int
    name: str = ""
    is_attachment: bool = False
    is_base64: bool = False

    @property
    def unpacked(self) -> int:
        """Bytes of the file itself, about."""
        return self.size * 3 // 4 if self.is_base64 else self.size

    @property
    def is_text(self) -> bool:
        return self.mime in ("text/plain", "text/html") and not self.is_attachment


def leaves_of(answer: bytes) -> list[Leaf]:
    """The parts that an answer to FETCH (BODYSTRUCTURE) tells of. Empty if it makes no sense."""
    _before, found, told = answer.partition(b"BODYSTRUCTURE")
    if not found:
        return []
    tree = _parsed(told)
    try:
        return list(_leaves(tree, ""))[:MOST_LEAVES] if tree else []
    except (IndexError, ValueError, TypeError, RecursionError):
        return []


def _parsed(told: bytes) -> list[Any]:
    """The first bracketed list, nested as it is."""
    stack: list[list[Any]] = []
    for token in _TOKEN.findall(told):
        if token == b"(":
            stack.append([])
            if len(stack) > 4 * DEEPEST:
                return []
        elif not stack:
            continue
        elif token == b")":
            closed = stack.pop()
            if not stack:
                return closed
            stack[-1].append(closed)
        else:
            stack[-1].append(_word(token))
    return []


def _word(token: bytes) -> str:
    if token.startswith(b'"'):
        token = re.sub(rb"\\(.)", rb"\1", token[1:-1])
    elif token.upper() == b"NIL":
        token = b""
    return token.decode("utf-8", "surrogateescape")


def _leaves(node: Sequence[Any], number: str, depth: int = 0) -> Iterator[Leaf]:
    if depth > DEEPEST:
        return
    if isinstance(node[0], list):
        for i, below in enumerate((one for one in node if isinstance(one, list) and _is_body(one)), 1):
            yield from _leaves(below, f"{number}.{i}" if number else str(i), depth + 1)
        return
    mime = f"{node[0]}/{node[1]}".lower()
    parameters, disposition = _pairs(node[2]), _disposition(node)
    name = disposition.get("filename") or parameters.get("name", "")
    yield Leaf(
        number=number or "1",
        mime=mime,
        size=int(node[6]),
        name=one_line(decoded(name))[:200],
        is_attachment=disposition.get("") == "attachment" or bool(name),
        is_base64=str(node[5]).lower() == "base64",
    )


def _is_body(node: list[Any]) -> bool:
    """The body of a part, rather than the parameters that follow the parts of a multipart."""
    if not node:
        return False
    return isinstance(node[0], list) or (len(node) >= 7 and str(node[6]).isdigit())


def _pairs(node: Any) -> dict[str, str]:
    if not isinstance(node, list):
        return {}
    return {
        str(node[i]).lower().split("*")[0]: str(node[i + 1])
        for i in range(0, len(node) - 1, 2)
        if isinstance(node[i + 1], str)
    }


def _disposition(node: Sequence[Any]) -> dict[str, str]:
    for one in node[7:]:
        if isinstance(one, list) and one and str(one[0]).lower() in ("attachment", "inline"):
            return {"": str(one[0]).lower(), **_pairs(one[1] if len(one) > 1 else None)}
    return {}
