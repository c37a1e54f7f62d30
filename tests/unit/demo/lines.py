"""Lines of a case file, good ones and spoiled ones."""

import copy
import json
from pathlib import Path

CASES = Path(__file__).parents[3] / "demo" / "cases"
REFUND_CASE = "MP-0170"


def small_cases():
    return cases_of("small.jsonl")


def disagreements():
    return cases_of("disagreements.jsonl")


def cases_of(file):
    lines = (CASES / file).read_text("utf-8").splitlines()
    return {case["case_ref"]: case for case in map(json.loads, lines)}


def a_case(case_ref="MP-0001"):
    """Return a case with every part, which no test may spoil for another."""
    return {**copy.deepcopy(small_cases()[REFUND_CASE]), "case_ref": case_ref}


def who_declines():
    return small_cases()["MP-0026"]


def spoiled(path, value):
    """Return a case with another value at ``path``: ``support_plan.items.0.rail``."""
    case = a_case()
    *way, last = path.split(".")
    here = case
    for step in way:
        here = here[int(step) if isinstance(here, list) else step]
    here[int(last) if isinstance(here, list) else last] = value
    return case


def lacking(path):
    """Return a case without the field at ``path``."""
    case = a_case()
    *way, last = path.split(".")
    here = case
    for step in way:
        here = here[int(step) if isinstance(here, list) else step]
    del here[last]
    return case
