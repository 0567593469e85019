"""A thousand things that people write to a company, in several languages: none is a code."""

from itertools import chain, product

_ROOMS = ("12", "101", "112B", "A101", "204-206", "A101-A110", "101A-105A", "1003-1005")
_YEARS = ("2024", "2024-2025", "2019/2020", "1999–2003", "FY24-FY25", "24Q1-24Q4")
_PLATES = (
    *("AB123CD", "AB 123 CD", "AB-123-CD", "B-MW 1234", "1234-BCD", "AA-12-BB", "12-ABC-3"),
    *("AB12 CDE", "AB12CDE", "ABC-1234", "ABC1D23", "AA1234BB", "A123BC77", "MH12AB1234"),
)
_PRICES = ("120", "1.250,00", "1,250.00", "89.90", "100€-120€", "80EUR-95EUR", "50-60", "1500")
_TIMES = (
    *("10:30", "10-12", "10am-12pm", "9am-11am", "10am-11am", "7h30-9h15", "14th-16th", "1st-3rd"),
    *("21st-22nd", "14/08-16/08", "2024-08-14", "5Aug-8Sep", "50km-60km", "30mq-45mq"),
)
_THINGS = {
    "rooms": _ROOMS,
    "years": _YEARS,
    "plates": _PLATES,
    "prices": _PRICES,
    "times": _TIMES,
}
_TEMPLATES = {
    "rooms": (
        "Avete libera la camera {one} per {two} persone?",
        "Is room {one} free, or rather {two}?",
        "Haben Sie Zimmer {one} oder {two} frei?",
        "La chambre {one} est-elle libre, ou la {two} ?",
        "¿Está libre la habitación {one} o la {two}?",
        "Свободен ли номер {one} или {two}?",
        "Camera {one}: chiave {two}, piano 3, interno 4521",
    ),
    "years": (
        "Siamo stati da voi nel {one} e nel {two}.",
        "The season {one} was better than {two}!",
        "Die Saison {one} war besser als {two}.",
        "Nous sommes venus en {one} et en {two}.",
        "El curso {one} y el curso {two}, por favor",
        "Мы были у вас в {one} и {two} годах.",
    ),
    "plates": (
        "La mia auto è {one}, quella di mia moglie {two}.",
        "My car is {one}, may I park it beside {two}?",
        "Mein Kennzeichen ist {one}, das andere {two}.",
        "Ma voiture est immatriculée {one}, pas {two}.",
        "Mi coche tiene la matrícula {one} y no {two}.",
        "Номер машины {one}, второй {two}.",
    ),
    "prices": (
        "Costa {one} euro a notte o {two}?",
        "Is it {one} or {two} a night, with 2 children of 7?",
        "Kostet es {one} oder {two} EUR?",
        "C’est {one} ou {two} euros, petit-déjeuner compris ?",
        "¿Cuesta {one} o {two} euros con IVA del 21%?",
        "Сколько стоит: {one} или {two} рублей?",
    ),
    "times": (
        "Siete aperti {one} oppure {two}?",
        "Are you open {one} or {two}, well-known as you are?",
        "Ist der Zeitraum {one} oder {two} möglich?",
        "Est-ce possible {one} ou {two}, must-have ou non ?",
        "¿Es posible {one} o {two}? Check-in y check-out",
        "Можно ли {one} или {two}?",
    ),
}


def _all() -> list[str]:
    kinds = []
    for kind, templates in _TEMPLATES.items():
        pairs = product(_THINGS[kind], repeat=2)
        kinds.append(
            template.format(one=one, two=two) for (one, two) in pairs for template in templates
        )
    return list(chain.from_iterable(kinds))


SENTENCES = _all()
