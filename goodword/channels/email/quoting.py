"""What of a text is new, and what only repeats what was said before, or signs it?

Line by line and without looking back further than a few lines, so that no text takes long: the
packaged parsers that were tried took 14 seconds for 20 kB of the word "On", and minutes for blank lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_ATTRIBUTION = 4  # lines over which "On ... wrote:" may be broken
LONGEST_LINE = 400  # characters of a line that introduces a quote
MOST_LINES = 20_000

# How programs introduce what they quote, in the languages that shops meet most.
_BEGINS = re.compile(r"^\W{0,4}(?:On|Am|El|Le|Il|Em|Op|Den|Dnia|W dniu|\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4})\b")
_ENDS = re.compile(
    r"(?:wrote|writes|schrieb(?: .{0,80})?|geschrieben|escribi[oó]|a écrit|escreveu|ha scritto"
    r"|schreef(?: .{0,80})?|skrev(?: .{0,80})?|napisał\(?a?\)?)\s?:\s*$",
    re.IGNORECASE,
)
_DIVIDER = re.compile(
    r"^[\s>]*[-_*=]{2,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|urspr\. nachricht"
    r"|weitergeleitete nachricht|mensaje original|mensaje reenviado|message d'origine|message original"
    r"|message transféré|mensagem original|mensagem encaminhada|messaggio originale|oorspronkelijk bericht"
    r"|forwarded message|begin forwarded message)\s*[-_*=]*\s*$"
    r"|^\s*(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message transféré|"
    r"inicio del mensaje reenviado|inizio messaggio inoltrato)\s*:\s*$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"^[\s>*]{0,6}(?P<name>from|von|de|da|van|sent|gesendet|enviado(?: el)?|envoyé|inviato|verzonden|date"
    r"|datum|data|fecha|to|an|para|à|a|aan|cc|subject|betreff|asunto|objet|assunto|oggetto|onderwerp)\s?:\*?\s*\S",
    re.IGNORECASE,
)
_FROM = re.compile(r"^[\s>*]{0,6}(?:from|von|de|da|van)\s?:", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- ?$|^—$|^__$")
_SENT_FROM = re.compile(
    r"^(?:sent from my |sent from |get outlook for |von meinem .{1,40} gesendet|gesendet von "
    r"|enviado desde mi |enviado desde |envoyé de mon |envoyé depuis |enviado do meu |inviato da "
    r"|verstuurd vanaf )",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    new: str
    quoted: str = ""


def split(text: str) -> Told:
    """What is new, and what is quoted or signature. A text that is all quote is kept as new."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "\n".join(lines[MOST_LINES - 1 :])]
    end = _where_quote_begins(lines)
    ours, rest = lines[:end], lines[end:]
    new = [line for line in ours if not _is_quoted(line)]
    inline = [line for line in ours if _is_quoted(line)]
    new, signature = _without_signature(new)
    told = _joined(new)
    if not told:
        return Told(_joined(lines))
    return Told(told, _joined([*signature, *inline, *rest]))


def unflowed(text: str, joins: bool) -> str:
    """A text whose lines were broken by its program (RFC 3676), with each paragraph in one line."""
    kept: list[str] = []
    flows = False
    depth = 0
    for line in text.replace("\r\n", "\n").split("\n"):
        here = len(line) - len(line.lstrip(">"))
        said = line[1:] if line.startswith(" ") else line
        if flows and here == depth and said.rstrip() != "--":
            said = said.lstrip(">").removeprefix(" ") if here else said
            kept[-1] = (kept[-1][:-1] if joins else kept[-1]) + said
        else:
            kept.append(said)
        flows, depth = said.endswith(" ") and said != "-- ", here
    return "\n".join(kept)


def _where_quote_begins(lines: list[str]) -> int:
    for i, line in enumerate(lines):
        if _DIVIDER.match(line[:LONGEST_LINE]) or _is_header_block(lines, i) or _attributes(lines, i):
            return i
    return len(lines)


def _attributes(lines: list[str], i: int) -> bool:
    """Does a line like "On Monday, Ada wrote:" begin here, with what it quotes below it?"""
    if not _BEGINS.match(lines[i][:LONGEST_LINE]):
        return False
    for upto in range(i + 1, min(i + 1 + LONGEST_ATTRIBUTION, len(lines) + 1)):
        said = " ".join(lines[i:upto])[: 2 * LONGEST_LINE]
        if _ENDS.search(said[-200:]) and (any(c.isdigit() for c in said) or "@" in said):
            return any(line.strip() for line in lines[upto:])
        if not lines[upto - 1].strip():
            return False
    return False


def _is_header_block(lines: list[str], i: int) -> bool:
    """From, Sent, To, Subject below each other: how Outlook introduces a quote."""
    if not _FROM.match(lines[i][:LONGEST_LINE]):
        return False
    near = [line[:LONGEST_LINE] for line in lines[i : i + 7]]
    names = {found["name"].lower() for line in near if (found := _FIELD.match(line))}
    return len(names) >= 3


def _is_quoted(line: str) -> bool:
    return line.lstrip(" ").startswith((">", "|>"))


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    for i, line in enumerate(lines):
        if i and _SIGNATURE.match(line[:10]) and len(lines) - i <= 15:
            return lines[:i], lines[i:]
    last = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].strip()), -1)
    if last > 0 and _SENT_FROM.match(lines[last].strip()[:100]):
        return lines[:last], lines[last:]
    return lines, []


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
