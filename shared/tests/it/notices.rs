//! Notices: what our own staff are told goes out once, through the site's own lines, and is withdrawn in time.

use shared::{
    channel::Channel,
    id::{AgentId, NoticeId},
    message::DeliveryState,
    notice::{Notice, Waiting},
    store::{Db, notices},
    time::{HOUR_MS, MINUTE_MS},
};

use crate::world::{World, now, outside::Failing};

const JO: &str = "jo@team.example";

fn notice(world: &mut World, channel: Channel, to: &str) -> Notice {
    Notice {
        id: NoticeId::mint(&mut world.ctx),
        agent: None,
        kind: "handoff".into(),
        channel,
        to: to.into(),
        subject: Some("Maria waits".into()),
        text: "Maria waits for an answer.".into(),
        group: "handoff cnv_1".into(),
        due_at: world.ctx.now,
    }
}

fn put(world: &World, notice: &Notice) {
    world.db.run(&notices::add(&world.site.id, notice, world.ctx.now)).unwrap();
}

fn found(world: &World, notice: &Notice) -> Waiting {
    now(shared::flow::notices::load_notice(&world.db, &notice.id)).unwrap().unwrap()
}

#[test]
fn a_mail_to_the_team_goes_out_once_and_an_answer_to_it_reaches_no_conversation() {
    let mut world = World::with_knowledge(1, &["hours.md"]);
    let notice = notice(&mut world, Channel::Email, JO);
    put(&world, &notice);
    world.sweep();
    world.sweep();
    let mails = world.sandbox(JO);
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].subject.as_deref(), mails[0].text.trim()),
        (Some("Maria waits"), "Maria waits for an answer.")
    );
    let raw = mails[0].raw.clone().unwrap();
    let mailbox = world.endpoint(Channel::Email).address;
    let reply_to = raw.lines().find(|line| line.starts_with("Reply-To:")).unwrap();
    assert!(reply_to.contains(&format!("<{mailbox}>")), "{reply_to}");
    assert!(raw.contains("Auto-Submitted: auto-generated"), "{raw}");
    assert_eq!(found(&world, &notice).state, DeliveryState::Sent);
}

#[test]
fn a_text_to_the_team_goes_out_by_the_sites_number() {
    let mut world = World::with_knowledge(2, &["hours.md"]);
    let notice = notice(&mut world, Channel::Sms, "+14155550199");
    put(&world, &notice);
    world.sweep();
    let texts = world.sandbox("+14155550199");
    assert_eq!((texts.len(), &texts[0].sender), (1, &world.endpoint(Channel::Sms).address));
}

#[test]
fn what_is_withdrawn_or_not_due_yet_is_not_sent() {
    let mut world = World::with_knowledge(3, &["hours.md"]);
    let mut later = notice(&mut world, Channel::Email, JO);
    later.due_at = world.ctx.now.plus_ms(HOUR_MS);
    put(&world, &later);
    world.sweep();
    assert_eq!(world.sandbox(JO).len(), 0, "not due");
    world.db.run(&notices::withdraw(&world.site.id, "handoff cnv_2", "answered")).unwrap();
    assert_eq!(found(&world, &later).state, DeliveryState::Pending, "another group");
    world.db.run(&notices::withdraw(&world.site.id, "handoff cnv_1", "answered")).unwrap();
    world.advance(2 * HOUR_MS);
    assert_eq!(world.sandbox(JO).len(), 0, "withdrawn");
    let found = found(&world, &later);
    assert_eq!((found.state, found.reason.as_deref()), (DeliveryState::Cancelled, Some("answered")));
}

#[test]
fn nobody_who_is_not_of_the_team_any_more_is_told_anything() {
    let mut world = World::with_knowledge(4, &["hours.md"]);
    let gone =
        Notice { agent: Some(AgentId::mint(&mut world.ctx)), ..notice(&mut world, Channel::Email, JO) };
    put(&world, &gone);
    world.sweep();
    assert_eq!(world.sandbox(JO).len(), 0);
    let found = found(&world, &gone);
    assert_eq!((found.state, found.reason.as_deref()), (DeliveryState::Cancelled, Some("removed")));
}

#[test]
fn what_fails_on_the_way_is_tried_again_and_what_is_refused_is_wedged() {
    let mut world = World::with_knowledge(5, &["hours.md"]);
    let first = notice(&mut world, Channel::Email, JO);
    world.outside.failures.borrow_mut().extend([Failing::Unreachable, Failing::LostAfter]);
    put(&world, &first);
    world.sweep();
    world.advance(5 * MINUTE_MS);
    assert_eq!(world.sandbox(JO).len(), 1, "sent again under the same key");
    assert_eq!((found(&world, &first).state, found(&world, &first).attempt), (DeliveryState::Sent, 3));
    let second = notice(&mut world, Channel::Email, JO);
    world.outside.failures.borrow_mut().push_back(Failing::Refused("E_BAD"));
    put(&world, &second);
    world.sweep();
    assert_eq!(found(&world, &second).state, DeliveryState::Wedged);
}

#[test]
fn a_claim_whose_holder_never_came_back_is_taken_up_by_the_sweep() {
    let mut world = World::with_knowledge(6, &["hours.md"]);
    let notice = notice(&mut world, Channel::Email, JO);
    put(&world, &notice);
    let until = world.ctx.now.plus_ms(MINUTE_MS);
    now(world.db.batch(&notices::claim(&world.site.id, &notice.id, "lost", until, world.ctx.now))).unwrap();
    world.sweep();
    assert_eq!(world.sandbox(JO).len(), 0, "somebody is at it");
    world.advance(2 * MINUTE_MS);
    assert_eq!(world.sandbox(JO).len(), 1);
    let left = now(shared::flow::sweep::sweep(&world.db, &world.ctx)).unwrap();
    assert_eq!(left, [], "nothing is left to heal");
}
