// The same core's loop in node: url, uuid and what is said, one after the other. Tells as JSON, for
// each, what was spoken; a piece of data that cannot be parsed ends it with 1.
import http from "node:http";

const [url, uuid, ...said] = process.argv.slice(2);

function ask(message) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ uuid, message, messages: [{ role: "user", content: message }] });
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const request = http.request(url, { method: "POST", headers }, (response) => {
      const spoken = [];
      let tail = "";
      response.on("data", (data) => {
        try {
          const told = JSON.parse(data);
          if (told.type !== "text") throw new Error(told.type);
          tail += told.content;
        } catch (error) {
          reject(error);
        }
        spoken.push(...(tail.match(/[^.!?]*[.!?]/g) ?? []).map((one) => one.trim()));
        tail = tail.replace(/[^.!?]*[.!?]/g, "");
      });
      response.on("end", () => resolve(spoken));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

try {
  const heard = [];
  for (const one of said) heard.push(await ask(one));
  console.log(JSON.stringify(heard));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
