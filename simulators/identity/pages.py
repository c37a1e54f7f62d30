"""The two pages. Flask escapes every value."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import render_template_string

from simulators.identity.issuers import Issuer
from simulators.identity.users import User

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 42rem; padding: 0 1rem;
  color: #0b0c0c; }
li { margin-bottom: .75rem; }
button { font: inherit; padding: .4rem .8rem; min-width: 14rem; text-align: left; }
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }} - {{ issuer.title }} simulator</title>
<style>{{ style }}</style>
</head>
<body>
<h1>{{ title }}</h1>
<p>A simulator of {{ issuer.title }}: nobody here is real, and there are no passwords.</p>
{% if choices %}<ul>
{% for choice in choices %}
<li><form method="post">
<input type="hidden" name="user" value="{{ choice.user }}">
<input type="hidden" name="role" value="{{ choice.role_id }}">
<button>{{ choice.name }}</button> {{ choice.role }}{% if choice.at %}, {{ choice.at }}{% endif %}
</form></li>
{% endfor %}
</ul>{% endif %}
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to sign in."""

    user: str
    name: str
    role: str
    role_id: str = ""
    at: str = ""


def sign_in(issuer: Issuer, users: Iterable[User]) -> str:
    """Ask who is there."""
    choices = [choice for user in users for choice in _choices(user)]
    return _page("Who are you?", issuer, choices=choices)


def signed_out(issuer: Issuer) -> str:
    return _page("You have signed out", issuer)


def _page(title: str, issuer: Issuer, *, choices: Iterable[Choice] = ()) -> str:
    return render_template_string(PAGE, title=title, issuer=issuer, choices=choices, style=STYLE)


def _choices(user: User) -> Iterator[Choice]:
    facts = user.facts
    both = " ".join(facts[part] for part in ("given_name", "family_name") if part in facts)
    name, role = facts.get("name") or both or user.name, user.role.replace("_", " ")
    held = facts.get("nhsid_nrbac_roles", [])
    if not held:
        yield Choice(user=user.name, name=name, role=role)
    for one in held:
        yield Choice(
            user=user.name,
            name=name,
            role=role,
            role_id=one["person_roleid"],
            at=one.get("org_name") or one["org_code"],
        )
