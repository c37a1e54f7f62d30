"""``python -m shared.migrations upgrade|revision|check <service>``: starts the tool."""

import runpy

if __name__ == "__main__":
    runpy.run_module("operations.migrations", run_name="__main__", alter_sys=True)
