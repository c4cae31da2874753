//! The timeline as a developer reads it, and as an attacker would like to be read.

use super::*;
use crate::{
    appointment::{Act, AppointmentEvent},
    channel::{Channel, sms::segments::Encoding},
    contact::{Address, AddressKind, Assurance, Contact, Handle},
    decide::alone,
    delivery::{Billed, Purpose},
    event::{Body, Message},
    gate::testing::case,
    id::{
        AppointmentId, ContactId, DeliveryId, EndpointId, ResourceId, ServiceId, SiteId, VerdictId, VisitorId,
    },
    message::DeliveryState,
    page::view::{ConversationView, Present},
    store::events::Latest,
    time::MINUTE_MS,
    verdict::{Candidate, GateResult},
    wire::Source,
};

/// Tuesday, 24 November 2026, 17:12 UTC.
const NOON: Timestamp = Timestamp::from_ms(1_795_540_320_000);

fn conversation(n: u32) -> ConversationId {
    ConversationId::parse(&format!("cnv_{n}")).unwrap()
}

fn contact(name: &str) -> ContactId {
    ContactId::parse(&format!("ctc_{name}")).unwrap()
}

fn event(seq: u32, channel: Channel, speaker: Speaker, body: Body) -> Event {
    Event {
        conversation: conversation(1),
        seq,
        id: EventId::parse(&format!("evt_{seq}")).unwrap(),
        at: NOON.plus_ms(i64::from(seq) * MINUTE_MS),
        channel,
        address_key: "x".into(),
        speaker,
        body,
    }
}

fn said(text: &str) -> Body {
    Body::Message(Message { text: text.into(), ..Message::default() })
}

fn consent(purpose: Option<Purpose>, action: &str, address: &str) -> Body {
    Body::Consent { channel: Channel::Sms, action: action.into(), address: address.into(), purpose }
}

fn verdict(seq: Option<u32>, gate: GateResult) -> (ConversationId, VerdictRow) {
    let detail = alone(
        &crate::policy::Policy::default(),
        Purpose::Reply,
        Candidate { case: case(Channel::Sms, Purpose::Reply), gates: vec![gate] },
    );
    let json = serde_json::to_string(&detail).unwrap();
    let at_ms = NOON.plus_ms(90_000).ms();
    (
        conversation(1),
        VerdictRow {
            id: VerdictId::parse("vrd_1").unwrap(),
            seq,
            outcome: detail.outcome().into(),
            detail: json,
            at_ms,
        },
    )
}

fn latest(id: &str, merged_into: Option<ContactId>, channels: &[Channel]) -> ConversationView {
    let latest = Latest {
        conversation_id: conversation(1),
        contact_id: contact(id),
        last_seq: 1,
        updated_at_ms: NOON.ms(),
        name: merged_into.is_none().then(|| "Maria Lopez".to_owned()),
        merged_into,
    };
    ConversationView { latest, address: None, channels: channels.to_vec() }
}

fn view(events: Vec<Event>) -> TimelineView {
    let known = Contact {
        id: contact("maria"),
        name: Some("Maria Lopez".into()),
        locale: None,
        time_zone: Some("America/New_York".into()),
    };
    let phone = Handle {
        address: Address::new(AddressKind::Phone, "+14155552671"),
        owner: contact("maria"),
        assurance: Assurance::Possessed,
        blocked: true,
        is_shared: false,
    };
    TimelineView {
        site: None,
        site_name: "Larkspur".into(),
        assistant: "Sprocket".into(),
        time_zone: "America/Los_Angeles".into(),
        now: NOON.plus_ms(3_600_000),
        version: "9".into(),
        conversations: vec![latest("maria", None, &[Channel::Sms])],
        selected: Some(SelectedView {
            contact: known,
            handles: vec![phone],
            facts: Vec::new(),
            events,
            deliveries: Vec::new(),
            verdicts: Vec::new(),
            consents: Vec::new(),
            present: Vec::new(),
        }),
        virtual_clock: false,
    }
}

fn place(page: &str, text: &str) -> usize {
    page.find(text).unwrap_or_else(|| panic!("{text} is missing"))
}

#[test]
fn every_channel_is_one_line_in_order_on_the_contacts_clock() {
    let page = timeline(&view(vec![
        event(1, Channel::Widget, Speaker::Contact, said("How much?")),
        event(2, Channel::Sms, Speaker::Assistant, said("It is $75.")),
        event(3, Channel::Email, Speaker::Agent("Jo".into()), said("Jo here.")),
    ]));
    assert!(place(&page, "How much?") < place(&page, "It is $75."));
    assert!(place(&page, "It is $75.") < place(&page, "Jo here."));
    place(&page, "Tuesday, 24 November 2026</h2>");
    place(&page, "<time datetime=\"2026-11-24T17:14:00Z\"");
    place(&page, "Tuesday 12:14</time>");
    place(&page, "3 entries over web chat, text message and email");
    place(&page, "Sprocket</b><span class=\"badge\">AI</span>");
    place(&page, "/timeline/version?contact=ctc_maria");
}

