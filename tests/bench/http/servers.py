"""servers.py - the servers that are compared: each on a free port of loopback, until it is stopped."""

import os
import socket
import subprocess
import time
import urllib.request

NGINX = """
daemon off; worker_processes {threads}; pid {scratch}/nginx.pid; error_log {scratch}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 1000000000; default_type application/json;
    client_body_temp_path {scratch}; proxy_temp_path {scratch}; fastcgi_temp_path {scratch};
    uwsgi_temp_path {scratch}; scgi_temp_path {scratch};
    server {{ listen 127.0.0.1:{port}; location / {{ return 200 '{{}}'; }} }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run_on(cpus):
    return lambda: os.sched_setaffinity(0, cpus)


class Server:
    """command(port) is what starts it; it runs on those CPUs."""

    def __init__(self, name, command, cpus):
        self.name, self.port = name, free_port()
        words = command(self.port)
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, preexec_fn=run_on(cpus))
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise SystemExit(f"{name} does not listen: {' '.join(words)}")

    def url(self):
        return f"http://127.0.0.1:{self.port}/v1/shape"

    def ask(self, body):
        request = urllib.request.Request(self.url(), body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def cpu_us(self):
        """Of its threads, and of the process that it started, if it is one that serves in another."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            pids = [self.process.pid, *children.read().split()]
        return sum(ticks(pid) for pid in pids) * 1e6 / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.stdin.close()
        self.process.terminate()
        self.process.wait()


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def start_ours(arguments):
    options = ["--threads", str(arguments.threads), "--log", arguments.log]
    listen = lambda port: [arguments.program, "serve", "--listen", f"127.0.0.1:{port}", *options]
    return Server("convscope", listen, arguments.server_cpus)


def start_bare(arguments, answer, scratch):
    """The answer is what it sends; it gets a file of it."""
    path = os.path.join(scratch, "answer.json")
    with open(path, "wb") as file:
        file.write(answer)
    return Server("bare", lambda port: [arguments.bare, str(port), str(arguments.threads), path], arguments.server_cpus)


def start_nginx(arguments, scratch):
    def command(port):
        path = os.path.join(scratch, "nginx.conf")
        with open(path, "w", encoding="ascii") as file:
            file.write(NGINX.format(threads=arguments.threads, scratch=scratch, port=port))
        return [arguments.nginx, "-c", path]

    return Server("nginx", command, arguments.server_cpus)
