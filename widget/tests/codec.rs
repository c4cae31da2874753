//! The widget's own codec says what `serde_json` says, for every frame.

use shared::{
    channel::Channel,
    id::{ConversationId, EventId, FileId},
    time::Timestamp,
    wire::{Attachment, ClientFrame, Item, Offer, Receipt, ServerFrame, Session, Source, Speaker, Wording},
};
use widget::codec;

const HOSTILE: &str = "a \"quote\" \\ \u{8} \n\t\u{0} </script> é 🚲 \u{2028} \u{202e}";

fn event() -> EventId {
    EventId::parse("evt_01").expect("an id")
}

fn conversation() -> ConversationId {
    ConversationId::parse("cnv_01").expect("an id")
}

#[test]
fn every_frame_of_the_widget_is_written_as_serde_writes_it() {
    let text = HOSTILE.to_owned();
    let frames = [
        ClientFrame::Hello { conversation: None, last_seq: 0, locale: "en".into(), time_zone: "UTC".into() },
        ClientFrame::Hello {
            conversation: Some(conversation()),
            last_seq: 7,
            locale: text.clone(),
            time_zone: text.clone(),
        },
        ClientFrame::Say { id: event(), text: text.clone(), files: Vec::new() },
        ClientFrame::Say { id: event(), text: String::new(), files: vec![file().id, file().id] },
        ClientFrame::Typing { on: true },
        ClientFrame::Read { seq: 9 },
        ClientFrame::Continue {
            id: event(),
            channel: Channel::Sms,
            address: text.clone(),
            wording: "sms.v1.en".into(),
        },
        ClientFrame::Person { id: event(), address: Some(text) },
        ClientFrame::Person { id: event(), address: None },
    ];
    for frame in frames {
        let written = codec::encode_frame(&frame);
        let read: ClientFrame =
            serde_json::from_str(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(read, frame);
    }
}

fn file() -> Attachment {
    Attachment {
        id: FileId::parse("fil_1").expect("an id"),
        name: HOSTILE.into(),
        media_type: "image/png".into(),
        bytes: 9,
        url: "/files/a.b".into(),
    }
}

fn item() -> Item {
    Item {
        seq: 3,
        id: event(),
        at: Timestamp::from_ms(1_795_456_800_000),
        channel: Channel::Email,
        speaker: Speaker::Agent("Ana".into()),
        text: HOSTILE.into(),
        subject: Some("Re".into()),
        sources: vec![
            Source { title: "t".into(), quote: HOSTILE.into(), event: Some(event()) },
            Source { title: "u".into(), quote: String::new(), event: None },
        ],
        offers: vec![
            Offer::ContinueBySms,
            Offer::ContinueByEmail,
            Offer::Person,
            Offer::Times { starts: vec![Timestamp::from_ms(1), Timestamp::from_ms(2)] },
            Offer::Booked {
                name: "Tune-up".into(),
                start: Timestamp::from_ms(3),
                link: "https://x.example/b/t".into(),
            },
        ],
        files: vec![file(), Attachment { url: String::new(), ..file() }],
    }
}

#[test]
fn every_frame_of_the_edge_is_read_as_serde_wrote_it() {
    let bare = Item { subject: None, sources: Vec::new(), offers: Vec::new(), files: Vec::new(), ..item() };
    let frames = vec![
        ServerFrame::Ready {
            conversation: conversation(),
            last_seq: 3,
            items: vec![item(), bare.clone()],
            floor: Speaker::Assistant,
        },
        ServerFrame::Item(item()),
        ServerFrame::Item(Item { speaker: Speaker::Sequence("s".into()), ..bare.clone() }),
        ServerFrame::Item(Item { speaker: Speaker::System, channel: Channel::Widget, ..bare.clone() }),
        ServerFrame::Item(Item { speaker: Speaker::Contact, channel: Channel::Messenger, ..bare }),
        ServerFrame::Accepted { id: event(), seq: 4, at: Timestamp::from_ms(5) },
        ServerFrame::Refused {
            id: event(),
            code: "rate_limited".into(),
            text: HOSTILE.into(),
            retry_after_ms: Some(6),
        },
        ServerFrame::Refused { id: event(), code: "empty".into(), text: "x".into(), retry_after_ms: None },
        ServerFrame::Delta { turn: 2, text: HOSTILE.into() },
        ServerFrame::Typing { speaker: Speaker::Assistant, on: false },
        ServerFrame::Receipt { seq: 8, state: Receipt::Delivered },
        ServerFrame::Receipt { seq: 8, state: Receipt::Read },
        ServerFrame::Moved { conversation: conversation() },
        ServerFrame::Trouble { code: "malformed".into(), text: HOSTILE.into() },
    ];
    for frame in &frames {
        let written = serde_json::to_string(frame).expect("JSON");
        assert_eq!(codec::decode_frame(&written).as_ref(), Some(frame), "{written}");
    }
    let written = serde_json::to_string(&frames).expect("JSON");
    assert_eq!(codec::decode_frames(&written), Some(frames));
}

#[test]
fn a_session_is_read_as_serde_wrote_it() {
    let wording = || Some(Wording { version: "sms.v1.en".into(), text: HOSTILE.into() });
    let session = Session {
        token: "t".into(),
        site: HOSTILE.into(),
        color: "#4a3fa3".into(),
        assistant: "Sprocket".into(),
        greeting: "hi".into(),
        disclosure: "AI".into(),
        people: "soon".into(),
        sms: wording(),
        email: None,
    };
    let written = serde_json::to_string(&session).expect("JSON");
    assert_eq!(codec::decode_session(&written), Some(session));
}

#[test]
fn broken_text_is_no_frame_and_breaks_nothing() {
    let good = serde_json::to_string(&ServerFrame::Item(item())).expect("JSON");
    for end in 0..good.len() {
        if good.is_char_boundary(end) {
            assert_eq!(codec::decode_frame(&good[..end]), None, "{}", &good[..end]);
        }
    }
    for text in ["", "null", "[]", "{}", r#"{"item":{}}"#, r#"{"nobody":{"knows":1}}"#, "\u{0}"] {
        assert_eq!(codec::decode_frame(text), None, "{text:?}");
    }
}
