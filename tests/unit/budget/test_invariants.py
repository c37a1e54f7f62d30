"""Each question about the ledger is asked, and no module's question takes another's place."""

import importlib
import pkgutil
from collections.abc import Mapping

from services.budget import invariants


def questions_of_each_module() -> list[Mapping[str, str]]:
    modules = [
        importlib.import_module(f"{invariants.__name__}.{found.name}")
        for found in pkgutil.iter_modules(invariants.__path__)
    ]
    return [held for module in modules for name, held in vars(module).items() if name.isupper()]


def test_every_question_of_every_module_is_asked_under_its_own_name():
    names = [name for questions in questions_of_each_module() for name in questions]

    assert sorted(names) == sorted(invariants.QUESTIONS)
