//! The built worker in workerd with D1, Durable Objects and Queues: real sockets and the sandbox's HTTP interface.
//!
//! The worker's clock is moved from one thing that is due to the next, so that everything happens at its time here as well.

use std::{collections::BTreeMap, thread, time::Duration};

use serde_json::{Value, json};
use shared::{
    channel::Channel,
    contact::{Address, AddressKind},
    id::{ContactId, EventId},
    site::{Person, Site},
    store::{Answer, Arg, Row, Stmt},
    time::{DAY_MS, MINUTE_MS, Timestamp},
    wire::Speaker,
};

use super::stage::{self, Received, Stage};
use crate::{
    client::Call,
    clock::{Deadline, PATIENCE, fresh_ctx},
    shop::{ADMIN_TOKEN, Shop},
    visitor::{Door, Refusal, Visitor},
    world::World,
};

/// What is due next on the site: an answer, a delivery, a planned message, a step of a sequence, a promise.
const NEXT_DUE: &str = "SELECT min(due_at_ms) AS due_at_ms FROM (
      SELECT turn_due_at_ms AS due_at_ms FROM conversations WHERE site_id = ?1 AND turn_due_at_ms IS NOT NULL
      UNION ALL SELECT due_at_ms FROM deliveries WHERE site_id = ?1 AND state IN ('pending', 'sending')
      UNION ALL SELECT due_at_ms FROM planned WHERE site_id = ?1 AND state = 'waiting'
      UNION ALL SELECT due_at_ms FROM runs WHERE site_id = ?1 AND state = 'running'
      UNION ALL SELECT promise_wakes_at_ms FROM conversations WHERE site_id = ?1 AND promise_wakes_at_ms IS NOT NULL)";
/// The browser that said something.
const BROWSER: &str = "SELECT address_key FROM events WHERE site_id = ?1 AND id = ?2";
/// The clock moves no further at once.
const LEAP_MS: i64 = 30 * DAY_MS;
/// How often what is under way is looked at.
const MOMENT: Duration = Duration::from_millis(50);

/// The stage in workerd.
pub struct Workerd {
    world: World,
    shop: Shop,
    browsers: BTreeMap<String, Browser>,
}

struct Browser {
    visitor: Visitor,
    said: Option<EventId>,
    is_here: bool,
}

impl Workerd {
    /// A worker of one's own with the demo business.
    pub fn start() -> Result<Self, String> {
        let world = World::start()?;
        let (knowledge, sequences) = (stage::files("knowledge"), stage::files("sequences"));
        let shop = Shop { site: stage::site(), knowledge, sequences }.opens(world.edge());
        Ok(Self { world, shop, browsers: BTreeMap::new() })
    }

    /// Where the worker answers, without a trailing slash.
    pub fn url(&self) -> &str {
        self.world.edge()
    }

    fn browser_of(&mut self, who: &Person) -> &mut Browser {
        let (world, shop) = (&self.world, &self.shop);
        let browser = self.browsers.entry(who.name.clone()).or_insert_with(|| {
            let origin = shop.site.allowed_origins.first().map(String::as_str).unwrap_or_default();
            let visitor = Visitor::arrives(&Door::of(world.edge(), shop.key(), origin));
            Browser { visitor, said: None, is_here: true }
        });
        if !browser.is_here {
            browser.visitor.opens_a_socket();
            browser.is_here = true;
        }
        browser
    }

    fn team_does(&mut self, contact: &ContactId, path: &str, body: &Value) -> Result<(), String> {
        let url = format!("{}/api/sites/{}/contacts/{contact}/{path}", self.world.edge(), self.shop.site.id);
        let answer =
            Call::post_json(url, body).header("authorization", &format!("Bearer {ADMIN_TOKEN}")).send();
        if answer.status < 300 { Ok(()) } else { Err(answer.text()) }
    }

    fn next_due(&mut self) -> Option<Timestamp> {
        let stmt = Stmt { sql: NEXT_DUE, args: vec![self.shop.site.id.as_str().into()] };
        let row = self.ask(&stmt).rows.into_iter().next();
        row.and_then(|row| row.get("due_at_ms").and_then(Value::as_f64)).map(|ms| {
            #[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds is far below 2^53")]
            Timestamp::from_ms(ms as i64)
        })
    }

    fn moves(&mut self, ms: i64) {
        self.world.sandbox().advances(Duration::from_millis(u64::try_from(ms).unwrap_or_default()));
    }

    /// Waits until nothing is under way, nor due within so many milliseconds; the clock is moved to what is.
    fn comes_to_rest(&mut self, within_ms: i64) {
        let deadline = Deadline::within(PATIENCE);
        let mut looks = 0;
        while let Some(due) = self.next_due() {
            let now = self.now();
            if due > now.plus_ms(within_ms) {
                return;
            }
            assert!(deadline.left().is_some(), "something due at {} is not done at {}", due.ms(), now.ms());
            if due > now {
                self.moves(due.since_ms(now));
            }
            looks += 1;
            // Queues and the Room are given time before the healer.
            if looks % 40 == 0 {
                self.world.host.cron();
            }
            thread::sleep(MOMENT);
        }
    }
}

impl Stage for Workerd {
    fn site(&self) -> &Site {
        &self.shop.site
    }

