"""Reads what GET /metrics says, and holds it to the rules of its format: Prometheus' text 0.0.4 or OpenMetrics 1.0.

Written from the two documents, apart from the program; what they allow and the program never does is refused.
"""

import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')
ESCAPE = {r"\"": '"', r"\\": "\\", r"\n": "\n"}
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def read_labels(text):
    """Pairs of names and values, in their order."""
    labels, at = [], 0
    while at < len(text):
        match = LABEL.match(text, at)
        check(match, f"no label at {text[at:]!r}")
        labels.append((match[1], re.sub(r"\\.", lambda escape: ESCAPE[escape[0]], match[2])))
        at = match.end()
        check(at == len(text) or text[at] == ",", f"no comma at {text[at:]!r}")
        at += 1
    check(len({name for name, _ in labels}) == len(labels), f"a label twice in {text!r}")
    return labels


def read_value(text):
    check(re.fullmatch(r"-?\d+(\.\d+)?(e[-+]?\d+)?", text), f"no finite number: {text!r}")
    return float(text)


class Family:
    """One metric: all of its samples, by their suffix and labels."""

    def __init__(self, name, kind, help_text):
        self.name, self.kind, self.help = name, kind, help_text
        self.samples = {}

    def add(self, suffix, labels, value):
        check(suffix in SUFFIXES[self.kind], f"{self.name}{suffix} in a {self.kind}")
        key = (suffix, frozenset(labels))
        check(key not in self.samples, f"{self.name}{suffix}{labels} twice")
        check(value >= 0 or self.kind == "gauge", f"{self.name}{suffix}{labels} is {value}")
        self.samples[key] = value

    def value(self, suffix="", **labels):
        """The value of a sample; 0 where there is none."""
        return self.samples.get((suffix, frozenset(labels.items())), 0)

    def check_histograms(self):
        """Buckets that rise to the count, each with its bound, and a sum that may be."""
        for (suffix, labels), count in self.samples.items():
            if suffix != "_count":
                continue
            buckets = []
            for (other, keys), value in self.samples.items():
                bounds = [float(text) for name, text in keys if name == "le"]
                if other == "_bucket" and {pair for pair in keys if pair[0] != "le"} == labels:
                    check(len(bounds) == 1, f"a bucket of {self.name} has no bound")
                    buckets.append((bounds[0], value))
            check(buckets == sorted(buckets), f"{self.name}: {buckets}")
            values = [value for _, value in buckets]
            check(values == sorted(values), f"{self.name}: {buckets}")
            check(buckets[-1] == (float("inf"), count), f"{self.name}: {buckets}, {count}")
            check(("_sum", labels) in self.samples, f"{self.name} has no sum")


def end_family(family):
    if family and family.kind == "histogram":
        family.check_histograms()


def read(text, openmetrics=False):
    """Families by name: a counter's is without "_total" in either format."""
    check(text.endswith("\n"), "the last line has no end")
    lines = text.split("\n")[:-1]
    families, family = {}, None
    if openmetrics:
        check(lines.pop() == "# EOF", "no # EOF at the end")
    while lines:
        line = lines.pop(0)
        if line.startswith("# HELP "):
            end_family(family)
            _, _, name, help_text = line.split(" ", 3)
            _, word, again, kind = lines.pop(0).split(" ")
            check(NAME.match(name) and word == "TYPE" and again == name and kind in SUFFIXES, f"{line} {kind}")
            if kind == "counter" and not openmetrics:
                check(name.endswith("_total"), name)
                name = name.removesuffix("_total")
            check(name not in families, f"{name} twice")
            family = families[name] = Family(name, kind, help_text)
            continue
        match = SAMPLE.match(line)
        check(match and family and match[1].startswith(family.name), f"stray line {line!r}")
        family.add(match[1].removeprefix(family.name), read_labels(match[2] or ""), read_value(match[3]))
    end_family(family)
    return families
