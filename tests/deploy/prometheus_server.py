"""Runs Prometheus with docker/prometheus, watching servers on loopback twice a second, and asks it."""

import contextlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from haproxy import free_port
from server import PATIENCE, ROOT

FILES = ROOT / "docker" / "prometheus"
TOOLS = str(ROOT / "build" / "tools")
PROMTOOL = shutil.which("promtool") or shutil.which("promtool", path=TOOLS)
PROGRAM = shutil.which("prometheus") or shutil.which("prometheus", path=TOOLS)

# For rate(): some looks at its targets.
RANGE = "20s"


def promtool(*arguments):
    done = subprocess.run([PROMTOOL, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=PATIENCE, check=False)
    return done.returncode, done.stdout


class Prometheus:
    """`targets`: what stands in docker/prometheus/prometheus.yml, and where it is here."""

    def __init__(self, targets):
        self.folder = tempfile.TemporaryDirectory()
        self.url = f"http://127.0.0.1:{free_port()}"
        self.process = subprocess.Popen(
            [PROGRAM, f"--config.file={self.configuration(targets)}", f"--storage.tsdb.path={self.folder.name}/data",
             f"--web.listen-address={self.url.removeprefix('http://')}", "--log.level=error"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait(lambda: self.number(f"count(count_over_time(up[{RANGE}]) > 5)") == len(targets))
            self.wait(lambda: all(rule["health"] == "ok" for rule in self.rules()))
        except AssertionError:
            self.stop()
            raise

    def configuration(self, targets):
        text = (FILES / "prometheus.yml").read_text("utf-8")
        for name, here in targets.items():
            assert name in text, f"{name} is no target"
            text = text.replace(name, here)
        text = text.replace("interval: 15s", "interval: 500ms")
        shutil.copy(FILES / "alerts.yml", self.folder.name)
        file = pathlib.Path(self.folder.name, "prometheus.yml")
        file.write_text(text, "utf-8")
        return file

    def wait(self, condition):
        end = time.monotonic() + PATIENCE
        while not self.says_yes(condition):
            assert self.process.poll() is None and time.monotonic() < end, "Prometheus does not see what it should"
            time.sleep(0.05)

    @staticmethod
    def says_yes(condition):
        """It answers nothing at first, and then 503."""
        with contextlib.suppress(OSError, AssertionError):
            return condition()
        return False

    def get(self, path, **query):
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{query}: {refused.read().decode()}") from None

    def series(self, expression):
        """What the expression gives: a list of {"metric": labels, "value": ...}."""
        return self.get("query", query=expression)["result"]

    def number(self, expression):
        found = self.series(expression)
        return float(found[0]["value"][1]) if found else None

    def rules(self):
        return [rule for group in self.get("rules")["groups"] for rule in group["rules"]]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=PATIENCE)
        self.folder.cleanup()
