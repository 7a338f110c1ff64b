"""Options of the program that files in docker/ use: it has them, and takes these values."""

import pathlib
import re
import unittest

import yaml
from server import ROOT, run

DOCKER = ROOT / "docker"
IMAGE = re.compile(r"(^|/)convscope(:|$)")
# The options of the command that each of them begins with.
IN_TEXT = re.compile(r"\bconvscope (serve|health|keys|review|shape|convolve)\b((?: +(?:\.\.\.|[\w./:$'\[\]-]+))*)")


def yaml_files():
    return [file for pattern in ("*.yaml", "*.yml") for file in DOCKER.rglob(pattern)]


def arguments_in(node):
    """What stands as `args` of a container or `command` of a service that is ours."""
    if isinstance(node, dict):
        if IMAGE.search(str(node.get("image", ""))):
            yield node.get("args") or node.get("command") or []
        for value in node.values():
            yield from arguments_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from arguments_in(value)


class Options(unittest.TestCase):
    def test_containers(self):
        tried = 0
        for file in yaml_files():
            for document in yaml.safe_load_all(file.read_text("utf-8")):
                for arguments in filter(None, arguments_in(document)):
                    with self.subTest(str(file), arguments=arguments):
                        done = run("serve", "--check-config", "--listen", "127.0.0.1:0", *arguments)
                        self.assertEqual(done.returncode, 0, done.stderr)
                        tried += 1
        self.assertGreaterEqual(tried, 4)  # two services, the deployment, KServe's runtime

    def test_what_is_written_about_them(self):
        """In comments and in texts, too, every option is one of the command's."""
        tried = 0
        for file in filter(pathlib.Path.is_file, DOCKER.rglob("*")):
            for command, rest in IN_TEXT.findall(file.read_text("utf-8")):
                known = run(command, "--help").stdout
                for option in re.findall(r"--[a-z][a-z-]*", rest):
                    with self.subTest(str(file), command=command):
                        self.assertIn(option, known)
                        tried += 1
        self.assertTrue(tried)


if __name__ == "__main__":
    unittest.main()
