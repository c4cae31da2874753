//! The built worker in workerd, seen from outside: over sockets, HTTP and webhooks, with stand-ins for its providers.
//!
//! Tests share one worker and open a shop each; those that move the clock or kill the worker start their own. Nothing
//! here looks inside the worker except where a promise is about what is stored.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use e2e::{
    shop::{ORIGIN, Shop},
    visitor::{Door, Visitor},
    world::World,
};
use serde_json::{Value, json};
use shared::channel::Channel;

mod appointments;
mod chat;
mod conformance;
mod delivery;
mod door;
mod faults;
mod files;
mod forms;
mod limits;
mod logs;
mod mail;
mod malformed;
mod meta;
mod model;
mod optout;
mod presence;
mod proof;
mod refusals;
mod scenarios;
mod sequences;
mod story;
mod streams;
mod survival;
mod texts;
mod typing;
mod unsubscribe;
mod webhooks;

/// The world the tests share: started by the first that needs it, stopped by the last.
fn world() -> Arc<World> {
    static SHARED: Mutex<Weak<World>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let world = Arc::new(a_world_of_its_own());
        *shared = Arc::downgrade(&world);
        world
    })
}

fn a_world_of_its_own() -> World {
    World::start().unwrap_or_else(|error| panic!("{error}"))
}

/// The door of the shop's own page.
fn door(world: &World, shop: &Shop) -> Door {
    Door::of(world.edge(), shop.key(), ORIGIN)
}

/// A visitor over a socket.
fn visitor(world: &World, shop: &Shop) -> Visitor {
    Visitor::arrives(&door(world, shop))
}

/// The outbox rows of the shop's line on a channel, oldest first.
fn deliveries(world: &World, shop: &Shop, channel: Channel) -> Vec<Value> {
    world.host.query(
        "SELECT state, reason, attempt, provider_id FROM deliveries WHERE endpoint_id = ?1 ORDER BY id",
        &[json!(shop.endpoint(channel).id.as_str())],
    )
}
