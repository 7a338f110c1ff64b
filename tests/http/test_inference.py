"""The Open Inference Protocol: what KServe's and Triton's clients ask before they infer, and how it is answered.

The clients themselves, the Python packages kserve and tritonclient, are not in Debian, so they do not run here: what
they send is made as they make it (test_inference_binary.py).
"""

import unittest

from client import assert_problem
from one_server import OneServer


class Inference(OneServer):
    def setUp(self):
        self.connection = self.connect()

    def get(self, path, status=200):
        """The answer's JSON, which HEAD, OPTIONS and a slash behind the path must agree with."""
        response = self.connection.request("GET", path)
        self.assertEqual(response.status, status, response)
        self.assertEqual(response.header("content-type"), "application/json")
        self.assertEqual(self.connection.request("GET", path + "/").body, response.body)
        head = self.connection.request("HEAD", path)
        self.assertEqual((head.status, head.body), (status, b""))
        self.assertEqual(head.header("content-length"), response.header("content-length"))
        options = self.connection.request("OPTIONS", path)
        self.assertEqual((options.status, options.header("allow")), (204, "GET, HEAD, OPTIONS"))
        return response.json()


class Metadata(Inference):
    def test_server(self):
        answer = self.get("/v2")
        self.assertEqual(set(answer), {"name", "version", "extensions"})
        self.assertEqual(answer["name"], "convscope")
        self.assertEqual(answer["version"], self.connection.request("GET", "/healthz").json()["version"])
        self.assertEqual(answer["extensions"], ["binary_tensor_data"])

    def test_health(self):
        self.assertIs(self.get("/v2/health/live")["live"], True)
        ready = self.get("/v2/health/ready")
        self.assertIs(ready["live"], True)  # as the specification prints it
        self.assertIs(ready["ready"], True)  # as KServe's client reads it

    def test_model(self):
        answer = self.get("/v2/models/convolve")
        self.assertEqual(self.get("/v2/models/convolve/versions/1"), answer)
        self.assertEqual(set(answer), {"name", "versions", "platform", "inputs", "outputs"})
        self.assertEqual((answer["name"], answer["versions"]), ("convolve", ["1"]))
        project, form = answer["platform"].split("_")
        self.assertEqual(project, "convscope")
        self.assertTrue(form)
        self.assertEqual([tensor["name"] for tensor in answer["inputs"]], ["input", "kernel", "bias"])
        self.assertEqual([tensor["name"] for tensor in answer["outputs"]], ["output"])
        for tensor in answer["inputs"] + answer["outputs"]:
            self.assertEqual(set(tensor), {"name", "datatype", "shape"})
            self.assertEqual(tensor["datatype"], "FP32")
            self.assertEqual(set(tensor["shape"]), {-1})

    def test_model_ready(self):
        for path in ("/v2/models/convolve/ready", "/v2/models/convolve/versions/1/ready"):
            self.assertEqual(self.get(path), {"name": "convolve", "ready": True})

    def refused(self, path, status, code, method="GET", body=None):
        """A problem, but of the type that KServe's client looks for."""
        response = self.connection.request(method, path, body)
        assert_problem(self, response, status, code, "application/json")
        return response.json()["error"]

    def test_unknown_models_and_versions(self):
        for model in ("mymodel", "Convolve", "convolv", "convolve%20", "c%6Fnvolve", "x" * 63):
            self.assertIn('"convolve"', self.refused(f"/v2/models/{model}", 404, "unknown-model"))
            self.refused(f"/v2/models/{model}/ready", 404, "unknown-model")
            self.refused(f"/v2/models/{model}/versions/1/ready", 404, "unknown-model")
        for version in ("2", "01", "latest", "-1"):
            self.assertIn('"1"', self.refused(f"/v2/models/convolve/versions/{version}", 404, "unknown-model-version"))
            self.refused(f"/v2/models/convolve/versions/{version}/ready", 404, "unknown-model-version")

    def test_unknown_paths(self):
        for path in (
            "/v2/",
            "/v2/health/live",
            "/v2/models/convolve/",
        ):
            self.assertEqual(self.connection.request("GET", path + "?a=b").status, 200, path)
        for path in (
            "/v2//",
            "/v2/health",
            "/v2/models",
            "/v2/models/",
            "/v2/models//ready",
            "/v2/models/convolve/versions",
            "/v2/models/convolve/versions//ready",
            "/v2/models/convolve/config",
            "/v2/models/convolve/ready/ready",
            "/v2/models/" + "x" * 64,
            "/v2/models/" + "x" * 5000,
            "/v2/models/convolve/versions/" + "1" * 200 + "/ready",
        ):
            self.assertIn("GET /v2/models/{model}", self.refused(path, 404, "not-found"))
        assert_problem(self, self.connection.request("GET", "/v21"), 404, "not-found")

    def test_other_methods(self):
        self.refused("/v2", 405, "method-not-allowed", "POST", b"{}")
        self.refused("/v2/models/convolve", 405, "method-not-allowed", "DELETE")
        self.refused("/v2/models/convolve/infer", 405, "method-not-allowed")
        options = self.connection.request("OPTIONS", "/v2/models/convolve/versions/1/infer/")
        self.assertEqual((options.status, options.header("allow")), (204, "POST, OPTIONS"))


if __name__ == "__main__":
    unittest.main()
