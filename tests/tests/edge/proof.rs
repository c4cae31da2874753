//! The proof of consent on the wire: for the owner only, as JSON and as a page.

use e2e::{client::Call, clock::PATIENCE, shop::ADMIN_TOKEN};
use serde_json::{Value, json};

use crate::world;

const NUMBER: &str = "+14155552690";

#[test]
fn the_proof_is_the_owners_alone_and_reads_as_json_or_a_page() {
    let world = world();
    let (shop, sandbox) = (world.opens_a_shop(), world.sandbox());
    sandbox.texts(NUMBER, shop.number(), "STOP");
    sandbox.waits_for(NUMBER, 1, PATIENCE);
    let found = world.host.query(
        "SELECT contact_id FROM handles WHERE site_id = ?1 AND address = ?2",
        &[json!(shop.site.id.as_str()), json!(NUMBER)],
    );
    let contact = found[0]["contact_id"].as_str().expect("a contact");
    let url = |site: &str, file: &str| format!("{}/api/sites/{site}/contacts/{contact}/{file}", world.edge());
    let own = shop.site.id.as_str();
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let asks = |url: String| Call::get(url).header("authorization", &bearer).send();

    assert_eq!(Call::get(url(own, "consent")).send().status, 401);
    let file = asks(url(own, "consent")).expect_ok("the proof").json::<Value>();
    assert_eq!((file["entries"].clone(), file["contact"].clone()), (json!(1), json!(contact)));
    let body = file["addresses"][0]["chain"][0]["body"].as_str().expect("a body");
    assert!(body.contains("\"evidence\":\"STOP\""), "{body}");

    let by_path = asks(url(own, "consent.html")).expect_ok("the page");
    let call = Call::get(url(own, "consent")).header("authorization", &bearer).header("accept", "text/html");
    for page in [by_path, call.send()] {
        let policy = page.header("content-security-policy").expect("a policy").to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(page.text().contains("1 entry, all links hold") && !page.text().contains("<script"));
    }

    let timeline = Call::get(format!("{}/timeline?site={own}&contact={contact}", world.edge()));
    let link = format!("/timeline/consent?site={own}&contact={contact}");
    assert!(timeline.send().text().contains(&link.replace('&', "&amp;")), "the timeline links to it");
    let page = Call::get(format!("{}{link}", world.edge())).send().expect_ok("the page in development");
    assert!(page.text().contains("1 entry, all links hold"));

    let other = world.opens_a_shop();
    for site in [other.site.id.as_str(), "ste_nobody", "x"] {
        assert_eq!(asks(url(site, "consent")).status, 404, "{site}");
    }
}
