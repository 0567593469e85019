/** What the strip says, in every language that the chat has words of. */

export const WORDS = {
  en: {
    onward: "Continue on Telegram",
    once: "This link works once, within 15 minutes.",
    open: "Open Telegram",
    rate: "How was it, from 1 (poor) to 5 (very good)?",
    more: "Anything to add?",
    send: "Send",
    thanks: "Thank you.",
    no: "No, thanks",
    failed: "That did not work. Please try again later.",
  },
  it: {
    onward: "Continua su Telegram",
    once: "Il link vale una volta sola, entro 15 minuti.",
    open: "Apri Telegram",
    rate: "Com’è andata, da 1 (male) a 5 (molto bene)?",
    more: "Vuoi aggiungere qualcosa?",
    send: "Invia",
    thanks: "Grazie.",
    no: "No, grazie",
    failed: "Non ha funzionato. Riprova più tardi.",
  },
  ru: {
    onward: "Продолжить в Telegram",
    once: "Ссылка сработает один раз, в течение 15 минут.",
    open: "Открыть Telegram",
    rate: "Как вам разговор, от 1 (плохо) до 5 (отлично)?",
    more: "Хотите что-то добавить?",
    send: "Отправить",
    thanks: "Спасибо.",
    no: "Нет, спасибо",
    failed: "Не получилось. Попробуйте позже.",
  },
};
