"""Italian."""

from collections.abc import Mapping

from bot.core.texts.keys import Text

COMMANDS: Mapping[str, str] = {
    "start": "Inizia la conversazione",
    "new": "Ricomincia da capo",
    "help": "Che cosa può fare qui",
    "privacy": "Come trattiamo i Suoi dati",
    "forget": "Cancella questa conversazione",
}

SENTENCES: Mapping[Text, str] = {
    Text.FAILURE: (
        "Mi scusi, in questo momento non riesco a risponderLe. Può riprovare tra qualche minuto?"
    ),
    Text.EMPTY_REPLY: (
        "Mi scusi, a questo non riesco a rispondere. Può riformulare la domanda con altre parole?"
    ),
    Text.TOO_FAST: "Ho ricevuto i Suoi messaggi. Mi dia un minuto e Le rispondo.",
    Text.DAILY_CAP: (
        "Per oggi non posso più rispondere: il servizio è sospeso fino a domani."
        " Mi scusi per il disagio."
    ),
    Text.HELP: (
        "Scriva qui la Sua domanda, come farebbe allo sportello: Le rispondo in chat."
        "\n\nPuò anche usare questi comandi:\n"
        + "\n".join(f"/{name} – {description}" for name, description in COMMANDS.items())
    ),
    Text.NEW: "Va bene, ricominciamo da capo. Di che cosa ha bisogno?",
    Text.PRIVACY: (
        "In questa chat Le risponde un assistente di intelligenza artificiale: per preparare le"
        " risposte, i Suoi messaggi vengono trasmessi a OpenAI."
        "\n\nConserviamo i messaggi, le risposte e i dati che Telegram ci comunica, come il nome,"
        " il nome utente e la lingua. La conversazione è conservata anche presso OpenAI."
        "\n\nNon c'è una scadenza: i dati restano finché non ne chiede la cancellazione con"
        " /forget. OpenAI può trattenere copie tecniche per circa 30 giorni."
    ),
    Text.FORGET_ASK: (
        "Vuole cancellare questa conversazione? Elimineremo i messaggi conservati da noi e presso"
        " OpenAI. Non sarà possibile recuperarli."
    ),
    Text.FORGET_YES: "Sì, cancella",
    Text.FORGET_NO: "No, conserva",
    Text.FORGOTTEN: (
        "Fatto: la conversazione è cancellata qui, e a breve lo sarà anche presso OpenAI."
        " I messaggi visibili in questa chat può eliminarli da Telegram."
    ),
    Text.FORGET_CANCELLED: "Va bene, non ho cancellato nulla.",
    Text.UNKNOWN_COMMAND: (
        "Non conosco questo comando. Può scrivermi la Sua domanda, o vedere i comandi con /help."
    ),
    Text.ONLY_TEXT: (
        "Mi scusi, per ora posso leggere soltanto messaggi di testo."
        " Può scrivermi qui la Sua domanda?"
    ),
    Text.BUTTON_EXPIRED: "Questo pulsante non è più attivo.",
    Text.HOST_OUT_OF_CREDIT: (
        "Il credito OpenAI è esaurito e i clienti non ricevono risposta."
        " Ricarichi il credito o alzi il limite di spesa nel Suo account OpenAI."
    ),
    Text.HOST_KEY_REFUSED: (
        "OpenAI rifiuta la chiave e i clienti non ricevono risposta."
        " Controlli OPENAI_API_KEY e riavvii Sportello."
    ),
    Text.HOST_DAILY_CAP: (
        "Il limite giornaliero di token è raggiunto: fino a domani i clienti non ricevono risposta."
        " Per riprendere subito, alzi DAILY_TOKEN_LIMIT e riavvii Sportello."
    ),
    Text.HOST_UPDATE_UNREADABLE: (
        "Non sono riuscito a leggere un aggiornamento di Telegram."
        " È conservato: il log dice perché."
    ),
}
