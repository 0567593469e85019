/** What the tray says: words that most visitors never need. */

const WORDS = {
  en: {
    remove: "Remove {name}",
    sending: "Sending",
    notRead: "{name}: this kind of file cannot be opened here. Photos, recordings, PDF, Word, text and CSV can.",
    tooLarge: "{name} is too large: 20 MB at most.",
    tooMany: "Up to 10 files at a time, and none of them empty.",
    tooMuch: "Too much for one day. Please try again tomorrow.",
    cut: "Not sent: the connection keeps breaking off.",
  },
  it: {
    remove: "Togli {name}",
    sending: "Invio in corso",
    notRead: "{name}: qui questo tipo di file non si può aprire. Foto, registrazioni, PDF, Word, testo e CSV sì.",
    tooLarge: "{name} è troppo grande: al massimo 20 MB.",
    tooMany: "Al massimo 10 file alla volta, e nessuno vuoto.",
    tooMuch: "Per oggi è troppo. Riprova domani.",
    cut: "Non inviato: la connessione continua a interrompersi.",
  },
  ru: {
    remove: "Убрать {name}",
    sending: "Отправляется",
    notRead: "{name}: такие файлы здесь не открываются. Подойдут фото, записи, PDF, Word, текст и CSV.",
    tooLarge: "{name}: слишком большой файл, не больше 20 МБ.",
    tooMany: "Не больше 10 файлов за раз, и не пустые.",
    tooMuch: "На сегодня это слишком много. Попробуйте завтра.",
    cut: "Не отправлено: соединение всё время прерывается.",
  },
};

export const sayings = ({ language }) => WORDS[language];
