//! What people write when they mean something, folded; English and Spanish together. A list is one text
//! with `|` between its phrases; a phrase is a run of whole words. Lists are cut up once, when they are first needed.

use std::sync::LazyLock;

use super::acts::Intent;
use crate::{
    channel::Channel,
    text::{Phrases, WordSet},
};

/// What opens a sentence, with its intention.
pub(super) static OPENERS: LazyLock<Openers> = LazyLock::new(|| {
    let entries =
        || OPENER_LISTS.iter().flat_map(|(intent, list)| list.split('|').map(move |one| (*intent, one)));
    Openers {
        phrases: Phrases::from_list(entries().map(|(_, phrase)| phrase)),
        intents: entries().map(|(intent, _)| intent).collect(),
    }
});

/// Phrases, and what each of them does.
pub(super) struct Openers {
    /// The phrases.
    pub phrases: Phrases,
    /// Their intentions, in the order of the phrases.
    pub intents: Vec<Option<Intent>>,
}

/// What opens a sentence and may be taken off its front; `None` carries no intention of its own.
const OPENER_LISTS: &[(Option<Intent>, &str)] = &[
    (
        Some(Intent::Greeting),
        "hi|hello|hey|hiya|howdy|yo|greetings|good morning|good afternoon|good evening|hi there|\
        hello there|hey there|hola|buenos dias|buenas tardes|buenas noches|buenas|que tal|hola que tal|\
        dear team|morning",
    ),
    (
        Some(Intent::Thanks),
        "thanks|thank you|thx|ty|thanks a lot|thanks so much|thank you so much|thank you very much|\
        many thanks|thanks again|cheers|gracias|muchas gracias|mil gracias|thank u",
    ),
    (
        Some(Intent::Yes),
        "yes|yes please|yeah|yep|yup|sure|please do|yes pls|ya|si|si por favor|claro|claro que si|\
        of course|absolutely|sounds good|go ahead|ok yes|do it|por favor si|dale",
    ),
    (
        Some(Intent::No),
        "no|nope|no thanks|no thank you|not now|nah|no gracias|ahora no|not really|thats all|nothing else",
    ),
    (
        Some(Intent::Agreed),
        "ok|okay|k|kk|great|perfect|cool|got it|alright|all right|awesome|nice|good|fine|vale|perfecto|\
        de acuerdo|bien|listo|understood|will do|oh ok|excelente|that works|works for me|\
        that works for me|sounds great|i will think about it|ill think about it|let me think about it|\
        i have to think about it|i need to think about it|me lo pensare|lo pensare|tengo que pensarlo",
    ),
    (
        None,
        "please|pls|por favor|so|well|um|also|and|but|oh|sorry|pues|bueno|y|there|team|everyone|again|btw",
    ),
];

/// Thanks anywhere in a short sentence.
pub(super) static THANKS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of("thanks|thank you|thx|gracias|appreciate it|appreciated"));

/// Goodbye.
pub(super) static FAREWELL: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "bye|goodbye|good bye|see you|see ya|good night|have a nice day|have a good day|have a great day|\
    talk later|talk soon|adios|hasta luego|hasta pronto|nos vemos|chao|see u",
    )
});

/// How letters close, before the name.
pub(super) const CLOSINGS: [&str; 17] = [
    "best",
    "best regards",
    "best wishes",
    "all the best",
    "regards",
    "kind regards",
    "warm regards",
    "warmly",
    "cheers",
    "sincerely",
    "yours sincerely",
    "yours truly",
    "saludos",
    "un saludo",
    "saludos cordiales",
    "atentamente",
    "un abrazo",
];

