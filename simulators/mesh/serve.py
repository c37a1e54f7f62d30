"""``python -m simulators.mesh.serve``, by the python of ``.venv-mesh``: the sandbox on our port.

It keeps its mailboxes in memory, three of them, all with the sandbox's password. It knows no
workflow and no certificate: that these are looked at, tests of partners show.
"""

import os

import uvicorn
from mesh_sandbox.api import app


@app.get("/health/live")
def live() -> dict[str, str]:
    """Say that it lives, as all our programs do."""
    return {"status": "live"}


if __name__ == "__main__":
    host = os.environ.get("COMMONPURSE_HEALTH_HOST", "127.0.0.1")
    uvicorn.run(app, host=host, port=int(os.environ["COMMONPURSE_HEALTH_PORT"]), log_level="info")
