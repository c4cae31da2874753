//! Which mail a machine sent: it is stored, and never answered.
//!
//! The signs are RFC 3834 section 2 (what must not be answered), RFC 5230 section 4.6 (vacation answers), and what mailers
//! use in practice. One sign is enough: an answer that should have been sent is noticed by a person, a loop by nobody.

use super::{
    mime::{field, fields, mailboxes},
    reply_address::without_tag,
};

/// Marks all our own mail, in lower case: a mail that carries it came from here, or from another deployment.
pub const LOOP_HEADER: &str = "x-throughline-loop";

/// Fields whose presence is a sign.
const PRESENT: [&str; 6] =
    [LOOP_HEADER, "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-loop"];

/// Whole local parts that belong to machines.
const LOCAL: [&str; 9] = [
    "mailer-daemon",
    "postmaster",
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "do_not_reply",
    "autoreply",
];

/// Whether a machine sent this mail. `headers` as [`super::mime::parse_mail`] gives them, `from` the envelope's sender
/// (empty for bounces), `own_addresses` every mailbox of ours; a plus tag in the sender's address does not hide it.
pub fn is_automatic<A: AsRef<str>>(headers: &[(String, String)], from: &str, own_addresses: &[A]) -> bool {
    let from = from.trim().trim_matches(['<', '>']);
    let authors = fields(headers, "from").flat_map(mailboxes).map(|(_, address)| address);
    let senders: Vec<String> = authors.chain([from.to_owned()]).map(|address| base(&address)).collect();
    let own = |sender: &String| own_addresses.iter().any(|ours| base(ours.as_ref()) == *sender);
    from.is_empty()
        || senders.iter().any(|sender| own(sender) || is_machine(sender))
        || PRESENT.iter().any(|name| field(headers, name).is_some())
        || headers.iter().any(|(name, _)| name.starts_with("list-"))
        || says(headers, "auto-submitted", |value| !value.starts_with("no") || value.starts_with("not"))
        || says(headers, "precedence", |value| {
            ["bulk", "list", "junk", "auto_reply", "auto-reply"].iter().any(|word| value.starts_with(word))
        })
        || says(headers, "x-auto-response-suppress", |value| {
            value.split([',', ' ', ';']).any(|word| ["all", "autoreply", "oof"].contains(&word))
        })
        || says(headers, "content-type", |value| value.starts_with("multipart/report"))
}

/// Whether a field of this name has a value, in lower case, that is a sign.
fn says(headers: &[(String, String)], name: &str, is_sign: impl Fn(&str) -> bool) -> bool {
    fields(headers, name).any(|value| is_sign(value.trim().to_ascii_lowercase().as_str()))
}

/// An address in lower case without its plus tag.
fn base(address: &str) -> String {
    without_tag(&address.trim().to_lowercase())
}

fn is_machine(address: &str) -> bool {
    let (local, _) = address.rsplit_once('@').unwrap_or((address, ""));
    LOCAL.contains(&local)
        || local.starts_with("bounce")
        || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.ends_with("-bounces")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: [&str; 1] = ["hello@larkspur.example"];

    fn judged(fields: &[(&str, &str)], from: &str) -> bool {
        let headers: Vec<_> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        is_automatic(&headers, from, &OWN)
    }

    #[test]
    fn a_persons_mail_is_not_automatic() {
        let fields = [
            ("from", "Maria <maria@lopez.example>"),
            ("auto-submitted", "no"),
            ("content-type", "multipart/alternative; boundary=x"),
            ("x-auto-response-suppress", "DR, RN, NRN"),
            ("precedence", "normal"),
        ];
        assert!(!judged(&fields, "maria@lopez.example"));
        assert!(!judged(&[], "norebly@lopez.example"));
    }

    #[test]
    fn each_sign_is_enough() {
        let signs = [
            ("auto-submitted", "auto-replied"),
            ("auto-submitted", "auto-generated (rejected)"),
            ("list-id", "<x>"),
            ("list-unsubscribe", "<mailto:x>"),
            ("precedence", "Bulk"),
            ("precedence", "auto_reply"),
            ("x-auto-response-suppress", "OOF, AutoReply"),
            ("x-auto-response-suppress", "All"),
            ("x-autoreply", "yes"),
            ("x-autorespond", ""),
            ("x-loop", "a@b"),
            ("x-throughline-loop", "1"),
            ("content-type", "Multipart/Report; report-type=delivery-status"),
            ("from", "Hello <HELLO@larkspur.example>"),
            ("from", "MAILER-DAEMON@mx.example"),
        ];
        for sign in signs {
            assert!(judged(&[sign], "maria@lopez.example"), "{sign:?}");
        }
    }

    #[test]
    fn the_envelopes_sender_tells_too() {
        let machines = [
            "",
            "<>",
            "no-reply@shop.example",
            "noreply+abc@shop.example",
            "bounces+123@mail.example",
            "owner-list@x.example",
            "list-request@x.example",
            "postmaster@x.example",
            "hello+r.token@larkspur.example",
        ];
        for from in machines {
            assert!(judged(&[("from", "maria@lopez.example")], from), "{from:?}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_judged_without_a_panic(name in "[a-z-]{0,20}", value in ".{0,60}", from in ".{0,40}") {
            let _ = judged(&[(name.as_str(), value.as_str())], &from);
        }
    }
}
