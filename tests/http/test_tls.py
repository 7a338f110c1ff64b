"""TLS: the same answers, nothing in the clear, certificates that change while the server serves."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import tempfile
import unittest

from certificates import Certificate, openssl
from client import PATIENCE, Connection, assert_problem, chunked, connect, once, request
from server import Server, run

BODY = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 90, 4]}).encode()
LONG = json.dumps({"layer": "Conv1D(64, 3, padding='same')", "input": {"shape": [1, 20000, 4], "random": 1},
                   "weights": {"random": 2}}).encode()  # fmt: skip


def context(certificate, version=None):
    made = ssl.create_default_context(cafile=certificate.path)
    if version:
        made.minimum_version = made.maximum_version = version
    return made


def secured(server, certificate, version=None, patience=PATIENCE):
    """A socket that has shaken hands with the server."""
    return context(certificate, version).wrap_socket(connect(server, patience), server_hostname="localhost")


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.first = Certificate(cls.directory, "first")
        cls.second = Certificate(cls.directory, "second", rsa=True)

    def server(self, *arguments, certificate=None, **settings):
        server = Server(*(certificate or self.first).options(), *arguments, **settings)
        self.addCleanup(server.kill)
        self.assertTrue(server.url.startswith("https://"))
        return server

    def connect(self, server, certificate=None, version=None):
        connection = Connection(server, through=secured(server, certificate or self.first, version))
        self.addCleanup(connection.close)
        return connection

    def test_both_versions_and_no_older_one(self):
        with self.server() as server:
            for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
                connection = self.connect(server, version=version)
                self.assertEqual(connection.socket.version(), name)
                for _ in range(3):
                    self.assertEqual(connection.request("POST", "/v1/shape", BODY).status, 200)
            old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
            old.set_ciphers("ALL:@SECLEVEL=0")
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                old.wrap_socket(connect(server, PATIENCE))

    def test_certificates_of_both_kinds(self):
        for certificate in (self.first, self.second):
            with self.server(certificate=certificate) as server:
                self.assertEqual(self.connect(server, certificate).request("POST", "/v1/shape", BODY).status, 200)

    def test_long_bodies_and_answers_in_any_pieces(self):
        with self.server() as server:
            connection = self.connect(server)
            plain = connection.request("POST", "/v1/convolve", LONG)
            self.assertEqual(plain.status, 200)
            self.assertEqual(len(plain.json()["output"]["data"]), 20000 * 64)
            packed = connection.request("POST", "/v1/convolve", LONG, [("Accept-Encoding", "gzip")])
            self.assertEqual(packed.header("content-encoding"), "gzip")
            tensor = json.dumps({"layer": "Conv1D(1, 1)", "input": [[[1.5]] * 100000], "weights": [[[[2.0]]], [0.5]]}).encode()
            headers = [("Transfer-Encoding", "chunked"), ("Content-Type", "application/json")]
            connection.send(request("POST", "/v1/convolve", headers=headers) + chunked(tensor, 777))
            self.assertEqual(set(connection.response("POST").json()["output"]["data"]), {3.5})

    def test_many_requests_at_once(self):
        """Those behind one that computes have been read and deciphered by then: nothing more will come to wake them."""
        lines = b"\n".join([BODY] * 5000)
        sizes = range(4000, 70000, 5871)  # so that what is behind ends in any part of a record, and of a buffer
        with self.server() as server:
            connection = self.connect(server)
            connection.send((request("POST", "/v1/convolve", LONG) + request("POST", "/v1/shape", BODY)) * 4)
            for _ in range(4):
                self.assertEqual(connection.response("POST").status, 200)
                self.assertEqual(connection.response("POST").status, 200)
            for size in sizes:
                tensor = json.dumps({"layer": "Conv1D(1, 1)", "input": [[[1]] * (size // 5)], "weights": [[[[2]]], [0]]})
                connection.send(request("POST", "/v1/convolve", tensor.encode()) + request("GET", "/healthz"))
                self.assertEqual((connection.response("POST").status, connection.response().status), (200, 200))
            response = connection.request("POST", "/v1/shape", lines, [("Content-Type", "application/x-ndjson")])
            self.assertEqual(len(response.body.splitlines()), 5000)

    def test_problems_are_problems(self):
        with self.server() as server:
            assert_problem(self, self.connect(server).request("POST", "/v1/shape", b"{"), 400)
            assert_problem(self, self.connect(server).request("GET", "/nowhere"), 404)

    def test_who_does_not_speak_it(self):
        with self.server() as server:
            for data in (request("GET", "/healthz"), b"\0" * 1000, b"\x16\x03\x01\x02\x00" + b"\xff" * 600):
                with Connection(server) as stranger:
                    stranger.socket.sendall(data)
                    with contextlib.suppress(ConnectionError):
                        self.assertNotIn(b"HTTP", stranger.socket.recv(1000))
            self.assertEqual(self.connect(server).request("GET", "/healthz").status, 200)

    def test_slow_ones_are_cut_off_without_a_word_in_the_clear(self):
        with self.server("--head-timeout", "1") as server:
            with Connection(server) as silent:
                silent.socket.sendall(b"\x16\x03\x01")  # the beginning of a handshake, and no more
                self.assertTrue(silent.closed())
            slow = self.connect(server)
            slow.socket.sendall(b"GET /healthz HTTP/1.1\r\n")
            self.assertTrue(slow.closed())
            self.assertEqual(self.connect(server).request("GET", "/healthz").status, 200)

    def test_a_unix_socket_beside_it_has_none(self):
        path = self.directory / "a.sock"
        with self.server("--listen", f"unix:{path}") as server:
            server.wait_for_log(f"listening on unix:{path}")
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            opened.connect(str(path))
            self.assertEqual(once(server, "POST", "/v1/shape", BODY, through=opened).status, 200)
            self.assertEqual(self.connect(server).request("POST", "/v1/shape", BODY).status, 200)

    def test_a_request_in_flight_is_finished(self):
        server = self.server("--threads", "1")
        connection = self.connect(server)
        data = request("POST", "/v1/shape", BODY)
        connection.send(data[:-20])
        self.assertEqual(self.connect(server).request("GET", "/healthz").status, 200)
        server.signal()
        server.wait_for_log(r"finishing \d+ requests")
        connection.send(data[-20:])
        self.assertEqual(connection.response("POST").status, 200)
        self.assertTrue(connection.closed())
        self.assertEqual(server.wait(), 0, server.log)

    # ---- certificates

    def replace(self, live, certificate):
        for source, target in ((certificate.path, live.path), (certificate.key, live.key)):
            shutil.copy(source, target + ".new")
            os.chmod(target + ".new", 0o600)
            os.replace(target + ".new", target)

    def test_a_certificate_is_replaced_while_it_serves(self):
        live = Certificate(self.directory, "live")
        trusted = shutil.copy(live.path, self.directory / "live-before.pem")
        server = self.server(certificate=live)
        self.assertRegex("\n".join(server.log), r"certificate CN=live, valid until \d{4}-\d\d-\d\d")
        old = self.connect(server, live)
        for replacement in (self.second, self.first, self.second):
            self.replace(live, replacement)
            server.signal(signal.SIGHUP)
            server.wait_for_log("certificate CN=(first|second), valid until")
            self.assertEqual(self.connect(server, replacement).request("GET", "/healthz").status, 200)
            self.assertEqual(old.request("GET", "/healthz").status, 200)
        live.path = str(trusted)
        with self.assertRaises(ssl.SSLCertVerificationError):
            secured(server, live)
        server.stop()

    def test_what_is_no_certificate_changes_nothing(self):
        live = Certificate(self.directory, "kept")
        server = self.server(certificate=live)
        before = shutil.copy(live.path, self.directory / "kept-before.pem")
        shutil.copy(self.second.path, live.path)  # whose key is another
        server.signal(signal.SIGHUP)
        server.wait_for_log(f"the certificate stays as it was: {live.key} is not the key of the certificate in {live.path}")
        os.truncate(live.path, 100)
        server.signal(signal.SIGHUP)
        server.wait_for_log(f"the certificate stays as it was: {live.path}: is no certificate")
        live.path = str(before)
        self.assertEqual(self.connect(server, live).request("GET", "/healthz").status, 200)
        server.stop()

    def refused(self, path, key, reason):
        ended = run("serve", "--listen", "127.0.0.1:0", "--tls-cert", path, "--tls-key", key)
        self.assertEqual(ended.returncode, 1, ended)
        self.assertIn(reason, ended.stderr)

    def test_files_that_will_not_do(self):
        encrypted, public = str(self.directory / "encrypted.key"), str(self.directory / "public.key")
        openssl("pkcs8", "-topk8", "-in", self.second.key, "-out", encrypted, "-passout", "pass:x")
        self.refused(self.first.path, encrypted, "wants a password")
        self.refused(self.first.path, self.second.key, "is not the key of the certificate")
        self.refused(self.first.key, self.first.key, "is no certificate")
        self.refused(self.first.path, self.first.path, "others may read it")
        self.refused("/nowhere.pem", self.first.key, "/nowhere.pem: cannot be read")
        shutil.copy(self.first.key, public)
        os.chmod(public, 0o644)
        self.refused(self.first.path, public, f"{public}: others may read it (its permissions are 644): chmod 640 it")
        os.chmod(public, 0o600)
        pathlib.Path(public).write_text("nothing")
        self.refused(self.first.path, public, "is no private key")
        for words in (("--tls-cert", self.first.path), ("--tls-key", self.first.key)):
            ended = run("serve", *words)
            self.assertEqual(ended.returncode, 2)
            self.assertIn("go together", ended.stderr)

    def test_a_key_for_a_group_will_do(self):
        os.chmod(self.second.key, 0o640)
        with self.server(certificate=self.second):
            pass

    def test_a_chain_in_any_order(self):
        """A certificate that another signed, which signed itself: clients that trust the latter are shown both."""
        leaf, both = str(self.directory / "leaf"), str(self.directory / "both.pem")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{leaf}.key", "-out",
                f"{leaf}.csr", "-subj", "/CN=leaf", "-addext", "subjectAltName=DNS:localhost")  # fmt: skip
        openssl("x509", "-req", "-in", f"{leaf}.csr", "-CA", self.first.path, "-CAkey", self.first.key, "-copy_extensions",
                "copy", "-out", f"{leaf}.pem", "-set_serial", "7")  # fmt: skip
        pieces = [pathlib.Path(one).read_text() for one in (f"{leaf}.pem", self.first.path)]
        pathlib.Path(both).write_text("".join(pieces))
        with Server("--tls-cert", both, "--tls-key", f"{leaf}.key") as server:
            self.assertEqual(self.connect(server, self.first).request("GET", "/healthz").status, 200)

    def test_an_expired_one_is_spoken_of(self):
        request_file, expired = str(self.directory / "e.csr"), str(self.directory / "expired.pem")
        openssl("req", "-new", "-key", self.first.key, "-out", request_file, "-subj", "/CN=expired")
        openssl("x509", "-req", "-in", request_file, "-key", self.first.key, "-out", expired, "-days", "-1")
        with Server("--quiet", "--tls-cert", expired, "--tls-key", self.first.key) as server:
            self.assertRegex("\n".join(server.log), "advice: the certificate is not valid now: .*expired.pem: CN=expired")

    # ---- convscope health

    def test_health(self):
        with self.server() as server:
            url = server.url
            self.assertEqual(run("health", "--ca", self.first.path, url).returncode, 0)
            self.assertEqual(run("health", "--ca", self.first.path, url.replace("127.0.0.1", "localhost")).returncode, 0)
            self.assertEqual(run("health", "--insecure", url + "/").returncode, 0)
            for words, reason in (
                ((url,), "The certificate is NOT trusted"),
                (("--ca", self.second.path, url), "The certificate is NOT trusted"),
                (("--ca", "/nowhere", url), "/nowhere: "),
                ((url.replace("https", "http"),), "no answer"),
            ):
                ended = run("health", *words)
                self.assertEqual(ended.returncode, 1, words)
                self.assertIn(reason, ended.stderr, words)
            self.assertEqual(run("health", "--ca", self.first.path, "--insecure", url).returncode, 2)

    def test_health_at_another_name(self):
        other = Certificate(self.directory, "other", hosts="DNS:example.org")
        with self.server(certificate=other) as server:
            ended = run("health", "--ca", other.path, server.url)
            self.assertEqual(ended.returncode, 1)
            self.assertIn("name in the certificate does not match", ended.stderr)
            self.assertEqual(run("health", "--insecure", server.url).returncode, 0)

    def test_health_where_there_is_no_tls(self):
        with Server() as server:
            ended = run("health", "--insecure", server.url.replace("http", "https"))
            self.assertEqual(ended.returncode, 1)
            self.assertIn("TLS was not agreed on", ended.stderr)


class Exposure(unittest.TestCase):
    """Who other machines can reach must say that it is meant so, or have TLS and keys."""

    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.tls = Certificate(cls.directory, "a").options()
        keys = cls.directory / "keys"
        keys.write_text(run("keys", "new", "a").stdout)
        cls.keys = "--api-keys", str(keys)

    def test_refused(self):
        for options, missing in (((), ("--api-keys", "--tls-cert")), (self.tls, ("--api-keys",)), (self.keys, ("--tls-cert",))):
            ended = run("serve", "--listen", "127.0.0.1:0", "--listen", "0.0.0.0:0", *options)
            self.assertEqual(ended.returncode, 1, ended)
            self.assertRegex(ended.stderr, r"https?://0\.0\.0\.0:\d+ can be reached from other machines: without .*--insecure")
            for option in missing:
                self.assertIn(f"({option}", ended.stderr)
            self.assertNotIn("listening on", ended.stderr)

    def test_with_both_nothing_has_to_be_said(self):
        with Server(*self.tls, *self.keys, listen="0.0.0.0:0") as server:
            self.assertNotIn("advice: --insecure", "\n".join(server.log))

    def test_insecure_is_said_and_done(self):
        for options in ((), self.tls, self.keys):
            with Server("--insecure", "--quiet", *options, listen="0.0.0.0:0") as server:
                self.assertRegex("\n".join(server.log), r"advice: --insecure: https?://0\.0\.0\.0:\d+ can be reached from other machines")

    def test_this_machine_alone_needs_nothing(self):
        with Server(listen="127.0.0.1:0") as server:
            self.assertNotIn("other machines", "\n".join(server.log))


if __name__ == "__main__":
    unittest.main()