/// Who or what is this?
pub(super) static IDENTITY: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "are you a bot|are you a robot|are you an ai|are you ai|are you human|are you a human|are you real|\
    are you a person|are you a real person|are you a machine|are you chatgpt|are you a real human|\
    are you a computer|are you bot|is this a bot|is this a robot|is this an ai|is this ai|\
    is this a real person|is this a person|is this a human|is this automated|am i talking to|\
    am i chatting with|am i speaking to|am i speaking with|am i texting with|who am i talking|\
    who is this|whos this|who are you|who r u|what are you|whats your name|what is your name|r u a bot|\
    r u a human|r u real|you a bot|eres un bot|eres un robot|eres una ia|eres humano|eres humana|\
    eres una persona|eres real|es usted un bot|es usted una persona|es un bot|es un robot|\
    estoy hablando con|con quien hablo|hablo con una persona|quien eres|quien es usted|como te llamas|\
    como se llama usted",
    )
});

/// Asks for their own name.
pub(super) static MY_NAME: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "what is my name|whats my name|what was my name|know my name|remember my name|tell me my name|\
    say my name|como me llamo|cual es mi nombre|sabe mi nombre|sabes mi nombre|recuerda mi nombre|\
    recuerdas mi nombre|acuerda de mi nombre|acuerdas de mi nombre|digame mi nombre|dime mi nombre",
    )
});

/// Asks for the budget they told.
pub(super) static MY_BUDGET: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "what is my budget|whats my budget|what was my budget|know my budget|remember my budget|\
    tell me my budget|how much is my budget|how much was my budget|cual es mi presupuesto|\
    cual era mi presupuesto|cuanto es mi presupuesto|cuanto era mi presupuesto|sabe mi presupuesto|\
    sabes mi presupuesto|recuerda mi presupuesto|recuerdas mi presupuesto|acuerda de mi presupuesto|\
    acuerdas de mi presupuesto",
    )
});

/// Wants a person, in any sentence.
pub(super) static PERSON: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "talk to a person|talk to a human|talk to a real|talk to someone|talk to somebody|talk to an agent|\
    talk to a representative|talk to the owner|talk to the manager|talk to a manager|talk with a person|\
    talk with someone|talk with a human|speak to a person|speak to a human|speak to someone|\
    speak to somebody|speak to an agent|speak to a representative|speak to a real|speak to the owner|\
    speak to the manager|speak to a manager|speak with a person|speak with someone|speak with a human|\
    speak with a representative|speak with the|speak with a|chat with a person|chat with a human|\
    chat with someone|get me a person|get me a human|get a person|get a human|want a person|\
    want a human|need a person|need a human|want a real person|need a real person|real person please|\
    human please|person please|agent please|call me|give me a call|have someone|have somebody|\
    ask someone to|connect me|transfer me|customer service|real human|live agent|live person|\
    actual person|actual human|hablar con una persona|hablar con alguien|hablar con un humano|\
    hablar con un agente|hablar con el dueno|hablar con el encargado|hablar con usted|\
    hablar con ustedes|persona real|quiero una persona|necesito una persona|una persona por favor|\
    pasame con|paseme con|comunicame|comuniqueme|llamame|llameme|llamenme|me pueden llamar|\
    me puede llamar|atencion al cliente",
    )
});

/// Wants a person, where the sentence says little else.
pub(super) static PERSON_SHORT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of("person|human|agent|representative|operator|someone real|persona|humano|agente|operador")
});

/// Insults.
pub(super) static ABUSE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "fuck you|fuck off|fuck u|fucking idiot|fucking bot|asshole|bitch|idiot|idiots|moron|morons|dumbass|\
    cunt|piece of shit|stupid bot|you are stupid|youre stupid|you suck|shut up|go to hell|bastard|whore|\
    puta|puto|pendejo|pendejos|idiota|idiotas|imbecil|cabron|vete a la mierda|estupido|estupida|\
    gilipollas|kill yourself",
    )
});

/// Anger about the business.
pub(super) static ANGER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "ridiculous|unacceptable|furious|so angry|very angry|really angry|extremely upset|very upset|\
    worst service|terrible service|awful service|horrible service|scam|scammers|rip off|ripoff|\
    file a complaint|make a complaint|i will sue|my lawyer|disgusted|disgusting|fed up|what a joke|\
    you ruined|you broke my|inaceptable|estafa|estafadores|ridiculo|poner una queja|una queja|harto|\
    harta|pesimo servicio|muy enojado|muy enojada|muy molesto|muy molesta|furioso|furiosa",
    )
});

