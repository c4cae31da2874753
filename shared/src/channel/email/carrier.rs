//! What every carrier of raw mail shares: a received mail becomes inbound entries, a message becomes a request.
//!
//! The wire is the same for all: the envelope in [`ENVELOPE_FROM`] and [`ENVELOPE_TO`], the raw mail as the body. Carriers
//! differ in how a request is verified, in whom to believe about the author, and in what their answers mean.

use super::{
    bounce::parse_bounce,
    parse::{Authenticity, Envelope, Reading, external_id, parse_message},
    render::{Sender, render_mail},
    response::parse_response,
};
use crate::{
    channel::{
        Channel,
        provider::{RenderError, Setup},
        sandbox::SIGNING_KEY,
    },
    error::ParseError,
    http::Request,
    message::{Inbound, InboundBody, Outgoing},
    time::Timestamp,
};

/// The envelope's sender; present and empty for a bounce.
pub const ENVELOPE_FROM: &str = "x-envelope-from";
/// The envelope's recipient.
pub const ENVELOPE_TO: &str = "x-envelope-to";
/// The media type of raw mail.
pub const RAW_MAIL: &str = "message/rfc822";

/// A received mail as one entry: a report where it is one, else a message, with what it answers an invitation of ours; nothing for a report that changes nothing.
/// `missing_field` without an envelope, and the errors of [`parse_message`].
pub fn parse_request(
    setup: Setup<'_>,
    request: &Request,
    now: Timestamp,
    authenticity: Authenticity<'_>,
) -> Result<Vec<Inbound>, ParseError> {
    let header = |name: &'static str| {
        request
            .header(name)
            .ok_or_else(|| ParseError::new("missing_field", format!("the header `{name}` is missing")))
    };
    let envelope = Envelope { from: header(ENVELOPE_FROM)?, to: header(ENVELOPE_TO)? };
    let external_id = external_id(&request.body, envelope)?;
    let body = if let Some(bounce) = parse_bounce(&request.body) {
        let Some(report) = bounce.report() else { return Ok(Vec::new()) };
        InboundBody::Status(report)
    } else {
        let (reply_key, own_addresses) = (reply_key(setup), own_addresses(setup));
        let reading = Reading {
            envelope,
            reply_key: reply_key.as_deref(),
            own_addresses: &own_addresses,
            authenticity,
        };
        let message = parse_message(&request.body, &reading)?;
        match parse_response(&request.body) {
            Some(response) => InboundBody::Response(message, response),
            None => InboundBody::Message(message),
        }
    };
    Ok(vec![Inbound { endpoint: setup.endpoint.id.clone(), external_id, at: now, body }])
}

/// The request that hands a message's mail to `url`. [`RenderError::Missing`] without the secret [`SIGNING_KEY`].
pub fn render_request(setup: Setup<'_>, message: &Outgoing, url: &str) -> Result<Request, RenderError> {
    let reply_key = reply_key(setup).ok_or(RenderError::Missing(SIGNING_KEY))?;
    let mailbox = setup.endpoint.address.as_str();
    let sender = Sender {
        name: &setup.site.name,
        mailbox,
        reply_key: &reply_key,
        site: &setup.site.id,
        address: &setup.site.address,
        public_url: setup.public_url,
    };
    let request = Request::post(url, RAW_MAIL, render_mail(&sender, message)?);
    Ok(request.with_header(ENVELOPE_FROM, mailbox).with_header(ENVELOPE_TO, message.to.as_str()))
}

fn reply_key(setup: Setup<'_>) -> Option<String> {
    setup.secrets.secret(SIGNING_KEY).filter(|key| !key.is_empty())
}

/// Every mailbox of the site.
fn own_addresses(setup: Setup<'_>) -> Vec<String> {
    let others = setup.site.endpoints.iter().filter(|endpoint| endpoint.channel == Channel::Email);
    others.chain([setup.endpoint]).map(|endpoint| endpoint.address.clone()).collect()
}
