"""``python -m deploy.scans``: weak code, secrets, what we are made of, and known weaknesses of it.

The first three are found out or the scan fails. The last needs a service of advisories: where none
answers it says that nothing was checked, which is no pass and no failure.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from deploy.local.processes import OURS

ROOT = Path(__file__).parents[1]
PACKAGES = ("access", "clients", "demo", "deploy", "operations", "services", "shared", "simulators")
PROGRAMS = (*OURS, "simulators")
BASELINE = ROOT / ".secrets.baseline"
FOUND = ROOT / "var" / "secrets.json"
NO_SECRETS = r"^\.secrets\.baseline$|^requirements/.*\.txt$"  # digests of what is public
# Keys of services with which nothing here has to do; each costs as much time as one that counts.
NOT_OURS = (
    "ArtifactoryDetector",
    "AzureStorageKeyDetector",
    "CloudantDetector",
    "DiscordBotTokenDetector",
    "IbmCloudIamDetector",
    "IbmCosHmacDetector",
    "IPPublicDetector",
    "MailchimpDetector",
    "NpmDetector",
    "OpenAIDetector",
    "SendGridDetector",
    "SlackDetector",
    "SoftlayerDetector",
    "SquareOAuthDetector",
    "TelegramBotTokenDetector",
    "TwilioKeyDetector",
)
ADVISORIES = "https://api.osv.dev/v1/query"
ANSWERS_WITHIN = (3, 10)  # seconds: to connect; for the answer

Found = frozenset[tuple[str, str, str]]  # a file, the kind of secret, its digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a scan. None: it was not made."""

    is_well: bool | None
    says: str


def weak_code() -> Outcome:
    """Look for weak code; what is meant so says why beside its line: ``# nosec B608  # …``."""
    ended = _run("bandit", "-q", "-c", "pyproject.toml", "-r", *PACKAGES)
    if ended.returncode != 0:
        return Outcome(is_well=False, says=ended.stdout or ended.stderr)
    return Outcome(is_well=True, says="bandit finds none")


def secrets() -> Outcome:
    """Look for what seems to be a secret in what is committed, but for what was looked at."""
    but = [word for name in NOT_OURS for word in ("--disable-plugin", name)]
    ended = _run("detect_secrets", "-c", "2", "scan", "--exclude-files", NO_SECRETS, *but)
    if ended.returncode != 0:
        return Outcome(is_well=False, says=ended.stderr)
    FOUND.parent.mkdir(exist_ok=True)
    FOUND.write_text(ended.stdout)
    return compared(
        in_report(json.loads(ended.stdout)), in_report(json.loads(BASELINE.read_text()))
    )


def in_report(report: Mapping[str, Any]) -> Found:
    """Return what a report of detect-secrets names, wherever in its file it stands."""
    return frozenset(
        (file, one["type"], one["hashed_secret"])
        for file, found in report["results"].items()
        for one in found
    )


def compared(found: Found, known: Found) -> Outcome:
    """Return what is new, and what is known and there no more."""
    new = sorted({f"{file}: {kind}" for file, kind, _ in found - known})
    gone = sorted({f"{file}: {kind}" for file, kind, _ in known - found})
    says = [f"{one} is new" for one in new] + [f"{one} is there no more" for one in gone]
    if not says:
        return Outcome(is_well=True, says=f"{len(known)} look like secrets and are none; no other")
    how = (
        "Take a secret out, and give it up. If you have looked at each and it is none: "
        f"cp {FOUND.relative_to(ROOT)} {BASELINE.name}"
    )
    return Outcome(is_well=False, says="\n".join([*says, how]))


def made_of() -> Outcome:
    """Write for each program, from its lock, of what it is made: CycloneDX, in var/sbom."""
    folder = ROOT / "var" / "sbom"
    folder.mkdir(parents=True, exist_ok=True)

    def write(program: str) -> str:
        lock, bill = f"requirements/{program}.txt", folder / f"{program}.cdx.json"
        how = ("--output-reproducible", "--of", "JSON", "-o", str(bill))
        ended = _run("cyclonedx_py", "requirements", lock, *how)
        return "" if ended.returncode == 0 else ended.stderr

    with ThreadPoolExecutor(2) as threads:
        wrong = "".join(threads.map(write, PROGRAMS))
    return Outcome(is_well=not wrong, says=wrong or f"{len(PROGRAMS)} bills in var/sbom")


def known_weaknesses(*, address: str = ADVISORIES) -> Outcome:
    """Look whether advisories name what the locks hold, if a service of advisories answers."""
    if not is_there(address):
        return Outcome(is_well=None, says="advisories not checked: nobody answers who has them")
    locks = [word for lock in (*PROGRAMS, "dev") for word in ("-r", f"requirements/{lock}.txt")]
    how = ("--disable-pip", "--require-hashes", "--vulnerability-service", "osv")
    ended = _run("pip_audit", *how, *locks)
    return Outcome(is_well=ended.returncode == 0, says=ended.stdout + ended.stderr)


def is_there(address: str) -> bool:
    """Whether a service of advisories answers, asked of an old release that is known to be weak."""
    asked = {"package": {"name": "requests", "ecosystem": "PyPI"}, "version": "2.19.1"}
    try:
        answer = requests.post(address, json=asked, timeout=ANSWERS_WITHIN)
        return answer.ok and bool(answer.json().get("vulns"))
    except (requests.RequestException, ValueError, AttributeError):
        return False


SCANS: Mapping[str, Callable[[], Outcome]] = {
    "weak code": weak_code,
    "secrets": secrets,
    "made of": made_of,
    "advisories": known_weaknesses,
}


def report(outcomes: Mapping[str, Outcome]) -> int:
    """Print what came of each scan, and return 1 if one failed."""
    words = {True: "well", False: "FAILED", None: "NOT CHECKED"}
    for name, outcome in outcomes.items():
        print(f"{name}: {words[outcome.is_well]}: {outcome.says.strip()}")
    return int(any(outcome.is_well is False for outcome in outcomes.values()))


def _run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    command: Sequence[str] = (sys.executable, "-m", module, *words)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(report({name: scan() for name, scan in SCANS.items()}))
