//! Whether the service that received a mail vouches for its author: `Authentication-Results` (RFC 8601).
//!
//! Anyone can write such a field, so only one is believed: the topmost, by the name of our own receiving service
//! (RFC 8601 section 5), standing above the second `Received` line, where only that service can have put it. A pass
//! counts where it speaks for the domain in `From`: `dmarc=pass`, or an aligned `dkim=pass` (`header.d`) or `spf=pass`
//! (`smtp.mailfrom`). Aligned is narrower than DMARC's relaxed mode (RFC 7489 section 3.1.1), which needs the list of
//! public suffixes: the same domain, or a parent of it with at least two labels.
//!
//! What it cannot see: a service that adds no field of its own leaves a forged one topmost. An endpoint behind such a
//! service must not use this.

use super::mime;

/// The name under which Cloudflare's Email Routing writes its results.
pub const CLOUDFLARE: &str = "mx.cloudflare.net";

/// Whether `headers` carry a believable pass for the one author in `From`. `service` is the receiving service's name
/// (`authserv-id`); names are compared without regard to case.
pub fn is_authenticated(headers: &[(String, String)], service: &str) -> bool {
    any_result(headers, service, passes)
}

/// Whether `headers` carry a believable word against the author in `From`: `dmarc=fail`, or `spf=fail` for their domain,
/// and no pass beside it.
pub fn is_refuted(headers: &[(String, String)], service: &str) -> bool {
    any_result(headers, service, fails) && !is_authenticated(headers, service)
}

fn any_result(
    headers: &[(String, String)],
    service: &str,
    is: fn(&[(String, String)], &str) -> bool,
) -> bool {
    let Some(author) = author_domain(headers) else { return false };
    let second_hop = headers.iter().enumerate().filter(|(_, (name, _))| name == "received").nth(1);
    let trace = &headers[..second_hop.map_or(headers.len(), |(index, _)| index)];
    let Some(value) = mime::field(trace, "authentication-results") else { return false };
    let mut results = segments(value).into_iter();
    let named = results.next().and_then(|words| words.into_iter().next());
    if !named.is_some_and(|name| name.0.eq_ignore_ascii_case(service)) {
        return false;
    }
    results.any(|result| is(&result, &author))
}

/// The domain of `From`, in lower case, where there is one such field with one address.
fn author_domain(headers: &[(String, String)]) -> Option<String> {
    let mut fields = mime::fields(headers, "from");
    let (only, None) = (fields.next()?, fields.next()) else { return None };
    match mime::mailboxes(only).as_slice() {
        [(_, address)] => domain_of(address),
        _ => None,
    }
}

fn domain_of(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@').unwrap_or(("", address));
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    (!domain.is_empty()).then_some(domain)
}

/// One result: its method and outcome first, then its properties.
fn passes(result: &[(String, String)], author: &str) -> bool {
    let property = |name: &str| property(result, name);
    match method(result, "pass").as_str() {
        "dmarc" => property("header.from").is_none_or(|domain| domain == author),
        "dkim" => {
            let signer = property("header.d").or_else(|| property("header.i"));
            signer.is_some_and(|domain| is_aligned(&domain, author))
        }
        "spf" => property("smtp.mailfrom").is_some_and(|domain| is_aligned(&domain, author)),
        _ => false,
    }
}

fn fails(result: &[(String, String)], author: &str) -> bool {
    let named = |name: &str| property(result, name);
    match method(result, "fail").as_str() {
        "dmarc" => named("header.from").is_none_or(|domain| domain == author),
        "spf" => named("smtp.mailfrom").is_some_and(|domain| is_aligned(&domain, author)),
        _ => false,
    }
}

/// The method of a result with this outcome, in lower case; empty where the outcome is another.
fn method(result: &[(String, String)], wanted: &str) -> String {
    let found = result.first().filter(|(_, outcome)| outcome.eq_ignore_ascii_case(wanted));
    let name = found.and_then(|(method, _)| method.split('/').next());
    name.unwrap_or_default().to_ascii_lowercase()
}

/// The domain in a property of a result.
fn property(result: &[(String, String)], name: &str) -> Option<String> {
    let found = result.iter().skip(1).find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.and_then(|(_, value)| domain_of(value))
}

fn is_aligned(domain: &str, author: &str) -> bool {
    let parent = author.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    domain == author || (parent && domain.contains('.'))
}

/// The field's parts between semicolons: words, and pairs around an equals sign. Comments are dropped, quoted strings
/// opened (RFC 8601 section 2.2).
fn segments(value: &str) -> Vec<Vec<(String, String)>> {
    let mut segments = vec![Vec::new()];
    let (mut key, mut word): (Option<String>, String) = (None, String::new());
    let (mut depth, mut quoted, mut escaped, mut after_equals) = (0_usize, false, false, false);
    for c in value.chars().chain([';']) {
        let literal = std::mem::take(&mut escaped);
        match c {
            '\\' if !literal && (quoted || depth > 0) => escaped = true,
            '(' if !literal && !quoted => depth += 1,
            ')' if !literal && !quoted => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '"' if !literal => quoted = !quoted,
            _ if quoted || literal => word.push(c),
            '=' if key.is_none() && (!word.is_empty() || after_word(&segments)) => {
                let name = if word.is_empty() { take_last(&mut segments) } else { std::mem::take(&mut word) };
                (key, after_equals) = (Some(name), true);
            }
            ';' | ' ' | '\t' | '\r' | '\n' => {
                if !word.is_empty() || (c == ';' && after_equals) {
                    let pair = match key.take() {
                        Some(name) => (name, std::mem::take(&mut word)),
                        None => (std::mem::take(&mut word), String::new()),
                    };
                    if let Some(segment) = segments.last_mut() {
                        segment.push(pair);
                    }
                    after_equals = false;
                }
                if c == ';' {
                    segments.push(Vec::new());
                }
            }
            _ => word.push(c),
        }
    }
    segments
}

