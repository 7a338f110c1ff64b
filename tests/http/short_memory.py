"""The heap of a server under test: watched, and made short for one request (heap/short_memory.c)."""

import mmap
import os
import pathlib
import struct
import tempfile
import time

from server import PROGRAM

LIBRARY = pathlib.Path(PROGRAM).parent / "short_memory.so"

# As in short_memory.c.
COUNTDOWN, ALL_AFTER, FAILED, LIVE, SIZE, WHERE = range(0, 48, 8)
WHERE_MAX = 960

# What it takes a server at most to let go of what a client has got already.
PATIENCE = 10


class ShortMemory:
    def __init__(self):
        with tempfile.NamedTemporaryFile() as file:
            file.truncate(WHERE + WHERE_MAX)
            self.map = mmap.mmap(file.fileno(), WHERE + WHERE_MAX)
            self.descriptor = os.dup(file.fileno())

    def environment(self):
        """For the server, which needs `descriptor` as well."""
        return {"LD_PRELOAD": str(LIBRARY), "CONVSCOPE_SHORT_MEMORY": f"/proc/{os.getpid()}/fd/{self.descriptor}"}

    def close(self):
        self.map.close()
        os.close(self.descriptor)

    def _get(self, at):
        return struct.unpack_from("q", self.map, at)[0]

    def _set(self, at, value):
        struct.pack_into("q", self.map, at, value)

    def begin(self, nth, all_after=False):
        """Allocation number `nth` from now on (from 1) fails, and maybe every one after it."""
        self.map[WHERE : WHERE + 1] = b"\0"
        self._set(FAILED, 0)
        self._set(ALL_AFTER, all_after)
        self._set(COUNTDOWN, nth)

    def end(self):
        """No more failures; how many there were."""
        self._set(COUNTDOWN, 0)
        self._set(ALL_AFTER, 0)
        return self._get(FAILED)

    def live(self):
        """Blocks, and their bytes."""
        return self._get(LIVE), self._get(SIZE)

    def settled(self, most=None):
        """Wait until no more is live than that, or, without it, until nothing is let go of any more; what is live."""
        end, quiet, last = time.monotonic() + PATIENCE, 0, self.live()
        while time.monotonic() < end:
            if most is not None and last[0] <= most[0] and last[1] <= most[1]:
                break
            if most is None and quiet > 20:
                break
            time.sleep(0.001)
            now = self.live()
            quiet, last = (quiet + 1 if now == last else 0), now
        return last

    def where(self):
        """The callers of the first allocation that failed, the innermost first."""
        text = self.map[WHERE : WHERE + WHERE_MAX]
        return text[: text.index(b"\0")].decode().splitlines() if b"\0" in text else []