/// No more messages.
pub(super) static OPT_OUT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "stop texting|stop messaging|stop emailing|stop contacting|stop sending|stop writing|dont text me|\
    dont message me|dont email me|dont contact me|dont write me|do not text|do not contact|do not email|\
    do not message|no more texts|no more messages|no more emails|leave me alone|remove me|take me off|\
    unsubscribe me|opt me out|opt out|want to unsubscribe|quit texting|no me escriban|no me escriba|\
    no me manden|no me mande|no me envien|no me envie|no me contacten|dejen de escribir|\
    deje de escribir|dejen de mandar|no quiero mas mensajes|borrenme|denme de baja|darme de baja|\
    dame de baja",
    )
});

/// Asks how to, and orders nothing.
pub(super) static ASKS_HOW: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of("how do|how can|como puedo|como hago"));

/// Running late.
pub(super) static LATE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "running late|running a bit late|running a little late|running behind|be late|min late|mins late|\
    minutes late|minute late|bit late|little late|few minutes late|stuck in traffic|traffic is|\
    late for my|am late|im late|be delayed|been delayed|on my way but|llego tarde|voy tarde|\
    llegar tarde|llegare tarde|minutos tarde|min tarde|atascado|atascada|atorado|atorada|en el trafico|\
    hay trafico|mucho trafico|me retraso|retrasado|retrasada|minutos de retraso",
    )
});

/// The sentence only supposes.
pub(super) static HYPOTHETICAL: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of("what if|happens if|in case|if i am|if im|if i|fee|how late|too late|que pasa si|si llego")
});

/// Asks what was said before.
pub(super) static RECALL: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(RECALL_LIST));

const RECALL_LIST: &str = "what did you say|what did you tell|what did you quote|what did you write|what did u say|what did we|\
    what did i ask|what did i say|what did i tell|you quoted me|you told me|you said earlier|\
    you said before|price again|cost again|quote again|remind me what|remind me how much|\
    do you remember|you remember|what was the price|what was the quote|what was the cost|\
    how much was it|how much was that|our last chat|last time we|previous conversation|\
    what we talked about|what we discussed|que me dijo|que me dijiste|que me dijeron|cuanto era|\
    cuanto me dijo|cuanto me dijeron|me recuerda el precio|me recuerdas|se acuerda|te acuerdas|\
    que precio me";

/// Wants to book.
pub(super) static BOOKING: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "to book|book a|book an|book my|i book|book online|book now|book it|book me|booking link|\
    link to book|booking page|make an appointment|make a reservation|make a booking|\
    set up an appointment|schedule an appointment|schedule a|schedule an|get an appointment|\
    want an appointment|an appointment please|reserve a|reservar|hacer una reserva|hacer una cita|\
    pedir cita|pedir una cita|sacar cita|sacar una cita|agendar|quiero una cita|enlace para reservar|\
    link para reservar|any slots|free slots|free slot|available slots|any openings|any free times|    next available|earliest appointment|book in|hay citas|horas libres|alguna hora libre|huecos libres",
    )
});

/// Asks whether they may come; a day and a time with it make it the wish for an appointment.
pub(super) static COMING: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "can i come|could i come|may i come|can i bring|could i bring|may i bring|can i drop|could i drop|\
    can we come|could we come|puedo ir|puedo pasar|puedo llevar|podria ir|podria pasar|podria llevar",
    )
});

/// The days that such a question may name.
pub(super) static DAYS: LazyLock<WordSet> = LazyLock::new(|| {
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow lunes martes miercoles jueves viernes \
    sabado domingo hoy manana".split_ascii_whitespace().collect()
});

/// Asks for the appointment they have.
pub(super) static MY_VISIT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "when is my appointment|when was my appointment|when is my booking|when is my visit|whens my appointment|\
    what time is my appointment|what time was my appointment|what time is my booking|what day is my appointment|\
    which day is my appointment|what is my appointment|do i have an appointment|have i got an appointment|\
    when am i booked|what am i booked for|cuando es mi cita|cuando tengo cita|a que hora es mi cita|\
    a que hora tengo cita|que dia es mi cita|tengo una cita",
    )
});

