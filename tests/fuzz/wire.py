#!/usr/bin/env python3
"""Send spoiled requests to a running server: every answer is well-formed HTTP, and the server stays well.

usage: wire.py --program FILE [--seconds N] [--requests N] [--seed N] [--keep DIRECTORY]
       wire.py --program FILE --send REQUEST      one that was kept, again

Ends after --seconds or --requests, whichever comes first. The seed is printed; the same one sends the same requests.
A request that is answered badly, or not at all, is kept in DIRECTORY.
"""

import argparse
import os
import pathlib
import random
import re
import socket
import struct
import sys
import threading
import time

import wire_requests
import wire_responses

HERE = pathlib.Path(__file__).resolve().parent

# Connections at once. An answer that is owed comes within PATIENCE seconds. A request that is spoiled may be owed none, where
# the server waits for the rest of it: what has not begun to come GIVE_UP seconds after it was sent is not waited for.
CLIENTS, PATIENCE, GIVE_UP = 16, 60, 0.25

# libmicrohttpd 0.9.75 answers a length that is no number with the head of its answer twice.
ODD_LENGTH = re.compile(rb"(?im)^content-length:(?![ \t]*[0-9]{1,19}[ \t]*\r?$)")


def whole_answers(data, answer):
    """How many answers came; -1 while one of them is not whole."""
    try:
        return check(data, answer)
    except wire_responses.Malformed:
        return -1


def receive(connection, data, owed):
    """What comes until it is all that is owed, the server closes, or, where nothing is, until it is silent."""
    answer, end = b"", time.monotonic() + PATIENCE
    connection.settimeout(GIVE_UP)
    while not owed or whole_answers(data, answer) < owed:
        try:
            piece = connection.recv(1 << 16)
        except ConnectionResetError:
            break
        except TimeoutError:
            wire_responses.require(time.monotonic() < end, f"no whole answer in {PATIENCE} s: {answer[:200]!r}")
            if not owed and whole_answers(data, answer) >= 0:
                break
            continue
        if not piece:
            break
        answer += piece
    return answer


def exchange(server, data, cuts=(), owed=1):
    """Send `data` in pieces and read the answers; then break off."""
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        try:
            for begin, end in zip([0, *cuts], [*cuts, len(data)]):
                connection.sendall(data[begin:end])
        except OSError:
            pass  # the server has answered and closed
        return receive(connection, data, owed)


def check(data, answer):
    """What came in answer to `data` is well-formed; how many answers it is."""
    if ODD_LENGTH.search(data):
        wire_responses.require(not answer or answer[:9] == b"HTTP/1.1 ", f"no answer: {answer[:40]!r}")
        return 1
    return wire_responses.check_all(answer, data.startswith(b"HEAD "))


def check_well(server):
    answer = exchange(server, wire_requests.message("GET", "/healthz", [("Connection", "close")]))
    wire_responses.require(answer.startswith(b"HTTP/1.1 200 "), f"/healthz answers {answer[:200]!r}")


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


class Run:
    """What the clients share."""

    def __init__(self, server, options):
        self.server, self.options = server, options
        self.end = time.monotonic() + options.seconds
        self.sent, self.failed, self.lock = 0, 0, threading.Lock()

    def goes_on(self):
        with self.lock:
            if self.failed or self.sent >= self.options.requests or time.monotonic() >= self.end:
                return False
            self.sent += 1
            return True

    def keep(self, name, data, why):
        with self.lock:
            self.failed += 1
        self.options.keep.mkdir(parents=True, exist_ok=True)
        file = self.options.keep / f"crash-{name}"
        file.write_bytes(data)
        print(f"does not hold: {why}\nkept as {file}", flush=True)

    def client(self, number):
        """One request after another; each can be drawn again from its name."""
        for count in range(sys.maxsize):
            if not self.goes_on():
                return
            name = f"{self.options.seed}-{number}-{count}"
            data, cuts, owed = wire_requests.request(random.Random(name))
            try:
                answers = check(data, exchange(self.server, data, cuts, owed))
                wire_responses.require(answers >= owed, f"{answers} answers to {owed} good requests")
                if count % 50 == 0:
                    check_well(self.server)
            except Exception as error:  # whatever it is, the request is worth keeping
                self.keep(name, data, repr(error))

    def all_clients(self):
        before = open_files(self.server)
        clients = [threading.Thread(target=self.client, args=(number,)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        check_well(self.server)
        time.sleep(1)  # the last connections were just broken off
        after = open_files(self.server)
        wire_responses.require(after <= before + 2, f"{after} files are open, at the start {before}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("."))
    parser.add_argument("--send", type=pathlib.Path)
    options = parser.parse_args()
    os.environ["CONVSCOPE_PROGRAM"] = str(pathlib.Path(options.program).resolve())
    sys.path.insert(0, str(HERE.parent / "http"))
    from server import Server

    with Server() as server:
        if options.send:
            data = options.send.read_bytes()
            answer = exchange(server, data, owed=0)
            print(answer.decode("latin-1"))
            check(data, answer)
            return 0
        print(f"INFO: Seed: {options.seed}", flush=True)
        run = Run(server, options)
        run.all_clients()
    print(f"stat::number_of_executed_units: {run.sent}")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
