//! Which pages we read for somebody who typed their address: public ones of a site's own origins, and no others.
//!
//! The guard is on names: `https`, the usual port, a name of the public web, no address of a machine in any spelling. That a public
//! name may lead to a private machine is the platform's to prevent: a Worker's calls go out to the public internet only
//! (<https://developers.cloudflare.com/workers/runtime-apis/fetch/>).

use crate::error::Rejection;

/// Names that stand for machines of a network and never for a public site (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
const PRIVATE: [&str; 13] = [
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "private",
    "test",
    "invalid",
    "onion",
    "arpa",
];
/// The longest address, in bytes.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// An address that may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// `https://host`.
    pub origin: String,
    /// From `/`, with its query and without a fragment.
    pub path: String,
}

impl Address {
    /// The whole of it.
    pub fn whole(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }
}

/// Reads an address. Refuses whatever is no public page (400 `bad_address`, with what to change).
pub fn parse(text: &str) -> Result<Address, Rejection> {
    let bad = |why: &str| Rejection::new(400, "bad_address", why);
    let text = text.trim();
    if text.len() > MAX_ADDRESS_BYTES
        || text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return Err(bad("The address is too long, or has a space in it."));
    }
    let scheme = text.get(..8).filter(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let rest = scheme
        .map(|_| &text[8..])
        .ok_or_else(|| bad("Only pages whose address begins with https:// can be read."))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    if host.contains('@') {
        return Err(bad("The address may not hold a name and password."));
    }
    let host = host.strip_suffix(":443").unwrap_or(host).to_ascii_lowercase();
    if host.contains([':', '[', ']', '%']) {
        return Err(bad("The address may not name a port, or a machine by its number."));
    }
    check_host(&host)?;
    let path = path.split('#').next().unwrap_or_default();
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Ok(Address { origin: format!("https://{host}"), path })
}

fn check_host(host: &str) -> Result<(), Rejection> {
    let bad = |why: &str| Err(Rejection::new(400, "bad_address", why));
    let bare = host.strip_suffix('.').unwrap_or(host);
    let labels: Vec<&str> = bare.split('.').collect();
    let is_label = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    if bare.len() != host.len() || bare.len() > 253 || !labels.iter().all(is_label) {
        return bad("The address has no name of a site in it.");
    }
    let last = labels.last().copied().unwrap_or_default();
    // 127.0.0.1, 2130706433, 0x7f.1: browsers read a last label of digits, or after `0x`, as a number.
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if is_number {
        return bad("The address may not name a machine by its number.");
    }
    if labels.len() < 2 || PRIVATE.contains(&last) {
        return bad("The address is of a private network: only public sites can be read.");
    }
    Ok(())
}

/// The same, of one of these origins alone. Refuses another one (400 `foreign_origin`).
pub fn parse_own(text: &str, origins: &[String]) -> Result<Address, Rejection> {
    let address = parse(text)?;
    let same = |origin: &String| parse(origin).is_ok_and(|own| own.origin == address.origin);
    if origins.iter().any(same) {
        return Ok(address);
    }
    let text = format!("{} is none of the site's allowed origins: add it to them first.", address.origin);
    Err(Rejection::new(400, "foreign_origin", text))
}

/// Where a link on a page leads, within the page's own origin; `None` where it leaves it.
pub fn join(base: &Address, link: &str) -> Option<Address> {
    let link = link.trim();
    let link = link.split('#').next().unwrap_or_default();
    let whole = if link.is_empty() {
        return None;
    } else if link.starts_with("//") {
        format!("https:{link}")
    } else if link.starts_with('/') {
        format!("{}{link}", base.origin)
    } else if link.split(['/', '?']).next().is_some_and(|first| first.contains(':')) {
        link.to_owned()
    } else if link.starts_with('?') {
        format!("{}{}{link}", base.origin, base.path.split('?').next().unwrap_or("/"))
    } else {
        let folder = base.path.split('?').next().unwrap_or("/");
        let folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{}{folder}/{link}", base.origin)
    };
    parse(&whole).ok().filter(|address| address.origin == base.origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_page_is_read_as_it_is_written() {
        let address = parse("https://Shop.Larkspur.example/prices?x=1#top").unwrap();
        assert_eq!(
            (address.origin.as_str(), address.path.as_str()),
            ("https://shop.larkspur.example", "/prices?x=1")
        );
        assert_eq!(parse("https://larkspur.example").unwrap().whole(), "https://larkspur.example/");
        assert_eq!(parse("https://larkspur.example:443?a").unwrap().whole(), "https://larkspur.example/?a");
    }

    #[test]
    fn private_machines_are_refused_however_they_are_spelled() {
        for text in [
            "http://larkspur.example",
            "ftp://larkspur.example",
            "https://127.0.0.1/",
            "https://127.1",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.0x1/",
            "https://10.0.0.8/admin",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://%31%32%37.0.0.1/",
            "https://localhost/",
            "https://LOCALHOST/",
            "https://app.localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://router/",
            "https://router./",
            "https://larkspur.example./",
            "https://larkspur.example:8443/",
            "https://larkspur.example@10.0.0.8/",
            "https://a@larkspur.example/",
            "https://larkspur.example\\@10.0.0.8/",
            "https://lark spur.example/",
            "https:///prices",
            "https://１２７.0.0.1/",
            "",
        ] {
            assert_eq!(parse(text).map_err(|refused| refused.code), Err("bad_address"), "{text}");
        }
    }

    #[test]
    fn only_the_sites_own_origins_are_read() {
        let own = ["https://larkspur.example".to_owned(), "http://localhost:8788".to_owned()];
        assert!(parse_own("https://larkspur.example/prices", &own).is_ok());
        for text in ["https://www.larkspur.example/", "https://larkspur.example.evil.example/"] {
            assert_eq!(parse_own(text, &own).unwrap_err().code, "foreign_origin");
        }
        assert_eq!(parse_own("http://localhost:8788/", &own).unwrap_err().code, "bad_address");
    }

    #[test]
    fn a_link_leads_within_its_origin_or_nowhere() {
        let base = parse("https://larkspur.example/shop/prices?x=1").unwrap();
        for (link, whole) in [
            ("/about", "https://larkspur.example/about"),
            ("fitting#top", "https://larkspur.example/shop/fitting"),
            ("?page=2", "https://larkspur.example/shop/prices?page=2"),
            ("https://larkspur.example/x", "https://larkspur.example/x"),
            ("//larkspur.example/y", "https://larkspur.example/y"),
        ] {
            assert_eq!(join(&base, link).map(|it| it.whole()).as_deref(), Some(whole), "{link}");
        }
        for link in [
            "#top",
            "mailto:jo@larkspur.example",
            "javascript:alert(1)",
            "https://evil.example/",
            "//10.0.0.8/",
        ] {
            assert_eq!(join(&base, link), None, "{link}");
        }
    }
}
