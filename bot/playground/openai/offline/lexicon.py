"""Words that mean the same in the three languages.

A concept stands for its words in the question and in the knowledge alike; so a question finds
an answer that is worded differently, or is in another language.
"""

from collections.abc import Mapping

LANGUAGES = ("it", "en", "ru")

CONCEPTS: Mapping[str, tuple[str, str, str]] = {
    "checkin": (
        "checkin arrivo arrivi arrivare arriviamo accoglienza",
        "checkin arrival arrive arriving",
        "чекин заезд заезда заехать заселение заселения заселиться прибытие заселяться",
    ),
    "checkout": (
        "checkout partenza partenze ripartire liberare rilascio uscire",
        "checkout departure depart vacate",
        "чекаут выезд выезда выехать отъезд выселение выселиться освободить уезжать",
    ),
    "breakfast": ("colazione colazioni", "breakfast", "завтрак завтраки завтракать"),
    "restaurant": (
        "ristorante ristoranti cena cenare pranzo pranzare mangiare cucina menu",
        "restaurant dinner lunch dine dining eat meal meals menu",
        "ресторан ресторана ужин ужинать обед обедать поесть еда кухня меню",
    ),
    "bar": (
        "bar aperitivo cocktail",
        "bar cocktail cocktails",
        "бар бара баре коктейль",
    ),
    "vegetarian": (
        "vegetariano vegetariani vegano vegani vegana",
        "vegetarian vegan",
        "вегетарианский вегетарианское вегетарианец веганский веган",
    ),
    "allergy": (
        "glutine celiaco celiaci allergia allergie intolleranza intolleranze lattosio",
        "gluten coeliac celiac allergy allergies allergic intolerance lactose",
        "глютен аллергия аллергии непереносимость лактоза целиакия безглютеновый",
    ),
    "parking": (
        "parcheggio parcheggi parcheggiare garage autorimessa macchina auto posteggio",
        "parking park garage car",
        "парковка парковки парковку парковаться припарковать машина машину автомобиль гараж",
    ),
    "charging": (
        "ricarica ricaricare elettrica elettriche colonnina colonnine",
        "charging charger charge electric",
        "зарядка зарядки зарядить электромобиль электрический электромобилей",
    ),
    "wifi": (
        "wifi internet connessione rete",
        "wifi internet connection",
        "вайфай wifi интернет сеть",
    ),
    "password": ("password", "password", "пароль"),
    "pet": (
        "animale animali cane cani gatto gatti cagnolino",
        "pet pets dog dogs cat cats animal animals",
        "животное животные животными животных собака собаки собакой собаку кошка кошкой питомец",
    ),
    "children": (
        "bambino bambini bambina bimbo bimbi neonato culla figli figlio figlia ragazzi lettino",
        "child children kid kids baby cot crib infant son daughter",
        "ребенок ребенка дети детей детьми детский детская малыш кроватка",
    ),
    "pool": ("piscina nuotare", "pool swim swimming", "бассейн бассейна плавать"),
    "spa": (
        "spa benessere sauna idromassaggio hammam",
        "spa wellness sauna hammam",
        "спа сауна велнес хаммам",
    ),
    "entry": (
        "ingresso ingressi entrata",
        "entry entrance admission",
        "вход входа посещение посещения",
    ),
    "massage": ("massaggio massaggi", "massage massages", "массаж массажи массажа"),
    "gym": ("palestra fitness", "gym fitness", "тренажерный зал фитнес спортзал"),
    "room": (
        "camera camere stanza stanze alloggio alloggi dormire pernottare",
        "room rooms accommodation sleep",
        "номер номера номеров номере номерах комната комнаты жить",
    ),
    "suite": ("suite", "suite suites", "люкс люкса люксе сьют"),
    "double": ("doppia doppie matrimoniale", "double twin", "двухместный двухместного двухместные"),
    "single": ("singola singole", "single", "одноместный одноместного одноместные"),
    "family": (
        "familiare familiari famiglia famiglie tripla quadrupla",
        "family families triple",
        "семейный семейном семейные семья семьи семьей трехместный",
    ),
    "bed": ("letto letti", "bed beds", "кровать кровати"),
    "bathroom": ("bagno doccia", "bathroom bath shower", "ванная ванна душ"),
    "airco": (
        "climatizzatore climatizzata climatizzate condizionata",
        "conditioning conditioned airco",
        "кондиционер кондиционеры",
    ),
    "view": ("vista panorama", "view views", "вид видом панорама"),
    "booking": (
        "prenotare prenotazione prenotazioni prenoto prenotato riservare disponibilita "
        "disponibile disponibili libera libere",
        "book booking bookings reserve reservation reservations availability available "
        "vacancy vacancies",
        "забронировать бронь бронирование бронирования бронировать заказать резерв "
        "свободные свободных свободен",
    ),
    "cancel": (
        "cancellare cancellazione disdire disdice disdetta annullare annullamento",
        "cancel cancellation cancelling",
        "отменить отмена отмены отмену аннулировать аннуляция",
    ),
    "payment": (
        "pagare pagamento pagamenti contanti caparra acconto",
        "pay payment payments cash deposit",
        "оплата оплаты оплатить платить наличные наличными предоплата",
    ),
    "card": (
        "carta carte bancomat visa mastercard",
        "card cards visa mastercard",
        "карта картой карты карту виза",
    ),
    "tax": ("tassa tasse soggiorno", "tax taxes", "налог сбор туристический"),
    "discount": (
        "sconto sconti scontato saldi saldo promozione promozioni offerta offerte convenzione",
        "discount discounts sale sales promotion promotions offer offers",
        "скидка скидки скидку распродажа акция акции предложение",
    ),
    "price": (
        "prezzo prezzi costo costi costa costano quanto tariffa tariffe pagano caro euro",
        "price prices cost costs rate rates fee fees much expensive euro",
        "цена цены цену стоимость стоит стоят сколько тариф тарифы дорого евро",
    ),
    "free": (
        "gratis gratuito gratuita gratuiti gratuite gratuitamente incluso inclusa inclusi compresa",
        "free included complimentary includes",
        "бесплатно бесплатный бесплатная бесплатные включен включена включено входит",
    ),
    "time": (
        "ora ore orario orari quando",
        "time times hours when schedule",
        "время времени часы час часов когда расписание",
    ),
    "open": (
        "aperto aperta aperti aperte apre aprite aprono apertura",
        "open opens opening opened",
        "открыт открыта открыто открыты открывается открываетесь открываются работает работаете",
    ),
    "close": (
        "chiuso chiusa chiusi chiuse chiude chiudete chiudono chiusura",
        "close closes closed closing",
        "закрыт закрыта закрыто закрыты закрывается закрываетесь закрытие выходной",
    ),
    "sunday": (
        "domenica domeniche weekend festivi festivo",
        "sunday sundays weekend weekends holiday holidays",
        "воскресенье воскресенья воскресеньям выходные выходным праздники праздничные",
    ),
    "saturday": (
        "sabato sabati weekend",
        "saturday saturdays weekend weekends",
        "суббота субботу субботам выходные выходным",
    ),
    "monday": ("lunedi", "monday mondays", "понедельник понедельникам понедельника"),
    "tuesday": ("martedi", "tuesday tuesdays", "вторник вторникам вторника"),
    "wednesday": ("mercoledi", "wednesday wednesdays", "среда среду средам среды"),
    "thursday": ("giovedi", "thursday thursdays", "четверг четвергам четверга"),
    "friday": ("venerdi", "friday fridays", "пятница пятницу пятницам пятницы"),
    "place": (
        "dove trovate trova trovarvi situato raggiungere raggiungervi vicino vicini vicina lontano",
        "where located location find reach directions near nearby nearest far",
        "где находитесь находится расположен расположение добраться найти рядом",
    ),
    "address": (
        "indirizzo ubicazione sede",
        "address",
        "адрес адресу адреса",
    ),
    "station": ("stazione treno treni", "station train trains", "вокзал вокзала поезд станция"),
    "airport": (
        "aeroporto aereo navetta transfer",
        "airport flight shuttle transfer",
        "аэропорт аэропорта аэропорту трансфер самолет шаттл",
    ),
    "taxi": ("taxi", "taxi cab", "такси"),
    "bus": (
        "autobus bus tram metro metropolitana mezzi",
        "bus tram metro subway underground",
        "автобус трамвай метро транспорт",
    ),
    "bicycle": (
        "bici bicicletta biciclette",
        "bike bikes bicycle bicycles",
        "велосипед велосипеды",
    ),
    "rental": (
        "noleggio noleggi noleggiare noleggiate affittare affittate affitto",
        "rent rents rental rentals renting hire hiring",
        "прокат проката арендовать аренда аренды аренду",
    ),
    "beach": ("spiaggia mare lago", "beach sea lake", "пляж море озеро"),
    "luggage": (
        "bagaglio bagagli valigia valigie borse deposito",
        "luggage baggage bags suitcase suitcases",
        "багаж багажа вещи чемодан чемоданы камера",
    ),
    "laundry": ("lavanderia lavare stireria", "laundry ironing washing", "прачечная стирка глажка"),
    "smoking": ("fumare fumatori fumo", "smoke smoking smokers", "курить курение курящих"),
    "accessible": (
        "disabili disabile accessibile accessibili carrozzina ascensore barriere",
        "disabled accessible accessibility wheelchair lift elevator",
        "инвалид инвалидов доступный доступная коляска лифт",
    ),
    "phone": (
        "telefono telefonare chiamare numero cellulare",
        "phone telephone call number",
        "телефон телефона позвонить звонить",
    ),
    "email": ("email mail posta", "email mail", "почта почту емейл email"),
    "night": ("notte notti", "night nights", "ночь ночи ночей ночью"),
    "early": ("anticipato anticipata presto prima", "early earlier", "ранний раньше рано"),
    "late": ("tardi tardo late posticipato dopo", "late later", "поздний позже поздно"),
    "reception": ("reception ricevimento", "reception desk", "ресепшен ресепшн стойка"),
    "return": (
        "reso resi restituire restituzione cambio cambiare rimborso",
        "return returns exchange exchanges refund",
        "возврат вернуть обмен обменять возместить",
    ),
    "shipping": (
        "spedizione spedizioni spedire consegna consegne spedite",
        "shipping ship delivery deliver",
        "доставка доставки доставить отправка отправляете",
    ),
    "size": ("taglia taglie misura misure", "size sizes", "размер размеры размера"),
    "tailoring": (
        "sartoria sartoriale sartoriali modifica modifiche orlo riparazione misura",
        "tailoring tailor alterations alteration hem",
        "ателье подгонка подшить пошив ремонт",
    ),
    "dress": (
        "abito abiti vestito vestiti",
        "dress dresses suit suits",
        "платье платья костюм одежда",
    ),
    "shoes": ("scarpe scarpa calzature", "shoes shoe footwear", "обувь туфли"),
    "bag": ("borsa borsetta pelletteria", "bag handbag leather", "сумка сумки"),
    "gift": ("regalo regali buono", "gift gifts voucher", "подарок подарки подарочный"),
    "account": (
        "conto conti correntista intestare",
        "account accounts",
        "счет счета счету счетом",
    ),
    "mortgage": ("mutuo mutui ipoteca", "mortgage mortgages", "ипотека ипотеки ипотечный"),
    "loan": (
        "prestito prestiti finanziamento finanziamenti",
        "loan loans credit financing",
        "кредит кредиты кредита заем",
    ),
    "savings": (
        "risparmio risparmi deposito investimento investimenti investire",
        "savings saving investment investments invest",
        "сбережения вклад вклады инвестиции накопления",
    ),
    "interest": ("tasso tassi interesse interessi", "interest", "ставка ставки процент проценты"),
    "transfer": (
        "bonifico bonifici trasferire trasferimento",
        "transfer transfers wire",
        "перевод переводы перевести",
    ),
    "branch": (
        "filiale filiali sportello sportelli",
        "branch branches office",
        "отделение филиал офис",
    ),
    "block": (
        "bloccare blocco smarrita smarrito smarrimento persa perso rubata furto rubato",
        "block lost stolen theft",
        "заблокировать блокировка потерял потеряла украли утеря кража",
    ),
    "app": ("app applicazione", "app application", "приложение"),
    "document": (
        "documento documenti passaporto identita",
        "document documents passport id",
        "документ документы паспорт",
    ),
    "event": (
        "evento eventi riunione riunioni conferenza matrimonio sala",
        "event events meeting meetings conference wedding",
        "мероприятие мероприятия конференция свадьба переговорная",
    ),
    "tour": (
        "visitare visita escursione escursioni gita gite museo musei dintorni attrazioni",
        "visit sightseeing tour tours museum museums attractions",
        "экскурсия экскурсии достопримечательности музей музеи посмотреть",
    ),
    "staff": (
        "staff personale responsabile direttore",
        "staff manager director",
        "персонал сотрудник менеджер директор",
    ),
}

DAYS = frozenset(
    {"#monday", "#tuesday", "#wednesday", "#thursday", "#friday", "#saturday", "#sunday"}
)
# Concepts that ask something about a topic and are none themselves.
MODIFIERS = DAYS | {
    *("#time", "#price", "#free", "#open", "#close", "#night", "#early", "#late", "#place"),
    "#rental",
}
# What a client names who wants to stay, beside the wish to book.
LODGING = frozenset({"#booking", "#room", "#double", "#single", "#family", "#suite", "#bed"})
# What a sentence is about that tells how to book a stay.
BOOKED = LODGING | {"#phone", "#email"}
# What a client asks about who wants to reach the company, and not what it sells.
WHEREABOUTS = frozenset({"#address", "#phone", "#email"})
# Modifiers that ask for nothing when they stand alone.
BARE = frozenset({"#time", "#price", "#free", "#place"})
# What there are many kinds of: with a word that nothing tells of, it is another one.
OF_MANY_KINDS = frozenset({"#tour"})
