"""docker/kubernetes and docker/kserve: they can be built, Kubernetes would take them, and they fit the program."""

import copy
import unittest

import manifests
import yaml
from client import once
from manifests import KUBERNETES, OVERLAYS, build, judge, one
from server import ROOT, Server, run

PRODUCTION = KUBERNETES / "overlays" / "production"
DEPLOYED = [KUBERNETES / "overlays" / "local", PRODUCTION]
KSERVE = ROOT / "docker" / "kserve"
SWEEP = KUBERNETES / "sweep"


def pods():
    """The description of each kind of pod, by its overlay."""
    for overlay in DEPLOYED:
        yield overlay.name, one(overlay, "Deployment")["spec"]["template"]["spec"]
    yield "kserve", {**one(KSERVE, "InferenceService")["spec"]["predictor"], **one(KSERVE, "ServingRuntime")["spec"]}


def probes(container):
    return {name: probe for name, probe in container.items() if name.endswith("Probe")}


def number(arguments, option):
    return next(int(word.partition("=")[2]) for word in arguments if word.startswith(option + "="))


class Manifests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        reason = manifests.missing()
        if reason:
            raise unittest.SkipTest(reason)

    # ---- what Kubernetes says -------------------------------------------------

    def test_kubectl_has_nothing_to_say(self):
        for overlay in OVERLAYS:
            self.assertEqual(build(overlay)[1], "", overlay)

    def test_kubernetes_would_take_them(self):
        self.assertEqual(judge([thing for overlay in OVERLAYS for thing in build(overlay)[0]]), "")

    def test_what_is_wrong_would_be_seen(self):
        deployment = copy.deepcopy(one(PRODUCTION, "Deployment"))
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        container["livenesProbe"] = container.pop("livenessProbe")
        container["resources"]["limits"]["memory"] = "2 Gibibytes"
        runtime = copy.deepcopy(one(KSERVE, "ServingRuntime"))
        runtime["spec"]["protocolVersions"] = ["v3"]
        said = judge([deployment, runtime])
        for wrong in ('"livenesProbe"', "/limits/memory", '"v3"'):
            self.assertIn(wrong, said)

    # ---- security ----------------------------------------------------------------

    def test_pods_are_restricted(self):
        """The "restricted" of the Pod Security Standards, and more: no files but /tmp, no token, a user that is none's."""
        for name, pod in pods():
            with self.subTest(name):
                self.assertIs(pod["automountServiceAccountToken"], False)
                for container in pod["containers"]:
                    security = {**pod.get("securityContext", {}), **container["securityContext"]}
                    self.assertEqual(security, {
                        "runAsNonRoot": True, "runAsUser": 10001, "runAsGroup": 10001, "readOnlyRootFilesystem": True,
                        "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]},
                        "seccompProfile": {"type": "RuntimeDefault"}})
                    self.assertEqual([mount["mountPath"] for mount in container["volumeMounts"]], ["/tmp"])
                self.assertEqual([set(volume) - {"name"} for volume in pod["volumes"]], [{"emptyDir"}])

    def test_nothing_gets_out_of_pods(self):
        for overlay in DEPLOYED:
            policy = one(overlay, "NetworkPolicy")["spec"]
            self.assertEqual((policy["policyTypes"], policy["egress"]), (["Ingress", "Egress"], []))
            self.assertTrue(all(rule["from"] for rule in policy["ingress"]))

    def test_the_namespace_says_so_too(self):
        labels = one(PRODUCTION, "Namespace")["metadata"]["labels"]
        self.assertEqual(labels["pod-security.kubernetes.io/enforce"], "restricted")

    # ---- how they fit together -------------------------------------------------

    def test_selectors_find_the_pods(self):
        labels = one(PRODUCTION, "Deployment")["spec"]["template"]["metadata"]["labels"]
        selectors = {kind: one(PRODUCTION, kind)["spec"]["selector"]["matchLabels"]
                     for kind in ("Deployment", "PodDisruptionBudget", "PodMonitor")}
        selectors["Service"] = one(PRODUCTION, "Service")["spec"]["selector"]
        selectors["NetworkPolicy"] = one(PRODUCTION, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"]
        for kind, selector in selectors.items():
            self.assertTrue(selector and selector.items() <= labels.items(), kind)

    def test_ports_have_the_name_that_others_use(self):
        for overlay in DEPLOYED:
            container = one(overlay, "Deployment")["spec"]["template"]["spec"]["containers"][0]
            names = {port["name"] for port in container["ports"]}
            used = {one(overlay, "Service")["spec"]["ports"][0]["targetPort"]}
            used |= {port["port"] for rule in one(overlay, "NetworkPolicy")["spec"]["ingress"] for port in rule["ports"]}
            used |= {probe["httpGet"]["port"] for probe in probes(container).values()}
            self.assertEqual(used, names)
        self.assertIn(one(PRODUCTION, "PodMonitor")["spec"]["podMetricsEndpoints"][0]["port"], names)

    def test_the_autoscaler_alone_says_how_many(self):
        self.assertNotIn("replicas", one(PRODUCTION, "Deployment")["spec"])
        scaler = one(PRODUCTION, "HorizontalPodAutoscaler")["spec"]
        target = one(PRODUCTION, "Deployment")
        self.assertEqual(scaler["scaleTargetRef"],
                         {"apiVersion": target["apiVersion"], "kind": "Deployment", "name": target["metadata"]["name"]})
        metrics = {metric["type"]: metric for metric in scaler["metrics"]}
        self.assertEqual(set(metrics), {"Resource", "Pods"})
        rules = yaml.safe_load((KUBERNETES / "prometheus-adapter.yaml").read_text("utf-8"))["rules"]["custom"]
        self.assertIn(metrics["Pods"]["pods"]["metric"]["name"], [rule["name"]["as"] for rule in rules])

    def test_there_is_time_to_end(self):
        for name, pod in pods():
            container = pod["containers"][0]
            sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            needed = sleep + number(container["args"], "--drain-delay") + number(container["args"], "--drain")
            self.assertGreater(pod["terminationGracePeriodSeconds"], needed, name)

    def test_kserve_finds_its_runtime(self):
        model = one(KSERVE, "InferenceService")["spec"]["predictor"]["model"]
        runtime = one(KSERVE, "ServingRuntime")
        self.assertEqual(model["runtime"], runtime["metadata"]["name"])
        self.assertIn(model["modelFormat"]["name"], [known["name"] for known in runtime["spec"]["supportedModelFormats"]])
        self.assertIn(model["protocolVersion"], runtime["spec"]["protocolVersions"])
        self.assertEqual(runtime["spec"]["containers"][0]["name"], "kserve-container")

    def test_the_sweep_is_a_billion_layers(self):
        """And its scripts are where they are run from."""
        job = one(SWEEP, "Job")["spec"]
        pod = job["template"]["spec"]
        container = pod["containers"][0]
        self.assertEqual(job["completionMode"], "Indexed")
        layers = next(int(entry["value"]) for entry in container["env"] if entry["name"] == "LAYERS")
        self.assertEqual(job["completions"] * layers, 10**9)
        mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
        volume = next(volume for volume in pod["volumes"] if volume["name"] == mounts["/sweep"])
        scripts = one(SWEEP, "ConfigMap")
        self.assertEqual((container["command"], set(scripts["data"])), (["bash", "/sweep/sweep.sh"], {"layers.py", "sweep.sh"}))
        self.assertEqual(volume["configMap"]["name"], scripts["metadata"]["name"])
        self.assertIn("/results", mounts)

    # ---- the program -----------------------------------------------------------

    def test_the_image_is_of_this_version(self):
        version = run("version").stdout.split()[1]
        for name, pod in pods():
            self.assertEqual(pod["containers"][0]["image"].rpartition(":")[2], version, name)

    def test_the_program_answers_what_is_asked_of_it(self):
        asked = {probe["httpGet"]["path"] for _, pod in pods() for probe in probes(pod["containers"][0]).values()}
        asked.add(one(PRODUCTION, "PodMonitor")["spec"]["podMetricsEndpoints"][0]["path"])
        asked.add("/v2/models/" + one(KSERVE, "InferenceService")["metadata"]["name"])
        with Server() as server:
            for path in sorted(asked):
                self.assertEqual(once(server, "GET", path).status, 200, path)


if __name__ == "__main__":
    unittest.main()
