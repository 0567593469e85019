"""Words that say nothing about what is asked: articles, courtesies, dates."""

from collections.abc import Mapping

STOP_WORDS: Mapping[str, str] = {
    "it": """
        a accettate ad agli agosto ai al all alla alle allora ammessa ammessi ammesso
        anche ancora aprile avere avete avrei bene bisogna bisogno buonasera buongiorno c ce
        che chi ci ciao cioe com come con cos cosa cui d da dagli dai dal dall dalla dalle degli
        dei del dell della delle dello deve devo di dicembre dimmi dire dirmi dite dobbiamo
        domani dopodomani dovrei e ed era esatto esiste esistono essere fa faccio fare fate favore
        febbraio fino gennaio gentilmente gia giugno gli grazie ha hai hanno ho i il
        in informazione informazioni insomma invece io l la le lei lo loro luglio ma maggio
        marzo me meno mi mia mie miei mille mio molte molto ne nei nel nell nella nelle
        nello no noi non nostra nostro novembre o occorre oggi ok oppure ottobre ovvero per
        perche permesso piacere piu po poi portare portarmi porto possiamo posso
        potete potrebbe potrei prego prendere puo puoi qual qualche qualcosa quale quali
        quella quelle quelli quello quest questa queste questi questo sa sai salve sapere
        sapete scusa scusi se sei senza serve servono settembre si sia siamo siete solo sono
        sta stai stanotte stasera su sua sue sul sull sulla sulle suo suoi tante tanto tra
        tu tua tue tuo un una uno usare va vengo venire vi voi volevo vorrei vorremmo vostra
        vostre vostri vostro volessi anni anno consigliare consigliate due tre
        quattro cinque prossimo prossima è
    """
    "allo forse possibile",  # codespell:ignore allo,forse,possibile
    "en": """
        a about accept afternoon allow allowed also am an and any april are as at august be
        been bring by can come could d december did do does evening february for from get
        give go good got had has have hello help her here hers hey hi him his how i if in
        information is it its january july june just know let like ll m march may me might
        more morning must my need no not november october of off ok okay on or our out
        permitted please possible re really s say september shall should so some t take tell
        than thank thanks that the their them then there they this to today tomorrow tonight
        up us use ve want was we well what which who will with would you your yours old
        recommend year years next two three four five
    """,
    "ru": """
        а августа апреля брать будет будут бы был была были было быть в вам вами вас ваш
        ваша ваше вашего вашей вашем ваши ваших вечер взять во вот все всего всех вы где-то
        да декабря день для до доброе добрый должен должна должны другой его ее если есть
        еще ж же за завтра здравствуйте знать и из или им имеется интересует информация их
        июля июня к как какая какие какого какой каком какую ко кто ли либо марта мая мне
        могу можем может можно мой мочь моя мы на над надо нам нас не него нее ней нет ни но
        ноября ну нужен нужна нужно о об октября он она они оно от очень по под подскажи
        подскажите пожалуйста пользоваться при привет приехать прийдем прийти принимаете про
        разрешено расскажите с сегодня сентября скажи скажите со спасибо так такое такой там
        твой тебе тебя то тоже только ты у уже узнать утро февраля хотел хотела хотелось
        хочу чем что чтобы эта эти это этот я января большое огромное
        посоветуйте лет год два две три четыре пять
    """,
}
