//! Lines are tried at their providers, and the snippet is looked for on the site's own pages.

use serde_json::json;
use shared::{
    api::lines::{Probed, SnippetFound, SnippetState},
    channel::Channel,
    flow::{FlowError, lines},
    http::Response,
};

use super::{refused, web::Web, world};
use crate::world::{World, now};

const HOME: &str = "https://larkspur.example/";

fn shop(seed: u64) -> World {
    let mut world = world(seed);
    world.site.allowed_origins = vec!["https://larkspur.example".into(), "http://127.0.0.1:8788".into()];
    world
}

fn checks(world: &World, web: &Web, url: &str) -> Result<SnippetFound, FlowError> {
    now(lines::check_snippet(world.scope(), web, url))
}

#[test]
fn the_snippet_is_found_on_the_page_or_told_what_to_do() {
    let world = shop(10);
    let snippet = lines::lines(world.scope()).snippet;
    assert_eq!(
        snippet,
        r#"<script async src="https://edge.example/loader.js" data-site="wk_larkspur"></script>"#
    );
    for (html, state) in [
        (format!("<html><body>Hi{snippet}</body></html>"), SnippetState::Found),
        (snippet.replace('"', "'"), SnippetState::Found),
        (snippet.replace("wk_larkspur", "wk_other"), SnippetState::Other),
        (snippet.replace("wk_larkspur", "wk_other") + &snippet, SnippetState::Found),
        ("<p>data-site=\"wk_larkspur\"</p>".to_owned(), SnippetState::Absent),
        ("<script src=/app.js></script>".to_owned(), SnippetState::Absent),
    ] {
        let web = Web::of(&[(HOME, &html)]);
        let found = checks(&world, &web, "https://larkspur.example").unwrap();
        assert_eq!(found.state, state, "{html}: {found:?}");
    }
    let none = checks(&world, &Web::default(), HOME).unwrap();
    assert_eq!((none.state, none.text.as_str()), (SnippetState::Unread, "The site could not be reached."));
}

#[test]
fn only_public_pages_of_the_sites_own_origins_are_asked_for() {
    let world = shop(11);
    let web = Web::default();
    for (url, code) in [
        ("http://127.0.0.1:8788/", "bad_address"),
        ("https://127.0.0.1/", "bad_address"),
        ("https://169.254.169.254/latest", "bad_address"),
        ("https://[::1]/", "bad_address"),
        ("https://router.local/", "bad_address"),
        ("https://evil.example/", "foreign_origin"),
        ("https://larkspur.example.evil.example/", "foreign_origin"),
    ] {
        assert_eq!(refused(checks(&world, &web, url)).code, code, "{url}");
    }
    assert!(web.asked().is_empty(), "nothing was asked for: {:?}", web.asked());
}

#[test]
fn a_page_that_leads_elsewhere_is_not_followed_and_a_large_one_is_not_read_to_its_end() {
    let world = shop(12);
    let mut web = Web::default();
    let leads = |to: &str| {
        let mut response = Response::new(302, "text/html", "");
        response.headers.push(("location".into(), to.into()));
        response
    };
    web.pages.insert(HOME.into(), leads("http://169.254.169.254/latest"));
    assert_eq!(checks(&world, &web, HOME).unwrap().state, SnippetState::Unread);
    assert_eq!(web.asked(), [HOME]);
    web.pages.insert(HOME.into(), leads("/home"));
    let snippet = lines::lines(world.scope()).snippet;
    web.pages.insert("https://larkspur.example/home".into(), Response::new(200, "text/html", snippet));
    assert_eq!(checks(&world, &web, HOME).unwrap().state, SnippetState::Found);
    web.pages.insert("https://larkspur.example/home".into(), leads("/"));
    assert!(checks(&world, &web, HOME).unwrap().text.contains("on and on"));
    web.pages.insert(HOME.into(), Response::new(200, "text/html", vec![b' '; 1_100_000]));
    assert!(checks(&world, &web, HOME).unwrap().text.contains("larger than 1 MB"));
}

#[test]
fn a_line_is_tried_at_its_provider_and_what_is_wrong_is_said() {
    let mut world = shop(13);
    let line = world.site.endpoints.iter_mut().find(|it| it.channel == Channel::Sms).unwrap();
    line.provider = "twilio".into();
    line.settings.insert("account_sid".into(), "AC123".into());
    let url = "https://api.twilio.com/2010-04-01/Accounts/AC123.json";
    let tries = |world: &World, status: u16, body: &str| -> Probed {
        let mut web = Web::default();
        web.pages.insert(url.into(), Response::new(status, "application/json", body));
        now(lines::test(world.scope(), &web, "end_larkspur_sms")).unwrap()
    };
    let active = json!({ "status": "active", "friendly_name": "Larkspur" }).to_string();
    let works = tries(&world, 200, &active);
    assert!(works.works && works.text.contains("Larkspur"), "{works:?}");
    let suspended = tries(&world, 200, &json!({ "status": "suspended" }).to_string());
    assert!(!suspended.works && suspended.text.contains("suspended"), "{suspended:?}");
    assert!(tries(&world, 401, "{}").text.contains("auth token"));
    let silent = now(lines::test(world.scope(), &Web::default(), "end_larkspur_sms")).unwrap();
    assert!(!silent.works && silent.text.contains("did not answer"));
    assert_eq!(refused(now(lines::test(world.scope(), &Web::default(), "end_other"))).code, "unknown_line");
    // What is not set is named, and no value of a secret is told.
    let line = world.site.endpoints.iter_mut().find(|it| it.channel == Channel::Messenger).unwrap();
    line.provider = "meta".into();
    let told = lines::lines(world.scope());
    let secrets = &told.lines.iter().find(|it| it.channel == Channel::Messenger).unwrap().secrets;
    assert!(secrets.iter().all(|(_, set)| !set) && secrets.len() == 3, "{secrets:?}");
    let twilio = told.lines.iter().find(|it| it.channel == Channel::Sms).unwrap();
    assert_eq!(twilio.secrets, [("TWILIO_AUTH_TOKEN".to_owned(), true)]);
    assert!(!format!("{told:?}").contains("test-auth-token"));
    let web = Web::default();
    let missing = now(lines::test(world.scope(), &web, "end_larkspur_messenger")).unwrap();
    assert!(missing.text.contains("META_PAGE_TOKEN") && web.asked().is_empty(), "{missing:?}");
}