/// Wants an appointment called off.
pub(super) static CANCEL_VISIT: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "cancel my appointment|cancel my booking|cancel my visit|cancel the appointment|cancel our appointment|\
    cancel it|cancel tomorrow|cancel my tune up|need to cancel|have to cancel|want to cancel|please cancel|\
    call off my|cant make it|cannot make it|wont make it|not able to make it|cancelar mi cita|cancelar la cita|\
    anular mi cita|anular la cita|cancelar mi reserva|no puedo ir|no podre ir|no voy a poder ir",
    )
});

/// Wants an appointment at another time.
pub(super) static MOVE_VISIT: LazyLock<Phrases<String>> = LazyLock::new(|| {
    let days =
        "monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|today|morning|afternoon|pm|am";
    let fixed = "reschedule|move my appointment|move my booking|move the appointment|change my appointment|\
        change my booking|change the appointment|different day|different time|another time instead|\
        another day instead|that day instead|that time instead|cambiar mi cita|cambiar la cita|mover mi cita|\
        reprogramar|cambiar la hora|mejor el lunes|mejor el martes|mejor el miercoles|mejor el jueves|\
        mejor el viernes|mejor el sabado|mejor manana";
    let instead = days.split('|').map(|day| format!("{day} instead"));
    Phrases::from_owned(fixed.split('|').map(str::to_owned).chain(instead))
});

/// Something is booked already, or booking is not the point.
pub(super) static BOOKED: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "cancel|cancelar|reschedule|move my|change my|cambiar|my appointment|my booking|mi cita|fee|\
    confirmation|reminder|do i need|without|bikes",
    )
});

/// Asks for opening hours.
pub(super) static HOURS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "hours|open|opening|close|closing|closed|what time|horario|horarios|abren|abre|abierto|abiertos|\
    cierran|cierra|cerrado|a que hora",
    )
});

/// Words of a sentence about opening hours and nothing else.
pub(super) static HOURS_WORDS: LazyLock<WordSet> = LazyLock::new(|| {
    "a abierto abiertos abre abren am are at be business cerrado cierra cierran close closed \
    closes closing cual cuales cuando de did do does domingo domingos el en es esta estan favor for friday fridays hasta hora \
    horario horarios hours hoy is it jueves la las late los lunes manana martes miercoles monday mondays normal now on open \
    opening opens para please por que r regular right sabado sabados saturday saturdays shop son store su sunday sundays \
    sus taller ahora tell me the thursday thursdays tienda time times to today tomorrow tonight tuesday tuesdays u until up \
    ur usual ustedes viernes wednesday wednesdays weekdays weekend weekends what whats when will y you your yet still".split_ascii_whitespace().collect()
});

/// Asks where the business is.
pub(super) static PLACE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "address|located|location|where are you|where is your|wheres your|where r u|where is the|where you|\
    directions|direccion|donde estan|donde esta|donde queda|ubicados|ubicacion|ubicado",
    )
});

/// Words of a sentence about the place and nothing else.
pub(super) static PLACE_WORDS: LazyLock<WordSet> = LazyLock::new(|| {
    "a address are at can cual de direccion directions do donde el en es esta estan exactly \
    find get give how i in is it la located location me my please por favor queda r send shop store street su taller tell tell \
    the tienda to u ubicacion ubicado ubicados ur ustedes we what whats where wheres you your workshop office place".split_ascii_whitespace().collect()
});

/// Small talk.
pub(super) static SMALL_TALK: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "how are you|hows it going|how is it going|how are things|whats up|tell me a joke|a joke|i love you|\
    you are great|youre great|you are awesome|youre awesome|youre funny|you are funny|nice weather|lol|\
    haha|hahaha|como estas|como esta usted|como te va|cuentame un chiste|un chiste|jaja|jajaja|how r u|\
    how do you do|nice to meet you|mucho gusto|marry me|good bot",
    )
});

