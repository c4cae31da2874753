//! A proof of consent to read and to print: the same as the JSON, in words. What can be checked by a program is in the JSON.

mod ledger;

use super::{
    html::Html,
    sheet::document,
    when::{self, Shape},
    words,
};
use crate::{
    consent::{Level, Standing},
    contact::AddressKind,
    id::ConsentId,
    proof::{AddressProof, Disclosure, Holding, Proof},
    time::Timestamp,
};

/// The page; times are those of `zone`, an IANA name.
pub fn proof(proof: &Proof, zone: &str) -> String {
    let who = proof.name.as_deref().unwrap_or(proof.contact.as_str());
    let title = format!("Proof of consent: {who} – {}", proof.site_name);
    document("en", &title, "proof", |html| {
        head(html, proof, who, zone);
        for address in shown(proof) {
            html.tag("section").inside(|html| one_address(html, address, zone));
        }
        html.tag("section").inside(|html| disclosures(html, proof, zone));
        html.tag("section").inside(|html| wordings(html, proof));
        html.tag("section").inside(how_to_check);
    })
}

/// A browser without an entry says nothing: its chat needs no consent.
fn shown(proof: &Proof) -> impl Iterator<Item = &AddressProof> {
    let says = |address: &&AddressProof| {
        address.kind != AddressKind::Visitor || !address.chain.is_empty() || address.suppressed.is_some()
    };
    proof.addresses.iter().filter(says)
}

fn head(html: &mut Html, proof: &Proof, who: &str, zone: &str) {
    html.tag("header").inside(|html| {
        html.tag("p").class("from").text(&proof.site_name);
        html.tag("h1").text("Proof of consent");
        html.tag("p").inside(|html| {
            html.text("What ");
            html.tag("b").attr("dir", "auto").text(who);
            html.text(" allowed and took back, in which words, and what holds now.");
        });
        html.tag("dl").class("facts").inside(|html| {
            fact(html, "Made", |html| moment(html, proof.made_at_ms, zone));
            fact(html, "Times", |html| html.text(&format!("as in {}, and in UTC", when::zone_name(zone))));
            fact(html, "Contact", |html| html.tag("code").text(proof.contact.as_str()));
            if !proof.joined.is_empty() {
                fact(html, "Also known as", |html| {
                    let ids: Vec<&str> = proof.joined.iter().map(crate::id::ContactId::as_str).collect();
                    html.tag("code").text(&ids.join(", "));
                });
            }
            fact(html, "Site", |html| html.tag("code").text(proof.site.as_str()));
            fact(html, "Ledger", |html| verdict(html, proof));
        });
    });
}

fn fact(html: &mut Html, name: &str, value: impl FnOnce(&mut Html)) {
    html.tag("dt").text(name);
    html.tag("dd").inside(value);
}

/// "3 entries, all links hold", as the program says it.
fn verdict(html: &mut Html, proof: &Proof) {
    if shown(proof).any(|address| address.first_break().is_some()) {
        html.tag("b").class("bad").text("a link does not hold; see below");
        return;
    }
    let count = match proof.entries {
        0 => "no entry yet".to_owned(),
        1 => "1 entry, all links hold".to_owned(),
        count => format!("{count} entries, all links hold"),
    };
    html.tag("b").class("ok").text(&count);
}

/// A time to read, with the instant itself.
fn moment(html: &mut Html, at_ms: i64, zone: &str) {
    let at = Timestamp::from_ms(at_ms);
    let utc = when::machine(at);
    html.tag("time").attr("datetime", &utc).text(&when::text(at, at, zone, Shape::Full));
    html.text(" ");
    html.tag("code").class("soft").text(&utc);
}