    fn now(&mut self) -> Timestamp {
        Timestamp::from_ms(self.world.sandbox().advances(Duration::ZERO))
    }

    fn advance(&mut self, ms: i64) {
        let end = self.now().plus_ms(ms);
        // Nobody sits in front of a chat for hours; who comes back sees what was missed.
        for browser in self.browsers.values_mut() {
            browser.visitor.leaves();
            browser.is_here = false;
        }
        loop {
            let now = self.now();
            if now >= end {
                break;
            }
            let until = self.next_due().filter(|due| *due > now && *due < end).unwrap_or(end);
            self.moves(until.since_ms(now).min(LEAP_MS));
            self.world.host.cron();
            self.comes_to_rest(0);
        }
    }

    fn rests(&mut self) {
        self.comes_to_rest(MINUTE_MS);
    }

    fn chats(&mut self, who: &Person, text: &str) -> Result<(), String> {
        let browser = self.browser_of(who);
        let id = browser.visitor.says(text);
        browser.visitor.is_taken(&id).map_err(|refusal| told(&refusal))?;
        browser.said = Some(id);
        Ok(())
    }

    fn sends_form(&mut self, who: &Person, body: &str) -> Result<(), String> {
        let url = format!("{}/v1/forms/{}", self.world.edge(), self.shop.key());
        let browser = self.browser_of(who);
        let id = EventId::mint(&mut fresh_ctx());
        let body = format!("{body}&tl_id={id}&tl_token={}", browser.visitor.session.token);
        let origin = browser.visitor.door.origin.clone().unwrap_or_default();
        let answer = Call::post(url, "application/x-www-form-urlencoded", body)
            .header("origin", &origin)
            .header("accept", "application/json")
            .header("accept-language", "en")
            .send();
        if answer.status >= 300 {
            return Err(format!("{answer:?}"));
        }
        browser.said = Some(id);
        Ok(())
    }

    fn confirms(&mut self, token: &str) -> Result<(), String> {
        let url = format!("{}/c/{token}", self.world.edge());
        let page = Call::get(&url).send();
        if page.status != 200 || !page.text().contains("<button") {
            return Err(format!("{page:?}"));
        }
        let answer = Call::post(url, "application/x-www-form-urlencoded", "").send();
        if answer.status == 200 { Ok(()) } else { Err(format!("{answer:?}")) }
    }

    fn continues(&mut self, who: &Person, channel: Channel, address: &str) -> Result<(), String> {
        let visitor = &mut self.browser_of(who).visitor;
        let id = visitor.continues_by(channel, address);
        visitor.is_taken(&id).map(drop).map_err(|refusal| told(&refusal))
    }

    fn messages(&mut self, channel: Channel, from: &str, text: &str) {
        let line = self.shop.site.endpoint_on(channel).map(|endpoint| endpoint.address.clone());
        self.world.sandbox().reaches(channel, from, &line.unwrap_or_default(), text);
    }

    fn team_writes(
        &mut self,
        contact: &ContactId,
        by: &str,
        channel: Option<Channel>,
        text: &str,
    ) -> Result<(), String> {
        self.team_does(contact, "messages", &json!({ "by": by, "channel": channel, "text": text }))
    }

    fn team_gives_back(&mut self, contact: &ContactId, by: &str) -> Result<(), String> {
        self.team_does(contact, "floor/given-back", &json!({ "by": by }))
    }

    fn mails(&mut self, from: &str, subject: &str, text: &str, answers: Option<&str>) {
        let sandbox = self.world.sandbox();
        match answers {
            None => sandbox.writes(from, self.shop.mailbox(), subject, text),
            Some(id) => {
                let mail = sandbox.inbox(from).into_iter().find(|mail| mail.id == id);
                sandbox.answers(&mail.expect("the mail that is answered"), text)
            }
        };
    }

    fn chat(&mut self, who: &Person) -> Vec<Received> {
        if !self.browsers.contains_key(&who.name) {
            return Vec::new();
        }
        let visitor = &mut self.browser_of(who).visitor;
        visitor.says_hello();
        let theirs = visitor.items.values().filter(|item| item.speaker != Speaker::Contact);
        theirs.cloned().map(Received::from).collect()
    }

    fn browser(&mut self, who: &Person) -> Option<Address> {
        let said = self.browsers.get(&who.name)?.said.clone()?;
        let args = vec![self.shop.site.id.as_str().into(), said.as_str().into()];
        let row = self.ask(&Stmt { sql: BROWSER, args }).rows.into_iter().next()?;
        Some(Address::new(AddressKind::Visitor, row.get("address_key")?.as_str()?))
    }

    fn ask(&mut self, stmt: &Stmt) -> Answer {
        let params: Vec<Value> = stmt.args.iter().map(json_of).collect();
        let rows = self.world.host.query(stmt.sql, &params);
        Answer { rows: rows.into_iter().map(row_of).collect(), changes: 0 }
    }
}

fn told(refusal: &Refusal) -> String {
    format!("{}: {}", refusal.code, refusal.text)
}

fn json_of(arg: &Arg) -> Value {
    match arg {
        Arg::Null => Value::Null,
        Arg::Int(number) => json!(number),
        Arg::Text(text) => json!(text),
    }
}

fn row_of(row: Value) -> Row {
    match row {
        Value::Object(fields) => fields.into_iter().collect(),
        other => panic!("not a row: {other}"),
    }
}
