/** Pictures to look at: drawn here, or the user's own; as grey or coloured numbers from 0 to 1. */

export const samples = ["shapes", "stripes", "face", "checker", "noise"] as const;
export type Sample = (typeof samples)[number];

type Brush = (context: OffscreenCanvasRenderingContext2D, width: number, height: number) => void;

function disc(context: OffscreenCanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Numbers that look random and are the same each time (Park and Miller's generator). */
function* random(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 48271) % 2147483647;
    yield state / 2147483647;
  }
}

const brushes: Record<Sample, Brush> = {
  shapes(context, w, h) {
    const gradient = context.createLinearGradient(0, 0, w, h);
    gradient.addColorStop(0, "#223355");
    gradient.addColorStop(1, "#88aacc");
    context.fillStyle = gradient;
    context.fillRect(0, 0, w, h);
    disc(context, w * 0.32, h * 0.36, Math.min(w, h) * 0.2, "#ffcc55");
    context.fillStyle = "#dd5544";
    context.fillRect(w * 0.55, h * 0.5, w * 0.3, h * 0.32);
    context.strokeStyle = "#ffffff";
    context.lineWidth = Math.max(1, w / 40);
    context.beginPath();
    context.moveTo(w * 0.08, h * 0.92);
    context.lineTo(w * 0.92, h * 0.12);
    context.stroke();
  },
  stripes(context, w, h) {
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const angle = x < w / 2 ? x + y : y < h / 2 ? x : y;
        const grey = Math.round(127 + 127 * Math.sin((angle / w) * 40));
        context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
        context.fillRect(x, y, 1, 1);
      }
  },
  face(context, w, h) {
    context.fillStyle = "#334466";
    context.fillRect(0, 0, w, h);
    disc(context, w / 2, h / 2, Math.min(w, h) * 0.4, "#eebb99");
    for (const side of [0.36, 0.64]) {
      disc(context, w * side, h * 0.42, w * 0.07, "#ffffff");
      disc(context, w * side, h * 0.43, w * 0.035, "#222222");
    }
    context.strokeStyle = "#aa3333";
    context.lineWidth = Math.max(1, w / 30);
    context.beginPath();
    context.arc(w / 2, h * 0.55, w * 0.18, 0.15 * Math.PI, 0.85 * Math.PI);
    context.stroke();
  },
  checker(context, w, h) {
    const cell = Math.max(1, Math.round(w / 8));
    for (let y = 0; y < h; y += cell)
      for (let x = 0; x < w; x += cell) {
        context.fillStyle = (x / cell + y / cell) % 2 ? "#222222" : "#eeeeee";
        context.fillRect(x, y, cell, cell);
      }
  },
  noise(context, w, h) {
    const numbers = random(7);
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        const grey = Math.round(255 * (numbers.next().value as number));
        context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
        context.fillRect(x, y, 1, 1);
      }
  },
};

/** The pixels of a sample, or of one's own picture, at that size: red, green, blue and opacity, row by row. */
export function pixels(picture: Sample | ImageBitmap, width: number, height: number): Uint8ClampedArray {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser draws no pictures");
  if (typeof picture === "string") brushes[picture](context, width, height);
  else context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

/** One channel of them: of three the colour, of another number grey, which is repeated. */
export function channelOf(data: Uint8ClampedArray, channel: number, channels: number): Float32Array {
  const values = new Float32Array(data.length / 4);
  for (let i = 0; i < values.length; i++) {
    const [red = 0, green = 0, blue = 0] = data.subarray(4 * i, 4 * i + 3);
    // Rec. 601's luma.
    values[i] =
      (channels === 3 ? ([red, green, blue][channel] ?? 0) : 0.299 * red + 0.587 * green + 0.114 * blue) / 255;
  }
  return values;
}
