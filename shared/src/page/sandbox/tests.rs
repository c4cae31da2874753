//! The sandbox as a newcomer finds it, and as an attacker would like to.

use super::*;
use crate::{
    channel::Channel,
    id::SiteId,
    page::view::PersonView,
    store::sandbox::SandboxMessage,
    time::{MINUTE_MS, Timestamp},
};

const NOW: Timestamp = Timestamp::from_ms(1_795_540_320_000);

fn view(messages: Vec<SandboxMessage>) -> SandboxView {
    SandboxView {
        site: None,
        site_name: "Larkspur".into(),
        site_phone: "+15005550006".into(),
        site_email: "hello@larkspur.example".into(),
        pages: vec![(Channel::Messenger, "page_larkspur".into())],
        app: Channel::Sms,
        demo_url: Some("http://localhost:8788/".into()),
        time_zone: "America/Los_Angeles".into(),
        now: NOW,
        version: "7".into(),
        people: vec![PersonView {
            name: "Maria Lopez".into(),
            phone: Some("+14155552671".into()),
            email: Some("maria@example.com".into()),
            ids: vec![(Channel::Messenger, "psid_maria".into())],
            time_zone: Some("America/New_York".into()),
        }],
        messages,
        selected: 0,
        mail: None,
        virtual_clock: true,
    }
}

fn message(id: &str, from: &str, to: &str, text: &str) -> SandboxMessage {
    let mail = from.contains('@');
    SandboxMessage {
        id: id.into(),
        site_id: SiteId::parse("ste_larkspur").unwrap(),
        channel: if mail { "email" } else { "sms" }.into(),
        sender: from.into(),
        recipient: to.into(),
        subject: mail.then(|| "Your quote".into()),
        text: text.into(),
        raw: None,
        message_id: mail.then(|| format!("{id}@larkspur.example")),
        at_ms: NOW.plus_ms(-MINUTE_MS),
    }
}

fn place(page: &str, text: &str) -> usize {
    page.find(text).unwrap_or_else(|| panic!("{text} is missing"))
}

#[test]
fn an_empty_phone_and_mailbox_say_what_to_do() {
    let page = sandbox(&view(Vec::new()));
    for text in
        ["can you text me?", "+1 415 555 2671", "maria@example.com", "http://localhost:8788/", "No mail yet"]
    {
        place(&page, text);
    }
    assert!(page.contains("data-poll=\"/sandbox/version\" data-version=\"7\""));
}

#[test]
fn texts_stand_in_order_each_on_its_own_side() {
    let page = sandbox(&view(vec![
        message("sbx_1", "+14155552671", "+15005550006", "thanks!"),
        message("dlv_1", "+15005550006", "+14155552671", "Sprocket (AI): here is the link"),
    ]));
    assert!(place(&page, "here is the link") < place(&page, "thanks!"));
    assert!(place(&page, "bubble theirs") < place(&page, "bubble own"));
    assert!(place(&page, "<small>1 segment, GSM-7</small>") < place(&page, "bubble own"), "what we pay for");
    assert_eq!(page.matches(" segment, ").count(), 1, "{page}");
    assert!(page.contains("name=\"from\" value=\"+14155552671\""));
    assert!(page.contains("name=\"to\" value=\"+15005550006\""));
}

#[test]
fn an_answer_to_a_mail_names_it() {
    let mail = message("dlv_2", "Larkspur <hello@larkspur.example>", "Maria@Example.com", "It is $95.");
    let page = sandbox(&view(vec![mail]));
    assert!(page.contains("name=\"to\" value=\"hello@larkspur.example\""));
    assert!(page.contains("name=\"in_reply_to\" value=\"dlv_2\""));
    assert!(page.contains("name=\"subject\" value=\"Re: Your quote\""));
}

#[test]
fn a_mail_is_opened_by_its_id_and_its_history_is_folded() {
    let older =
        message("dlv_3", "hello@larkspur.example", "maria@example.com", "Older.\n\nMaria wrote:\n> before");
    let newer = message("dlv_4", "hello@larkspur.example", "maria@example.com", "Newer.");
    let mut view = view(vec![newer, older]);
    assert!(!sandbox(&view).contains("Quoted history"));
    view.mail = Some("dlv_3".into());
    let page = sandbox(&view);
    assert!(place(&page, "<summary>Quoted history</summary>") < place(&page, "&gt; before"));
}

#[test]
fn somebody_unknown_who_got_a_message_gets_a_phone_too() {
    let mut view = view(vec![message("dlv_5", "+15005550006", "+12025550143", "Hello")]);
    view.selected = 1;
    let page = sandbox(&view);
    assert!(page.contains("Unknown (+1 202 555 0143)") && page.contains("Their phone"));
    assert!(page.contains("name=\"from\" value=\"+12025550143\""));
}

#[test]
fn the_clock_can_be_moved_only_where_it_is_virtual() {
    let mut view = view(Vec::new());
    assert!(sandbox(&view).contains("value=\"172800000\""));
    view.virtual_clock = false;
    assert!(!sandbox(&view).contains("/dev/clock"));
}

#[test]
fn nothing_anybody_writes_becomes_markup() {
    let evil = "\"><script>alert(1)</script>";
    let mut mail = message("dlv_6\"><b>", evil, "maria@example.com", evil);
    mail.subject = Some(evil.into());
    mail.raw = Some(evil.into());
    mail.message_id = Some(evil.into());
    let mut view = view(vec![mail, message("sbx_2", "+14155552671", evil, evil)]);
    view.people[0].name = evil.into();
    view.site_name = evil.into();
    view.demo_url = Some("javascript:alert(1)".into());
    view.mail = Some(evil.into());
    let page = sandbox(&view);
    assert!(!page.contains("<script>") && !page.contains("<b>\"") && !page.contains("javascript:"));
    assert_eq!(page.matches("<script").count(), 1);
}

#[test]
fn the_page_has_no_inline_style_or_script() {
    let page = sandbox(&view(vec![message("dlv_7", "+15005550006", "+14155552671", "Hello")]));
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick"));
}