fn one_address(html: &mut Html, address: &AddressProof, zone: &str) {
    html.tag("h2").attr("dir", "auto").text(&address.address);
    html.tag("p").class("tags").inside(|html| {
        html.tag("span").class("tag").text(words::assurance(address.assurance));
        if address.blocked {
            html.tag("span").class("tag bad").text("opted out of everything here");
        }
        if let Some(suppressed) = &address.suppressed {
            html.tag("span").class("tag bad").inside(|html| {
                let since = Timestamp::from_ms(suppressed.at_ms);
                let since = when::text(since, since, zone, Shape::Full);
                html.text(&format!("never written to: {}, since {since}", words::code(&suppressed.reason)));
            });
        }
        if let Some(n) = address.first_break() {
            html.tag("span").class("tag bad").text(&format!("the chain breaks at entry {n}"));
        }
    });
    if !address.holds.is_empty() {
        html.tag("h3").text("What the ledger says now");
        html.tag("table").inside(|html| {
            for holding in &address.holds {
                html.tag("tr").inside(|html| holds(html, address, holding));
            }
        });
    }
    ledger::draw(html, address, zone);
}

fn holds(html: &mut Html, address: &AddressProof, holding: &Holding) {
    let purpose = words::purpose(holding.purpose);
    let topic = holding.topic.as_ref().map_or_else(String::new, |topic| format!(", on {topic}"));
    html.tag("th")
        .attr("scope", "row")
        .text(&format!("{}: {purpose}{topic}", words::channel(holding.channel)));
    html.tag("td").inside(|html| {
        let rests = |html: &mut Html, id: &ConsentId| {
            if let Some(link) = address.chain.iter().find(|link| link.id == *id) {
                html.tag("span").class("soft").text(&format!(", by entry {}", link.n));
            }
        };
        match &holding.standing {
            Standing::Silent => html.tag("span").class("soft").text("nothing was said"),
            Standing::Granted { level, entry } => {
                html.tag("b").class("ok").text(&format!("allowed {}", strength(*level)));
                rests(html, entry);
            }
            Standing::Revoked { entry } => {
                html.tag("b").class("bad").text("taken back");
                rests(html, entry);
            }
        }
    });
}

const fn strength(level: Level) -> &'static str {
    match level {
        Level::Implied => "by dealing with the site",
        Level::Express => "expressly",
        Level::ExpressWritten => "in writing",
        Level::Confirmed => "and confirmed from the address",
    }
}

fn disclosures(html: &mut Html, proof: &Proof, zone: &str) {
    html.tag("h2").text("That an AI speaks");
    if proof.disclosures.is_empty() {
        html.tag("p").class("soft").text("The assistant has not spoken to this contact.");
        return;
    }
    html.tag("p").class("soft").text("When it was first said on each channel, and in which words.");
    html.tag("ol").class("words").inside(|html| {
        for told in &proof.disclosures {
            html.tag("li").inside(|html| one_disclosure(html, told, zone));
        }
    });
}

fn one_disclosure(html: &mut Html, told: &Disclosure, zone: &str) {
    html.tag("h3").text(words::channel(told.channel));
    html.tag("p").inside(|html| moment(html, told.at_ms, zone));
    html.tag("p").class("soft").inside(|html| {
        html.text("Wording ");
        html.tag("code").text(&told.wording);
        if let Some(text) = &told.text {
            html.text(": ");
            html.tag("q").text(text);
        }
    });
    if let Some(said) = &told.said {
        html.tag("blockquote").attr("dir", "auto").text(&said.text);
    }
}

fn wordings(html: &mut Html, proof: &Proof) {
    html.tag("h2").text("The words that were shown");
    if proof.wordings.is_empty() {
        html.tag("p").class("soft").text("No entry rests on a wording of ours.");
        return;
    }
    html.tag("ol").class("words").inside(|html| {
        for wording in &proof.wordings {
            html.tag("li").inside(|html| {
                html.tag("h3").inside(|html| html.tag("code").text(&wording.version));
                html.tag("blockquote").text(&wording.text);
            });
        }
    });
}

fn how_to_check(html: &mut Html) {
    html.tag("h2").text("How to check this");
    html.tag("p").inside(|html| {
        html.text("Take the same as JSON, and run ");
        html.tag("code").text("verify-consent FILE.json");
        html.text(
            ": it recomputes every hash offline and names the first entry that was changed, left out or moved. An \
             address’s newest hash, once kept elsewhere, shows later that nothing before it was written anew.",
        );
    });
}

#[cfg(test)]
mod tests;
