//! A small HTTP/1.1 client for loopback: one connection per call, whole bodies, no TLS, no redirects.

use std::{
    fmt, io,
    io::{BufRead, BufReader, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::Duration,
};

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::wire::Failure;

use crate::server::{read_body, read_headers};

/// How long the other side may be silent.
const SILENCE: Duration = Duration::from_mins(1);

/// A call being put together.
#[derive(Clone, Debug)]
pub struct Call {
    method: &'static str,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self { method: "GET", url: url.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// A `POST` of these bytes.
    pub fn post(url: impl Into<String>, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let call = Self { method: "POST", body: body.into(), ..Self::get(url) };
        call.header("content-type", content_type)
    }

    /// A `POST` of a JSON value.
    pub fn post_json(url: impl Into<String>, body: &Value) -> Self {
        Self::post(url, "application/json", body.to_string())
    }

    /// A `PUT` of a JSON value.
    pub fn put_json(url: impl Into<String>, body: &Value) -> Self {
        Self { method: "PUT", ..Self::post_json(url, body) }
    }

    /// A `PATCH` of a JSON value.
    pub fn patch_json(url: impl Into<String>, body: &Value) -> Self {
        Self { method: "PATCH", ..Self::post_json(url, body) }
    }

    /// A `DELETE`.
    pub fn delete(url: impl Into<String>) -> Self {
        Self { method: "DELETE", ..Self::get(url) }
    }

    /// The same call with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Makes the call and waits for the whole answer.
    #[track_caller]
    pub fn send(&self) -> Answer {
        self.try_send().unwrap_or_else(|error| panic!("{} {} failed: {error}", self.method, self.url))
    }

    /// Makes the call; an error where no whole answer came.
    pub fn try_send(&self) -> io::Result<Answer> {
        let (address, path) = split(&self.url)?;
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(SILENCE))?;
        let mut head = format!(
            "{} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.method,
            self.body.len()
        );
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        thread::scope(|scope| {
            // Written beside the reading: a server may refuse a large body before it has read it.
            let writing = &stream;
            scope.spawn(move || {
                let mut writing = writing;
                writing.write_all(head.as_bytes()).and_then(|()| writing.write_all(&self.body))
            });
            let answer = read_answer(&stream);
            let _ = stream.shutdown(Shutdown::Both);
            answer
        })
    }
}

/// `http://HOST:PORT/path?query` to the address and the rest.
pub(crate) fn split(url: &str) -> io::Result<(&str, &str)> {
    let rest =
        url.strip_prefix("http://").ok_or_else(|| io::Error::other(format!("not an http URL: {url}")))?;
    Ok(rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash)))
}

fn read_answer(stream: &TcpStream) -> io::Result<Answer> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let status = line.split_whitespace().nth(1).and_then(|word| word.parse().ok());
        let status: u16 = status.ok_or(io::ErrorKind::InvalidData)?;
        let headers = read_headers(&mut reader)?;
        if status == 100 {
            continue;
        }
        let body =
            if matches!(status, 204 | 304) { Vec::new() } else { read_body(&mut reader, &headers, true)? };
        return Ok(Answer { status, headers, body });
    }
}

/// A whole answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body read as JSON.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// This answer, which must have succeeded.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "that it succeeded is often all there is to know")]
    pub fn expect_ok(self, what: &str) -> Self {
        assert!((200..300).contains(&self.status), "{what} was answered {self:?}");
        self
    }

    /// The failure in the body of an answer that must have this status.
    #[track_caller]
    pub fn expect_failure(&self, status: u16) -> Failure {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.text().chars().take(2_000).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Server;

    #[test]
    fn a_call_brings_method_path_headers_and_body_and_returns_the_answer() {
        let server = Server::start(|received, reply| {
            let seen = format!(
                "{} {} {} {}",
                received.method,
                received.target,
                received.header("x-a").unwrap_or_default(),
                String::from_utf8_lossy(&received.body)
            );
            reply.whole(201, &[("x-b", "2")], seen.as_bytes()).expect("answered");
        });
        let answer =
            Call::post(format!("{}/p?q=1", server.url()), "text/plain", "body").header("x-a", "1").send();
        assert_eq!((answer.status, answer.header("x-b")), (201, Some("2")));
        assert_eq!(answer.text(), "POST /p?q=1 1 body");
    }

    #[test]
    fn a_streamed_answer_is_put_together() {
        let server = Server::start(|_, reply| {
            let mut pieces = reply.stream(200, &[]).expect("a head");
            for piece in [&b"a"[..], b"", b"bc"] {
                pieces.send(piece).expect("a piece");
            }
            pieces.end().expect("an end");
        });
        assert_eq!(Call::get(server.url()).send().text(), "abc");
    }

    #[test]
    fn a_broken_off_stream_and_a_hang_up_are_errors() {
        let server = Server::start(|received, reply| {
            if received.path() == "/stream" {
                let mut pieces = reply.stream(200, &[]).expect("a head");
                pieces.send(b"half").expect("a piece");
            }
        });
        assert!(Call::get(format!("{}/stream", server.url())).try_send().is_err());
        assert!(Call::get(server.url()).try_send().is_err());
    }

    #[test]
    fn a_hanging_server_lets_go_when_it_is_dropped() {
        let server = Server::start(|_, reply| reply.hang());
        let url = server.url();
        let waiting = thread::spawn(move || Call::get(url).try_send().is_err());
        drop(server);
        assert!(waiting.join().expect("the caller returned"));
    }
}
