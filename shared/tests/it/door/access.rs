//! Cloudflare Access: an assertion opens the door only as the very one it was made for.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;
use shared::{
    flow::access::{Application, Key, Rs256, parse_assertion, parse_keys},
    time::{DAY_MS, Timestamp},
};

use crate::world::{START, now};

const CERTS: &[u8] = include_bytes!("../../../fixtures/access/certs.json");
const ASSERTION: &str = include_str!("../../../fixtures/access/assertion.jwt");

/// Takes the fixture's own signature by its own key, and nothing else; the operation itself is the platform's.
struct Own;

impl Rs256 for Own {
    async fn verify(&self, key: &Key, signed: &[u8], signature: &[u8]) -> bool {
        let (own, tag) = ASSERTION.trim().rsplit_once('.').unwrap();
        key.kid == "current" && signed == own.as_bytes() && signature == URL_SAFE_NO_PAD.decode(tag).unwrap()
    }
}

/// Takes everything: what else is wrong must be found without it.
struct Gullible;

impl Rs256 for Gullible {
    async fn verify(&self, _: &Key, _: &[u8], _: &[u8]) -> bool {
        true
    }
}

fn application() -> Application {
    let (team_domain, audience) = ("larkspur.cloudflareaccess.com".into(), "aud-of-the-inbox".into());
    Application { team_domain, audience }
}

fn opens(text: &str, application: &Application, rs256: &impl Rs256, at: Timestamp) -> Option<String> {
    let keys = parse_keys(CERTS).unwrap();
    now(parse_assertion(text)?.check(application, &keys, rs256, at))
}

/// The fixture's assertion with other words in its header or its claims.
fn forged(part: usize, from: &str, to: &str) -> String {
    let mut parts: Vec<String> = ASSERTION.trim().split('.').map(str::to_owned).collect();
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&parts[part]).unwrap()).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    parts[part] = URL_SAFE_NO_PAD.encode(text.replace(from, to));
    parts.join(".")
}

#[test]
fn the_teams_own_assertion_vouches_for_its_mailbox() {
    assert_eq!(opens(ASSERTION, &application(), &Own, START).as_deref(), Some("owner@door.example"));
}

#[test]
fn a_changed_word_a_foreign_key_and_another_way_of_signing_vouch_for_nobody() {
    for bad in [
        forged(1, "owner@", "other@"),
        forged(0, "\"current\"", "\"older\""),
        forged(0, "\"current\"", "\"unknown\""),
        forged(0, "RS256", "none"),
        forged(0, "RS256", "HS256"),
        ASSERTION.trim().rsplit_once('.').unwrap().0.to_owned() + ".",
    ] {
        assert_eq!(opens(&bad, &application(), &Own, START), None, "{bad}");
    }
}

#[test]
fn another_application_another_team_and_another_time_vouch_for_nobody() {
    let other = Application { audience: "aud-of-another".into(), ..application() };
    let stranger = Application { team_domain: "evil.cloudflareaccess.com".into(), ..application() };
    let unset = Application { audience: String::new(), ..application() };
    for application in [other, stranger, unset] {
        assert_eq!(opens(ASSERTION, &application, &Gullible, START), None, "{application:?}");
    }
    let empty = forged(1, "[\"aud-of-the-inbox\"]", "[]");
    assert_eq!(opens(&empty, &application(), &Gullible, START), None);
    assert_eq!(opens(ASSERTION, &application(), &Gullible, START.plus_ms(-DAY_MS)), None, "too young");
    let old = Timestamp::from_ms(4_102_444_861_000);
    assert_eq!(opens(ASSERTION, &application(), &Gullible, old), None, "too old");
}

proptest! {
    #[test]
    fn any_text_is_judged_without_a_panic(text in "[A-Za-z0-9_.-]{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(opens(&text, &application(), &Own, START), None);
        parse_keys(&bytes);
    }
}
