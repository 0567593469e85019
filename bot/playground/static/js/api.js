/** The client API: what people do in the emulated Telegram. Refusals carry a sentence to show. */

import { t } from "/static/js/i18n.js";
import { inWords } from "/static/js/refusals.js";

export class Refused extends Error {}

async function call(method, path, body) {
  const isForm = body instanceof FormData;
  const headers = body && !isForm ? { "Content-Type": "application/json" } : {};
  const payload = body && !isForm ? JSON.stringify(body) : body;
  const response = await fetch(path, { method, headers, body: payload }).catch(() => null);
  if (response === null) throw new Refused(t("noAnswer"));
  if (response.ok) return response.json();
  const refusal = await response.json().catch(() => ({}));
  throw new Refused(refusal.error ? inWords(refusal.error) : t("noAnswer"));
}

const chat = (id) => `/client/chats/${id}`;

export const about = () => call("GET", "/playground/about");
export const state = () => call("GET", "/client/state");
export const addPerson = (person) => call("POST", "/client/people", person);
export const addGroup = (group) => call("POST", "/client/chats", group);
export const messages = (chatId, bot) => call("GET", `${chat(chatId)}/messages?bot=${bot}`);
export const write = (chatId, message) => call("POST", `${chat(chatId)}/messages`, message);
export const share = (chatId, content) => call("POST", `${chat(chatId)}/shares`, content);
export const sendFiles = (chatId, form) => call("POST", `${chat(chatId)}/files`, form);
export const edit = (chatId, messageId, body) =>
  call("PATCH", `${chat(chatId)}/messages/${messageId}`, body);
export const remove = (chatId, messageId, bot) =>
  call("DELETE", `${chat(chatId)}/messages/${messageId}?bot=${bot}`);
export const press = (chatId, messageId, body) =>
  call("POST", `${chat(chatId)}/messages/${messageId}/press`, body);
export const move = (chatId, messageId, body) =>
  call("PUT", `${chat(chatId)}/messages/${messageId}/location`, body);
export const react = (chatId, messageId, body) =>
  call("PUT", `${chat(chatId)}/messages/${messageId}/reaction`, body);
export const createManagedBot = (chatId, body) => call("POST", `${chat(chatId)}/managed-bots`, body);
export const block = (chatId, bot) => call("POST", `${chat(chatId)}/block`, { bot });
export const unblock = (chatId, bot) => call("POST", `${chat(chatId)}/unblock`, { bot });
export const fileUrl = (fileId) => `/client/files/${encodeURIComponent(fileId)}`;
