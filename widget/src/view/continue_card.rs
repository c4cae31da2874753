//! "Continue by text" or "by email": the number or address, and the exact words the visitor agrees to.

use std::rc::Rc;

use shared::channel::Channel;
use shared::wire::Wording;

use super::card::{Ask, form};
use crate::app::App;
use crate::element::{El, el};
use crate::words::decimal;

/// The place of the card under the item `seq`. The card goes when the conversation went on over its channel, or where the
/// site does not have that channel; `channel` is [`Channel::Sms`] or [`Channel::Email`].
pub(super) fn continue_card(app: App, channel: Channel, seq: u32) -> El {
    let wording = move || {
        let continued = app.model.with(|model| model.continued_after(seq));
        app.site.with(|site| {
            let site = site.as_ref().filter(|_| !continued)?;
            if channel == Channel::Sms { site.sms.clone() } else { site.email.clone() }
        })
    };
    el("div", "offer").holds(wording, move |wording| Some(card(app, channel, seq, wording.clone()?)))
}

fn card(app: App, channel: Channel, seq: u32, wording: Wording) -> El {
    let name = [channel.as_str(), "-", &decimal(seq.into())].concat();
    let Wording { version, text } = wording;
    let submit = Rc::new(move |address| app.continue_by(channel, address, version.clone()));
    let (ask, title, lead) = if channel == Channel::Sms {
        let ask = Ask {
            name,
            kind: "tel",
            autocomplete: "tel",
            label: "number",
            missing: "number_missing",
            consent: Some(text),
            button: "continue_sms",
            done: "continued_sms",
            submit,
        };
        (ask, "continue_sms", "lead_sms")
    } else {
        let ask = Ask {
            name,
            kind: "email",
            autocomplete: "email",
            label: "address",
            missing: "address_missing",
            consent: Some(text),
            button: "continue_email",
            done: "continued_email",
            submit,
        };
        (ask, "continue_email", "lead_email")
    };
    let mark = if channel == Channel::Sms { "mark sms" } else { "mark email" };
    el("section", "card")
        .child(el("h2", mark).says(app.saying(title)))
        .child(el("p", "").says(app.saying(lead)))
        .child(form(app, ask))
}
