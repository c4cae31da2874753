//! Telling a site's own programs what happens: what is told, how it is signed, where it may go, and when it is tried again.
//!
//! Signed as Standard Webhooks says (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>): `webhook-id`,
//! `webhook-timestamp`, and `webhook-signature`, which is `v1,` and the base64 of HMAC-SHA256 over all three parts. The secret follows from the
//! deployment's `SIGNING_KEY` and the webhook's id, so it is stored nowhere; a new key makes new secrets.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    api::webhooks::{HookKind, HookState, Webhook},
    appointment::Act,
    decide::Change,
    error::Rejection,
    event::{Body, Event},
    http::{HttpError, Request, Response},
    id::{ContactId, ConversationId, SiteId, WebhookId},
    signature,
    time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Timestamp},
    wire::Speaker,
    work::WorkEvent,
};

/// How many webhooks a site may have.
pub const MAX_WEBHOOKS: usize = 5;
/// The variable that lets webhooks go anywhere, in development alone.
pub const ANYWHERE: &str = "WEBHOOKS_ANYWHERE";
/// How long a webhook may fail before it is turned off.
pub const PATIENCE_MS: i64 = 3 * DAY_MS;
/// How long the log of a webhook goes back.
pub const KEPT_MS: i64 = 30 * DAY_MS;
/// What is waited after each try that failed; then it is given up.
const WAITS_MS: [i64; 7] =
    [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS];
/// How long an answer is waited for, in milliseconds.
const TIMEOUT_MS: u32 = 5_000;
/// The longest URL, in bytes.
const MAX_URL_BYTES: usize = 500;
/// Names that lead nowhere outside: RFC 6761, RFC 8375 and RFC 6762.
const INSIDE: [&str; 8] =
    ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid"];

/// Something that happened, to be told to whoever wants to hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The event's id, or the contact's: the `webhook-id`.
    pub id: String,
    /// What.
    pub kind: HookKind,
    /// About whom.
    pub contact: Option<ContactId>,
    /// Where it stands.
    pub place: Option<(ConversationId, u32)>,
}

/// What is told of an event; `None` for what is the team's alone.
pub fn kind_of(event: &Event) -> Option<HookKind> {
    match (&event.body, &event.speaker) {
        (Body::Message(_), Speaker::Contact) => Some(HookKind::MessageReceived),
        (Body::Message(_), Speaker::Assistant | Speaker::Agent(_) | Speaker::Sequence(_)) => {
            Some(HookKind::MessageSent)
        }
        (Body::Appointment(appointment), _) => match appointment.act {
            Act::Booked => Some(HookKind::AppointmentBooked),
            Act::Moved => Some(HookKind::AppointmentMoved),
            Act::Cancelled => Some(HookKind::AppointmentCancelled),
            _ => None,
        },
        (Body::Consent { .. }, _) => Some(HookKind::ConsentChanged),
        (Body::Handoff { .. }, _) => Some(HookKind::HandoffBegun),
        (Body::Work(WorkEvent::Resolved {}), _) => Some(HookKind::ConversationResolved),
        _ => None,
    }
}

/// What is told of a decision.
pub fn happened(changes: &[Change]) -> Vec<Happened> {
    let whose = |conversation: &ConversationId| {
        changes.iter().find_map(|change| match change {
            Change::AddConversation(state) | Change::UpdateConversation(state) => {
                (state.id == *conversation).then(|| state.contact.clone())
            }
            _ => None,
        })
    };
    let told = |change: &Change| match change {
        Change::AddContact(contact) => Some(Happened {
            id: contact.id.to_string(),
            kind: HookKind::ContactCreated,
            contact: Some(contact.id.clone()),
            place: None,
        }),
        Change::Append(event) => Some(Happened {
            id: event.id.to_string(),
            kind: kind_of(event)?,
            contact: whose(&event.conversation),
            place: Some((event.conversation.clone(), event.seq)),
        }),
        _ => None,
    };
    changes.iter().filter_map(told).collect()
}

