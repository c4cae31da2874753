//! Files on the wire: uploaded, sent, given out under headers that let nothing run, and nobody else's.

use e2e::{
    client::{Answer, Call},
    clock::PATIENCE,
    shop::ADMIN_TOKEN,
};
use serde_json::{Value, json};
use shared::wire::MAX_FILE_BYTES;

use crate::world;

const MAILBOX: &str = "maria@example.org";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

#[test]
fn a_file_is_uploaded_sent_and_given_out_and_is_no_other_sites() {
    let world = world();
    let (shop, other, sandbox) = (world.opens_a_shop(), world.opens_a_shop(), world.sandbox());
    sandbox.writes(MAILBOX, shop.mailbox(), "Prices", "How much is a full service?");
    sandbox.waits_for(MAILBOX, 1, PATIENCE);
    let found = world.host.query(
        "SELECT contact_id FROM handles WHERE site_id = ?1 AND address = ?2",
        &[json!(shop.site.id.as_str()), json!(MAILBOX)],
    );
    let contact = found[0]["contact_id"].as_str().expect("a contact").to_owned();
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let path =
        |site: &str, tail: &str| format!("{}/api/sites/{site}/contacts/{contact}/{tail}", world.edge());
    let posts = |url: String, kind: &str, body: &[u8]| -> Answer {
        Call::post(url, kind, body).header("authorization", &bearer).send()
    };
    let own = shop.site.id.as_str();

    let upload = path(own, "files?name=..%2Fmy%20bike.exe");
    assert_eq!(Call::post(upload.clone(), "image/png", PNG).send().status, 401, "nobody uploads unasked");
    let kept = posts(upload, "application/octet-stream", PNG);
    assert_eq!(kept.status, 201);
    let kept = kept.json::<Value>();
    assert_eq!(
        (kept["name"].as_str(), kept["media_type"].as_str()),
        (Some("my bike.exe.png"), Some("image/png"))
    );
    let refused = posts(path(own, "files?name=x.png"), "image/png", b"<svg onload=alert(1)>");
    assert_eq!((refused.status, refused.json::<Value>()["code"].clone()), (415, json!("bad_file")));
    let refused = posts(path(own, "files?name=x.txt"), "text/plain", &vec![b'a'; MAX_FILE_BYTES + 1]);
    assert_eq!(refused.status, 413);

    let says = |site: &str| {
        let body =
            json!({ "by": shop.site.team[0], "channel": "email", "text": "Here.", "files": [kept["id"]] });
        posts(path(site, "messages"), "application/json", body.to_string().as_bytes())
    };
    assert_eq!(says(other.site.id.as_str()).status, 404, "another site has neither the contact nor the file");
    assert_eq!(says(own).status, 201);
    assert_eq!(says(own).json::<Value>()["code"], json!("file_sent"));

    let url = format!("{}{}", world.edge(), kept["url"].as_str().expect("a link"));
    let given = Call::get(url.clone()).send().expect_ok("the file");
    assert_eq!(given.body, PNG);
    for (name, value) in [
        ("content-type", "image/png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("content-disposition", "inline; filename=\"my bike.exe.png\"; filename*=UTF-8''my%20bike.exe.png"),
    ] {
        assert_eq!(given.header(name), Some(value), "{name}");
    }
    assert!(given.header("cache-control").is_some_and(|value| value.starts_with("private")));
    let (head, _) = url.rsplit_once('.').expect("a tag");
    assert_eq!(Call::get(format!("{head}.AAAAAAAAAAAAAAAAAAAAAA")).send().status, 404);
}
