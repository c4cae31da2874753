//! The webhooks the stand-in posts: forms with parameters nobody documented, signed over the URL and the sorted form.

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::{ACCOUNT_SID, AUTH_TOKEN, Sent};
use crate::{
    client::{Answer, Call},
    clock::fresh_ctx,
};

/// A webhook before it is posted; post it again and it is a redelivery.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Where it goes: the public URL the signature is over.
    pub url: String,
    /// The form, in order.
    pub form: Vec<(String, String)>,
    /// The `X-Twilio-Signature` header; none to leave it out.
    pub signature: Option<String>,
}

impl Webhook {
    /// A contact's text message.
    pub fn message(url: &str, from: &str, to: &str, body: &str) -> Self {
        let mut ctx = fresh_ctx();
        let sid = format!("SM{:016x}{:016x}", ctx.entropy.next_u64(), ctx.entropy.next_u64());
        Self::signed(
            url,
            &[
                ("ToCountry", "US"),
                ("ToState", "CA"),
                ("SmsMessageSid", &sid),
                ("NumMedia", "0"),
                ("ToCity", ""),
                ("FromZip", "94105"),
                ("SmsSid", &sid),
                ("FromState", "CA"),
                ("SmsStatus", "received"),
                ("FromCity", "SAN FRANCISCO"),
                ("Body", body),
                ("FromCountry", "US"),
                ("To", to),
                ("ToZip", ""),
                ("AddedWithoutNotice", "é, & = %"),
                ("NumSegments", "1"),
                ("MessageSid", &sid),
                ("AccountSid", ACCOUNT_SID),
                ("From", from),
                ("ApiVersion", "2010-04-01"),
            ],
        )
    }

    /// A status of a message.
    pub fn status(url: &str, sent: &Sent, state: &str, error: Option<u32>) -> Self {
        let code = error.map(|code| code.to_string());
        let mut form = vec![
            ("ApiVersion", "2010-04-01"),
            ("MessageStatus", state),
            ("SmsSid", &sent.sid),
            ("SmsStatus", state),
            ("To", &sent.to),
            ("From", &sent.from),
            ("MessageSid", &sent.sid),
            ("AccountSid", ACCOUNT_SID),
            ("RawDlrDoneDate", "2611230210"),
            ("AddedWithoutNotice", "1"),
        ];
        form.extend(code.as_deref().map(|code| ("ErrorCode", code)));
        Self::signed(url, &form)
    }

    /// Any form, signed with the account's secret.
    pub fn signed(url: &str, form: &[(&str, &str)]) -> Self {
        let form: Vec<_> =
            form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let signature = Some(sign(AUTH_TOKEN, url, &form));
        Self { url: url.to_owned(), form, signature }
    }

    /// The same webhook with another signature, or none.
    #[must_use]
    pub fn with_signature(self, signature: Option<&str>) -> Self {
        Self { signature: signature.map(str::to_owned), ..self }
    }

    /// Posts it.
    #[track_caller]
    pub fn post(&self) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.form).finish();
        let call = Call::post(&self.url, "application/x-www-form-urlencoded; charset=utf-8", body)
            .header("user-agent", "TwilioProxy/1.1")
            .header("i-twilio-idempotency-token", "00000000-0000-0000-0000-000000000001");
        match &self.signature {
            Some(signature) => call.header("x-twilio-signature", signature).send(),
            None => call.send(),
        }
    }
}

/// `base64(HMAC-SHA1(token, url + each distinct name and value, sorted))`,
/// <https://www.twilio.com/docs/usage/security#validating-requests>.
pub(super) fn sign(token: &str, url: &str, form: &[(String, String)]) -> String {
    let mut pairs: Vec<_> = form.iter().collect();
    pairs.sort();
    pairs.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(url.as_bytes());
    for (name, value) in pairs {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
