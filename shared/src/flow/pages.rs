//! Reads one public page: over `https`, from its own origin alone, no more than so much and for no longer than so long.

use crate::{
    http::{BodyStream, Http, HttpError, Patience, Request},
    web::{self, Address},
};

/// How long a page may take, in milliseconds.
const WHOLE_MS: u32 = 5_000;
/// The largest page, in bytes.
pub const MAX_PAGE_BYTES: usize = 1024 * 1024;
/// How often a page may lead to another one of its origin.
const MAX_REDIRECTS: u32 = 3;
/// What we are called, so that an owner knows who reads their pages.
const AGENT: &str = "Throughline (reads the pages of its own site)";

/// A page that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it stood in the end.
    pub address: Address,
    /// What it says it is, `text/html`; empty where it says nothing.
    pub media: String,
    /// Its text.
    pub text: String,
}

/// Reads a page, or says why not, in a sentence for whoever asked.
pub async fn read(http: &impl Http, address: &Address) -> Result<Page, String> {
    let mut address = address.clone();
    for _ in 0..=MAX_REDIRECTS {
        let mut request = Request::get(address.whole()).with_header("user-agent", AGENT);
        request.headers.push(("accept".to_owned(), "text/html,text/plain,application/xml;q=0.9".to_owned()));
        request.timeout_ms = WHOLE_MS;
        let (head, mut body) = http.open(&request).await.map_err(|error| match error {
            HttpError::Unreachable(_) => "The site could not be reached.".to_owned(),
            HttpError::Lost => "The site did not answer within 5 seconds.".to_owned(),
        })?;
        if (300..400).contains(&head.status) {
            let link = head.header("location").unwrap_or_default();
            address = web::join(&address, link)
                .ok_or_else(|| format!("The page leads somewhere else: {}", shortened(link)))?;
            continue;
        }
        if !(200..300).contains(&head.status) {
            return Err(format!("The site answered {} instead of the page.", head.status));
        }
        let media = head.header("content-type").unwrap_or_default();
        let media = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut bytes = Vec::new();
        loop {
            match body.next(Patience { pause_ms: WHOLE_MS, whole_ms: WHOLE_MS }).await {
                None => break,
                Some(Ok(piece)) => bytes.extend_from_slice(&piece),
                Some(Err(_)) => return Err("The page broke off before its end.".to_owned()),
            }
            if bytes.len() > MAX_PAGE_BYTES {
                return Err("The page is larger than 1 MB.".to_owned());
            }
        }
        return Ok(Page { address, media, text: String::from_utf8_lossy(&bytes).into_owned() });
    }
    Err("The page leads on and on, to one page after the other.".to_owned())
}

fn shortened(text: &str) -> String {
    text.chars().take(120).filter(|letter| !letter.is_control()).collect()
}
