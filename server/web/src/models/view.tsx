import { shellWords } from "../words.ts";

export function ModelsView() {
  return <h1>{shellWords().models}</h1>;
}
