//! Files that go with messages: what is taken, where it goes, and when it ends.

use shared::{
    api::timeline::{Said, What},
    channel::Channel,
    command::TeamReply,
    event::Message,
    file::{self, File},
    flow::{FlowError, Scope, files, inbox::timeline, team},
    id::{ContactId, EventId, FileId, VisitorId},
    store::{Stmt, files as rows},
    time::{DAY_MS, HOUR_MS, MINUTE_MS},
    wire::{Attachment, ClientFrame, MAX_FILES, ServerFrame},
};

use crate::world::{World, mailbox, now, outside::Net, phone, web};

const MARIA: &str = "+14155552671";
const MAILBOX: &str = "maria@example.com";
const JUN: &str = "Jun Park";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const PDF: &[u8] = b"%PDF-1.7\nA quote for Maria";

/// Maria has written by email and by text.
fn with_maria(seed: u64) -> (World, ContactId) {
    let mut world = World::with_knowledge(seed, &["prices.md"]);
    world.mails(MAILBOX, "Prices", "How much is a full service?", None);
    world.advance(MINUTE_MS);
    let contact = world.contact(&mailbox(MAILBOX)).unwrap();
    (world, contact)
}

fn uploads(
    world: &mut World,
    contact: &ContactId,
    name: &str,
    bytes: &[u8],
) -> Result<Attachment, FlowError> {
    let mut ctx = world.ctx.clone();
    let net = Net { scope: world.scope(), ctx: ctx.clone(), outside: &world.outside };
    let kept = now(files::upload(world.scope(), &net, &mut ctx, contact, (name, bytes.to_vec())));
    world.ctx = ctx;
    kept
}

fn sends(
    world: &mut World,
    contact: &ContactId,
    (channel, text): (Channel, &str),
    files: &[&Attachment],
) -> Result<(), FlowError> {
    let files = files.iter().map(|file| file.id.clone()).collect();
    let reply = TeamReply { by: JUN.into(), channel: Some(channel), subject: None, text: text.into(), files };
    let mut ctx = world.ctx.clone();
    let handled = now(team::reply(world.scope(), &mut ctx, contact, reply));
    world.ctx = ctx;
    handled.map(|handled| {
        world.note(handled.effects);
        world.settle();
    })
}

/// A browser uploads a file.
fn brings(world: &mut World, visitor: &VisitorId, name: &str, bytes: &[u8]) -> Result<Attachment, FlowError> {
    let mut ctx = world.ctx.clone();
    let net = Net { scope: world.scope(), ctx: ctx.clone(), outside: &world.outside };
    let kept = now(files::upload_of_visitor(world.scope(), &net, &mut ctx, visitor, (name, bytes.to_vec())));
    world.ctx = ctx;
    kept
}

fn says(world: &mut World, visitor: &VisitorId, text: &str, files: &[&Attachment]) -> Result<(), FlowError> {
    let id = EventId::mint(&mut world.ctx);
    let files = files.iter().map(|file| file.id.clone()).collect();
    world.frame(visitor, &ClientFrame::Say { id, text: text.to_owned(), files }).map(drop)
}

fn code<T: std::fmt::Debug>(refused: Result<T, FlowError>) -> &'static str {
    match refused {
        Err(FlowError::Rejected(why)) => why.code,
        other => panic!("{other:?}"),
    }
}

/// The newest message that has a file.
fn newest(world: &World, contact: &ContactId) -> Message {
    let with_file = |event: shared::event::Event| event.message().cloned().filter(|it| !it.files.is_empty());
    world.timeline(contact).into_iter().rev().find_map(with_file).expect("a message with a file")
}

/// What the inbox is told of it.
fn told(world: &World, contact: &ContactId) -> Said {
    let from = timeline::From::End;
    let stretch = now(timeline::load_stretch(world.scope(), &world.ctx, contact, &from, 50)).unwrap();
    let said = |what: What| match what {
        What::Said(said) if !said.files.is_empty() => Some(said),
        _ => None,
    };
    stretch.entries.into_iter().rev().find_map(|entry| said(entry.what)).expect("an entry with a file")
}

/// What a link leads to.
fn follows(world: &World, url: &str) -> Result<File, FlowError> {
    let token = url.rsplit('/').next().unwrap();
    now(files::load_linked(&world.db, "test-signing-key", token, world.ctx.now))
}

