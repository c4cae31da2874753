//! A web of a few pages, and who asked for which.

use std::{cell::RefCell, collections::BTreeMap};

use shared::http::{BodyError, BodyStream, Http, HttpError, Patience, Request, Response};

/// Pages by their whole address.
#[derive(Default)]
pub struct Web {
    pub pages: BTreeMap<String, Response>,
    pub asked: RefCell<Vec<String>>,
}

impl Web {
    /// A web of pages.
    pub fn of(pages: &[(&str, &str)]) -> Self {
        let mut web = Self::default();
        for (url, text) in pages {
            web.pages.insert((*url).to_owned(), Response::new(200, "text/html; charset=utf-8", *text));
        }
        web
    }

    /// What was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

/// A body that comes in pieces of 64 kB.
pub struct Pieces(Vec<Vec<u8>>);

impl BodyStream for Pieces {
    async fn next(&mut self, _patience: Patience) -> Option<Result<Vec<u8>, BodyError>> {
        if self.0.is_empty() { None } else { Some(Ok(self.0.remove(0))) }
    }
}

impl Http for Web {
    type Body = Pieces;

    async fn send(&self, request: &Request) -> Result<Response, HttpError> {
        self.asked.borrow_mut().push(request.url.clone());
        self.pages.get(&request.url).cloned().ok_or_else(|| HttpError::Unreachable("no such page".into()))
    }

    async fn open(&self, request: &Request) -> Result<(Response, Pieces), HttpError> {
        let whole = self.send(request).await?;
        let pieces = whole.body.chunks(64 * 1024).map(<[u8]>::to_vec).collect();
        Ok((Response { body: Vec::new(), ..whole }, Pieces(pieces)))
    }
}
