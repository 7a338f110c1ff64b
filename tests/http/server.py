"""Starts and stops the program under test.

CONVSCOPE_PROGRAM is the program (default: build/bin/convscope); CONVSCOPE_WRAPPER a command to run it under, such as
"valgrind --leak-check=full --error-exitcode=99".
"""

import fcntl
import os
import pathlib
import queue
import re
import resource
import shlex
import signal
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CONVSCOPE_PROGRAM", str(ROOT / "build" / "bin" / "convscope"))
WRAPPER = shlex.split(os.environ.get("CONVSCOPE_WRAPPER", ""))


def sanitizer():
    """The sanitizer that the program was built with, by what it calls: "asan", "tsan" or None."""
    found = re.search(rb"__([at]san)_init", pathlib.Path(PROGRAM).read_bytes())
    return found and found[1].decode()


# The time and the memory that it takes are not its own.
INSTRUMENTED = WRAPPER or sanitizer()

# Long enough for a start under valgrind on a busy machine; nothing waits that long when all is well.
PATIENCE = 60

# In either form of the log.
LISTENING = re.compile(r'^(?:convscope: |\{.*"message":")listening on (https?://(?:\[([^\]]+)\]|([^:]+)):(\d+))')


def command(*arguments, abrupt=False):
    """The command line for `convscope ARGUMENTS`; `abrupt` when it will end with threads running: no leak is looked for."""
    wrapper = list(WRAPPER)
    if abrupt and wrapper and pathlib.Path(wrapper[0]).name == "valgrind":
        wrapper.append("--leak-check=no")
    return [*wrapper, PROGRAM, *arguments]


def file_limit(files):
    """What a new process does first to be allowed no more than `files` open files; None for no limit of ours."""
    return files and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))


def run(*arguments, files=None, environment=None, **options):
    """Run `convscope ARGUMENTS` to its end."""
    return subprocess.run(
        command(*arguments),
        stdout=options.pop("stdout", subprocess.PIPE),
        stderr=subprocess.PIPE,
        text=True,
        **options,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, **(environment or {})},
        preexec_fn=file_limit(files),
    )


# Descriptors that are not in the way of those that are handed over, from 3 on.
ABOVE = 100


def handing_over(given):
    """What runs a command as systemd would, with these descriptors (from ABOVE on) handed over."""
    moves = " ".join(f"{3 + i}<&{one} {one}<&-" for i, one in enumerate(given))
    script = f'export LISTEN_PID=$$ LISTEN_FDS={len(given)}; exec "$@" {moves}'
    return ["bash", "-c", script, "handing_over"] if given else []


class Server:
    """A running `convscope serve` on a free port. As a context manager it is stopped, and stopping is checked.

    `handed` are listening sockets to hand over as systemd does; `listen=None` says no address.
    """

    def __init__(self, *arguments, listen="127.0.0.1:0", environment=None, abrupt=False, files=None, handed=()):
        where = ("--listen", listen) if listen else ()
        given = [fcntl.fcntl(one.fileno(), fcntl.F_DUPFD, ABOVE) for one in handed]
        self.process = subprocess.Popen(
            [*handing_over(given), *command("serve", *where, *arguments, abrupt=abrupt)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
            preexec_fn=file_limit(files),
            pass_fds=given,
        )
        for one in given:
            os.close(one)
        self.log = []
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        match = self.wait_for_log(LISTENING)
        self.url, self.port = match[1], int(match[4])
        self.host = match[2] or match[3]

    def _read_log(self):
        with self.process.stderr:
            for line in self.process.stderr:
                self.log.append(line.rstrip("\n"))
                self._lines.put(self.log[-1])
        self._lines.put(None)

    def wait_for_log(self, pattern):
        """Wait for a log line that matches; the match."""
        while True:
            line = self._lines.get(timeout=PATIENCE)
            if line is None:
                self.process.wait(timeout=PATIENCE)
                raise AssertionError(f"the server ended without {pattern!r}:\n" + "\n".join(self.log))
            match = re.search(pattern, line)
            if match:
                return match

    def peak_kib(self):
        """The most memory that it has taken."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self):
        """Wait until the process has ended; its exit status."""
        status = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        return status

    def stop(self):
        """SIGTERM must end it with exit status 0."""
        if self.process.poll() is None:
            self.signal()
        status = self.wait()
        if status != 0:
            raise AssertionError(f"exit status {status}, log:\n" + "\n".join(self.log))

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None:
            self.stop()
        else:
            self.kill()
