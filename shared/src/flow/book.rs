//! The booking page: what it shows, and what its form books. Reading it changes nothing.
//!
//! Whoever books on the site's own page is a visitor of their own, minted into the form: the appointment belongs to that
//! visitor's line, and the typed mailbox is a claim. Whoever opens a personal link books as the contact it names, on that
//! contact's own line, and types nothing of themselves. Either way the same form twice is one booking.

use super::{
    FlowError, Scope, handle,
    link::{Posted, end_of, path_of},
    times::{chosen, home_of, is_free, lang_of, load_instead, load_times, start_of, zone_of},
};
use crate::{
    api::person::BookingLink,
    appointment::{
        booker::{Booker, Field},
        id_of, link,
    },
    channel::Channel,
    command::{Appoint, Arrival, Ask, Command, VisitorHints, Wish},
    contact::{Address, AddressKind, Handle},
    ctx::Ctx,
    error::Rejection,
    fields::Fields,
    flow::catch_up::address_of,
    id::{ContactId, EventId, ServiceId, SiteId, VisitorId},
    identity,
    page::{BookView, Details, Frame, Offer, Owner, Step, TRAP},
    phrases::{Lang, appointments::Refusal, booking_page as words},
    signature,
    site::{Site, booking::Service},
    store::{Db, DbError, contacts},
    time::Timestamp,
    wire::Speaker,
};

/// Keeps a form's token from being valid as any other under the same key.
const PURPOSE: &str = "booking form";
/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 500;

/// Who opens the page, as far as the request tells it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Visit<'a> {
    /// The browser's languages, as `Accept-Language` has them.
    pub accepted: &'a str,
    /// The IANA zone the request came from; empty where it is not known.
    pub zone: &'a str,
    /// The token of a personal link; none on the site's own page.
    pub token: Option<&'a str>,
}

/// What the page shows; `query` is the page's own. 404 `nothing_to_book` where the site has nothing that can be booked here,
/// 410 `ended_link` where a personal link has ended or its contact is gone.
pub async fn show<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    query: &Fields,
    visit: Visit<'_>,
) -> Result<BookView, FlowError> {
    let page = Page::of(scope, ctx, query, visit).await?;
    let Some(service) = page.service else { return Ok(page.services(query, None)) };
    let start = start_of(query);
    if let Some(start) = start
        && is_free(scope, ctx, service, start).await?
    {
        let time = Some((start, end_of(service, start)));
        return Ok(page.details(scope, ctx, Details { time, ..page.blank(service) }));
    }
    let from = query.get("from");
    let free = load_times(scope, ctx, service, &page.frame.zone, from).await?;
    let trouble = start.map(|_| Refusal::SlotTaken.text(page.frame.lang).to_owned());
    Ok(page.view(Step::Times(page.offer(service), free), trouble))
}

