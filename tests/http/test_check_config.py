"""convscope serve --check-config: what would be done, and what stands in the way."""

import os
import pathlib
import shlex
import socket
import tempfile
import unittest

from client import once
from server import WRAPPER, Server, run


def check(*arguments, **options):
    return run("serve", "--check-config", *arguments, **options)


def settings(done):
    """The options that are told, as words."""
    return [shlex.split(line) for line in done.stdout.splitlines() if line.startswith("  --")]


class CheckConfig(unittest.TestCase):
    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def test_what_is_told_is_what_was_said_and_all_defaults(self):
        listen = f"127.0.0.1:{self.free_port()}"
        given = ["--listen", listen, "--workers", "3", "--cors-origin", "https://example.org", "--log", "json", "--max-body", "5M"]
        done = check(*given, "--quiet")
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "nothing stands in the way"), done)
        told = settings(done)
        for name, value in zip(given[::2], given[1::2]):
            self.assertIn([name, value], told)
        self.assertIn(["--quiet"], told)
        names = {words[0] for words in told}
        self.assertLess({"--threads", "--queue", "--deadline", "--max-connections", "--drain", "--max-macs"}, names)
        self.assertFalse(names & {"--check-config", "--help", "--no-compression"})

    def test_what_is_told_can_be_given(self):
        done = check("--listen", f"127.0.0.1:{self.free_port()}")
        words = [word for words in settings(done) for word in words]
        again = check(*words)
        self.assertEqual((again.returncode, again.stdout), (0, done.stdout))
        with Server(*words[2:]) as server:
            self.assertEqual(once(server, "GET", "/healthz").status, 200)

    def test_it_serves_nothing_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory) / "socket"
            done = check("--listen", f"unix:{path}")
            self.assertEqual(done.returncode, 0, done)
            self.assertFalse(path.exists())
        self.assertNotIn("listening", done.stdout + done.stderr)

    def test_an_address_in_use_may_be_that_of_the_server_to_replace(self):
        with Server() as server:
            done = check("--listen", f"{server.host}:{server.port}")
            self.assertEqual(done.returncode, 0, done)
            self.assertIn(f"note: {server.host}:{server.port}: address already in use", done.stdout)
            self.assertEqual(once(server, "GET", "/healthz").status, 200)

    def test_what_stands_in_the_way(self):
        for arguments, options, why in (
            (("--listen", "192.0.2.1:80"), {}, "192.0.2.1:80: this machine has no such address"),
            (("--listen", "host.invalid:80"), {}, "'host.invalid' is not known"),
            (("--threads", "none"), {}, "--threads none: expected a number"),
            (("--no-such-option",), {}, "there is no option --no-such-option"),
            (("--max-memory", "1M"), {}, "--max-memory"),
            (("--listen", "0.0.0.0:0"), {}, "can be reached from other machines"),
            (("--api-keys", "/nowhere/keys"), {}, "/nowhere/keys"),
            ((), {"environment": {"CONVSCOPE_ISA": "mmx"}}, "CONVSCOPE_ISA=mmx"),
        ):
            done = check("--listen", "127.0.0.1:0", *arguments, **options)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done)
            self.assertIn(why, done.stderr)

    @unittest.skipIf(WRAPPER, "the wrapper needs files of its own")
    def test_too_few_files(self):
        done = check("--listen", "127.0.0.1:0", files=40)
        self.assertEqual(done.returncode, 2)
        self.assertIn("this process may open 40 files", done.stderr)

    @unittest.skipIf(WRAPPER, "the wrapper puts files there itself")
    def test_nowhere_to_put_long_bodies(self):
        done = check("--listen", "127.0.0.1:0", environment={"TMPDIR": os.devnull})
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"note: no file can be made in {os.devnull} (TMPDIR)", done.stdout)


if __name__ == "__main__":
    unittest.main()
