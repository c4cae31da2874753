//! The way to the edge: a WebSocket, and plain requests where sockets do not get through.
//!
//! The first frame on either is a hello with the cursor; everything else follows from the answer. A line that breaks puts
//! what it was given back into the outbox, so nothing here can lose a message. When to try what again is `retry`'s.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function};
use shared::time::{SECOND_MS, Timestamp};
use shared::wire::{ClientFrame, SUBPROTOCOL, ServerFrame};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, WebSocket};

use crate::app::{App, Status};
use crate::model::refusal;
use crate::retry::{PROBE_MS, Retry, Step};
use crate::words::decimal;
use crate::{clock, codec, dom, http};

/// A silent socket is asked for a sign of life this often.
const PING_MS: i64 = 30 * SECOND_MS;
/// A socket that gives none for this long is dead.
const PONG_MS: i64 = 10 * SECOND_MS;
/// Plain requests that come back empty at once are not repeated faster than this.
const PAUSE_MS: u64 = 2_000;
/// The first socket tried after plain requests took over.
const FIRST_PROBE_MS: u64 = 5_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Down,
    Socket,
    Poll,
}

type Listener = Closure<dyn FnMut(Event)>;

/// The way to the edge. One for the page; a socket comes and goes inside it.
pub(crate) struct Line {
    app: App,
    mode: Cell<Mode>,
    retry: Cell<Retry>,
    socket: RefCell<Option<WebSocket>>,
    listener: RefCell<Option<Listener>>,
    timer: Cell<Option<i32>>,
    /// Counts the times plain requests took over: an older round of them ends when it notices.
    round: Cell<u32>,
    posting: Cell<bool>,
    pinged: Cell<Timestamp>,
    awaiting_pong: Cell<bool>,
}

impl Line {
    pub(crate) fn new(app: App) -> Rc<Self> {
        let line = Rc::new(Self {
            app,
            mode: Cell::new(Mode::Down),
            retry: Cell::default(),
            socket: RefCell::default(),
            listener: RefCell::default(),
            timer: Cell::default(),
            round: Cell::default(),
            posting: Cell::default(),
            pinged: Cell::default(),
            awaiting_pong: Cell::default(),
        });
        let hears = Rc::clone(&line);
        *line.listener.borrow_mut() = Some(Closure::new(move |event: Event| hears.hear(&event)));
        line
    }

    /// Opens a socket unless there is one.
    pub(crate) fn connect(self: &Rc<Self>) {
        let Some(token) = self.app.token() else { return };
        self.cancel_timer();
        if self.socket.borrow().is_some() {
            return;
        }
        let protocols = Array::of(&[JsValue::from_str(SUBPROTOCOL), JsValue::from_str(&token)]);
        let origin = dom::window().location().origin().unwrap_or_default();
        // `http` becomes `ws`, and `https` becomes `wss`.
        let url = ["ws", origin.strip_prefix("http").unwrap_or_default(), "/v1/socket"].concat();
        let Ok(socket) = WebSocket::new_with_str_sequence(&url, &protocols) else {
            self.fail();
            return;
        };
        if let Some(listener) = &*self.listener.borrow() {
            let listener: &Function = listener.as_ref().unchecked_ref();
            for name in ["open", "message", "close"] {
                socket.add_event_listener_with_callback(name, listener).ok();
            }
        }
        *self.socket.borrow_mut() = Some(socket);
    }

    /// Tries again at once: the network came back, or the token is another.
    pub(crate) fn restart(self: &Rc<Self>) {
        self.retry.set(Retry::default());
        self.drop_socket();
        self.mode.set(Mode::Down);
        self.connect();
    }

    /// Tries again at once unless the line is up.
    pub(crate) fn wake(self: &Rc<Self>) {
        match self.mode.get() {
            Mode::Down => self.restart(),
            Mode::Poll => self.connect(),
            Mode::Socket => self.ping(),
        }
    }

    /// Says hello: on a new socket, or because something is missing.
    pub(crate) fn hello(self: &Rc<Self>) {
        let hello = self.app.hello();
        match self.mode.get() {
            Mode::Poll => {
                let line = Rc::clone(self);
                dom::spawn(async move {
                    line.post(&hello).await;
                });
            }
            Mode::Down | Mode::Socket => self.write(&hello),
        }
    }

    /// Sends something that may be lost, over a socket only.
    pub(crate) fn hint(&self, frame: &ClientFrame) {
        if self.mode.get() == Mode::Socket {
            self.write(frame);
        }
    }

    /// Sends what waits, in order.
    pub(crate) fn flush(self: &Rc<Self>) {
        match self.mode.get() {
            Mode::Down => {}
            Mode::Socket => {
                while let Some(frame) = self.app.next_to_send() {
                    self.write(&frame);
                }
            }
            Mode::Poll => {
                if !self.posting.replace(true) {
                    let line = Rc::clone(self);
                    dom::spawn(async move {
                        while let Some(frame) = line.app.next_to_send() {
                            if !line.post(&frame).await {
                                break;
                            }
                        }
                        line.posting.set(false);
                    });
                }
            }
        }
    }

    /// Called every few seconds: notices a socket that died without a word.
    pub(crate) fn tick(self: &Rc<Self>) {
        let silent_ms = clock::now().since_ms(self.pinged.get());
        if self.mode.get() != Mode::Socket {
        } else if self.awaiting_pong.get() && silent_ms > PONG_MS {
            self.drop_socket();
            self.fail();
        } else if silent_ms > PING_MS {
            self.ping();
        }
    }

