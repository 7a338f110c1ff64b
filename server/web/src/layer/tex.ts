/** The formulas of the API, `floor((n + p_before - d*(k - 1) - 1)/s) + 1`, as TeX. */

interface Piece {
  readonly tex: string;
  /** A sum needs brackets where it is a factor. */
  readonly sum: boolean;
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]\w*)|(.))/y;
const FENCES: Record<string, [string, string]> = {
  floor: ["\\lfloor", "\\rfloor"],
  ceil: ["\\lceil", "\\rceil"],
};

function tokens(text: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text))
    found.push(match[1] ?? match[2] ?? match[3] ?? "");
  return found;
}

/** `p_before` is p with an index; a word that is no letter is set upright. */
function nameTex(name: string): string {
  const [letter = "", ...index] = name.split("_");
  const base = letter.length === 1 ? letter : `\\mathrm{${letter}}`;
  return index.length > 0 ? `${base}_{\\mathrm{${index.join("\\,")}}}` : base;
}

class Reader {
  private at = 0;
  constructor(private readonly list: string[]) {}

  whole(): string {
    const { tex } = this.sum();
    if (this.at < this.list.length) throw new SyntaxError("more than a formula");
    return tex;
  }

  private next(): string | undefined {
    return this.list[this.at];
  }

  private take(token: string): boolean {
    if (this.next() !== token) return false;
    this.at++;
    return true;
  }

  private need(token: string): void {
    if (!this.take(token)) throw new SyntaxError(`no ${token}`);
  }

  private sum(): Piece {
    let { tex, sum } = this.product();
    for (let sign = this.next(); sign === "+" || sign === "-"; sign = this.next()) {
      this.at++;
      tex += ` ${sign} ${this.product().tex}`;
      sum = true;
    }
    return { tex, sum };
  }

  private product(): Piece {
    let left = this.factor();
    for (let sign = this.next(); sign === "*" || sign === "/"; sign = this.next()) {
      this.at++;
      const right = this.factor();
      const tex = sign === "/" ? `\\frac{${left.tex}}{${right.tex}}` : `${bracketed(left)} \\cdot ${bracketed(right)}`;
      left = { tex, sum: false };
    }
    return left;
  }

  private factor(): Piece {
    const token = this.next();
    if (token === undefined) throw new SyntaxError("breaks off");
    this.at++;
    if (token === "-") return { tex: `-${bracketed(this.factor())}`, sum: true };
    if (token === "(") {
      const inner = this.sum();
      this.need(")");
      return inner;
    }
    if (/^\d/.test(token)) return { tex: token, sum: false };
    if (!/^[A-Za-z]/.test(token)) throw new SyntaxError(`what is ${token}?`);
    return this.take("(") ? this.call(token) : { tex: nameTex(token), sum: false };
  }

  private call(name: string): Piece {
    const args = [this.sum().tex];
    while (this.take(",")) args.push(this.sum().tex);
    this.need(")");
    const fence = FENCES[name];
    const tex = fence
      ? `\\left${fence[0]} ${args.join(", ")} \\right${fence[1]}`
      : `\\operatorname{${name}}\\left(${args.join(", ")}\\right)`;
    return { tex, sum: false };
  }
}

function bracketed({ tex, sum }: Piece): string {
  return sum ? `\\left(${tex}\\right)` : tex;
}

/** The formula in TeX; undefined where it is written in words that this does not know. */
export function formulaTex(formula: string): string | undefined {
  try {
    return new Reader(tokens(formula)).whole();
  } catch {
    return undefined;
  }
}
