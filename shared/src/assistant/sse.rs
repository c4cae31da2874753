//! Server-sent events out of bytes that arrive split anywhere (WHATWG HTML, 9.2 "Server-sent events").
//!
//! The decoder keeps whole lines only, so a piece may end inside a character or inside a frame. Only `data` fields are
//! of interest; comments (`: keep-alive`), event names and ids are dropped. What is not UTF-8 is replaced, not refused.

/// The longest unfinished frame kept, in bytes; a longer one is dropped.
const MAX_FRAME_BYTES: usize = 1024 * 1024;

/// Collects bytes and gives back the data of whole frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoder {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The data lines of the frame that has not ended yet.
    data: Option<String>,
    /// The last byte was a carriage return, so a line feed after it ends nothing.
    after_return: bool,
    /// The line or frame being read is over the limit.
    over: bool,
}

impl Decoder {
    /// Takes the next bytes; gives the data of every frame they complete, in order.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut frames = Vec::new();
        for byte in bytes {
            let follows_return = core::mem::take(&mut self.after_return);
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    self.after_return = *byte == b'\r';
                    frames.extend(self.end_line());
                }
                _ if self.line.len() >= MAX_FRAME_BYTES => self.over = true,
                _ => self.line.push(*byte),
            }
        }
        frames
    }

    /// The stream is over: gives the last frame, though no blank line followed it.
    pub fn finish(&mut self) -> Option<String> {
        let last = if self.line.is_empty() { None } else { self.end_line() };
        last.or_else(|| self.end_frame())
    }

    fn end_line(&mut self) -> Option<String> {
        let line = core::mem::take(&mut self.line);
        if line.is_empty() {
            return self.end_frame();
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        let value = line.strip_prefix("data:").or(if line == "data" { Some("") } else { None })?;
        let value = value.strip_prefix(' ').unwrap_or(value);
        match &mut self.data {
            Some(data) if data.len() + value.len() > MAX_FRAME_BYTES => self.over = true,
            Some(data) => {
                data.push('\n');
                data.push_str(value);
            }
            None => self.data = Some(value.to_owned()),
        }
        None
    }

    fn end_frame(&mut self) -> Option<String> {
        let over = core::mem::take(&mut self.over);
        self.data.take().filter(|_| !over)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(pieces: &[&[u8]]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut frames: Vec<String> = pieces.iter().flat_map(|piece| decoder.push(piece)).collect();
        frames.extend(decoder.finish());
        frames
    }

    #[test]
    fn every_split_gives_the_same_frames() {
        let stream =
            ": hi\r\n\r\ndata: {\"a\":\"ñ😀\"}\n\nevent: x\ndata:two\ndata: lines\r\r: ping\n\ndata: [DONE]"
                .as_bytes();
        let expect = ["{\"a\":\"ñ😀\"}", "two\nlines", "[DONE]"];
        assert_eq!(decode(&[stream]), expect);
        for first in 0..=stream.len() {
            for second in first..=stream.len() {
                let pieces = [&stream[..first], &stream[first..second], &stream[second..]];
                assert_eq!(decode(&pieces), expect, "split at {first} and {second}");
            }
        }
    }

    #[test]
    fn a_frame_without_end_does_not_grow_for_ever() {
        let mut decoder = Decoder::default();
        for _ in 0..40 {
            assert_eq!(decoder.push(&vec![b'x'; 64 * 1024]), Vec::<String>::new());
        }
        assert!(decoder.line.len() <= MAX_FRAME_BYTES);
        assert_eq!(decoder.push(b"\n\ndata: ok\n\n"), ["ok"]);
    }

    proptest! {
        #[test]
        fn any_bytes_split_anywhere_decode_alike(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
            let at = at.min(bytes.len());
            prop_assert_eq!(decode(&[&bytes]), decode(&[&bytes[..at], &bytes[at..]]));
        }
    }
}
