"""What import-linter cannot say: who may not use what, and how large ``shared`` may grow."""

import ast
import io
import re
import tokenize
from pathlib import Path

from tests.architecture.house import ROOT, files, imports, named, python_files

DATABASE = {"sqlalchemy", "psycopg2", "alembic"}
# They publish at once, before the commit (N5), from a pool that can hang (N22).
PUBLISHES_AT_ONCE = {
    "nameko.events.EventDispatcher",
    "nameko.messaging.Publisher",
    "nameko.standalone.events",
    "nameko.standalone.events.event_dispatcher",
}
# A shell for whoever reaches its port (N24), and a start that fails with setuptools (N25).
COMMAND_LINE = re.compile(r"\bnameko (?:run|shell|show-config)\b|\bnameko[.]cli\b|backdoor")
LARGEST_SHARED_LINES = 2_000
NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT),
    *(tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER),
}


def test_the_demo_and_the_end_to_end_tests_import_no_service_and_read_no_database():
    found = [
        f"{named(path)}: {module}"
        for path in python_files("demo", "tests/e2e")
        for module in imports(path)
        if module.split(".")[0] in {"services", *DATABASE}
    ]

    assert found == []


def test_nothing_publishes_through_nameko():
    found = [f"{named(path)}: {one}" for path in python_files() for one in publishing(path)]

    assert found == []


def publishing(path: Path) -> list[str]:
    """Names that publish at once, imported or reached through their module."""
    modules = imports(path) & {"nameko.events", "nameko.messaging"}
    attributes = attributes_in(path) if modules else set()
    reached = {f"{module}.{attribute}" for module in modules for attribute in attributes}
    return sorted((imports(path) | reached) & PUBLISHES_AT_ONCE)


def attributes_in(path: Path) -> set[str]:
    every = ast.walk(ast.parse(path.read_text()))
    return {node.attr for node in every if isinstance(node, ast.Attribute)}


def test_the_check_of_publishing_sees_both_ways(tmp_path):
    for number, source in enumerate(
        (
            "from nameko.events import EventDispatcher",
            "import nameko.events as e\ne.EventDispatcher",
        )
    ):
        path = tmp_path / f"{number}.py"
        path.write_text(source)

        assert publishing(path) == ["nameko.events.EventDispatcher"]


def test_nothing_starts_namekos_command_line_or_its_shell():
    places = [*python_files(), *files("deploy", ".ci"), *ROOT.glob("*.yml"), ROOT / "Makefile"]
    found = [
        f"{named(path)}: {match[0]}"
        for path in places
        for match in COMMAND_LINE.finditer(path.read_text())
    ]

    assert found == []


def test_nobody_follows_where_an_answer_sends_them():
    """What goes to an address of ours goes to no other: the official clients have a test, too."""
    calls = {
        f"{named(path)}:{call.lineno}": call
        for path in python_files("services", "shared", "operations", "access")
        for call in http_calls(path.read_text())
    }
    found = [place for place, call in calls.items() if not stays(call)]

    assert len(calls) >= 8
    assert found == []


def http_calls(source: str) -> list[ast.Call]:
    """Calls over HTTP: each has a verb, and none is without a timeout."""
    verbs = {"get", "post", "put", "patch", "delete", "request", "fetch_token"}
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in verbs
        and "timeout" in {keyword.arg for keyword in node.keywords}
    ]


def stays(call: ast.Call) -> bool:
    """Whether it follows no redirect."""
    said = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    return said.get("allow_redirects") == "False"


def test_the_check_of_redirects_sees_them():
    (follows, stays_there) = http_calls(
        "requests.get(a, timeout=1)\ns.post(a, timeout=1, allow_redirects=False)"
    )

    assert (stays(follows), stays(stays_there)) == (False, True)


def test_shared_stays_small():
    """So that it is no second home for what belongs to a service; contracts do not count."""
    lines = {
        named(path): code_lines(path.read_text())
        for path in python_files("shared")
        if "contracts" not in path.parts
    }

    assert sum(lines.values()) < LARGEST_SHARED_LINES, lines


def code_lines(source: str) -> int:
    """How many lines hold code: no blanks, no comments, no docstrings."""
    lines = {
        number
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in NO_CODE
        for number in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        holds_docstring = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, holds_docstring) and ast.get_docstring(node) is not None:
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return len(lines)


def test_lines_of_code_are_counted_without_what_explains_them():
    source = '"""Says."""\n\n# why\ndef f():\n    """Says\n    more."""\n    return """a\nb"""\n'

    assert code_lines(source) == 3
