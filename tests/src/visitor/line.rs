//! The two ways frames travel: a WebSocket, or HTTP where sockets are blocked.

use std::{io, net::TcpStream, thread, time::Duration};

use shared::wire::{SUBPROTOCOL, ServerFrame};
use tungstenite::{
    Error, Message, WebSocket,
    client::IntoClientRequest,
    http::HeaderValue,
    http::header::{ORIGIN, SEC_WEBSOCKET_PROTOCOL},
};

use super::{Door, TIME_ZONE};
use crate::{client::Call, clock::PATIENCE};

/// Where a socket is opened.
const SOCKET_PATH: &str = "/v1/socket";

/// How a visitor is connected.
pub enum Line {
    /// A socket.
    Socket(Box<WebSocket<TcpStream>>),
    /// Calls, one for every frame and one for every look.
    Http {
        /// The worker's address.
        edge: String,
        /// The page's origin.
        origin: Option<String>,
        /// The `authorization` header.
        bearer: String,
        /// The panel's language, told with every frame.
        locale: String,
    },
}

impl Line {
    /// Opens a socket; the subprotocol must be agreed on.
    #[track_caller]
    pub fn over_socket(door: &Door, token: &str) -> Self {
        Self::try_over_socket(door, token).unwrap_or_else(|error| panic!("no socket: {error}"))
    }

    /// Opens a socket; an error with the status where it is refused.
    pub fn try_over_socket(door: &Door, token: &str) -> Result<Self, String> {
        let shown = |error: &dyn std::fmt::Display| error.to_string();
        let address = door.edge.strip_prefix("http://").unwrap_or(&door.edge);
        let stream = TcpStream::connect(address).map_err(|error| shown(&error))?;
        stream.set_nodelay(true).map_err(|error| shown(&error))?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(|error| shown(&error))?;
        let mut request =
            format!("ws://{address}{SOCKET_PATH}").into_client_request().map_err(|error| shown(&error))?;
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| shown(&error));
        let headers = request.headers_mut();
        headers.insert(SEC_WEBSOCKET_PROTOCOL, value(&format!("{SUBPROTOCOL}, {token}"))?);
        if let Some(origin) = &door.origin {
            headers.insert(ORIGIN, value(origin)?);
        }
        let (socket, answer) = tungstenite::client(request, stream).map_err(|error| shown(&error))?;
        match answer.headers().get(SEC_WEBSOCKET_PROTOCOL).map(HeaderValue::as_bytes) {
            Some(agreed) if agreed == SUBPROTOCOL.as_bytes() => Ok(Self::Socket(Box::new(socket))),
            agreed => Err(format!("agreed on the wrong subprotocol: {agreed:?}")),
        }
    }

    /// Talks by calls.
    pub fn over_http(door: &Door, token: &str) -> Self {
        let (edge, origin) = (door.edge.clone(), door.origin.clone());
        let locale = door.locale.clone();
        Self::Http { edge, origin, bearer: format!("Bearer {token}"), locale }
    }

    /// Whether this is a socket.
    pub fn is_socket(&self) -> bool {
        matches!(self, Self::Socket(_))
    }

    /// Sends a frame; returns what came back at once, which over a socket is nothing.
    #[track_caller]
    pub(super) fn send(&mut self, text: &str) -> Vec<ServerFrame> {
        match self {
            Self::Socket(socket) => {
                socket.send(Message::text(text)).unwrap_or_else(|error| panic!("the socket broke: {error}"));
                Vec::new()
            }
            Self::Http { edge, locale, .. } => {
                let call = Call::post(format!("{edge}/v1/frames"), "application/json", text)
                    .header("x-locale", locale)
                    .header("x-time-zone", TIME_ZONE);
                self.authorized(call).send().expect_ok("a frame").json()
            }
        }
    }

    /// Sends frames over a socket in one piece.
    #[track_caller]
    pub(super) fn send_together(&mut self, texts: &[String]) {
        let Self::Socket(socket) = self else { panic!("there is no socket") };
        let sent = texts.iter().try_for_each(|text| socket.write(Message::text(text)));
        sent.and_then(|()| socket.flush()).unwrap_or_else(|error| panic!("the socket broke: {error}"));
    }

    /// What has arrived after `last_seq`, waiting up to `moment` for the first of it.
    #[track_caller]
    pub(super) fn receive(&mut self, last_seq: u32, moment: Duration) -> Vec<ServerFrame> {
        match self {
            Self::Socket(socket) => receive(socket, moment),
            Self::Http { edge, .. } => {
                let call = Call::get(format!("{edge}/v1/events?after={last_seq}"));
                let frames: Vec<ServerFrame> = self.authorized(call).send().expect_ok("the events").json();
                if frames.is_empty() {
                    thread::sleep(moment);
                }
                frames
            }
        }
    }

    fn authorized(&self, call: Call) -> Call {
        match self {
            Self::Http { origin, bearer, .. } => {
                let call = call.header("authorization", bearer);
                origin.iter().fold(call, |call, origin| call.header("origin", origin))
            }
            Self::Socket(_) => call,
        }
    }
}

#[track_caller]
fn receive(socket: &mut WebSocket<TcpStream>, moment: Duration) -> Vec<ServerFrame> {
    socket.get_ref().set_read_timeout(Some(moment)).expect("a socket takes a timeout");
    loop {
        match socket.read() {
            Ok(Message::Text(text)) => {
                let frame = serde_json::from_str(&text);
                return vec![frame.unwrap_or_else(|error| panic!("{error} in the frame {text}"))];
            }
            Ok(Message::Close(why)) => panic!("the edge closed the socket: {why:?}"),
            Ok(_) => {}
            Err(Error::Io(error))
                if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) =>
            {
                return Vec::new();
            }
            Err(error) => panic!("the socket broke: {error}"),
        }
    }
}