/// The ids of all files that are known.
fn known(world: &World) -> usize {
    world.db.run(&Stmt { sql: "SELECT id FROM files", args: Vec::new() }).unwrap().rows.len()
}

fn kept(world: &World) -> usize {
    world.outside.files.borrow().len()
}

#[test]
fn a_file_goes_with_an_email_and_stays_on_the_timeline() {
    let (mut world, maria) = with_maria(700);
    let quote = uploads(&mut world, &maria, "../quote.exe", PDF).unwrap();
    assert_eq!((quote.name.as_str(), quote.media_type.as_str()), ("quote.exe.pdf", "application/pdf"));
    sends(&mut world, &maria, (Channel::Email, "Here is your quote."), &[&quote]).unwrap();
    let mail = world.sandbox(MAILBOX).remove(0);
    assert!(mail.text.starts_with("Here is your quote."), "{}", mail.text);
    let raw = mail.raw.unwrap();
    assert!(raw.contains("multipart/mixed") && raw.contains("quote.exe.pdf"), "{raw}");
    let encoded = shared::signature::base64(PDF);
    assert!(raw.replace("\r\n", "").contains(&encoded), "{raw}");
    let message = newest(&world, &maria);
    assert_eq!((message.files[0].id.clone(), message.words().as_str()), (quote.id, "Here is your quote."));
    assert!(message.files[0].url.is_empty(), "a link is never stored");
    world.advance(3 * DAY_MS);
    assert_eq!((known(&world), kept(&world)), (1, 1), "what was sent is never swept");
    let file = follows(&world, &told(&world, &maria).files[0].url).unwrap();
    assert_eq!((file.name.as_str(), file.bytes as usize), ("quote.exe.pdf", PDF.len()));
}

#[test]
fn a_file_that_a_channel_does_not_carry_goes_as_a_link_that_ends() {
    let (mut world, _) = with_maria(701);
    world.texts(MARIA, "How much is a puncture?");
    world.advance(MINUTE_MS);
    let rosa = world.contact(&phone(MARIA)).unwrap();
    let quote = uploads(&mut world, &rosa, "quote.pdf", PDF).unwrap();
    sends(&mut world, &rosa, (Channel::Sms, "Your quote:"), &[&quote]).unwrap();
    let text = world.sandbox(MARIA).remove(0).text;
    let (words, url) = text.split_once("\nquote.pdf: ").expect("a link");
    assert_eq!(words, "Your quote:");
    assert!(url.starts_with("https://edge.example/files/"), "{url}");
    assert!(url.len() <= file::LINK_CHARS, "what is billed is what is sent: {}", url.len());
    assert_eq!(follows(&world, url).unwrap().id, quote.id);
    world.advance(31 * DAY_MS);
    assert_eq!(code(follows(&world, url)), "link_ended");
    assert_eq!(code(follows(&world, "https://edge.example/files/abc.def")), "unknown_file");
}

#[test]
fn a_file_goes_with_one_message_of_its_own_contact() {
    let (mut world, maria) = with_maria(702);
    world.texts("+14155550123", "Hello, how much is a puncture?");
    world.advance(MINUTE_MS);
    let other = world.contact(&phone("+14155550123")).unwrap();
    let quote = uploads(&mut world, &maria, "quote.pdf", PDF).unwrap();
    assert_eq!(code(sends(&mut world, &other, (Channel::Sms, "x"), &[&quote])), "unknown_file");
    sends(&mut world, &maria, (Channel::Email, "x"), &[&quote]).unwrap();
    assert_eq!(code(sends(&mut world, &maria, (Channel::Email, "x"), &[&quote])), "file_sent");
    let nowhere = Attachment { id: FileId::parse("fil_none").unwrap(), ..quote };
    assert_eq!(code(sends(&mut world, &maria, (Channel::Email, "x"), &[&nowhere])), "unknown_file");
    let many: Vec<_> = (0..=MAX_FILES).map(|_| &nowhere).collect();
    assert_eq!(code(sends(&mut world, &maria, (Channel::Email, "x"), &many)), "too_many_files");
    assert_eq!(code(uploads(&mut world, &maria, "x.svg", b"<svg onload=alert(1)>")), "bad_file");
    let stranger = ContactId::parse("ctc_nobody").unwrap();
    assert_eq!(code(uploads(&mut world, &stranger, "x.png", PNG)), "unknown_conversation");
}