/// Books what the form asks for. What cannot be taken leaves what was typed, and says what to change.
pub async fn book<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    form: &Fields,
    visit: Visit<'_>,
) -> Result<Posted<BookView>, FlowError> {
    let page = Page::of(scope, ctx, form, visit).await?;
    let lang = page.frame.lang;
    let refused = |view, status| Ok(Posted::Refused(Box::new(view), status));
    let Some(service) = page.service else {
        let why = Refusal::UnknownService;
        return refused(page.services(form, Some(why.text(lang))), why.status());
    };
    let start = start_of(form);
    let (booker, note) = (booker_of(form), form.get("note").to_owned());
    let mut details = Details {
        time: start.map(|start| (start, end_of(service, start))),
        booker: booker.clone(),
        note: note.clone(),
        ..page.blank(service)
    };
    let is_known = page.person.is_some();
    let mut wrong = booker.read(&scope.site.region).err().filter(|_| !is_known).unwrap_or_default();
    if note.chars().count() > MAX_NOTE_CHARS {
        wrong.push(Field::Note);
    }
    if start.is_none() {
        wrong.insert(0, Field::Start);
    }
    details.wrong = wrong.iter().map(|field| (*field, words::wrong(lang, *field).to_owned())).collect();
    let Some(start) = start.filter(|_| details.wrong.is_empty()) else {
        if start.is_none() {
            let now = ctx.now;
            details.instead = load_instead(scope, ctx, service, &page.frame.zone, now).await?;
        }
        return refused(page.details(scope, ctx, details), 400);
    };
    let visitor = open(scope, form.get("form"));
    let Some(visitor) = visitor.filter(|_| form.get(TRAP).is_empty()) else {
        let why = if form.get(TRAP).is_empty() { words::stale_form(lang) } else { words::trapped(lang) };
        let view = BookView { trouble: Some(why.to_owned()), ..page.details(scope, ctx, details) };
        return refused(view, 400);
    };
    let (event, command) =
        page.command(scope.site, ctx, (&visitor, form), (service, start), (booker, note))?;
    match handle(scope, ctx, &command).await {
        Ok(handled) => {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("done", "booked").extend_pairs(chosen(form));
            let path = format!("{}?{}", path_of(scope, &id_of(&event)), query.finish());
            Ok(Posted::Done(handled, path))
        }
        Err(FlowError::Rejected(why)) => {
            let status = why.status;
            let view = page.explained(scope, ctx, service, start, details, why).await?;
            refused(view, status)
        }
        Err(error) => Err(error),
    }
}

fn booker_of(form: &Fields) -> Booker {
    let field = |name| form.get(name).to_owned();
    Booker { name: field("name"), email: field("email"), phone: field("phone") }
}

/// A contact's personal link, to be given to them alone; that it was given is noted. 404 `unknown_contact`; 404 `nothing_to_book` where the site books
/// nothing.
pub async fn give_link<D: Db>(
    scope: Scope<'_, D>,
    ctx: &mut Ctx,
    contact: &ContactId,
) -> Result<BookingLink, FlowError> {
    let found = scope.db.query(&contacts::contact(&scope.site.id, contact)).await?;
    let unknown = || Rejection::new(404, "unknown_contact", "This site has no contact of this id.");
    let found = contacts::decode_one(found)?.ok_or_else(unknown)?;
    let nothing = || Rejection::new(404, "nothing_to_book", "Give the site's definition a `booking` first.");
    let url = scope.personal_link(&found.id, ctx.now).ok_or_else(nothing)?;
    if let Some(noted) = scope.noted(ctx) {
        scope.db.batch(&[noted]).await?;
    }
    Ok(BookingLink { url, until_ms: link::personal_until(ctx.now) })
}

/// The site of a personal link's token that we signed; `None` for anything else.
pub fn site_of_token(key: &str, token: &str) -> Option<SiteId> {
    link::open_personal(key, token).map(|(site, ..)| site)
}

/// As whom a personal link books.
struct Person {
    name: String,
    line: Address,
}

/// The contact of a personal link, and the line they book on: a proven one before others, a mailbox before others.
async fn load_person<D: Db>(
    scope: Scope<'_, D>,
    ctx: &Ctx,
    token: &str,
) -> Result<Option<Person>, FlowError> {
    let key = scope.secrets.secret("SIGNING_KEY").unwrap_or_default();
    let named = link::open_personal(&key, token)
        .filter(|(site, _, until)| *site == scope.site.id && ctx.now < *until);
    let Some((_, contact, _)) = named else { return Ok(None) };
    let site = &scope.site.id;
    let stmts = [contacts::contact(site, &contact), contacts::handles(site, &contact)];
    let mut rows = scope.db.batch(&stmts).await?.into_iter();
    let found = contacts::decode_one(rows.next().unwrap_or_default())?;
    let handles = contacts::decode_handles(rows.next().unwrap_or_default())?;
    let usable =
        |handle: &Handle| !handle.is_shared && scope.site.endpoint_for(handle.address.kind).is_some();
    let rank = |handle: &Handle| (handle.assurance, handle.address.kind == AddressKind::Email);
    let line = handles.into_iter().filter(usable).max_by_key(rank).map(|handle| handle.address);
    Ok(found.zip(line).map(|(found, line)| Person { name: found.name.unwrap_or_default(), line }))
}

