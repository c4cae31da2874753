//! The vocabulary of [`super::keyword`]: lower case, without accents or apostrophes.
//!
//! Lists of words are parted by spaces, lists of phrases by semicolons.

/// Whether a list of words has this one.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|entry| entry == word)
}

/// The phrases of a list, each as its words.
pub(super) fn phrases(list: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    list.split(';').map(|phrase| phrase.split_ascii_whitespace().collect())
}

/// Whether a list of phrases has exactly these words.
pub(super) fn has_phrase(list: &'static str, words: &[&str]) -> bool {
    phrases(list).any(|phrase| phrase == words)
}

/// Words that mean no more messages wherever a clause says nothing else, with their usual misspellings.
pub(super) const STOP: &str = "\
    stop stopall stopp st0p sotp stpo stahp quit revoke optout unsubscribe unsubscribed unsubcribe \
    unsubscibe unsuscribe unsubscrib unsub unsubscribeme arret arreter arretez desabonner desinscrire \
    stoppen abmelden abbestellen alto parar basta detener detente desuscribir desuscribirme descadastrar discontinue detengan detenganse";

/// Words that mean it only where they are the whole message: elsewhere they mean too many other things.
pub(super) const ALONE: &str = "\
    cancel end cancelar cancelarsuscripcion cancela cancele fin baja para pare paren remove sair salir \
    eliminar borrar anular ende stopping cancelall endall delete iwantout nomore";

/// What may follow a word of [`STOP`] in its clause.
pub(super) const TAIL: &str = "\
    all it this that now already please pls plz everything immediately asap thanks thank thx you ty sms \
    texts messages forever por favor gracias ya todo me svp bitte merci danke today ok okay them these those";

/// What may stand before a request and leave it one.
pub(super) const LEAD: &str = "\
    please pls plz kindly just now really seriously already again i id ill im we you u ya yall guys all \
    can could would will want wanna need like wish to must should have gotta told asked said say saying \
    asking hey hi hello ok okay yo no nope sorry thanks thank thx sir maam omg ffs wtf love god por \
    favor quiero quisiera deseo hola me gustaria bitte svp enough make it";

/// What more may stand before a request to be taken off: "how do I unsubscribe?".
pub(super) const ASKING: &str = "how do does where as soon possible like trying this is";

/// Where a new request may begin inside a clause.
pub(super) const CONJUNCTIONS: &str = "so and but please pls plz or then y pero";

/// Politeness around a lone keyword that opts in or asks for help.
pub(super) const FILLERS: &str = "\
    please pls plz thanks thank you thx ok okay hi hello hey por favor gracias";

/// Verbs that end something, before a word of [`NOUNS`].
pub(super) const VERBS: &str = "\
    stop quit cease end halt discontinue cancel block cancelar cancela cancele cancelen parar paren pare \
    detener detengan stopp basta";

/// Verbs before a word of [`SENDING`].
pub(super) const QUITS: &str = "stop quit cease stopp deja deje dejen paren pare para";

/// What somebody is told to stop doing.
pub(super) const SENDING: &str = "\
    texting txting messaging msging contacting spamming bothering harassing pestering sending bugging \
    annoying texts escribirme enviarme mandarme contactarme molestarme escribir enviar";

/// What may stand between a verb and a word of [`NOUNS`].
pub(super) const QUALIFIERS: &str = "\
    all the these those this your ur my any future further more marketing promotional annoying stupid \
    damn fucking freaking of with me to get getting receive receiving recieve from you anymore unwanted \
    automated daily los las mi mis la el de sus tus mas recibir estos such text sms";

/// Words for messages.
pub(super) const NOUNS: &str = "\
    texts text txts txt message messages msg msgs sms subscription notifications alerts spam \
    communications communication promotions promos reminders suscripcion mensaje mensajes textos \
    notificaciones texting messaging contact ads advertising marketing offers deals solicitations";

