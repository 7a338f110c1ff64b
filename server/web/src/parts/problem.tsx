import type { Problem } from "../api/client.ts";

/** What the server refused, and why: its own words, each fault with what was expected. */
export function ProblemNote({ problem }: { problem: Problem }) {
  const faults = problem.errors.filter((one) => one.message !== problem.message);
  return (
    <div class="error" role="alert">
      <p>{problem.message}</p>
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={fault.pointer}>
              {fault.message} <code>{fault.pointer}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
