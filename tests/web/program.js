/** The program under test, on loopback. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const PROGRAM = process.env.CONVSCOPE_PROGRAM;

/** Long enough for a start on a slow and busy machine. */
const PATIENCE_MS = 60_000;

/** A running `convscope serve`: `url` is where, `port` to start another one at the same place. */
export async function serve(...args) {
  const at = args.includes("--listen") ? [] : ["--listen", "127.0.0.1:0"];
  const child = spawn(PROGRAM, ["serve", ...at, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const log = [];
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no start:\n${log.join("\n")}`)), PATIENCE_MS);
    lines.on("line", (line) => {
      log.push(line);
      const found = /listening on (http\S+)/.exec(line);
      if (!found) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`ended with ${code}:\n${log.join("\n")}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    log,
    /** SIGTERM, and wait for the end. */
    async stop() {
      child.kill();
      await ended;
    },
  };
}