/// What a request is about.
struct Page<'a> {
    person: Option<Person>,
    elsewhere: String,
    frame: Frame,
    service: Option<&'a Service>,
    services: &'a [Service],
}

impl<'a> Page<'a> {
    async fn of<D: Db>(
        scope: Scope<'a, D>,
        ctx: &Ctx,
        form: &Fields,
        visit: Visit<'_>,
    ) -> Result<Self, FlowError> {
        let site = scope.site;
        let person = match visit.token {
            Some(token) => {
                let ended = || Rejection::new(410, "ended_link", "This personal link has ended.");
                Some(load_person(scope, ctx, token).await?.ok_or_else(ended)?)
            }
            None => None,
        };
        // Whoever books without a link is a visitor, and visitors are on the widget's line.
        let can_book = person.is_some() || site.endpoint_on(Channel::Widget).is_some();
        let booking = site.booking.as_ref().filter(|_| can_book);
        let services = booking.map_or(&[][..], |booking| booking.services.as_slice());
        let nothing = || Rejection::new(404, "nothing_to_book", "Nothing can be booked here.");
        let only = if services.len() == 1 { services.first() } else { None };
        let first = services.first().ok_or_else(nothing)?;
        let named = ServiceId::parse(form.get("service")).ok();
        let service = services.iter().find(|service| Some(&service.id) == named.as_ref()).or(only);
        let home = home_of(site, service.unwrap_or(first).resources.first());
        let first_of_accepted = visit.accepted.split([',', ';']).next().unwrap_or_default().trim();
        let spoken = if first_of_accepted.is_empty() { &site.locale } else { first_of_accepted };
        let frame = Frame {
            lang: lang_of(form).unwrap_or_else(|| Lang::of(spoken)),
            site_name: site.name.clone(),
            address: site.address.clone(),
            phone: site.phone.clone(),
            path: visit.token.map_or_else(|| path(site), |token| format!("/book/{token}")),
            zone: zone_of(form, visit.zone, &home),
            home,
            chosen: chosen(form),
        };
        Ok(Self { person, elsewhere: path(site), frame, service, services })
    }

    fn view(&self, step: Step, trouble: Option<String>) -> BookView {
        let owner = self.person.as_ref().map(|person| Owner {
            name: person.name.clone(),
            shown: identity::mask(&person.line),
            elsewhere: self.elsewhere.clone(),
        });
        BookView { frame: self.frame.clone(), step, owner, trouble }
    }

    fn offer(&self, service: &Service) -> Offer {
        let Service { id, name, duration_min, .. } = service;
        let has_others = self.services.len() > 1;
        Offer { id: id.clone(), name: name.clone(), duration_min: *duration_min, has_others }
    }

    fn services(&self, form: &Fields, trouble: Option<&str>) -> BookView {
        let unknown = !form.get("service").is_empty();
        let unknown = unknown.then(|| Refusal::UnknownService.text(self.frame.lang));
        let offers = self.services.iter().map(|service| self.offer(service)).collect();
        self.view(Step::Services(offers), trouble.or(unknown).map(str::to_owned))
    }

    fn blank(&self, service: &Service) -> Details {
        Details {
            offer: self.offer(service),
            time: None,
            instead: Vec::new(),
            booker: Booker::default(),
            note: String::new(),
            wrong: Vec::new(),
            token: String::new(),
        }
    }

    /// The last step, with a fresh token.
    fn details<D: Db>(&self, scope: Scope<'_, D>, ctx: &mut Ctx, details: Details) -> BookView {
        let token = seal(scope, &VisitorId::mint(ctx));
        self.view(Step::Details(Box::new(Details { token, ..details })), None)
    }

