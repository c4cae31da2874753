//! The whole product in this process, on SQLite and under a virtual clock: a scenario takes milliseconds.

use std::collections::BTreeMap;

use shared::{
    channel::{Channel, email::confirm},
    command::{FloorWish, TeamReply},
    contact::Address,
    flow::{
        confirm::{Presser, press},
        forms, team,
    },
    form,
    id::{ContactId, VisitorId},
    site::{Person, Site},
    store::{Answer, Stmt, events},
    time::{MINUTE_MS, Timestamp},
    wire::{Item, Speaker},
};

use super::stage::{self, Received, Stage};
use crate::native::{World, now, web};

/// The native stage.
pub struct Native {
    world: World,
    browsers: BTreeMap<String, VisitorId>,
}

impl Native {
    /// The demo business, some Monday ahead.
    pub fn new() -> Self {
        Self { world: World::of(1, stage::import()), browsers: BTreeMap::new() }
    }

    fn visitor(&mut self, who: &Person) -> VisitorId {
        let world = &mut self.world;
        self.browsers.entry(who.name.clone()).or_insert_with(|| world.visitor()).clone()
    }
}

impl Default for Native {
    fn default() -> Self {
        Self::new()
    }
}

impl Stage for Native {
    fn site(&self) -> &Site {
        &self.world.site
    }

    fn now(&mut self) -> Timestamp {
        self.world.ctx.now
    }

    fn advance(&mut self, ms: i64) {
        self.world.advance(ms);
    }

    fn rests(&mut self) {
        let end = self.world.ctx.now.plus_ms(MINUTE_MS);
        while let Some((due, _)) = self.world.waiting.keys().next().copied().filter(|(due, _)| *due <= end) {
            self.world.ctx.now = self.world.ctx.now.max(due);
            self.world.settle();
        }
    }

    fn chats(&mut self, who: &Person, text: &str) -> Result<(), String> {
        let visitor = self.visitor(who);
        self.world.says(&visitor, text).map(drop).map_err(|error| error.to_string())
    }

    fn sends_form(&mut self, who: &Person, body: &str) -> Result<(), String> {
        let visitor = self.visitor(who);
        let posted = form::read(body.as_bytes()).map_err(|error| error.to_string())?;
        let mut ctx = self.world.ctx.clone();
        let handled = now(forms::take(self.world.scope(), &mut ctx, &visitor, "en", &posted));
        self.world.ctx = ctx;
        self.world.note(handled.map_err(|error| error.to_string())?.effects);
        Ok(())
    }

    fn confirms(&mut self, token: &str) -> Result<(), String> {
        let key = self.world.scope().secrets.secret("SIGNING_KEY").unwrap_or_default();
        let asked = confirm::open(&key, token).ok_or("The link is none of ours.")?;
        let mut ctx = self.world.ctx.clone();
        let pressed = now(press(self.world.scope(), &mut ctx, &asked, token, Presser::default()));
        self.world.ctx = ctx;
        self.world.note(pressed.map_err(|error| error.to_string())?.effects);
        Ok(())
    }

    fn continues(&mut self, who: &Person, channel: Channel, address: &str) -> Result<(), String> {
        let visitor = self.visitor(who);
        self.world.continues(&visitor, channel, address).map(drop).map_err(|error| error.to_string())
    }

    fn messages(&mut self, channel: Channel, from: &str, text: &str) {
        self.world.messages(channel, from, text);
    }

    fn team_writes(
        &mut self,
        contact: &ContactId,
        by: &str,
        channel: Option<Channel>,
        text: &str,
    ) -> Result<(), String> {
        let reply =
            TeamReply { by: by.to_owned(), channel, subject: None, text: text.to_owned(), files: Vec::new() };
        let mut ctx = self.world.ctx.clone();
        let handled = now(team::reply(self.world.scope(), &mut ctx, contact, reply));
        self.world.ctx = ctx;
        self.world.note(handled.map_err(|error| error.to_string())?.effects);
        Ok(())
    }

    fn team_gives_back(&mut self, contact: &ContactId, by: &str) -> Result<(), String> {
        let wish = FloorWish { by: by.to_owned(), take: false, force: false };
        let mut ctx = self.world.ctx.clone();
        let handled = now(team::floor(self.world.scope(), &mut ctx, contact, wish));
        self.world.ctx = ctx;
        self.world.note(handled.map_err(|error| error.to_string())?.effects);
        Ok(())
    }

    fn mails(&mut self, from: &str, subject: &str, text: &str, answers: Option<&str>) {
        self.world.mails(from, subject, text, answers);
    }

    fn chat(&mut self, who: &Person) -> Vec<Received> {
        let Some(browser) = self.browser(who) else { return Vec::new() };
        let Some(contact) = self.world.contact(&browser) else { return Vec::new() };
        let answer = self.ask(&events::recent(&self.world.site.id.clone(), &contact, 10_000));
        let events = events::decode_events(answer).expect("a timeline");
        let shown = events.into_iter().rev().filter_map(|event| event.item_for(&browser));
        shown.filter(|item| item.speaker != Speaker::Contact).map(Received::from).collect()
    }

    fn browser(&mut self, who: &Person) -> Option<Address> {
        self.browsers.get(&who.name).map(web)
    }

    fn ask(&mut self, stmt: &Stmt) -> Answer {
        self.world.db.run(stmt).unwrap_or_else(|error| panic!("{}: {error}", stmt.sql))
    }
}

impl From<Item> for Received {
    fn from(item: Item) -> Self {
        let (at, subject, text, offers) = (item.at, item.subject, item.text, item.offers);
        Self { id: String::new(), at, subject, text, offers }
    }
}
