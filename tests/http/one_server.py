"""Tests that talk to one server, which their class starts and stops."""

import unittest

from client import Connection
from server import Server


class OneServer(unittest.TestCase):
    OPTIONS = ()  # of `convscope serve`

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.OPTIONS)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def connect(self):
        """A connection that is closed when the test is over."""
        connection = Connection(self.server)
        self.addCleanup(connection.close)
        return connection
