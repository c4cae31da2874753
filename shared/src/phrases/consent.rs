//! The words under the consent cards. A version names its words for ever: changing a letter means a new version, and the
//! old words stay here, because consents given under them must be provable.
//!
//! Sources: 47 CFR 64.1200(f)(9) (written consent names the seller, authorises automated messages, is no condition of
//! purchase), CTIA Messaging Principles (frequency, rates, STOP and HELP), CASL s. 10 (who asks, and that it can be
//! withdrawn).

use super::Lang;
use crate::{channel::Channel, wire::Wording};

/// The current version's number, by line.
const CURRENT: u32 = 1;

/// The words shown now for a line, with the version that names them. `None` for lines that need no card.
pub fn current(lang: Lang, channel: Channel, site: &str) -> Option<Wording> {
    let version = format!("{}.v{CURRENT}.{}", channel.as_str(), lang.tag());
    text_of(&version, site).map(|text| Wording { version, text })
}

/// The exact words a version names: `sms.v1.en`, `email.v1.es`. `None` for a version that was never shown.
pub fn text_of(version: &str, site: &str) -> Option<String> {
    Some(match version {
        "sms.v1.en" => format!(
            "By sending, you agree that {site} texts this number about your questions and appointments, also with automated messages. Message frequency varies. Message and data rates may apply. Reply STOP to end \
             or HELP for help. Consent is not a condition of any purchase."
        ),
        "sms.v1.es" => format!(
            "Al enviar, acepta que {site} mande mensajes de texto a este número sobre sus preguntas y citas, también automáticos. La frecuencia varía. Pueden aplicarse tarifas de mensajes y datos. Responda STOP \
             para terminar o HELP para ayuda. El consentimiento no es condición para comprar."
        ),
        "email.v1.en" => format!(
            "By sending, you agree that {site} writes to this address about your questions and appointments. We send no advertising unless you ask for it, and you can stop at any time by replying STOP. \
             Consent is not a condition of any purchase."
        ),
        "email.v1.es" => format!(
            "Al enviar, acepta que {site} escriba a esta dirección sobre sus preguntas y citas. No enviamos \
             publicidad si no la pide, y puede terminar cuando quiera respondiendo STOP. El consentimiento no es condición \
             para comprar."
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_version_never_change() {
        assert_eq!(
            text_of("sms.v1.en", "Larkspur").unwrap(),
            "By sending, you agree that Larkspur texts this number about your questions and appointments, also with automated messages. Message frequency varies. Message and data rates may apply. \
             Reply STOP to end or HELP for help. Consent is not a condition of any purchase."
        );
        assert_eq!(
            text_of("email.v1.en", "Larkspur").unwrap(),
            "By sending, you agree that Larkspur writes to this address about your questions and appointments. We send no advertising unless you ask for it, and you can stop at any time by replying STOP. \
             Consent is not a condition of any purchase."
        );
    }

    #[test]
    fn the_words_shown_are_the_words_their_version_names() {
        for lang in Lang::ALL {
            for channel in [Channel::Sms, Channel::Email] {
                let shown = current(lang, channel, "Larkspur").unwrap();
                assert_eq!(text_of(&shown.version, "Larkspur"), Some(shown.text.clone()));
                assert!(shown.text.contains("Larkspur") && shown.text.contains("STOP"));
            }
            assert_eq!(current(lang, Channel::Widget, "Larkspur"), None);
        }
        assert_eq!(text_of("sms.v99.en", "Larkspur"), None);
    }
}
