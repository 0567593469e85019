/** How a visitor's session begins and ends: the page keeps it, one for all of its tabs. */

import { canAgree } from "../frame/tabs.js";

/** One for what is said now. */
export function begin(chat) {
  const make = () => chat.identity?.open() ?? open(chat);
  return alone(chat, async () => chat.session ?? keep(chat, await make()));
}

/** A new one; where very many want one at once, it costs some work. */
export async function open({ api, language }, identity) {
  const ask = (proof) =>
    api.ask(`sites/${api.key}/session`, { body: { language, identity, proof } });
  try {
    return await ask();
  } catch (error) {
    if (!error.why?.challenge) throw error;
    const { prove } = await import("./work.js");
    return ask(await prove(error.why));
  }
}

export async function keep({ host }, { chat, token, sub }) {
  host.keep("session", JSON.stringify({ chat, token, sub }));
  await host.ask("session"); // kept, before another tab looks for it
}

/** It is over: what was not sent stays, and goes into the next one. */
export async function lose(chat, token) {
  await alone(chat, () => {
    if (chat.session?.token !== token) return; // another tab has a new one
    for (const name of ["session", "read", "asked"]) chat.host.keep(name, null);
  });
  chat.identity?.prove();
}

/** No other tab meanwhile: two may write their first message at once. */
export async function alone({ api, host }, work) {
  const alone = () => host.ask("session").then(work);
  if (await canAgree) await navigator.locks.request(`sportello:${api.key}`, alone);
  else await alone();
}
