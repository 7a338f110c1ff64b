"""docker/compose.yaml and docker/haproxy.cfg: their tools take them, and the services find each other and their files."""

import os
import re
import shutil
import subprocess
import unittest

import haproxy
import yaml
from prometheus_server import FILES
from server import PATIENCE, ROOT, run

DOCKER = ROOT / "docker"
COMPOSE = [["docker-compose"], ["docker", "compose"]]


def tool():
    """Docker's own, in one of its forms, or None."""
    for command in COMPOSE:
        if shutil.which(command[0]):
            tried = subprocess.run([*command, "version"], capture_output=True, timeout=PATIENCE, check=False)
            if tried.returncode == 0:
                return command
    return None


def services():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["services"]


def size(text):
    return int(text[:-1]) << {"m": 20, "g": 30}[text[-1].lower()]


def networks_of(name):
    return set(services()[name]["networks"])


class Compose(unittest.TestCase):
    def test_compose_takes_it(self):
        command = tool()
        if not command:
            self.skipTest("neither docker-compose nor docker compose is there")
        done = subprocess.run([*command, "-f", DOCKER / "compose.yaml", "config", "--quiet"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_services_may_little(self):
        for name, service in services().items():
            with self.subTest(name):
                self.assertIs(service["read_only"], True)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
                self.assertTrue(service["mem_limit"] and service["pids_limit"])
                self.assertFalse({"cap_add", "privileged", "network_mode", "pid"} & set(service))

    def test_ports_are_this_machines_alone(self):
        for name, service in services().items():
            for port in service.get("ports", ()):
                self.assertRegex(port, r"^127\.0\.0\.1:\d+:\d+$", name)

    def test_files_that_are_mounted_are_there_and_read_only(self):
        for name, service in services().items():
            for source, place, *mode in (volume.split(":") for volume in service.get("volumes", ())):
                if source.startswith("."):
                    self.assertTrue((DOCKER / source).exists(), source)
                    self.assertEqual(mode, ["ro"], f"{name}: {place}")

    def test_grafana_finds_the_dashboard(self):
        mounted = dict(volume.split(":")[1::-1] for volume in services()["grafana"]["volumes"])
        folder = mounted["/etc/grafana/dashboards"]
        home = services()["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
        self.assertTrue((DOCKER / folder / home.removeprefix("/etc/grafana/dashboards/")).exists())
        providers = yaml.safe_load((DOCKER / "grafana/provisioning/dashboards/files.yaml").read_text("utf-8"))["providers"]
        self.assertEqual([provider["options"]["path"] for provider in providers], ["/etc/grafana/dashboards"])

    def test_grafana_finds_prometheus(self):
        sources = yaml.safe_load((DOCKER / "grafana/provisioning/datasources/prometheus.yaml").read_text("utf-8"))
        host = re.match(r"http://([\w-]+):9090$", sources["datasources"][0]["url"])[1]
        self.assertTrue(networks_of("grafana") & networks_of(host))

    def test_prometheus_finds_all_targets(self):
        jobs = yaml.safe_load((FILES / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
        targets = [target for job in jobs for config in job["static_configs"] for target in config["targets"]]
        self.assertEqual({target.partition(":")[0] for target in targets}, {"convscope-a", "convscope-b", "haproxy"})
        for target in targets:
            self.assertTrue(networks_of("prometheus") & networks_of(target.partition(":")[0]), target)
        self.assertIn("haproxy" + services()["haproxy"]["environment"]["CONVSCOPE_STATS_BIND"], targets)

    def test_haproxy_finds_the_servers(self):
        text = (DOCKER / "haproxy.cfg").read_text("utf-8")
        for name in re.findall(r"presetenv CONVSCOPE_[AB] ([\w-]+):8080", text):
            self.assertTrue(networks_of("haproxy") & networks_of(name), name)

    def test_the_servers_reach_nobody(self):
        internal = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))["networks"]
        for name in ("convscope-a", "convscope-b"):
            self.assertTrue(all(internal[network]["internal"] for network in networks_of(name)))
            self.assertNotIn("ports", services()[name])

    def test_there_is_time_to_end(self):
        service = services()["convscope-a"]
        drains = [int(word.partition("=")[2]) for word in service["command"] if word.startswith("--drain")]
        self.assertEqual(len(drains), 2)
        self.assertGreater(int(service["stop_grace_period"].removesuffix("s")), sum(drains))

    def test_all_that_may_be_kept_fits_into_the_memory(self):
        service = services()["convscope-a"]
        requests = next(word.partition("=")[2] for word in service["command"] if word.startswith("--max-memory="))
        files = re.search(r"^/tmp:size=(\w+)", service["tmpfs"][0])[1]
        self.assertLess(size(requests) + size(files), size(service["mem_limit"]))

    def test_images_have_a_version(self):
        for name, service in services().items():
            self.assertRegex(service["image"], r":v?\d+\.\d+", name)
        self.assertEqual(services()["convscope-a"]["image"], "convscope:" + run("version").stdout.split()[1])


@unittest.skipUnless(haproxy.PROGRAM, "HAProxy is not installed (haproxy)")
class HAProxy(unittest.TestCase):
    def test_haproxy_takes_it(self):
        names = {f"CONVSCOPE_{letter}": "127.0.0.1:1" for letter in "ABCD"}
        done = subprocess.run([haproxy.PROGRAM, "-c", "-f", DOCKER / "haproxy.cfg"], env={**os.environ, **names},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("WARNING", done.stdout)


if __name__ == "__main__":
    unittest.main()
