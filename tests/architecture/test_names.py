"""How things are called, and what no file may say."""

import re
from pathlib import Path

from tests.architecture.house import CODE, ROOT, files, named, python_files

SAY_NOTHING = {"utils", "helpers", "common", "manager", "misc"}
# Written so that this file does not match itself.
AMERICAN = re.compile(r"authori[z]|organi[z]|cancel(?:ed|ing)\b", re.IGNORECASE)
WHOLE_WORD = re.compile(rf"[\w/.]*(?:{AMERICAN.pattern})[\w/.]*", re.IGNORECASE)
# Names that others gave to their things, and whose they are.
FOREIGN = {
    "Authorization": "the HTTP header",
    "HTTPStatus.UNAUTHORIZED": "Python's library, after HTTP",
    "/webhooks/issuer/authorizations": "our address for the issuer's own word",
    "8080/webhooks/issuer/authorizations": "the same, behind a port",
    "issuing_authorization.request": "a card issuer's event",
    "issuing_authorization.created": "a card issuer's event",
    "issuing_authorization.updated": "a card issuer's event",
}
OF_A_WIRE_MODULE = re.compile(r"(?:\w+_)?wire[.]\w+")  # where it is used
OTHERS_WORDS_LIVE_IN = {
    "clients.py",
    "issuer_client.py",
    "bank_client.py",
    "provider_client.py",
    "wire.py",
    "lithic_wire.py",
}
TESTS_OF_THEM = {  # they hold documents in the form of the other side
    "tests/chaos/issuer/test_asking.py",
    "tests/chaos/issuer/test_money.py",
    "tests/chaos/issuer/test_outside.py",
    "tests/chaos/issuer/test_telling.py",
    "tests/chaos/issuer/world.py",
    "tests/integration/payments/fuzzing.py",
    "tests/integration/payments/facts.py",
    "tests/integration/payments/test_issuer_events.py",
    "tests/integration/payments/test_outside.py",
    "tests/integration/payments/network.py",
    "tests/integration/payments/test_lithic.py",
    "tests/integration/payments/test_any_order.py",
    "tests/integration/payments/test_fetching.py",
}
MACHINE = re.compile(r"(?<![\w$}.])/(?:home|Users|work|opt/pypi)/\w")
REGISTRY = re.compile(
    r"pypi[.]org|pythonhosted[.]org|npmjs|docker[.]io|ghcr[.]io|quay[.]io|proxy[.]golang"
    r"|--(?:extra-)?index-url[= ]|--find-links[= ]|file:///"
)


def texts() -> list[tuple[Path, str]]:
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in files()]


def test_no_module_has_a_name_that_says_nothing():
    every = python_files(*CODE, "tests")
    nameless = [named(path) for path in every if {path.stem, path.parent.name} & SAY_NOTHING]

    assert nameless == []


def test_spelling_is_british_but_for_names_that_others_gave():
    found = [
        f"{named(path)}: {word}"
        for path, text in texts()
        if path.name not in OTHERS_WORDS_LIVE_IN and named(path) not in TESTS_OF_THEM
        if "simulators" not in path.parts and AMERICAN.search(text)
        for word in (match[0].rstrip(".") for match in WHOLE_WORD.finditer(text))
        if word not in FOREIGN and not OF_A_WIRE_MODULE.fullmatch(word)
    ]

    assert found == []


def test_the_spelling_check_sees_what_it_should():
    american = ("authori" + "ze", "Organi" + "zation", "cancel" + "ed", "CANCEL" + "ING")

    assert all(AMERICAN.search(word) for word in american)
    assert not AMERICAN.search("authorise an organisation, cancelled, cancelling, cancellation")


def test_no_file_names_a_path_of_this_machine_or_a_registry():
    found = [
        f"{named(path)}: {match[0]}"
        for path, text in texts()
        if path != Path(__file__)
        for pattern in (MACHINE, REGISTRY, re.compile(re.escape(f"{ROOT}/")))
        for match in pattern.finditer(text)
    ]

    assert found == []


def test_the_check_of_paths_sees_what_it_should():
    assert MACHINE.search('open("/home/someone/file")')
    assert REGISTRY.search("--index-url=x")
    assert not MACHINE.search("a relative path/home/of ours, or $root/home/there")
