//! How people ask: words that mean nothing, words that say little, and words that mean the same. Folded; English and
//! Spanish in one, because a question in one language must not match a stop word of the other.

use std::sync::LazyLock;

use crate::text::{Phrases, WordSet};

/// Words that carry no topic.
const STOP: &str = "a about actually again all also am an and any anybody anyone anything are around as ask at be been \
    being but by can cant could couldnt curious did didnt do does doesnt doing done dont dunno either else even ever \
    exactly for from get gets getting give go going gonna good got great guys had has hasnt have havent having he hello \
    help her hey hi him his how i id if ill im in info information into is isnt it its ive just kind kinda know let \
    lets like little look looking made make many may maybe me mean might mine more most much must my myself need needs \
    no not now of off ok okay on one ones only or our ours out over own people per person please pls plz possible put \
    question quick r really right said say see she should shall so some somebody someone something still stuff such \
    sure take tell than thank thanks that thats the their them then there theres these they theyre thing things think \
    this those though to told too try u up ur us use very wanna want wants was wasnt way we well were wat what whats \
    which while will with without wondering wont would wouldnt yall yeah yes yet you youll your youre yours yourself \
    al algo alguien algun alguna alguno ante aqui asi aun aunque ay bien bueno buenas buenos cada casi como con cosa \
    cual cuales de decir deme del desde dias dice digame donde el ella ellos en entonces era es esa ese eso esos esta \
    estan estar este esto estos estoy fue gracias ha hacen hace hacer hago han hasta hay hola la las le les lo los mas \
    me mi mis mucho muy nada necesito ni no nos nosotros o otra otro para pero poco podria por porque pueden puede \
    puedo pues que quiero quisiera quiza saber se sea ser si sin sobre solo son su sus tal tambien tan tardes tener \
    tengo tiene tienen todo todos tu tus un una unas uno unos usted ustedes va voy y ya yo";

/// Words that occur in questions about anything: they count, but little.
const WEAK: &str = "accept access allow allowed available before between both box brand brands bring brother buy card \
    carry certain chance choose come complete conversion customer day days during enough extra family feel few find \
    first fix friend full handle happen happened happens home husband important install installation job keep kind last \
    leave line link long lower making month months mother nearby need never new next night number offer old online \
    option options order part party place plan policy print problem provide public quality real recommend required \
    requirement same say second see sell send session set several shop sister sometimes somewhere special standard start \
    step stop store thing time times today tomorrow type types used usually week weekday weekdays weekend weekends \
    whole wife work works worried year years \
    ajustar ayuda bici bicicleta casa comprar cosa dan dia dias hacen hora mes ofrecen semana servicio taller tipo \
    trabajo traer vender venden";

