"""What the tests here share: servers that a load balancer gives time to notice, and what they have counted."""

import re
import unittest

import haproxy
from busy import convolution
from client import once
from server import Server

DRAIN = ("--drain-delay", "3", "--drain", "120", "--deadline", "0")
SHORT = convolution(1e6, channels=16)


def metric(server, name):
    """The sum of all samples that match."""
    text = once(server, "GET", "/metrics").body.decode()
    return sum(int(value) for value in re.findall(rf"^{name} (\d+)$", text, re.M))


def wait_for_queues(servers, requests):
    """Wait until that many requests in all wait for a worker; how many do at each server."""
    waiting = [0]
    while sum(waiting) < requests:
        waiting = [metric(server, "convscope_queue_length") for server in servers]
    return waiting


@unittest.skipUnless(haproxy.PROGRAM, "HAProxy is not installed (haproxy)")
class Fleet(unittest.TestCase):
    def start(self, listen="127.0.0.1:0", queue=1000):
        server = Server("--workers", "1", "--queue", str(queue), *DRAIN, listen=listen)
        self.addCleanup(server.kill)
        return server
