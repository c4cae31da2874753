//! What mail systems report: delivery status notifications (RFC 3464) and feedback reports (ARF, RFC 5965).
//!
//! A report names the mail it is about by the original `Message-ID`, found in the returned headers. The only people who
//! know that id are those the mail was sent to and the systems on its way, and all a report can do is to stop mail to the
//! address it names.

use super::mime::{self, Headers, Part, field};
use crate::{
    id::DeliveryId,
    message::{DeliveryReport, DeliveryState, Suppress},
};

/// A report on one mail of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// Whom the mail was for, where the report says so.
    pub recipient: Option<String>,
    /// The `Message-ID` of our mail, without angle brackets, where it was returned.
    pub original_message_id: Option<String>,
    /// What became of it.
    pub action: Action,
    /// The enhanced status code (RFC 3463), `5.1.1`.
    pub status: Option<String>,
    /// Whether the address must not be written to again.
    pub suppress: Option<Suppress>,
}

/// What became of a mail: RFC 3464 section 2.3.3, and the complaint of RFC 5965.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It will not arrive.
    Failed,
    /// Not yet arrived, and still being tried.
    Delayed,
    /// It arrived.
    Delivered,
    /// Handed on to where no further word comes from (`relayed`, `expanded`).
    Relayed,
    /// The person reported it as unwanted.
    Complaint,
}

/// The report in a mail; `None` where it is not one. Total: any bytes.
pub fn parse_bounce(raw: &[u8]) -> Option<Bounce> {
    let mail = mime::parse_mail(raw);
    let (kind, _) = mime::media_type(field(&mail.headers, "content-type")?);
    if kind != "multipart/report" {
        return None;
    }
    let part = |kinds: &[&str]| mail.parts.iter().find(|part| kinds.contains(&part.kind.as_str()));
    let original =
        part(&["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"]);
    let original = original.map(first_block).unwrap_or_default();
    if let Some(status) = part(&["message/delivery-status", "message/global-delivery-status"]) {
        let blocks = mime::header_blocks(&status.bytes());
        let fallback = || ["in-reply-to", "references"].iter().find_map(|name| last_id(&mail.headers, name));
        let id = last_id(&original, "message-id").or_else(fallback);
        delivery_status(&blocks, id)
    } else {
        let fields = first_block(part(&["message/feedback-report"])?);
        feedback(&fields, &original)
    }
}

impl Bounce {
    /// The report in the words of deliveries; `None` where it changes nothing or names no mail. A complaint is about a
    /// mail that arrived.
    pub fn report(&self) -> Option<DeliveryReport> {
        let state = match self.action {
            Action::Failed => DeliveryState::Wedged,
            Action::Delivered | Action::Complaint => DeliveryState::Delivered,
            Action::Delayed | Action::Relayed => return None,
        };
        let code = match self.action {
            Action::Complaint => Some("complaint".to_owned()),
            _ => self.status.clone(),
        };
        let provider_id = self.original_message_id.clone()?;
        Some(DeliveryReport {
            delivery: delivery_of(&provider_id),
            provider_id,
            state,
            code,
            suppress: self.suppress,
        })
    }
}

/// The delivery that an id of ours names (see [`super::message_id_of`]).
fn delivery_of(message_id: &str) -> Option<DeliveryId> {
    DeliveryId::parse(message_id.split('.').next()?).ok()
}

/// The first recipient that failed, else the first (our mail has one).
fn delivery_status(blocks: &[Headers], original_message_id: Option<String>) -> Option<Bounce> {
    let recipients = || blocks.iter().filter_map(|block| Some((block, action(field(block, "action")?)?)));
    let (block, action) =
        recipients().find(|(_, action)| *action == Action::Failed).or_else(|| recipients().next())?;
    let recipient =
        ["final-recipient", "original-recipient"].iter().find_map(|name| typed(field(block, name)?));
    let status = field(block, "status").and_then(status_code);
    let bad_address = action == Action::Failed && status.as_deref().is_some_and(is_hard);
    let suppress = bad_address.then_some(Suppress::HardBounce);
    Some(Bounce { recipient, original_message_id, action, status, suppress })
}

fn feedback(fields: &[(String, String)], original: &[(String, String)]) -> Option<Bounce> {
    let kind = field(fields, "feedback-type")?.to_ascii_lowercase();
    if !matches!(kind.as_str(), "abuse" | "fraud" | "virus" | "other" | "opt-out") {
        return None;
    }
    let named = field(fields, "original-rcpt-to").or_else(|| field(original, "to"));
    let recipient =
        named.and_then(|value| mime::mailboxes(value).into_iter().next()).map(|(_, address)| address);
    Some(Bounce {
        recipient,
        original_message_id: last_id(original, "message-id"),
        action: Action::Complaint,
        status: None,
        suppress: Some(Suppress::Complaint),
    })
}

fn first_block(part: &Part<'_>) -> Headers {
    mime::header_blocks(&part.bytes()).into_iter().next().unwrap_or_default()
}

fn last_id(headers: &[(String, String)], name: &str) -> Option<String> {
    mime::message_ids(field(headers, name)?).pop()
}

