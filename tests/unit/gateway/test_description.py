"""The description of the API says what the door does, and is shown without a script."""

import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from services.gateway import describe, description
from services.gateway.app import app_on
from services.gateway.documentation.routes import slug
from tests.architecture.house import ROOT


@pytest.fixture(scope="module")
def document():
    return yaml.safe_load(describe.written())


@pytest.fixture(scope="module")
def reader():
    def nobody():
        pytest.fail("Reading about the API asks who somebody is.")

    return app_on(None, who_asks=nobody).test_client()


def operation(document, name):
    (found,) = (
        (method, path, one)
        for method, path, one in description.operations(document)
        if one["operationId"] == name
    )
    return found


def names_of_heads(one):
    return {head["$ref"].rpartition("/")[2] for head in one.get("parameters", []) if "$ref" in head}


def references(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        for one in part.values():
            yield from references(one)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def test_what_is_published_is_what_would_be_written_now(document):
    """Write it anew with ``make docs``."""
    published = (ROOT / "docs" / "api" / describe.NAME).read_text("utf-8")

    assert published == describe.written()


def test_whatever_is_named_is_there(document):
    for reference in references(document):
        part = document
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


def test_each_form_is_one_that_programs_can_read(document):
    for form in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(form)


def test_what_the_door_asks_for_is_told(document):
    method, path, asked = operation(document, "payments.request_purchase")
    _, _, edited = operation(document, "notifications.set_preferences")
    _, _, read = operation(document, "payments.purchase")

    assert (method, path) == ("post", "/v1/purchases")
    assert names_of_heads(asked) == {"IdempotencyKey", "Prefer"}
    assert set(asked["responses"]) == {"200", "202", "default"}
    assert names_of_heads(edited) == {"IdempotencyKey", "IfMatch"}
    assert names_of_heads(read) == set()


def test_a_question_in_a_body_is_known_as_one(document):
    _, _, found = operation(document, "assessment.find_person")

    assert found[description.ONLY_ASKS]
    assert names_of_heads(found) == set()


def test_whoever_asks_for_a_token_needs_none_and_everybody_else_does(document):
    free = {
        one["operationId"]
        for _, _, one in description.operations(document)
        if one.get("security", document["security"]) == []
    }

    assert free == description.OPEN_TO_ALL


def test_every_error_is_a_problem(document):
    for _, _, one in description.operations(document):
        wrong = {code: answer for code, answer in one["responses"].items() if code > "399"}
        assert wrong == {"default": description.PROBLEM}
    (media,) = document["components"]["responses"]["Problem"]["content"]
    assert media == "application/problem+json"


def test_every_subject_and_operation_is_shown(reader, document):
    shown = reader.get("/docs").text
    for subject in app_subjects(reader):
        assert f'href="/docs/{slug(subject)}"' in shown
        page = reader.get(f"/docs/{slug(subject)}")
        assert page.status_code == 200
        for _, path, one in description.operations(document):
            if subject in one["tags"]:
                assert f"{path}</code>" in page.text
        assert_no_empty_ends(page.text)


def app_subjects(reader):
    return [tag["name"] for tag in reader.get("/docs/openapi.json").json["tags"]]


def assert_no_empty_ends(text):
    """Whatever a page links to on itself is on it."""
    ends = set(re.findall(r'href="#([^"]+)"', text))
    assert ends <= set(re.findall(r'id="([^"]+)"', text))


@pytest.mark.parametrize("path", ["/docs", "/docs/purchases", "/docs/messages"])
def test_a_page_runs_nothing_and_takes_nothing_from_elsewhere(reader, path):
    page = reader.get(path)

    rules = page.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in rules
    assert "style-src 'self'" in rules
    assert "unsafe" not in str(rules)
    assert not re.search(r"<script|\bon\w+=|style=|https?://", page.text)
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert reader.get("/docs/docs.css").mimetype == "text/css"


def test_only_pages_may_be_styled(reader):
    answer = reader.get("/docs/openapi.json")

    assert "style-src" not in answer.headers["Content-Security-Policy"]


def test_what_nobody_wrote_about_is_not_found(reader):
    answer = reader.get("/docs/<script>")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_page_that_has_not_changed_is_not_sent_again(reader):
    tag = reader.get("/docs").headers["ETag"]

    assert reader.get("/docs", headers={"If-None-Match": tag}).status_code == 304