/// Lines by the names people give them.
const LINES: &[(Channel, &str)] = &[
    (
        Channel::Sms,
        "text|texts|texting|sms|text message|text messages|mensaje|mensajes|mensaje de texto|\
        mensajes de texto|texto",
    ),
    (Channel::Email, "email|emails|e mail|mail|correo|correo electronico|correos"),
];

/// Likes a line better than the others.
pub(super) static PREFERS: LazyLock<Vec<(Channel, Phrases<String>)>> = LazyLock::new(|| {
    let named = |names: &'static str| {
        let with = |name: &'static str| PREFERS_LIST.split('|').map(move |frame| frame.replace('_', name));
        Phrases::from_owned(names.split('|').flat_map(with))
    };
    LINES.iter().map(|(channel, names)| (*channel, named(names))).collect()
});

/// Likes `_` better.
const PREFERS_LIST: &str = "_ is better|_ is best|_ is easier|_ works better|_ works best|_ is easiest|prefer _|prefer a _|\
    prefer an _|prefer by _|prefer to _|prefer getting _|prefer to get _|prefer to be contacted by _|\
    rather _|rather by _|rather have _|rather get _|like _ better|like _ more|id like _ instead|\
    _ instead|prefiero _|prefiero el _|prefiero un _|prefiero por _|prefiero los _|mejor por _|\
    mejor un _|me gusta mas el _|only _ me|always _ me|just _ me from now on";

/// Asks for a text message.
pub(super) static TEXT_ME: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(TEXT_ME_LIST));

const TEXT_ME_LIST: &str = "text me|sms me|text it|text that|text the|text us|text this|send me a text|send a text|\
    send it by text|send me by text|send by text|send me an sms|send it via text|send it to my phone|\
    send it to my cell|send that to my phone|send the link to my phone|to my phone|by text|by sms|\
    via text|via sms|over text|in a text|continue by text|go on by text|move to text|switch to text|\
    switch to sms|go on over text|message my phone|mandeme un mensaje|mandame un mensaje|\
    enviame un mensaje|envieme un mensaje|mandame un sms|mandeme un sms|enviame un sms|envieme un sms|\
    un mensaje de texto|por mensaje de texto|por sms|por mensaje|mandame un texto|mandeme un texto|\
    por texto|a mi telefono|a mi celular|a mi movil";

/// Asks for an email.
pub(super) static EMAIL_ME: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(EMAIL_ME_LIST));

const EMAIL_ME_LIST: &str = "email me|e mail me|mail me|email it|email that|email the|email this|mail it|send me an email|\
    send an email|send it by email|send me by email|send by email|send it via email|send it to my email|\
    to my email|to my inbox|by email|via email|by e mail|continue by email|go on by email|\
    switch to email|move to email|over email|in an email|enviame un correo|envieme un correo|\
    mandame un correo|mandeme un correo|por correo|a mi correo|por email|a mi email|escribame al correo";

/// The sentence speaks of a later or an unwanted message, not of one now.
pub(super) static NOT_NOW: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "will you|do you|did you|have you|dont|stop|when my|when its|when it is|when the|when you|once it|\
    once my|cuando este|cuando mi|no me|unsubscribe|can i text|can i email|i text|i email|how do i",
    )
});

/// What only says where to send something, the longest first.
pub(super) static SENDING: LazyLock<Vec<&str>> =
    LazyLock::new(|| longest_first(&[TEXT_ME_LIST, EMAIL_ME_LIST]));

/// What only says that something was said before, the longest first.
pub(super) static RECALLING: LazyLock<Vec<&str>> =
    LazyLock::new(|| longest_first(&[RECALL_LIST, "in the chat|by text|by email|the chat"]));

fn longest_first(lists: &[&'static str]) -> Vec<&'static str> {
    let mut phrases: Vec<&str> = lists.iter().flat_map(|list| list.split('|')).collect();
    phrases.sort_by_key(|phrase| core::cmp::Reverse(phrase.len()));
    phrases
}