/// Phrases that mean the same, a line each; the first word names the meaning.
const SAME: [&[&str]; 44] = [
    &[
        "price",
        "prices",
        "pricing",
        "cost",
        "costs",
        "how much",
        "charge",
        "charges",
        "fee",
        "fees",
        "rate",
        "rates",
        "set me back",
        "expensive",
        "cheap",
        "precio",
        "precios",
        "cuanto cuesta",
        "cuanto cuestan",
        "cuanto cobran",
        "cuanto vale",
        "cuanto es",
        "cuanto sale",
        "cuestan",
        "cuesta",
        "cobran",
        "tarifa",
        "costo",
        "coste",
        "vale",
    ],
    &[
        "hours",
        "opening hours",
        "what time",
        "open",
        "opens",
        "opening",
        "close",
        "closes",
        "closed",
        "closing",
        "when do you close",
        "horario",
        "horarios",
        "a que hora",
        "abren",
        "abre",
        "abrimos",
        "abierto",
        "abiertos",
        "cierran",
        "cerramos",
        "cerrado",
    ],
    &[
        "where",
        "wheres",
        "address",
        "located",
        "location",
        "directions",
        "donde estan",
        "donde",
        "direccion",
        "ubicados",
        "ubicacion",
    ],
    &[
        "book",
        "booking",
        "appointment",
        "appointments",
        "schedule",
        "reserve",
        "reservation",
        "reservar",
        "reserva",
        "reservo",
        "cita",
        "citas",
        "turno",
    ],
    &[
        "cancel",
        "cancellation",
        "canceling",
        "cancelling",
        "cancelar",
        "cancelo",
        "cancelacion",
        "cant make it",
    ],
    &[
        "reschedule",
        "move my appointment",
        "change my appointment",
        "another day",
        "another time",
        "different time",
        "cambiar",
        "cambio",
        "otro dia",
        "reprogramar",
    ],
    &["late", "running late", "delayed", "stuck in traffic", "retrasado", "llego tarde"],
    &["soon", "next opening", "next slot", "next available", "earliest", "how soon", "cuanto antes"],
    &["guarantee", "guaranteed", "warranty", "garantia", "garantizamos"],
    &[
        "included",
        "include",
        "includes",
        "cover",
        "covers",
        "covered",
        "comes with",
        "incluye",
        "whats in",
        "what is in",
        "what do you check",
        "what do you do in",
    ],
    &["full", "complete", "completo"],
    &["often", "how often", "how many times", "every"],
    &["tuneup", "tune", "tunes", "tuning", "tune up", "tune ups", "afinar", "puesta a punto"],
    &[
        "electric",
        "ebike",
        "ebikes",
        "e bike",
        "e bikes",
        "electric bike",
        "electric bikes",
        "electrica",
        "bicicleta electrica",
        "bici electrica",
    ],
    &["bike", "bikes", "bicycle", "bicycles", "cycle", "bici", "bicis", "bicicleta", "bicicletas"],
    &[
        "repair",
        "repairs",
        "fix",
        "fixes",
        "fixed",
        "fixing",
        "mend",
        "patch",
        "reparar",
        "arreglar",
        "reparacion",
        "fixable",
    ],
    &["child", "children", "childrens", "kid", "kids", "son", "daughter", "nino", "ninos", "hijo", "hija"],
    &["ready", "finished", "lista", "listo"],
    &[
        "duration",
        "how long does",
        "how long will",
        "turnaround",
        "how many days",
        "when will",
        "takes",
        "cuanto tarda",
        "cuantos dias",
        "tarda",
        "tardan",
    ],
    &["lifespan", "last", "lasts", "lifetime", "life"],
    &["sameday", "same day", "today", "right away", "hoy", "mismo dia"],
    &["fast", "express", "urgent", "rush", "asap", "quickly", "urgente"],
    &[
        "pickup",
        "pick up",
        "pick it up",
        "collect",
        "collects",
        "collected",
        "uncollected",
        "recogen",
        "recoger",
        "recogemos",
    ],
    &["dropoff", "drop off", "drop my bike off", "drop it off", "leave my bike", "leave it"],
    &["deliver", "delivery", "delivers", "entregan", "entregas", "entregamos", "a domicilio"],
    &[
        "pay",
        "paying",
        "payment",
        "payments",
        "credit card",
        "debit card",
        "cards",
        "cash",
        "credit",
        "debit",
        "pagar",
        "pago",
        "tarjeta",
        "efectivo",
    ],
    &["installments", "payment plan", "payment plans", "pay later", "monthly payments", "a plazos"],
    &["upfront", "advance", "deposit", "deposits", "deposito"],
    &["refundable", "refund", "refunds", "money back", "get my deposit back", "reembolso"],
    &["return", "returns", "send back", "devolver", "devolucion"],
    &["discount", "discounts", "money off", "cheaper", "descuento", "descuentos"],
    &["senior", "seniors", "over 65", "retired", "pensioner"],
    &["gift", "voucher", "vouchers", "gift card", "gift cards"],
    &["hiring", "job", "jobs", "vacancy", "vacancies", "career", "employment"],
    &["owner", "owns", "own the", "runs", "boss", "who runs", "dueno"],
    &["staff", "team", "employees", "who works", "who are your", "mechanic", "mechanics"],
    &["certified", "certification", "trained", "qualified", "licensed"],
    &["rent", "rental", "rentals", "hire", "alquilar", "rentar"],
    &["borrow", "loaner", "loaners", "lend", "courtesy"],
    &["estimate", "estimates", "estimated", "quote", "quotes", "presupuesto"],
    &["bot", "robot", "real person", "human", "chatbot", "machine"],
    &["contact", "reach", "phone number", "email address", "get in touch", "contactar", "telefono"],
    &["privacy", "data", "personal information", "details", "my phone number"],
    &["name", "named", "called"],
];

/// What a word of a question is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    /// Nothing.
    Stop,
    /// Little.
    Weak,
    /// It is what the question is about.
    Full,
}

/// The lists above, indexed once.
struct Lexicon {
    stop: WordSet,
    weak: WordSet,
    phrases: Phrases,
    /// The phrases' meanings, in their order.
    meanings: Vec<&'static str>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon {
    stop: STOP.split_ascii_whitespace().collect(),
    weak: WEAK.split_ascii_whitespace().collect(),
    phrases: Phrases::from_list(SAME.iter().flat_map(|group| group.iter().copied())),
    meanings: SAME.iter().flat_map(|group| group.iter().map(|_| group[0])).collect(),
});

/// What a folded word is worth.
pub(super) fn worth(word: &str) -> Worth {
    if LEXICON.stop.contains(word) {
        Worth::Stop
    } else if LEXICON.weak.contains(word) || word.bytes().all(|b| b.is_ascii_digit()) {
        Worth::Weak
    } else {
        Worth::Full
    }
}

/// The longest phrase of [`SAME`] that begins at `words[at]`: its meaning and how many words it takes.
pub(super) fn meaning_at(words: &[String], at: usize) -> Option<(&'static str, usize)> {
    phrases_at(words, at).max_by_key(|(_, length)| *length)
}

/// Every meaning whose phrase begins at `words[at]`.
pub(super) fn meanings_at(words: &[String], at: usize) -> impl Iterator<Item = &'static str> + '_ {
    phrases_at(words, at).map(|(meaning, _)| meaning)
}

/// The phrases of a meaning, for a full-text query.
pub(super) fn phrases_of(meaning: &str) -> impl Iterator<Item = &'static str> + '_ {
    SAME.iter().filter(move |group| group[0] == meaning).flat_map(|group| group.iter().copied())
}

fn phrases_at(words: &[String], at: usize) -> impl Iterator<Item = (&'static str, usize)> + '_ {
    LEXICON.phrases.at(words, at).map(|found| (LEXICON.meanings[found.entry], found.end - found.start))
}
