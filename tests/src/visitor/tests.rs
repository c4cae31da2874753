//! The visitor against an edge of a few lines, which accepts, echoes and remembers.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};
use shared::wire::SUBPROTOCOL;
use tungstenite::{
    Message,
    handshake::server::{Request, Response},
};

use super::*;
use crate::server::Server;

fn session() -> Value {
    json!({"token": "tok-1", "site": "Shop", "color": "#000000", "assistant": "Sprocket", "greeting": "Hi",
        "disclosure": "AI", "people": "Monday", "sms": {"version": "w1", "text": "Yes, text me"}, "email": null})
}

fn item(seq: u32, speaker: &str, text: &str) -> Value {
    json!({"seq": seq, "id": format!("evt_{seq}"), "at": 0, "channel": "widget", "speaker": speaker, "text": text})
}

/// What the edge sends for a frame, when `seq` was the last.
fn frames_for(frame: &Value, seq: &mut u32) -> Vec<Value> {
    if frame.get("hello").is_some() {
        let missed: Vec<Value> = (frame["hello"]["last_seq"].as_u64() == Some(0) && *seq > 0)
            .then(|| item(*seq, "assistant", "missed"))
            .into_iter()
            .collect();
        return vec![json!({"ready":
            {"conversation": "cnv_1", "last_seq": *seq, "items": missed, "floor": "assistant"}})];
    }
    let id = ["say", "continue"].iter().find_map(|name| frame[*name]["id"].as_str()).unwrap_or("evt_none");
    if frame["say"]["text"] == "" {
        return vec![json!({"refused": {"id": id, "code": "empty", "text": "Say something."}})];
    }
    *seq += 2;
    vec![
        json!({"accepted": {"id": id, "seq": *seq - 1, "at": 5}}),
        json!({"delta": {"turn": 1, "text": "It"}}),
        json!({"item": item(*seq, "assistant", &format!("It is {frame}"))}),
    ]
}

#[test]
fn over_http_a_visitor_asks_and_is_answered() {
    let (last, later) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(Vec::new())));
    let edge = Server::start(move |received, reply| {
        let body: Value = serde_json::from_slice(&received.body).unwrap_or_default();
        let known = received.header("authorization") == Some("Bearer tok-1");
        let answer = match received.path() {
            "/v1/session" if received.header("origin") == Some("http://shop.test") => session(),
            "/v1/frames" if known => {
                let mut frames = frames_for(&body, &mut last.lock().expect("one at a time"));
                later.lock().expect("one at a time").extend(frames.split_off(1));
                json!(frames)
            }
            "/v1/events" if known => json!(std::mem::take(&mut *later.lock().expect("one at a time"))),
            _ => {
                let failure = json!({"code": "origin_not_allowed", "text": "See allowed_origins."});
                return reply.whole(403, &[], failure.to_string().as_bytes()).expect("answered");
            }
        };
        reply.whole(200, &[], answer.to_string().as_bytes()).expect("answered");
    });
    let mut visitor = Visitor::arrives_without_sockets(&Door::of(&edge.url(), "wk_shop", "http://shop.test"));
    assert!(visitor.asks("How much?").text.contains("How much?"));
    assert_eq!(visitor.last_seq, 2);
    let refused = visitor.says("");
    assert_eq!(visitor.is_refused(&refused).code, "empty");
    let shut = Door::of(&edge.url(), "wk_shop", "http://elsewhere.test").is_shut(403);
    assert_eq!(shut.code, "origin_not_allowed");
}

/// An edge for sockets: checks the token and the origin, and serves every connection the same timeline.
fn socket_edge() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let last = Arc::new(Mutex::new(0));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let last = Arc::clone(&last);
            thread::spawn(move || {
                #[expect(clippy::result_large_err, reason = "the library's type")]
                let check = |request: &Request, mut response: Response| {
                    assert_eq!(request.uri().path(), "/v1/socket");
                    assert_eq!(request.headers()["origin"], "http://shop.test");
                    assert_eq!(request.headers()["sec-websocket-protocol"], "throughline.v1, tok-1");
                    let agreed = SUBPROTOCOL.parse().expect("a header value");
                    response.headers_mut().insert("sec-websocket-protocol", agreed);
                    Ok(response)
                };
                let mut socket = tungstenite::accept_hdr(stream, check).expect("a socket");
                while let Ok(Message::Text(text)) = socket.read() {
                    let frame: Value = serde_json::from_str(&text).expect("JSON");
                    let frames = frames_for(&frame, &mut last.lock().expect("one at a time"));
                    for frame in frames {
                        socket.send(Message::text(frame.to_string())).expect("sent");
                    }
                }
            });
        }
    });
    url
}

#[test]
fn over_a_socket_a_visitor_asks_leaves_and_comes_back_with_the_cursor() {
    let door = Door::of(&socket_edge(), "wk_shop", "http://shop.test");
    let session: Session = serde_json::from_value(session()).expect("a session");
    let mut visitor = Visitor {
        line: Line::over_socket(&door, &session.token),
        door,
        session,
        conversation: None,
        items: BTreeMap::new(),
        frames: Vec::new(),
        last_seq: 0,
        ids: fresh_ctx(),
    };
    assert_eq!(visitor.says_hello(), Vec::new());
    let id = visitor.says("How much?");
    assert_eq!(visitor.waits_for_first_words(0), FirstWords::Delta("It".to_owned()));
    assert!(visitor.waits_for_answer_to(&id).text.contains("How much?"));
    visitor.says_again(&id, "How much?");
    visitor.waits_to_see("the doubled answer", |item| item.seq == 4);
    assert_eq!(visitor.acknowledgements(&id), (2, 2));

    visitor.leaves();
    visitor.opens_a_socket();
    assert_eq!(visitor.last_seq, 4);
    let moved = visitor.continues_by_text("(415) 555-2671");
    assert_eq!(visitor.is_accepted(&moved), 5);
    visitor.last_seq = 0;
    assert_eq!(visitor.says_hello().len(), 1);
}
