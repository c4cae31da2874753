//! The vocabulary of [`super`]: lower case, without accents or apostrophes.
//!
//! Lists of words are parted by spaces, lists of phrases by bars.

use std::sync::LazyLock;

use crate::text::Phrases;

/// Words that mean no more messages wherever a clause says nothing else, with their usual misspellings.
pub(super) const STOP: &str = "\
    stop stopall stopp st0p sotp stpo stahp quit revoke optout unsubscribe unsubscribed unsubcribe unsubscibe unsuscribe \
    unsubscrib unsub unsubscribeme discontinue";

/// What may follow a word of [`STOP`] in its clause.
pub(super) const TAIL: &str = "\
    all it this that now already please pls plz everything immediately asap thanks thank thx you ty sms texts messages \
    emails forever today ok okay them these those anymore again ever";

/// What may stand before a request and leave it one.
pub(super) const LEAD: &str = "\
    please pls plz kindly just now really seriously already again i id ill im we you u ya yall guys all can could would \
    will want wanna need like wish to must should have gotta told asked said say saying asking hey hi hello ok okay yo no \
    nope sorry thanks thank thx sir maam omg ffs wtf love god enough make it team there everyone";

/// What more may stand before a request to be taken off: "how do I unsubscribe?".
pub(super) const ASKING: &str = "how do does where as soon possible like trying this is prefer";

/// Where a new request may begin inside a clause.
pub(super) const CONJUNCTIONS: &str = "so and but please pls plz or then";

/// Verbs that end something, before a word of [`NOUNS`].
pub(super) const VERBS: &str = "stop stopp quit cease end halt discontinue cancel block";

/// Verbs before a word of [`SENDING`].
pub(super) const QUITS: &str = "stop quit cease stopp";

/// What somebody is told to stop doing.
pub(super) const SENDING: &str = "\
    texting txting messaging msging contacting spamming bothering harassing pestering sending bugging annoying texts \
    emailing emails mailing calling writing dming";

/// Of those, what is meant of every line.
pub(super) const CONTACTING: &str = "contacting bothering harassing pestering bugging annoying";

/// Of those, what is meant of the phone.
pub(super) const CALLING: &str = "calling";

/// What must not be done: "do not text me".
pub(super) const WRITE: &str = "text txt message msg contact bother sms email mail write dm";

/// What may follow "do not text me".
pub(super) const ANYWAY: &str = "\
    anymore any again ever now or and i im by on in through with via about this these that for no for at email text \
    emailaddress call instead period further reminders promotions promos offers ads advertising marketing";

/// "All communications" are of every line.
pub(super) const ALL_OF_IT: &str = "all any every";

/// What may stand between a verb and a word of [`NOUNS`].
pub(super) const QUALIFIERS: &str = "\
    all the these those this your ur my any future further more marketing promotional annoying stupid damn fucking freaking \
    of with me to get getting receive receiving recieve from you us anymore unwanted automated daily weekly such text sms \
    email an other so many";

/// Words for messages.
pub(super) const NOUNS: &str = "\
    texts text txt txts message messages msg msgs sms subscription notifications alerts spam communications communication \
    promotions promos texting messaging contact ads advertising marketing offers deals solicitations reminders emails email \
    mail mails emailing mailing mailings newsletter newsletters dms";

/// Words of [`NOUNS`] that are also something else: nothing but a qualifier may follow them.
pub(super) const SINGULAR: &str = "text txt message msg contact email mail newsletter";

/// Things that are sent, and are no messages: "stop sending me the wrong size", "to voicemail".
pub(super) const PRODUCTS: &str =
    "to back home away through my the a an wrong invoices bills parts bikes around";

/// What may follow "no emails".
pub(super) const ENDING: &str = "anymore any more please pls plz again ever thanks thank you";

/// A request with one of these asks for another time, not for an end.
pub(super) const TIMES: &str = "\
    before after until till while during between when tonight today tomorrow yet if unless right so enough back much often \
    late early";

/// Requests to be left alone on every line, with anything after them.
pub(super) static EVERYONE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "\
    leave me alone|leave me be|leave us alone|fuck off|piss off|cease and desist|put me on your do not|do not contact \
    list|lose my contact",
    )
});

/// Requests to be taken off, with anything after them.
pub(super) static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "\
    unsubscribe|unsubscribe me|unsubscribe us|unsubscribe my|unsubscribe this|unsubscribe emailaddress|unsubscribing|\
    unsub|unsub me|unsuscribe|unsuscribe me|unsubcribe|unsubcribe me|unsubscibe me|opt out|opt me out|opt us out|\
    optout|opting out|opted out|remove my number|remove this number|remove my phone|remove my email|remove this \
    email|remove emailaddress|delete emailaddress|take emailaddress off|delete my email|take my email|take me off|\
    take us off|take my number off|take this number off|delete my number|delete this number|delete me from|lose my \
    number|lose this number|revoke my consent|revoke consent|revoke permission|revoke my permission|withdraw my \
    consent|withdraw consent|no longer consent|remove me from|remove me off|remove us from|remove me please|remove \
    my name|take my name off|be removed from|be taken off|get removed from|get off this list|get off your list|get \
    me off",
    )
});

/// A phrase with one of these is about another list.
pub(super) const UNLIST: &str = "\
    waitlist waiting wait appointment appointments booking schedule calendar reservation order cart insurance warranty \
    protection financing what plan rental membership group ride";

/// What people say first, without a stop between it and the request.
pub(super) static OPENERS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "\
    wrong number|wrong person|not interested|im not interested|who is this|whos this|who dis|this is spam|i dont know \
    you|no thank you|you have the wrong number|this is the wrong number|i didnt sign up for this|i never signed up for \
    this",
    )
});

/// Right before a request they turn it around.
pub(super) const NEGATIONS: &str =
    "dont not never didnt doesnt wont wouldnt shouldnt cant isnt havent nonstop to";

/// Shortly before a request they make it a question or a condition.
pub(super) const CONDITIONS: &str = "why whyd did if when unless until since after before because hope";

/// Requests that must be the whole of a clause but for politeness.
pub(super) static BLUNT: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::of("remove me|remove us|go away|get lost|i want out"));
