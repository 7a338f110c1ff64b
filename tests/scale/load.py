"""Clients that ask without a pause, on connections kept as long as the other side keeps them; what became of it."""

import json
import sys
import threading
import time

from busy import SMALL
from client import PATIENCE, Connection, request

SHAPE = json.dumps({"layer": "Conv1D(8, 3)", "input_shape": [None, 9, 2]}).encode()
QUESTIONS = (("/v1/shape", SHAPE), ("/v1/convolve", SMALL))


class Client(threading.Thread):
    def __init__(self, server, over):
        super().__init__(daemon=True)
        self.server, self.over = server, over
        self.seconds, self.lost = [], []

    def run(self):
        while not self.over.is_set():
            try:
                self.talk()
            except (AssertionError, OSError) as why:
                self.lost.append(repr(why))

    def talk(self):
        """On one connection."""
        with Connection(self.server) as connection:
            for number in range(50):
                begun = time.monotonic()
                connection.send(request("POST", *QUESTIONS[number % len(QUESTIONS)]))
                response = connection.any_response()
                self.seconds.append(time.monotonic() - begun)
                if response.status != 200:
                    self.lost.append(repr(response))
                if response.header("connection") == "close" or self.over.is_set():
                    return


class Load:
    """As a context manager: that many clients ask the proxy meanwhile."""

    def __init__(self, proxy, clients=8):
        self.over = threading.Event()
        self.proxy, self.clients = proxy, [Client(proxy, self.over) for _ in range(clients)]

    def answers(self):
        return sum(len(client.seconds) for client in self.clients)

    def wait_for_more(self, answers=1000):
        """Wait until there are that many answers more."""
        enough, end = self.answers() + answers, time.monotonic() + PATIENCE
        while self.answers() < enough:
            assert time.monotonic() < end, "no answers"
            time.sleep(0.01)

    def lost(self):
        return [why for client in self.clients for why in client.lost]

    def report(self, what):
        times = sorted(time for client in self.clients for time in client.seconds)
        half, most = (1e3 * times[int(len(times) * share)] for share in (0.5, 0.99))
        print(f"{what}: {len(times)} answers, {len(self.lost())} lost, {self.proxy.retries()} asked again; "
              f"p50 {half:.1f} ms, p99 {most:.1f} ms, longest {1e3 * times[-1]:.0f} ms", file=sys.stderr)

    def __enter__(self):
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for client in self.clients:
            client.join(timeout=PATIENCE)
