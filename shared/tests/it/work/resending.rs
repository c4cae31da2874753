//! What could not be delivered is told with its cause, and goes another way by one act.

use shared::{
    api::list::{Failures, View},
    channel::Channel,
    command::{ResendWish, WorkAct},
    flow::{FlowError, work::resend},
    time::MINUTE_MS,
    wire::Speaker,
};

use super::{ANN, JUN, LOPEZ, MARIA, does, names, refused, texted};
use crate::world::{World, now, outside::Failing, phone};

const MAILBOX: &str = "maria@example.com";

fn failures(world: &World) -> Failures {
    now(resend::load_failures(world.scope(), &world.ctx, JUN, None, 20)).unwrap()
}

fn resends(world: &mut World, of: &str, by: &str, channel: Option<Channel>) -> Result<(), FlowError> {
    let (contact, mut ctx) = (world.contact(&phone(of)).unwrap(), world.ctx.clone());
    let handled =
        now(resend::resend(world.scope(), &mut ctx, &contact, ResendWish { by: by.into(), channel }));
    world.ctx = ctx;
    world.note(handled?.effects);
    world.settle();
    Ok(())
}

/// A text to somebody that their carrier refuses.
fn failed(seed: u64, number: &str) -> World {
    let mut world = texted(seed, &[(number, "Hello")]);
    world.outside.failures.borrow_mut().push_back(Failing::Refused("30003"));
    world.texts(number, "How much is a full service?");
    world.advance(MINUTE_MS);
    world
}

#[test]
fn it_goes_by_the_next_best_way_in_the_members_name_and_is_dealt_with() {
    let mut world = failed(771, MARIA);
    let failed = failures(&world).failures.remove(0);
    assert_eq!(
        (failed.channel, &*failed.reason, failed.name.as_deref()),
        (Channel::Sms, "30003", Some(LOPEZ))
    );
    assert!(failed.excerpt.contains("$140"), "{}", failed.excerpt);
    let way = failed.way.expect("her mailbox is open");
    assert_eq!((way.channel, failed.held), (Channel::Email, None));
    assert!(world.sandbox(MAILBOX).is_empty(), "looking sends nothing");
    resends(&mut world, MARIA, JUN, None).unwrap();
    let mails = world.sandbox(MAILBOX);
    assert!(mails.len() == 1 && mails[0].text.contains("$140"), "{mails:?}");
    let contact = world.contact(&phone(MARIA)).unwrap();
    let said = world.timeline(&contact).into_iter().rfind(|event| event.message().is_some()).unwrap();
    assert_eq!((said.speaker, said.channel), (Speaker::Agent(JUN.into()), Channel::Email));
    assert_eq!(names(&world, View::NotDelivered), Vec::<String>::new());
    assert_eq!(refused(resends(&mut world, MARIA, JUN, None)), "nothing_failed");
}

#[test]
fn where_no_way_is_open_it_says_why_and_stays_to_be_dealt_with() {
    let mut world = failed(772, ANN);
    let failed = failures(&world).failures.remove(0);
    assert!(failed.way.is_none() && failed.held.is_some_and(|held| held.contains("reachability.none")));
    assert_eq!(refused(resends(&mut world, ANN, JUN, None)), "held_back");
    assert_eq!(refused(resends(&mut world, ANN, "Nobody", None)), "unknown_member");
    assert_eq!(names(&world, View::NotDelivered), [ANN]);
    does(&mut world, &phone(ANN), JUN, WorkAct::DealtWith).unwrap();
    assert!(failures(&world).failures.is_empty());
}
