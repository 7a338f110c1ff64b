"""Links in Markdown lead to files and headings that are there."""

import re
import tempfile
import unittest
from pathlib import Path
from urllib.parse import unquote

from tree import files, short

CODE = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$|(`+)(?!`).+?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^(```+|~~~+).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(<?([^)<>\s]+)>?(?:\s+\"[^\"]*\")?\)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|href)=\"([^\"]+)\"", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z+.-]*:|//")


def anchors(text):
    """What GitHub makes of a text's headings."""
    seen = {}
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", FENCED.sub("", text), re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        name = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        count = seen[name] = seen.get(name, -1) + 1
        yield f"{name}-{count}" if count else name


def astray(path):
    """The links of a file that lead nowhere."""
    for found in LINK.findall(CODE.sub("", path.read_text("utf-8"))):
        link = next(filter(None, found))
        if ELSEWHERE.match(link):
            continue
        where, _, heading = unquote(link).partition("#")
        target = (path.parent / where) if where else path
        if not target.exists():
            yield link
        elif heading and target.suffix == ".md" and heading not in anchors(target.read_text("utf-8")):
            yield link


class Links(unittest.TestCase):
    def test_every_link_leads_somewhere(self):
        read = list(files(".md"))
        self.assertGreater(len(read), 5)
        self.assertEqual({short(path): list(astray(path)) for path in read if any(astray(path))}, {})

    def test_what_leads_nowhere_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "one.md")
            path.write_text(
                "# A `title`, twice\n# A title, twice\n[a](two.md) ![b](<none/b.svg>) [c](#a-title-twice-1) [d](#a-title-twice-2)\n"
                "[e]: three.md\n`[f](four.md)` [g](https://example.org) [h](one.md#nowhere)\n```\n[i](five.md)\n```\n",
                "utf-8",
            )
            self.assertEqual(list(astray(path)), ["two.md", "none/b.svg", "#a-title-twice-2", "three.md", "one.md#nowhere"])


if __name__ == "__main__":
    unittest.main()