fn action(value: &str) -> Option<Action> {
    let word = value.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "failed" => Some(Action::Failed),
        "delayed" => Some(Action::Delayed),
        "delivered" => Some(Action::Delivered),
        "relayed" | "expanded" => Some(Action::Relayed),
        _ => None,
    }
}

/// `rfc822; maria@lopez.example` to the address.
fn typed(value: &str) -> Option<String> {
    let (_, address) = value.split_once(';').unwrap_or(("", value));
    let address = address.trim().trim_matches(['<', '>']);
    address.contains('@').then(|| address.to_owned())
}

/// `5.1.1 (no such user)` to `5.1.1`.
fn status_code(value: &str) -> Option<String> {
    let code = value.split(|c: char| !c.is_ascii_digit() && c != '.').find(|piece| !piece.is_empty())?;
    let fits = code.split('.').count() == 3 && code.split('.').all(|n| (1..=3).contains(&n.len()));
    fits.then(|| code.to_owned())
}

/// Whether a status says that the address is no good: permanent (class 5), and about the address or unspecific. A full
/// mailbox (`x.2.2`), a message too large (`x.2.3`, `x.3.4`), content (`x.6.x`) and policy (`x.7.x`) are about this
/// mail or this moment (RFC 3463 section 3).
fn is_hard(status: &str) -> bool {
    let Some(detail) = status.strip_prefix("5.") else { return false };
    !(matches!(detail, "2.2" | "2.3" | "3.4") || detail.starts_with("6.") || detail.starts_with("7."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dsn(action: &str, status: &str) -> String {
        include_str!("../../../fixtures/email/bounce/dsn.eml")
            .replace("{action}", action)
            .replace("{status}", status)
    }

    #[test]
    fn a_permanent_failure_of_the_address_wedges_and_suppresses() {
        let bounce = parse_bounce(dsn("failed", "5.1.1 (unknown)").as_bytes()).unwrap();
        assert_eq!(bounce.recipient.as_deref(), Some("maria@lopez.example"));
        let report = bounce.report().unwrap();
        assert_eq!(report.provider_id, "dlv_1.cnv_1@larkspur.example");
        assert_eq!(report.delivery, DeliveryId::parse("dlv_1").ok());
        assert_eq!((report.state, report.code.as_deref()), (DeliveryState::Wedged, Some("5.1.1")));
        assert_eq!(report.suppress, Some(Suppress::HardBounce));
    }

    #[test]
    fn only_a_bad_address_is_suppressed() {
        let suppress = |action, status| parse_bounce(dsn(action, status).as_bytes()).unwrap().suppress;
        for status in ["5.0.0", "5.1.1", "5.1.10", "5.2.1", "5.4.4"] {
            assert_eq!(suppress("failed", status), Some(Suppress::HardBounce), "{status}");
        }
        for status in ["4.4.1", "5.2.2", "5.3.4", "5.6.1", "5.7.1", "odd"] {
            assert_eq!(suppress("failed", status), None, "{status}");
        }
        assert_eq!(suppress("delayed", "5.1.1"), None);
    }

    #[test]
    fn a_delay_changes_nothing_and_an_arrival_is_delivered() {
        assert_eq!(parse_bounce(dsn("delayed", "4.4.1").as_bytes()).unwrap().report(), None);
        assert_eq!(parse_bounce(dsn("relayed", "2.0.0").as_bytes()).unwrap().report(), None);
        let report = parse_bounce(dsn("delivered", "2.0.0").as_bytes()).unwrap().report().unwrap();
        assert_eq!(report.state, DeliveryState::Delivered);
        let given_up = parse_bounce(dsn("failed", "4.4.7").as_bytes()).unwrap().report().unwrap();
        assert_eq!((given_up.state, given_up.suppress), (DeliveryState::Wedged, None));
    }

    #[test]
    fn a_complaint_suppresses_and_means_that_it_arrived() {
        let raw = include_bytes!("../../../fixtures/email/bounce/arf.eml");
        let bounce = parse_bounce(raw).unwrap();
        assert_eq!(bounce.recipient.as_deref(), Some("maria@lopez.example"));
        let report = bounce.report().unwrap();
        assert_eq!(report.provider_id, "dlv_1.cnv_1@larkspur.example");
        assert_eq!((report.state, report.suppress), (DeliveryState::Delivered, Some(Suppress::Complaint)));
    }

    #[test]
    fn the_id_is_taken_from_the_reports_own_thread_where_nothing_was_returned() {
        let raw = dsn("failed", "5.1.1").replace("Message-ID: <dlv_1", "X-Other: <dlv_1");
        assert_eq!(
            parse_bounce(raw.as_bytes()).unwrap().original_message_id.as_deref(),
            Some("thread@larkspur.example")
        );
    }

    #[test]
    fn an_ordinary_mail_is_no_report() {
        assert_eq!(parse_bounce(b"From: a@b.example\r\n\r\nfailed 5.1.1"), None);
        assert_eq!(parse_bounce(b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nhello"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(body in "[ -~\n]{0,200}", at in 0_usize..900) {
            let whole = dsn("failed", "5.1.1");
            let _ = parse_bounce(whole.get(..at).unwrap_or(&whole).as_bytes());
            let raw = format!("Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n{body}");
            let _ = parse_bounce(raw.as_bytes()).and_then(|bounce| bounce.report());
        }
    }
}