    fn ping(&self) {
        if !self.awaiting_pong.replace(true) {
            self.pinged.set(clock::now());
            self.write_text("ping");
        }
    }

    fn hear(self: &Rc<Self>, event: &Event) {
        let current =
            self.socket.borrow().as_ref().is_some_and(|own| JsValue::from(own) == dom::target(event));
        if !current {
            return;
        }
        match event.type_().as_str() {
            "open" => self.write(&self.app.hello()),
            "close" => {
                self.socket.take();
                self.fail();
            }
            _ => {
                let Some(text) = event.unchecked_ref::<MessageEvent>().data().as_string() else { return };
                self.awaiting_pong.set(false);
                if let Some(frame) = codec::decode_frame(&text) {
                    if matches!(frame, ServerFrame::Ready { .. }) {
                        self.up(Mode::Socket);
                    }
                    self.app.receive(frame);
                }
            }
        }
    }

    fn up(&self, mode: Mode) {
        if self.mode.replace(mode) != mode {
            self.pinged.set(clock::now());
        }
        if mode == Mode::Socket {
            self.retry.set(Retry::default());
            self.cancel_timer();
        }
        self.app.set_status(Status::Online);
    }

    /// A socket failed. While plain requests carry the conversation, that changes nothing but the next try.
    fn fail(self: &Rc<Self>) {
        if self.mode.get() == Mode::Poll {
            self.after(PROBE_MS, Self::connect);
        } else {
            self.down();
        }
    }

    fn down(self: &Rc<Self>) {
        self.mode.set(Mode::Down);
        self.app.disconnected();
        let mut retry = self.retry.get();
        let step = retry.failed(&mut clock::ctx().entropy);
        self.retry.set(retry);
        match step {
            Step::Socket(ms) => self.after(ms, Self::connect),
            Step::Poll(ms) => self.after(ms, |line| {
                let line = Rc::clone(line);
                dom::spawn(async move { line.poll().await });
            }),
        }
    }

    /// Carries the conversation over plain requests until a socket is up or a request fails.
    async fn poll(self: Rc<Self>) {
        let round = self.round.get() + 1;
        self.round.set(round);
        if self.post(&self.app.hello()).await {
            self.after(FIRST_PROBE_MS, Self::connect);
        }
        let goes_on = || self.mode.get() == Mode::Poll && self.round.get() == round;
        while goes_on() {
            let begun = clock::now();
            let path =
                ["/v1/events?after=", &decimal(self.app.model.peek(crate::Model::cursor).into())].concat();
            let answer = http::get(&path, self.app.token().as_deref()).await;
            if !goes_on() {
                break;
            }
            match answer.filter(http::Answer::is_ok).and_then(|answer| codec::decode_frames(&answer.body)) {
                Some(frames) if frames.is_empty() && clock::now().since_ms(begun) < SECOND_MS => {
                    dom::sleep(PAUSE_MS).await;
                }
                Some(frames) => frames.into_iter().for_each(|frame| self.app.receive(frame)),
                None => self.down(),
            }
        }
    }

    /// Sends one frame as a request and takes its answers in, a refusal among them; false where none came, and then the
    /// line is down.
    async fn post(self: &Rc<Self>, frame: &ClientFrame) -> bool {
        let body = codec::encode_frame(frame);
        let (token, locale, zone) = (self.app.token(), self.app.locale.now(), clock::time_zone());
        let Some(answer) = http::post_frame(token.as_deref(), (&locale, &zone), &body).await else {
            self.down_from_poll();
            return false;
        };
        if !answer.is_ok() {
            let told =
                codec::decode_failure(&answer.body).map(|failure| refusal(frame, answer.status, failure));
            let refused = matches!(told, Some(ServerFrame::Refused { .. }));
            if !refused {
                self.down_from_poll();
            }
            if let Some(told) = told {
                self.app.receive(told);
            }
            return refused;
        }
        for frame in codec::decode_frames(&answer.body).unwrap_or_default() {
            if matches!(frame, ServerFrame::Ready { .. }) && self.mode.get() != Mode::Socket {
                self.up(Mode::Poll);
            }
            self.app.receive(frame);
        }
        true
    }

    fn down_from_poll(self: &Rc<Self>) {
        if self.mode.get() != Mode::Socket {
            self.down();
        }
    }

    fn write(&self, frame: &ClientFrame) {
        self.write_text(&codec::encode_frame(frame));
    }

    /// A socket that cannot take it is about to close, and the outbox keeps what matters.
    fn write_text(&self, text: &str) {
        if let Some(socket) = &*self.socket.borrow() {
            socket.send_with_str(text).ok();
        }
    }

    fn drop_socket(&self) {
        self.awaiting_pong.set(false);
        if let Some(socket) = self.socket.take() {
            socket.close().ok();
        }
    }

    fn after(self: &Rc<Self>, ms: u64, act: fn(&Rc<Self>)) {
        self.cancel_timer();
        let line = Rc::clone(self);
        self.timer.set(Some(dom::after(ms, move || act(&line))));
    }

    fn cancel_timer(&self) {
        if let Some(timer) = self.timer.take() {
            dom::cancel(timer);
        }
    }
}
