/** A stream of events as html.spec.whatwg.org/multipage/server-sent-events.html has it. */

/** Each event: {id, type, data}; {retry} alone; {} for a sign of life. `id` stays until the next. */
export async function* readEvents(body) {
  let [rest, id, fields] = ["", "", {}];
  for await (const chunk of chunks(body)) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    yield {};
    for (const line of lines) {
      const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
      if (line === "") {
        if (fields.data) yield { id, type: fields.event ?? "message", data: fields.data.join("\n") };
        fields = {};
      } else if (name === "data") (fields.data ??= []).push(value);
      else if (name === "event") fields.event = value;
      else if (name === "id") id = value;
      else if (name === "retry" && /^\d+$/.test(value)) yield { retry: Number(value) };
    }
  }
}

/** Safari iterates over no stream. */
async function* chunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}