/// The body: what happened, when, and about whom. It is the same on every try, since an event never changes.
pub fn render_body(
    kind: HookKind,
    at: Timestamp,
    contact: Option<&ContactId>,
    event: Option<&Event>,
) -> String {
    let mut data = match event.map(|event| (event, &event.body)) {
        Some((event, Body::Message(message))) => {
            json!({ "channel": event.channel, "speaker": event.speaker, "text": message.text, "subject": message.subject })
        }
        Some((_, Body::Appointment(appointment))) => json!({
            "appointment": appointment.id, "service": appointment.service, "name": appointment.name,
            "resource": appointment.resource, "start": appointment.start, "end": appointment.end, "was": appointment.was,
        }),
        Some((_, Body::Consent { channel, action, purpose, .. })) => {
            json!({ "channel": channel, "action": action, "purpose": purpose })
        }
        Some((_, Body::Handoff { reason, about, .. })) => json!({ "reason": reason, "about": about }),
        _ => json!({}),
    };
    if let Some(contact) = contact {
        data["contact"] = json!(contact);
    }
    if let Some(event) = event {
        data["conversation"] = json!(event.conversation);
        data["seq"] = json!(event.seq);
        data["event"] = json!(event.id);
    }
    let at = jiff::Timestamp::from_millisecond(at.ms()).map(|at| at.to_string()).unwrap_or_default();
    Value::to_string(&json!({ "type": kind, "timestamp": at, "data": data }))
}

/// The secret of a webhook.
pub fn secret(key: &str, site: &SiteId, webhook: &WebhookId) -> String {
    let (site, webhook) = (site.as_str().as_bytes(), webhook.as_str().as_bytes());
    let bytes = signature::hmac_sha256(key.as_bytes(), &[b"webhook secret\n", site, b"\n", webhook]);
    format!("whsec_{}", signature::base64(&bytes))
}

/// The value of `webhook-signature`; `None` for a secret that is none.
pub fn sign(secret: &str, id: &str, at_s: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix("whsec_")?).ok()?;
    let at = at_s.to_string();
    let pieces = [id.as_bytes(), b".", at.as_bytes(), b".", body.as_bytes()];
    Some(format!("v1,{}", signature::base64(&signature::hmac_sha256(&key, &pieces))))
}

/// The request of one try; `None` for a secret that is none.
pub fn render_request(
    webhook: &Webhook,
    secret: &str,
    id: &str,
    body: String,
    now: Timestamp,
) -> Option<Request> {
    let at_s = now.ms().div_euclid(SECOND_MS);
    let signature = sign(secret, id, at_s, &body)?;
    let mut request = Request::post(webhook.url.clone(), "application/json", body.into_bytes())
        .with_header("user-agent", "Throughline")
        .with_header("webhook-id", id)
        .with_header("webhook-timestamp", at_s.to_string())
        .with_header("webhook-signature", signature);
    request.timeout_ms = TIMEOUT_MS;
    Some(request)
}

/// What a try came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// It was taken.
    pub taken: bool,
    /// The endpoint says that it wants nothing any more (410).
    pub gone: bool,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why it was not taken: a stable word.
    pub reason: Option<&'static str>,
}

/// What a try came to. Only a 2xx is a yes; nobody is followed elsewhere.
pub fn tried(answer: &Result<Response, HttpError>) -> Tried {
    let (status, reason) = match answer {
        Ok(response) if (200..300).contains(&response.status) => (Some(response.status), None),
        Ok(response) if response.status == 410 => (Some(410), Some("gone")),
        Ok(response) if (300..400).contains(&response.status) => (Some(response.status), Some("redirect")),
        Ok(response) => (Some(response.status), Some("refused")),
        Err(HttpError::Unreachable(_)) => (None, Some("unreachable")),
        Err(HttpError::Lost) => (None, Some("no_answer")),
    };
    Tried { taken: reason.is_none(), gone: reason == Some("gone"), status, reason }
}

/// How long to wait after the `attempt`th try (1: the first), in milliseconds; `None` where it is given up.
pub fn wait_ms(attempt: u32) -> Option<i64> {
    WAITS_MS.get(usize::try_from(attempt.saturating_sub(1)).ok()?).copied()
}

/// Whether a webhook that has failed since then is turned off now.
pub const fn is_hopeless(failing_since: Timestamp, now: Timestamp) -> bool {
    now.since_ms(failing_since) >= PATIENCE_MS
}

