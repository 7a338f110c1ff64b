import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { apiKey, isHere, note, server, takeKey } from "../api/client.ts";
import { askAgain } from "../state/question.ts";
import { shellWords } from "../words.ts";

/** How often an absent server is asked for, in milliseconds. */
const RETRY_MS = 2000;

/** As long as the server is away: say so, and ask until it is back. */
function Away() {
  useEffect(() => {
    const timer = setInterval(() => {
      void isHere().then((here) => {
        if (here) note(200);
      });
    }, RETRY_MS);
    return () => clearInterval(timer);
  }, []);
  return <p class="warning">{shellWords().away}</p>;
}

/** The server was started with --api-keys: ask for one. */
function Locked() {
  const typed = useSignal(apiKey.value);
  return (
    <form
      class="warning row"
      onSubmit={(event) => {
        event.preventDefault();
        takeKey(typed.value);
        askAgain();
      }}
    >
      <span>{shellWords().locked}</span>
      <label class="row">
        {shellWords().key}
        <input
          type="password"
          autocomplete="current-password"
          value={typed.value}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
      </label>
      <button class="primary">{shellWords().unlock}</button>
    </form>
  );
}

/** What stands in the way of answers, if anything does. */
export function Banner() {
  return (
    <div role="status" class="banner">
      {server.value === "away" && <Away />}
      {server.value === "locked" && <Locked />}
    </div>
  );
}
