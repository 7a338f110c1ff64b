// sbom.mjs DPKG_STATUS PACKAGE_LOCK PROGRAM_VERSION - prints the image's bill of materials, CycloneDX 1.5 in JSON: each
// Debian package in it, and each npm package that the page is made of.
import { readFileSync } from "node:fs";

const [status, lock, version] = process.argv.slice(2);
const text = (file) => readFileSync(file, "utf8");

const debian = text(status)
  .split(/\n\n+/)
  .map((paragraph) => Object.fromEntries([...paragraph.matchAll(/^([\w-]+): (.*)$/gm)].map(([, key, value]) => [key, value])))
  .filter((fields) => fields.Status === "install ok installed")
  .map((fields) => ({
    type: "library",
    name: fields.Package,
    version: fields.Version,
    purl: `pkg:deb/debian/${encodeURIComponent(fields.Package)}@${encodeURIComponent(fields.Version)}?arch=${fields.Architecture}&distro=bookworm`,
  }));

const npm = Object.entries(JSON.parse(text(lock)).packages)
  .filter(([path, entry]) => path && !entry.dev)
  .map(([path, entry]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    return {
      type: "library",
      name,
      version: entry.version,
      ...(entry.license && { licenses: [{ license: { id: entry.license } }] }),
      purl: `pkg:npm/${name.replace("@", "%40")}@${entry.version}`,
    };
  });

const components = [...debian, ...npm].map((component) => ({ ...component, "bom-ref": component.purl }));
const program = { type: "application", name: "convscope", version, "bom-ref": `convscope@${version}` };
console.log(
  JSON.stringify({ bomFormat: "CycloneDX", specVersion: "1.5", version: 1, metadata: { component: program }, components }, null, 1),
);
