"""docker/prometheus and docker/grafana: the rules do what they say, and all they ask for is there on real servers."""

import json
import pathlib
import re
import unittest

import haproxy
import yaml
from busy import convolution
from client import once
from prometheus_server import FILES, PROGRAM, PROMTOOL, RANGE, Prometheus, promtool
from server import ROOT, Server

HERE = pathlib.Path(__file__).resolve().parent
GRAFANA = ROOT / "docker" / "grafana"
DASHBOARD = json.loads((GRAFANA / "dashboards" / "convscope.json").read_text("utf-8"))
SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 9, 2]}).encode()

# A metric and the labels that it is chosen by; labels that it is summed by.
SELECTOR = re.compile(r"\b((?:convscope|process|haproxy)_\w+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"')
BY = re.compile(r"\bby \(([^)]*)\)")


def alerts():
    groups = yaml.safe_load((FILES / "alerts.yml").read_text("utf-8"))["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def panels():
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions(panel):
    """What a panel asks for, as Grafana would put it."""
    for target in panel["targets"]:
        yield target["expr"].replace("$instance", ".*").replace("$__rate_interval", RANGE)


def labels_asked_for(expression):
    """Pairs of a metric and the labels that an expression expects of it; `le` is what is left when it is none's."""
    by = {label.strip() for group in BY.findall(expression) for label in group.split(",")}
    for metric, matchers in SELECTOR.findall(expression):
        yield metric, by | set(MATCHER.findall(matchers))


@unittest.skipUnless(PROMTOOL, "promtool, of Debian's package prometheus, is not there")
class Rules(unittest.TestCase):
    def test_promtool_finds_nothing(self):
        status, printed = promtool("check", "config", "--lint=all", "--lint-fatal", FILES / "prometheus.yml")
        self.assertEqual(status, 0, printed)
        self.assertNotIn("WARNING", printed)

    def test_alerts_come_when_they_should(self):
        status, printed = promtool("test", "rules", HERE / "alerts_test.yml")
        self.assertEqual(status, 0, printed)

    def test_every_alert_is_tried(self):
        tried = yaml.safe_load((HERE / "alerts_test.yml").read_text("utf-8"))["tests"]
        came = {one["alertname"] for test in tried for one in test["alert_rule_test"] if one["exp_alerts"]}
        self.assertEqual(came, set(alerts()))


@unittest.skipUnless(PROGRAM and haproxy.PROGRAM, "Prometheus or HAProxy is not there")
class Live(unittest.TestCase):
    """Two servers behind HAProxy, watched as docker/prometheus says, while a little of everything is asked."""

    @classmethod
    def setUpClass(cls):
        servers = [Server("--workers", "1") for _ in range(2)]
        for server in servers:
            cls.addClassCleanup(server.kill)
        proxy = haproxy.HAProxy(*servers)
        cls.addClassCleanup(proxy.__exit__)
        cls.ask(proxy, servers)
        cls.prometheus = Prometheus({
            "convscope-a:8080": f"{servers[0].host}:{servers[0].port}",
            "convscope-b:8080": f"{servers[1].host}:{servers[1].port}",
            "haproxy:8404": f"{proxy.statistics.host}:{proxy.statistics.port}",
        })
        cls.addClassCleanup(cls.prometheus.stop)

    @staticmethod
    def ask(proxy, servers):
        for server in servers:
            once(server, "POST", "/v1/shape", SHAPE)
            once(server, "POST", "/v1/convolve", convolution(1e6, channels=16))
        once(proxy, "POST", "/v1/shape", SHAPE)
        assert once(proxy, "POST", "/v1/shape", b"{}").status == 422

    def test_no_alert_comes(self):
        self.assertEqual({rule["name"]: rule["state"] for rule in self.prometheus.rules()}, dict.fromkeys(alerts(), "inactive"))

    def test_the_dashboard_has_something_to_show(self):
        for panel in panels():
            for expression in expressions(panel):
                with self.subTest(panel["title"], expression=expression):
                    self.assertTrue(self.prometheus.series(expression))

    def test_legends_name_labels_that_are_there(self):
        for panel in panels():
            for target, expression in zip(panel["targets"], expressions(panel)):
                for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                    with self.subTest(panel["title"], label=label):
                        self.assertTrue(all(label in one["metric"] for one in self.prometheus.series(expression)))

    def test_metrics_and_labels_exist(self):
        asked = [rule["expr"] for rule in alerts().values()]
        asked += [expression for panel in panels() for expression in expressions(panel)]
        for expression in asked:
            for metric, labels in labels_asked_for(expression):
                found = self.prometheus.series(metric)
                with self.subTest(metric, expression=expression):
                    self.assertTrue(found, "no such metric")
                    self.assertEqual(labels - set(found[0]["metric"]), set())

    def test_the_autoscalers_figure_is_there(self):
        """As prometheus-adapter asks for it: of each pod here is an instance."""
        rules = yaml.safe_load((ROOT / "docker" / "kubernetes" / "prometheus-adapter.yaml").read_text("utf-8"))["rules"]
        for rule in rules["custom"]:
            metric = SELECTOR.match(rule["seriesQuery"])[1]
            query = rule["metricsQuery"].replace("<<.Series>>", metric)
            query = query.replace("<<.LabelMatchers>>", 'job="convscope"').replace("<<.GroupBy>>", "instance")
            self.assertEqual(len(self.prometheus.series(query)), 2, query)
            self.assertRegex(metric, rule["name"]["matches"])


class Dashboard(unittest.TestCase):
    def test_its_source_is_provisioned(self):
        sources = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yaml").read_text("utf-8"))["datasources"]
        known = {(source["type"], source["uid"]) for source in sources}
        for panel in panels():
            self.assertIn((panel["datasource"]["type"], panel["datasource"]["uid"]), known, panel["title"])

    def test_panels_lie_side_by_side(self):
        taken = set()
        for panel in DASHBOARD["panels"]:
            at = panel["gridPos"]
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells

    def test_panels_have_numbers_of_their_own(self):
        numbers = [panel["id"] for panel in DASHBOARD["panels"]]
        self.assertEqual(len(numbers), len(set(numbers)))


if __name__ == "__main__":
    unittest.main()
