"""network.py - one host for each part: in network namespaces joined by a bridge, or, without the rights, on loopback."""

import os
import subprocess
import sys


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Namespaces:
    """Each host has a namespace and a pair of virtual interfaces; the first host has the bridge as well."""

    kind = "network namespaces"

    def __init__(self, names):
        self.hosts = {name: (f"convscope-{os.getpid()}-{name}", f"10.213.0.{i + 1}") for i, name in enumerate(names)}
        self.made = []
        try:
            for name in self.hosts:
                self.add(name)
        except BaseException:
            self.close()
            raise

    def add(self, name):
        space, address = self.hosts[name]
        ip("netns", "add", space)
        self.made.append(space)
        ip("-n", space, "link", "set", "dev", "lo", "up")
        if space == self.made[0]:
            ip("-n", space, "link", "add", "name", "eth0", "type", "bridge")
        else:
            ip("-n", self.made[0], "link", "add", "name", name, "type", "veth", "peer", "name", "eth0",
               "netns", space)
            ip("-n", self.made[0], "link", "set", "dev", name, "master", "eth0", "up")
        ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "dev", "eth0", "up")

    def address(self, name):
        return self.hosts[name][1]

    def at(self, name):
        """What runs a command there."""
        return ["ip", "netns", "exec", self.hosts[name][0]]

    def close(self):
        for space in self.made:
            ip("netns", "delete", space)


class Loopback:
    kind = "loopback addresses"

    def __init__(self, names):
        self.hosts = {name: f"127.0.0.{10 + i}" for i, name in enumerate(names)}

    def address(self, name):
        return self.hosts[name]

    @staticmethod
    def at(_):
        return []

    def close(self):
        pass


def network(names):
    try:
        return Namespaces(names)
    except (OSError, subprocess.CalledProcessError) as why:
        print(f"no network namespaces: {why}", file=sys.stderr)
        return Loopback(names)
