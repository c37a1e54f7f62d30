"""Show on a terminal what somebody would get: ``python -m services.notifications.preview``."""

import argparse
import json
import sys
from collections.abc import Sequence

from marshmallow import ValidationError

from services.notifications.people.rules import Audience
from services.notifications.preview.queries import preview
from services.notifications.preview.schemas import PreviewForm
from shared.errors import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a preview as JSON. Words that no speaker has checked are shown, and marked."""
    reader = argparse.ArgumentParser(prog="python -m services.notifications.preview")
    reader.add_argument("topic", help="a topic of topics/table.py, such as balance_low")
    reader.add_argument("--language", default="en", help="en, cy, pl, ur or another code")
    reader.add_argument("--channel", default="letter", choices=("sms", "email", "letter"))
    reader.add_argument("--format", choices=("large_print", "easy_read"))
    reader.add_argument("--audience", default="holder", choices=[one.value for one in Audience])
    reader.add_argument("--facts", default="{}", help='as JSON: {"available": "£29.00"}')
    given = reader.parse_args(arguments)
    try:
        facts = json.loads(given.facts)
        asked = PreviewForm().load({**vars(given), "facts": facts, "is_draft_shown": True})
        shown = preview(asked)
    except json.JSONDecodeError:
        reader.error("--facts is no JSON")
    except ValidationError as error:
        reader.error(f"unfit: {', '.join(sorted(map(str, error.messages_dict)))}")
    except Refusal as refusal:
        reader.error(f"{refusal.message} {refusal.next_step}")
    sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
