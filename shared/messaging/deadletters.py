"""``python -m shared.messaging.deadletters list|show|replay|discard``: starts the tool."""

import runpy

if __name__ == "__main__":
    runpy.run_module("operations.dead_letters", run_name="__main__", alter_sys=True)