/// Whether the last thing was a lone word, so that ` = ` after it makes it a key.
fn after_word(segments: &[Vec<(String, String)>]) -> bool {
    segments.last().and_then(|segment| segment.last()).is_some_and(|(_, value)| value.is_empty())
}

fn take_last(segments: &mut [Vec<(String, String)>]) -> String {
    segments.last_mut().and_then(Vec::pop).map(|(name, _)| name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(results: &str, from: &str) -> bool {
        let raw = format!("Received: by us\r\nAuthentication-Results: {results}\r\nFrom: {from}\r\n\r\n");
        is_authenticated(&mime::parse_mail(raw.as_bytes()).headers, CLOUDFLARE)
    }

    #[test]
    fn a_pass_counts_only_for_the_author_and_from_our_service() {
        let cases = [
            ("mx.cloudflare.net; dmarc=pass header.from=lo.example policy.dmarc=none", true),
            ("MX.Cloudflare.net 1; dkim = pass (good; really) header.d = lo.example header.b=\"a=;b\"", true),
            ("mx.cloudflare.net; spf=none smtp.helo=mx.x; spf=pass smtp.mailfrom=b@lo.example", true),
            ("mx.cloudflare.net; dkim=pass header.i=@lo.example", true),
            ("mx.cloudflare.net; dmarc=pass header.from=other.example", false),
            (
                "mx.cloudflare.net; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",
                false,
            ),
            ("mx.cloudflare.net; spf=pass smtp.helo=lo.example", false),
            ("mx.cloudflare.net; dkim=pass header.d=example", false),
            ("mx.cloudflare.net; dkim=pass header.d=xlo.example", false),
            ("mx.cloudflare.net; dkim=fail header.d=lo.example; dmarc=fail", false),
            ("mx.cloudflare.net (dmarc=pass); none", false),
            ("mx.evil.example; dmarc=pass header.from=lo.example", false),
            ("", false),
        ];
        for (results, expected) in cases {
            assert_eq!(judged(results, "Maria <m@lo.example>"), expected, "{results}");
        }
        assert!(
            judged("mx.cloudflare.net; dkim=pass header.d=lo.example", "m@mail.lo.example"),
            "a parent domain"
        );
        assert!(!judged("mx.cloudflare.net; dmarc=pass", "m@lo.example, x@lo.example"), "two authors");
        assert!(
            !judged("mx.cloudflare.net; dmarc=pass", "m@lo.example\r\nFrom: x@evil.example"),
            "two fields"
        );
    }

    #[test]
    fn only_the_topmost_field_above_the_second_hop_is_read() {
        let good = "Authentication-Results: mx.cloudflare.net; dmarc=pass header.from=lo.example\r\n";
        let bad = "Authentication-Results: mx.cloudflare.net; dmarc=fail header.from=lo.example\r\n";
        let judged = |head: &str| {
            let raw = format!("{head}From: m@lo.example\r\n\r\n");
            is_authenticated(&mime::parse_mail(raw.as_bytes()).headers, CLOUDFLARE)
        };
        assert!(judged(&format!("{good}Received: a\r\nReceived: b\r\n")));
        assert!(judged(&format!("Received: a\r\n{good}{bad}Received: b\r\n")));
        assert!(
            !judged(&format!("Received: a\r\n{bad}{good}Received: b\r\n")),
            "a lower one is the sender's"
        );
        assert!(!judged(&format!("Received: a\r\nReceived: b\r\n{good}")), "below the second hop");
    }

    #[test]
    fn a_failure_speaks_against_the_author_unless_something_passes() {
        let refuted = |results: &str| {
            let value = format!("mx.cloudflare.net; {results}");
            let headers = [("authentication-results", value.as_str()), ("from", "maria@lopez.example")];
            let headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            is_refuted(&headers, CLOUDFLARE)
        };
        assert!(refuted("dmarc=fail header.from=lopez.example"));
        assert!(refuted("spf=fail smtp.mailfrom=maria@lopez.example; dkim=none"));
        for results in [
            "dmarc=none",
            "spf=softfail smtp.mailfrom=lopez.example",
            "spf=fail smtp.mailfrom=elsewhere.example",
            "dmarc=fail header.from=elsewhere.example",
            "spf=fail smtp.mailfrom=lopez.example; dkim=pass header.d=lopez.example",
        ] {
            assert!(!refuted(results), "{results}");
        }
    }

    proptest! {
        #[test]
        fn any_field_is_judged_without_a_panic(value in "[ -~]{0,120}") {
            let headers = vec![("authentication-results".to_owned(), value), ("from".to_owned(), "a@b.c".to_owned())];
            prop_assert!(!is_authenticated(&headers, "none.example"));
        }
    }
}
