"""By MESH a message is taken in once and acknowledged after that, and ours arrive with chunks."""

from pathlib import Path

OURS, TRUSTS, NOBODYS = "X26ABC1", "X26ABC2", "X26ABC3"
PASSWORD, SHARED_KEY = "password", "TestKey"  # the sandbox has no others
WORKFLOW_IN, WORKFLOW_OUT = "IPB_MESSAGE", "IPB_ANSWER"
SANDBOX = Path(".venv-mesh")
