use p256::ecdsa::{VerifyingKey, signature::Verifier as _};
use proptest::prelude::*;

use super::*;

/// RFC 8291, section 5 and appendix A.
const PAYLOAD: &[u8] = b"When I grow up, I want to be a watermelon";
const ONCE: &str = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
const SALT: &str = "DGv6ra1nlYgDCS1FRnbzlw";
const BODY: &str = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

fn subscription(endpoint: &str) -> PushSubscription {
    PushSubscription {
        endpoint: endpoint.into(),
        p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            .into(),
        auth: "BTBZMqHH6r4Tts7J_aSIgg".into(),
    }
}

const MOZILLA: &str = "https://updates.push.services.mozilla.com/wpush/v2/abc";

#[test]
fn a_payload_is_encrypted_as_the_example_of_rfc_8291_says() {
    let once = SecretKey::from_slice(&URL_SAFE.decode(ONCE).unwrap()).unwrap();
    let salt = URL_SAFE.decode(SALT).unwrap().try_into().unwrap();
    let body = encrypt(&subscription(MOZILLA), &once, salt, PAYLOAD).unwrap();
    assert_eq!(URL_SAFE.encode(body), BODY);
}

#[test]
fn a_push_service_can_check_that_it_is_us() {
    let server = Server::of(ONCE).unwrap();
    let push = Push { title: "Maria", body: "needs a person", url: "https://edge.example", tag: "cnv_1" };
    let now = Timestamp::from_ms(1_000_000);
    let render =
        |id| server.render_request(&subscription(MOZILLA), &push, id, "https://edge.example", now).unwrap();
    let request = render("ntc_1");
    assert_eq!((&request.body, request.body == render("ntc_2").body), (&render("ntc_1").body, false));
    assert_eq!(request.header("content-encoding"), Some("aes128gcm"));
    assert!(request.header("topic").is_some_and(|topic| topic.len() <= 32), "RFC 8030, section 5.4");
    let told = request.header("authorization").unwrap();
    let (token, key) = told.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
    assert_eq!(key, server.public_key());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let key = VerifyingKey::from_sec1_bytes(&URL_SAFE.decode(key).unwrap()).unwrap();
    let signature = Signature::from_slice(&URL_SAFE.decode(signature).unwrap()).unwrap();
    key.verify(signed.as_bytes(), &signature).unwrap();
    let claims = URL_SAFE.decode(signed.split_once('.').unwrap().1).unwrap();
    assert_eq!(
        String::from_utf8(claims).unwrap(),
        r#"{"aud":"https://updates.push.services.mozilla.com","exp":44200,"sub":"https://edge.example"}"#
    );
}

#[test]
fn nothing_but_a_browser_s_push_service_is_called() {
    for (endpoint, fits) in [
        (MOZILLA, true),
        ("https://fcm.googleapis.com/fcm/send/x", true),
        ("https://web.push.apple.com/Qx", true),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", true),
        ("http://fcm.googleapis.com/fcm/send/x", false),
        ("https://fcm.googleapis.com:8443/fcm", false),
        ("https://fcm.googleapis.com@127.0.0.1/", false),
        ("https://fcm.googleapis.com.evil.example/", false),
        ("https://evilpush.apple.com.example/", false),
        ("https://127.0.0.1/", false),
        ("https://fcm.googleapis.com", false),
        ("https://fcm.googleapis.com/a b", false),
        ("https://fcm.googleapis.com/\r\nhost: x", false),
    ] {
        assert_eq!(check(&subscription(endpoint)).is_ok(), fits, "{endpoint}");
    }
    let odd = PushSubscription { auth: "AA".into(), ..subscription(MOZILLA) };
    assert_eq!(check(&odd).unwrap_err().code, "bad_subscription");
}

#[test]
fn what_becomes_of_a_push_is_read_from_its_status() {
    let of = |status| outcome(&Ok(Response::new(status, "text/plain", "")));
    assert!(matches!(of(201), Outcome::Accepted { .. }));
    for status in [404, 410] {
        assert!(matches!(of(status), Outcome::Failed { code, .. } if code == "gone"));
    }
    assert!(matches!(of(429), Outcome::Retry { .. }) && matches!(of(503), Outcome::Retry { .. }));
    assert!(matches!(of(413), Outcome::Failed { code, .. } if code == "413"));
}

proptest! {
    #[test]
    fn odd_subscriptions_never_panic(endpoint in "\\PC{0,40}", p256dh in "[A-Za-z0-9_=-]{0,90}", auth in "\\PC{0,30}") {
        let odd = PushSubscription { endpoint, p256dh, auth };
        prop_assert!(check(&odd).is_err());
    }
}
