// Server-sent events read from a reply to POST.

/** A stream that broke off before its end. */
export class BrokenStreamError extends Error {}

async function nextPiece(reader) {
  try {
    return await reader.read();
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new BrokenStreamError("", { cause });
  }
}

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) from a reply to POST, which EventSource cannot send.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<{event: string, data: string}>}
 */
export async function* serverEvents(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = "message";
  let data = [];
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader);
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === "") {
          if (data.length) yield { event, data: data.join("\n") };
          event = "message";
          data = [];
        } else if (line.startsWith("event:")) event = line.slice(6).trim();
        else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
      }
    }
  } finally {
    // Whoever reads no further lets the server stop its work.
    reader.cancel().catch(() => {});
  }
}
