//! Twilio's `X-Twilio-Signature`.
//!
//! The signature is `base64(HMAC-SHA1(auth token, url + fields))`. Fields are those of a form body: unique names in
//! order of code units, and for each name its unique values in order, name and value joined with nothing between. A
//! JSON body is not signed itself: its SHA-256 stands in the URL as `bodySHA256`, the URL alone is signed, and both are
//! checked.
//!
//! What is signed is the *public* URL as it stands in Twilio's console, credentials included; but the port may have been
//! added or dropped on the way, and an apostrophe in the query may have been escaped or not. A signature over any of
//! these spellings of the same URL is taken.
//!
//! Sources: <https://www.twilio.com/docs/usage/security#validating-requests> and the request validators of
//! `twilio-python`, `twilio-node` and `twilio-go`, whose test vectors stand below. The Go validator's use of only the
//! first value of a repeated name is a bug, and not copied.

use std::borrow::Cow;

use crate::signature;

/// The header that carries it, in lower case.
pub const HEADER: &str = "x-twilio-signature";

/// The query parameter that holds the hash of a JSON body, in lower-case hex.
const BODY_HASH: &str = "bodySHA256";

/// The signature Twilio would send for a body at a URL: what a stand-in for Twilio signs with.
pub fn sign(auth_token: &str, url: &str, body: &[u8]) -> String {
    let fields = if query_value(url, BODY_HASH).is_some() { String::new() } else { sorted_fields(body) };
    mac(auth_token, url, &fields)
}

/// Whether `claimed` is Twilio's signature over the raw body at the public URL, in any of its spellings.
///
/// An empty token or signature proves nothing. Takes the same time whichever spelling matches.
pub fn is_valid(auth_token: &str, url: &str, body: &[u8], claimed: &str) -> bool {
    let (fields, body_matches) = match query_value(url, BODY_HASH) {
        Some(hash) => {
            let actual = signature::hex(&signature::sha256(body));
            (String::new(), signature::same(actual.as_bytes(), hash.as_bytes()))
        }
        None => (sorted_fields(body), true),
    };
    let matches =
        |url: &String| signature::same(mac(auth_token, url, &fields).as_bytes(), claimed.as_bytes());
    let any = spellings(url).iter().map(matches).fold(false, |any, matches| any | matches);
    any & body_matches & !auth_token.is_empty()
}

fn mac(auth_token: &str, url: &str, fields: &str) -> String {
    let key = auth_token.as_bytes();
    signature::base64(&signature::hmac_sha1(key, &[url.as_bytes(), fields.as_bytes()]))
}

/// The fields of a form body, decoded, sorted, without duplicates, run together.
fn sorted_fields(body: &[u8]) -> String {
    let mut fields: Vec<_> = form_urlencoded::parse(body).collect();
    fields.sort_by(|(a, x), (b, y)| {
        a.encode_utf16().cmp(b.encode_utf16()).then_with(|| x.encode_utf16().cmp(y.encode_utf16()))
    });
    fields.dedup();
    fields.into_iter().flat_map(|(name, value)| [name, value]).collect()
}

fn query_value<'a>(url: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, query) = url.split_once('?')?;
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
}

/// The URL without its port and with one, its query as received and as other software would write it.
fn spellings(url: &str) -> Vec<String> {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    let (base, query) = match url.split_once('?') {
        Some((base, query)) => (base, Some(query)),
        None => (url, None),
    };
    let queries = query.map(|query| {
        [query.to_owned(), query.replace('\'', "%27"), query.replace("%27", "'"), rewritten(query)]
    });
    let mut all = Vec::with_capacity(8);
    for base in [without_port(base), with_port(base)] {
        match &queries {
            Some(queries) => all.extend(queries.iter().map(|query| format!("{base}?{query}"))),
            None => all.push(base),
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// A query as Node's `querystring` writes it after having read it: `It's+ok` becomes `It's%20ok`.
fn rewritten(query: &str) -> String {
    let mut out = String::with_capacity(query.len());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if !out.is_empty() {
            out.push('&');
        }
        escape(&name, &mut out);
        out.push('=');
        escape(&value, &mut out);
    }
    out
}

fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~!'()*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&signature::hex(&[byte]).to_ascii_uppercase());
        }
    }
}

/// Scheme with `://`, host with credentials, port with its colon (or empty), and the path.
fn split(base: &str) -> (&str, &str, &str, &str) {
    let after_scheme = base.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = base.split_at(after_scheme);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // A colon before `@` belongs to the credentials, one before `]` to an IPv6 address.
    let host_at = authority.rfind(['@', ']']).map_or(0, |at| at + 1);
    let port_at = authority[host_at..].find(':').map_or(authority.len(), |at| host_at + at);
    let (host, port) = authority.split_at(port_at);
    (scheme, host, port, path)
}

fn without_port(base: &str) -> String {
    let (scheme, host, _, path) = split(base);
    format!("{scheme}{host}{path}")
}

fn with_port(base: &str) -> String {
    let (scheme, host, port, path) = split(base);
    let standard = if scheme.eq_ignore_ascii_case("https://") { ":443" } else { ":80" };
    format!("{scheme}{host}{}{path}", if port.is_empty() { standard } else { port })
}

#[cfg(test)]
mod tests;
