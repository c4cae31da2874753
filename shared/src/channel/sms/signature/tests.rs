//! The published vectors of Twilio's own validators, all with the token `12345`.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const TOKEN: &str = "12345";
const U: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const P: &str =
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212";
const JSON: &str = r#"{"property": "value", "boolean": true}"#;
const JSON_HASH: &str = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
const EMPTY_HASH: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

fn valid(url: &str, body: &str, claimed: &str) -> bool {
    is_valid(TOKEN, url, body.as_bytes(), claimed)
}

#[test]
fn a_form_is_signed_over_its_sorted_fields() {
    assert!(valid(U, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert_eq!(sign(TOKEN, U, P.as_bytes()), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    let reordered: Vec<&str> = P.split('&').rev().collect();
    assert!(valid(U, &reordered.join("&"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert!(!valid(U, &P.replace("1234&", "1235&"), "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert!(!valid(U, P, ""));
    assert!(!is_valid("", U, P.as_bytes(), &sign("", U, P.as_bytes())), "no token proves nothing");
}

#[test]
fn a_port_may_have_been_added_or_dropped_on_the_way() {
    let (secure, plain) = (U, U.replace("https", "http"));
    let ported = |url: &str, port: &str| url.replace(".com/", &format!(".com{port}/"));
    assert!(valid(&ported(secure, ":443"), P, "kvajT1Ptam85bY51eRf/AJRuM3w="));
    assert!(valid(secure, P, "kvajT1Ptam85bY51eRf/AJRuM3w="), "signed with the port, received without");
    assert!(valid(&ported(secure, ":443"), P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="), "and the other way round");
    assert!(valid(&ported(&plain, ":80"), P, "0ZXoZLH/DfblKGATFgpif+LLRf4="));
    assert!(valid(&plain, P, "0ZXoZLH/DfblKGATFgpif+LLRf4="));
    assert!(valid(&ported(&plain, ":1234"), P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="));
    assert!(!valid(&ported(&plain, ":1235"), P, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="));
    assert!(!valid(&plain, P, "RSOYDt4T1cUTdK1PDd93/VVr8B8="), "the scheme is part of it");
}

#[test]
fn credentials_in_the_url_are_signed_with_it() {
    let with = |who: &str| U.replace("https://", &format!("https://{who}@"));
    assert!(valid(&with("user:pass"), P, "CukzLTc1tT5dXEDIHm/tKBanW10="));
    assert!(valid(&with("user"), P, "2YRLlVAflCqxaNicjMpJcSTgzSs="));
    let ported = with("user:pass").replace(".com/", ".com:443/");
    assert!(valid(&ported, P, "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="));
    assert!(valid(&with("user:pass"), P, "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI="));
    assert!(!valid(U, P, "CukzLTc1tT5dXEDIHm/tKBanW10="));
}

#[test]
fn repeated_fields_count_once_for_each_value_in_order() {
    let names = "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234";
    assert!(valid(U, names, "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    let addresses = "MessagingBinding.Address=%2B1325xxxxxxx&MessagingBinding.Address=%2B1415xxxxxxx";
    assert!(valid(U, addresses, "83O6e2vORAoJHUNzJjDWN1jz+BA="));
    let swapped = "MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx";
    assert!(valid(U, swapped, "83O6e2vORAoJHUNzJjDWN1jz+BA="));
}

#[test]
fn names_sort_by_name_and_not_by_the_joined_text() {
    let body = format!("{P}&ReasonConferenceEnded=test&Reason=Participant");
    let plain = U.replace("https", "http");
    assert!(valid(U, &body, "vOEb5UThFn24KEfnOFLQY2AE5FY="));
    assert!(valid(&plain, &body, "n2xBNyzSW7rfYStDtOFiFMv7qNo="));
    assert!(!valid(U, &body, "95+Bu0JVPi0r/SsESZCVf0dWAjw="), "the wrong sort must fail");
    assert!(!valid(&plain, &body, "95+Bu0JVPi0r/SsESZCVf0dWAjw="));
    assert!(valid(U, "property=value&boolean=true", "NBdBDr/T/lgjI+tlgpXjKZQZs/k="));
}

#[test]
fn a_json_body_is_checked_by_its_hash_and_the_url_by_the_signature() {
    let url = format!("{U}&bodySHA256={JSON_HASH}");
    assert!(valid(&url, JSON, "a9nBmqA0ju/hNViExpshrM61xv4="));
    assert!(!valid(&url, "{}", "a9nBmqA0ju/hNViExpshrM61xv4="), "another body under the same URL");
    let alone = format!("https://mycompany.com/myapp.php?bodySHA256={JSON_HASH}");
    assert!(valid(&alone, JSON, "y77kIzt2vzLz71DgmJGsen2scGs="));
    let empty = format!("{U}&bodySHA256={EMPTY_HASH}");
    assert!(valid(&empty, "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc="), "signed with :443 added");
    assert!(!valid(U, JSON, &sign(TOKEN, U, b"")), "without a hash in the URL a body is a form");
}

#[test]
fn an_apostrophe_in_the_query_may_have_been_escaped_on_the_way() {
    let url = |query: &str| format!("{U}&Body={query}");
    for received in ["It's+amazing", "It%27s+amazing"] {
        assert!(valid(&url(received), P, "TfZzewPq8wqrGlMfyAud8+/IvJ0="), "{received}");
        for signed in ["It's+amazing", "It%27s+amazing", "It's%20amazing"] {
            assert!(
                valid(&url(received), P, &sign(TOKEN, &url(signed), P.as_bytes())),
                "{received} {signed}"
            );
        }
    }
}

#[test]
fn the_recorded_webhooks_are_genuine() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../fixtures/twilio/webhooks.json")).unwrap();
    for (name, vector) in vectors.as_object().unwrap() {
        let field = |name: &str| vector[name].as_str().unwrap();
        let check =
            |body: &str| is_valid(field("auth_token"), field("url"), body.as_bytes(), field("signature"));
        assert!(check(field("body")), "{name}");
        assert!(!check(&format!("{}&Unknown=1", field("body"))), "{name}: unknown fields are part of it");
    }
}

#[test]
fn a_url_splits_with_or_without_its_parts() {
    assert_eq!(split("https://u:p@[::1]:8443/a:b@c"), ("https://", "u:p@[::1]", ":8443", "/a:b@c"));
    assert_eq!(split("https://[::1]/"), ("https://", "[::1]", "", "/"));
    assert_eq!(split("http://host"), ("http://", "host", "", ""));
    assert_eq!(split(""), ("", "", "", ""));
    assert_eq!(with_port("https://host"), "https://host:443");
}

proptest! {
    #[test]
    fn any_url_and_body_are_judged_without_a_panic(
        url in "(https?://)?[\\PC@:/?#\\[\\]'%&=é]{0,60}", body in prop::collection::vec(any::<u8>(), 0..80), claimed in ".{0,40}",
    ) {
        prop_assert!(!is_valid("token", &url, &body, &claimed));
    }

    #[test]
    fn what_is_signed_is_valid_and_a_changed_field_is_not(
        path in "[a-z/]{0,12}", fields in prop::collection::vec(("[A-Za-z]{1,8}", "\\PC{0,12}"), 0..6), extra in "[a-z]{1,5}",
    ) {
        let url = format!("https://chat.example.com/{path}");
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let signature = sign("token", &url, body.as_bytes());
        prop_assert!(is_valid("token", &url, body.as_bytes(), &signature));
        prop_assert!(!is_valid("other", &url, body.as_bytes(), &signature));
        let changed = format!("{body}&0={extra}");
        prop_assert!(!is_valid("token", &url, changed.as_bytes(), &signature));
    }
}
