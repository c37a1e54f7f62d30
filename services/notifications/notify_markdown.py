"""Keeps what somebody wrote from becoming formatting: Notify reads e-mails and letters as Markdown.

Of its signs we use one, the star before a line of a list. All others are somebody's own: a name
that begins with ``#`` is no heading, and one in brackets no link.
"""

import re

LIST = "* "  # as lists of facts are put into words
_INSIDE = re.compile(r"[\\\[|]")  # links, tables, and the sign that takes others their meaning
_FIRST = re.compile(r"[#*+>_`~-]")  # headings, lists, lines, quotations, code
_NUMBER = re.compile(r"(\d+)\.")
# What keeps its meaning behind a backslash: there is no way but a sign that looks alike.
_ALIKE = {
    "^": "\N{MODIFIER LETTER CIRCUMFLEX ACCENT}",  # inset text
    "\N{BULLET}": "\N{MIDDLE DOT}",
    "=": "\N{MODIFIER LETTER SHORT EQUALS SIGN}",  # below a heading
}


def plain(text: str) -> str:
    """Return ``text`` so that Notify shows it as it is, with our lists as lists."""
    return "\n".join(map(_line, text.split("\n")))


def _line(line: str) -> str:
    if line.startswith(LIST):
        return LIST + _start(line.removeprefix(LIST))
    return _start(line)


def _start(line: str) -> str:
    """Return a line, or what follows the star of a list, without a meaning of its own.

    Spaces before it go: four of them would make it code.
    """
    shown = _INSIDE.sub(r"\\\g<0>", line.lstrip(" \t"))
    if shown[:1] in _ALIKE:
        return _ALIKE[shown[0]] + shown[1:]
    if _FIRST.match(shown):
        return f"\\{shown}"
    return _NUMBER.sub(r"\1\\.", shown, count=1) if _NUMBER.match(shown) else shown
