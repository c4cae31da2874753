//! The lines a request names.

use super::list::has;
use crate::channel::Channel;

/// Words for text messages and for the number they go to, in every language.
const TEXTS: &str = "\
    text texts txt txts texting texted txting texter textmessage textmessages sms smses number phone cell \
    texto textos textearme numero telefono celular movil nummer rufnummer handynummer telefonnummer telefon handy \
    portable نصيه النصيه رقمي رقم الرقم هاتفي جوالي";

/// Words for email and for the mailbox.
const EMAILS: &str = "\
    email emails emailing emailed emailaddress mail mails mailing mailed newsletter newsletters inbox correo correos \
    boletin boletines courriel courriels demail demails mailadresse emailadresse rundmail ايميل ايميلات الايميل \
    الايميلات ايميلي ايميلاتكم بريد البريد بريدي الكترونيه الكتروني الالكترونيه الالكتروني";

const MESSENGER: &str = "messenger facebook fb فيسبوك ماسنجر";
const INSTAGRAM: &str = "instagram insta ig انستغرام انستقرام";

/// After one of these another line is asked for, or kept.
const TURNS: &str = "\
    but instead except rather though pero sino excepto salvo mais plutot sauf aber sondern stattdessen lieber ausser \
    لكن بل الا";

/// Verbs that with "me" after them ask for a line.
const ASKS: &str = "text txt email mail call message write sms";

/// "on every channel".
const EVERYWHERE: &str = "\
    everywhere|every channel|all channels|any channel|any way|anyway you can|any form|in any form|any means|any kind|\
    en ningun canal|por ningun medio|de ninguna forma|de ninguna manera|aucun canal|sous aucune forme|\
    auf keinem weg|in keiner form|باي طريقه|باي شكل|باي وسيله";

/// The lines that the words of a request name, up to where it turns to something else; in the order of
/// [`Channel::ALL`].
pub(super) fn named<W: AsRef<str>>(request: &[W]) -> Vec<Channel> {
    let words: Vec<&str> = request.iter().map(AsRef::as_ref).collect();
    let mut lines = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        let after = words.get(at + 1).copied().unwrap_or_default();
        let goes_on = ["or", "nor", "and"].contains(&before) && !lines.is_empty() && before != "and";
        let asks = has(ASKS, word) && ["me", "us"].contains(&after) && at > 0;
        let forbids = ["dont", "not", "never", "ever", "again"].contains(&before);
        if has(TURNS, word) || asks && !goes_on && !forbids {
            break;
        }
        lines.extend(match *word {
            "mailing" if ["list", "lists"].contains(&after) => None,
            word if has(TEXTS, word) => Some(Channel::Sms),
            word if has(EMAILS, word) => Some(Channel::Email),
            word if has(MESSENGER, word) => Some(Channel::Messenger),
            word if has(INSTAGRAM, word) => Some(Channel::Instagram),
            _ => None,
        });
    }
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Whether a request says that it means every line.
pub(super) fn are_all(request: &[String]) -> bool {
    let said = format!(" {} ", request.join(" "));
    EVERYWHERE.split('|').any(|phrase| said.contains(&format!(" {phrase} ")))
}
