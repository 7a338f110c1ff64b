/** POST with XMLHttpRequest: fetch does not tell how much of a big file has been sent. */
import { Away, credentials, note, problemOf } from "../api/client.ts";

export interface Exchange {
  readonly type: string;
  readonly accept: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (sent: number, total: number) => void;
}

const aborted = (): DOMException => new DOMException("aborted", "AbortError");

/** The answer's text. Throws Problem, Away, or an AbortError. */
export function post(path: string, body: Blob | string, exchange: Exchange): Promise<string> {
  return new Promise((resolve, reject) => {
    if (exchange.signal.aborted) {
      reject(aborted());
      return;
    }
    const request = new XMLHttpRequest();
    request.open("POST", path);
    const headers = { ...credentials(), "Content-Type": exchange.type, Accept: exchange.accept };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => exchange.onProgress?.(loaded, total);
    request.onload = () => {
      note(request.status);
      if (request.status === 200) resolve(request.responseText);
      else reject(problemOf(request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => {
      note(undefined);
      reject(new Away());
    };
    request.onabort = () => reject(aborted());
    exchange.signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}
