"""What changed between two versions of a plan, in words that a person can read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

# Lists whose entries have an id: the id's field, what an entry is called, and by which words.
_LISTS: Sequence[tuple[str, str, str, str]] = (
    ("goals", "goal_id", "goal", "words"),
    ("parts", "part_id", "part of the budget", "name"),
    ("items", "item_id", "item", "description"),
    ("six_features", "feature", "feature", "feature"),
    ("risks", "risk", "risk", "risk"),
    ("wanted_but_unavailable", "wanted", "wish that could not be met", "wanted"),
)
_RECORDS = ("preferences", "crisis_plan")
_WHOLES = ("risk_of_doing_nothing", "crisis_plan_declined_because")

# What a field is called where its name in code would puzzle a reader.
_NAMES: Mapping[str, str] = {
    "goal_ids": "goals",
    "goal_id": "goal",
    "unit_cost_pence": "price of one",
    "occurrences": "number",
    "part_id": "part of the budget",
    "merchant_category_code": "kind of shop",
    "cap_pence": "most that may be used of the reserve",
    "is_met": "“there”",
}


def differences(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return each change as its field, before, after, and one sentence.

    Args:
        earlier: the content of one version, as ``support_plans.queries.content`` gives it.
        later: the content of another.
    """
    return list(_changes(_readable(earlier), _readable(later)))


def _readable(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return content in which goals and parts are called by their words and not by their ids."""
    words = {str(goal["goal_id"]): goal["words"] for goal in content["goals"]}
    names = {str(part["part_id"]): part["name"] for part in content["parts"]}
    items = [
        {
            **item,
            "goal_ids": [words[goal_id] for goal_id in item["goal_ids"]],
            "part_id": names[str(item["part_id"])],
        }
        for item in content["items"]
    ]
    wishes = [
        {**wish, "goal_id": words.get(str(wish["goal_id"]))}
        for wish in content["wanted_but_unavailable"]
    ]
    return {**content, "items": items, "wanted_but_unavailable": wishes}


def _changes(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for field, known_by, noun, words in _LISTS:
        before = {one[known_by]: one for one in earlier[field]}
        after = {one[known_by]: one for one in later[field]}
        yield from _of_list(field, noun, words, before, after)
    for field in _RECORDS:
        before, after = earlier[field] or {}, later[field] or {}
        for part in [*before, *(one for one in after if one not in before)]:
            yield from _of_value(f"{field}.{part}", before.get(part), after.get(part))
    for field in _WHOLES:
        yield from _of_value(field, earlier[field], later[field])


def _of_list(
    field: str,
    noun: str,
    words: str,
    before: Mapping[Any, Mapping[str, Any]],
    after: Mapping[Any, Mapping[str, Any]],
) -> Iterator[Mapping[str, Any]]:
    for key, one in before.items():
        if key not in after:
            yield _change(field, one, None, f"The {noun} “{one[words]}” was taken out.")
    for key, one in after.items():
        if key not in before:
            yield _change(field, None, one, f"The {noun} “{one[words]}” was added.")
            continue
        for part in one:
            old, new = before[key][part], one[part]
            if old != new:
                what = f"The {_called(part)} of the {noun} “{one[words]}”"
                yield _change(f"{field}.{part}", old, new, _was(what, part, old, new))


def _of_value(field: str, old: Any, new: Any) -> Iterator[Mapping[str, Any]]:
    if old != new:
        record, _, part = field.rpartition(".")
        what = f"{_called(record).capitalize()}: {_called(part)}" if record else _called(part)
        yield _change(field, old, new, _was(what[0].upper() + what[1:], part, old, new))


def _change(field: str, before: Any, after: Any, words: str) -> Mapping[str, Any]:
    return {"field": field, "before": before, "after": after, "words": words}


def _was(what: str, field: str, old: Any, new: Any) -> str:
    return f"{what} changed from {_said(old, field)} to {_said(new, field)}."


def _said(value: Any, field: str) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        is_money = field.endswith("_pence")
        return f"£{value // 100:,}.{value % 100:02d}" if is_money else str(value)
    if isinstance(value, list):
        return " and ".join(f"“{one}”" for one in value) or "nothing"
    return f"“{value}”"


def _called(field: str) -> str:
    return _NAMES.get(field, field.replace("_", " "))