#[test]
fn the_list_shows_the_same_clock_as_the_line() {
    let page = timeline(&view(vec![event(1, Channel::Widget, Speaker::Contact, said("How much?"))]));
    let list = &page[place(&page, "class=\"list\"")..place(&page, "class=\"line-pane\"")];
    place(list, ">12:12</time>");
}

#[test]
fn a_delivery_that_failed_says_why_and_a_verdict_folds_open() {
    let mut view = view(vec![event(1, Channel::Sms, Speaker::Assistant, said("Hello"))]);
    let selected = view.selected.as_mut().unwrap();
    selected.deliveries.push(Delivery {
        id: DeliveryId::parse("dlv_1").unwrap(),
        site: SiteId::parse("ste_1").unwrap(),
        conversation: conversation(1),
        seq: 1,
        endpoint: EndpointId::parse("end_1").unwrap(),
        channel: Channel::Sms,
        to: Address::new(AddressKind::Phone, "+14155552671"),
        purpose: Purpose::Reply,
        state: DeliveryState::Wedged,
        reason: Some("hard_bounce".into()),
        attempt: 3,
        due_at: NOON,
        lease: None,
        provider_id: None,
        billed: Some(Billed { encoding: Encoding::Gsm7, segments: 2 }),
    });
    selected.verdicts.push(verdict(Some(1), GateResult::allow("consent.reply", "It answers.")));
    let page = timeline(&view);
    assert!(place(&page, "Not delivered: hard bounce, 3 tries") < place(&page, "2 segments, GSM-7"));
    assert!(place(&page, "1 gate passed</summary>") < place(&page, "consent.reply</code>"));
}

#[test]
fn what_was_held_back_stands_at_its_time_with_what_would_change_it() {
    let mut view = view(vec![
        event(1, Channel::Sms, Speaker::Contact, said("before")),
        event(2, Channel::Sms, Speaker::Contact, said("after")),
    ]);
    let gate = GateResult::deny("revocation.opted_out", "They opted out.", "They opt in again.");
    view.selected.as_mut().unwrap().verdicts.push(verdict(None, gate));
    let page = timeline(&view);
    assert!(place(&page, "before") < place(&page, "Held back. "));
    assert!(place(&page, "What would change it: They opt in again.") < place(&page, "after"));
    place(&page, "Opted out</small>");
}

#[test]
fn what_happens_to_an_appointment_is_one_sentence_on_the_contacts_clock() {
    let told = AppointmentEvent {
        answer: None,
        id: AppointmentId::parse("apt_1").unwrap(),
        version: 1,
        act: Act::Booked,
        service: ServiceId::parse("svc_a").unwrap(),
        name: "Full service".into(),
        resource: ResourceId::parse("rsc_a").unwrap(),
        start: NOON.plus_ms(24 * 3_600_000),
        end: NOON.plus_ms(26 * 3_600_000),
        was: None,
        note: Some("The red one.\nNo bell.".into()),
        late_by_min: None,
    };
    let plain = AppointmentEvent { note: None, ..told.clone() };
    let (moved, late) = (Some(NOON.plus_ms(3_600_000)), Some(10));
    let at = "Wednesday, 25 November 2026 at 12:12–14:12";
    let agent = || Speaker::Agent("Rosa".into());
    let (held, released) = (Act::Held, Act::Released);
    for (speaker, told, sentence) in [
        (
            Speaker::Contact,
            told,
            format!("Maria booked a time for Full service: {at}. Note: “The red one. / No bell.”"),
        ),
        (
            Speaker::Contact,
            AppointmentEvent { act: held, ..plain.clone() },
            format!("Maria holds a time for Full service: {at}. It"),
        ),
        (
            Speaker::System,
            AppointmentEvent { act: released, ..plain.clone() },
            format!("The time held for Full service was let go: {at}."),
        ),
        (
            Speaker::Assistant,
            AppointmentEvent { act: Act::Moved, was: moved, ..plain.clone() },
            format!("Sprocket moved Full service from Tuesday, 24 November 2026 at 13:12 to {at}."),
        ),
        (
            Speaker::Contact,
            AppointmentEvent { act: Act::Noted, late_by_min: late, ..plain.clone() },
            format!("Maria will be 10 min late for Full service on {at}."),
        ),
        (
            agent(),
            AppointmentEvent { act: Act::Noted, ..plain.clone() },
            format!("Rosa added a note to Full service on {at}."),
        ),
        (
            agent(),
            AppointmentEvent { act: Act::Cancelled, ..plain.clone() },
            format!("Rosa cancelled Full service on {at}."),
        ),
        (
            agent(),
            AppointmentEvent { act: Act::Missed, ..plain.clone() },
            format!("Rosa noted that Maria did not come to Full service on {at}."),
        ),
        (
            agent(),
            AppointmentEvent { act: Act::Done, ..plain },
            format!("Rosa noted that Full service on {at} took place."),
        ),
    ] {
        let page = timeline(&view(vec![event(1, Channel::Widget, speaker, Body::Appointment(told))]));
        place(&page, &sentence);
    }
}