#[test]
fn what_was_uploaded_and_never_sent_is_gone_after_a_day() {
    let (mut world, maria) = with_maria(703);
    let quote = uploads(&mut world, &maria, "quote.pdf", PDF).unwrap();
    world.advance(23 * HOUR_MS);
    assert_eq!((known(&world), kept(&world)), (1, 1));
    // The store does not answer: it is tried again, and nobody reaches the file meanwhile.
    world.outside.files_are_down.set(true);
    world.advance(2 * HOUR_MS);
    assert_eq!((known(&world), kept(&world)), (1, 1));
    assert_eq!(code(sends(&mut world, &maria, (Channel::Email, "x"), &[&quote])), "unknown_file");
    world.outside.files_are_down.set(false);
    world.sweep();
    assert_eq!((known(&world), kept(&world)), (0, 0));
}

#[test]
fn a_store_that_does_not_answer_loses_no_upload_and_puts_off_a_mail() {
    let (mut world, maria) = with_maria(704);
    world.outside.files_are_down.set(true);
    assert!(matches!(uploads(&mut world, &maria, "quote.pdf", PDF), Err(FlowError::Store(_))));
    world.outside.files_are_down.set(false);
    let quote = uploads(&mut world, &maria, "quote.pdf", PDF).unwrap();
    world.outside.files_are_down.set(true);
    let before = world.sandbox(MAILBOX).len();
    sends(&mut world, &maria, (Channel::Email, "Your quote."), &[&quote]).unwrap();
    assert_eq!(world.sandbox(MAILBOX).len(), before, "it does not go without its file");
    world.outside.files_are_down.set(false);
    world.advance(HOUR_MS);
    assert!(world.sandbox(MAILBOX)[0].raw.as_ref().unwrap().contains("quote.pdf"));
}

#[test]
fn a_visitor_sends_a_picture_and_sees_it_and_nobody_elses() {
    let mut world = World::with_knowledge(705, &["prices.md"]);
    let (ana, bea) = (world.visitor(), world.visitor());
    let photo = brings(&mut world, &ana, "bike.jpg", PNG).unwrap();
    assert_eq!(photo.name, "bike.jpg.png");
    assert_eq!(code(says(&mut world, &bea, "Mine!", &[&photo])), "unknown_file");
    says(&mut world, &ana, "", &[&photo]).unwrap();
    world.settle();
    let contact = world.contact(&web(&ana)).unwrap();
    let message = newest(&world, &contact);
    assert_eq!(message.text, "[attachment: bike.jpg.png]", "the assistant and the search know of it");
    assert_eq!(message.words(), "");
    let ready = now(shared::flow::catch_up::ready(world.scope(), &ana, None, 0, world.ctx.now)).unwrap();
    let ServerFrame::Ready { items, .. } = ready else { panic!("not ready") };
    let shown = &items[0].files[0];
    assert_eq!((shown.id.clone(), items[0].text.as_str()), (photo.id, ""));
    assert_eq!(follows(&world, &shown.url).unwrap().name, "bike.jpg.png");
    assert_eq!(code(says(&mut world, &ana, "", &[])), "empty");
}

#[test]
fn a_browser_uploads_so_many_files_an_hour_and_no_more() {
    let mut world = World::with_knowledge(706, &["prices.md"]);
    let (ana, bea) = (world.visitor(), world.visitor());
    for _ in 0..20 {
        brings(&mut world, &ana, "bike.png", PNG).unwrap();
    }
    assert_eq!(code(brings(&mut world, &ana, "bike.png", PNG)), "rate_limited");
    brings(&mut world, &bea, "bike.png", PNG).unwrap();
    world.advance(HOUR_MS);
    brings(&mut world, &ana, "bike.png", PNG).unwrap();
}

/// A mail with two files: one that is taken, one that is not.
fn mail_with_files(id: &str) -> String {
    let photo = shared::signature::base64(PNG);
    format!(
        "From: Maria <{MAILBOX}>\r\nTo: hello@larkspur.example\r\nSubject: My bike\r\nMessage-ID: <{id}@example.com>\r\n\
         Authentication-Results: mx.cloudflare.net; dkim=pass header.d=example.com; dmarc=pass header.from=example.com\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         The chain jumps.\r\n--b\r\nContent-Type: image/png; name=\"my bike.png\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=\"my bike.png\"\r\n\r\n{photo}\r\n--b\r\nContent-Type: image/png\r\n\
         Content-Disposition: attachment; filename=\"virus.png\"\r\n\r\n<svg onload=alert(1)>\r\n--b--\r\n"
    )
}

