import { shellWords } from "../words.ts";

export function MapsView() {
  return <h1>{shellWords().maps}</h1>;
}