#[test]
fn notices_are_plain_sentences() {
    let consent = consent(None, "grant", "•••2671");
    let (channel, purpose) = (Channel::Email, Some(Purpose::Marketing));
    let of_marketing =
        Body::Consent { channel, action: "revoke".into(), address: "m•••@x.example".into(), purpose };
    let tomorrow = Some(NOON.plus_ms(24 * 3_600_000));
    let handoff = Body::Handoff { reason: "asked".into(), about: None, expected_at: tomorrow, address: None };
    let joined = Body::Joined {
        contact: contact("other"),
        conversation: Some(conversation(2)),
        claim: Some(EventId::parse("evt_1").unwrap()),
        merge: None,
    };
    let answered = Body::Answered {
        address: "m•••@x.example".into(),
        contact: contact("other"),
        conversation: conversation(2),
    };
    let page = timeline(&view(vec![
        event(1, Channel::Widget, Speaker::Contact, consent),
        event(2, Channel::Widget, Speaker::Assistant, handoff),
        event(3, Channel::Sms, Speaker::System, joined),
        event(4, Channel::Sms, Speaker::System, Body::Erased {}),
        event(5, Channel::Email, Speaker::System, answered),
        event(6, Channel::Email, Speaker::System, of_marketing),
    ]));
    place(&page, "Maria opted out of marketing by email at m•••@x.example. <time");
    place(&page, "A mail from m•••@x.example answers mail to another contact.");
    place(&page, "Maria agreed to text messages at •••2671.");
    place(
        &page,
        "A person was called in: the contact asked for one. Somebody will be there tomorrow from 12:12.",
    );
    place(&page, "<a href=\"#evt_1\">This is where the address was given.</a>");
    place(&page, "What stood here was erased on request.");
}

#[test]
fn a_source_links_to_its_event_only_where_that_stands_on_the_page() {
    let source = |event: &str| Source {
        title: format!("about {event}"),
        quote: "words".into(),
        event: Some(EventId::parse(event).unwrap()),
    };
    let sources = vec![source("evt_1"), source("evt_elsewhere")];
    let answer = Body::Message(Message { text: "Yes".into(), sources, ..Message::default() });
    let page = timeline(&view(vec![event(1, Channel::Sms, Speaker::Assistant, answer)]));
    place(&page, "<a href=\"#evt_1\">about evt_1</a>");
    assert!(!page.contains("#evt_elsewhere") && page.contains("about evt_elsewhere"));
}

#[test]
fn joined_conversations_are_one_row_with_all_their_channels() {
    let mut view = view(Vec::new());
    view.conversations.push(latest("other", Some(contact("maria")), &[Channel::Widget]));
    let page = timeline(&view);
    assert_eq!(page.matches("id=\"list-ctc_").count(), 1);
    assert!(page.contains("data-channel=\"widget\"") && page.contains("data-channel=\"sms\""));
}

#[test]
fn nothing_anybody_writes_becomes_markup() {
    let evil = "\"><script>alert(1)</script>";
    let message = Message {
        text: evil.into(),
        subject: Some(evil.into()),
        sources: vec![Source { title: evil.into(), quote: evil.into(), event: None }],
        author: Some(evil.into()),
        fallback: Some(evil.into()),
        ..Message::default()
    };
    let handoff =
        Body::Handoff { reason: evil.into(), about: None, expected_at: None, address: Some(evil.into()) };
    let consent = consent(None, evil, evil);
    let mut view = view(vec![
        event(1, Channel::Email, Speaker::Agent(evil.into()), Body::Message(message)),
        event(2, Channel::Email, Speaker::Sequence(evil.into()), handoff),
        event(3, Channel::Email, Speaker::Contact, consent),
    ]);
    view.conversations[0].latest.name = Some(evil.into());
    let selected = view.selected.as_mut().unwrap();
    selected.contact.name = Some(evil.into());
    selected.contact.time_zone = Some(evil.into());
    selected.handles[0].address.text = evil.into();
    selected.verdicts.push(verdict(None, GateResult::deny(evil, evil, evil)));
    selected.verdicts.push(verdict(Some(1), GateResult::deny(evil, evil, evil)));
    let page = timeline(&view);
    assert!(page.matches("<script").count() == 1 && !page.contains(" style="));
}

#[test]
fn before_the_first_word_the_page_says_where_to_begin() {
    let mut view = view(Vec::new());
    (view.selected, view.conversations) = (None, Vec::new());
    let page = timeline(&view);
    assert!(page.contains("No conversation yet") && page.contains("href=\"/sandbox\""));
}

#[test]
fn a_browser_that_is_there_is_shown_and_what_it_does() {
    let mut view = view(vec![event(1, Channel::Widget, Speaker::Contact, said("How much?"))]);
    let visitor = VisitorId::parse("vis_1").unwrap();
    if let Some(selected) = &mut view.selected {
        let address = Address::new(AddressKind::Visitor, visitor.as_str());
        selected.handles[0].address = address;
    }
    assert!(!timeline(&view).contains("now</small>"));
    for (types, words) in [(false, "Here now</small>"), (true, "Writing now</small>")] {
        if let Some(selected) = &mut view.selected {
            selected.present = vec![Present { visitor: visitor.clone(), types }];
        }
        place(&timeline(&view), words);
    }
}