#[test]
fn what_came_with_a_mail_is_kept_once_and_what_is_not_taken_is_named() {
    let (mut world, maria) = with_maria(707);
    let to = world.endpoint(Channel::Email).address;
    for _ in 0..2 {
        world.routed(MAILBOX, &to, mail_with_files("m1"));
    }
    world.settle();
    let message = newest(&world, &maria);
    assert_eq!(message.files.len(), 1);
    assert_eq!(
        message.text,
        "The chain jumps.\n[attachment: my bike.png]\n[attachment: virus.png (not kept: bad file)]"
    );
    assert_eq!((known(&world), kept(&world)), (1, 1), "the same mail again keeps nothing twice");
    let said = told(&world, &maria);
    assert_eq!(said.text, "The chain jumps.\n[attachment: virus.png (not kept: bad file)]");
    world.advance(2 * DAY_MS);
    assert_eq!(follows(&world, &told(&world, &maria).files[0].url).unwrap().media_type, "image/png");
}

#[test]
fn what_a_mail_brought_is_not_lost_when_the_store_does_not_answer() {
    let (world, _) = with_maria(708);
    let endpoint = world.endpoint(Channel::Email);
    let request = shared::http::Request {
        method: "EMAIL".into(),
        ..shared::http::Request::post("", "message/rfc822", mail_with_files("m2").into_bytes())
            .with_header("x-envelope-from", MAILBOX)
            .with_header("x-envelope-to", &endpoint.address)
    };
    let mut site = world.site.clone();
    let line = site.endpoints.iter_mut().find(|line| line.id == endpoint.id).unwrap();
    line.provider = "cloudflare".into();
    let line = line.clone();
    world.outside.files_are_down.set(true);
    let scope = Scope { site: &site, ..world.scope() };
    let net = Net { scope, ctx: world.ctx.clone(), outside: &world.outside };
    let mut ctx = world.ctx.clone();
    let taken = now(shared::flow::ingest::webhook(scope, &net, &mut ctx, &line, &request));
    assert!(matches!(taken, Err(FlowError::Store(_))), "it is delivered again: {taken:?}");
}

#[test]
fn erasing_a_person_erases_their_files_even_if_the_store_is_away_at_first() {
    let (mut world, maria) = with_maria(709);
    let quote = uploads(&mut world, &maria, "quote of maria.pdf", PDF).unwrap();
    sends(&mut world, &maria, (Channel::Email, "Your quote."), &[&quote]).unwrap();
    let url = told(&world, &maria).files[0].url.clone();
    world.outside.files_are_down.set(true);
    let mut ctx = world.ctx.clone();
    let erased =
        now(shared::flow::people::erase::erase(world.scope(), &mut ctx, &maria, JUN.into())).unwrap();
    world.ctx = ctx;
    world.note(erased.effects);
    world.settle();
    assert_eq!(code(follows(&world, &url)), "unknown_file", "from now on nobody gets it");
    let left = world.db.run(&Stmt { sql: "SELECT name, sha256 FROM files", args: Vec::new() }).unwrap();
    assert!(!format!("{left:?}").contains("quote"), "{left:?}");
    assert_eq!(kept(&world), 1);
    world.outside.files_are_down.set(false);
    world.advance(MINUTE_MS);
    assert_eq!((known(&world), kept(&world)), (0, 0));
}

#[test]
fn another_sites_file_is_not_there() {
    let (mut world, maria) = with_maria(710);
    let quote = uploads(&mut world, &maria, "quote.pdf", PDF).unwrap();
    let other = shared::id::SiteId::parse("ste_other").unwrap();
    let found = world.db.run(&rows::named(&other, std::slice::from_ref(&quote.id))).unwrap();
    assert!(rows::decode(found).unwrap().is_empty());
    let named = file::link::Named { site: other, id: quote.id, until: world.ctx.now.plus_ms(HOUR_MS) };
    let token = file::link::seal("test-signing-key", &named);
    assert_eq!(code(follows(&world, &token)), "unknown_file");
}