    /// The last step once more, with why it was refused beside what it is about.
    async fn explained<D: Db>(
        &self,
        scope: Scope<'_, D>,
        ctx: &mut Ctx,
        service: &Service,
        start: Timestamp,
        mut details: Details,
        why: Rejection,
    ) -> Result<BookView, DbError> {
        let gone = [Refusal::SlotTaken, Refusal::SlotPast, Refusal::DayFull, Refusal::NotBookable];
        let field = if gone.iter().any(|gone| gone.code() == why.code) {
            Some(Field::Start)
        } else {
            [Field::Name, Field::Email, Field::Phone, Field::Note]
                .into_iter()
                .find(|field| field.code() == why.code)
        };
        if field == Some(Field::Start) {
            details.time = None;
            details.instead = load_instead(scope, ctx, service, &self.frame.zone, start).await?;
        }
        details.wrong = field.map(|field| (field, why.text.clone())).into_iter().collect();
        let view = self.details(scope, ctx, details);
        Ok(BookView { trouble: field.is_none().then_some(why.text), ..view })
    }

    /// The command of a form, and the id its event gets.
    fn command(
        &self,
        site: &Site,
        ctx: &Ctx,
        (visitor, form): (&VisitorId, &Fields),
        (service, start): (&Service, Timestamp),
        (booker, note): (Booker, String),
    ) -> Result<(EventId, Command), Rejection> {
        let closed = || Rejection::new(404, "nothing_to_book", "Nothing can be booked here.");
        let from = self.person.as_ref().map_or_else(|| address_of(visitor), |person| person.line.clone());
        let line = site.endpoint_for(from.kind).ok_or_else(closed)?;
        let event = event_of(visitor).ok_or_else(closed)?;
        let chosen_zone = form.get("zone") == self.frame.zone;
        let arrival = Arrival {
            endpoint: line.id.clone(),
            external_id: format!("book/{visitor}"),
            event: event.clone(),
            at: ctx.now,
            visitor: Some(VisitorHints {
                locale: self.frame.lang.tag().to_owned(),
                time_zone: if chosen_zone { self.frame.zone.clone() } else { String::new() },
            }),
        };
        let note = Some(note).filter(|note| !note.is_empty());
        let wish = Wish { service: service.id.clone(), resource: None, start, note };
        let ask = if self.person.is_some() { Ask::Book(wish) } else { Ask::BookAs(wish, booker) };
        let appoint = Appoint { from, by: Speaker::Contact, version: None, ask };
        Ok((event, Command::Appoint(arrival, appoint)))
    }
}

/// The path of a site's booking page.
pub fn path(site: &Site) -> String {
    format!("/book/{}", site.id)
}

/// The id of the event that a visitor's booking becomes: it follows from theirs, so that the same form is one booking.
fn event_of(visitor: &VisitorId) -> Option<EventId> {
    let suffix = visitor.as_str().strip_prefix(VisitorId::PREFIX)?;
    EventId::parse(&format!("{}{suffix}", EventId::PREFIX)).ok()
}

fn seal<D: Db>(scope: Scope<'_, D>, visitor: &VisitorId) -> String {
    let key = scope.secrets.secret("SIGNING_KEY").unwrap_or_default();
    signature::seal(&key, PURPOSE, format!("{}\n{visitor}", scope.site.id).as_bytes())
}

/// The visitor of a form's token; `None` where it is none of this site's.
fn open<D: Db>(scope: Scope<'_, D>, token: &str) -> Option<VisitorId> {
    let key = scope.secrets.secret("SIGNING_KEY")?;
    let payload = String::from_utf8(signature::open(&key, PURPOSE, token)?).ok()?;
    let (site, visitor) = payload.split_once('\n')?;
    (site == scope.site.id.as_str()).then(|| VisitorId::parse(visitor).ok()).flatten()
}
