//! Whole messages: the words that carriers know and those that stand for them in each language.

use super::{Reach, What, Wish, list::has};

/// The words of carriers (CTIA, Twilio) and of 47 CFR 64.1200(a)(10), which politeness does not change.
const STOP: &str = "stop stopall unsubscribe cancel end quit revoke optout";

/// What else means no more messages as a whole message with politeness around it, misspellings among it.
const STOP_TOO: &str = "\
    stopp st0p sotp stpo stahp unsubscribed unsubcribe unsubscibe unsuscribe unsubscrib unsub remove delete \
    baja sair salir eliminar borrar pare paren arret arreter arretez desabonner desinscrire stoppen abmelden \
    abbestellen alto parar basta detener detente desuscribir desuscribirme descadastrar discontinue desabonnement \
    desinscription abmeldung توقف اوقف ايقاف اوقفوا توقفوا";

/// What means it only where nothing at all stands beside it, because it means so much else.
const STOP_ALONE: &str = "\
    cancelar cancelarsuscripcion cancela cancele fin para ende stopping cancelall endall nomore anular annuler beenden \
    الغاء قف كفي كفايه";

/// Whole messages that ask for messages again, in the words of carriers.
const START: &str = "\
    start|unstop|subscribe|resubscribe|re subscribe|opt in|optin|resume|iniciar|inicio|empezar|comenzar|suscribir|\
    suscribirme|alta|commencer|debut|starten|ابدا|اشتراك";

/// The same in whole sentences.
const START_SENTENCES: &str = "\
    opt me in|opt me back in|opt back in|subscribe me|start again|start texting me again|start texting again|start texts|\
    start messages|text me again|can text me again|you can text me again|resume texts|resume messages|start messaging me \
    again|start emailing me again|email me again|quiero recibir mensajes de nuevo|quiero recibir mensajes otra vez|\
    recommencez|me reabonner|wieder anmelden|اعيدوا الرسائل";

/// Whole messages that ask who this is and how to stop it.
const HELP: &str =
    "help|help me|info|ayuda|ayudame|aide|aidez moi|hilfe|ajuda|aiuto|stop help|helpp|مساعده|النجده";

/// Whole messages that say yes.
const YES: &str = "yes|y|yeah|yep|yup|si|oui|ja|sim|نعم";

/// Politeness around a whole message.
const POLITE: &str = "\
    please pls plz thanks thank you thx ty por favor gracias svp stp sil vous te plait merci bitte danke من فضلك فضلكم لو \
    سمحت سمحتم شكرا رجاء";

/// What else may stand around one, but not around `cancel` and `end`: "ok, cancel" answers a question.
const GREETING: &str = "ok okay hi hello hey hola bonjour hallo مرحبا";

/// The wish that a whole message is by itself.
pub(super) fn read(text: &str, words: &[String]) -> Option<Wish> {
    let words = once(words);
    let all = words.concat();
    let exact = |what| Some(Wish { what, exact: true });
    let stop = || exact(What::Stop(Reach::Here));
    if all.is_empty() {
        return text.contains('🛑').then(stop)?;
    }
    let (polite, core) = (trimmed(words, ""), trimmed(words, GREETING));
    let (polite, joined) = (polite.concat(), core.concat());
    let is_guarded = ["cancel", "end"].contains(&joined.as_str());
    if has(STOP, &all) || has(STOP_TOO, &all) || has(STOP_ALONE, &all) || has(STOP, &polite) {
        return stop();
    }
    if !is_guarded && (has(STOP, &joined) || has(STOP_TOO, &joined)) {
        return stop();
    }
    if is_phrase(START, &core) {
        return exact(What::Start);
    }
    is_phrase(HELP, &core).then(|| exact(What::Help))?
}

/// Whether a whole message asks for messages again in a sentence.
pub(super) fn asks_again(words: &[String]) -> bool {
    is_phrase(START_SENTENCES, &trimmed(words, GREETING))
}

/// Whether a whole message says yes.
pub(super) fn is_yes(words: &[String]) -> bool {
    is_phrase(YES, &trimmed(words, ""))
}

fn is_phrase(list: &str, words: &[&str]) -> bool {
    let said = words.join(" ");
    list.split('|').any(|phrase| phrase == said)
}

/// The words of a message that says the same twice, once: "opt out opt out".
fn once(words: &[String]) -> &[String] {
    let (first, again) = words.split_at(words.len() / 2);
    if first == again { first } else { words }
}

/// A message without the politeness around it.
fn trimmed<'a>(words: &'a [String], also: &'static str) -> Vec<&'a str> {
    let is_core = |word: &String| !has(POLITE, word) && !has(also, word);
    let start = words.iter().position(is_core).unwrap_or(words.len());
    let end = words.iter().rposition(is_core).map_or(start, |last| last + 1);
    words[start..end].iter().map(String::as_str).collect()
}
