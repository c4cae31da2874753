//! A small HTTP/1.1 server on loopback for stand-ins: a thread per connection, one request per connection.
//!
//! The handler owns the socket's answer side and may answer whole, stream in pieces of its choosing, hang, or hang up. It
//! deliberately knows no keep-alive and no routing.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// How often a hanging answer looks whether the server stops.
const HANG_STEP: Duration = Duration::from_millis(50);

/// A request as it was received.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// In upper case.
    pub method: String,
    /// With the query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Received {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The target without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// The answer's side of a connection. Dropped without an answer it hangs up.
pub struct Reply {
    stream: TcpStream,
    stop: Arc<AtomicBool>,
}

impl Reply {
    /// Answers with a whole body.
    pub fn whole(mut self, status: u16, headers: &[(&str, &str)], body: &[u8]) -> io::Result<()> {
        self.head(status, headers, &format!("content-length: {}", body.len()))?;
        self.stream.write_all(body)?;
        self.finish()
    }

    /// Sends the head and returns the body's side: each piece goes out as one HTTP chunk and one packet.
    pub fn stream(mut self, status: u16, headers: &[(&str, &str)]) -> io::Result<Pieces> {
        self.stream.set_nodelay(true)?;
        self.head(status, headers, "transfer-encoding: chunked")?;
        Ok(Pieces(self))
    }

    /// Says nothing until the other side goes away or the server stops.
    pub fn hang(mut self) {
        let mut byte = [0];
        if self.stream.set_read_timeout(Some(HANG_STEP)).is_err() {
            return;
        }
        while !self.stop.load(Ordering::Relaxed) {
            match self.stream.read(&mut byte) {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                }
                Ok(1) => {}
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// Waits, unless the server stops first.
    pub fn pause(&self, duration: Duration) {
        let mut left = duration;
        while !left.is_zero() && !self.stop.load(Ordering::Relaxed) {
            let step = left.min(HANG_STEP);
            thread::sleep(step);
            left -= step;
        }
    }

    fn head(&mut self, status: u16, headers: &[(&str, &str)], length: &str) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {status} Stand-in\r\nconnection: close\r\n{length}\r\n");
        for (name, value) in headers {
            head.extend([*name, ": ", *value, "\r\n"]);
        }
        head.push_str("\r\n");
        self.stream.write_all(head.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.stream.flush()?;
        self.stream.shutdown(Shutdown::Write)
    }
}

/// The body of a streamed answer. Dropped without [`Pieces::end`] it breaks off.
pub struct Pieces(Reply);

impl Pieces {
    /// Sends one piece.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
        chunk.extend_from_slice(bytes);
        chunk.extend_from_slice(b"\r\n");
        self.0.stream.write_all(&chunk)
    }

    /// Waits, unless the server stops first.
    pub fn pause(&self, duration: Duration) {
        self.0.pause(duration);
    }

    /// Says nothing more until the other side goes away or the server stops.
    pub fn stall(self) {
        self.0.hang();
    }

    /// Ends the body properly.
    pub fn end(mut self) -> io::Result<()> {
        self.0.stream.write_all(b"0\r\n\r\n")?;
        self.0.finish()
    }
}

/// A running server; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on a free loopback port and calls `handler` for every request, on a thread of its own.
    pub fn start(handler: impl Fn(Received, Reply) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free loopback port");
        let address = listener.local_addr().expect("a bound address");
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, handler) = (Arc::clone(&stop), Arc::new(handler));
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (stop, handler) = (Arc::clone(&stopped), Arc::clone(&handler));
                thread::spawn(move || {
                    // A peer that goes away mid-request is none of the handler's business.
                    if let Ok(received) = receive(&stream) {
                        handler(received, Reply { stream, stop });
                    }
                });
            }
        });
        Self { address, stop, accepting: Some(accepting) }
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // Wakes the accepting thread; a refused connection means it is gone already.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn receive(stream: &TcpStream) -> io::Result<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (method, target) =
        (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let headers = read_headers(&mut reader)?;
    let mut received = Received { method, target, headers, body: Vec::new() };
    if received.header("expect").is_some() {
        (&mut &*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    received.body = read_body(&mut reader, &received.headers, false)?;
    Ok(received)
}

/// Reads `name: value` lines up to the empty one.
pub(crate) fn read_headers(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { return Ok(headers) };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// Reads a body by its headers: chunked, counted, or (`to_end`) up to the end of the connection.
pub(crate) fn read_body(
    reader: &mut impl BufRead,
    headers: &[(String, String)],
    to_end: bool,
) -> io::Result<Vec<u8>> {
    let find = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut body = Vec::new();
    if find("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match find("content-length").map(str::parse) {
        Some(Ok(length)) => {
            body.resize(length, 0);
            reader.read_exact(&mut body)?;
        }
        Some(Err(_)) => return Err(io::ErrorKind::InvalidData.into()),
        None if to_end => {
            reader.read_to_end(&mut body)?;
        }
        None => {}
    }
    Ok(body)
}