/// The object of a request that is not about text messages after all.
pub(super) const EMAIL: &str = "email emails mail mails emailing newsletter correo correos";

/// A request with one of these asks for another time, not for an end.
pub(super) const TIMES: &str = "\
    before after until till while during at on between when tonight today tomorrow yet if unless right \
    so enough back much often";

/// Requests to be left alone, with anything after them.
pub(super) const PHRASES: &str = "\
    unsubscribe; unsubscribe me; unsubscribing; unsub; unsub me; unsuscribe; unsubcribe; opt out; opt me \
    out; opt us out; optout; opting out; opted out; remove my number; remove this number; remove my \
    phone; take me off; take us off; take my number off; take this number off; delete my number; delete \
    this number; delete me from; lose my number; lose this number; leave me alone; leave me be; leave us \
    alone; fuck off; piss off; revoke my consent; revoke consent; revoke permission; \
    revoke my permission; withdraw my consent; withdraw consent; no longer consent; dar de baja; darme \
    de baja; dame de baja; denme de baja; deme de baja; quitame de; quitenme de; eliminame de; \
    eliminenme de; borrame de; borrenme de; sacame de; saquenme de; desuscribirme; dejame en paz; \
    dejenme en paz; put me on your do not; do not contact list; remove me from; remove me off; remove us \
    from; remove me please; me desabonner; remove my name; take my name off; cease and desist; be removed from; get removed from; salir de la lista; no quiero que me escriban; no quiero que me manden; no quiero que me envien; no quiero que me contacten";

/// A phrase of [`PHRASES`] with one of these is about another list.
pub(super) const UNLIST: &str = "\
    waitlist waiting wait appointment appointments booking schedule calendar reservation order cart cita \
    email emails newsletter insurance warranty protection financing what";

/// Whole messages that ask for messages again.
pub(super) const START: &str = "\
    start; unstop; subscribe; resubscribe; re subscribe; opt in; optin; opt me in; opt me back in; opt \
    back in; subscribe me; start again; start texting me again; start texting again; start texts; start \
    messages; text me again; can text me again; resume; resume texts; resume messages; iniciar; inicio; \
    empezar; comenzar; suscribir; suscribirme; alta; commencer; debut; starten";

/// Whole messages that ask who this is and how to stop it.
pub(super) const HELP: &str = "\
    help; help me; info; ayuda; ayudame; aide; aidez moi; hilfe; ajuda; aiuto; stop help; helpp";

/// Whole messages that say yes.
pub(super) const YES: &str = "yes; y; yeah; yep; yup; yes yes; si; oui; ja; sim";

/// What people say first, without a stop between it and the request.
pub(super) const OPENERS: &str = "\
    wrong number; wrong person; not interested; im not interested; who is this; whos this; who dis; this \
    is spam; i dont know you; no thank you; you have the wrong number; this is the wrong number; i didnt sign up for this; i never signed up for this";

/// Right before a request they turn it around.
pub(super) const NEGATIONS: &str = "\
    dont not never didnt doesnt wont wouldnt shouldnt cant isnt havent nonstop to";

/// Shortly before a request they make it a question or a condition.
pub(super) const CONDITIONS: &str = "why whyd did if when unless until since after before because hope";

/// "No me …": what a Spanish writer must not do.
pub(super) const DO_NOT_WRITE: &str = "\
    escriban escriba escribas envien envie envies manden mande mandes contacten contacte contactes \
    molesten moleste molestes texteen llamen llame llames";

/// Words of [`ALONE`] that keep their meaning with politeness around them.
pub(super) const ALONE_POLITELY: &str = "remove delete baja sair salir eliminar borrar pare paren iwantout";

/// Requests that must be the whole of a clause but for politeness.
pub(super) const BLUNT: &str = "remove me; remove us; go away; get lost";

/// Words of [`NOUNS`] that are also something else: nothing but a qualifier may follow them.
pub(super) const SINGULAR: &str = "text txt message msg mensaje contact";
