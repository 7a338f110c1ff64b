"""Other people's tools by npm, for tests that can do without."""

import json
import shutil
import subprocess

MINUTES = 5
INSTALL = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--omit=optional", "--ignore-scripts"]


def install(source, target):
    """Install what `source`/package.json names in `target`, once. Why it is not there, or None."""
    wanted = json.loads((source / "package.json").read_text("utf-8"))
    installed = target / "installed.json"
    if installed.exists() and json.loads(installed.read_text("utf-8")) == wanted:
        return None
    if not shutil.which("npm"):
        return "npm is not installed (Debian's packages nodejs and npm)"
    target.mkdir(parents=True, exist_ok=True)
    for file in (source / "package.json", source / ".npmrc"):
        if file.exists():
            shutil.copy(file, target)
    try:
        done = subprocess.run(INSTALL, cwd=target, capture_output=True, text=True, timeout=60 * MINUTES, check=False)
    except subprocess.TimeoutExpired:
        return f"npm took longer than {MINUTES} minutes"
    if done.returncode:
        return "npm could not install it: " + " ".join(done.stderr.split())[:300]
    shutil.copy(source / "package.json", installed)
    return None
