"""``python -m shared.messaging.topology plan|apply|check``: starts the tool of that name."""

import runpy

if __name__ == "__main__":
    runpy.run_module("operations.topology", run_name="__main__", alter_sys=True)
