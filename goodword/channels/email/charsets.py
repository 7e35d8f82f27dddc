"""Which letters do these bytes stand for? Whatever a mail claims, the answer is text and never an error."""

from __future__ import annotations

import re

# Python knows codecs that are no alphabets, and some that take minutes for a long text: none of those.
KNOWN = re.compile(
    r"(?:us-?ascii|ascii|utf-?(?:7|8|16|32)(?:[-_]?[lb]e)?|(?:iso|iso_)-?8859-\d{1,2}|latin-?\d{1,2}"
    r"|windows-\d{3,4}|cp-?\d{3,4}|iso-2022-(?:jp|kr)(?:-\w{1,4})?|euc-?(?:jp|kr)|gb2312|gbk|gb18030|hz(?:-gb-2312)?"
    r"|big5(?:-?hkscs)?|shift[-_]jis|sjis|koi8-[rtu]|mac-?\w{1,12}|ks_c_5601-1987|tis-620)\Z",
    re.IGNORECASE,
)
# What mail programs write, and Python calls otherwise.
OTHER_NAMES = {"x-sjis": "shift_jis", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8"}
# Sent as the first, meant as the second: the bytes between 0x80 and 0x9f are typographic quotes.
MEANT = {"us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-1": "windows-1252"}
FALLBACK = "windows-1252"


def text_of(data: bytes, charset: str = "") -> str:
    """The text, in the charset it claims, or the one it looks like."""
    for name in (_python_name(charset), "utf-8"):
        if name:
            try:
                return data.decode(name)
            except (UnicodeError, LookupError):
                continue
    return data.decode(_python_name(charset) or FALLBACK, "replace")


def _python_name(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    name = OTHER_NAMES.get(name, name)
    if not KNOWN.match(name):
        return ""
    if name in MEANT:
        return "" if name != "iso-8859-1" else MEANT[name]
    name = name.replace("cp-", "cp")
    try:
        b"".decode(name)
    except LookupError:
        return ""
    return name
