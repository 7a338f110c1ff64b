"""One version everywhere, and a changelog that knows it."""

import re
import unittest

from tree import ROOT, files, short

PLACES = {
    "lib/include/convscope/base.h": r'^#define CVS_VERSION "([^"]+)"',
    "server/openapi.yaml": r"^  version: (\S+)$",
    "Dockerfile": r"^ARG VERSION=(\S+)$",
    "README.md": r"^ +rev: v(\S+)$",
}


def version():
    return re.search(r"^project\(convscope VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text("utf-8"), re.MULTILINE)[1]


class Version(unittest.TestCase):
    def test_it_is_the_same_everywhere(self):
        said = {place: re.findall(form, (ROOT / place).read_text("utf-8"), re.MULTILINE) for place, form in PLACES.items()}
        self.assertEqual(said, {place: [version()] for place in PLACES})

    def test_images_are_of_this_version(self):
        said = {
            (short(path), tag)
            for path in files(".yaml", ".yml", ".md")
            for tag in re.findall(r"\bconvscope:(\d+\.\d+\.\d+)\b", path.read_text("utf-8"))
        }
        self.assertEqual({tag for _, tag in said} - {version()}, set(), said)

    def test_the_changelog_has_it(self):
        text = (ROOT / "CHANGELOG.md").read_text("utf-8")
        released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", text, re.MULTILINE)
        self.assertEqual(released[0], version())
        self.assertEqual(released, sorted(released, key=lambda one: [int(part) for part in one.split(".")], reverse=True))
        kinds = set(re.findall(r"^### (.*)$", text, re.MULTILINE))
        self.assertLessEqual(kinds, {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"})


if __name__ == "__main__":
    unittest.main()
