//! The door of the inbox, as the twin is asked for it: signing in, the team, tokens and the log.

use e2e::native::{World, now, outside::Keys};
use shared::{
    api::{
        access::Asker,
        me::Role,
        scope::ApiScope,
        team::{AgentChange, Invitation, TokenWish},
    },
    audit::Act,
    flow::{
        Scope, agents, audit,
        door::{self, Door},
        sign_in, tokens,
    },
    store::{agents as stored, sites, sqlite::Sqlite},
    time::{DAY_MS, HOUR_MS},
};

const OWNER: &str = "wren@larkspur.example";
const KIM: &str = "kim@larkspur.example";

fn door(world: &World) -> Door<'_, Sqlite> {
    Door { db: &world.db, secrets: &Keys, public_url: "https://edge.example" }
}

/// Asks for a link by mail, and follows it.
fn signs_in(world: &mut World, email: &str) -> String {
    world.ctx.now = world.ctx.now.plus_ms(1_000);
    let mut ctx = world.ctx.clone();
    let email = now(sign_in::wish(door(world), &ctx, email, Some("203.0.113.7"))).expect("few wishes");
    let effects = now(sign_in::send_link(door(world), &mut ctx, &email)).expect("a link");
    world.ctx = ctx;
    world.note(effects);
    world.settle();
    let mail = world.sandbox(&email).into_iter().next().expect("a mail");
    let (_, rest) = mail.text.split_once("/inbox/in/").expect("a link");
    let token = rest.split_whitespace().next().expect("a token").to_owned();
    now(sign_in::look(door(world), &world.ctx, &token)).expect("a look").expect("a link that works");
    let mut ctx = world.ctx.clone();
    let cookie =
        now(sign_in::enter(door(world), &mut ctx, &token, None)).expect("a store").expect("a cookie");
    now(sign_in::enter(door(world), &mut ctx, &token, None)).expect("a store").expect_err("used");
    world.ctx = ctx;
    cookie
}

/// What people go through at the door.
pub(super) fn story(world: &mut World) {
    let cookie = signs_in(world, OWNER);
    let site = world.site.id.clone();
    let who = now(door::browser(door(world), &world.ctx, &cookie, Some(&site))).expect("a store");
    let owner = who.and_then(|who| who.agent).expect("the owner");
    let wish = Invitation { email: KIM.to_owned(), name: "Kim".to_owned(), role: Role::Agent };
    let text = |text: &str| text.to_owned();
    let act =
        Act { agent: text("Wren"), act: text("agent_invite"), subject: String::new(), detail: String::new() };
    let mut ctx = world.ctx.clone();
    let scope = Scope { act: Some(&act), ..world.scope() };
    let (kim, effects) =
        now(agents::invite(scope, &mut ctx, (&owner, "Wren"), &wish)).expect("an invitation");
    world.ctx = ctx;
    world.note(effects);
    world.settle();
    signs_in(world, KIM);
    let mut ctx = world.ctx.clone();
    let scope = Scope { act: Some(&act), ..world.scope() };
    let change = AgentChange { name: Some("Kim Rowan".to_owned()), role: Some(Role::Admin) };
    now(agents::change(scope, &mut ctx, &owner, &kim.id, &change)).expect("a change");
    let Asker::Agent { id, .. } = &owner else { panic!("{owner:?}") };
    // The database itself keeps an owner.
    let team = stored::decode(world.db.run(&stored::of_site(&site)).expect("a team")).expect("a team");
    let (_, mut last) = team.into_iter().find(|(_, agent)| agent.id == *id).expect("the owner");
    last.role = Role::Agent;
    assert!(world.db.run(&stored::change(&site, &last)).is_err(), "the last owner");
    now(agents::remove(scope, &mut ctx, &owner, &kim.id)).expect("a removal");
    let wish = TokenWish { name: "Shop".to_owned(), scopes: vec![ApiScope::ContactsRead] };
    let made = now(tokens::make(scope, &mut ctx, (&owner, "Wren"), wish)).expect("a token");
    now(door::program(door(world), &ctx, &made.secret)).expect("a store").expect("a program");
    ctx.now = ctx.now.plus_ms(2 * HOUR_MS);
    now(door::program(door(world), &ctx, &made.secret)).expect("a store").expect("a program");
    now(tokens::load_tokens(scope)).expect("tokens");
    now(tokens::end(scope, &mut ctx, &made.token.id)).expect("an end");
    now(audit::load_audit(scope, None)).expect("a log");
    now(sign_in::me(door(world), &mut ctx, OWNER)).expect("me");
    now(sites::load_site(&world.db, &site)).expect("a site");
    ctx.now = ctx.now.plus_ms(2 * DAY_MS);
    now(door::browser(door(world), &ctx, &cookie, None)).expect("a store").expect("a browser");
    now(sign_in::sign_out(door(world), Some(&cookie), Some(OWNER))).expect("a store");
}
