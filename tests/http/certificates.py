"""Certificates for tests, made by the openssl command."""

import subprocess


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=60)


class Certificate:
    """A key and a certificate that it signed itself, in files of `directory`; its own CA."""

    def __init__(self, directory, name, *, hosts="DNS:localhost,IP:127.0.0.1", rsa=False, days=2):
        self.path, self.key = str(directory / f"{name}.pem"), str(directory / f"{name}.key")
        kind = ("rsa:2048",) if rsa else ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        openssl("req", "-x509", "-newkey", *kind, "-nodes", "-keyout", self.key, "-out", self.path, "-days", str(days),
                "-subj", f"/CN={name}", "-addext", f"subjectAltName={hosts}")

    def options(self):
        """Those of `convscope serve`."""
        return "--tls-cert", self.path, "--tls-key", self.key