/// Refuses kinds that cannot be chosen (400 `no_kinds`).
pub fn check_kinds(kinds: &mut Vec<HookKind>) -> Result<(), Rejection> {
    kinds.retain(|kind| *kind != HookKind::Test);
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        return Err(Rejection::new(400, "no_kinds", "`kinds` is empty: what should it be told of?"));
    }
    Ok(())
}

/// Refuses where a webhook may not go (400 `bad_url`): whatever is not `https` to a host with a public name. Addresses in numbers are
/// refused whole, so no way of writing a private one gets through; what a public name leads to is the platform's to guard, whose calls
/// reach no private network. `anywhere` is for development.
pub fn check_url(url: &str, anywhere: bool) -> Result<(), Rejection> {
    let refused = |text: &str| Err(Rejection::new(400, "bad_url", text));
    if url.len() > MAX_URL_BYTES || !url.bytes().all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#') {
        return refused("`url` needs at most 500 plain characters without spaces, `\\` and `#`.");
    }
    let rest = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => rest,
        (None, Some(rest)) if anywhere => rest,
        _ => return refused("`url` has to begin with `https://`."),
    };
    if anywhere {
        return Ok(());
    }
    let host = rest.split(['/', '?']).next().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_suffix(":443").unwrap_or(&host);
    let labels: Vec<&str> = host.split('.').collect();
    let plain = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let top = labels.last().copied().unwrap_or_default();
    let is_name = top.starts_with("xn--") || top.bytes().all(|b| b.is_ascii_lowercase());
    if labels.len() < 2 || !labels.iter().all(plain) || !is_name {
        return refused(
            "`url` has to name a public host by its name, without a port, such as `https://example.com/hook`.",
        );
    }
    if INSIDE.iter().any(|name| host == *name || host.ends_with(&format!(".{name}"))) {
        return refused("`url` names a host that nobody outside can reach.");
    }
    Ok(())
}

/// The state that turning a webhook on or off gives it.
pub const fn turned(on: bool) -> HookState {
    if on { HookState::On } else { HookState::Off }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_signature_is_the_one_that_the_libraries_of_others_check() {
        // The example of https://docs.svix.com/receiving/verifying-payloads/how-manual.
        let signed = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        assert_eq!(sign("no secret", "a", 1, "{}"), None);
    }

    #[test]
    fn a_webhook_goes_to_a_public_name_over_tls_and_nowhere_else() {
        for good in
            ["https://example.com", "https://Hooks.Example.com/a?b=c", "https://xn--bcher-kva.example:443/x"]
        {
            assert_eq!(check_url(good, false), Ok(()), "{good}");
        }
        for bad in [
            "http://example.com/",
            "ftp://example.com/",
            "example.com",
            "https://",
            "https://localhost/",
            "https://localhost:8080/",
            "https://app.localhost/",
            "https://printer.local/",
            "https://db.internal/",
            "https://router.home.arpa/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.0x1/",
            "https://10.0.0.8/",
            "https://169.254.169.254/latest/meta-data",
            "https://8.8.8.8/",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://user@example.com/",
            "https://example.com@127.0.0.1/",
            "https://example.com:8443/",
            "https://example.com\\@127.0.0.1/",
            "https://example.com/#x",
            "https://exa mple.com/",
            "https://example.com./",
            "https://-a.example/",
        ] {
            assert_eq!(check_url(bad, false).unwrap_err().code, "bad_url", "{bad}");
        }
        assert_eq!(check_url("http://127.0.0.1:9/hook", true), Ok(()));
        assert!(check_url("file:///etc/passwd", true).is_err());
    }

    #[test]
    fn it_is_tried_for_more_than_a_day_and_then_given_up() {
        let waits: Vec<i64> = (1..).map_while(wait_ms).collect();
        assert!(waits.is_sorted() && waits.iter().sum::<i64>() > DAY_MS, "{waits:?}");
        assert_eq!(wait_ms(8), None);
    }

    proptest! {
        #[test]
        fn no_address_in_numbers_is_taken(a in any::<u32>(), path in "[a-z/]{0,9}") {
            let dotted = std::net::Ipv4Addr::from(a);
            for host in [dotted.to_string(), a.to_string(), format!("{a:#x}"), format!("[::ffff:{dotted}]")] {
                let url = format!("https://{host}/{path}");
                prop_assert!(check_url(&url, false).is_err());
            }
        }
    }
}
